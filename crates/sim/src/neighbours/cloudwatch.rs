//! CloudWatch: the metrics of streams, shards and consumers, those that programs publish, and alarms on them.
//!
//! A metric is a fold over what happened. Points are of a minute and can be seen a minute later; how long they are
//! kept stands in `series.rs`.

mod alarms;
mod names;
mod programs;
mod series;

use std::sync::Arc;

use kinesis::{
    ApiError, ErrorCode, Fact, Instant, PutRecordsResultEntry, Request, Response, Service, ShardId,
    ShardLevelMetric, SortedMap, StreamName,
};

pub use alarms::{Alarm, AlarmSpec, AlarmState, Comparison, MissingData, Threshold};
use names::{ConsumerMetric, KINESIS, StreamMetric, shard_unit};
use programs::Programs;
pub(crate) use programs::{Measured, ProgramMetric, Stat};
use series::{Point, Series};

use crate::ActorId;

/// Every metric of an account, and its alarms.
#[derive(Clone, Debug, Default)]
pub(crate) struct CloudWatch {
    streams: SortedMap<StreamName, StreamSeries>,
    programs: Programs,
    published: SortedMap<MetricName, (Arc<str>, Series)>,
    pub(crate) alarms: SortedMap<String, Alarm>,
    /// In which minute a program was last refused: one refusal a minute is told.
    pub(crate) refused: SortedMap<ActorId, u64>,
    /// When a program last uploaded, in tens of seconds, and whether it may.
    pub(crate) uploads: SortedMap<ActorId, (u64, bool)>,
}

#[derive(Clone, Debug)]
struct StreamSeries {
    stream: [Series; StreamMetric::ALL.len()],
    shards: SortedMap<ShardId, [Series; ShardLevelMetric::ALL.len()]>,
    consumers: SortedMap<Arc<str>, [Series; ConsumerMetric::ALL.len()]>,
}

/// A metric as it is asked for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct MetricName {
    /// `AWS/Kinesis`; the application's name for a KCL application.
    pub namespace: String,
    pub name: String,
    /// Pairs of name and value, in the order of their names.
    pub dimensions: Vec<(String, String)>,
}

/// A metric that there are points of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Metric {
    pub name: MetricName,
    pub unit: String,
}

/// A value that a program publishes under a name of its own making.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Measure {
    pub(crate) name: MetricName,
    pub(crate) unit: &'static str,
    pub(crate) value: u64,
}

/// What was measured in one period.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Datapoint {
    /// Its beginning.
    pub timestamp: Instant,
    pub sample_count: u64,
    pub sum: u64,
    pub minimum: u64,
    pub maximum: u64,
}

/// How the values of a period become one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Statistic {
    Sum,
    Average,
    Minimum,
    Maximum,
    SampleCount,
}

impl Statistic {
    pub const ALL: [Statistic; 5] =
        [Statistic::Sum, Statistic::Average, Statistic::Minimum, Statistic::Maximum, Statistic::SampleCount];

    pub const fn name(self) -> &'static str {
        match self {
            Statistic::Sum => "Sum",
            Statistic::Average => "Average",
            Statistic::Minimum => "Minimum",
            Statistic::Maximum => "Maximum",
            Statistic::SampleCount => "SampleCount",
        }
    }

    /// The statistic of that name.
    pub fn parse(name: &str) -> Option<Statistic> {
        Statistic::ALL.into_iter().find(|statistic| statistic.name() == name)
    }
}

impl Datapoint {
    /// The statistic as a fraction of whole numbers: an average need not be one.
    pub fn value(&self, statistic: Statistic) -> (u64, u64) {
        match statistic {
            Statistic::Sum => (self.sum, 1),
            Statistic::Average => (self.sum, self.sample_count.max(1)),
            Statistic::Minimum => (self.minimum, 1),
            Statistic::Maximum => (self.maximum, 1),
            Statistic::SampleCount => (self.sample_count, 1),
        }
    }
}

