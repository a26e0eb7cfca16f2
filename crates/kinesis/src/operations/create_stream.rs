//! CreateStream: CREATING now, ACTIVE after a while.

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Duration, Fact, Operation, RecordDistribution, Response, Service, SortedMap,
    Stream, StreamMode, StreamName, StreamStatus, Tags, tags,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CreateStreamInput {
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shard_count: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_mode_details: Option<StreamModeDetails>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tags: Option<Tags>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm_throughput_mi_bps: Option<i64>,
    #[serde(rename = "MaxRecordSizeInKiB", skip_serializing_if = "Option::is_none")]
    pub max_record_size_in_kib: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record_distribution_strategy: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct StreamModeDetails {
    pub stream_mode: Option<String>,
}

pub(crate) fn create_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &CreateStreamInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_name, "streamName");
    violations.name(&input.stream_name, "streamName");
    violations.range(input.shard_count, "shardCount", 1, i64::MAX);
    if let Some(details) = &input.stream_mode_details {
        violations.required(&details.stream_mode, "streamModeDetails.streamMode");
        violations.one_of(
            &details.stream_mode,
            "streamModeDetails.streamMode",
            &StreamMode::ALL.map(StreamMode::name),
        );
    }
    violations.tags(&input.tags);
    violations.range(input.warm_throughput_mi_bps, "warmThroughputMiBps", 0, i64::MAX);
    violations.max_record_size(input.max_record_size_in_kib);
    violations.record_distribution(&input.record_distribution_strategy);
    violations.finish()?;
    let target = Target::Stream(input.stream_name.as_deref(), None);
    service.must_be_allowed(ctx, Operation::CreateStream, target, &input.tags)?;
    if input.tags.is_some() {
        // Documented: TagResource would not do.
        service.must_be_allowed(ctx, Operation::AddTagsToStream, target, &input.tags)?;
    }
    let mode = mode_of(input)?;

    let name = input.stream_name.as_deref().unwrap_or_default();
    if service.streams.contains_key(name) {
        return Err(ApiError::stream_exists(name, &service.account));
    }
    let creating = service.streams().filter(|stream| stream.status == StreamStatus::Creating).count() as u64;
    if creating >= service.limits.streams_creating {
        return Err(ApiError::too_many_creating(service.limits.streams_creating));
    }
    // Assumed: who creates too many streams at once is told so, rather than that it called too often.
    service.take_call(ctx, Operation::CreateStream, target)?;
    let shard_count = match mode {
        StreamMode::OnDemand => {
            service.must_have_room_on_demand()?;
            let warm = input.warm_throughput_mi_bps.map_or(0, i64::unsigned_abs);
            service.limits.on_demand_shards.max(warm)
        }
        StreamMode::Provisioned => room_for(service, input.shard_count)?,
    };

    let mut tags = Tags::new();
    if let Some(new) = &input.tags {
        tags::add(&mut tags, new.clone(), name, service)?;
    }

    let name: StreamName = name.into();
    let mut stream = Stream {
        name: name.clone(),
        number: 0,
        status: StreamStatus::Creating,
        mode,
        warm_throughput: None,
        distribution: RecordDistribution::UserPartitionKey,
        distributed: 0,
        max_record_size: (service.limits.record_bytes >> 10) as u32,
        created: ctx.now,
        retention_hours: service.limits.retention_hours_min as u32,
        tags,
        shards: Vec::new(),
        open: SortedMap::new(),
        shard_level_metrics: Default::default(),
        encryption_key: None,
        decryption_key: None,
        encryption_starts: Default::default(),
        encryption_stops: Default::default(),
        consumers: Default::default(),
        policy: None,
        mode_changes: Default::default(),
        growth: None,
        shards_needed: Vec::new(),
        pending: None,
        call_rates: SortedMap::new(),
        shard_count_updates: Default::default(),
        trimmed_before: ctx.now,
        stored_bytes: 0,
    };
    set_newer_members(service, &mut stream, input, ctx)?;
    stream.number = service.next_stream_number();
    let due = ctx.now + Duration::from_seconds(service.limits.create_seconds);
    stream.begin(StreamStatus::Creating, due, Change::Create { shard_count: shard_count as u32 }, facts);
    service.streams.insert(name.clone(), stream);
    service.reschedule(&name);
    Ok(Response::CreateStream(()))
}

