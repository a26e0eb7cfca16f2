//! DescribeLimits: how much of the account's limits is used.

use serde::Serialize;

use crate::service::Target;
use crate::{ApiError, CallContext, Operation, Response, Service};

input!(DescribeLimitsInput {});

/// `ChannelCount` and its limit are left out: channels are not simulated.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeLimitsOutput {
    pub shard_limit: u64,
    pub open_shard_count: u64,
    pub on_demand_stream_count: u64,
    pub on_demand_stream_count_limit: u64,
}

pub(crate) fn describe_limits(
    service: &mut Service,
    ctx: &CallContext<'_>,
    _: &DescribeLimitsInput,
) -> Result<Response, ApiError> {
    service.admit(ctx, Operation::DescribeLimits, Target::Account)?;
    Ok(Response::DescribeLimits(DescribeLimitsOutput {
        shard_limit: service.limits.account_shards,
        open_shard_count: service.streams().map(|stream| u64::from(stream.open_shard_count())).sum(),
        on_demand_stream_count: service.on_demand_stream_count(),
        on_demand_stream_count_limit: service.limits.on_demand_streams,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LimitsProfile;
    use crate::testing::*;

    #[test]
    fn open_shards_are_counted_over_all_streams() {
        let mut lab = Lab::with_shards(3);
        lab.accepts(create("clicks", 2));
        lab.wait(SECOND.times(20));
        lab.splits(0, 2);
        assert_eq!(
            lab.prints(DescribeLimitsInput::default()),
            r#"{"ShardLimit":500,"OpenShardCount":6,"OnDemandStreamCount":0,"OnDemandStreamCountLimit":50}"#
        );
    }

    #[test]
    fn today_there_is_room_for_more() {
        let mut lab = Lab::empty_under(LimitsProfile::AwsToday);
        let printed = lab.prints(DescribeLimitsInput::default());
        assert!(printed.starts_with(r#"{"ShardLimit":20000,"OpenShardCount":0"#), "{printed}");
    }
}
