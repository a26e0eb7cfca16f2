//! UpdateStreamRecordDistributionStrategy: whether keys or the service decide on the shard of a record.

use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, RecordDistribution, Response, Service, StreamSetting};

input!(UpdateStreamRecordDistributionStrategyInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    record_distribution_strategy: String,
});

/// Documented: for on-demand streams, at once, for records that arrive from now on.
/// Assumed: a provisioned stream refuses USER_PARTITION_KEY as it refuses AUTO.
pub(crate) fn update_stream_record_distribution_strategy(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateStreamRecordDistributionStrategyInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_arn, "streamARN");
    violations.stream_arn(&input.stream_arn);
    violations.required(&input.record_distribution_strategy, "recordDistributionStrategy");
    violations.record_distribution(&input.record_distribution_strategy);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::UpdateStreamRecordDistributionStrategy,
        Target::Stream(None, input.stream_arn.as_deref()),
    )?;
    let account = service.account.clone();
    let stream = service.find_mut(None, input.stream_arn.as_deref())?;
    stream.must_be_active(&account)?;
    stream.must_allow_distribution(&account)?;
    let asked = input.record_distribution_strategy.as_deref().and_then(RecordDistribution::parse);
    stream.distribution = asked.unwrap_or(stream.distribution);
    let setting = StreamSetting::RecordDistribution;
    facts.push(Fact::SettingChanged { stream: stream.name.clone(), setting });
    Ok(Response::UpdateStreamRecordDistributionStrategy(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{CreateStreamInput, DescribeStreamSummaryInput, PutRecordInput, ShardId};

    fn to(strategy: &str) -> UpdateStreamRecordDistributionStrategyInput {
        UpdateStreamRecordDistributionStrategyInput {
            stream_arn: text(ARN),
            record_distribution_strategy: text(strategy),
        }
    }

    fn with_strategy(strategy: Option<&str>) -> Lab {
        let mut lab = Lab::empty();
        lab.accepts(CreateStreamInput {
            stream_name: text("orders"),
            record_distribution_strategy: strategy.map(str::to_owned),
            ..Default::default()
        });
        lab.wait(SECOND.times(20));
        lab
    }

    #[test]
    fn records_are_spread_evenly_whatever_their_keys_say() {
        let mut lab = with_strategy(Some("AUTO"));
        let same_key = PutRecordInput { explicit_hash_key: text("0"), ..put("k", "x") };
        let shards: Vec<ShardId> = (0..8).map(|_| lab.put(same_key.clone()).shard_id).collect();
        assert_eq!(shards, [0, 1, 2, 3, 0, 1, 2, 3].map(ShardId));
        let entries = (0..4).map(|_| entry("k", 1)).collect();
        assert_eq!(lab.put_many(batch(entries)).failed_record_count, 0);
        for shard in 0..4 {
            assert_eq!(lab.keys_in(shard).len(), 3, "shard {shard}");
        }
    }

    #[test]
    fn keys_may_be_left_away_and_come_back_as_nothing() {
        let mut lab = with_strategy(Some("AUTO"));
        let shard = lab.put(PutRecordInput { partition_key: None, ..put("", "x") }).shard_id.0;
        let iterator = lab.iterator(shard, crate::ShardIteratorType::TrimHorizon);
        let printed = lab.prints(page_at(&iterator));
        assert!(printed.contains(r#""Data":"eA=="}"#), "{printed}");
        lab.accepts(to("USER_PARTITION_KEY"));
        assert_eq!(
            lab.refusal(PutRecordInput { partition_key: None, ..put("", "x") }),
            "ValidationException: 1 validation error detected: Value null at 'partitionKey' failed to satisfy \
             constraint: Member must not be null"
        );
    }

    #[test]
    fn the_change_is_made_at_once_and_shown() {
        let mut lab = with_strategy(None);
        assert_eq!(lab.prints(to("AUTO")), "null");
        let summary = DescribeStreamSummaryInput { stream_name: text("orders"), ..Default::default() };
        let printed = lab.prints(summary);
        assert!(printed.contains(r#""RecordDistributionStrategy":"AUTO""#), "{printed}");
    }

    #[test]
    fn a_provisioned_stream_is_distributed_by_its_keys() {
        let said = "InvalidArgumentException: RecordDistributionStrategy is supported for streams in On-Demand mode \
                    only. Stream orders under account 123456789012 is in Provisioned mode.";
        assert_eq!(Lab::with_shards(1).refusal(to("AUTO")), said);
        let request = CreateStreamInput { record_distribution_strategy: text("AUTO"), ..create("orders", 1) };
        assert_eq!(Lab::empty().refusal(request), said);
    }

    #[test]
    fn other_strategies_are_refused() {
        assert_eq!(
            Lab::with_shards(1).refusal(to("RANDOM")),
            "ValidationException: 1 validation error detected: Value 'RANDOM' at 'recordDistributionStrategy' failed to \
             satisfy constraint: Member must satisfy enum value set: [AUTO, USER_PARTITION_KEY]"
        );
    }
}
