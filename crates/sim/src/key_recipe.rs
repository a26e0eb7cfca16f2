//! Key recipes: how a producer chooses the partition key of each record.

use std::fmt;
use std::str::FromStr;

use smol_str::{SmolStr, SmolStrBuilder};

use crate::dice::Dice;

/// How partition keys are chosen. Printed and read as text: `uniform:1000`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum KeyRecipe {
    /// A new key for each record.
    Random,
    /// `user-1` to `user-N`, each as often as the others.
    Uniform { count: u32 },
    /// `user-1` to `user-N`, the k-th one 1/k as often as the first.
    Zipf { count: u32 },
    /// The given keys in turn.
    Fixed { keys: Vec<String> },
    /// One key for `percent` of the records, `user-1` to `user-1000` for the others.
    Hot { percent: u32, key: String },
    /// Keys of several recipes joined, as `eu#user-17`: what spreads a key that is too coarse by itself.
    Composite { parts: Vec<KeyRecipe> },
}

const COUNT_MAX: u32 = 1_000_000;
const FIXED_KEYS_MAX: usize = 1_000;
const OTHER_KEYS: u32 = 1_000;
const PARTS_MAX: usize = 4;

impl KeyRecipe {
    /// The key of a producer's record `number`; the same number gives the same key.
    pub fn key(&self, seed: u64, number: u64) -> SmolStr {
        let mut dice = Dice::new(seed, 0x6b65_7973, number);
        match self {
            KeyRecipe::Random => hexadecimal(dice.next()),
            KeyRecipe::Uniform { count } => user(dice.below(u64::from(*count)) + 1),
            KeyRecipe::Zipf { count } => user(zipf(&mut dice, u64::from(*count))),
            KeyRecipe::Fixed { keys } => {
                let place = (number % keys.len().max(1) as u64) as usize;
                keys.get(place).map(SmolStr::new).unwrap_or_default()
            }
            KeyRecipe::Hot { percent, key } => {
                if dice.below(100) < u64::from(*percent) {
                    key.into()
                } else {
                    user(dice.below(u64::from(OTHER_KEYS)) + 1)
                }
            }
            KeyRecipe::Composite { parts } => {
                // Each part has dice of its own, so that equal parts do not go together.
                let mut key = SmolStrBuilder::new();
                for (place, part) in (1..).zip(parts) {
                    if place > 1 {
                        key.push('#');
                    }
                    key.push_str(&part.key(seed ^ place << 40, number));
                }
                key.finish()
            }
        }
    }

    /// Characters of the longest key that the recipe can make, at most.
    fn longest_key(&self) -> usize {
        match self {
            KeyRecipe::Random => 16,
            KeyRecipe::Uniform { .. } | KeyRecipe::Zipf { .. } => 12,
            KeyRecipe::Fixed { keys } => keys.iter().map(|key| key.chars().count()).max().unwrap_or(0),
            KeyRecipe::Hot { key, .. } => key.chars().count().max(12),
            KeyRecipe::Composite { parts } => parts.iter().map(|part| part.longest_key() + 1).sum(),
        }
    }

    /// How many different keys the recipe can make: what bounds the shards that it can ever use.
    pub fn distinct_keys(&self) -> Option<u64> {
        match self {
            KeyRecipe::Random => None,
            KeyRecipe::Uniform { count } | KeyRecipe::Zipf { count } => Some(u64::from(*count)),
            KeyRecipe::Fixed { keys } => {
                let mut keys: Vec<&String> = keys.iter().collect();
                keys.sort();
                keys.dedup();
                Some(keys.len() as u64)
            }
            KeyRecipe::Hot { percent: 100, .. } => Some(1),
            KeyRecipe::Hot { percent: 0, .. } => Some(u64::from(OTHER_KEYS)),
            KeyRecipe::Hot { .. } => Some(u64::from(OTHER_KEYS) + 1),
            KeyRecipe::Composite { parts } => {
                parts.iter().try_fold(1u64, |keys, part| Some(keys.saturating_mul(part.distinct_keys()?)))
            }
        }
    }
}

