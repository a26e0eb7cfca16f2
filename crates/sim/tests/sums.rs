//! Metrics, bill and trail are folds over what happened: over random worlds with every kind of neighbour their sums are
//! those of the facts.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use std::collections::BTreeMap;

use kinesis::{Fact as ServiceFact, Instant, PutRecordInput};
use proptest::prelude::*;
use sim::*;
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

/// What the facts say, under the names of metrics.
#[derive(Default)]
struct Sums {
    metrics: BTreeMap<&'static str, u64>,
    /// Calls by operation and error.
    calls: BTreeMap<(String, Option<String>), usize>,
    payload_units: u64,
    seen: u64,
}

impl Sums {
    fn add(&mut self, name: &'static str, value: u64) {
        *self.metrics.entry(name).or_default() += value;
    }

    /// Adds the facts that are new.
    fn look(&mut self, sandbox: &Sandbox, size: u64) {
        for stamped in sandbox.world().facts_since(self.seen) {
            if let Fact::Service(ServiceFact::RecordsAppended { count, bytes, .. }) = &stamped.fact {
                self.add("IncomingRecords", u64::from(*count));
                self.add("IncomingBytes", *bytes);
                self.payload_units += u64::from(*count) * size.div_ceil(25 * 1_024);
            } else if let Fact::Service(ServiceFact::RecordsRead { count, bytes, .. }) = &stamped.fact {
                self.add("GetRecords.Records", u64::from(*count));
                self.add("GetRecords.Bytes", *bytes);
            } else if let Fact::Service(ServiceFact::WriteThrottled { count, .. }) = &stamped.fact {
                self.add("WriteProvisionedThroughputExceeded", u64::from(*count));
            } else if let Fact::Service(ServiceFact::ReadThrottled { .. }) = &stamped.fact {
                self.add("ReadProvisionedThroughputExceeded", 1);
            } else if let Fact::FunctionInvoked { end, .. } = &stamped.fact {
                let has_run = !matches!(end, InvocationEnd::Throttled | InvocationEnd::FunctionNotFound);
                self.add("Invocations", u64::from(has_run));
                self.add("Errors", u64::from(matches!(end, InvocationEnd::Threw | InvocationEnd::TimedOut)));
                self.add("Throttles", u64::from(*end == InvocationEnd::Throttled));
            } else if let Fact::RecordsDelivered { count, bytes, .. } = &stamped.fact {
                self.add("DeliveryToS3.Records", u64::from(*count));
                self.add("DeliveryToS3.Bytes", *bytes);
                self.add("DeliveryToS3.Success", 1);
            } else if let Fact::CallAnswered { operation, error, .. } = &stamped.fact {
                let key = (operation.name().to_owned(), error.map(|code| trail_name(code.name())));
                *self.calls.entry(key).or_default() += 1;
            }
        }
        self.seen = sandbox.world().fact_count();
    }
}

/// Observed: CloudTrail writes the code of a denial without its ending.
fn trail_name(code: &str) -> String {
    if code == "AccessDeniedException" { "AccessDenied".to_owned() } else { code.to_owned() }
}