/// Streams that have metrics.
const STREAMS_MAX: usize = 200;
/// Shards of one stream that have metrics of their own.
const SHARDS_MAX: usize = 200;
/// Metrics that programs publish under names of their own, over all programs.
const PUBLISHED_MAX: usize = 500;
/// Milliseconds of the latency metrics. Simplified: the service answers in no time here, so that the figure is a
/// constant and says nothing.
const LATENCY_MS: u64 = 10;

impl StreamSeries {
    fn new() -> StreamSeries {
        StreamSeries { stream: Default::default(), shards: SortedMap::new(), consumers: SortedMap::new() }
    }

    fn last_minute(&self) -> u32 {
        self.stream.iter().map(Series::last_minute).max().unwrap_or_default()
    }
}

impl CloudWatch {
    // What is measured -------------------------------------------------------------------------------------------------

    /// After a call to Kinesis was answered.
    pub(crate) fn record_call(
        &mut self,
        now: Instant,
        request: &Request,
        result: &Result<Response, ApiError>,
        facts: &[Fact],
        service: &Service,
    ) {
        let is_measured = matches!(
            request,
            Request::PutRecord(_)
                | Request::PutRecords(_)
                | Request::GetRecords(_)
                | Request::SubscribeToShard(_)
        );
        if !is_measured {
            return;
        }
        let name: Option<StreamName> = match (facts.first(), request) {
            (Some(fact), _) => Some(fact.stream().clone()),
            (None, Request::PutRecord(input)) => {
                named(input.stream_name.as_deref(), input.stream_arn.as_deref())
            }
            (None, Request::PutRecords(input)) => {
                named(input.stream_name.as_deref(), input.stream_arn.as_deref())
            }
            (None, _) => None,
        };
        // Assumed: calls for streams that are not there are not counted anywhere.
        let Some(name) = name.filter(|name| service.stream(name).is_some()) else { return };
        let (mut records, mut bytes) = (0, 0);
        for fact in facts {
            if let Fact::RecordsAppended { count, bytes: more, .. } = fact {
                records += u64::from(*count);
                bytes += more;
            }
        }
        let is_throttled =
            result.as_ref().is_err_and(|error| error.code() == ErrorCode::ProvisionedThroughputExceeded);
        let series = &mut self.of_stream(&name).stream;
        let mut add = |metric: StreamMetric, value: u64| {
            if let Some(series) = series.get_mut(metric as usize) {
                series.add_one(now, value);
            }
        };
        match (request, result) {
            (Request::PutRecord(_), Ok(_)) => {
                add(StreamMetric::IncomingBytes, bytes);
                add(StreamMetric::IncomingRecords, records);
                add(StreamMetric::PutRecordBytes, bytes);
                add(StreamMetric::PutRecordLatency, LATENCY_MS);
                add(StreamMetric::PutRecordSuccess, 1);
                add(StreamMetric::WriteExceeded, 0);
            }
            (Request::PutRecord(_), Err(_)) => {
                add(StreamMetric::PutRecordSuccess, 0);
                add(StreamMetric::WriteExceeded, u64::from(is_throttled));
            }
            (Request::PutRecords(_), Ok(Response::PutRecords(output))) => {
                let total = output.records.len() as u64;
                let (mut throttled, mut failed) = (0, 0);
                for entry in &output.records {
                    if let PutRecordsResultEntry::Refused { error_code, .. } = entry {
                        let is_throttled = *error_code == ErrorCode::ProvisionedThroughputExceeded;
                        throttled += u64::from(is_throttled);
                        failed += u64::from(!is_throttled);
                    }
                }
                if records > 0 {
                    add(StreamMetric::IncomingBytes, bytes);
                    add(StreamMetric::IncomingRecords, records);
                }
                add(StreamMetric::PutRecordsBytes, bytes);
                add(StreamMetric::PutRecordsLatency, LATENCY_MS);
                add(StreamMetric::PutRecordsSuccess, u64::from(records > 0));
                add(StreamMetric::PutRecordsTotal, total);
                add(StreamMetric::PutRecordsSuccessful, records);
                add(StreamMetric::PutRecordsFailed, failed);
                add(StreamMetric::PutRecordsThrottled, throttled);
                add(StreamMetric::WriteExceeded, throttled);
            }
            (Request::PutRecords(_), _) => {
                add(StreamMetric::PutRecordsSuccess, 0);
                add(StreamMetric::WriteExceeded, u64::from(is_throttled));
            }
            (Request::GetRecords(_), Ok(Response::GetRecords(output))) => {
                let mut read = (0, 0);
                for fact in facts {
                    if let Fact::RecordsRead { count, bytes, .. } = fact {
                        read = (u64::from(*count), *bytes);
                    }
                }
                add(StreamMetric::GetRecordsBytes, read.1);
                add(StreamMetric::GetRecordsRecords, read.0);
                add(StreamMetric::GetRecordsLatency, LATENCY_MS);
                add(StreamMetric::GetRecordsSuccess, 1);
                add(StreamMetric::IteratorAge, output.millis_behind_latest);
                add(StreamMetric::ReadExceeded, 0);
            }
            (Request::GetRecords(_), _) => {
                add(StreamMetric::GetRecordsSuccess, 0);
                add(StreamMetric::ReadExceeded, u64::from(is_throttled));
            }
            _ => {}
        }
    }

