//! The bill: what each stream has cost so far, what a month of the present traffic would cost, and what the last
//! change added to it.
//!
//! Counted from what happened, in whole numbers. Not counted: KMS calls, DynamoDB tables of KCL applications,
//! CloudWatch alarms and shard-level metrics, CloudTrail's data events, Lambda, Firehose, and data that leaves the
//! Region; AWS bills each of them by itself.

mod meter;
mod prices;

use kinesis::{
    Blob, ConsumerStatus, Fact, GetRecordsOutput, Instant, PutRecordsResultEntry, Request, Response, Service,
    SortedMap, Stream, StreamMode, StreamName, StreamSetting,
};

use meter::{Meter, Size, Traffic, month};
pub use prices::{MONTH_HOURS, PriceLine, dollars};

use crate::planner::{PlanInput, plan};

/// The meters of an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cost {
    meters: SortedMap<StreamName, Meter>,
    /// What streams have used that are gone.
    gone: SortedMap<PriceLine, u128>,
    last_change: Option<CostChange>,
    /// On-demand Advantage: since when, for how long before, and what was moved meanwhile.
    advantage: Option<Instant>,
    advantage_micros: u128,
}

/// A change of what the account pays by the hour.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CostChange {
    pub at: Instant,
    pub stream: String,
    /// Billionths of a dollar a month, of all that does not depend on the traffic.
    pub before: u128,
    pub after: u128,
}

/// A line of the bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BillLine {
    pub line: PriceLine,
    /// Thousandths of what the price is for: of an hour, a unit, a GB, a GB-month.
    pub quantity_milli: u128,
    /// Billionths of a dollar.
    pub amount: u128,
}

/// The account's bill at one instant.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bill {
    /// Since the beginning of the world.
    pub lines: Vec<BillLine>,
    pub total: u128,
    /// The streams that are there.
    pub streams: Vec<StreamBill>,
    /// What a month costs, all streams together, if everything stays as it is.
    pub month_total: u128,
    pub last_change: Option<CostChange>,
}

/// What one stream costs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StreamBill {
    pub stream: String,
    pub mode: StreamMode,
    /// So far.
    pub total: u128,
    /// A month of 730 hours with the traffic of the last minute.
    pub month: Vec<BillLine>,
    pub month_total: u128,
    /// The same traffic in the two capacity modes; provisioned with the shards that it has, or as many as it needs.
    pub month_provisioned: u128,
    pub provisioned_shards: u64,
    pub month_on_demand: u128,
}

/// Bytes of a PUT payload unit. Documented: 25 KB.
const PAYLOAD_UNIT_BYTES: u64 = 25 * 1_024;
/// Documented: on-demand rounds each record up to 1 KB.
const ON_DEMAND_STEP_BYTES: u64 = 1_024;
/// Documented: with On-demand Advantage at least so much is billed, in and out.
const ADVANTAGE_FLOOR_BYTES_PER_SECOND: u128 = 25 << 20;
/// Documented: reading what is older is billed.
const LONG_TERM_MILLIS: u64 = 7 * 24 * 3_600_000;

impl Cost {
    /// After a call was answered: what it moved.
    pub(crate) fn record_call(
        &mut self,
        now: Instant,
        request: &Request,
        result: &Response,
        facts: &[Fact],
        service: &Service,
    ) {
        let stream = facts.first().map(Fact::stream);
        match (request, result, stream) {
            (Request::PutRecord(input), Response::PutRecord(_), Some(stream)) => {
                let traffic = input.data.as_ref().map(written).unwrap_or_default();
                self.count(now, stream, Traffic { bytes: appended(facts), ..traffic });
            }
            (Request::PutRecords(input), Response::PutRecords(output), Some(stream)) => {
                let entries = input.records.iter().flatten().zip(&output.records);
                let mut total = Traffic { bytes: appended(facts), ..Traffic::default() };
                for (entry, result) in entries {
                    if let (Some(data), PutRecordsResultEntry::Stored { .. }) = (&entry.data, result) {
                        let one = written(data);
                        total.records += 1;
                        total.units += one.units;
                        total.rounded_bytes += one.rounded_bytes;
                    }
                }
                self.count(now, stream, total);
            }
            (_, Response::GetRecords(output), Some(stream)) => self.read(now, stream, output, facts),
            (_, Response::UpdateAccountSettings(_), _) => self.settle_all(now, service),
            _ => {}
        }
    }

