//! Recipes: payloads that programs of the world sent are made when somebody reads them, so that a day of traffic costs
//! a few bytes a record.

use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use crate::aggregate::{UserRecord, aggregate, put_varint, take_varint, varint_size};

/// How the records of one program look: the same number gives the same record, everywhere and always.
pub trait Recipe: fmt::Debug + Send + Sync {
    /// Number of the program within its world: with a record's own number it tells the record from all others.
    fn source(&self) -> u32;

    /// The key that the program gave its record `number`.
    fn partition_key(&self, number: u64) -> SmolStr;

    /// Whether no key comes twice: there is no order of such records to watch.
    fn has_fresh_keys(&self) -> bool {
        false
    }

    /// The data of its record `number`.
    fn payload(&self, number: u64) -> Vec<u8>;

    /// Bytes of that data; where a recipe knows them without making it, it says so.
    fn size(&self, number: u64) -> u32 {
        self.payload(number).len() as u32
    }
}

/// Recipes of one program differ in its settings only.
impl PartialEq for dyn Recipe {
    fn eq(&self, other: &dyn Recipe) -> bool {
        self.source() == other.source()
    }
}

impl Eq for dyn Recipe {}

/// Data that is made when somebody reads it.
#[derive(Clone, Debug)]
pub struct Generated {
    pub recipe: Arc<dyn Recipe>,
    pub numbers: Numbers,
    /// Size in bytes of what the recipe makes of the numbers.
    pub size: u32,
}

/// The numbers that a program gave to what is in a Kinesis record; readers recognise records by them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Numbers {
    One(u64),
    /// User records in one aggregated record of the KPL.
    Many(Arc<[u64]>),
}

impl PartialEq for Generated {
    fn eq(&self, other: &Generated) -> bool {
        *self.recipe == *other.recipe && self.numbers == other.numbers && self.size == other.size
    }
}

impl Eq for Generated {}

impl Generated {
    /// One record that says its number and nothing else, of a program without settings.
    pub fn numbered(number: u64, size: u32) -> Generated {
        Generated { recipe: Arc::new(Numbered { source: 0, size }), numbers: Numbers::One(number), size }
    }

    /// Whether it is an aggregate of the KPL.
    pub fn is_aggregate(&self) -> bool {
        matches!(self.numbers, Numbers::Many(_))
    }

    /// The user records in it, each by itself with its key, where it is an aggregate: as they were put, not as bytes.
    pub fn user_records(&self) -> Option<impl Iterator<Item = (SmolStr, Generated)>> {
        let Numbers::Many(numbers) = &self.numbers else { return None };
        Some(numbers.iter().map(|number| {
            let recipe = Arc::clone(&self.recipe);
            let (key, size) = (recipe.partition_key(*number), recipe.size(*number));
            (key, Generated { recipe, numbers: Numbers::One(*number), size })
        }))
    }

    /// The data itself.
    pub fn bytes(&self) -> Vec<u8> {
        match &self.numbers {
            Numbers::One(number) => self.recipe.payload(*number),
            Numbers::Many(numbers) => {
                let records: Vec<UserRecord> = numbers
                    .iter()
                    .map(|number| UserRecord {
                        partition_key: self.recipe.partition_key(*number).into(),
                        explicit_hash_key: None,
                        data: self.recipe.payload(*number),
                    })
                    .collect();
                aggregate(&records)
            }
        }
    }
}

impl Numbers {
    pub fn as_slice(&self) -> &[u64] {
        match self {
            Numbers::One(number) => std::slice::from_ref(number),
            Numbers::Many(numbers) => numbers,
        }
    }

    /// Bytes that the numbers take where they are stored.
    pub(crate) fn stored_size(&self) -> u64 {
        let numbers = self.as_slice();
        varint_size(self.mark()) + steps(numbers).map(varint_size).sum::<u64>()
    }

    /// Writes the numbers so that [`StoredRecipe`] can read them: the count (0 for one that stands alone), then each as
    /// its distance from the one before.
    pub(crate) fn store(&self, buffer: &mut Vec<u8>) {
        put_varint(buffer, self.mark());
        steps(self.as_slice()).for_each(|step| put_varint(buffer, step));
    }

    fn mark(&self) -> u64 {
        match self {
            Numbers::One(_) => 0,
            Numbers::Many(numbers) => numbers.len() as u64,
        }
    }
}

/// Distances between neighbours, the sign in the lowest bit.
fn steps(numbers: &[u64]) -> impl Iterator<Item = u64> {
    let mut last = 0;
    numbers.iter().map(move |number| {
        let step = number.wrapping_sub(last) as i64;
        last = *number;
        (step << 1 ^ step >> 63) as u64
    })
}

/// Generated data where it lies in a shard.
#[derive(Clone, Copy, Debug)]
pub struct StoredRecipe<'a> {
    pub recipe: &'a Arc<dyn Recipe>,
    pub size: u32,
    /// Begins with the numbers as they were stored.
    pub(crate) buffer: &'a [u8],
}

