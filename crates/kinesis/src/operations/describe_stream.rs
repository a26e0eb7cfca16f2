//! DescribeStream: everything about a stream, its shards page by page.

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, EncryptionType, HashKeyRange, Operation, Response, Seconds, SequenceNumber,
    Service, ShardId, ShardLevelMetric, StreamMode, StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeStreamInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_start_shard_id: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeStreamOutput {
    pub stream_description: StreamDescription,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamDescription {
    pub stream_name: String,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
    pub stream_status: StreamStatus,
    pub stream_mode_details: StreamMode,
    pub shards: Vec<ShardDescription>,
    pub has_more_shards: bool,
    pub retention_period_hours: u32,
    pub stream_creation_timestamp: Seconds,
    pub enhanced_monitoring: Vec<EnhancedMetrics>,
    pub encryption_type: EncryptionType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
}

/// A shard as the API shows it.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ShardDescription {
    pub shard_id: ShardId,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_shard_id: Option<ShardId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjacent_parent_shard_id: Option<ShardId>,
    pub hash_key_range: HashKeyRange,
    pub sequence_number_range: SequenceNumberRange,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SequenceNumberRange {
    pub starting_sequence_number: SequenceNumber,
    /// Present once the shard is closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ending_sequence_number: Option<SequenceNumber>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EnhancedMetrics {
    pub shard_level_metrics: Vec<ShardLevelMetric>,
}

/// Shards in one answer, whatever a greater `Limit` asks for.
const SHARDS_PER_PAGE: i64 = 100;

pub(crate) fn describe_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DescribeStreamInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.range(input.limit, "limit", 1, 10_000);
    violations.name(&input.exclusive_start_shard_id, "exclusiveStartShardId");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::DescribeStream,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let after = match &input.exclusive_start_shard_id {
        None => None,
        Some(text) => Some(
            ShardId::parse(text)
                .ok_or_else(|| ApiError::could_not_find_shard(text, &stream.name, &service.account))?,
        ),
    };
    let page = input.limit.unwrap_or(SHARDS_PER_PAGE).min(SHARDS_PER_PAGE) as usize;
    let mut shards = stream.listed_shards().filter(|shard| after.is_none_or(|after| shard.id > after));
    let listed: Vec<ShardDescription> = shards.by_ref().take(page).map(|shard| shard.describe()).collect();
    Ok(Response::DescribeStream(DescribeStreamOutput {
        stream_description: StreamDescription {
            stream_name: stream.name.to_string(),
            stream_arn: stream.arn(&service.region, &service.account),
            stream_status: stream.status,
            stream_mode_details: stream.mode,
            shards: listed,
            has_more_shards: shards.next().is_some(),
            retention_period_hours: stream.retention_hours,
            stream_creation_timestamp: Seconds(stream.created),
            enhanced_monitoring: stream.enhanced_monitoring(),
            encryption_type: stream.encryption_type(),
            key_id: stream.key_id(),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{DeleteStreamInput, LimitsProfile};

    fn describe() -> DescribeStreamInput {
        DescribeStreamInput { stream_name: text("orders"), ..Default::default() }
    }

    fn page(lab: &mut Lab, request: DescribeStreamInput) -> (Vec<u32>, bool) {
        let Response::DescribeStream(output) = lab.accepts(request) else {
            panic!("an answer of its own kind")
        };
        let description = output.stream_description;
        (description.shards.iter().map(|shard| shard.shard_id.0).collect(), description.has_more_shards)
    }

    #[test]
    fn a_stream_prints_as_in_the_service_model() {
        let printed = Lab::with_shards(2).prints(describe()).replace("},{", "},\n{");
        expect_test::expect![[r#"
            {"StreamDescription":{"StreamName":"orders","StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders","StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},"Shards":[{"ShardId":"shardId-000000000000","HashKeyRange":{"StartingHashKey":"0","EndingHashKey":"170141183460469231731687303715884105727"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424472731169861061894383142885425265240724400504834"}},
            {"ShardId":"shardId-000000000001","HashKeyRange":{"StartingHashKey":"170141183460469231731687303715884105728","EndingHashKey":"340282366920938463463374607431768211455"},"SequenceNumberRange":{"StartingSequenceNumber":"49670424472753470606260425006284421143537889085906485266"}}],"HasMoreShards":false,"RetentionPeriodHours":24,"StreamCreationTimestamp":1767225600.0,"EnhancedMonitoring":[{"ShardLevelMetrics":[]}],"EncryptionType":"NONE"}}"#]]
        .assert_eq(&printed);
    }

    #[test]
    fn a_stream_that_is_being_created_has_no_shards_yet() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 3));
        let description = lab.describe();
        assert_eq!((description.stream_status, description.shards.len()), (StreamStatus::Creating, 0));
        lab.wait(SECOND.times(20));
        let description = lab.describe();
        assert_eq!((description.stream_status, description.shards.len()), (StreamStatus::Active, 3));
    }

    #[test]
    fn the_last_microsecond_of_the_creation_is_still_creating() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 3));
        lab.wait(crate::Duration::from_micros(19_999_999));
        assert_eq!(lab.describe().stream_status, StreamStatus::Creating);
    }

    #[test]
    fn a_stream_that_is_being_updated_shows_the_old_shards() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(split(0, 2));
        let description = lab.describe();
        assert_eq!((description.stream_status, description.shards.len()), (StreamStatus::Updating, 1));
        assert_eq!(description.shards[0].sequence_number_range.ending_sequence_number, None);
    }

    #[test]
    fn a_stream_that_is_being_deleted_is_described_until_it_is_gone() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(lab.describe().stream_status, StreamStatus::Deleting);
        lab.wait(SECOND.times(20));
        assert_eq!(
            lab.refusal(describe()),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }

    #[test]
    fn a_page_holds_a_hundred_shards_at_most() {
        let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 250);
        let after = |id: &str| DescribeStreamInput {
            exclusive_start_shard_id: text(id),
            limit: Some(10_000),
            ..describe()
        };
        assert_eq!(page(&mut lab, describe()), ((0..100).collect(), true));
        assert_eq!(page(&mut lab, after("shardId-000000000099")), ((100..200).collect(), true));
        assert_eq!(page(&mut lab, after("shardId-000000000199")), ((200..250).collect(), false));
        assert_eq!(page(&mut lab, after("shardId-000000000249")), (vec![], false));
    }

    #[test]
    fn a_hundred_shards_fit_one_page() {
        let mut lab = Lab::with_shards(100);
        assert_eq!(page(&mut lab, describe()), ((0..100).collect(), false));
    }

    #[test]
    fn a_limit_makes_pages_smaller() {
        let mut lab = Lab::with_shards(3);
        assert_eq!(page(&mut lab, DescribeStreamInput { limit: Some(2), ..describe() }), (vec![0, 1], true));
        assert_eq!(
            page(&mut lab, DescribeStreamInput { limit: Some(3), ..describe() }),
            (vec![0, 1, 2], false)
        );
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        let request = DescribeStreamInput {
            limit: Some(10_001),
            exclusive_start_shard_id: text(&"x".repeat(129)),
            ..describe()
        };
        assert_eq!(
            Lab::with_shards(1).refusal(request).replace(&"x".repeat(129), "ID"),
            "ValidationException: 2 validation errors detected: Value '10001' at 'limit' failed to satisfy constraint: \
             Member must have value less than or equal to 10000; Value 'ID' at 'exclusiveStartShardId' failed to \
             satisfy constraint: Member must have length less than or equal to 128"
        );
    }

    #[test]
    fn a_text_that_names_no_shard_is_not_found() {
        for id in ["first", "shardId-2147483648", "shardId-"] {
            assert_eq!(
                Lab::with_shards(1)
                    .refusal(DescribeStreamInput { exclusive_start_shard_id: text(id), ..describe() }),
                format!(
                    "ResourceNotFoundException: Could not find shard {id} in stream orders under account \
                     123456789012."
                )
            );
        }
    }

    #[test]
    fn an_unknown_stream_is_not_found() {
        assert_eq!(
            Lab::empty().refusal(describe()),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }
}
