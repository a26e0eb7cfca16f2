//! What holds after any session: random requests against one service, through the public interface only.

// The crate's own tests include the same file.
#[path = "../src/testing.rs"]
mod testing;

use std::collections::{BTreeMap, BTreeSet};

use kinesis::{
    Duration, Fact, GetRecordsInput, HashKeyRange, LimitsProfile, ListShardsInput, PutRecordsRequestEntry,
    PutRecordsResultEntry, Response, SequenceNumber, ShardFilter, ShardId, ShardIteratorType, hash_key_of,
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
    Wait(Duration),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (any::<u8>(), 1..40usize, 0..300usize).prop_map(|(key, count, size)| Step::Put { key, count, size }),
        2 => (any::<u8>(), any::<u8>()).prop_map(|(place, share)| Step::Split { place, share }),
        1 => any::<u8>().prop_map(|place| Step::Merge { place }),
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
            key: record.partition_key.clone(),
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

/// What a shard took in a virtual second: records and bytes.
type Seconds = BTreeMap<(ShardId, u64), (u64, u64)>;

/// Plays batches of records of one size each, some milliseconds apart, and sums up what was accepted.
fn load(profile: LimitsProfile, shard_count: i64, batches: &[(u64, u8, usize, usize)]) -> Seconds {
    let mut lab = Lab::with_shards_under(profile, shard_count);
    let mut seconds = Seconds::new();
    for (gap, key, count, size) in batches {
        lab.wait(Duration::from_millis(*gap));
        let records: Vec<PutRecordsRequestEntry> = vec![generated_entry(&key_name(*key), *size); *count];
        let record_size = (key_name(*key).len() + size) as u64;
        if record_size * *count as u64 > lab.service.limits().put_records_bytes {
            continue;
        }
        for entry in lab.put_many(batch(records)).records {
            if let PutRecordsResultEntry::Stored { shard_id, .. } = entry {
                let sum = seconds.entry((shard_id, lab.now.seconds())).or_default();
                sum.0 += 1;
                sum.1 += record_size;
            }
        }
    }
    seconds
}

fn batches() -> impl Strategy<Value = Vec<(u64, u8, usize, usize)>> {
    let sizes = prop_oneof![0..50usize, 0..5_000usize, 100_000..1_000_000usize];
    prop::collection::vec((0..700u64, 0..4u8, 1..500usize, sizes), 1..16)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_shard_takes_more_in_a_second_than_its_budgets(batches in batches(), shard_count in 1..3i64) {
        for ((shard, second), (records, bytes)) in load(LimitsProfile::Exam, shard_count, &batches) {
            prop_assert!(records <= 1_000, "{} took {} records in second {}", shard, records, second);
            prop_assert!(bytes <= 1 << 20, "{} took {} bytes in second {}", shard, bytes, second);
        }
    }

    #[test]
    fn no_shard_of_today_takes_more_in_any_span_than_a_burst_and_its_rate(batches in batches()) {
        let seconds: Vec<(u64, (u64, u64))> = load(LimitsProfile::AwsToday, 1, &batches)
            .into_iter()
            .map(|((_, second), taken)| (second, taken))
            .collect();
        for from in 0..seconds.len() {
            let mut bytes = 0;
            for (second, taken) in &seconds[from..] {
                bytes += taken.1;
                prop_assert!(taken.0 <= 1_000);
                prop_assert!(bytes <= (10 + second - seconds[from].0) << 20);
            }
        }
    }

    #[test]
    fn no_shard_answers_more_than_five_calls_a_second_nor_goes_past_its_read_rate(
        puts in prop::collection::vec(1..12usize, 1..8),
        gaps in prop::collection::vec(0..400u64, 1..60),
    ) {
        let mut lab = Lab::with_shards(1);
        for count in puts {
            for _ in 0..count {
                lab.put_many(batch(vec![generated_entry("k", MIB - 1)]));
                lab.wait(SECOND);
            }
        }
        let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
        let (mut calls, mut bytes) = (BTreeMap::<u64, u64>::new(), BTreeMap::<u64, u64>::new());
        for gap in gaps {
            lab.wait(Duration::from_millis(gap));
            if let Ok(Response::GetRecords(page)) = lab.call(page_at(&iterator)) {
                *calls.entry(lab.now.seconds()).or_default() += 1;
                *bytes.entry(lab.now.seconds()).or_default() += page.records.len() as u64 * MIB as u64;
            }
        }
        prop_assert!(calls.values().all(|calls| *calls <= 5), "{:?}", calls);
        // Over any span, 2 MiB a second, one second's budget to begin with, and the answer that goes into debt.
        let seconds: Vec<(u64, u64)> = bytes.into_iter().collect();
        for from in 0..seconds.len() {
            let mut sum = 0;
            for (second, bytes) in &seconds[from..] {
                sum += bytes;
                prop_assert!(sum <= (2 * (second - seconds[from].0 + 1) + 10) << 20);
            }
        }
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
