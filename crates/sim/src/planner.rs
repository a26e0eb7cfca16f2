//! How many shards a stream needs, and which limit says so.

/// The traffic that is planned for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PlanInput {
    /// Records that come in each second.
    pub records_per_second: u64,
    /// Bytes of one record.
    pub record_bytes: u64,
    /// Programs that poll GetRecords and so share a shard's 2 MB per second.
    pub classic_consumers: u64,
    /// Registered consumers: each has its own 2 MB per second of a shard.
    pub efo_consumers: u64,
    /// User records that the KPL packs into one Kinesis record; 1 where it does not aggregate.
    pub user_records_per_record: u64,
}

/// Which limit of a shard decides.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PlanLimit {
    /// 1 MiB per second in.
    WriteBytes,
    /// 1,000 records per second in.
    WriteRecords,
    /// 2 MiB per second out, shared by the classic consumers.
    ReadBytes,
}

impl PlanLimit {
    pub const fn sentence(self) -> &'static str {
        match self {
            PlanLimit::WriteBytes => "1 MB/s of writes to a shard",
            PlanLimit::WriteRecords => "1,000 records/s of writes to a shard",
            PlanLimit::ReadBytes => "2 MB/s of reads from a shard, shared by the classic consumers",
        }
    }
}

/// What is needed, limit by limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Plan {
    pub shards: u64,
    pub binding: PlanLimit,
    /// Shards that each limit alone asks for.
    pub for_write_bytes: u64,
    pub for_write_records: u64,
    pub for_read_bytes: u64,
    /// KiB per second, with each record as a whole number of KiB.
    pub incoming_kib: u64,
    /// KiB per second that the classic consumers read together.
    pub outgoing_kib: u64,
    /// Records per second that reach the stream.
    pub stream_records: u64,
}

/// Plans a stream.
///
/// Documented: the sizing formula of the Developer Guide, with each record rounded up to a whole KB. Its third term
/// knows no enhanced fan-out: such consumers do not share. The term of records follows from the limit of a shard.
pub fn plan(input: PlanInput) -> Plan {
    let packed = input.user_records_per_record.max(1);
    let stream_records = input.records_per_second.div_ceil(packed);
    // Assumed: what the KPL adds around records that it packs is a few bytes each, and is left out.
    let kib = input.record_bytes.saturating_mul(packed).div_ceil(1_024).max(1);
    let incoming_kib = stream_records.saturating_mul(kib);
    let outgoing_kib = incoming_kib.saturating_mul(input.classic_consumers);
    let for_write_bytes = incoming_kib.div_ceil(1_024);
    let for_write_records = stream_records.div_ceil(1_000);
    let for_read_bytes = outgoing_kib.div_ceil(2_048);
    let shards = for_write_bytes.max(for_write_records).max(for_read_bytes).max(1);
    // Where two ask for as many shards, the one that is used up further binds.
    let fullness = |used: u64, limit: u64| u128::from(used) * 2_048_000 / u128::from(limit);
    let binding = [
        (fullness(incoming_kib, 1_024), PlanLimit::WriteBytes),
        (fullness(stream_records, 1_000), PlanLimit::WriteRecords),
        (fullness(outgoing_kib, 2_048), PlanLimit::ReadBytes),
    ]
    .into_iter()
    .max_by_key(|(fullness, limit)| (*fullness, std::cmp::Reverse(*limit)))
    .map_or(PlanLimit::WriteBytes, |(_, limit)| limit);
    Plan {
        shards,
        binding,
        for_write_bytes,
        for_write_records,
        for_read_bytes,
        incoming_kib,
        outgoing_kib,
        stream_records,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(
        records_per_second: u64,
        record_bytes: u64,
        classic: u64,
        efo: u64,
        packed: u64,
    ) -> (u64, PlanLimit) {
        let plan = plan(PlanInput {
            records_per_second,
            record_bytes,
            classic_consumers: classic,
            efo_consumers: efo,
            user_records_per_record: packed,
        });
        (plan.shards, plan.binding)
    }

    /// The worked examples of the fact sheet.
    #[test]
    fn known_examples_come_out() {
        assert_eq!(of(2_000, 1_024, 1, 0, 1), (2, PlanLimit::WriteRecords));
        assert_eq!(of(5_000, 100, 1, 0, 1), (5, PlanLimit::WriteRecords));
        assert_eq!(of(5_000, 100, 1, 0, 50).0, 1, "packed by the KPL");
        assert_eq!(of(1_000, 3 * 1_024, 4, 0, 1), (6, PlanLimit::ReadBytes));
        assert_eq!(of(1_000, 3 * 1_024, 0, 4, 1), (3, PlanLimit::WriteBytes), "the same by enhanced fan-out");
        assert_eq!(of(500, 10 * 1_024, 2, 0, 1).0, 5);
    }

    #[test]
    fn a_record_counts_as_whole_kilobytes() {
        assert_eq!(of(900, 1_025, 1, 0, 1), (2, PlanLimit::WriteBytes));
        assert_eq!(of(0, 0, 0, 0, 0).0, 1, "a stream has a shard");
    }
}
