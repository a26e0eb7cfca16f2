//! What one stream has used, and what it uses now.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{Duration, Instant, StreamMode};

use super::prices::{MONTH_HOURS, PriceLine};

const LINES: usize = PriceLine::ALL.len();
const DAY_HOURS: u64 = 24;
const WEEK_HOURS: u64 = 168;

/// What a stream costs by the hour depends on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Size {
    pub(super) mode: StreamMode,
    /// Whether the account has On-demand Advantage.
    pub(super) is_advantage: bool,
    pub(super) shards: u64,
    pub(super) consumers: u64,
    pub(super) retention_hours: u64,
}

/// Traffic of one minute.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Traffic {
    pub(super) records: u64,
    pub(super) units: u64,
    /// Bytes in, each record as whole KB.
    pub(super) rounded_bytes: u64,
    pub(super) bytes: u64,
    pub(super) bytes_out: u64,
    pub(super) bytes_pushed: u64,
}

/// The meter of one stream.
#[derive(Clone, Debug)]
pub(super) struct Meter {
    pub(super) size: Size,
    since: Instant,
    pub(super) used: [u128; LINES],
    /// Bytes stored in each hour, as far back as they are kept.
    stored: Arc<VecDeque<(u64, u64)>>,
    minute: (u64, Traffic),
    last_minute: (u64, Traffic),
}

/// Hours of which a stream keeps records at most: 365 days.
const STORED_HOURS_MAX: usize = 8_760;

impl Meter {
    pub(super) fn new(size: Size, now: Instant) -> Meter {
        Meter {
            size,
            since: now,
            used: [0; LINES],
            stored: Arc::default(),
            minute: (0, Traffic::default()),
            last_minute: (0, Traffic::default()),
        }
    }

    pub(super) fn add(&mut self, line: PriceLine, more: u128) {
        self.used[line as usize] += more;
    }

    /// Counts what the time since the last call costs.
    ///
    /// Assumed: parts of an hour are counted as parts; AWS's price list says "per hour".
    pub(super) fn advance(&mut self, now: Instant) {
        let span = u128::from(now.since(self.since).micros());
        if span == 0 {
            return;
        }
        let Size { mode, is_advantage, shards, consumers, retention_hours } = self.size;
        let (shards, consumers) = (u128::from(shards), u128::from(consumers));
        match mode {
            StreamMode::Provisioned => {
                self.add(PriceLine::ShardHours, shards * span);
                self.add(PriceLine::ConsumerShardHours, consumers * shards * span);
                if retention_hours > DAY_HOURS {
                    self.add(PriceLine::ExtendedRetention, shards * span);
                }
                let stored = self.stored_beyond(WEEK_HOURS, now);
                self.add(PriceLine::LongTermRetention, stored);
            }
            StreamMode::OnDemand => {
                let line = match is_advantage {
                    true => PriceLine::AdvantageRetention,
                    false => {
                        self.add(PriceLine::StreamHours, span);
                        PriceLine::OnDemandRetention
                    }
                };
                let stored = self.stored_beyond(DAY_HOURS, now);
                self.add(line, stored);
            }
        }
        self.since = now;
        self.forget(now);
    }

    /// Byte-microseconds since the last call of records that are older than so many hours and still kept.
    fn stored_beyond(&self, hours: u64, now: Instant) -> u128 {
        if self.size.retention_hours <= hours {
            return 0;
        }
        let overlap = |written: Instant, bytes: u64| {
            let from = (written + Duration::from_hours(hours)).max(self.since);
            let to = (written + Duration::from_hours(self.size.retention_hours)).min(now);
            if to > from { u128::from(bytes) * u128::from(to.since(from).micros()) } else { 0 }
        };
        self.stored.iter().map(|(hour, bytes)| overlap(Instant::from_seconds(hour * 3_600), *bytes)).sum()
    }

    fn forget(&mut self, now: Instant) {
        let kept_from = (now.seconds() / 3_600).saturating_sub(self.size.retention_hours + 1);
        let is_old = |(hour, _): &(u64, u64)| *hour < kept_from;
        if self.stored.front().is_some_and(is_old) {
            let stored = Arc::make_mut(&mut self.stored);
            while stored.front().is_some_and(is_old) {
                stored.pop_front();
            }
        }
    }