    fn read(&mut self, now: Instant, stream: &StreamName, output: &GetRecordsOutput, facts: &[Fact]) {
        let mut bytes_out = 0;
        for fact in facts {
            if let Fact::RecordsRead { bytes, .. } = fact {
                bytes_out += bytes;
            }
        }
        self.count(now, stream, Traffic { bytes_out, ..Traffic::default() });
        if output.millis_behind_latest > LONG_TERM_MILLIS
            && let Some(meter) = self.meters.get_mut(stream)
            && meter.size.mode == StreamMode::Provisioned
        {
            meter.add(PriceLine::LongTermRetrieval, u128::from(bytes_out));
        }
    }

    /// Takes note of one fact, with the service as it is after it.
    pub(crate) fn record(&mut self, now: Instant, fact: &Fact, service: &Service) {
        match fact {
            Fact::EventPushed { stream, bytes, .. } => {
                self.count(now, stream, Traffic { bytes_pushed: *bytes, ..Traffic::default() });
            }
            Fact::StreamDeleted { stream } => {
                if let Some(mut meter) = self.meters.remove(stream) {
                    meter.advance(now);
                    for (line, used) in PriceLine::ALL.into_iter().zip(meter.used) {
                        *self.gone.or_insert_with(line, u128::default) += used;
                    }
                    self.note_change(now, stream, hourly_month(Some(meter.size)), 0);
                }
            }
            Fact::StreamStatusChanged { stream, .. }
            | Fact::RetentionChanged { stream, .. }
            | Fact::SettingChanged { stream, setting: StreamSetting::Mode }
            | Fact::ConsumerStatusChanged { stream, .. }
            | Fact::ConsumerDeregistered { stream, .. }
            | Fact::ShardOpened { stream, .. }
            | Fact::ShardClosed { stream, .. } => self.settle(now, stream, service),
            Fact::SettingChanged { .. }
            | Fact::ShardExpired { .. }
            | Fact::RecordsAppended { .. }
            | Fact::WriteThrottled { .. }
            | Fact::IteratorIssued { .. }
            | Fact::RecordsRead { .. }
            | Fact::ReadThrottled { .. }
            | Fact::Subscribed { .. }
            | Fact::SubscriptionEnded { .. }
            | Fact::ShardEndReached { .. } => {}
        }
    }

    fn count(&mut self, now: Instant, stream: &StreamName, traffic: Traffic) {
        if let Some(meter) = self.meters.get_mut(stream) {
            meter.count(now, traffic);
        }
    }

    /// The stream may be of another size from now on.
    fn settle(&mut self, now: Instant, name: &StreamName, service: &Service) {
        let Some(stream) = service.stream(name) else { return };
        let size = size_of_stream(stream, service, now);
        let before = match self.meters.get_mut(name) {
            Some(meter) => {
                meter.advance(now);
                Some(std::mem::replace(&mut meter.size, size))
            }
            None => {
                self.meters.insert(name.clone(), Meter::new(size, now));
                None
            }
        };
        self.note_change(now, name, hourly_month(before), hourly_month(Some(size)));
    }

    fn settle_all(&mut self, now: Instant, service: &Service) {
        let names: Vec<StreamName> = self.meters.keys().cloned().collect();
        names.iter().for_each(|name| self.settle(now, name, service));
        match (self.advantage, service.has_commitment(now)) {
            (None, true) => self.advantage = Some(now),
            (Some(since), false) => {
                self.advantage_micros += u128::from(now.since(since).micros());
                self.advantage = None;
            }
            (None, false) | (Some(_), true) => {}
        }
    }

    /// Changes of one instant are one change: a split closes a shard and opens two.
    fn note_change(&mut self, at: Instant, stream: &StreamName, before: u128, after: u128) {
        let same = self.last_change.as_mut().filter(|last| last.at == at && *last.stream == **stream);
        if let Some(last) = same {
            last.after = after;
        } else if before != after {
            self.last_change = Some(CostChange { at, stream: stream.to_string(), before, after });
        }
    }

