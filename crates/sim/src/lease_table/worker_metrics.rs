//! The worker-metrics table of a KCL 3 application: what each worker says of its own load.

use kinesis::{Instant, SortedMap};

use super::LeaseReply;
use crate::Decimal;

/// One item, named after KCL's attributes: `wid`, `lut`, `sts` and `opr`.
///
/// Documented: `WorkerMetricStats` in the library's source.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WorkerMetricStats {
    /// Partition key `wid`: the worker's id.
    pub worker_id: String,
    /// `lut`: when the worker last wrote the item, by its own clock, to the second.
    pub last_update_time: Instant,
    /// `sts`, key `C`: percent of the CPU in use, the average of each of the last reports, oldest first. None where
    /// worker metrics are disabled: the leader then goes by throughput.
    pub cpu: Option<Vec<Decimal>>,
}

impl WorkerMetricStats {
    /// Averages that are kept. Documented: `noOfPersistedMetricsPerWorkerMetrics`.
    pub const VALUES_MAX: usize = 10;
    /// `opr`, key `C`: percent of the CPU above which a worker has too much to do.
    ///
    /// Documented: `WorkerMetricsSelector` gives the CPU metrics of EC2 and EKS an operating range of 100 %.
    pub const CPU_MAX: u32 = 100;

    /// The average that counts: newer values more than older ones.
    ///
    /// Documented: `ExponentialMovingAverage` with `workerMetricsEMAAlpha` 0.5.
    pub fn cpu_average(&self) -> Option<Decimal> {
        let mut values = self.cpu.as_deref()?.iter().copied();
        let first = values.next().unwrap_or_default();
        Some(values.fold(first, Decimal::middle))
    }
}

/// The table, with its items by `wid`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct WorkerMetricsTable {
    items: SortedMap<String, WorkerMetricStats>,
    exists: bool,
}

/// A request to the table.
#[derive(Clone, Debug)]
pub(crate) enum MetricsCall {
    /// Where it is not there yet.
    CreateTable,
    Scan,
    /// A worker writes its item.
    Update(WorkerMetricStats),
    Delete {
        worker: String,
    },
}

impl MetricsCall {
    /// The rights that it needs.
    pub(super) fn actions(&self, has_table: bool) -> &'static [&'static str] {
        match self {
            MetricsCall::CreateTable if has_table => &["dynamodb:DescribeTable"],
            MetricsCall::CreateTable => &["dynamodb:DescribeTable", "dynamodb:CreateTable"],
            MetricsCall::Scan => &["dynamodb:Scan"],
            MetricsCall::Update(_) => &["dynamodb:UpdateItem"],
            MetricsCall::Delete { .. } => &["dynamodb:DeleteItem"],
        }
    }
}

impl WorkerMetricsTable {
    pub fn items(&self) -> impl ExactSizeIterator<Item = &WorkerMetricStats> {
        self.items.values()
    }

    pub fn item(&self, worker: &str) -> Option<&WorkerMetricStats> {
        self.items.get(worker)
    }

    pub fn exists(&self) -> bool {
        self.exists
    }

    pub(super) fn handle(&mut self, call: MetricsCall) -> LeaseReply {
        match call {
            MetricsCall::CreateTable => self.exists = true,
            _ if !self.exists => return LeaseReply::NoTable,
            MetricsCall::Scan => return LeaseReply::Metrics(self.items.values().cloned().collect()),
            MetricsCall::Update(item) => self.items.insert(item.worker_id.clone(), item),
            MetricsCall::Delete { worker } => drop(self.items.remove(&worker)),
        }
        LeaseReply::Done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documented: `ExponentialMovingAverage` begins with the first value, then takes alpha of the new one and the rest
    /// of the old: 10, 15, 7.5 + 20.
    #[test]
    fn newer_values_count_more() {
        let values = [10, 20, 40].map(Decimal::whole).to_vec();
        let item = WorkerMetricStats {
            worker_id: "w1".to_owned(),
            last_update_time: Instant::from_seconds(1),
            cpu: Some(values),
        };
        assert_eq!(item.cpu_average().map(|average| average.to_string()).as_deref(), Some("27.5"));
        assert_eq!(WorkerMetricStats { cpu: None, ..item }.cpu_average(), None);
    }
}
