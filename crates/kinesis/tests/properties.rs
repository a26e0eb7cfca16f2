//! What holds after any session: random requests against one service, through the public interface only.

// The crate's own tests include the same file.
#[path = "../src/testing.rs"]
mod testing;

use std::collections::{BTreeMap, BTreeSet};

use kinesis::{
    Duration, Fact, GetRecordsInput, HashKeyRange, Instant, LimitsProfile, ListShardsInput, ListStreamsInput,
    PutRecordsRequestEntry, PutRecordsResultEntry, RegisterStreamConsumerInput, Response, SequenceNumber,
    ShardFilter, ShardId, ShardIteratorType, StartingPosition, SubscribeToShardInput, UpdateShardCountInput,
    hash_key_of,
};
use proptest::prelude::*;
use testing::*;

/// Something that a user of the stream `orders` does.
#[derive(Clone, Debug)]
enum Step {
    /// So many records of a key, of so many bytes each.
    Put {
        key: u8,
        count: usize,
        size: usize,
    },
    /// Splits the open shard at this place among them, at this share of its range (of 256).
    Split {
        place: u8,
        share: u8,
    },
    /// Merges the open shard at this place with its neighbour.
    Merge {
        place: u8,
    },
    /// UpdateShardCount to so many quarters of the open shards.
    Scale {
        quarters: u8,
    },
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<u8>(), 1..40usize, 0..300usize).prop_map(|(key, count, size)| Step::Put { key, count, size }),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(place, share)| Step::Split { place, share }),
        1 => any::<u8>().prop_map(|place| Step::Merge { place }),
        1 => (1..10u8).prop_map(|quarters| Step::Scale { quarters }),
        3 => (0..90_000u64).prop_map(|millis| Step::Wait(Duration::from_millis(millis))),
    ]
}

fn sessions() -> impl Strategy<Value = (i64, Vec<Step>)> {
    (1..5i64, prop::collection::vec(step(), 1..40))
}

fn open_ranges(lab: &Lab) -> Vec<(ShardId, HashKeyRange)> {
    lab.stream().open_shards().map(|shard| (shard.id, shard.hash_key_range)).collect()
}

fn key_name(key: u8) -> String {
    format!("key-{key}")
}

/// A record as its producer knows it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Accepted {
    key: String,
    shard: ShardId,
    number: SequenceNumber,
}

/// Does one step; requests that the service may refuse are refused.
fn apply(lab: &mut Lab, step: &Step, accepted: &mut Vec<Accepted>) {
    let open = open_ranges(lab);
    let shard_at = |place: u8| open[usize::from(place) % open.len()];
    match *step {
        Step::Put { key, count, size } => {
            let output = lab.put_many(batch(vec![entry(&key_name(key), size); count]));
            let stored = output.records.into_iter().filter_map(|entry| match entry {
                PutRecordsResultEntry::Stored { sequence_number, shard_id } => {
                    Some(Accepted { key: key_name(key), shard: shard_id, number: sequence_number })
                }
                PutRecordsResultEntry::Refused { .. } => None,
            });
            accepted.extend(stored);
        }
        Step::Split { place, share } => {
            let (shard, range) = shard_at(place);
            let size = range.ending_hash_key - range.starting_hash_key;
            let _ = lab.call(split(shard.0, range.starting_hash_key + size / 256 * u128::from(share)));
        }
        Step::Merge { place } => {
            let (first, second) = (shard_at(place), shard_at(place.wrapping_add(1)));
            let _ = lab.call(merge(first.0.0, second.0.0));
        }
        Step::Scale { quarters } => {
            let request = UpdateShardCountInput {
                stream_name: text("orders"),
                target_shard_count: Some((open.len() as i64 * i64::from(quarters) + 3) / 4),
                scaling_type: text("UNIFORM_SCALING"),
                ..Default::default()
            };
            let _ = lab.call(request);
        }
        Step::Wait(span) => lab.wait(span),
    }
}

fn play(shard_count: i64, steps: &[Step]) -> (Lab, Vec<Accepted>) {
    let mut lab = Lab::with_shards(shard_count);
    let mut accepted = Vec::new();
    for step in steps {
        apply(&mut lab, step, &mut accepted);
    }
    (lab, accepted)
}

