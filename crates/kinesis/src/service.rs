//! The service: streams of one account in one Region, answering one request after the other.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use crate::account::Commitment;
use crate::apart::apart;
use crate::consumer::{ConsumerArn, Resource};
use crate::scaling::{self, Round};
use crate::stream::{Change, Pending};
use crate::subscription::Place;
use crate::{
    ApiError, CallContext, Consumer, Duration, Fact, HashKeyRange, Instant, Limits, LimitsProfile, Operation,
    Quota, Request, Response, ShardId, SortedMap, Stream, StreamMode, StreamName, StreamSetting,
    StreamStatus,
};
use crate::{on_demand, operations};

/// Kinesis Data Streams of one account in one Region.
#[derive(Clone, Debug)]
pub struct Service {
    pub(crate) limits: Limits,
    pub(crate) account: SmolStr,
    pub(crate) region: String,
    pub(crate) streams: BTreeMap<StreamName, Stream>,
    /// When streams next change by themselves.
    /// Invariant: one entry for each stream that has a deadline, kept by `reschedule`.
    /// Likewise one for each subscription that is live, kept where it begins, pushes, is woken and ends.
    pub(crate) deadlines: BTreeSet<(Instant, Deadline)>,
    pub(crate) commitment: Option<Commitment>,
    /// Calls that are counted for the whole account.
    call_rates: SortedMap<Operation, Quota>,
    streams_created: u64,
    readings_started: u64,
    subscriptions_started: u64,
}

/// What a shard had left of its budgets before [`Service::starve`].
#[derive(Debug)]
pub struct Starved {
    pub stream: StreamName,
    pub shard: ShardId,
    budgets: [Quota; 4],
}

/// What is due at an instant. At the same instant streams change before anything is pushed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Deadline {
    Stream(StreamName),
    Push(Place),
}

