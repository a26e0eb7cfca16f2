//! Policies with the least that each kind of program needs, ready to be taken over.

use serde_json::{Value, json};

use crate::KclTable;

/// A kind of program.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ReadyPolicy {
    Producer,
    Kpl,
    Consumer,
    FanOutConsumer,
    Kcl,
    /// A KCL application of version 3, which has three tables.
    Kcl3,
    Lambda,
    Firehose,
    Agent,
}

/// What the policies speak of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PolicyPlace<'a> {
    pub region: &'a str,
    pub account: &'a str,
    pub stream: &'a str,
    /// Of a KCL application: also its table's name.
    pub application: &'a str,
    /// To which a Firehose stream delivers.
    pub bucket: &'a str,
}

impl ReadyPolicy {
    pub const ALL: [ReadyPolicy; 9] = [
        ReadyPolicy::Producer,
        ReadyPolicy::Kpl,
        ReadyPolicy::Consumer,
        ReadyPolicy::FanOutConsumer,
        ReadyPolicy::Kcl,
        ReadyPolicy::Kcl3,
        ReadyPolicy::Lambda,
        ReadyPolicy::Firehose,
        ReadyPolicy::Agent,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ReadyPolicy::Producer => "producer",
            ReadyPolicy::Kpl => "kpl",
            ReadyPolicy::Consumer => "consumer",
            ReadyPolicy::FanOutConsumer => "fan-out-consumer",
            ReadyPolicy::Kcl => "kcl",
            ReadyPolicy::Kcl3 => "kcl-3",
            ReadyPolicy::Lambda => "lambda",
            ReadyPolicy::Firehose => "firehose",
            ReadyPolicy::Agent => "agent",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<ReadyPolicy> {
        ReadyPolicy::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// The document.
    ///
    /// Documented: IAM permissions of a KCL application; permissions of Lambda, Firehose, the KPL and the agent in
    /// their guides. Lambda's managed policy also has ListStreams, which needs every resource.
    pub fn document(self, place: PolicyPlace<'_>) -> String {
        let PolicyPlace { region, account, stream, application, bucket } = place;
        let bucket = format!("arn:aws:s3:::{bucket}");
        let stream = format!("arn:aws:kinesis:{region}:{account}:stream/{stream}");
        let consumers = format!("{stream}/consumer/*");
        let table = format!("arn:aws:dynamodb:{region}:{account}:table/{application}");
        let kinesis = |actions: &[&str]| allow("kinesis:", actions, json!(stream));
        let metrics = allow("cloudwatch:", &["PutMetricData"], json!("*"));
        let statements = match self {
            ReadyPolicy::Producer => vec![kinesis(&["PutRecord", "PutRecords"])],
            ReadyPolicy::Kpl => vec![kinesis(&["PutRecord", "PutRecords", "ListShards"]), metrics],
            ReadyPolicy::Consumer => {
                vec![kinesis(&["DescribeStreamSummary", "ListShards", "GetShardIterator", "GetRecords"])]
            }
            ReadyPolicy::FanOutConsumer => vec![
                kinesis(&[
                    "DescribeStreamSummary",
                    "ListShards",
                    "RegisterStreamConsumer",
                    "DescribeStreamConsumer",
                ]),
                allow("kinesis:", &["DescribeStreamConsumer", "SubscribeToShard"], json!(consumers)),
            ],
            ReadyPolicy::Kcl => kcl(&stream, &table, metrics),
            ReadyPolicy::Kcl3 => {
                let more = [KclTable::WorkerMetricStats, KclTable::CoordinatorState].map(|table| {
                    format!("arn:aws:dynamodb:{region}:{account}:table/{}", table.name(application))
                });
                let mut statements = kcl(&stream, &table, metrics);
                statements.insert(3, allow("dynamodb:", &ITEMS, json!(more)));
                statements
            }
            ReadyPolicy::Lambda => vec![
                kinesis(&[
                    "DescribeStream",
                    "DescribeStreamSummary",
                    "ListShards",
                    "GetShardIterator",
                    "GetRecords",
                ]),
                allow("kinesis:", &["SubscribeToShard"], json!(consumers)),
                allow("logs:", &["CreateLogGroup", "CreateLogStream", "PutLogEvents"], json!("*")),
            ],
            ReadyPolicy::Firehose => vec![
                kinesis(&["DescribeStream", "ListShards", "GetShardIterator", "GetRecords"]),
                allow(
                    "s3:",
                    &[
                        "AbortMultipartUpload",
                        "GetBucketLocation",
                        "GetObject",
                        "ListBucket",
                        "ListBucketMultipartUploads",
                        "PutObject",
                    ],
                    json!([bucket, format!("{bucket}/*")]),
                ),
            ],
            ReadyPolicy::Agent => vec![kinesis(&["PutRecords"]), metrics],
        };
        format!("{:#}", json!({"Version": "2012-10-17", "Statement": statements}))
    }
}

/// What a KCL application does with each of its tables.
const ITEMS: [&str; 7] =
    ["CreateTable", "DescribeTable", "Scan", "GetItem", "PutItem", "UpdateItem", "DeleteItem"];

/// What all versions of the KCL are documented to need.
fn kcl(stream: &str, table: &str, metrics: Value) -> Vec<Value> {
    let reading = [
        "DescribeStream",
        "DescribeStreamSummary",
        "RegisterStreamConsumer",
        "ListShards",
        "GetShardIterator",
        "GetRecords",
    ];
    let table_actions = [
        "CreateTable",
        "DescribeTable",
        "UpdateTable",
        "Scan",
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
    ];
    vec![
        allow("kinesis:", &reading, json!(stream)),
        allow(
            "kinesis:",
            &["SubscribeToShard", "DescribeStreamConsumer"],
            json!(format!("{stream}/consumer/*")),
        ),
        allow("dynamodb:", &table_actions, json!(table)),
        allow("dynamodb:", &["Query"], json!(format!("{table}/index/*"))),
        metrics,
    ]
}

fn allow(service: &str, actions: &[&str], resource: Value) -> Value {
    let actions: Vec<String> = actions.iter().map(|action| format!("{service}{action}")).collect();
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

#[cfg(test)]
mod tests {
    use kinesis::Policy;

    use super::*;

    #[test]
    fn every_ready_policy_is_one_and_names_no_more_than_it_must() {
        let place = PolicyPlace {
            region: "us-east-1",
            account: "1",
            stream: "orders",
            application: "billing",
            bucket: "lake",
        };
        for kind in ReadyPolicy::ALL {
            let document = kind.document(place);
            let policy = Policy::of_identity(&document).unwrap_or_else(|error| panic!("{document}: {error}"));
            assert_eq!(ReadyPolicy::parse(kind.name()), Some(kind));
            assert!(!document.contains("kinesis:*") && !document.contains("\"*:*\""), "{document}");
            // Consumers and indexes have names that are not known beforehand; logs too.
            assert!(policy.wildcard_count() <= 2, "{}: {}", kind.name(), policy.wildcard_count());
        }
        assert_eq!(Policy::administrator_access().wildcard_count(), 2);
    }
}
