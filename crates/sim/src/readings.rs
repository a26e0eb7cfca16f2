//! The learner's own readings: each GetShardIterator call begins one, each GetRecords call takes it further.

use std::collections::VecDeque;

use kinesis::{Duration, Fact, Instant, ShardId, ShardIteratorType, StreamName};

/// Where a chain of iterators stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reading {
    /// Number of the chain, counted over the service from 1.
    pub number: u64,
    pub stream: StreamName,
    pub shard: ShardId,
    pub kind: ShardIteratorType,
    /// Index of the first record that the newest iterator can return.
    pub next: u64,
    pub expires: Instant,
    /// Records that the reading has brought so far.
    pub records: u64,
    /// Answers that it has had.
    pub answers: u64,
    /// Read to the end of a closed shard.
    pub is_finished: bool,
}

/// The newest readings of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Readings {
    newest: VecDeque<Reading>,
}

const READINGS_MAX: usize = 64;
const ITERATOR_LIFE: Duration = Duration::from_seconds(300);

impl Readings {
    pub(crate) fn newest(&self) -> impl Iterator<Item = &Reading> {
        self.newest.iter()
    }

    fn push(&mut self, reading: Reading) {
        self.newest.push_back(reading);
        if self.newest.len() > READINGS_MAX {
            self.newest.pop_front();
        }
    }

    pub(crate) fn record(&mut self, now: Instant, fact: &Fact) {
        match fact {
            Fact::IteratorIssued { stream, shard, kind, reading, next, expires } => {
                self.push(Reading {
                    number: *reading,
                    stream: stream.clone(),
                    shard: *shard,
                    kind: *kind,
                    next: *next,
                    expires: *expires,
                    records: 0,
                    answers: 0,
                    is_finished: false,
                });
            }
            Fact::RecordsRead { reading, count, next, .. } => {
                let count = u64::from(*count);
                let Some(found) = self.newest.iter_mut().rev().find(|known| known.number == *reading) else {
                    return;
                };
                // An iterator that is used a second time reads again: that is a reading of its own.
                if next - count < found.next {
                    let again = Reading { records: 0, answers: 0, is_finished: false, ..found.clone() };
                    self.push(again);
                }
                if let Some(found) = self.newest.iter_mut().rev().find(|known| known.number == *reading) {
                    found.next = *next;
                    found.records += count;
                    found.answers += 1;
                    found.expires = now + ITERATOR_LIFE;
                }
            }
            Fact::ShardEndReached { stream, shard } => {
                let last = self.newest.iter_mut().rev();
                let mut here = last.filter(|known| known.stream == *stream && known.shard == *shard);
                if let Some(found) = here.find(|known| known.answers > 0) {
                    found.is_finished = true;
                }
            }
            Fact::StreamDeleted { stream } => self.newest.retain(|known| known.stream != *stream),
            Fact::StreamStatusChanged { .. }
            | Fact::RetentionChanged { .. }
            | Fact::SettingChanged { .. }
            | Fact::ConsumerStatusChanged { .. }
            | Fact::ConsumerDeregistered { .. }
            | Fact::ShardOpened { .. }
            | Fact::ShardClosed { .. }
            | Fact::ShardExpired { .. }
            | Fact::RecordsAppended { .. }
            | Fact::WriteThrottled { .. }
            | Fact::ReadThrottled { .. }
            | Fact::Subscribed { .. }
            | Fact::EventPushed { .. }
            | Fact::SubscriptionEnded { .. } => {}
        }
    }
}