impl Service {
    pub fn new(profile: LimitsProfile, account: &str, region: &str) -> Service {
        Service {
            limits: Limits::of(profile),
            account: account.into(),
            region: region.to_owned(),
            streams: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            commitment: None,
            call_rates: SortedMap::new(),
            streams_created: 0,
            readings_started: 0,
            subscriptions_started: 0,
        }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The account's twelve digits.
    pub fn account(&self) -> &str {
        &self.account
    }

    pub fn region(&self) -> &str {
        &self.region
    }

    /// All streams by name.
    pub fn streams(&self) -> impl ExactSizeIterator<Item = &Stream> {
        self.streams.values()
    }

    pub fn stream(&self, name: &str) -> Option<&Stream> {
        self.streams.get(name)
    }

    /// Uses up what a shard may do in this second, as if others had; the first open one where none is named. What it
    /// had left comes back with [`Service::feed`].
    pub fn starve(&mut self, stream: &str, shard: Option<ShardId>, now: Instant) -> Option<Starved> {
        let found = self.streams.get_mut(stream)?;
        let first_open = || found.shards().iter().find(|shard| shard.is_open()).map(|shard| shard.id);
        let id = shard.or_else(first_open)?;
        let shard = found.shard_mut(id)?;
        let quotas =
            [&mut shard.write_records, &mut shard.write_bytes, &mut shard.read_calls, &mut shard.read_bytes];
        let budgets = quotas.map(|quota| {
            let before = quota.clone();
            quota.spend(u64::try_from(quota.level(now)).unwrap_or(0), now);
            before
        });
        Some(Starved { stream: stream.into(), shard: id, budgets })
    }

    /// Gives a shard back what [`Service::starve`] took.
    pub fn feed(&mut self, starved: Starved) {
        let stream = self.streams.get_mut(&*starved.stream);
        if let Some(shard) = stream.and_then(|stream| stream.shard_mut(starved.shard)) {
            [shard.write_records, shard.write_bytes, shard.read_calls, shard.read_bytes] = starved.budgets;
        }
    }

    /// Answers one request at `ctx.now`; what happened is added to `facts`. A refused request changes nothing but
    /// the budgets that refused it.
    pub fn handle(
        &mut self,
        ctx: &CallContext<'_>,
        request: &Request,
        facts: &mut Vec<Fact>,
    ) -> Result<Response, ApiError> {
        match request {
            Request::AddTagsToStream(input) => {
                apart(|| operations::add_tags_to_stream(self, ctx, input, facts))
            }
            Request::CreateStream(input) => apart(|| operations::create_stream(self, ctx, input, facts)),
            Request::DecreaseStreamRetentionPeriod(input) => {
                apart(|| operations::decrease_retention(self, ctx, input, facts))
            }
            Request::DeleteStream(input) => apart(|| operations::delete_stream(self, ctx, input, facts)),
            Request::DeleteResourcePolicy(input) => {
                apart(|| operations::delete_resource_policy(self, ctx, input, facts))
            }
            Request::DeregisterStreamConsumer(input) => {
                apart(|| operations::deregister_stream_consumer(self, ctx, input, facts))
            }
            Request::DescribeAccountSettings(input) => {
                apart(|| operations::describe_account_settings(self, ctx, input))
            }
            Request::DescribeLimits(input) => apart(|| operations::describe_limits(self, ctx, input)),
            Request::DescribeStream(input) => apart(|| operations::describe_stream(self, ctx, input)),
            Request::DescribeStreamConsumer(input) => {
                apart(|| operations::describe_stream_consumer(self, ctx, input))
            }
            Request::DescribeStreamSummary(input) => {
                apart(|| operations::describe_stream_summary(self, ctx, input))
            }
            Request::DisableEnhancedMonitoring(input) => {
                apart(|| operations::disable_enhanced_monitoring(self, ctx, input, facts))
            }
            Request::EnableEnhancedMonitoring(input) => {
                apart(|| operations::enable_enhanced_monitoring(self, ctx, input, facts))
            }
            Request::GetRecords(input) => apart(|| operations::get_records(self, ctx, input, facts)),
            Request::GetResourcePolicy(input) => apart(|| operations::get_resource_policy(self, ctx, input)),
            Request::GetShardIterator(input) => {
                apart(|| operations::get_shard_iterator(self, ctx, input, facts))
            }
            Request::IncreaseStreamRetentionPeriod(input) => {
                apart(|| operations::increase_retention(self, ctx, input, facts))
            }
            Request::ListShards(input) => apart(|| operations::list_shards(self, ctx, input)),
            Request::ListStreamConsumers(input) => {
                apart(|| operations::list_stream_consumers(self, ctx, input))
            }
            Request::ListStreams(input) => apart(|| operations::list_streams(self, ctx, input)),
            Request::ListTagsForResource(input) => {
                apart(|| operations::list_tags_for_resource(self, ctx, input))
            }
            Request::ListTagsForStream(input) => apart(|| operations::list_tags_for_stream(self, ctx, input)),
            Request::MergeShards(input) => apart(|| operations::merge_shards(self, ctx, input, facts)),
            Request::PutRecord(input) => apart(|| operations::put_record(self, ctx, input, facts)),
            Request::PutRecords(input) => apart(|| operations::put_records(self, ctx, input, facts)),
            Request::PutResourcePolicy(input) => {
                apart(|| operations::put_resource_policy(self, ctx, input, facts))
            }
            Request::RegisterStreamConsumer(input) => {
                apart(|| operations::register_stream_consumer(self, ctx, input, facts))
            }
            Request::RemoveTagsFromStream(input) => {
                apart(|| operations::remove_tags_from_stream(self, ctx, input, facts))
            }
            Request::SplitShard(input) => apart(|| operations::split_shard(self, ctx, input, facts)),
            Request::StartStreamEncryption(input) => {
                apart(|| operations::start_stream_encryption(self, ctx, input, facts))
            }
            Request::StopStreamEncryption(input) => {
                apart(|| operations::stop_stream_encryption(self, ctx, input, facts))
            }
            Request::SubscribeToShard(input) => {
                apart(|| operations::subscribe_to_shard(self, ctx, input, facts))
            }
            Request::TagResource(input) => apart(|| operations::tag_resource(self, ctx, input, facts)),
            Request::UpdateAccountSettings(input) => {
                apart(|| operations::update_account_settings(self, ctx, input))
            }
            Request::UpdateMaxRecordSize(input) => {
                apart(|| operations::update_max_record_size(self, ctx, input, facts))
            }
            Request::UpdateShardCount(input) => {
                apart(|| operations::update_shard_count(self, ctx, input, facts))
            }
            Request::UntagResource(input) => apart(|| operations::untag_resource(self, ctx, input, facts)),
            Request::UpdateStreamMode(input) => {
                apart(|| operations::update_stream_mode(self, ctx, input, facts))
            }
            Request::UpdateStreamRecordDistributionStrategy(input) => {
                apart(|| operations::update_stream_record_distribution_strategy(self, ctx, input, facts))
            }
            Request::UpdateStreamWarmThroughput(input) => {
                apart(|| operations::update_stream_warm_throughput(self, ctx, input, facts))
            }
        }
    }

    /// When the service next does something by itself: a stream becomes ACTIVE or is gone, a closed shard expires, a
    /// subscription pushes.
    pub fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.first().map(|(due, _)| *due)
    }

