//! Names of shards: `shardId-000000000007`.

use std::fmt;

use serde::{Deserialize, Serialize, Serializer};

/// A shard's number within its stream, counted from 0 in the order of creation and never used again.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Deserialize)]
pub struct ShardId(pub u32);

impl ShardId {
    /// Reads what AWS accepts: the digits after the first `-`, or the whole text.
    ///
    /// Observed: kinesalite's tests against AWS took `0`, `shard-0` and `shardId-000000000000` for the same shard;
    /// numbers above 2147483647 and other texts were refused.
    pub fn parse(text: &str) -> Option<ShardId> {
        let digits = text.split_once('-').map_or(text, |(_, rest)| rest);
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u32 = digits.parse().ok()?;
        (number <= i32::MAX as u32).then_some(ShardId(number))
    }
}

impl fmt::Display for ShardId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "shardId-{:012}", self.0)
    }
}

impl Serialize for ShardId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // By hand instead of `collect_str`: it stands in every answer of a put and costs a third of that.
        let mut text = *b"shardId-000000000000";
        let mut rest = self.0;
        let mut at = text.len();
        while rest > 0 {
            at -= 1;
            text[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
        }
        serializer.serialize_str(std::str::from_utf8(&text).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_that_aws_takes_for_shard_seven_is_shard_seven() {
        for text in ["7", "shard-7", "x-7", "shardId-000000000007", "shardId-7"] {
            assert_eq!(ShardId::parse(text), Some(ShardId(7)), "{text}");
        }
    }

    #[test]
    fn a_text_without_a_number_is_no_shard() {
        for text in ["", "shardId-", "shardId-x", "shardId-2147483648", "a-b-1", "shardId-+1"] {
            assert_eq!(ShardId::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_shard_id_prints_twelve_digits() {
        assert_eq!(ShardId(0).to_string(), "shardId-000000000000");
        assert_eq!(ShardId(4_294_967_295).to_string(), "shardId-004294967295");
    }
}
