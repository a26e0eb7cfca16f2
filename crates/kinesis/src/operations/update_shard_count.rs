//! UpdateShardCount: another number of even shards.

use serde::Serialize;

use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Duration, Fact, Operation, Response, Service, StreamStatus};

input!(UpdateShardCountInput {
    stream_name: String,
    target_shard_count: i64,
    scaling_type: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct UpdateShardCountOutput {
    pub stream_name: String,
    /// Open shards before the change.
    pub current_shard_count: u32,
    pub target_shard_count: u32,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
}

pub(crate) fn update_shard_count(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateShardCountInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.target_shard_count, "targetShardCount");
    violations.range(input.target_shard_count, "targetShardCount", 1, i64::MAX);
    violations.required(&input.scaling_type, "scalingType");
    violations.one_of(&input.scaling_type, "scalingType", &["UNIFORM_SCALING"]);
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::UpdateShardCount,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;

    let asked = input.target_shard_count.unwrap_or_default();
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    stream.must_be_active(&service.account)?;
    stream.must_be_provisioned(&service.account)?;
    let open = stream.open_shard_count();
    let target = check_target(service, asked, u64::from(open))?;

    let limit = service.limits.shard_count_updates;
    let due = ctx.now + Duration::from_seconds(service.limits.reshard_seconds);
    let (account, region) = (service.account.clone(), service.region.clone());
    let stream = service.find_mut(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let name = stream.name.clone();
    if !stream.shard_count_updates.take(limit, ctx.now) {
        return Err(ApiError::day_limit("UpdateShardCount", limit, &name, &account));
    }
    let stream_arn = stream.arn(&region, &account);
    stream.begin(StreamStatus::Updating, due, Change::Scale { target }, facts);
    service.reschedule(&name);
    Ok(Response::UpdateShardCount(UpdateShardCountOutput {
        stream_name: name.to_string(),
        current_shard_count: open,
        target_shard_count: target,
        stream_arn,
    }))
}

/// Assumed: the present number itself is accepted; where the shards are even already, nothing changes but the status.
/// Assumed: the shards on the way count against the account's limit only as far as they stay.
fn check_target(service: &Service, asked: i64, open: u64) -> Result<u32, ApiError> {
    let target = asked.unsigned_abs();
    if target > open.saturating_mul(2) {
        return Err(ApiError::scale_too_far("up over double", open, asked));
    }
    if target.saturating_mul(2) < open {
        return Err(ApiError::scale_too_far("down below half", open, asked));
    }
    let limit = service.limits.stream_shards;
    if target > limit || (open > limit && target >= limit) {
        return Err(ApiError::too_many_shards_of_stream(limit, open, asked));
    }
    let (present, limit) = (service.account_shard_count(), service.limits.account_shards);
    let additional = target.saturating_sub(open);
    if present + additional > limit {
        return Err(ApiError::shard_limit(&service.account, &service.region, present, limit, additional));
    }
    // At most twice the open shards, of which 32 bits count more than fit into memory.
    Ok(target as u32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{HashKeyRange, LimitsProfile};

    fn scale(target: i64) -> UpdateShardCountInput {
        UpdateShardCountInput {
            stream_name: text("orders"),
            target_shard_count: Some(target),
            scaling_type: text("UNIFORM_SCALING"),
            stream_arn: None,
        }
    }

    fn open_ranges(lab: &Lab) -> Vec<HashKeyRange> {
        lab.stream().open_shards().map(|shard| shard.hash_key_range).collect()
    }

    fn scales(lab: &mut Lab, target: i64) {
        lab.accepts(scale(target));
        while lab.stream().status != StreamStatus::Active {
            lab.wait(SECOND.times(30));
        }
        // Even but for what rounding makes: see `scaling::borders`.
        let (made, even) = (open_ranges(lab), HashKeyRange::evenly(target as u32));
        assert_eq!(made.len(), even.len());
        for (made, even) in made.iter().zip(even) {
            assert!(
                made.starting_hash_key.abs_diff(even.starting_hash_key) <= target as u128,
                "{made:?}, {even:?}"
            );
        }
    }

    #[test]
    fn the_answer_says_from_how_many_to_how_many() {
        let mut lab = Lab::with_shards(2);
        assert_eq!(
            lab.prints(scale(4)),
            r#"{"StreamName":"orders","CurrentShardCount":2,"TargetShardCount":4,"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}"#
        );
        assert_eq!(lab.stream().status, StreamStatus::Updating);
    }

    /// Totals as moto's maintainers counted them in AWS.
    #[test]
    fn shards_are_even_afterwards_and_as_many_came_and_went_as_in_aws() {
        for (from, to, total) in [(2, 4, 6), (4, 5, 15), (4, 2, 6), (3, 3, 3), (1, 1, 1), (1, 2, 3)] {
            let mut lab = Lab::with_shards(from);
            scales(&mut lab, to);
            assert_eq!(lab.stream().shards().len(), total, "{from} to {to}");
        }
    }

    /// Assumed: moto's maintainers report 7 and 37. Those totals cannot leave equal shards, which AWS documents.
    #[test]
    fn shards_are_even_even_where_more_come_and_go_than_others_report() {
        for (from, to, total) in [(5, 3, 13), (10, 13, 43)] {
            let mut lab = Lab::with_shards(from);
            scales(&mut lab, to);
            assert_eq!(lab.stream().shards().len(), total, "{from} to {to}");
        }
    }

    #[test]
    fn doubling_splits_each_shard_once_and_halving_merges_each_pair_once() {
        for n in 1..=24 {
            let mut lab = Lab::with_shards(n);
            scales(&mut lab, 2 * n);
            assert_eq!(lab.stream().shards().len() as i64, n + 2 * n, "{n} doubled");
            let mut lab = Lab::with_shards(2 * n);
            scales(&mut lab, n);
            assert_eq!(lab.stream().shards().len() as i64, 2 * n + n, "{n} again");
        }
    }

    #[test]
    fn uneven_shards_become_even() {
        let mut lab = Lab::with_shards(3);
        lab.splits(0, 2);
        lab.splits(4, 1_000_000);
        lab.merges(3, 5);
        for target in [3, 6, 7, 4, 8] {
            scales(&mut lab, target);
        }
    }

    #[test]
    fn records_go_on_being_taken_by_exactly_one_shard() {
        let mut lab = Lab::with_shards(4);
        lab.accepts(scale(5));
        for _ in 0..120 {
            lab.wait(SECOND);
            for key in [0, 1 << 126, (1 << 126) - 1, u128::MAX / 5 * 2, u128::MAX] {
                lab.put_at(key);
            }
        }
        let stored: u64 = lab.stream().shards().iter().map(|shard| shard.log.last_index()).sum();
        assert_eq!(stored, 600);
    }

    #[test]
    fn a_stream_is_at_most_doubled_and_at_least_halved() {
        let said = |how: &str, open, target| {
            format!(
                "LimitExceededException: UpdateShardCount cannot scale {how} your current open shard count. Current open \
                 shard count: {open}, Target shard count: {target}"
            )
        };
        let mut lab = Lab::with_shards(5);
        assert_eq!(lab.refusal(scale(11)), said("up over double", 5, 11));
        assert_eq!(lab.refusal(scale(i64::MAX)), said("up over double", 5, i64::MAX));
        assert_eq!(lab.refusal(scale(2)), said("down below half", 5, 2));
        scales(&mut lab, 3);
        scales(&mut lab, 6);
    }

    #[test]
    fn a_stream_and_an_account_have_so_many_shards_at_most() {
        let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 6_000);
        assert_eq!(
            lab.refusal(scale(10_001)),
            "LimitExceededException: Target shard count or number of open shards cannot be greater than 10000. Current \
             open shard count: 6000, Target shard count: 10001"
        );
        let mut lab = Lab::with_shards(300);
        let refused = lab.refusal(scale(501));
        assert!(
            refused.contains("Number of additional shards that would have resulted from this request: 201.")
        );
    }

    #[test]
    fn ten_calls_succeed_in_any_24_hours() {
        let mut lab = Lab::with_shards(1);
        for _ in 0..10 {
            scales(&mut lab, 1);
            lab.wait(HOUR);
        }
        assert_eq!(
            lab.refusal(scale(1)),
            "LimitExceededException: UpdateShardCount can be called 10 times in 24 hours for stream orders under account \
             123456789012."
        );
        lab.wait(HOUR.times(14));
        scales(&mut lab, 1);
    }

    #[test]
    fn only_an_active_stream_is_scaled() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(scale(2));
        assert_eq!(
            lab.refusal(scale(2)),
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state UPDATING"
        );
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        let request = UpdateShardCountInput { scaling_type: text("DOUBLE"), ..scale(0) };
        assert_eq!(
            Lab::with_shards(1).refusal(request),
            "ValidationException: 2 validation errors detected: Value '0' at 'targetShardCount' failed to satisfy \
             constraint: Member must have value greater than or equal to 1; Value 'DOUBLE' at 'scalingType' failed to \
             satisfy constraint: Member must satisfy enum value set: [UNIFORM_SCALING]"
        );
        assert_eq!(
            Lab::empty().refusal(scale(1)),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }
}