    /// Does what is due at `now` or before.
    pub fn settle(&mut self, now: Instant, facts: &mut Vec<Fact>) {
        while let Some((due, deadline)) = self.deadlines.first().cloned() {
            if due > now {
                break;
            }
            self.deadlines.pop_first();
            match deadline {
                Deadline::Stream(name) => {
                    self.settle_stream(&name, due, facts);
                    // Shards may have been closed.
                    self.wake_subscribers(&name, due);
                }
                Deadline::Push(place) => self.push(&place, due, facts),
            }
        }
    }

    fn settle_stream(&mut self, name: &StreamName, now: Instant, facts: &mut Vec<Fact>) {
        let Some(stream) = self.streams.get_mut(name) else { return };
        stream.expire_shards(now, facts);
        stream.settle_consumers(now, facts);
        on_demand::check(stream, now, &self.limits, facts);
        let Some(pending) = stream.pending.take_if(|pending| pending.due <= now) else {
            self.reschedule(name);
            return;
        };
        match pending.change {
            Change::Create { shard_count } => {
                // There was nothing to read before: the trim horizon does not lie before the first shards.
                stream.trimmed_before = now;
                stream.set_mode(stream.mode, now);
                for range in HashKeyRange::evenly(shard_count) {
                    stream.open_shard(range, (None, None), stream.created, now, &self.limits, facts);
                }
            }
            Change::Split { shard, new_starting_hash_key } => {
                stream.split(shard, new_starting_hash_key, now, &self.limits, facts);
            }
            Change::Merge { shard, adjacent } => stream.merge(shard, adjacent, now, &self.limits, facts),
            Change::Mode { mode, warm_throughput } => {
                stream.set_mode(mode, now);
                stream.warm_throughput = warm_throughput;
                facts.push(Fact::SettingChanged { stream: name.clone(), setting: StreamSetting::Mode });
                let target = warm_throughput.unwrap_or_default();
                if target > stream.open_shard_count() {
                    let due = now + Duration::from_seconds(self.limits.reshard_seconds);
                    stream.pending = Some(Pending { due, change: Change::Scale { target } });
                    self.reschedule(name);
                    return;
                }
            }
            Change::Encrypt { key } => {
                stream.decryption_key = key.clone().or(stream.decryption_key.take());
                stream.encryption_key = key;
                facts.push(Fact::SettingChanged { stream: name.clone(), setting: StreamSetting::Encryption });
            }
            Change::Scale { target } => {
                scaling::make_round(stream, target, now, &self.limits, facts);
                if scaling::next_round(stream, target) != Round::Done {
                    let due = now + Duration::from_seconds(self.limits.reshard_seconds);
                    stream.pending = Some(Pending { due, change: Change::Scale { target } });
                    self.reschedule(name);
                    return;
                }
            }
            Change::Delete => {
                facts.push(Fact::StreamDeleted { stream: name.clone() });
                self.streams.remove(name);
                return;
            }
        }
        stream.set_status(StreamStatus::Active, facts);
        self.reschedule(name);
    }

    /// Keeps `deadlines` in step after a change of the stream.
    pub(crate) fn reschedule(&mut self, name: &StreamName) {
        self.deadlines
            .retain(|(_, deadline)| !matches!(deadline, Deadline::Stream(scheduled) if scheduled == name));
        if let Some(due) = self.streams.get(name).and_then(Stream::next_deadline) {
            self.deadlines.insert((due, Deadline::Stream(name.clone())));
        }
    }

    /// After records were stored: subscribers are told, and an on-demand stream looks at its traffic as long as it
    /// has some.
    pub(crate) fn watch_traffic(&mut self, name: &StreamName, now: Instant) {
        self.wake_subscribers(name, now);
        if let Some(stream) = self.streams.get_mut(name).filter(|stream| on_demand::is_asleep(stream)) {
            on_demand::wake(stream, now);
            self.reschedule(name);
        }
    }

    pub(crate) fn next_stream_number(&mut self) -> u64 {
        self.streams_created += 1;
        self.streams_created
    }

    pub(crate) fn next_reading(&mut self) -> u64 {
        self.readings_started += 1;
        self.readings_started
    }

    pub(crate) fn next_subscription(&mut self) -> u64 {
        self.subscriptions_started += 1;
        self.subscriptions_started
    }

    /// Bytes of record data and keys in memory.
    pub fn stored_bytes(&self) -> u64 {
        self.streams.values().map(|stream| stream.stored_bytes).sum()
    }

    /// Refuses what would not fit the sandbox's memory any more, once what nobody can read any more is dropped.
    pub(crate) fn make_room(&mut self, bytes: u64, now: Instant) -> Result<(), ApiError> {
        let limit = self.limits.sandbox_stored_bytes;
        let is_full = |service: &Service| service.stored_bytes().saturating_add(bytes) > limit;
        if is_full(self) {
            self.streams.values_mut().for_each(|stream| stream.trim(now));
        }
        if is_full(self) { Err(ApiError::sandbox_full(limit)) } else { Ok(()) }
    }

