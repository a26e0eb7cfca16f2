//! Metrics that libraries and managed services publish of themselves: which there are, and their points.
//!
//! Documented: Monitor the KPL, and the KCL, with CloudWatch (Kinesis Developer Guide); Types of metrics for Lambda
//! functions (Lambda Developer Guide); Monitor with CloudWatch metrics (Data Firehose Developer Guide). Simplified: how
//! long calls to a lease table take is not measured, nor what an event source mapping measures only when its
//! MetricsConfig asks for it; each value stands in the minute in which it was measured, where the libraries gather
//! before they upload; Firehose publishes each minute, not each five.

use std::sync::Arc;

use kinesis::{Instant, ShardId, SortedMap};

use super::series::Series;
use super::{Metric, MetricName};

/// Of what a metric speaks, and so which dimensions it has.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Scope {
    /// Of a KPL: with StreamName and ShardId, with StreamName, and without.
    KplShard,
    /// Of a KPL: with StreamName, and without.
    KplStream,
    /// Of a KCL application: Operation and ShardId.
    KclShard(&'static str),
    /// Operation and WorkerIdentifier.
    KclWorker(&'static str),
    /// Operation alone.
    KclApplication(&'static str),
    /// Of a function: with FunctionName, and of all functions.
    Function,
    /// DeliveryStreamName.
    DeliveryStream,
}

macro_rules! metrics {
    ($( $scope:expr => { $( $variant:ident = $name:literal, $unit:literal; )* } )*) => {
        /// A metric that a program or a managed service measures.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        pub(crate) enum ProgramMetric { $( $( $variant, )* )* }

        impl ProgramMetric {
            const fn name(self) -> &'static str {
                match self { $( $( ProgramMetric::$variant => $name, )* )* }
            }

            const fn unit(self) -> &'static str {
                match self { $( $( ProgramMetric::$variant => $unit, )* )* }
            }

            const fn scope(self) -> Scope {
                match self { $( $( ProgramMetric::$variant => $scope, )* )* }
            }
        }
    };
}

metrics! {
    Scope::KplStream => {
        UserRecordsReceived = "UserRecordsReceived", "Count";
        UserRecordsPending = "UserRecordsPending", "Count";
        RequestTime = "RequestTime", "Milliseconds";
        KinesisRecordsPerRequest = "KinesisRecordsPerPutRecordsRequest", "Count";
        UserRecordsPerRequest = "UserRecordsPerPutRecordsRequest", "Count";
    }
    Scope::KplShard => {
        UserRecordsPut = "UserRecordsPut", "Count";
        UserRecordsDataPut = "UserRecordsDataPut", "Bytes";
        KinesisRecordsPut = "KinesisRecordsPut", "Count";
        KinesisRecordsDataPut = "KinesisRecordsDataPut", "Bytes";
        ErrorsByCode = "ErrorsByCode", "Count";
        AllErrors = "AllErrors", "Count";
        RetriesPerRecord = "RetriesPerRecord", "Count";
        UserRecordExpired = "UserRecordExpired", "Count";
        BufferingTime = "BufferingTime", "Milliseconds";
        UserRecordsPerKinesisRecord = "UserRecordsPerKinesisRecord", "Count";
    }
    Scope::KclShard("ProcessTask") => {
        GetRecordsSuccess = "KinesisDataFetcher.getRecords.Success", "Count";
        ExpiredIterator = "ExpiredIterator", "Count";
        DataBytesProcessed = "DataBytesProcessed", "Bytes";
        RecordsProcessed = "RecordsProcessed", "Count";
        MillisBehindLatest = "MillisBehindLatest", "Milliseconds";
        ProcessRecordsTime = "RecordProcessor.processRecords.Time", "Milliseconds";
        CheckpointSuccess = "UpdateLease.Success", "Count";
        ProcessSuccess = "Success", "Count";
    }
    Scope::KclWorker("RenewAllLeases") => {
        RenewLeaseSuccess = "RenewLease.Success", "Count";
        CurrentLeases = "CurrentLeases", "Count";
        LostLeases = "LostLeases", "Count";
    }
    Scope::KclWorker("TakeLeases") => {
        ListLeasesSuccess = "ListLeases.Success", "Count";
        TakeLeaseSuccess = "TakeLease.Success", "Count";
        NumWorkers = "NumWorkers", "Count";
        NeededLeases = "NeededLeases", "Count";
        LeasesToTake = "LeasesToTake", "Count";
        TakenLeases = "TakenLeases", "Count";
        TotalLeases = "TotalLeases", "Count";
        ExpiredLeases = "ExpiredLeases", "Count";
    }
    Scope::KclApplication("InitializeTask") => {
        GetIteratorSuccess = "KinesisDataFetcher.getIterator.Success", "Count";
    }
    Scope::Function => {
        Invocations = "Invocations", "Count";
        Errors = "Errors", "Count";
        Throttles = "Throttles", "Count";
        Duration = "Duration", "Milliseconds";
        ConcurrentExecutions = "ConcurrentExecutions", "Count";
        IteratorAge = "IteratorAge", "Milliseconds";
        DestinationDeliveryFailures = "DestinationDeliveryFailures", "Count";
    }
    Scope::DeliveryStream => {
        StreamBytesRead = "DataReadFromKinesisStream.Bytes", "Bytes";
        StreamRecordsRead = "DataReadFromKinesisStream.Records", "Count";
        KinesisMillisBehindLatest = "KinesisMillisBehindLatest", "Milliseconds";
        ThrottledGetRecords = "ThrottledGetRecords", "Count";
        IncomingBytes = "IncomingBytes", "Bytes";
        IncomingRecords = "IncomingRecords", "Count";
        IncomingPutRequests = "IncomingPutRequests", "Count";
        FirehosePutRecordBytes = "PutRecord.Bytes", "Bytes";
        FirehosePutRecordRequests = "PutRecord.Requests", "Count";
        FirehosePutRecordBatchBytes = "PutRecordBatch.Bytes", "Bytes";
        FirehosePutRecordBatchRecords = "PutRecordBatch.Records", "Count";
        FirehosePutRecordBatchRequests = "PutRecordBatch.Requests", "Count";
        ThrottledRecords = "ThrottledRecords", "Count";
        DeliveryBytes = "DeliveryToS3.Bytes", "Bytes";
        DeliveryRecords = "DeliveryToS3.Records", "Count";
        DeliverySuccess = "DeliveryToS3.Success", "Count";
        DeliveryDataFreshness = "DeliveryToS3.DataFreshness", "Seconds";
        DeliveryObjectCount = "DeliveryToS3.ObjectCount", "Count";
        BackupBytes = "BackupToS3.Bytes", "Bytes";
        BackupRecords = "BackupToS3.Records", "Count";
        BackupSuccess = "BackupToS3.Success", "Count";
        BackupDataFreshness = "BackupToS3.DataFreshness", "Seconds";
        ProcessingDuration = "ExecuteProcessing.Duration", "Milliseconds";
        ProcessingSuccess = "ExecuteProcessing.Success", "Count";
        ProcessedRecords = "SucceedProcessing.Records", "Count";
        ProcessedBytes = "SucceedProcessing.Bytes", "Bytes";
        ConvertedRecords = "SucceedConversion.Records", "Count";
        ConvertedBytes = "SucceedConversion.Bytes", "Bytes";
        UnconvertedRecords = "FailedConversion.Records", "Count";
        UnconvertedBytes = "FailedConversion.Bytes", "Bytes";
        PartitionCount = "PartitionCount", "Count";
        PartitionCountExceeded = "PartitionCountExceeded", "Count";
    }
}

