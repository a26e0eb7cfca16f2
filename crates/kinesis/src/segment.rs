//! A run of records in one piece of memory: the parts of a shard's log, and what readers get of it.

use std::ops::Range;
use std::sync::Arc;

use crate::record::{StoredData, StoredRecord};
use crate::{Blob, EncryptionType, Instant, Recipe, StoredRecipe};

const SEGMENT_RECORDS_MAX: usize = 1_024;
/// A segment over this size takes no more records, so that copying the open one stays cheap.
const SEGMENT_BYTES_MAX: usize = 256 << 10;

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Segment {
    pub(crate) rows: Vec<Row>,
    /// Partition key and data of each row, one after the other; of generated data only its numbers.
    pub(crate) buffer: Vec<u8>,
    /// Recipes of the generated data.
    recipes: Vec<Arc<dyn Recipe>>,
}

/// 32 bytes: what it takes to find a record in the buffer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Row {
    pub(crate) index: u64,
    pub(crate) arrival: Instant,
    offset: u32,
    pub(crate) data_size: u32,
    key_size: u16,
    /// Place of the recipe in the segment, from 1; 0 where the data itself is in the buffer.
    recipe: u16,
    pub(crate) encryption: EncryptionType,
}

impl Row {
    /// Bytes that the limits count: data and partition key.
    pub(crate) fn size(&self) -> u64 {
        u64::from(self.data_size) + u64::from(self.key_size)
    }
}

impl Segment {
    pub(crate) fn push(
        &mut self,
        index: u64,
        arrival: Instant,
        partition_key: &str,
        data: &Blob,
        encryption: EncryptionType,
    ) {
        let recipe = match data {
            Blob::Bytes(_) => 0,
            Blob::Generated(generated) => self.place_of(&generated.recipe),
        };
        self.rows.push(Row {
            index,
            arrival,
            offset: self.buffer.len() as u32,
            data_size: data.size() as u32,
            key_size: partition_key.len() as u16,
            recipe,
            encryption,
        });
        self.buffer.extend_from_slice(partition_key.as_bytes());
        match data {
            Blob::Bytes(bytes) => self.buffer.extend_from_slice(bytes),
            Blob::Generated(generated) => generated.numbers.store(&mut self.buffer),
        }
    }

    /// Copies rows of another segment, which stand there one after the other, to the end.
    pub(crate) fn push_all(&mut self, other: &Segment, rows: Range<usize>) {
        let Some(first) = other.rows[rows.clone()].first() else { return };
        let end = other.rows.get(rows.end).map_or(other.buffer.len(), |next| next.offset as usize);
        let (from, to) = (first.offset, self.buffer.len() as u32);
        self.buffer.extend_from_slice(&other.buffer[from as usize..end]);
        self.rows.reserve(rows.len());
        let moved = |row: &Row| Row { offset: row.offset - from + to, ..*row };
        if self.recipes.is_empty() && rows.len() >= other.recipes.len() {
            // All recipes at once, at the places that they have.
            self.recipes.clone_from(&other.recipes);
            self.rows.extend(other.rows[rows].iter().map(moved));
            return;
        }
        for row in &other.rows[rows] {
            let recipe = match usize::from(row.recipe).checked_sub(1) {
                None => 0,
                Some(recipe) => self.place_of(&other.recipes[recipe]),
            };
            self.rows.push(Row { recipe, ..moved(row) });
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.rows.len() >= SEGMENT_RECORDS_MAX || self.buffer.len() >= SEGMENT_BYTES_MAX
    }

    pub(crate) fn is_before(&self, instant: Instant) -> bool {
        self.rows.last().is_some_and(|row| row.arrival < instant)
    }

    /// Place of a recipe among those of the segment, from 1. A segment has at most as many as it has rows.
    fn place_of(&mut self, recipe: &Arc<dyn Recipe>) -> u16 {
        let known = self.recipes.iter().rposition(|other| Arc::ptr_eq(other, recipe));
        let place = known.unwrap_or_else(|| {
            self.recipes.push(Arc::clone(recipe));
            self.recipes.len() - 1
        });
        place as u16 + 1
    }

    /// Place of the first record with that index or a later one, where the records of a log stand without a gap.
    pub(crate) fn place(&self, index: u64) -> usize {
        let first = self.rows.first().map_or(index, |row| row.index);
        self.rows.len().min(index.saturating_sub(first) as usize)
    }

    pub(crate) fn record(&self, row: &Row) -> StoredRecord<'_> {
        let key_end = row.offset as usize + usize::from(row.key_size);
        let data = match usize::from(row.recipe).checked_sub(1) {
            None => StoredData::Bytes(&self.buffer[key_end..key_end + row.data_size as usize]),
            Some(recipe) => StoredData::Generated(StoredRecipe {
                recipe: &self.recipes[recipe],
                size: row.data_size,
                buffer: &self.buffer[key_end..],
            }),
        };
        StoredRecord {
            index: row.index,
            arrival: row.arrival,
            key: &self.buffer[row.offset as usize..key_end],
            data,
            encryption: row.encryption,
        }
    }
}