/// Sixteen digits; a program makes one for each record, for which `format!` is slow.
fn hexadecimal(n: u64) -> SmolStr {
    let digit = |place: u32| char::from(b"0123456789abcdef"[(n >> (place * 4) & 0xf) as usize]);
    (0..16).rev().map(digit).collect()
}

fn user(n: u64) -> SmolStr {
    let mut key = SmolStrBuilder::new();
    key.push_str("user-");
    key.push_str(itoa::Buffer::new().format(n));
    key.finish()
}

/// A number from 1 to `count`, k with a chance in proportion to 1/k.
///
/// Whole numbers only: the harmonic sum is taken octave by octave (numbers from 2^i to 2^(i+1)-1 weigh about the
/// same together), then one number of the octave is drawn by rejection.
fn zipf(dice: &mut Dice, count: u64) -> u64 {
    let octaves = 64 - count.leading_zeros();
    loop {
        let octave = dice.below(u64::from(octaves));
        let first = 1 << octave;
        let k = first + dice.below(first);
        // Within its octave k is drawn evenly (chance 1/2^i): keep it with chance 2^i/k to come to 1/k.
        if k <= count && dice.below(k) < first {
            return k;
        }
    }
}

impl fmt::Display for KeyRecipe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            KeyRecipe::Random => f.write_str("random"),
            KeyRecipe::Uniform { count } => write!(f, "uniform:{count}"),
            KeyRecipe::Zipf { count } => write!(f, "zipf:{count}"),
            KeyRecipe::Fixed { keys } => write!(f, "fixed:{}", keys.join(",")),
            KeyRecipe::Hot { percent, key } => write!(f, "hot:{percent}:{key}"),
            KeyRecipe::Composite { parts } => {
                f.write_str("composite")?;
                parts
                    .iter()
                    .zip([':'].into_iter().chain(std::iter::repeat('+')))
                    .try_for_each(|(part, glue)| write!(f, "{glue}{part}"))
            }
        }
    }
}

impl FromStr for KeyRecipe {
    type Err = String;

    fn from_str(text: &str) -> Result<KeyRecipe, String> {
        let (kind, rest) = text.split_once(':').unwrap_or((text, ""));
        let count = || match rest.parse::<u32>() {
            Ok(count) if (1..=COUNT_MAX).contains(&count) => Ok(count),
            _ => Err(format!("{kind} needs a number of keys from 1 to {COUNT_MAX}, as in {kind}:1000")),
        };
        match kind {
            "random" if rest.is_empty() => Ok(KeyRecipe::Random),
            "uniform" => Ok(KeyRecipe::Uniform { count: count()? }),
            "zipf" => Ok(KeyRecipe::Zipf { count: count()? }),
            "fixed" => {
                let keys: Vec<String> = rest.split(',').map(str::to_owned).collect();
                if keys.len() > FIXED_KEYS_MAX {
                    return Err(format!("fixed takes at most {FIXED_KEYS_MAX} keys"));
                }
                keys.iter().try_for_each(|key| check_key(key))?;
                Ok(KeyRecipe::Fixed { keys })
            }
            "hot" => {
                let (percent, key) = rest.split_once(':').unwrap_or((rest, "celebrity"));
                let percent = percent
                    .parse()
                    .ok()
                    .filter(|percent| *percent <= 100)
                    .ok_or("hot needs a percentage and a key, as in hot:90:celebrity")?;
                check_key(key)?;
                Ok(KeyRecipe::Hot { percent, key: key.to_owned() })
            }
            "composite" => {
                let parts = rest.split('+').map(str::parse).collect::<Result<Vec<KeyRecipe>, String>>()?;
                let is_flat = parts.iter().all(|part| !matches!(part, KeyRecipe::Composite { .. }));
                if !is_flat || !(2..=PARTS_MAX).contains(&parts.len()) {
                    return Err(format!(
                        "composite joins 2 to {PARTS_MAX} other recipes, as in composite:fixed:us,eu+uniform:1000"
                    ));
                }
                let longest: usize = parts.iter().map(|part| part.longest_key() + 1).sum();
                if longest > 257 {
                    return Err("a partition key has 1 to 256 characters".to_owned());
                }
                Ok(KeyRecipe::Composite { parts })
            }
            _ => Err(format!(
                "{text:?} is no key recipe: use random, uniform:1000, zipf:1000, fixed:us,eu,ap, hot:90:celebrity or \
                 composite:fixed:us,eu+uniform:1000"
            )),
        }
    }
}