const KPL: &str = "KinesisProducerLibrary";
const LAMBDA: &str = "AWS/Lambda";
const FIREHOSE: &str = "AWS/Firehose";

/// Values that were measured together.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Stat {
    pub(crate) count: u32,
    pub(crate) sum: u64,
    pub(crate) min: u64,
    pub(crate) max: u64,
}

impl Stat {
    pub(crate) fn one(value: u64) -> Stat {
        Stat { count: 1, sum: value, min: value, max: value }
    }

    pub(crate) fn merge(&mut self, other: Stat) {
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

/// What an actor has measured.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    pub(crate) metric: ProgramMetric,
    pub(crate) shard: Option<ShardId>,
    /// `ErrorCode` of `ErrorsByCode`.
    pub(crate) code: Option<&'static str>,
    pub(crate) stat: Stat,
}

/// Which series a value belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Key {
    metric: ProgramMetric,
    shard: Option<ShardId>,
    /// Stream of a KPL, application, function, Firehose stream; empty where it is of all of them.
    owner: Name,
    /// Worker, error code; empty where there is none.
    detail: Name,
}

/// Place of a name among [`Programs::names`]: numbers are compared much faster than names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Name(u16);

#[derive(Clone, Debug)]
struct Kept {
    key: Key,
    series: Series,
}

/// Metrics that programs and managed services publish, over all of them.
const SERIES_MAX: usize = 2_000;

/// Names of owners and details, over all series. A name that finds no room any more is measured no more.
const NAMES_MAX: usize = 2 * SERIES_MAX;

/// The series of all programs.
#[derive(Clone, Debug, Default)]
pub(super) struct Programs {
    /// In the order in which they came up.
    names: Vec<Arc<str>>,
    places: SortedMap<Arc<str>, Name>,
    /// Invariant: in the order of their keys.
    kept: Vec<Kept>,
}

impl Programs {
    /// The place of a name; none where it is new and there are too many.
    fn name(&mut self, name: &str) -> Option<Name> {
        if let Some(place) = self.places.get(name) {
            return Some(*place);
        }
        let place = Name(u16::try_from(self.names.len()).ok().filter(|_| self.names.len() < NAMES_MAX)?);
        let name: Arc<str> = Arc::from(name);
        self.names.push(Arc::clone(&name));
        self.places.insert(name, place);
        Some(place)
    }