    /// What the stream took or gave.
    pub(super) fn count(&mut self, now: Instant, more: Traffic) {
        let minute = now.seconds() / 60;
        if self.minute.0 != minute {
            self.last_minute = std::mem::replace(&mut self.minute, (minute, Traffic::default()));
        }
        self.minute.1.add(more);
        if more.bytes > 0 {
            let hour = now.seconds() / 3_600;
            let stored = Arc::make_mut(&mut self.stored);
            match stored.back_mut() {
                Some((last, bytes)) if *last == hour => *bytes += more.bytes,
                Some(_) | None => stored.push_back((hour, more.bytes)),
            }
            if stored.len() > STORED_HOURS_MAX {
                stored.pop_front();
            }
        }
        let (mode, is_advantage) = (self.size.mode, self.size.is_advantage);
        let lines = match (mode, is_advantage) {
            (StreamMode::Provisioned, _) => {
                self.add(PriceLine::PutPayloadUnits, u128::from(more.units));
                self.add(PriceLine::EnhancedFanOut, u128::from(more.bytes_pushed));
                return;
            }
            (StreamMode::OnDemand, false) => {
                [PriceLine::OnDemandIn, PriceLine::OnDemandOut, PriceLine::OnDemandFanOut]
            }
            (StreamMode::OnDemand, true) => {
                [PriceLine::AdvantageIn, PriceLine::AdvantageOut, PriceLine::AdvantageFanOut]
            }
        };
        self.add(lines[0], u128::from(more.rounded_bytes));
        self.add(lines[1], u128::from(more.bytes_out));
        self.add(lines[2], u128::from(more.bytes_pushed));
    }

    /// Traffic of the last whole minute; of the present one, made up to a minute, where there was none before.
    pub(super) fn present(&self, now: Instant) -> Traffic {
        let minute = now.seconds() / 60;
        let whole = [self.minute, self.last_minute].into_iter().find(|(at, _)| at + 1 == minute);
        let elapsed = (now.micros() - minute * 60_000_000).max(1_000_000);
        match whole {
            Some((_, traffic)) => traffic,
            None if self.minute.0 == minute => self.minute.1.times(60_000_000, elapsed),
            None => Traffic::default(),
        }
    }

    /// Bytes that are kept now.
    pub(super) fn stored_bytes(&self) -> u64 {
        self.stored.iter().map(|(_, bytes)| bytes).sum()
    }
}

impl Traffic {
    fn add(&mut self, more: Traffic) {
        self.records += more.records;
        self.units += more.units;
        self.rounded_bytes += more.rounded_bytes;
        self.bytes += more.bytes;
        self.bytes_out += more.bytes_out;
        self.bytes_pushed += more.bytes_pushed;
    }

    fn times(self, numerator: u64, denominator: u64) -> Traffic {
        let scaled = |n: u64| (u128::from(n) * u128::from(numerator) / u128::from(denominator.max(1))) as u64;
        Traffic {
            records: scaled(self.records),
            units: scaled(self.units),
            rounded_bytes: scaled(self.rounded_bytes),
            bytes: scaled(self.bytes),
            bytes_out: scaled(self.bytes_out),
            bytes_pushed: scaled(self.bytes_pushed),
        }
    }
}

/// What a month of a stream of this size costs, with this traffic in each minute.
///
/// Retention beyond what the shards pay for is counted as it is once the stream has run for the whole of it.
pub(super) fn month(size: Size, traffic: Traffic) -> Vec<(PriceLine, u128)> {
    let month = u128::from(MONTH_HOURS) * 3_600_000_000;
    let minutes = u128::from(MONTH_HOURS) * 60;
    let shards = u128::from(size.shards);
    let a_month = |per_minute: u64| u128::from(per_minute) * minutes;
    // Bytes that lie there beyond so many hours, for the whole month.
    let stored = |hours: u64| {
        let beyond = size.retention_hours.saturating_sub(hours);
        u128::from(traffic.bytes) * u128::from(beyond) * 60 * month
    };
    let lines = match (size.mode, size.is_advantage) {
        (StreamMode::Provisioned, _) => vec![
            (PriceLine::ShardHours, shards * month),
            (PriceLine::PutPayloadUnits, a_month(traffic.units)),
            (PriceLine::ExtendedRetention, if size.retention_hours > DAY_HOURS { shards * month } else { 0 }),
            (PriceLine::LongTermRetention, stored(WEEK_HOURS)),
            (PriceLine::ConsumerShardHours, u128::from(size.consumers) * shards * month),
            (PriceLine::EnhancedFanOut, a_month(traffic.bytes_pushed)),
        ],
        (StreamMode::OnDemand, false) => vec![
            (PriceLine::StreamHours, month),
            (PriceLine::OnDemandIn, a_month(traffic.rounded_bytes)),
            (PriceLine::OnDemandOut, a_month(traffic.bytes_out)),
            (PriceLine::OnDemandFanOut, a_month(traffic.bytes_pushed)),
            (PriceLine::OnDemandRetention, stored(DAY_HOURS)),
        ],
        (StreamMode::OnDemand, true) => vec![
            (PriceLine::AdvantageIn, a_month(traffic.rounded_bytes)),
            (PriceLine::AdvantageOut, a_month(traffic.bytes_out)),
            (PriceLine::AdvantageFanOut, a_month(traffic.bytes_pushed)),
            (PriceLine::AdvantageRetention, stored(DAY_HOURS)),
        ],
    };
    lines.into_iter().filter(|(_, used)| *used > 0).collect()
}
