//! Whether the records of a stream lie as they were made: looked at once each, however often it is asked.

use std::cell::RefCell;
use std::collections::BTreeMap;

use kinesis::{Instant, Shard, ShardId, SortedMap, StoredData, Stream};

/// Different keys whose newest number is kept; a check that meets more looks at all records each time.
const KEYS_MAX: usize = 20_000;

/// How far each question has been answered. It is kept with the observer, so that each copy of the world has the answers
/// of its own past.
#[derive(Clone, Debug, Default)]
pub(crate) struct Orders(RefCell<SortedMap<(String, Option<String>), Scan>>);

#[derive(Clone, Debug)]
struct Scan {
    /// When the stream was made: one of the same name may have taken its place.
    created: Instant,
    /// Index of the first record of each shard that was not looked at.
    next: SortedMap<ShardId, u64>,
    /// The newest number of each key.
    newest: BTreeMap<String, u64>,
    holds: bool,
}

impl Orders {
    /// Whether the records, those of one key or all, lie as they were made.
    pub(crate) fn hold(&self, stream: &Stream, key: Option<&str>, now: Instant) -> bool {
        let new =
            || Scan { created: stream.created, next: SortedMap::new(), newest: BTreeMap::new(), holds: true };
        let mut scans = self.0.borrow_mut();
        let scan = scans.or_insert_with((stream.name.to_string(), key.map(str::to_owned)), new);
        if scan.created != stream.created || scan.newest.len() > KEYS_MAX {
            *scan = new();
        }
        scan.go_on(stream, key, now);
        scan.holds
    }
}

impl Scan {
    fn go_on(&mut self, stream: &Stream, key: Option<&str>, now: Instant) {
        let mut shards: Vec<&Shard> = stream.shards().iter().collect();
        shards.sort_by_key(|shard| shard.opened);
        let horizon = stream.trim_horizon(now);
        for shard in shards {
            let first = shard.first_retained(horizon);
            let from = self.next.get(&shard.id).map_or(first, |next| first.max(*next));
            let mut next = from;
            for record in shard.log.read_from(from) {
                next = record.index + 1;
                let StoredData::Generated(made) = record.data else { continue };
                if key.is_some_and(|key| key != record.partition_key()) {
                    continue;
                }
                let newest = self.newest.entry(record.partition_key().to_owned()).or_default();
                for number in made.numbers() {
                    self.holds &= number >= *newest;
                    *newest = number;
                }
            }
            self.next.insert(shard.id, next);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::{Sandbox, SandboxOptions};

    /// Asked again and again, it says what one look at the end says.
    #[test]
    fn looking_bit_by_bit_is_looking_at_all() {
        for (line, is_kept) in [
            ("sandbox producer start web --stream s --rate 20 --keys uniform:3 --ordering per-key", true),
            (
                "sandbox producer start web --stream s --rate 1200 --keys uniform:3 --retry backoff --attempts 20",
                false,
            ),
        ] {
            let mut sandbox = Sandbox::new(SandboxOptions::default());
            let mut orders = Orders::default();
            for line in [
                "aws kinesis create-stream --stream-name s --shard-count 1",
                "sandbox clock advance 30s",
                line,
            ] {
                awscli::run(&mut sandbox, line);
            }
            for _ in 0..10 {
                awscli::run(&mut sandbox, "sandbox clock advance 1s");
                let world = sandbox.world();
                let stream = world.service().stream("s").unwrap();
                let (bit, all) = (
                    orders.hold(stream, None, world.now()),
                    Orders::default().hold(stream, None, world.now()),
                );
                assert_eq!(bit, all);
                // A copy of the past goes on by itself.
                orders = orders.clone();
            }
            let world = sandbox.world();
            let stream = world.service().stream("s").unwrap();
            assert_eq!(orders.hold(stream, None, world.now()), is_kept, "{line}");
            assert!(orders.hold(stream, Some("nobody"), world.now()));
        }
    }
}
