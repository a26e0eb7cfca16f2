//! UpdateStreamMode: from a number of shards that one chooses to one that the service chooses, and back.

use crate::operations::StreamModeDetails;
use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Duration, Fact, Operation, Response, Service, StreamMode, StreamStatus};

input!(UpdateStreamModeInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    stream_mode_details: StreamModeDetails,
    warm_throughput_mi_bps: i64,
});

/// Documented: the shards are the same as before, two changes in 24 hours.
/// Assumed: the mode that the stream has is accepted, and counts.
pub(crate) fn update_stream_mode(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateStreamModeInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_arn, "streamARN");
    violations.stream_arn(&input.stream_arn);
    violations.required(&input.stream_mode_details, "streamModeDetails");
    if let Some(details) = &input.stream_mode_details {
        violations.required(&details.stream_mode, "streamModeDetails.streamMode");
        let modes = StreamMode::ALL.map(StreamMode::name);
        violations.one_of(&details.stream_mode, "streamModeDetails.streamMode", &modes);
    }
    violations.range(input.warm_throughput_mi_bps, "warmThroughputMiBps", 0, i64::MAX);
    violations.finish()?;
    service.admit(ctx, Operation::UpdateStreamMode, Target::Stream(None, input.stream_arn.as_deref()))?;
    let details = input.stream_mode_details.as_ref().and_then(|details| details.stream_mode.as_deref());
    let mode = details.and_then(StreamMode::parse).unwrap_or(StreamMode::Provisioned);

    let stream = service.find(None, input.stream_arn.as_deref())?;
    stream.must_be_active(&service.account)?;
    match (stream.mode, mode) {
        (StreamMode::Provisioned, StreamMode::OnDemand) => service.must_have_room_on_demand()?,
        (StreamMode::OnDemand, StreamMode::Provisioned) => {
            let (present, limit) = (service.account_shard_count(), service.limits.account_shards);
            let more = u64::from(stream.open_shard_count());
            if present + more > limit {
                return Err(ApiError::shard_limit(&service.account, &service.region, present, limit, more));
            }
        }
        (StreamMode::Provisioned, StreamMode::Provisioned) | (StreamMode::OnDemand, StreamMode::OnDemand) => {
        }
    }
    let warm_throughput = match (input.warm_throughput_mi_bps, mode) {
        (None, _) => None,
        // Documented: only where the mode becomes on-demand.
        (Some(_), StreamMode::Provisioned) => {
            return Err(ApiError::provisioned_mode(&stream.name, &service.account));
        }
        (Some(asked), StreamMode::OnDemand) => {
            service.must_allow_warm_throughput(asked, ctx.now)?;
            u32::try_from(asked).ok().filter(|asked| *asked > 0)
        }
    };
    let (account, limit) = (service.account.clone(), service.limits.stream_mode_changes);
    let due = ctx.now + Duration::from_seconds(service.limits.stream_mode_seconds);
    let stream = service.find_mut(None, input.stream_arn.as_deref())?;
    let name = stream.name.clone();
    if !stream.mode_changes.take(limit, ctx.now) {
        return Err(ApiError::day_limit("UpdateStreamMode", limit, &name, &account));
    }
    stream.begin(StreamStatus::Updating, due, Change::Mode { mode, warm_throughput }, facts);
    service.reschedule(&name);
    Ok(Response::UpdateStreamMode(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{CreateStreamInput, UpdateShardCountInput};

    fn to(mode: StreamMode) -> UpdateStreamModeInput {
        UpdateStreamModeInput {
            stream_arn: text(ARN),
            stream_mode_details: Some(StreamModeDetails { stream_mode: text(mode.name()) }),
            warm_throughput_mi_bps: None,
        }
    }

    fn on_demand() -> Lab {
        let mut lab = Lab::empty();
        lab.accepts(CreateStreamInput { stream_name: text("orders"), ..Default::default() });
        lab.wait(SECOND.times(20));
        lab
    }

    #[test]
    fn a_stream_without_a_mode_and_a_number_of_shards_is_on_demand_and_has_four() {
        let lab = on_demand();
        assert_eq!((lab.stream().mode, lab.stream().open_shard_count()), (StreamMode::OnDemand, 4));
    }

    #[test]
    fn a_number_of_shards_and_on_demand_exclude_each_other() {
        let details = Some(StreamModeDetails { stream_mode: text("ON_DEMAND") });
        let request = CreateStreamInput { stream_mode_details: details.clone(), ..create("orders", 2) };
        assert_eq!(
            Lab::empty().refusal(request.clone()),
            "InvalidArgumentException: ShardCount must not be provided when StreamMode is ON_DEMAND."
        );
        let mut lab = Lab::empty();
        lab.accepts(CreateStreamInput { shard_count: None, ..request });
        assert_eq!(lab.stream().mode, StreamMode::OnDemand);
    }

    #[test]
    fn the_mode_changes_after_a_while_and_the_shards_stay() {
        let mut lab = Lab::with_shards(3);
        assert_eq!(lab.prints(to(StreamMode::OnDemand)), "null");
        assert_eq!(
            (lab.stream().status, lab.stream().mode),
            (StreamStatus::Updating, StreamMode::Provisioned)
        );
        lab.wait(SECOND.times(30));
        assert_eq!((lab.stream().status, lab.stream().mode), (StreamStatus::Active, StreamMode::OnDemand));
        assert_eq!(lab.stream().open_shard_count(), 3);
    }

    #[test]
    fn the_mode_is_changed_twice_in_24_hours() {
        let mut lab = Lab::with_shards(1);
        for mode in [StreamMode::OnDemand, StreamMode::Provisioned] {
            lab.accepts(to(mode));
            lab.wait(SECOND.times(30));
        }
        assert_eq!(
            lab.refusal(to(StreamMode::OnDemand)),
            "LimitExceededException: UpdateStreamMode can be called 2 times in 24 hours for stream orders under account \
             123456789012."
        );
        lab.wait(HOUR.times(24));
        lab.accepts(to(StreamMode::OnDemand));
    }

    #[test]
    fn the_shards_of_an_on_demand_stream_are_not_ours_to_change() {
        let mut lab = on_demand();
        let said = "ValidationException: Request is invalid. Stream orders under account 123456789012 is in On-Demand mode.";
        assert_eq!(lab.refusal(split(0, 1 << 125)), said);
        assert_eq!(lab.refusal(merge(0, 1)), said);
        let scale = UpdateShardCountInput {
            stream_name: text("orders"),
            target_shard_count: Some(8),
            scaling_type: text("UNIFORM_SCALING"),
            stream_arn: None,
        };
        assert_eq!(lab.refusal(scale), said);
    }

    /// Puts so many records a second into each of the four first quarters of the key space.
    fn minutes_of_traffic(lab: &mut Lab, minutes: u64, per_second: u64) -> u64 {
        let mut refused = 0;
        for _ in 0..minutes * 60 {
            for i in 0..per_second * 4 {
                let key = u128::from(i % 4) << 126 | u128::from(i / 4 % 2) << 125;
                let hash_key = text(&key.to_string());
                let request = crate::PutRecordInput { explicit_hash_key: hash_key, ..put("k", "x") };
                refused += u64::from(lab.call(request).is_err());
            }
            lab.wait(SECOND);
        }
        refused
    }

    #[test]
    fn a_stream_doubles_fifteen_minutes_after_it_began_and_not_without_traffic() {
        let mut lab = on_demand();
        assert_eq!(minutes_of_traffic(&mut lab, 14, 501), 0);
        assert_eq!(lab.stream().open_shard_count(), 4);
        assert_eq!(minutes_of_traffic(&mut lab, 2, 501), 0);
        assert_eq!(lab.stream().open_shard_count(), 8);
        assert_eq!(minutes_of_traffic(&mut lab, 1, 1_000), 0, "twice the former peak fits");
        assert!(minutes_of_traffic(&mut lab, 1, 2_100) > 0, "more does not");
        assert_eq!(lab.stream().status, StreamStatus::Active);
        lab.wait(HOUR);
        assert_eq!(lab.stream().open_shard_count(), 8);
    }

    #[test]
    fn a_quiet_stream_wakes_nobody_up_and_what_came_before_does_not_count() {
        let mut lab = Lab::with_shards(1);
        for _ in 0..50 {
            for _ in 0..1_000 {
                lab.put_at(0);
            }
            lab.wait(SECOND);
        }
        lab.accepts(to(StreamMode::OnDemand));
        lab.wait(SECOND.times(30));
        assert_eq!(lab.service.next_deadline(), None);
        lab.wait(HOUR);
        lab.put_at(0);
        assert_eq!(lab.service.next_deadline(), Some(lab.now + SECOND.times(60)));
        lab.wait(SECOND.times(120));
        assert_eq!((lab.service.next_deadline(), lab.stream().open_shard_count()), (None, 1));
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        assert_eq!(
            Lab::with_shards(1)
                .refusal(UpdateStreamModeInput { stream_arn: text(ARN), ..Default::default() }),
            "ValidationException: 1 validation error detected: Value null at 'streamModeDetails' failed to satisfy \
             constraint: Member must not be null"
        );
    }
}
