//! What really became of records whose calls timed out. The program does not know it: a call that is not answered in
//! time may be stored all the same, and then its record is in the stream twice.

use std::collections::BTreeMap;

use super::calls::Served;

/// Records of late calls, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Copies {
    records: BTreeMap<u64, Copied>,
    /// Late calls that the service has not handled yet, with their records.
    underway: BTreeMap<u64, Vec<(usize, u64)>>,
    /// Copies in the stream beyond the first, over all records.
    pub(crate) stored_again: u64,
    /// Records that the program gave up and that are in the stream.
    pub(crate) stored_though_lost: u64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Copied {
    copies: u32,
    is_lost: bool,
}

/// Records that are watched; older ones are not counted any more.
const RECORDS_MAX: usize = 100_000;
/// Late calls that are watched.
const CALLS_MAX: usize = 10_000;

impl Copies {
    /// A call timed out; the service has done with it what `served` says, and nothing where it did not get it yet. Each
    /// record is given by its entry in the call and its number.
    pub(crate) fn timed_out(&mut self, call_id: u64, records: Vec<(usize, u64)>, served: &Served) {
        for (entry, number) in &records {
            let record = self.records.entry(*number).or_default();
            record.copies += u32::from(served.is_stored(*entry));
        }
        while self.records.len() > RECORDS_MAX {
            self.records.pop_first();
        }
        if *served == Served::None {
            self.underway.insert(call_id, records);
        }
        while self.underway.len() > CALLS_MAX {
            self.underway.pop_first();
        }
    }

    /// The service stored records of a call that is still waited for; returns how many of them for another time.
    pub(crate) fn stored(&mut self, number: u64) -> u32 {
        // Almost always nothing ever timed out.
        let Some(record) = self.records.get_mut(&number) else { return 0 };
        record.copies += 1;
        self.stored_though_lost += u64::from(record.is_lost && record.copies == 1);
        let again = u32::from(record.copies > 1);
        self.stored_again += u64::from(again);
        again
    }

    /// The service handled a call that is not waited for any more; returns the records that are stored again by it.
    pub(crate) fn served_late(&mut self, call_id: u64, served: &Served) -> u32 {
        let Some(records) = self.underway.remove(&call_id) else { return 0 };
        let stored = records.into_iter().filter(|(entry, _)| served.is_stored(*entry));
        stored.map(|(_, number)| self.stored(number)).sum()
    }

    /// A record is in the stream, and its program puts it again all the same.
    pub(crate) fn is_in_stream(&mut self, number: u64) {
        let record = self.records.entry(number).or_default();
        record.copies = record.copies.max(1);
        while self.records.len() > RECORDS_MAX {
            self.records.pop_first();
        }
    }

    /// Whether any call timed out that is still watched.
    pub(crate) fn is_watching(&self) -> bool {
        !self.records.is_empty()
    }

    /// The program gave a record up.
    pub(crate) fn lost(&mut self, number: u64) {
        let Some(record) = self.records.get_mut(&number) else { return };
        record.is_lost = true;
        self.stored_though_lost += u64::from(record.copies > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_whose_answer_was_late_is_stored_twice_by_the_second_call() {
        let mut copies = Copies::default();
        copies.timed_out(1, vec![(0, 7), (1, 8)], &Served::Some(vec![true, false]));
        assert_eq!((copies.stored(7), copies.stored(8)), (1, 0));
        assert_eq!(copies.stored_again, 1);
    }

    #[test]
    fn a_call_that_arrives_late_stores_its_records_for_another_time() {
        let mut copies = Copies::default();
        copies.timed_out(1, vec![(0, 7), (0, 8)], &Served::None);
        assert_eq!(copies.stored(7), 0);
        assert_eq!(copies.served_late(1, &Served::All), 1);
        assert_eq!(copies.served_late(1, &Served::All), 0, "a call arrives once");
        assert_eq!(copies.stored_again, 1);
    }

    #[test]
    fn a_lost_record_may_be_in_the_stream() {
        let mut copies = Copies::default();
        copies.timed_out(1, vec![(0, 7), (1, 8), (2, 9)], &Served::Some(vec![true, false, false]));
        copies.timed_out(2, vec![(0, 8)], &Served::None);
        [7, 8, 9].into_iter().for_each(|number| copies.lost(number));
        assert_eq!(copies.stored_though_lost, 1);
        copies.served_late(2, &Served::All);
        assert_eq!((copies.stored_though_lost, copies.stored_again), (2, 0));
    }
}