/// Reads a shard from TRIM_HORIZON until nothing more is there; returns its children if it has ended.
fn read_to_the_end(lab: &mut Lab, shard: ShardId, limit: i64, read: &mut Vec<Accepted>) -> Vec<ShardId> {
    let mut iterator = Some(lab.iterator(shard.0, ShardIteratorType::TrimHorizon));
    while let Some(text) = iterator {
        lab.wait(SECOND);
        let request = GetRecordsInput { limit: Some(limit), ..page_at(&text) };
        let Response::GetRecords(page) = lab.accepts(request) else { panic!("an answer of its own kind") };
        read.extend(page.records.iter().map(|record| Accepted {
            key: record.partition_key.to_string(),
            shard,
            number: record.sequence_number,
        }));
        let children = page.child_shards.unwrap_or_default();
        if page.next_shard_iterator.is_none() {
            return children.iter().map(|child| child.shard_id).collect();
        }
        iterator = page.next_shard_iterator.filter(|_| page.millis_behind_latest > 0);
    }
    Vec::new()
}

/// Reads the whole stream as a consumer does: from the shards at the trim horizon on, parents before children.
fn read_everything(lab: &mut Lab, limit: i64) -> Vec<Accepted> {
    let request = ListShardsInput {
        stream_name: text("orders"),
        shard_filter: Some(ShardFilter { kind: text("AT_TRIM_HORIZON"), ..Default::default() }),
        ..Default::default()
    };
    let Response::ListShards(listed) = lab.accepts(request) else { panic!("an answer of its own kind") };
    let mut waiting: BTreeSet<ShardId> = listed.shards.iter().map(|shard| shard.shard_id).collect();
    let mut seen = waiting.clone();
    let mut read = Vec::new();
    // Ids are given out in the order of creation: the lowest one that waits has no parent that waits.
    while let Some(shard) = waiting.pop_first() {
        for child in read_to_the_end(lab, shard, limit, &mut read) {
            if seen.insert(child) {
                waiting.insert(child);
            }
        }
    }
    read
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn open_shards_cover_the_key_space_without_gap_or_overlap((shard_count, steps) in sessions()) {
        let mut lab = Lab::with_shards(shard_count);
        for step in &steps {
            apply(&mut lab, step, &mut Vec::new());
            let open = open_ranges(&lab);
            prop_assert_eq!(open.first().map(|(_, range)| range.starting_hash_key), Some(0));
            prop_assert_eq!(open.last().map(|(_, range)| range.ending_hash_key), Some(u128::MAX));
            for pair in open.windows(2) {
                prop_assert_eq!(pair[0].1.ending_hash_key + 1, pair[1].1.starting_hash_key);
            }
            prop_assert!(open.iter().all(|(_, range)| range.starting_hash_key < range.ending_hash_key));
        }
    }

    #[test]
    fn a_record_goes_to_the_one_open_shard_that_holds_its_hash_key((shard_count, steps) in sessions(), key in any::<u8>()) {
        let (mut lab, _) = play(shard_count, &steps);
        lab.wait(SECOND);
        let holders: Vec<ShardId> = open_ranges(&lab)
            .into_iter()
            .filter(|(_, range)| range.contains(hash_key_of(&key_name(key))))
            .map(|(id, _)| id)
            .collect();
        prop_assert_eq!(vec![lab.put(put(&key_name(key), "x")).shard_id], holders);
    }

    #[test]
    fn sequence_numbers_rise_within_a_shard_and_from_parent_to_child((shard_count, steps) in sessions()) {
        let (lab, accepted) = play(shard_count, &steps);
        let mut last: BTreeMap<ShardId, String> = BTreeMap::new();
        for Accepted { shard, number, .. } in &accepted {
            let text = number.to_string();
            prop_assert_eq!(number.shard, *shard);
            prop_assert_eq!(SequenceNumber::parse(&text), Some(*number));
            if let Some(before) = last.insert(*shard, text.clone()) {
                prop_assert!(before < text, "{} before {}", before, text);
            }
        }
        for shard in lab.stream().shards() {
            let start = shard.starting_sequence_number().to_string();
            let end = shard.ending_sequence_number().map(|number| number.to_string());
            for Accepted { number, .. } in accepted.iter().filter(|record| record.shard == shard.id) {
                prop_assert!(number.to_string() > start);
                prop_assert!(end.as_ref().is_none_or(|end| number.to_string() < *end));
            }
            for parent in shard.parents().filter_map(|id| lab.stream().shard(id)) {
                prop_assert!(parent.ending_sequence_number().is_some_and(|end| end.to_string() < start));
            }
        }
    }

    #[test]
    fn every_accepted_record_is_read_once_and_in_order_from_the_trim_horizon_on(
        (shard_count, steps) in sessions(),
        limit in prop_oneof![1..10i64, 10..200i64, Just(10_000i64)],
    ) {
        let (mut lab, accepted) = play(shard_count, &steps);
        let read = read_everything(&mut lab, limit);
        let sorted = |records: &[Accepted]| {
            let mut records = records.to_vec();
            records.sort();
            records
        };
        prop_assert_eq!(sorted(&accepted), sorted(&read));
        let of_key = |records: &[Accepted], key: &str| -> Vec<SequenceNumber> {
            records.iter().filter(|record| record.key == key).map(|record| record.number).collect()
        };
        for key in accepted.iter().map(|record| record.key.as_str()).collect::<BTreeSet<_>>() {
            prop_assert_eq!(of_key(&accepted, key), of_key(&read, key), "the order of {} is lost", key);
        }
    }

    #[test]
    fn pages_of_any_size_hold_each_record_once_and_in_order(
        sizes in prop::collection::vec(0..2_000usize, 1..400),
        limits in prop::collection::vec(1..60i64, 1..20),
    ) {
        let mut lab = Lab::with_shards(1);
        for (i, size) in sizes.iter().enumerate() {
            if i % 100 == 99 {
                lab.wait(SECOND);
            }
            lab.put_many(batch(vec![entry(&i.to_string(), *size)]));
        }
        let mut read = Vec::new();
        let mut iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
        for limit in limits.iter().cycle() {
            lab.wait(SECOND);
            let request = GetRecordsInput { limit: Some(*limit), ..page_at(&iterator) };
            let Response::GetRecords(page) = lab.accepts(request) else { panic!("an answer of its own kind") };
            prop_assert!(page.records.len() as i64 <= *limit);
            read.extend(keys(&page));
            if page.millis_behind_latest == 0 {
                break;
            }
            iterator = page.next_shard_iterator.expect("the shard is open");
        }
        let all: Vec<String> = (0..sizes.len()).map(|i| i.to_string()).collect();
        prop_assert_eq!(read, all);
    }

    #[test]
    fn every_iterator_type_starts_where_counting_says(
        gaps in prop::collection::vec(0..3_000u64, 1..30),
        place in any::<prop::sample::Index>(),
    ) {
        let mut lab = Lab::with_shards(1);
        let mut records = Vec::new();
        for (i, gap) in gaps.iter().enumerate() {
            lab.wait(Duration::from_millis(*gap));
            records.push((lab.now, lab.put(put(&i.to_string(), "x")).sequence_number));
        }
        lab.wait(SECOND);
        let place = place.index(records.len());
        let (at, number) = records[place];
        let by_number = |kind| kinesis::GetShardIteratorInput {
            starting_sequence_number: text(&number.to_string()),
            ..get_iterator(0, kind)
        };
        let by_time = kinesis::GetShardIteratorInput {
            timestamp: Some(kinesis::Seconds(at)),
            ..get_iterator(0, ShardIteratorType::AtTimestamp)
        };
        let first_of_that_time = records.iter().position(|(arrival, _)| *arrival >= at).unwrap_or_default();
        for (request, first) in [
            (by_number(ShardIteratorType::AtSequenceNumber), place),
            (by_number(ShardIteratorType::AfterSequenceNumber), place + 1),
            (by_time, first_of_that_time),
            (get_iterator(0, ShardIteratorType::TrimHorizon), 0),
            (get_iterator(0, ShardIteratorType::Latest), records.len()),
        ] {
            let iterator = lab.iterator_by(request);
            let expected: Vec<String> = (first..records.len()).map(|i| i.to_string()).collect();
            prop_assert_eq!(keys(&lab.read(&iterator)), expected);
        }
    }
}