/// Observed: AWS makes an on-demand stream where neither a mode nor a number of shards is given.
fn mode_of(input: &CreateStreamInput) -> Result<StreamMode, ApiError> {
    let asked = input.stream_mode_details.as_ref().and_then(|details| details.stream_mode.as_deref());
    match (asked.and_then(StreamMode::parse), input.shard_count) {
        (Some(StreamMode::Provisioned) | None, Some(_)) => Ok(StreamMode::Provisioned),
        (Some(StreamMode::Provisioned), None) => Err(ApiError::shard_count_missing()),
        (Some(StreamMode::OnDemand) | None, None) => Ok(StreamMode::OnDemand),
        (Some(StreamMode::OnDemand), Some(_)) => Err(ApiError::shard_count_not_wanted()),
    }
}

/// The number of shards, where the account may have so many more.
fn room_for(service: &Service, shard_count: Option<i64>) -> Result<u64, ApiError> {
    let shard_count = shard_count.and_then(|count| u64::try_from(count).ok()).unwrap_or(1);
    let (present, limit) = (service.account_shard_count(), service.limits.account_shards);
    if present.saturating_add(shard_count) > limit {
        return Err(ApiError::shard_limit(&service.account, &service.region, present, limit, shard_count));
    }
    Ok(shard_count)
}