    /// Takes note of one fact of the service: what shards and consumers measure.
    pub(crate) fn record(&mut self, now: Instant, fact: &Fact, service: &Service) {
        use ShardLevelMetric as M;
        match fact {
            Fact::RecordsAppended { stream, shard, count, bytes, .. } => {
                let values = [(M::IncomingRecords, u64::from(*count)), (M::IncomingBytes, *bytes)];
                self.of_shard(now, service, stream, *shard, &values);
            }
            Fact::WriteThrottled { stream, shard, count, .. } => {
                let values = [(M::WriteProvisionedThroughputExceeded, u64::from(*count))];
                self.of_shard(now, service, stream, *shard, &values);
            }
            Fact::RecordsRead { stream, shard, count, bytes, millis_behind, .. } => {
                let values = [
                    (M::OutgoingRecords, u64::from(*count)),
                    (M::OutgoingBytes, *bytes),
                    (M::IteratorAgeMilliseconds, *millis_behind),
                ];
                self.of_shard(now, service, stream, *shard, &values);
            }
            Fact::ReadThrottled { stream, shard, .. } => {
                let values = [(M::ReadProvisionedThroughputExceeded, 1)];
                self.of_shard(now, service, stream, *shard, &values);
            }
            Fact::EventPushed { stream, consumer, shard, count, bytes, millis_behind, .. } => {
                let values = [(M::OutgoingRecords, u64::from(*count)), (M::OutgoingBytes, *bytes)];
                self.of_shard(now, service, stream, *shard, &values);
                let series = self.of_consumer(stream, consumer);
                for (metric, value) in [
                    (ConsumerMetric::EventBytes, *bytes),
                    (ConsumerMetric::EventRecords, u64::from(*count)),
                    (ConsumerMetric::EventBehind, *millis_behind),
                    (ConsumerMetric::EventSuccess, 1),
                ] {
                    series[metric as usize].add_one(now, value);
                }
            }
            Fact::Subscribed { stream, consumer, .. } => {
                let series = self.of_consumer(stream, consumer);
                series[ConsumerMetric::SubscribeSuccess as usize].add_one(now, 1);
                series[ConsumerMetric::SubscribeRate as usize].add_one(now, 0);
            }
            Fact::StreamStatusChanged { .. }
            | Fact::StreamDeleted { .. }
            | Fact::RetentionChanged { .. }
            | Fact::SettingChanged { .. }
            | Fact::ConsumerStatusChanged { .. }
            | Fact::ConsumerDeregistered { .. }
            | Fact::ShardOpened { .. }
            | Fact::ShardClosed { .. }
            | Fact::ShardExpired { .. }
            | Fact::IteratorIssued { .. }
            | Fact::SubscriptionEnded { .. }
            | Fact::ShardEndReached { .. } => {}
        }
    }