/// A call to a shard, by one of three clients.
#[derive(Clone, Debug)]
enum Load {
    /// So many records of a key, of so many bytes each.
    Put {
        key: u8,
        count: usize,
        size: usize,
    },
    Read,
    GetIterator,
    /// A call of the control plane.
    List,
}

fn loads() -> impl Strategy<Value = Vec<(u64, Load)>> {
    let put = |sizes: std::ops::Range<usize>| {
        (0..4u8, 1..500usize, sizes).prop_map(|(key, count, size)| Load::Put { key, count, size })
    };
    let gaps = |span: u64| prop_oneof![9 => 0..span, 1 => Just(1_000_000)];
    let any_put = prop_oneof![put(0..50), put(0..5_000), put(100_000..1_000_000)].boxed();
    let mixed = prop_oneof![3 => any_put.clone(), 4 => Just(Load::Read), 2 => Just(Load::GetIterator)];
    // Each budget has to be asked for more than it gives.
    prop_oneof![
        prop::collection::vec((gaps(200_000), mixed), 1..60),
        prop::collection::vec((gaps(200_000), put(0..50)), 1..30),
        prop::collection::vec((gaps(400_000), any_put), 1..30),
        prop::collection::vec((gaps(150_000), Just(Load::Read)), 1..60),
        prop::collection::vec((gaps(150_000), Just(Load::GetIterator)), 1..60),
        prop::collection::vec((gaps(150_000), Just(Load::List)), 1..60),
    ]
}