/// Members of 2025 and 2026, which have conditions of their own.
fn set_newer_members(
    service: &Service,
    stream: &mut Stream,
    input: &CreateStreamInput,
    ctx: &CallContext<'_>,
) -> Result<(), ApiError> {
    if let Some(asked) = input.warm_throughput_mi_bps {
        stream.must_be_on_demand(&service.account)?;
        service.must_allow_warm_throughput(asked, ctx.now)?;
        stream.warm_throughput = u32::try_from(asked).ok().filter(|asked| *asked > 0);
    }
    if let Some(asked) = input.record_distribution_strategy.as_deref().and_then(RecordDistribution::parse) {
        stream.must_allow_distribution(&service.account)?;
        stream.distribution = asked;
    }
    if let Some(size) = input.max_record_size_in_kib.and_then(|size| u32::try_from(size).ok()) {
        stream.max_record_size = size;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{DeleteStreamInput, HashKeyRange, LimitsProfile, ShardId};

    fn too_many_shards(present: u64, limit: u64, additional: i64) -> String {
        format!(
            "LimitExceededException: This request would exceed the shard limit for the account 123456789012 in \
             us-east-1. Current shard count for the account: {present}. Limit: {limit}. Number of additional shards \
             that would have resulted from this request: {additional}. Refer to the AWS Service Limits page \
             (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how to \
             request higher limits."
        )
    }

    #[test]
    fn creating_answers_nothing() {
        assert_eq!(Lab::empty().prints(create("orders", 1)), "null");
    }

    #[test]
    fn a_stream_is_creating_for_twenty_seconds_and_then_active() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(lab.stream().status, StreamStatus::Creating);
        assert_eq!(lab.service.next_deadline(), Some(START + SECOND.times(20)));
        lab.wait(SECOND.times(20));
        assert_eq!(lab.stream().status, StreamStatus::Active);
        assert_eq!(lab.service.next_deadline(), None);
    }

    #[test]
    fn the_shards_share_the_key_space_evenly() {
        let mut lab = Lab::with_shards(3);
        let ranges: Vec<HashKeyRange> = lab.describe().shards.iter().map(|s| s.hash_key_range).collect();
        let range = |starting_hash_key, ending_hash_key| HashKeyRange { starting_hash_key, ending_hash_key };
        assert_eq!(
            ranges,
            [
                range(0, 113427455640312821154458202477256070484),
                range(113427455640312821154458202477256070485, 226854911280625642308916404954512140969),
                range(226854911280625642308916404954512140970, 340282366920938463463374607431768211455),
            ]
        );
    }

    #[test]
    fn what_happens_is_told_when_it_happens() {
        let mut lab = Lab::empty();
        let stream: StreamName = "orders".into();
        let status = |status| Fact::StreamStatusChanged { stream: stream.clone(), status };
        lab.accepts(create("orders", 2));
        assert_eq!(lab.facts, [status(StreamStatus::Creating)]);
        lab.facts.clear();
        lab.wait(SECOND.times(20));
        let opened = |id| Fact::ShardOpened {
            stream: stream.clone(),
            shard: ShardId(id),
            parent: None,
            adjacent_parent: None,
        };
        assert_eq!(lab.facts, [opened(0), opened(1), status(StreamStatus::Active)]);
    }

    #[test]
    fn a_name_that_is_taken_is_in_use_whatever_the_status() {
        let said = "ResourceInUseException: Stream orders under account 123456789012 already exists.";
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(lab.refusal(create("orders", 1)), said, "CREATING");
        lab.wait(SECOND.times(20));
        assert_eq!(lab.refusal(create("orders", 1)), said, "ACTIVE");
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(lab.refusal(create("orders", 1)), said, "DELETING");
        lab.wait(SECOND.times(20));
        lab.accepts(create("orders", 1));
    }

    #[test]
    fn names_are_told_apart_by_their_capitals() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(create("Orders", 1));
    }

    #[test]
    fn five_streams_may_be_created_at_once() {
        let mut lab = Lab::empty();
        for i in 0..5 {
            lab.accepts(create(&format!("stream-{i}"), 1));
        }
        assert_eq!(
            lab.refusal(create("sixth", 1)),
            "LimitExceededException: This request would have exceed the limit on the number of streams that can \
             simultaneously be in CREATING or DELETING. Limit: 5"
        );
        lab.wait(SECOND.times(20));
        lab.accepts(create("sixth", 1));
    }

    #[test]
    fn an_account_has_five_hundred_shards_those_being_created_included() {
        let mut lab = Lab::empty();
        assert_eq!(lab.refusal(create("a", 501)), too_many_shards(0, 500, 501));
        lab.accepts(create("a", 499));
        assert_eq!(lab.refusal(create("b", 2)), too_many_shards(499, 500, 2));
        lab.accepts(create("b", 1));
        lab.wait(SECOND.times(20));
        assert_eq!(lab.refusal(create("c", 1)), too_many_shards(500, 500, 1));
    }

    #[test]
    fn a_deleted_stream_gives_its_shards_back_when_it_is_gone() {
        let mut lab = Lab::with_shards(500);
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(lab.refusal(create("next", 1)), too_many_shards(500, 500, 1));
        lab.wait(SECOND.times(20));
        lab.accepts(create("next", 500));
    }

    #[test]
    fn a_count_past_every_width_is_refused_and_not_cut() {
        for profile in LimitsProfile::ALL {
            let mut lab = Lab::empty_under(profile);
            for count in [4_294_967_297, 1 << 62, i64::MAX] {
                let limit = lab.service.limits().account_shards;
                assert_eq!(lab.refusal(create("orders", count)), too_many_shards(0, limit, count));
            }
        }
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        let request = CreateStreamInput {
            stream_mode_details: Some(StreamModeDetails { stream_mode: text("on-demand") }),
            ..create("", 0)
        };
        assert_eq!(
            Lab::empty().refusal(request).replace("; ", "\n"),
            "ValidationException: 4 validation errors detected: Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+\n\
             Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1\n\
             Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1\n\
             Value 'on-demand' at 'streamModeDetails.streamMode' failed to satisfy constraint: Member must satisfy enum value set: [PROVISIONED, ON_DEMAND]"
        );
        let nameless = CreateStreamInput { shard_count: Some(i64::MIN), ..Default::default() };
        assert_eq!(
            Lab::empty().refusal(nameless),
            "ValidationException: 2 validation errors detected: \
             Value null at 'streamName' failed to satisfy constraint: Member must not be null; \
             Value '-9223372036854775808' at 'shardCount' failed to satisfy constraint: Member must have value greater \
             than or equal to 1"
        );
    }

    #[test]
    fn a_mode_may_be_given_and_must_be_complete() {
        let with_mode = |mode| CreateStreamInput {
            stream_mode_details: Some(StreamModeDetails { stream_mode: mode }),
            ..create("orders", 1)
        };
        assert_eq!(
            Lab::empty().refusal(with_mode(None)),
            "ValidationException: 1 validation error detected: Value null at 'streamModeDetails.streamMode' failed to \
             satisfy constraint: Member must not be null"
        );
        Lab::empty().accepts(with_mode(text("PROVISIONED")));
    }

    #[test]
    fn a_provisioned_stream_needs_a_number_of_shards() {
        let request = CreateStreamInput {
            stream_mode_details: Some(StreamModeDetails { stream_mode: text("PROVISIONED") }),
            shard_count: None,
            ..create("orders", 1)
        };
        assert_eq!(
            Lab::empty().refusal(request),
            "InvalidArgumentException: ShardCount must be provided when StreamMode is PROVISIONED."
        );
    }

    #[test]
    fn a_refused_newer_member_leaves_no_trace() {
        let mut lab = Lab::empty();
        let with_warm = |request| CreateStreamInput { warm_throughput_mi_bps: Some(8), ..request };
        let on_demand = CreateStreamInput { stream_name: text("orders"), ..Default::default() };
        for request in [with_warm(create("orders", 1)), with_warm(on_demand)] {
            assert!(lab.call(request).is_err());
        }
        lab.accepts(create("orders", 1));
        assert_eq!(lab.stream().number, 1);
    }
}
