//! What can be said of a program that puts records with the Kinesis Producer Library.

use kinesis::Duration;

use super::producer::check_records;
use crate::history::Refusal;
use crate::{KeyRecipe, ProducerSpec, Traffic, Workload};

/// A program that puts records with the Kinesis Producer Library.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KplSpec {
    pub name: String,
    pub stream: String,
    /// User records per second.
    pub rate: u32,
    /// How the rate changes over time.
    pub traffic: Traffic,
    /// What stands in the user records.
    pub workload: Workload,
    /// Bytes of data in each user record.
    pub size: u32,
    pub keys: KeyRecipe,
    pub config: KplConfig,
}

/// What the program does from now on; what is `None` stays. The library's own configuration cannot be changed while it
/// runs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KplChange {
    pub name: String,
    pub rate: Option<u32>,
    pub traffic: Option<Traffic>,
    pub workload: Option<Workload>,
    pub size: Option<u32>,
    pub keys: Option<KeyRecipe>,
}

/// Configuration of the library, by the names and with the defaults of the real one.
///
/// Documented: KinesisProducerConfiguration of the KPL 1.0.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KplConfig {
    /// `AggregationEnabled`.
    pub aggregation_enabled: bool,
    /// `AggregationMaxCount`: user records in one Kinesis record.
    pub aggregation_max_count: u64,
    /// `AggregationMaxSize`: bytes of one Kinesis record.
    pub aggregation_max_size: u64,
    /// `CollectionMaxCount`: Kinesis records in one PutRecords call.
    pub collection_max_count: u64,
    /// `CollectionMaxSize`: bytes of one PutRecords call.
    pub collection_max_size: u64,
    /// `RecordMaxBufferedTime`.
    pub record_max_buffered_time: Duration,
    /// `RecordTtl`: a user record that is not put by then has failed.
    pub record_ttl: Duration,
    /// `RateLimit`: percent of a shard's limits that this program uses at most.
    pub rate_limit: u64,
    /// `FailIfThrottled`: throttled records fail at once instead of being put again.
    pub fail_if_throttled: bool,
    /// `MaxConnections`: calls under way at once.
    pub max_connections: u64,
    /// `RequestTimeout`: how long the answer to a call may take.
    pub request_timeout: Duration,
}

impl Default for KplConfig {
    fn default() -> KplConfig {
        KplConfig {
            aggregation_enabled: true,
            aggregation_max_count: 4_294_967_295,
            aggregation_max_size: 51_200,
            collection_max_count: 500,
            collection_max_size: 5_242_880,
            record_max_buffered_time: Duration::from_millis(100),
            record_ttl: Duration::from_millis(30_000),
            rate_limit: 150,
            fail_if_throttled: false,
            max_connections: 24,
            request_timeout: Duration::from_millis(6_000),
        }
    }
}

/// The greatest number of a Java `long`, which is the only bound of some settings.
const LONG_MAX: u64 = i64::MAX as u64;
/// `MaxUserRecordSize`, as it is where nobody sets it.
const USER_RECORD_BYTES_MAX: u32 = 1 << 20;

impl KplSpec {
    pub fn new(name: impl Into<String>, stream: impl Into<String>) -> KplSpec {
        let ProducerSpec { name, stream, rate, traffic, workload, size, keys, .. } =
            ProducerSpec::new(name, stream);
        KplSpec { name, stream, rate, traffic, workload, size, keys, config: KplConfig::default() }
    }

    /// These settings with what a change says.
    pub(crate) fn take(&mut self, change: &KplChange) {
        self.rate = change.rate.unwrap_or(self.rate);
        self.traffic = change.traffic.unwrap_or(self.traffic);
        if let Some(workload) = change.workload {
            self.workload = workload;
            self.size = self.size.max(workload.size_min());
        }
        self.size = change.size.unwrap_or(self.size);
        if let Some(keys) = &change.keys {
            self.keys = keys.clone();
        }
    }

    /// Refuses what the library refuses, in its words.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        check_records(self.rate, self.traffic, self.workload, self.size)?;
        if self.size > USER_RECORD_BYTES_MAX {
            return Err(Refusal::new(format!(
                "Data must be less than or equal to {USER_RECORD_BYTES_MAX} bytes in size, got {} bytes",
                self.size
            )));
        }
        let config = &self.config;
        let millis = Duration::millis;
        for (name, value, min, max) in [
            ("aggregationMaxCount", config.aggregation_max_count, 1, LONG_MAX),
            ("aggregationMaxSize", config.aggregation_max_size, 64, 10_485_760),
            ("collectionMaxCount", config.collection_max_count, 1, 500),
            ("collectionMaxSize", config.collection_max_size, 52_224, LONG_MAX),
            ("maxConnections", config.max_connections, 1, 256),
            ("rateLimit", config.rate_limit, 1, LONG_MAX),
            ("recordMaxBufferedTime", millis(config.record_max_buffered_time), 0, LONG_MAX),
            ("recordTtl", millis(config.record_ttl), 100, LONG_MAX),
            ("requestTimeout", millis(config.request_timeout), 100, 600_000),
        ] {
            if !(min..=max).contains(&value) {
                return Err(Refusal::new(format!("{name} must be between {min} and {max}, got {value}")));
            }
        }
        Ok(())
    }
}
