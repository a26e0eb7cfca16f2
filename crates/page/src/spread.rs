//! Where keys fall: on which shard, and how a recipe's records would spread.

use std::collections::BTreeMap;

use kinesis::{Shard, hash_key_of};
use sim::KeyRecipe;

/// An open shard's part of the key space.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct OpenRange {
    pub shard: u32,
    pub start: u128,
    pub end: u128,
}

/// The open shards in the order of the key space.
pub(crate) fn open_ranges(shards: &[Shard]) -> Vec<OpenRange> {
    let open = shards.iter().filter(|shard| shard.is_open());
    let mut ranges: Vec<OpenRange> = open
        .map(|shard| OpenRange {
            shard: shard.id.0,
            start: shard.hash_key_range.starting_hash_key,
            end: shard.hash_key_range.ending_hash_key,
        })
        .collect();
    ranges.sort_by_key(|range| range.start);
    ranges
}

/// The open shard that takes a hash key.
pub(crate) fn shard_of(ranges: &[OpenRange], hash_key: u128) -> Option<u32> {
    let after = ranges.partition_point(|range| range.start <= hash_key);
    let range = ranges.get(after.checked_sub(1)?)?;
    (hash_key <= range.end).then_some(range.shard)
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
        *keys.entry(recipe.key(1, number).into()).or_default() += 1;
    }
    let by_shard = fall(keys.iter().map(|(key, count)| (key.as_str(), *count)), ranges);
    let mut heavy: Vec<(String, u64)> =
        keys.into_iter().filter(|(_, count)| count * 20 > PREVIEW_RECORDS).collect();
    heavy.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    heavy.truncate(3);
    Spread { records: PREVIEW_RECORDS, by_shard, heavy, shards_max: recipe.distinct_keys() }
}

/// How many records fall on each open shard, in the order of the key space.
pub(crate) fn fall<'a>(keys: impl Iterator<Item = (&'a str, u64)>, ranges: &[OpenRange]) -> Vec<(u32, u64)> {
    let mut by_shard: Vec<(u32, u64)> = ranges.iter().map(|range| (range.shard, 0)).collect();
    for (key, count) in keys {
        let hash_key = hash_key_of(key);
        let after = ranges.partition_point(|range| range.start <= hash_key);
        if let Some(entry) = after.checked_sub(1).and_then(|place| by_shard.get_mut(place)) {
            entry.1 += count;
        }
    }
    by_shard
}

/// Keys of a column that was pasted: how often each comes, and what is remarkable about them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct KeyColumn {
    /// Lines that held a key.
    pub records: u64,
    pub distinct: u64,
    /// Lines that were left out: empty keys or keys over 256 characters.
    pub left_out: u64,
    pub by_shard: Vec<(u32, u64)>,
    /// The ten keys with the most records.
    pub heaviest: Vec<(String, u64)>,
    /// Whether the text was longer than what is looked at.
    pub is_cut: bool,
}

/// Bytes of a pasted column that are looked at.
pub(crate) const COLUMN_BYTES_MAX: usize = 4 << 20;
const HEAVIEST: usize = 10;

/// Reads a column of keys, one a line; of a line with commas, tabs or semicolons the first field counts.
pub(crate) fn read_column(text: &str, ranges: &[OpenRange]) -> KeyColumn {
    let mut end = text.len().min(COLUMN_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let mut keys: BTreeMap<&str, u64> = BTreeMap::new();
    let mut column = KeyColumn { is_cut: end < text.len(), ..KeyColumn::default() };
    for line in text[..end].lines().filter(|line| !line.trim().is_empty()) {
        let field = line.split([',', '\t', ';']).next().unwrap_or_default().trim().trim_matches('"');
        if field.is_empty() || field.chars().count() > 256 {
            column.left_out += 1;
            continue;
        }
        *keys.entry(field).or_default() += 1;
        column.records += 1;
    }
    column.distinct = keys.len() as u64;
    column.by_shard = fall(keys.iter().map(|(key, count)| (*key, *count)), ranges);
    let mut heaviest: Vec<(String, u64)> =
        keys.into_iter().map(|(key, count)| (key.to_owned(), count)).collect();
    heaviest.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    heaviest.truncate(HEAVIEST);
    column.heaviest = heaviest;
    column
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
    fn a_pasted_column_is_counted_by_shard_and_by_key() {
        // MD5 of "us", "eu" and "ap" begin with 0b, 4f and 62: the first half of the key space.
        let column = read_column("us\nus,1\n\neu\t7\nap;x\n,\n", &ranges(2));
        assert_eq!((column.records, column.distinct, column.left_out), (4, 3, 1));
        assert_eq!(column.by_shard, [(0, 4), (1, 0)]);
        assert_eq!(column.heaviest[0], ("us".to_owned(), 2));
    }

    #[test]
    fn a_shard_is_found_among_ten_thousand() {
        let ranges = ranges(10_000);
        assert_eq!(shard_of(&ranges, 0), Some(0));
        assert_eq!(shard_of(&ranges, u128::MAX), Some(9_999));
        assert_eq!(shard_of(&ranges, ranges[7_000].start), Some(7_000));
        assert_eq!(shard_of(&ranges, ranges[7_000].start - 1), Some(6_999));
    }

    #[test]
    fn without_shards_nothing_falls_anywhere() {
        assert!(preview(&KeyRecipe::Random, &[]).by_shard.is_empty());
    }
}
