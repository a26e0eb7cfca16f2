//! The newest facts of one kind, in chunks that copies share.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::StampedFact;

/// Facts by rising number; more than `max` of them, and the oldest chunk goes.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    chunks: VecDeque<Arc<Vec<StampedFact>>>,
    len: usize,
    max: usize,
}

const CHUNK_FACTS: usize = 256;

impl Ring {
    pub(super) fn new(max: usize) -> Ring {
        Ring { chunks: VecDeque::new(), len: 0, max }
    }

    /// Adds a fact; returns the oldest ones where there are too many.
    pub(super) fn push(&mut self, fact: StampedFact) -> Option<Arc<Vec<StampedFact>>> {
        let mut old = None;
        if self.chunks.back().is_none_or(|chunk| chunk.len() >= CHUNK_FACTS) {
            self.chunks.push_back(Arc::new(Vec::with_capacity(CHUNK_FACTS)));
            if self.len > self.max {
                old = self.chunks.pop_front();
                self.len -= old.as_ref().map_or(0, |chunk| chunk.len());
            }
        }
        if let Some(chunk) = self.chunks.back_mut() {
            Arc::make_mut(chunk).push(fact);
            self.len += 1;
        }
        old
    }

    /// Forgets the oldest facts until about `max` are left.
    pub(super) fn trim(&mut self, max: usize) {
        while self.chunks.len() > 1 && self.len > max + CHUNK_FACTS {
            let old = self.chunks.pop_front();
            self.len -= old.map_or(0, |chunk| chunk.len());
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Number of the oldest fact.
    pub(super) fn first(&self) -> Option<u64> {
        self.chunks.front().and_then(|chunk| chunk.first()).map(|fact| fact.number)
    }

    pub(super) fn since(&self, number: u64) -> impl DoubleEndedIterator<Item = &StampedFact> {
        let (from, within) = self.place(number);
        self.chunks.range(from..).enumerate().flat_map(move |(i, facts)| {
            let start = if i == 0 { within.min(facts.len()) } else { 0 };
            facts[start..].iter()
        })
    }

    pub(super) fn get(&self, number: u64) -> Option<&StampedFact> {
        let (chunk, within) = self.place(number);
        self.chunks.get(chunk)?.get(within).filter(|fact| fact.number == number)
    }

    pub(super) fn get_mut(&mut self, number: u64) -> Option<&mut StampedFact> {
        let (chunk, within) = self.place(number);
        let chunk = self.chunks.get_mut(chunk)?;
        if chunk.get(within).is_none_or(|fact| fact.number != number) {
            return None;
        }
        Arc::make_mut(chunk).get_mut(within)
    }

    /// Chunk and place in it of the first fact from `number` on.
    fn place(&self, number: u64) -> (usize, usize) {
        let is_before = |fact: &StampedFact| fact.number < number;
        // What is looked for is nearly always among the newest.
        let chunk = self.chunks.iter().rposition(|chunk| chunk.last().is_some_and(is_before));
        let chunk = chunk.map_or(0, |before| before + 1);
        let within = self.chunks.get(chunk).map_or(0, |chunk| chunk.partition_point(is_before));
        (chunk, within)
    }
}
