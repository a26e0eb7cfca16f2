// What a TypeScript user writes to ask an account for its metrics, its trail and its bill.

import { Sandbox, type MetricPoint, type TrailEvent } from "kinesis_sandbox";

const sandbox = new Sandbox();
const points: MetricPoint[] = sandbox.metrics().flatMap(({ namespace, name, dimensions }) =>
  sandbox.metric({ namespace, name, dimensions, periodMinutes: 5 }),
);
const events: TrailEvent[] = sandbox.trail({ eventName: "DeleteStream", category: "Management" });
const names: string[] = events.map(({ userIdentity }) => userIdentity.arn);
const { dollars, streams } = sandbox.cost();
const month: number = streams.reduce((sum, { monthDollars }) => sum + monthDollars, 0);
console.log(points.length, names, dollars, month, sandbox.alarms().map(({ state }) => state));
