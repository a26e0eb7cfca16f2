//! The facts, in order, bounded; copies of a world share them.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::StampedFact;

/// The newest facts of a world.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    chunks: VecDeque<Arc<Vec<StampedFact>>>,
    /// Number of facts ever recorded; the next fact gets it as its number.
    recorded: u64,
    /// Number of the oldest fact that is kept.
    first: u64,
}

/// Facts that are kept.
const FACTS_MAX: u64 = 10_000;
const CHUNK_FACTS: usize = 256;

impl Journal {
    pub(crate) fn push(&mut self, fact: StampedFact) {
        if self.chunks.back().is_none_or(|chunk| chunk.len() >= CHUNK_FACTS) {
            self.chunks.push_back(Arc::new(Vec::with_capacity(CHUNK_FACTS)));
            if self.recorded - self.first > FACTS_MAX
                && let Some(chunk) = self.chunks.pop_front()
            {
                self.first += chunk.len() as u64;
            }
        }
        self.recorded = fact.number + 1;
        if let Some(chunk) = self.chunks.back_mut() {
            Arc::make_mut(chunk).push(fact);
        }
    }

    pub(crate) fn recorded(&self) -> u64 {
        self.recorded
    }

    pub(crate) fn first(&self) -> u64 {
        self.first
    }

    /// Facts from `number` on that are still kept.
    pub(crate) fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &StampedFact> {
        let skip = number.saturating_sub(self.first) as usize;
        let (chunk, within) = (skip / CHUNK_FACTS, skip % CHUNK_FACTS);
        let from = chunk.min(self.chunks.len());
        self.chunks.range(from..).enumerate().flat_map(move |(i, facts)| {
            let start = if i == 0 { within.min(facts.len()) } else { 0 };
            facts[start..].iter()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Cause, Fact};
    use kinesis::Instant;

    #[test]
    fn old_facts_go_and_the_numbering_stays() {
        let mut journal = Journal::default();
        for number in 0..25_000 {
            let fact = Fact::Answered { name: number.to_string(), value: String::new() };
            journal.push(StampedFact {
                number,
                at: Instant::from_micros(number),
                cause: Cause::Schedule,
                fact,
            });
        }
        let kept: Vec<u64> = journal.since(0).map(|fact| fact.number).collect();
        assert_eq!(kept.last(), Some(&24_999));
        assert_eq!(kept.first(), Some(&journal.first()));
        assert!(kept.len() >= 10_000 && kept.len() < 10_600, "{}", kept.len());
        assert!(kept.windows(2).all(|pair| pair[0] + 1 == pair[1]));
        assert_eq!(journal.since(24_998).count(), 2);
        assert_eq!(journal.since(25_000).count(), 0);
        assert_eq!(journal.since(99_999).count(), 0);
    }
}
