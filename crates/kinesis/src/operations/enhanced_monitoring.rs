//! EnableEnhancedMonitoring and DisableEnhancedMonitoring: which metrics are kept shard by shard.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, Response, Service, ShardLevelMetric, StreamSetting};

input!(EnableEnhancedMonitoringInput {
    stream_name: String,
    shard_level_metrics: Vec<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

input!(DisableEnhancedMonitoringInput {
    stream_name: String,
    shard_level_metrics: Vec<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EnhancedMonitoringOutput {
    pub stream_name: String,
    /// Before the call.
    pub current_shard_level_metrics: Vec<ShardLevelMetric>,
    /// After it.
    pub desired_shard_level_metrics: Vec<ShardLevelMetric>,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
}

pub(crate) fn enable_enhanced_monitoring(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &EnableEnhancedMonitoringInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let input = (input.stream_name.as_deref(), input.stream_arn.as_deref(), &input.shard_level_metrics);
    let operation = Operation::EnableEnhancedMonitoring;
    let output = change(service, ctx, operation, input, facts, |present, asked| present.extend(asked))?;
    Ok(Response::EnableEnhancedMonitoring(output))
}

pub(crate) fn disable_enhanced_monitoring(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DisableEnhancedMonitoringInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let input = (input.stream_name.as_deref(), input.stream_arn.as_deref(), &input.shard_level_metrics);
    let operation = Operation::DisableEnhancedMonitoring;
    let output = change(service, ctx, operation, input, facts, |present, asked| {
        present.retain(|m| !asked.contains(m))
    })?;
    Ok(Response::DisableEnhancedMonitoring(output))
}

/// Assumed: the change is made at once, and only while the stream is ACTIVE.
fn change(
    service: &mut Service,
    ctx: &CallContext<'_>,
    operation: Operation,
    (name, arn, metrics): (Option<&str>, Option<&str>, &Option<Vec<String>>),
    facts: &mut Vec<Fact>,
    change: fn(&mut BTreeSet<ShardLevelMetric>, BTreeSet<ShardLevelMetric>),
) -> Result<EnhancedMonitoringOutput, ApiError> {
    const ALL: &str = "ALL";
    let known: Vec<&str> =
        ShardLevelMetric::ALL.map(ShardLevelMetric::name).into_iter().chain([ALL]).collect();
    let mut violations = Violations::new();
    violations.name(&name, "streamName");
    violations.required(metrics, "shardLevelMetrics");
    violations.list_length(metrics, "shardLevelMetrics", 1, ShardLevelMetric::ALL.len());
    violations.each_one_of(metrics, "shardLevelMetrics", &known);
    violations.stream_arn(&arn);
    violations.finish()?;
    service.admit(ctx, operation, Target::Stream(name, arn))?;

    let texts = metrics.as_deref().unwrap_or_default();
    let is_asked = |metric: &ShardLevelMetric| texts.iter().any(|text| text == ALL || text == metric.name());
    let asked = ShardLevelMetric::ALL.into_iter().filter(is_asked).collect();
    let (account, region) = (service.account.clone(), service.region.clone());
    let stream = service.find_mut(name, arn)?;
    stream.must_be_active(&account)?;
    let before: Vec<ShardLevelMetric> = stream.shard_level_metrics.iter().copied().collect();
    change(&mut stream.shard_level_metrics, asked);
    facts.push(Fact::SettingChanged {
        stream: stream.name.clone(),
        setting: StreamSetting::ShardLevelMetrics,
    });
    Ok(EnhancedMonitoringOutput {
        stream_name: stream.name.to_string(),
        current_shard_level_metrics: before,
        desired_shard_level_metrics: stream.shard_level_metrics.iter().copied().collect(),
        stream_arn: stream.arn(&region, &account),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn enable(metrics: &[&str]) -> EnableEnhancedMonitoringInput {
        EnableEnhancedMonitoringInput {
            stream_name: text("orders"),
            shard_level_metrics: Some(metrics.iter().map(|metric| (*metric).to_owned()).collect()),
            stream_arn: None,
        }
    }

    fn disable(metrics: &[&str]) -> DisableEnhancedMonitoringInput {
        DisableEnhancedMonitoringInput {
            stream_name: text("orders"),
            shard_level_metrics: enable(metrics).shard_level_metrics,
            stream_arn: None,
        }
    }

    #[test]
    fn the_answer_says_what_was_and_what_will_be() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.prints(enable(&["OutgoingBytes", "IncomingBytes"])),
            r#"{"StreamName":"orders","CurrentShardLevelMetrics":[],"DesiredShardLevelMetrics":["IncomingBytes","OutgoingBytes"],"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}"#
        );
        assert_eq!(
            lab.prints(disable(&["IncomingBytes", "IteratorAgeMilliseconds"])),
            r#"{"StreamName":"orders","CurrentShardLevelMetrics":["IncomingBytes","OutgoingBytes"],"DesiredShardLevelMetrics":["OutgoingBytes"],"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}"#
        );
        let enabled = lab.describe().enhanced_monitoring;
        assert_eq!(enabled[0].shard_level_metrics, [ShardLevelMetric::OutgoingBytes]);
    }

    #[test]
    fn all_means_each_of_them() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(enable(&["ALL"]));
        assert_eq!(lab.stream().shard_level_metrics.len(), 7);
        lab.accepts(disable(&["ALL"]));
        assert_eq!(lab.stream().shard_level_metrics.len(), 0);
    }

    #[test]
    fn what_is_no_metric_is_refused() {
        assert_eq!(
            Lab::with_shards(1).refusal(enable(&["IncomingBytes", "Latency"])),
            "ValidationException: 1 validation error detected: Value '[2 items]' at 'shardLevelMetrics' failed to satisfy \
             constraint: Member must satisfy constraint: [Member must satisfy enum value set: [IncomingBytes, \
             IncomingRecords, OutgoingBytes, OutgoingRecords, WriteProvisionedThroughputExceeded, \
             ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL]]"
        );
        assert_eq!(
            Lab::with_shards(1).refusal(enable(&[])),
            "ValidationException: 1 validation error detected: Value '[]' at 'shardLevelMetrics' failed to satisfy \
             constraint: Member must have length greater than or equal to 1"
        );
    }
}