fn measured(sandbox: &Sandbox, name: &str) -> u64 {
    let (namespace, dimension) = match name {
        "Invocations" | "Errors" | "Throttles" => ("AWS/Lambda", ("FunctionName", "worker")),
        name if name.starts_with("DeliveryToS3") => ("AWS/Firehose", ("DeliveryStreamName", "clicks")),
        _ => ("AWS/Kinesis", ("StreamName", "orders")),
    };
    let metric = MetricName::new(namespace, name, &[dimension]);
    let points = sandbox.world().metric_statistics(&metric, Instant::default(), sandbox.now(), 1);
    points.iter().map(|point| point.sum).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn metrics_bill_and_trail_of_a_whole_account_agree_with_the_facts(
        seed in 1_u64..1_000,
        rate in 1_u32..40,
        size in 1_u32..60_000,
        is_batch in any::<bool>(),
        is_kpl in any::<bool>(),
        shards in 1_i64..3,
        span in 20_u64..60,
        fails_every in 0_u32..4,
        concurrency in proptest::option::of(0_u32..2),
        has_bucket in any::<bool>(),
        fan_out in any::<bool>(),
        strangers in 0_usize..4,
    ) {
        // Calls that are refused are made again at once: few enough that the trail keeps them all.
        let (rate, span) = if is_batch && !is_kpl { (rate, span) } else { (rate.min(20), span.min(30)) };
        let mut sandbox = Sandbox::new(SandboxOptions { seed, ..Default::default() });
        give(&mut sandbox, Command::Account(AccountCommand::SetDataEvents(DataEvents::All)));
        give(&mut sandbox, create_stream("orders", shards));
        seconds(&mut sandbox, 20);
        if has_bucket {
            give(&mut sandbox, Command::S3(S3Command::CreateBucket { bucket: "lake".into() }));
        }
        let function = FunctionSpec { fails_every, concurrency, ..FunctionSpec::new("worker") };
        give(&mut sandbox, LambdaCommand::CreateFunction(function).into());
        let map = MappingSpec::new("worker", ARN, StartingPosition::TrimHorizon);
        give(&mut sandbox, LambdaCommand::CreateEventSourceMapping(map).into());
        let delivery = DeliveryStreamSpec { interval_in_seconds: 10, ..DeliveryStreamSpec::new("clicks", ARN, "lake") };
        give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(delivery).into());
        let retrieval = if fan_out { RetrievalMode::FanOut } else { RetrievalMode::Polling };
        give(&mut sandbox, Command::StartApplication(ApplicationSpec { retrieval, ..application(1) }));
        if is_kpl {
            let mut spec = KplSpec { rate, size, ..KplSpec::new("web", "orders") };
            // A unit is counted for each record.
            spec.config.aggregation_enabled = false;
            give(&mut sandbox, Command::StartKpl(spec));
        } else {
            let call = if is_batch { PutCall::Batch } else { PutCall::Single };
            let retry = RetryPolicy::Immediate;
            give(&mut sandbox, Command::StartProducer(ProducerSpec { size, call, retry, ..producer(rate) }));
        }
        // Somebody who may not.
        for _ in 0..strangers {
            let input = PutRecordInput {
                stream_name: Some("orders".into()),
                partition_key: Some("k".into()),
                data: Some("x".into()),
                ..Default::default()
            };
            let caller = CallerSpec { principal: Some("mallory".into()), is_through_endpoint: false };
            give(&mut sandbox, Command::CallAs { caller, request: input.into() });
        }
        let mut sums = Sums::default();
        for _ in 0..span {
            seconds(&mut sandbox, 1);
            sums.look(&sandbox, u64::from(size));
        }
        // The bill knows at once what was moved.
        let units = sandbox.world().bill().lines.iter()
            .find(|line| line.line == PriceLine::PutPayloadUnits)
            .map_or(0, |line| line.quantity_milli / 1_000);
        prop_assert_eq!(units, u128::from(sums.payload_units));
        // Everything ends; then all metrics and events come to be seen.
        let uuid = view(&sandbox).mappings[0].uuid.clone();
        match is_kpl {
            true => give(&mut sandbox, Command::StopKpl { name: "web".into() }),
            false => give(&mut sandbox, Command::StopProducer { name: "web".into() }),
        };
        give(&mut sandbox, LambdaCommand::DeleteEventSourceMapping { uuid }.into());
        give(&mut sandbox, FirehoseCommand::DeleteDeliveryStream { name: "clicks".into() }.into());
        act(&mut sandbox, "w1", WorkerAction::Crash);
        for _ in 0..60 {
            seconds(&mut sandbox, 1);
            sums.look(&sandbox, u64::from(size));
        }
        seconds(&mut sandbox, 330);
        sums.look(&sandbox, u64::from(size));
        for (name, sum) in &sums.metrics {
            prop_assert_eq!(measured(&sandbox, name), *sum, "{}", name);
        }
        prop_assert!(sums.metrics["IncomingRecords"] > 0);
        let world = sandbox.world();
        let mut trail: BTreeMap<(String, Option<String>), usize> = BTreeMap::new();
        let events = world.trail_events(&TrailQuery::default()).into_iter().chain(world.trail_data_events());
        for event in events {
            let error = event.error.as_ref().map(|(code, _)| (*code).to_owned());
            *trail.entry((event.operation.name().to_owned(), error)).or_default() += 1;
        }
        prop_assert_eq!(trail, sums.calls);
    }
}
