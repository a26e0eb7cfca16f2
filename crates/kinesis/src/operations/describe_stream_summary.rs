//! DescribeStreamSummary: a stream without its shards.

use serde::{Deserialize, Serialize};

use crate::operations::{EnhancedMetrics, WarmThroughput};
use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, EncryptionType, LimitsProfile, Operation, RecordDistribution, Response, Seconds,
    Service, StreamMode, StreamStatus,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DescribeStreamSummaryInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeStreamSummaryOutput {
    pub stream_description_summary: StreamDescriptionSummary,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamDescriptionSummary {
    pub stream_name: String,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
    pub stream_status: StreamStatus,
    pub stream_mode_details: StreamMode,
    pub retention_period_hours: u32,
    pub stream_creation_timestamp: Seconds,
    pub enhanced_monitoring: Vec<EnhancedMetrics>,
    pub encryption_type: EncryptionType,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<String>,
    pub open_shard_count: u32,
    pub consumer_count: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput: Option<WarmThroughput>,
    #[serde(rename = "MaxRecordSizeInKiB", skip_serializing_if = "Option::is_none")]
    pub max_record_size_in_kib: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_distribution_strategy: Option<&'static str>,
}

pub(crate) fn describe_stream_summary(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DescribeStreamSummaryInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::DescribeStreamSummary,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    // The members of 2025 and 2026 are absent where a stream makes no use of them in a world of earlier limits.
    let is_today = service.limits.profile == LimitsProfile::AwsToday;
    Ok(Response::DescribeStreamSummary(DescribeStreamSummaryOutput {
        stream_description_summary: StreamDescriptionSummary {
            stream_name: stream.name.to_string(),
            stream_arn: stream.arn(&service.region, &service.account),
            stream_status: stream.status,
            stream_mode_details: stream.mode,
            retention_period_hours: stream.retention_hours,
            stream_creation_timestamp: Seconds(stream.created),
            enhanced_monitoring: stream.enhanced_monitoring(),
            encryption_type: stream.encryption_type(),
            key_id: stream.key_id(),
            open_shard_count: stream.open_shard_count(),
            consumer_count: stream.consumers.len() as u32,
            warm_throughput: WarmThroughput::of(stream),
            max_record_size_in_kib: (is_today || stream.record_bytes_max() != service.limits.record_bytes)
                .then_some(stream.max_record_size),
            record_distribution_strategy: (stream.mode == StreamMode::OnDemand
                && (is_today || stream.distribution != RecordDistribution::UserPartitionKey))
                .then(|| stream.distribution.name()),
        },
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn summary() -> DescribeStreamSummaryInput {
        DescribeStreamSummaryInput { stream_name: text("orders"), ..Default::default() }
    }

    fn open_shard_count(lab: &mut Lab) -> u32 {
        let Response::DescribeStreamSummary(output) = lab.accepts(summary()) else {
            panic!("an answer of its own kind")
        };
        output.stream_description_summary.open_shard_count
    }

    #[test]
    fn a_summary_prints_as_in_the_service_model() {
        expect_test::expect![[r#"{"StreamDescriptionSummary":{"StreamName":"orders","StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders","StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},"RetentionPeriodHours":24,"StreamCreationTimestamp":1767225600.0,"EnhancedMonitoring":[{"ShardLevelMetrics":[]}],"EncryptionType":"NONE","OpenShardCount":2,"ConsumerCount":0}}"#]]
        .assert_eq(&Lab::with_shards(2).prints(summary()));
    }

    #[test]
    fn open_shards_are_counted_as_they_come_and_go() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 2));
        assert_eq!(open_shard_count(&mut lab), 0, "CREATING");
        lab.wait(SECOND.times(20));
        assert_eq!(open_shard_count(&mut lab), 2);
        lab.accepts(split(0, 2));
        assert_eq!(open_shard_count(&mut lab), 2, "UPDATING");
        lab.wait(SECOND.times(30));
        assert_eq!(open_shard_count(&mut lab), 3);
        lab.merges(2, 3);
        assert_eq!(open_shard_count(&mut lab), 2);
    }

    #[test]
    fn a_stream_may_be_named_by_its_arn() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(DescribeStreamSummaryInput { stream_arn: text(ARN), ..Default::default() });
    }

    #[test]
    fn what_names_no_stream_is_refused() {
        let mut lab = Lab::with_shards(1);
        for (name, said) in [
            (None, "InvalidArgumentException: Either StreamARN or StreamName must be provided."),
            (
                text("clicks"),
                "ResourceNotFoundException: Stream clicks under account 123456789012 not found.",
            ),
            (
                text("a/b"),
                "ValidationException: 1 validation error detected: Value 'a/b' at 'streamName' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
            ),
        ] {
            assert_eq!(
                lab.refusal(DescribeStreamSummaryInput { stream_name: name, ..Default::default() }),
                said
            );
        }
    }

    #[test]
    fn an_arn_of_a_consumer_names_no_stream() {
        let arn = format!("{ARN}/consumer/app:1767225600");
        assert_eq!(
            Lab::with_shards(1)
                .refusal(DescribeStreamSummaryInput { stream_arn: Some(arn), ..Default::default() }),
            "ResourceNotFoundException: Stream orders/consumer/app:1767225600 under account 123456789012 not found."
        );
    }
}