    fn of_stream(&mut self, name: &StreamName) -> &mut StreamSeries {
        if self.streams.len() >= STREAMS_MAX && !self.streams.contains_key(name) {
            let oldest = self.streams.iter().min_by_key(|(_, series)| series.last_minute());
            if let Some(oldest) = oldest.map(|(name, _)| name.clone()) {
                self.streams.remove(&oldest);
            }
        }
        self.streams.or_insert_with(name.clone(), StreamSeries::new)
    }

    fn of_consumer(
        &mut self,
        stream: &StreamName,
        consumer: &Arc<str>,
    ) -> &mut [Series; ConsumerMetric::ALL.len()] {
        self.of_stream(stream).consumers.or_insert_with(consumer.clone(), Default::default)
    }

    /// Metrics of a shard, as far as they are switched on.
    fn of_shard(
        &mut self,
        now: Instant,
        service: &Service,
        name: &StreamName,
        shard: ShardId,
        values: &[(ShardLevelMetric, u64)],
    ) {
        let Some(stream) = service.stream(name) else { return };
        if stream.shard_level_metrics.is_empty() {
            return;
        }
        let shards = &mut self.of_stream(name).shards;
        if shards.len() >= SHARDS_MAX && !shards.contains_key(&shard) {
            return;
        }
        let series = shards.or_insert_with(shard, Default::default);
        for (metric, value) in values.iter().filter(|(metric, _)| stream.shard_level_metrics.contains(metric))
        {
            if let Some(series) = series.get_mut(*metric as usize) {
                series.add_one(now, *value);
            }
        }
    }

    /// What a program publishes; beyond the bound new metrics are left out.
    pub(crate) fn publish(&mut self, now: Instant, measure: Measure) {
        let Measure { name, unit, value } = measure;
        if let Some((_, series)) = self.published.get_mut(&name) {
            series.add_one(now, value);
        } else if self.published.len() < PUBLISHED_MAX {
            let mut series = Series::default();
            series.add_one(now, value);
            self.published.insert(name, (unit.into(), series));
        }
    }

    /// What a program or a managed service has measured, by or about `owner`.
    pub(crate) fn measure(&mut self, now: Instant, owner: &str, worker: &str, measured: &[Measured]) {
        self.programs.add(now, owner, worker, measured);
    }

    // What is asked ----------------------------------------------------------------------------------------------------

    /// Every metric that something was measured of.
    ///
    /// Assumed: one shows as soon as its first point does; AWS speaks of up to 15 minutes.
    pub(crate) fn list(&self) -> Vec<Metric> {
        let mut metrics = Vec::new();
        let mut push = |series: &Series, name: MetricName, unit: &str| {
            if series.point_count() > 0 {
                metrics.push(Metric { name, unit: unit.to_owned() });
            }
        };
        for (stream, of_stream) in self.streams.iter() {
            for (metric, series) in StreamMetric::ALL.iter().zip(&of_stream.stream) {
                push(series, kinesis_metric(metric.name(), &[("StreamName", stream)]), metric.unit());
            }
            for (consumer, all) in of_stream.consumers.iter() {
                for (metric, series) in ConsumerMetric::ALL.iter().zip(all) {
                    let dimensions = [("ConsumerName", &**consumer), ("StreamName", &**stream)];
                    push(series, kinesis_metric(metric.name(), &dimensions), metric.unit());
                }
            }
            for (shard, all) in of_stream.shards.iter() {
                let shard = shard.to_string();
                for (metric, series) in ShardLevelMetric::ALL.iter().zip(all) {
                    let dimensions = [("ShardId", shard.as_str()), ("StreamName", &**stream)];
                    push(series, kinesis_metric(metric.name(), &dimensions), shard_unit(*metric));
                }
            }
        }
        for (name, (unit, series)) in self.published.iter() {
            push(series, name.clone(), unit);
        }
        for (series, metric) in self.programs.list() {
            push(series, metric.name, &metric.unit);
        }
        metrics
    }

