//! A record at which the application throws an exception.

use std::collections::VecDeque;

use kinesis::{Records, SequenceNumber};

use super::KclWorker;
use super::batch::{Unit, work};
use crate::application::ShardProgress;
use crate::fault::is_poison;

impl KclWorker {
    /// How many records `processRecords` leaves out, where it throws at one of these.
    ///
    /// Documented: KCL swallows an exception that a record processor throws and goes on with the next batch, so that
    /// none of the records of this one is processed any more, those before the bad one included (Developer Guide,
    /// "Troubleshooting Kinesis Data Streams consumers": "Some Kinesis Data Streams records are skipped when using the
    /// Kinesis Client Library"). Simplified: the processor throws before it has done anything.
    pub(super) fn poisoned(&self, records: &Records) -> Option<u32> {
        let throws = records.stored().any(|record| is_poison(record.data.sent(), &self.spec.name));
        throws.then_some(records.len() as u32)
    }
}

/// Goes behind a batch without processing any of it; returns where that is.
pub(super) fn skip(
    units: &mut VecDeque<Unit>,
    progress: &mut ShardProgress,
) -> Option<(SequenceNumber, u64)> {
    units.iter_mut().for_each(|unit| unit.from = unit.to);
    work(units, 0, progress).last
}
