//! UpdateStreamWarmThroughput: write throughput that an on-demand stream is scaled to in advance.

use serde::Serialize;

use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Duration, Fact, Operation, Response, Service, Stream, StreamStatus, on_demand,
};

input!(UpdateStreamWarmThroughputInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_name: String,
    warm_throughput_mi_bps: i64,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateStreamWarmThroughputOutput {
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
    pub stream_name: String,
    pub warm_throughput: WarmThroughput,
}

/// What the stream is being scaled to, and what it can take now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct WarmThroughput {
    #[serde(rename = "TargetMiBps")]
    pub target_mib_per_second: u32,
    #[serde(rename = "CurrentMiBps")]
    pub current_mib_per_second: u32,
}

impl WarmThroughput {
    /// Assumed: what is current is what the open shards take.
    pub(crate) fn of(stream: &Stream) -> Option<WarmThroughput> {
        stream.warm_throughput.map(|target| WarmThroughput {
            target_mib_per_second: target,
            current_mib_per_second: stream.open_shard_count(),
        })
    }
}

/// Documented: for on-demand streams of accounts with On-demand Advantage; asynchronous, UPDATING meanwhile; the same
/// or a lower value than before scales down to what was asked for or to what the last hour needed, if that is more.
/// Assumed: zero gives the warm throughput up.
pub(crate) fn update_stream_warm_throughput(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateStreamWarmThroughputInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.stream_arn(&input.stream_arn);
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.warm_throughput_mi_bps, "warmThroughputMiBps");
    violations.range(input.warm_throughput_mi_bps, "warmThroughputMiBps", 0, i64::MAX);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::UpdateStreamWarmThroughput,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let asked = input.warm_throughput_mi_bps.unwrap_or_default();
    let (account, region) = (service.account.clone(), service.region.clone());
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    stream.must_be_active(&account)?;
    stream.must_be_on_demand(&account)?;
    service.must_allow_warm_throughput(asked, ctx.now)?;

    let asked = u32::try_from(asked).unwrap_or(u32::MAX);
    let due = ctx.now + Duration::from_seconds(service.limits.reshard_seconds);
    let least = service.limits.on_demand_shards as u32;
    let stream = service.find_mut(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let open = stream.open_shard_count();
    let is_lower = stream.warm_throughput.is_some_and(|before| asked <= before);
    let target = match is_lower {
        true => asked.max(least).max(on_demand::need_of_last_hour(stream, ctx.now)).min(open),
        false => asked.max(open),
    };
    stream.warm_throughput = (asked > 0).then_some(asked);
    stream.begin(StreamStatus::Updating, due, Change::Scale { target }, facts);
    let name = stream.name.clone();
    let output = UpdateStreamWarmThroughputOutput {
        stream_arn: stream.arn(&region, &account),
        stream_name: name.to_string(),
        warm_throughput: WarmThroughput { target_mib_per_second: asked, current_mib_per_second: open },
    };
    service.reschedule(&name);
    Ok(Response::UpdateStreamWarmThroughput(output))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{
        Blob, CommitmentSetting, CreateStreamInput, DescribeStreamSummaryInput, Generated, PutRecordInput,
        StreamMode, StreamModeDetails, UpdateAccountSettingsInput, UpdateStreamModeInput,
    };

    fn warm(mib_per_second: i64) -> UpdateStreamWarmThroughputInput {
        UpdateStreamWarmThroughputInput {
            stream_name: text("orders"),
            warm_throughput_mi_bps: Some(mib_per_second),
            ..Default::default()
        }
    }

    fn commitment(status: &str) -> UpdateAccountSettingsInput {
        UpdateAccountSettingsInput {
            minimum_throughput_billing_commitment: Some(CommitmentSetting { status: text(status) }),
        }
    }

    fn on_demand(name: &str) -> CreateStreamInput {
        CreateStreamInput { stream_name: text(name), ..Default::default() }
    }

    fn with_advantage() -> Lab {
        let mut lab = Lab::empty();
        lab.accepts(commitment("ENABLED"));
        lab.accepts(on_demand("orders"));
        lab.wait(SECOND.times(20));
        lab
    }

    fn settle(lab: &mut Lab) {
        lab.wait(SECOND.times(600));
        assert_eq!(lab.stream().status, StreamStatus::Active);
    }

    #[test]
    fn a_stream_is_scaled_up_in_advance_and_down_again_by_a_lower_value() {
        let mut lab = with_advantage();
        assert_eq!(
            lab.prints(warm(16)),
            format!(
                r#"{{"StreamARN":"{ARN}","StreamName":"orders","WarmThroughput":{{"TargetMiBps":16,"CurrentMiBps":4}}}}"#
            )
        );
        assert_eq!(lab.stream().status, StreamStatus::Updating);
        settle(&mut lab);
        assert_eq!(lab.stream().open_shard_count(), 16);
        let summary = DescribeStreamSummaryInput { stream_name: text("orders"), ..Default::default() };
        let printed = lab.prints(summary);
        assert!(printed.contains(r#""WarmThroughput":{"TargetMiBps":16,"CurrentMiBps":16}"#), "{printed}");
        lab.accepts(warm(6));
        settle(&mut lab);
        assert_eq!(lab.stream().open_shard_count(), 6);
        lab.accepts(warm(0));
        settle(&mut lab);
        assert_eq!((lab.stream().open_shard_count(), lab.stream().warm_throughput), (4, None));
    }

    #[test]
    fn what_the_last_hour_needed_is_not_given_up() {
        let mut lab = with_advantage();
        lab.accepts(warm(16));
        settle(&mut lab);
        for _ in 0..120 {
            for shard in 0..8_u128 {
                let data = Some(Blob::Generated(Generated::numbered(0, 900 << 10)));
                let explicit_hash_key = text(&(shard << 125).to_string());
                lab.put(PutRecordInput { data, explicit_hash_key, ..put("k", "") });
            }
            lab.wait(SECOND);
        }
        lab.accepts(warm(5));
        settle(&mut lab);
        assert_eq!(lab.stream().open_shard_count(), 8, "7 MiB a second need eight shards");
        lab.wait(HOUR);
        lab.accepts(warm(5));
        settle(&mut lab);
        assert_eq!(lab.stream().open_shard_count(), 5);
    }

    #[test]
    fn a_stream_may_begin_with_warm_throughput() {
        let mut lab = with_advantage();
        lab.accepts(CreateStreamInput { warm_throughput_mi_bps: Some(12), ..on_demand("clicks") });
        lab.wait(SECOND.times(20));
        let clicks = lab.service.stream("clicks").expect("it was created");
        assert_eq!((clicks.open_shard_count(), clicks.warm_throughput), (12, Some(12)));
    }

    #[test]
    fn a_stream_may_become_on_demand_with_warm_throughput_and_gives_it_up_with_the_mode() {
        let mut lab = Lab::with_shards(2);
        lab.accepts(commitment("ENABLED"));
        let to = |mode: StreamMode, warm| UpdateStreamModeInput {
            stream_arn: text(ARN),
            stream_mode_details: Some(StreamModeDetails { stream_mode: text(mode.name()) }),
            warm_throughput_mi_bps: warm,
        };
        assert_eq!(
            lab.refusal(to(StreamMode::Provisioned, Some(8))),
            "ValidationException: Request is invalid. Stream orders under account 123456789012 is in Provisioned mode."
        );
        lab.accepts(to(StreamMode::OnDemand, Some(8)));
        settle(&mut lab);
        assert_eq!((lab.stream().mode, lab.stream().open_shard_count()), (StreamMode::OnDemand, 8));
        lab.accepts(to(StreamMode::Provisioned, None));
        settle(&mut lab);
        assert_eq!(lab.stream().warm_throughput, None);
    }

    #[test]
    fn the_commitment_cannot_end_before_all_warm_throughput_is_given_up() {
        let mut lab = with_advantage();
        lab.accepts(warm(8));
        assert_eq!(
            lab.refusal(commitment("DISABLED")),
            "InvalidArgumentException: MinimumThroughputBillingCommitment cannot be disabled while stream orders under \
             account 123456789012 has warm throughput."
        );
        settle(&mut lab);
        lab.accepts(warm(0));
        lab.accepts(commitment("DISABLED"));
    }

    #[test]
    fn what_cannot_be_warmed_is_refused() {
        let mut lab = Lab::empty();
        lab.accepts(on_demand("orders"));
        assert_eq!(
            lab.refusal(warm(8)),
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state CREATING"
        );
        lab.wait(SECOND.times(20));
        assert_eq!(
            lab.refusal(warm(8)),
            "InvalidArgumentException: Warm throughput needs MinimumThroughputBillingCommitment to be enabled for \
             account 123456789012."
        );
        lab.accepts(commitment("ENABLED"));
        assert_eq!(
            lab.refusal(warm(201)),
            "LimitExceededException: Warm throughput cannot be greater than 200 MiBps. Requested: 201 MiBps"
        );
        assert_eq!(
            Lab::with_shards(1).refusal(warm(8)),
            "ValidationException: Request is invalid. Stream orders under account 123456789012 is in Provisioned mode."
        );
    }
}