/// What was accepted of each budget of the first shard: when and how much.
#[derive(Default, Debug)]
struct Accounts {
    records: Vec<(Instant, u64)>,
    bytes: Vec<(Instant, u64)>,
    read_calls: Vec<(Instant, u64)>,
    bytes_read: Vec<(Instant, u64)>,
    iterators: Vec<(Instant, u64)>,
    lists: Vec<(Instant, u64)>,
    /// What the shard pushed to a subscribed consumer.
    pushed: Vec<(Instant, u64)>,
}

impl Accounts {
    /// Lets time pass from one of the service's deadlines to the next, as pushes happen at them.
    fn wait(&mut self, lab: &mut Lab, span: Duration) {
        let end = lab.now + span;
        loop {
            let next = lab.service.next_deadline().unwrap_or(end).clamp(lab.now, end);
            lab.wait(next.since(lab.now));
            self.note_pushes(lab);
            if next == end {
                break;
            }
        }
    }

    fn note_pushes(&mut self, lab: &mut Lab) {
        for fact in std::mem::take(&mut lab.facts) {
            if let Fact::EventPushed { shard: ShardId(0), bytes, .. } = fact {
                self.pushed.push((lab.now, bytes));
            }
        }
    }
}

/// Registers a consumer and subscribes it to the first shard.
fn subscribe(lab: &mut Lab) {
    let registered = lab.accepts(RegisterStreamConsumerInput {
        stream_arn: text(ARN),
        consumer_name: text("audit"),
        tags: None,
    });
    let Response::RegisterStreamConsumer(output) = registered else { panic!("an answer of its own kind") };
    lab.wait(SECOND.times(60));
    lab.accepts(SubscribeToShardInput {
        consumer_arn: Some(output.consumer.consumer_arn),
        shard_id: text("shardId-000000000000"),
        starting_position: Some(StartingPosition { kind: text("LATEST"), ..Default::default() }),
        dry_run: None,
    });
}

fn keep_accounts(profile: LimitsProfile, shard_count: i64, loads: &[(u64, Load)]) -> (Lab, Accounts) {
    let mut lab = Lab::with_shards_under(profile, shard_count);
    let mut accounts = Accounts::default();
    subscribe(&mut lab);
    let mut iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    accounts.wait(&mut lab, SECOND);
    for (micros, load) in loads {
        accounts.wait(&mut lab, Duration::from_micros(*micros));
        let now = lab.now;
        match *load {
            Load::Put { key, count, size } => {
                let record_size = key_name(key).len() + size;
                let count = count.min(lab.service.limits().put_records_bytes as usize / record_size);
                let records = vec![generated_entry(&key_name(key), size); count];
                for entry in lab.put_many(batch(records)).records {
                    if matches!(entry, PutRecordsResultEntry::Stored { shard_id: ShardId(0), .. }) {
                        accounts.records.push((now, 1));
                        accounts.bytes.push((now, record_size as u64));
                    }
                }
            }
            Load::Read => {
                if let Ok(Response::GetRecords(page)) = lab.call(page_at(&iterator)) {
                    let size =
                        |record: &kinesis::Record| record.partition_key.len() as u64 + record.data.size();
                    accounts.read_calls.push((now, 1));
                    accounts.bytes_read.push((now, page.records.iter().map(|record| size(&record)).sum()));
                    iterator = page.next_shard_iterator.expect("the shard is open");
                }
            }
            Load::GetIterator => {
                let request = get_iterator(0, ShardIteratorType::TrimHorizon);
                if let Ok(Response::GetShardIterator(output)) = lab.call(request) {
                    accounts.iterators.push((now, 1));
                    iterator = output.shard_iterator;
                }
            }
            Load::List => {
                if lab.call(ListStreamsInput::default()).is_ok() {
                    accounts.lists.push((now, 1));
                }
            }
        }
        accounts.note_pushes(&mut lab);
    }
    // What could not be pushed at once comes later.
    accounts.wait(&mut lab, SECOND.times(60));
    (lab, accounts)
}

