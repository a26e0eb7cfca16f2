//! Where keys fall: on which shard, and how a recipe's records would spread.

use std::collections::BTreeMap;

use kinesis::hash_key_of;
use sim::{KeyRecipe, StreamView};

/// An open shard's part of the key space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OpenRange {
    pub shard: u32,
    pub start: u128,
    pub end: u128,
}

/// The open shards in the order of the key space.
pub(crate) fn open_ranges(stream: &StreamView) -> Vec<OpenRange> {
    let mut ranges: Vec<OpenRange> = stream
        .shards
        .iter()
        .filter(|shard| shard.is_open)
        .map(|shard| OpenRange {
            shard: shard.number,
            start: shard.starting_hash_key.parse().unwrap_or(0),
            end: shard.ending_hash_key.parse().unwrap_or(0),
        })
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// The open shard that takes a hash key.
pub(crate) fn shard_of(ranges: &[OpenRange], hash_key: u128) -> Option<u32> {
    ranges.iter().find(|range| (range.start..=range.end).contains(&hash_key)).map(|range| range.shard)
}

/// How a number of records would spread.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Spread {
    pub records: u64,
    /// Records by shard, in the order of the key space.
    pub by_shard: Vec<(u32, u64)>,
    /// The keys with the most records, where one has more than a twentieth.
    pub heavy: Vec<(String, u64)>,
    /// How many shards the recipe can ever use, where its keys bound it.
    pub shards_max: Option<u64>,
}

/// Records that a preview makes.
const PREVIEW_RECORDS: u64 = 1_000;

/// Makes records as a producer would, and sees where they fall.
pub(crate) fn preview(recipe: &KeyRecipe, ranges: &[OpenRange]) -> Spread {
    let mut keys: BTreeMap<String, u64> = BTreeMap::new();
    for number in 0..PREVIEW_RECORDS {
        *keys.entry(recipe.key(1, number)).or_default() += 1;
    }
    let mut by_shard: Vec<(u32, u64)> = ranges.iter().map(|range| (range.shard, 0)).collect();
    for (key, count) in &keys {
        let shard = shard_of(ranges, hash_key_of(key));
        if let Some(entry) = by_shard.iter_mut().find(|(number, _)| Some(*number) == shard) {
            entry.1 += count;
        }
    }
    let mut heavy: Vec<(String, u64)> =
        keys.into_iter().filter(|(_, count)| count * 20 > PREVIEW_RECORDS).collect();
    heavy.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    heavy.truncate(3);
    Spread { records: PREVIEW_RECORDS, by_shard, heavy, shards_max: recipe.distinct_keys() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kinesis::HashKeyRange;

    fn ranges(count: u32) -> Vec<OpenRange> {
        HashKeyRange::evenly(count)
            .into_iter()
            .enumerate()
            .map(|(i, range)| OpenRange {
                shard: i as u32,
                start: range.starting_hash_key,
                end: range.ending_hash_key,
            })
            .collect()
    }

    #[test]
    fn three_keys_of_the_first_half_use_one_of_two_shards() {
        let recipe = "fixed:us,eu,ap".parse().unwrap();
        let spread = preview(&recipe, &ranges(2));
        assert_eq!(spread.by_shard, [(0, 1_000), (1, 0)]);
        assert_eq!(spread.shards_max, Some(3));
        assert_eq!(spread.heavy.len(), 3);
    }

    #[test]
    fn many_keys_use_all_shards() {
        let spread = preview(&"uniform:1000".parse().unwrap(), &ranges(4));
        assert!(spread.by_shard.iter().all(|(_, count)| *count > 180), "{:?}", spread.by_shard);
        assert!(spread.heavy.is_empty());
    }

    #[test]
    fn without_shards_nothing_falls_anywhere() {
        assert!(preview(&KeyRecipe::Random, &[]).by_shard.is_empty());
    }
}
