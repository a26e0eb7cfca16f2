//! Which keys a shard's traffic is made of: the three that come most often, second by second, from a sample of each second.

use std::collections::BTreeMap;
use std::rc::Rc;

use kinesis::{Instant, Shard};
use sim::{StreamView, World};

use crate::scene::LANE_SECONDS;

/// Records of a second that are looked at, evenly spread over it.
const SAMPLE: u64 = 24;
/// The newest seconds with records say which keys are the most frequent ones.
const RANKED: usize = 15;
/// Keys that are told apart in one second.
const KEYS_MAX: usize = 8;
/// A key that has less of the traffic than so many thousandths is one of many.
const SHARE_MIN: u32 = 50;
/// Keys that a lane shades.
pub(crate) const TOP: usize = 3;

#[derive(Clone, Debug, Default)]
pub(crate) struct KeyBands {
    stream: String,
    /// The last second that is over.
    second: u64,
    by_shard: BTreeMap<u32, ShardKeys>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct ShardKeys {
    /// Keys that came most often, each with its share of the records in thousandths.
    pub top: Vec<(String, u32)>,
    /// By second: how often each of a few keys was in its sample, and the size of the sample.
    seconds: BTreeMap<u64, Rc<Sample>>,
}

#[derive(Clone, Debug, Default)]
struct Sample {
    size: u32,
    keys: Vec<(String, u32)>,
}

impl KeyBands {
    /// The bands of the shards that are shown; what was counted before is taken over.
    pub(crate) fn of(world: &World, view: &StreamView, before: Option<&Rc<KeyBands>>) -> Rc<KeyBands> {
        let second = world.now().seconds().saturating_sub(1);
        let kept = before.filter(|before| before.stream == view.name && before.second <= second);
        if let Some(same) = kept.filter(|before| before.second == second) {
            return Rc::clone(same);
        }
        let from = second.saturating_sub(LANE_SECONDS);
        let Some(stream) = world.service().stream(&view.name) else { return Rc::default() };
        let mut bands = KeyBands { stream: view.name.clone(), second, by_shard: BTreeMap::new() };
        for shard_view in &view.shards {
            let Some(shard) = stream.shards().get(shard_view.number as usize) else { continue };
            let known = kept.and_then(|kept| kept.by_shard.get(&shard_view.number));
            let mut seconds = BTreeMap::new();
            for counts in shard_view.seconds.iter().filter(|it| (from..=second).contains(&it.second)) {
                let sample = known.and_then(|known| known.seconds.get(&counts.second)).cloned();
                if counts.records > 0 {
                    let taken = || Rc::new(sample_of(shard, counts.second, counts.records));
                    seconds.insert(counts.second, sample.unwrap_or_else(taken));
                }
            }
            bands.by_shard.insert(shard_view.number, ShardKeys { top: top(&seconds), seconds });
        }
        Rc::new(bands)
    }

    pub(crate) fn shard(&self, shard: u32) -> Option<&ShardKeys> {
        self.by_shard.get(&shard)
    }
}

impl ShardKeys {
    /// Shares of the top keys in a second, in thousandths.
    pub(crate) fn shares(&self, second: u64) -> [u32; TOP] {
        let mut shares = [0; TOP];
        if let Some(sample) = self.seconds.get(&second) {
            for (share, (key, _)) in shares.iter_mut().zip(&self.top) {
                let times = sample.keys.iter().find(|(other, _)| other == key).map_or(0, |(_, times)| *times);
                *share = times * 1_000 / sample.size.max(1);
            }
        }
        shares
    }
}

fn sample_of(shard: &Shard, second: u64, records: u64) -> Sample {
    let first = shard.log.first_at(Instant::from_seconds(second));
    let mut sample = Sample::default();
    for i in 0..records.min(SAMPLE) {
        let index = first + i * records / records.min(SAMPLE);
        let Some(record) = shard.log.read_from(index).next() else { break };
        sample.size += 1;
        let known = sample.keys.iter().position(|(key, _)| key == record.partition_key());
        match known {
            Some(place) => sample.keys[place].1 += 1,
            None if sample.keys.len() < KEYS_MAX => sample.keys.push((record.partition_key().to_owned(), 1)),
            None => {}
        }
    }
    sample
}

fn top(seconds: &BTreeMap<u64, Rc<Sample>>) -> Vec<(String, u32)> {
    let newest = || seconds.values().rev().take(RANKED);
    let mut times_of: BTreeMap<&str, u32> = BTreeMap::new();
    for (key, times) in newest().flat_map(|sample| &sample.keys) {
        *times_of.entry(key).or_default() += times;
    }
    let all: u32 = newest().map(|sample| sample.size).sum();
    let mut keys: Vec<(&str, u32)> = times_of.into_iter().collect();
    keys.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let shares = keys.into_iter().map(|(key, times)| (key.to_owned(), times * 1_000 / all.max(1)));
    shares.filter(|(_, share)| *share >= SHARE_MIN).take(TOP).collect()
}

#[cfg(test)]
mod tests {
    use awscli::Shell;
    use sim::{SandboxOptions, ViewQuery};

    use super::*;
    use crate::desk::first_world;

    #[test]
    fn the_key_that_is_most_of_the_traffic_is_named_with_its_share() {
        let mut sandbox = first_world(SandboxOptions::default());
        let mut shell = Shell::default();
        for line in
            ["sandbox producer start web --stream clicks --rate 400 --keys hot:80:celebrity", "sleep 20"]
        {
            let output = crate::language::run(&mut shell, &mut sandbox, line, &mut |_| {});
            assert_eq!(output.exit_code, 0, "{}", output.stderr);
        }
        let query = ViewQuery { stream: Some("clicks".to_owned()), ..ViewQuery::default() };
        let view = sandbox.view(&query).streams.remove(0);
        let bands = KeyBands::of(sandbox.world(), &view, None);
        // MD5 puts this key into the second half of the key space: fe51…
        let hot = bands.shard(1).unwrap_or_else(|| panic!("the shard has bands"));
        assert_eq!(hot.top[0].0, "celebrity");
        // Eight tenths of all records, and half of the other two: 0.8 / 0.9.
        assert!((830..=950).contains(&hot.top[0].1), "{:?}", hot.top);
        let second = world_second(sandbox.world());
        assert!(hot.shares(second)[0] > 700, "{:?}", hot.shares(second));
        assert!(bands.shard(0).is_some_and(|it| it.top.iter().all(|(key, _)| key != "celebrity")));
    }

    fn world_second(world: &World) -> u64 {
        world.now().seconds() - 1
    }
}