impl StoredRecipe<'_> {
    /// The recipe by itself.
    pub fn generated(&self) -> Generated {
        let numbers = if self.is_aggregate() {
            Numbers::Many(self.numbers().collect())
        } else {
            Numbers::One(self.lone_number().unwrap_or_default())
        };
        Generated { recipe: Arc::clone(self.recipe), numbers, size: self.size }
    }

    /// Whether several user records are in one record.
    pub fn is_aggregate(&self) -> bool {
        self.buffer.first().is_some_and(|mark| *mark != 0)
    }

    /// User records in it; 1 where it is no aggregate.
    pub fn count(&self) -> u64 {
        take_varint(&mut { self.buffer }).unwrap_or_default().max(1)
    }

    /// The numbers of the user records in it.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        let mut buffer = self.buffer;
        let count = take_varint(&mut buffer).unwrap_or_default().max(1);
        let mut last = 0u64;
        (0..count).map_while(move |_| {
            last = last.wrapping_add(take_step(&mut buffer)?);
            Some(last)
        })
    }

    /// The one number of what is no aggregate; quicker than [`StoredRecipe::numbers`].
    pub fn lone_number(&self) -> Option<u64> {
        let (0, mut step) = self.buffer.split_first()? else { return None };
        take_step(&mut step)
    }
}

/// Takes the difference of a number from the one before, which is small where it is negative too.
fn take_step(buffer: &mut &[u8]) -> Option<u64> {
    let step = take_varint(buffer)?;
    Some((step >> 1) ^ (step & 1).wrapping_neg())
}

impl PartialEq for StoredRecipe<'_> {
    fn eq(&self, other: &StoredRecipe<'_>) -> bool {
        self.generated() == other.generated()
    }
}

impl Eq for StoredRecipe<'_> {}

/// The plainest recipe: a line of JSON with the record's number, padded to a size.
#[derive(Clone, Debug)]
pub struct Numbered {
    pub source: u32,
    /// Size in bytes.
    pub size: u32,
}

impl Numbered {
    /// A line of JSON, padded to the size; where the size is too small for it, its beginning.
    pub fn line(number: u64, size: u32) -> Vec<u8> {
        let size = size as usize;
        let mut text = format!("{{\"n\":{number},\"pad\":\"").into_bytes();
        let end = b"\"}";
        if text.len() + end.len() <= size {
            text.resize(size - end.len(), b'.');
            text.extend_from_slice(end);
        } else {
            text.resize(size, b' ');
        }
        text
    }
}

impl Recipe for Numbered {
    fn source(&self) -> u32 {
        self.source
    }

    fn partition_key(&self, number: u64) -> SmolStr {
        number.to_string().into()
    }

    fn payload(&self, number: u64) -> Vec<u8> {
        Numbered::line(number, self.size)
    }

    fn size(&self, _: u64) -> u32 {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::deaggregate;

    #[test]
    fn a_generated_payload_is_json_of_the_asked_size() {
        for size in [20, 100, 1_000] {
            let bytes = Generated::numbered(42, size).bytes();
            assert_eq!(bytes.len(), size as usize);
            assert!(bytes.starts_with(b"{\"n\":42,\"pad\":\"") && bytes.ends_with(b"\"}"), "{bytes:?}");
        }
    }

    #[test]
    fn a_tiny_generated_payload_has_its_size() {
        for size in [0, 1, 5, 16] {
            assert_eq!(Generated::numbered(42, size).bytes().len(), size as usize);
        }
    }

    #[test]
    fn many_numbers_make_one_aggregate() {
        let recipe = Arc::new(Numbered { source: 0, size: 20 });
        let generated = Generated { recipe, numbers: Numbers::Many([7, 9, 8].into()), size: 0 };
        let records = deaggregate(&generated.bytes()).unwrap();
        let keys: Vec<_> = records.iter().map(|record| record.partition_key.as_str()).collect();
        assert_eq!(keys, ["7", "9", "8"]);
        assert_eq!(records[2].data, Numbered::line(8, 20));
        let apart: Vec<UserRecord> = generated
            .user_records()
            .unwrap()
            .map(|(partition_key, one)| UserRecord {
                partition_key: partition_key.into(),
                explicit_hash_key: None,
                data: one.bytes(),
            })
            .collect();
        assert_eq!(apart, records, "taken apart without making bytes");
    }

    proptest! {
        #[test]
        fn numbers_are_read_as_they_were_stored(numbers: Vec<u64>, small in 0..1_000u64) {
            let one = Numbers::One(numbers.first().copied().unwrap_or(small));
            let many = Numbers::Many(numbers.iter().copied().chain([small, small + 1]).collect());
            for numbers in [one, many] {
                let mut buffer = Vec::new();
                numbers.store(&mut buffer);
                prop_assert_eq!(buffer.len() as u64, numbers.stored_size());
                buffer.extend_from_slice(b"what lies behind");
                let recipe: Arc<dyn Recipe> = Arc::new(Numbered { source: 0, size: 0 });
                let stored = StoredRecipe { recipe: &recipe, size: 0, buffer: &buffer };
                prop_assert_eq!(stored.lone_number(), match &numbers {
                    Numbers::One(number) => Some(*number),
                    Numbers::Many(_) => None,
                });
                prop_assert_eq!(stored.generated().numbers, numbers);
            }
        }
    }
}
