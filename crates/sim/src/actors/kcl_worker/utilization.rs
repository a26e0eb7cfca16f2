//! What a worker of KCL 3 tells of its load: the CPU of its host, and the throughput of each of its leases.
//!
//! Simplified: no CPU is measured. Its use is what the record processor is declared to take for records and KBs, what
//! calls take, and what others use of the host. A host that is used up does not slow its processors down.

use std::collections::VecDeque;

use kinesis::{Duration, Instant};

use super::{HeldLease, KclWorker};
use crate::actor::ActorCtx;
use crate::{Decimal, WorkerHost, WorkerMetricStats};

/// CPU time of a call to Kinesis and of handing its answer to the processor.
///
/// Assumed: an HTTPS request with its JSON takes about a millisecond of a CPU.
const CALL: u64 = 1_000;
const MILLIONTHS: u128 = 1_000_000;

/// Adds up what was used since the last report.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    /// When the running interval began, and up to when `used` counts.
    began: Instant,
    settled: Instant,
    /// CPU time since then.
    cpu: Duration,
    /// Millionths of a percent, for each microsecond of the interval.
    used: u128,
    /// Averages of the last intervals.
    values: VecDeque<Decimal>,
}

impl Meter {
    pub(super) fn new(now: Instant) -> Meter {
        Meter { began: now, settled: now, cpu: Duration::ZERO, used: 0, values: VecDeque::new() }
    }

    fn settle(&mut self, now: Instant, host: WorkerHost) {
        let own = u128::from(self.cpu.micros()) * 100 * MILLIONTHS / u128::from(host.vcpus.max(1));
        let others = u128::from(now.since(self.settled).micros()) * u128::from(host.other_load) * MILLIONTHS;
        self.used += own + others;
        self.cpu = Duration::ZERO;
        self.settled = now;
    }

    /// Ends the running interval; returns the averages that are kept.
    fn report(&mut self, now: Instant, host: WorkerHost) -> Vec<Decimal> {
        self.settle(now, host);
        let span = u128::from(now.since(self.began).micros().max(1));
        let average = (self.used / span).min(100 * MILLIONTHS);
        if self.values.len() == WorkerMetricStats::VALUES_MAX {
            self.values.pop_front();
        }
        self.values.push_back(Decimal::millionths(average as i64));
        self.began = now;
        self.used = 0;
        self.values.iter().copied().collect()
    }
}

impl KclWorker {
    /// The worker goes on upon another host.
    pub(crate) fn change_host(&mut self, now: Instant, host: WorkerHost) {
        if let Some(fleet) = &mut self.fleet {
            fleet.meter.settle(now, self.host);
        }
        self.host = host;
    }

    /// An answer of Kinesis came with so many bytes for the record processor of a lease.
    pub(super) fn count_bytes(&mut self, key: &str, bytes: u64) {
        let Some(fleet) = &mut self.fleet else { return };
        let cpu = u64::from(self.spec.balancing.cpu_per_kb) * bytes / 1_024;
        fleet.meter.cpu = fleet.meter.cpu + Duration::from_micros(CALL + cpu);
        if let Some(lease) = self.leases.get_mut(key) {
            lease.bytes += bytes;
        }
    }

    /// The processor was done with so many records.
    pub(super) fn count_work(&mut self, records: u64) {
        let Some(fleet) = &mut self.fleet else { return };
        let cpu = u64::from(self.spec.balancing.cpu_per_record) * records;
        fleet.meter.cpu = fleet.meter.cpu + Duration::from_micros(cpu);
    }

    pub(super) fn measure_load(&mut self, ctx: &ActorCtx) -> WorkerMetricStats {
        let (host, is_disabled) = (self.host, self.spec.balancing.disables_worker_metrics);
        let cpu = self.fleet.as_mut().map(|fleet| fleet.meter.report(ctx.now, host));
        WorkerMetricStats {
            worker_id: self.name.clone(),
            last_update_time: Instant::from_seconds(ctx.clock.seconds()),
            cpu: cpu.filter(|_| !is_disabled),
        }
    }
}

impl HeldLease {
    /// The throughput that goes with the renewal at hand: of the interval since the last one, and of those before.
    ///
    /// Documented: `LeaseStatsRecorder`, alpha 0.5. Simplified: who takes a lease over goes on with its average; the
    /// library counts that as bytes of its first interval.
    pub(super) fn measure(&mut self, interval: Duration) -> Option<Decimal> {
        let bytes = std::mem::take(&mut self.bytes);
        if bytes > 0 || self.throughput.is_some() {
            let micros = u128::from(interval.micros().max(1));
            let sample = u128::from(bytes) * MILLIONTHS * MILLIONTHS / 1_024 / micros;
            let sample = Decimal::millionths(i64::try_from(sample).unwrap_or(i64::MAX));
            self.throughput = Some(self.throughput.map_or(sample, |average| average.middle(sample)));
        }
        self.throughput
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_average_is_of_the_whole_interval_and_of_each_host_in_it() {
        let start = Instant::from_seconds(100);
        let mut meter = Meter::new(start);
        // Three CPU seconds in ten on two CPUs: 15 %. Others use 10 %, then a host of four CPUs: 3 s are 7.5 %.
        meter.cpu = Duration::from_seconds(3);
        meter.settle(start + Duration::from_seconds(10), WorkerHost { vcpus: 2, other_load: 10 });
        meter.cpu = Duration::from_seconds(3);
        let host = WorkerHost { vcpus: 4, other_load: 0 };
        let values = meter.report(start + Duration::from_seconds(20), host);
        assert_eq!(values.iter().map(ToString::to_string).collect::<Vec<_>>(), ["16.25"]);
        meter.cpu = Duration::from_seconds(1_000);
        let values = meter.report(start + Duration::from_seconds(30), host);
        assert_eq!(values.last().map(ToString::to_string).as_deref(), Some("100"));
    }

    #[test]
    fn ten_averages_are_kept() {
        let mut meter = Meter::new(Instant::default());
        let host = WorkerHost { vcpus: 2, other_load: 1 };
        let counts = (1..=12).map(|n| meter.report(Instant::from_seconds(n), host).len());
        assert_eq!(counts.last(), Some(10));
    }
}
