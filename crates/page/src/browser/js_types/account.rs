//! Metrics and alarms, the trail, the bill.

use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A metric of which CloudWatch has points. */
export interface Metric {
  /** "AWS/Kinesis", "AWS/Lambda", "AWS/Firehose", "KinesisProducerLibrary"; a KCL application's own name. */
  namespace: string;
  name: string;
  dimensions: Record<string, string>;
  unit: "Count" | "Bytes" | "Milliseconds" | "Seconds";
}

/** Which points of a metric are wanted. */
export interface MetricQuery {
  namespace: string;
  name: string;
  dimensions?: Record<string, string>;
  /** Default: all that there is, until now. */
  fromMs?: number;
  toMs?: number;
  /** Minutes of a point: 1 (the default) to 1440. */
  periodMinutes?: number;
}

/** What was measured in one period. */
export interface MetricPoint {
  /** The beginning of the period. */
  timestampMs: number;
  sampleCount: number;
  sum: number;
  minimum: number;
  maximum: number;
  average: number;
}

export interface AlarmView {
  name: string;
  state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  /** When the state last changed. */
  sinceMs: number;
  reason: string;
  namespace: string;
  metric: string;
  statistic: "Sum" | "Average" | "Minimum" | "Maximum" | "SampleCount";
  comparison:
    | "GreaterThanOrEqualToThreshold"
    | "GreaterThanThreshold"
    | "LessThanThreshold"
    | "LessThanOrEqualToThreshold";
  threshold: number;
}

/** Which events of CloudTrail are wanted; what is absent admits everything. */
export interface TrailQuery {
  eventName?: string;
  /** Name or ARN of a stream. */
  resourceName?: string;
  username?: string;
  fromMs?: number;
  toMs?: number;
  /** Default "Management". */
  category?: "Management" | "Data";
}

/** A record of CloudTrail, with the fields that it has in a log file. */
export interface TrailEvent {
  eventVersion: string;
  userIdentity: { type: string; arn: string; accountId: string; userName?: string };
  eventTime: string;
  eventSource: string;
  eventName: string;
  awsRegion: string;
  errorCode?: string;
  errorMessage?: string;
  requestParameters: Record<string, unknown> | null;
  responseElements: Record<string, unknown> | null;
  eventID: string;
  readOnly: boolean;
  managementEvent: boolean;
  eventCategory: "Management" | "Data";
  vpcEndpointId?: string;
}

/** What the account's streams cost, in US dollars. */
export interface Bill {
  /** Since the beginning. */
  dollars: number;
  /** A month of 730 hours, if everything stays as it is. */
  monthDollars: number;
  lines: BillLine[];
  streams: StreamBill[];
  /** The last change of what is paid by the hour. */
  lastChange: { atMs: number; stream: string; monthBeforeDollars: number; monthAfterDollars: number } | null;
}

export interface BillLine {
  /** "Shard hours". */
  name: string;
  /** In what the price is for: hours, units, GB, GB-months. */
  quantity: number;
  dollars: number;
}

export interface StreamBill {
  stream: string;
  mode: "PROVISIONED" | "ON_DEMAND";
  dollars: number;
  monthDollars: number;
  month: BillLine[];
  /** The same traffic in the two capacity modes. */
  monthProvisionedDollars: number;
  provisionedShards: number;
  monthOnDemandDollars: number;
}
"#;