    /// The bill at this instant.
    pub(crate) fn bill(&self, now: Instant) -> Bill {
        let mut used: SortedMap<PriceLine, u128> = self.gone.clone();
        let mut streams = Vec::new();
        for (name, meter) in self.meters.iter() {
            let mut meter = meter.clone();
            meter.advance(now);
            let mut total = 0;
            for (line, more) in PriceLine::ALL.into_iter().zip(meter.used) {
                *used.or_insert_with(line, u128::default) += more;
                total += line.amount(more);
            }
            streams.push(stream_bill(name, &meter, total, now));
        }
        let time =
            self.advantage_micros + self.advantage.map_or(0, |since| u128::from(now.since(since).micros()));
        let floor = ADVANTAGE_FLOOR_BYTES_PER_SECOND * time / 1_000_000;
        let of = |used: &SortedMap<PriceLine, u128>, line| used.get(&line).copied().unwrap_or_default();
        let moved_in = of(&used, PriceLine::AdvantageIn);
        let moved_out = of(&used, PriceLine::AdvantageOut) + of(&used, PriceLine::AdvantageFanOut);
        used.insert(PriceLine::AdvantageFloorIn, floor.saturating_sub(moved_in));
        used.insert(PriceLine::AdvantageFloorOut, floor.saturating_sub(moved_out));
        let lines = bill_lines(used.iter().map(|(line, used)| (*line, *used)));
        Bill {
            total: lines.iter().map(|line| line.amount).sum(),
            month_total: streams.iter().map(|stream: &StreamBill| stream.month_total).sum(),
            lines,
            streams,
            last_change: self.last_change.clone(),
        }
    }

    /// About how many bytes a copy does not share.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.meters.values().map(|meter| 1_024 + meter.stored_bytes().min(1) * 64).sum()
    }
}

/// What a record adds. Assumed: a unit counts the data alone, without the partition key.
fn written(data: &Blob) -> Traffic {
    let size = data.size();
    Traffic {
        records: 1,
        units: size.div_ceil(PAYLOAD_UNIT_BYTES).max(1),
        rounded_bytes: size.div_ceil(ON_DEMAND_STEP_BYTES).max(1) * ON_DEMAND_STEP_BYTES,
        ..Traffic::default()
    }
}

fn appended(facts: &[Fact]) -> u64 {
    let mut total = 0;
    for fact in facts {
        if let Fact::RecordsAppended { bytes, .. } = fact {
            total += bytes;
        }
    }
    total
}

/// Assumed: open shards are paid for, closed ones whose records are still kept are not; a consumer from ACTIVE on.
fn size_of_stream(stream: &Stream, service: &Service, now: Instant) -> Size {
    let consumers = stream.consumers.values();
    Size {
        mode: stream.mode,
        is_advantage: service.has_commitment(now),
        shards: u64::from(stream.open_shard_count()),
        consumers: consumers.filter(|consumer| consumer.status == ConsumerStatus::Active).count() as u64,
        retention_hours: u64::from(stream.retention_hours),
    }
}

/// Billionths of a dollar a month, without traffic.
fn hourly_month(size: Option<Size>) -> u128 {
    let lines = size.map(|size| month(size, Traffic::default())).unwrap_or_default();
    lines.into_iter().map(|(line, used)| line.amount(used)).sum()
}

fn bill_lines(lines: impl IntoIterator<Item = (PriceLine, u128)>) -> Vec<BillLine> {
    let lines = lines.into_iter().filter(|(_, used)| *used > 0);
    lines
        .map(|(line, used)| BillLine {
            line,
            quantity_milli: used * 1_000 / line.divisor(),
            amount: line.amount(used),
        })
        .collect()
}

fn stream_bill(name: &StreamName, meter: &Meter, total: u128, now: Instant) -> StreamBill {
    let traffic = meter.present(now);
    let month_of = |size: Size| bill_lines(month(size, traffic));
    let sum = |lines: &[BillLine]| lines.iter().map(|line| line.amount).sum::<u128>();
    let provisioned_shards = match meter.size.mode {
        StreamMode::Provisioned => meter.size.shards,
        StreamMode::OnDemand => {
            plan(PlanInput {
                records_per_second: traffic.records.div_ceil(60),
                record_bytes: traffic.bytes.checked_div(traffic.records).unwrap_or_default(),
                classic_consumers: traffic.bytes_out.div_ceil(traffic.bytes.max(1)),
                efo_consumers: meter.size.consumers,
                user_records_per_record: 1,
            })
            .shards
        }
    };
    let month = month_of(meter.size);
    let provisioned = Size { mode: StreamMode::Provisioned, shards: provisioned_shards, ..meter.size };
    let on_demand = Size { mode: StreamMode::OnDemand, ..meter.size };
    StreamBill {
        stream: name.to_string(),
        mode: meter.size.mode,
        total,
        month_total: sum(&month),
        month,
        month_provisioned: sum(&month_of(provisioned)),
        provisioned_shards,
        month_on_demand: sum(&month_of(on_demand)),
    }
}

#[cfg(test)]
mod tests;
