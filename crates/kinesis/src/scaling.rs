//! From the open shards to another number of even ones, by splits and merges only.
//!
//! Documented: UpdateShardCount splits and merges shards one by one, with short-lived shards on the way.
//! Assumed: in rounds, all splits before the first merge. The total of shards agrees with what was counted in AWS for
//! two to four (6), four to five (15) and four to two (6); ids on the way are our own. For five to three and ten to
//! thirteen moto's maintainers report 7 and 37, which cannot leave shards of equal size as documented: here it takes
//! 13 and 43.

use crate::{Fact, HashKeyRange, Instant, Limits, ShardId, Stream};

/// What can be done at once towards the wanted shards.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Round {
    /// Shards, and where their upper children begin.
    Splits(Vec<(ShardId, u128)>),
    /// Pairs of neighbours.
    Merges(Vec<(ShardId, ShardId)>),
    Done,
}

pub(crate) fn next_round(stream: &Stream, target: u32) -> Round {
    let borders = borders(stream, target);
    let borders_up_to = |key: u128| borders.partition_point(|border| *border <= key);
    let splits: Vec<(ShardId, u128)> = stream
        .open_shards()
        .filter_map(|shard| {
            let range = shard.hash_key_range;
            let inside = borders_up_to(range.starting_hash_key)..borders_up_to(range.ending_hash_key);
            let middle = inside.start + inside.len() / 2;
            (!inside.is_empty()).then(|| (shard.id, borders[middle]))
        })
        .collect();
    if !splits.is_empty() {
        return Round::Splits(splits);
    }
    let mut merges = Vec::new();
    let mut open = stream.open_shards().peekable();
    while let Some(shard) = open.next() {
        let part = borders_up_to(shard.hash_key_range.starting_hash_key);
        let is_same_part =
            |next: &&crate::Shard| borders_up_to(next.hash_key_range.starting_hash_key) == part;
        if let Some(next) = open.next_if(is_same_part) {
            merges.push((shard.id, next.id));
        }
    }
    if merges.is_empty() { Round::Done } else { Round::Merges(merges) }
}

/// Where the wanted shards begin, the first one left out.
///
/// Assumed: a border that stands where rounding would put it stays. A third of the key space and two sixths of it
/// differ by one hash key, and nobody has seen AWS make shards of one key on the way from three to six.
fn borders(stream: &Stream, target: u32) -> Vec<u128> {
    let present: Vec<u128> =
        stream.open_shards().map(|shard| shard.hash_key_range.starting_hash_key).collect();
    let stays = |wanted: u128| {
        let place = present.partition_point(|start| *start < wanted);
        let neighbours = present[place.saturating_sub(1)..].iter().take(2).copied();
        let nearest = neighbours.min_by_key(|start| start.abs_diff(wanted));
        nearest.filter(|start| start.abs_diff(wanted) <= u128::from(target))
    };
    let wanted = HashKeyRange::evenly(target);
    wanted.iter().skip(1).map(|range| range.starting_hash_key).map(|key| stays(key).unwrap_or(key)).collect()
}

pub(crate) fn make_round(
    stream: &mut Stream,
    target: u32,
    now: Instant,
    limits: &Limits,
    facts: &mut Vec<Fact>,
) {
    match next_round(stream, target) {
        Round::Splits(splits) => {
            splits.into_iter().for_each(|(shard, key)| stream.split(shard, key, now, limits, facts));
        }
        Round::Merges(merges) => {
            merges.into_iter().for_each(|(first, second)| stream.merge(first, second, now, limits, facts));
        }
        Round::Done => {}
    }
}
