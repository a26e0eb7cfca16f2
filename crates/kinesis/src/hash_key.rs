//! The hash key space: partition key → MD5 → a place between 0 and 2^128-1.

use md5::{Digest as _, Md5};
use serde::{Serialize, Serializer};

/// Where a partition key falls: the MD5 of its UTF-8 bytes as one unsigned big-endian number.
///
/// Documented: PutRecord in the API Reference.
pub fn hash_key_of(partition_key: &str) -> u128 {
    u128::from_be_bytes(Md5::digest(partition_key.as_bytes()).into())
}

/// A place on the key space in parts of 2^32 from its start: what a picture needs.
pub fn ring_share(hash_key: u128) -> u32 {
    (hash_key >> 96) as u32
}

/// A shard's part of the key space, both ends included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct HashKeyRange {
    #[serde(serialize_with = "decimal")]
    pub starting_hash_key: u128,
    #[serde(serialize_with = "decimal")]
    pub ending_hash_key: u128,
}

fn decimal<S: Serializer>(hash_key: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash_key)
}

impl HashKeyRange {
    pub fn contains(&self, hash_key: u128) -> bool {
        (self.starting_hash_key..=self.ending_hash_key).contains(&hash_key)
    }

    /// Cuts the whole key space into `count` (at least 1) even parts; the last one takes the remainder.
    ///
    /// Documented: the boundaries for three shards stand in the AWS CLI's examples.
    pub fn evenly(count: u32) -> Vec<HashKeyRange> {
        let count = u128::from(count.max(1));
        // floor(2^128 / count), although 2^128 itself does not fit.
        let step = (u128::MAX / count).saturating_add(u128::from(u128::MAX % count == count - 1));
        (0..count)
            .map(|i| HashKeyRange {
                starting_hash_key: i * step,
                ending_hash_key: if i == count - 1 { u128::MAX } else { (i + 1) * step - 1 },
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Computed with another implementation of MD5.
    #[test]
    fn keys_fall_where_another_md5_puts_them() {
        for (partition_key, hash_key) in [
            ("a", 16955237001963240173058271559858726497),
            ("b", 195289424170611159128911017612795795343),
            ("1", 261578874264819908609102035485573088411),
            ("123", 42767516990368493138776584305024125808),
            ("user-1", 285573413173782752570879317399258818820),
            ("user-42", 157107139746365290205026809710278036035),
            ("é", 136732923097551493579404309126273812335),
            ("日本", 103341369634063465466164320543046703539),
        ] {
            assert_eq!(hash_key_of(partition_key), hash_key, "{partition_key}");
        }
    }

    #[test]
    fn an_even_split_has_the_published_boundaries() {
        let starts = |n| HashKeyRange::evenly(n).iter().map(|r| r.starting_hash_key).collect::<Vec<_>>();
        assert_eq!(starts(1), [0]);
        assert_eq!(starts(2), [0, 170141183460469231731687303715884105728]);
        assert_eq!(
            starts(3),
            [0, 113427455640312821154458202477256070485, 226854911280625642308916404954512140970]
        );
        assert_eq!(starts(4)[1], 85070591730234615865843651857942052864);
        assert_eq!(starts(5)[1], 68056473384187692692674921486353642291);
        for n in [1, 2, 3, 4, 5, 7, 1_000] {
            let ranges = HashKeyRange::evenly(n);
            assert_eq!(ranges.last().map(|r| r.ending_hash_key), Some(u128::MAX));
            assert!(ranges.windows(2).all(|w| w[0].ending_hash_key + 1 == w[1].starting_hash_key));
        }
    }
}