    fn series(&self, name: &MetricName) -> Option<&Series> {
        if name.namespace != KINESIS {
            let published = self.published.get(name).map(|(_, series)| series);
            return published.or_else(|| self.programs.series(name));
        }
        let dimension = |key: &str| {
            name.dimensions.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
        };
        let stream = self.streams.get(dimension("StreamName")?)?;
        let of_stream = |metric: &StreamMetric| metric.name() == name.name;
        match (name.dimensions.len(), dimension("ShardId"), dimension("ConsumerName")) {
            (1, ..) => stream.stream.get(StreamMetric::ALL.iter().position(of_stream)?),
            (2, Some(shard), None) => {
                let metric = ShardLevelMetric::ALL.iter().position(|metric| metric.name() == name.name)?;
                let shards = stream.shards.iter();
                shards.filter(|(id, _)| id.to_string() == shard).find_map(|(_, all)| all.get(metric))
            }
            (2, None, Some(consumer)) => {
                let metric = ConsumerMetric::ALL.iter().position(|metric| metric.name() == name.name)?;
                stream.consumers.get(consumer)?.get(metric)
            }
            _ => None,
        }
    }

    /// One point for each period of so many minutes in which something was measured.
    pub(crate) fn statistics(
        &self,
        now: Instant,
        name: &MetricName,
        from: Instant,
        to: Instant,
        period_minutes: u32,
    ) -> Vec<Datapoint> {
        let points = self.series(name).map(|series| series.points(now, from, to, period_minutes));
        points.into_iter().flatten().map(datapoint).collect()
    }

    /// Metrics that there can be points of: what a copy of them costs.
    pub(crate) fn list_count(&self) -> usize {
        let of_streams = self.streams.values().map(|of_stream| {
            StreamMetric::ALL.len()
                + of_stream.shards.len() * ShardLevelMetric::ALL.len()
                + of_stream.consumers.len() * ConsumerMetric::ALL.len()
        });
        of_streams.sum::<usize>() + self.published.len() + self.programs.len()
    }

    /// Points that are kept, over all metrics.
    pub(crate) fn point_count(&self) -> usize {
        let of_streams = self.streams.values().flat_map(|of_stream| {
            let shards = of_stream.shards.values().flatten();
            of_stream.stream.iter().chain(shards).chain(of_stream.consumers.values().flatten())
        });
        of_streams
            .chain(self.published.values().map(|(_, series)| series))
            .chain(self.programs.all())
            .map(Series::point_count)
            .sum()
    }
}

/// Points that one metric may have: what bounds a month of metrics.
pub const POINTS_PER_METRIC_MAX: usize = series::POINTS_MAX;

fn datapoint(point: Point) -> Datapoint {
    Datapoint {
        timestamp: Instant::from_seconds(u64::from(point.minute) * 60),
        sample_count: u64::from(point.count),
        sum: point.sum,
        minimum: point.min,
        maximum: point.max,
    }
}

/// A metric of `AWS/Kinesis`; the dimensions must stand in the order of their names.
fn kinesis_metric(name: &str, dimensions: &[(&str, &str)]) -> MetricName {
    MetricName::new(KINESIS, name, dimensions)
}

impl MetricName {
    /// A metric by its dimensions, in any order.
    pub fn new(namespace: &str, name: &str, dimensions: &[(&str, &str)]) -> MetricName {
        let mut dimensions: Vec<(String, String)> =
            dimensions.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        dimensions.sort();
        MetricName { namespace: namespace.to_owned(), name: name.to_owned(), dimensions }
    }
}

/// The stream that a request names.
fn named(name: Option<&str>, arn: Option<&str>) -> Option<StreamName> {
    let in_arn = || arn.and_then(|arn| arn.split_once(":stream/")).map(|(_, name)| name);
    name.or_else(in_arn).map(StreamName::from)
}