fn check_key(key: &str) -> Result<(), String> {
    match key.chars().count() {
        1..=256 => Ok(()),
        _ => Err("a partition key has 1 to 256 characters".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn counts(recipe: &str, records: u64) -> BTreeMap<String, u64> {
        let recipe: KeyRecipe = recipe.parse().unwrap();
        let mut counts = BTreeMap::new();
        for number in 0..records {
            *counts.entry(recipe.key(1, number).into()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn a_recipe_prints_as_it_is_read() {
        for text in [
            "random",
            "uniform:1000",
            "zipf:5",
            "fixed:us,eu,ap",
            "hot:90:celebrity",
            "hot:5:a:b",
            "composite:fixed:us,eu+uniform:1000",
            "composite:random+zipf:3+hot:5:a:b",
        ] {
            assert_eq!(text.parse::<KeyRecipe>().map(|recipe| recipe.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_reason() {
        for text in [
            "",
            "uniform",
            "uniform:0",
            "uniform:-1",
            "hot:101:x",
            "hot:x",
            "fixed:",
            "fixed:a,,b",
            "zip:3",
            "composite",
            "composite:random",
            "composite:random+composite:random+random",
            "composite:random+random+random+random+random",
        ] {
            assert!(text.parse::<KeyRecipe>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_hot_key_gets_its_share() {
        let hot = counts("hot:90:celebrity", 10_000)["celebrity"];
        assert!((8_800..9_200).contains(&hot), "{hot}");
    }

    #[test]
    fn the_second_zipf_key_comes_half_as_often_as_the_first() {
        let counts = counts("zipf:1000", 100_000);
        // 100,000 / (the sum of 1/k for k up to 1,000, which is 7.485) = 13,360.
        let (first, second, tenth) = (counts["user-1"], counts["user-2"], counts["user-10"]);
        assert!((12_700..14_100).contains(&first), "{first}");
        assert!((6_300..7_100).contains(&second), "{second}");
        assert!((1_150..1_550).contains(&tenth), "{tenth}");
    }

    #[test]
    fn a_composite_key_has_a_part_of_each_recipe() {
        let counts = counts("composite:fixed:us,eu+uniform:3", 6_000);
        assert_eq!(counts.len(), 6, "{counts:?}");
        assert!(counts.iter().all(|(key, count)| key.contains("#user-") && *count > 800), "{counts:?}");
        let recipe: KeyRecipe = "composite:fixed:us,eu+uniform:3".parse().unwrap();
        assert_eq!(recipe.distinct_keys(), Some(6));
        let long = format!("composite:fixed:{0}+fixed:{0}", "x".repeat(128));
        assert!(long.parse::<KeyRecipe>().is_err());
    }

    #[test]
    fn equal_parts_of_a_composite_key_do_not_go_together() {
        assert_eq!(counts("composite:uniform:3+uniform:3", 6_000).len(), 9);
    }

    #[test]
    fn fixed_keys_take_turns() {
        assert_eq!(counts("fixed:us,eu,ap", 9).into_values().collect::<Vec<_>>(), [3, 3, 3]);
    }
}