    pub(crate) fn on_demand_stream_count(&self) -> u64 {
        self.streams().filter(|stream| stream.mode == StreamMode::OnDemand).count() as u64
    }

    /// Refuses one more on-demand stream than the account may have.
    pub(crate) fn must_have_room_on_demand(&self) -> Result<(), ApiError> {
        let limit = self.limits.on_demand_streams;
        if self.on_demand_stream_count() < limit {
            Ok(())
        } else {
            Err(ApiError::too_many_on_demand_streams(&self.account, limit))
        }
    }

    /// Open shards of the account's provisioned streams, those of streams that are being created included.
    pub(crate) fn account_shard_count(&self) -> u64 {
        self.streams
            .values()
            .filter(|stream| stream.mode == StreamMode::Provisioned)
            .map(|stream| match stream.pending.as_ref().map(|pending| &pending.change) {
                Some(Change::Create { shard_count }) => u64::from(*shard_count),
                Some(Change::Scale { target }) => u64::from((*target).max(stream.open_shard_count())),
                Some(
                    Change::Split { .. }
                    | Change::Merge { .. }
                    | Change::Encrypt { .. }
                    | Change::Mode { .. }
                    | Change::Delete,
                )
                | None => u64::from(stream.open_shard_count()),
            })
            .sum()
    }

    /// The name of the stream that a request means, by name or by ARN.
    pub(crate) fn name_of<'a>(
        &self,
        name: Option<&'a str>,
        arn: Option<&'a str>,
    ) -> Result<&'a str, ApiError> {
        let from_arn = arn.and_then(|arn| arn.split_once(":stream/")).map(|(_, name)| name);
        match (name, from_arn) {
            (Some(name), Some(other)) if name != other => {
                Err(ApiError::name_and_arn_differ(name, arn.unwrap_or_default()))
            }
            (Some(name), _) | (None, Some(name)) => Ok(name),
            (None, None) => Err(ApiError::no_stream_given()),
        }
    }

    /// The stream that a request means, by name or by ARN.
    pub(crate) fn find(&self, name: Option<&str>, arn: Option<&str>) -> Result<&Stream, ApiError> {
        let name = self.name_of(name, arn)?;
        let stream = self.streams.get(name).filter(|stream| {
            // An ARN of another account or Region names another stream, of the same name or not.
            arn.is_none_or(|arn| arn == stream.arn(&self.region, &self.account))
        });
        stream.ok_or_else(|| ApiError::stream_not_found(name, &self.account))
    }

    /// What a resource's ARN means.
    pub(crate) fn find_resource(&self, arn: &Option<String>) -> Result<Resource, ApiError> {
        let arn = arn.as_deref().unwrap_or_default();
        let kind = arn.splitn(6, ':').nth(5).and_then(|resource| resource.split('/').next());
        if let Some(kind @ ("channel" | "queue")) = kind {
            return Err(ApiError::not_simulated(&format!("A {kind}")));
        }
        match ConsumerArn::parse(arn) {
            Some(consumer) => {
                let (stream, consumer) = self.find_consumer(&consumer)?;
                Ok(Resource { stream: stream.name.clone(), consumer: Some(consumer.name.clone()) })
            }
            None => {
                let stream = self.find(None, Some(arn))?.name.clone();
                Ok(Resource { stream, consumer: None })
            }
        }
    }

    /// The consumer that an ARN means, with its stream.
    pub(crate) fn find_consumer(&self, arn: &ConsumerArn<'_>) -> Result<(&Stream, &Consumer), ApiError> {
        let stream = self.find(None, Some(arn.stream))?;
        let consumer = stream.consumers.get(arn.name).filter(|consumer| {
            // A consumer that was registered again has another ARN.
            arn.created.is_none_or(|created| created == consumer.created.seconds())
        });
        let consumer = consumer.ok_or_else(|| ApiError::consumer_not_found(arn.name, &self.account))?;
        Ok((stream, consumer))
    }

    /// As [`Service::find`], to change it.
    pub(crate) fn find_mut(
        &mut self,
        name: Option<&str>,
        arn: Option<&str>,
    ) -> Result<&mut Stream, ApiError> {
        let name = self.find(name, arn)?.name.clone();
        self.streams.get_mut(&name).ok_or_else(|| ApiError::stream_not_found(&name, &self.account))
    }
}

mod admission;
#[cfg(test)]
mod tests;

pub(crate) use admission::Target;