/// Over any interval of t seconds no more than `capacity + refill * ceil(t)` was taken; `debt` is how much the last
/// one to take may have gone beyond that.
fn is_within(taken: &[(Instant, u64)], capacity: u64, refill: u64, debt: u64) -> Result<(), String> {
    for (i, (from, _)) in taken.iter().enumerate() {
        let mut sum = 0;
        for (to, amount) in &taken[i..] {
            sum += amount;
            let seconds = to.since(*from).micros().div_ceil(1_000_000);
            if sum > capacity + refill * seconds + debt {
                return Err(format!("{sum} in {seconds} s, of {capacity} and {refill} a second"));
            }
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_budget_gives_more_in_any_interval_than_its_capacity_and_its_refill(
        loads in loads(),
        shard_count in 1..3i64,
        profile in prop::sample::select(&LimitsProfile::ALL[..]),
    ) {
        let (lab, accounts) = keep_accounts(profile, shard_count, &loads);
        let limits = lab.service.limits();
        for (what, taken, capacity, refill, debt) in [
            ("records", &accounts.records, limits.shard_write_records, limits.shard_write_records, 0),
            ("bytes", &accounts.bytes, limits.shard_write_burst, limits.shard_write_bytes, 0),
            ("reads", &accounts.read_calls, limits.shard_read_calls, limits.shard_read_calls, 0),
            // Documented: an answer of 10 MiB is paid back afterwards.
            ("bytes read", &accounts.bytes_read, limits.shard_read_bytes, limits.shard_read_bytes, limits.get_records_bytes),
            ("iterators", &accounts.iterators, limits.shard_iterator_calls, limits.shard_iterator_calls, 0),
            ("pushed bytes", &accounts.pushed, limits.consumer_read_bytes, limits.consumer_read_bytes, 0),
            // Documented: ListStreams, five calls of an account in a second.
            ("lists", &accounts.lists, 5, 5, 0),
        ] {
            let said = is_within(taken, capacity, refill, debt);
            prop_assert!(said.is_ok(), "{}: {}", what, said.unwrap_err());
        }
    }

    #[test]
    fn a_rested_budget_gives_all_that_it_promises(shard_count in 1..3i64, profile in prop::sample::select(&LimitsProfile::ALL[..])) {
        let mut lab = Lab::with_shards_under(profile, shard_count);
        let limits = lab.service.limits().clone();
        lab.wait(SECOND.times(60));
        let at_start = |size| PutRecordsRequestEntry { explicit_hash_key: text("0"), ..generated_entry("k", size) };
        let stored = |lab: &mut Lab, count: u64, size: usize| {
            let output = lab.put_many(batch(vec![at_start(size); count as usize]));
            output.records.iter().filter(|entry| is_stored(entry)).count() as u64
        };
        prop_assert_eq!(stored(&mut lab, 500, 0) + stored(&mut lab, 500, 0) + stored(&mut lab, 500, 0), limits.shard_write_records);
        lab.wait(SECOND.times(60));
        // Quarters of a MiB, of which the burst holds four to each MiB, in calls of a size that is allowed.
        let quarters: u64 = (0..12).map(|_| stored(&mut lab, 4, MIB / 4 - 1)).sum();
        prop_assert_eq!(quarters << 18, limits.shard_write_burst);
        lab.wait(SECOND.times(60));
        let iterators = (0..9).filter(|_| lab.call(get_iterator(0, ShardIteratorType::Latest)).is_ok()).count();
        prop_assert_eq!(iterators as u64, limits.shard_iterator_calls);
        lab.wait(SECOND);
        let latest = lab.iterator(0, ShardIteratorType::Latest);
        let reads = (0..9).filter(|_| lab.call(page_at(&latest)).is_ok()).count();
        prop_assert_eq!(reads as u64, limits.shard_read_calls);
    }

    #[test]
    fn one_long_wait_is_many_short_ones((shard_count, steps) in sessions(), cuts in prop::collection::vec(1..86_400u64, 0..20)) {
        let (mut whole, _) = play(shard_count, &steps);
        let mut chopped = whole.clone();
        let end = whole.now + HOUR.times(30);
        whole.wait(HOUR.times(30));
        for cut in cuts {
            let left = end.since(chopped.now);
            chopped.wait(Duration::from_seconds(cut).min(left));
        }
        chopped.wait(end.since(chopped.now));
        prop_assert_eq!(&whole.facts, &chopped.facts);
        prop_assert_eq!(format!("{:?}", whole.service), format!("{:?}", chopped.service));
        prop_assert_eq!(whole.service.next_deadline(), None, "every closed shard has expired");
        let is_expired = |fact: &&Fact| matches!(fact, Fact::ShardExpired { .. });
        let is_closed = |fact: &&Fact| matches!(fact, Fact::ShardClosed { .. });
        prop_assert_eq!(
            whole.facts.iter().filter(is_expired).count(),
            whole.facts.iter().filter(is_closed).count()
        );
    }
}