    fn words(&self, name: Name) -> &str {
        self.names.get(usize::from(name.0)).map_or("", |name| name)
    }

    fn namespace(&self, key: &Key) -> &str {
        match key.metric.scope() {
            Scope::KplShard | Scope::KplStream => KPL,
            Scope::KclShard(_) | Scope::KclWorker(_) | Scope::KclApplication(_) => self.words(key.owner),
            Scope::Function => LAMBDA,
            Scope::DeliveryStream => FIREHOSE,
        }
    }

    fn metric_name(&self, key: &Key) -> MetricName {
        let shard = key.shard.map(|shard| shard.to_string()).unwrap_or_default();
        let (owner, detail) = (self.words(key.owner), self.words(key.detail));
        let dimensions = match key.metric.scope() {
            Scope::KplShard | Scope::KplStream => {
                [("ErrorCode", detail), ("ShardId", shard.as_str()), ("StreamName", owner)]
            }
            Scope::KclShard(operation) | Scope::KclWorker(operation) | Scope::KclApplication(operation) => {
                [("Operation", operation), ("ShardId", shard.as_str()), ("WorkerIdentifier", detail)]
            }
            Scope::Function => [("FunctionName", owner), ("", ""), ("", "")],
            Scope::DeliveryStream => [("DeliveryStreamName", owner), ("", ""), ("", "")],
        };
        let known: Vec<(&str, &str)> =
            dimensions.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        MetricName::new(self.namespace(key), key.metric.name(), &known)
    }

    /// Takes what was measured by or about `owner`, as all the metrics that it is a part of.
    pub(super) fn add(&mut self, now: Instant, owner: &str, worker: &str, measured: &[Measured]) {
        let names = (self.name(""), self.name(owner), self.name(worker));
        let (Some(all), Some(owner), Some(worker)) = names else { return };
        for one in measured {
            let detail = match (one.metric.scope(), one.code) {
                (Scope::KclWorker(_), _) => Some(worker),
                (Scope::KplShard | Scope::KplStream, Some(code)) => self.name(code),
                _ => Some(all),
            };
            if let Some(detail) = detail {
                self.add_one(now, all, owner, detail, one);
            }
        }
    }

    fn add_one(&mut self, now: Instant, all: Name, owner: Name, detail: Name, measured: &Measured) {
        let Measured { metric, shard, stat, .. } = *measured;
        let key = |shard, owner| Key { metric, shard, owner, detail };
        match metric.scope() {
            // Documented: what is measured of a shard is measured of its stream and of the library too. Of errors there
            // is none without its code.
            Scope::KplShard | Scope::KplStream => {
                if shard.is_some() {
                    self.put(now, key(shard, owner), stat);
                }
                self.put(now, key(None, owner), stat);
                self.put(now, key(None, all), stat);
            }
            Scope::KclShard(_) => self.put(now, key(shard, owner), stat),
            Scope::KclWorker(_) | Scope::KclApplication(_) | Scope::DeliveryStream => {
                self.put(now, key(None, owner), stat);
            }
            Scope::Function => {
                self.put(now, key(None, owner), stat);
                self.put(now, key(None, all), stat);
            }
        }
    }

    /// Beyond the bound new metrics are left out.
    fn put(&mut self, now: Instant, key: Key, stat: Stat) {
        match self.kept.binary_search_by_key(&key, |kept| kept.key) {
            Ok(place) => self.kept[place].series.add(now, stat),
            Err(place) if self.kept.len() < SERIES_MAX => {
                let mut kept = Kept { key, series: Series::default() };
                kept.series.add(now, stat);
                self.kept.insert(place, kept);
            }
            Err(_) => {}
        }
    }

    /// By metric and shard, then by name.
    pub(super) fn list(&self) -> impl Iterator<Item = (&Series, Metric)> {
        let mut kept: Vec<&Kept> = self.kept.iter().collect();
        kept.sort_by_key(|kept| {
            let Key { metric, shard, owner, detail } = kept.key;
            (metric, shard, self.words(owner), self.words(detail))
        });
        kept.into_iter().map(|kept| {
            let name = self.metric_name(&kept.key);
            (&kept.series, Metric { name, unit: kept.key.metric.unit().to_owned() })
        })
    }

    pub(super) fn series(&self, name: &MetricName) -> Option<&Series> {
        let mut named = self.kept.iter().filter(|Kept { key, .. }| {
            key.metric.name() == name.name
                && self.namespace(key) == name.namespace
                && self.metric_name(key) == *name
        });
        named.next().map(|kept| &kept.series)
    }

    pub(super) fn len(&self) -> usize {
        self.kept.len()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Series> {
        self.kept.iter().map(|kept| &kept.series)
    }
}
