//! Values to try, for the token builder: numbers, times, and what the examples of the help have at the same place.

use awsjson::{Kind, Member};
use kinesis::{Instant, Operation};
use sim::{ActorState, VPC_ENDPOINT_ID, World};

use super::{Offers, Slot, places_given, values};
use crate::aws::{self, CallOption};
use crate::help::{example, query_example};
use crate::shell::{ShellCommand, scan};
use crate::time::short_text;
use crate::verbs::Verb;

/// Numbers to try, by member.
const NUMBERS: &[(&str, &[&str])] = &[
    ("ShardCount", &["1", "2", "4"]),
    ("RetentionPeriodHours", &["48", "168", "24"]),
    ("MaxRecordSizeInKiB", &["2048", "10240", "1024"]),
    ("WarmThroughputMiBps", &["16", "64"]),
    ("Limit", &["1", "10", "100"]),
    ("MaxResults", &["1", "10", "100"]),
];

/// Words to try beside that of the example, by member.
const WORDS: &[(&str, &[&str])] = &[
    ("StreamName", &["orders", "clicks", "logs"]),
    ("PartitionKey", &["user-1", "user-2", "user-3"]),
    ("RecordDistributionStrategy", &["AUTO", "USER_PARTITION_KEY"]),
    ("MinimumThroughputBillingCommitment", &["Status=ENABLED", "Status=DISABLED"]),
];

/// Values of an option of an operation; `words` are those of the line behind `aws`.
pub(super) fn sample_option(
    offers: &mut Offers<'_>,
    operation: Operation,
    option: &CallOption,
    words: &[&str],
    world: &World,
) {
    let Some(member) = option.member() else { return sample_global(offers, operation, &option.name) };
    let of = |table: &'static [(&str, &'static [&'static str])]| {
        table.iter().find(|(name, _)| *name == member.name).map_or(&[][..], |(_, samples)| *samples)
    };
    match member.kind {
        Kind::Boolean => {}
        Kind::Timestamp => sample_times(offers, world),
        Kind::Blob => {
            let format = words.iter().position(|word| *word == "--cli-binary-format");
            let is_raw = format.and_then(|at| words.get(at + 1)) == Some(&"raw-in-base64-out");
            offers.sample(if is_raw { "hello" } else { "aGVsbG8=" });
        }
        Kind::Integer if member.name == "TargetShardCount" => {
            for stream in values::meant_streams(words, world).into_iter().take(1) {
                let count = stream.open_shard_count();
                [count * 2, count.div_ceil(2)].iter().for_each(|count| offers.sample(count.to_string()));
            }
        }
        Kind::Integer => of(NUMBERS).iter().for_each(|number| offers.sample(number)),
        Kind::String
        | Kind::StringList
        | Kind::Structure(_)
        | Kind::StructureList(_)
        | Kind::Map
        | Kind::Document => {
            match member.name {
                // What there is was offered already; a new one has another name.
                "StreamName" if operation != Operation::CreateStream => {}
                "StreamName" => of(WORDS)
                    .iter()
                    .filter(|name| world.service().stream(name).is_none())
                    .for_each(|name| offers.sample(name)),
                "ShardIterator" | "NextToken" => {}
                "StreamARN" | "ResourceARN" if !offers.found.is_empty() => {}
                "StartingSequenceNumber" | "SequenceNumberForOrdering" => {
                    for stream in values::meant_streams(words, world) {
                        for shard in stream.open_shards().filter(|shard| shard.record_count(world.now()) > 0)
                        {
                            if let Some(at) = shard.log.last_arrival() {
                                let number = shard.sequence_number(shard.log.last_index(), at).to_string();
                                let label = Some(format!("the last of {}", shard.id));
                                offers.add_labelled(&number, label, "");
                            }
                        }
                    }
                }
                "ExplicitHashKey" => {
                    for stream in values::meant_streams(words, world) {
                        for shard in stream.open_shards() {
                            let start = shard.hash_key_range.starting_hash_key.to_string();
                            offers.add_labelled(&start, Some(format!("the start of {}", shard.id)), "");
                        }
                    }
                }
                _ => {
                    of(WORDS).iter().for_each(|word| offers.sample(word));
                    let own = samples_of_example(example(operation), &option.name);
                    let mut examples = aws::commands().map(example);
                    let found = match own.is_empty() {
                        true => examples.find_map(|line| {
                            Some(samples_of_example(line, &option.name)).filter(|found| !found.is_empty())
                        }),
                        false => Some(own),
                    };
                    found.into_iter().flatten().for_each(|sample| offers.sample(sample));
                }
            }
        }
    }
}

/// Now, and a minute ago.
fn sample_times(offers: &mut Offers<'_>, world: &World) {
    let ago = |seconds: u64| Instant::from_seconds(world.now().seconds().saturating_sub(seconds));
    [ago(0), ago(60)].iter().for_each(|at| offers.sample(short_text(*at)));
}

/// Values of an option of another service: those of its example, and numbers and times.
pub(super) fn sample_member(
    offers: &mut Offers<'_>,
    member: &Member,
    option: &str,
    example: &str,
    world: &World,
) {
    if member.kind == Kind::Timestamp {
        return sample_times(offers, world);
    }
    samples_of_example(example, option).iter().for_each(|sample| offers.sample(sample));
    if member.kind == Kind::Integer {
        ["1", "10"].iter().for_each(|number| offers.sample(number));
    }
}

fn sample_global(offers: &mut Offers<'_>, operation: Operation, name: &str) {
    match name {
        "--query" => query_example(operation).into_iter().for_each(|query| offers.sample(query)),
        "--page-size" | "--max-items" => ["1", "10"].iter().for_each(|number| offers.sample(number)),
        "--endpoint-url" => {
            offers.sample(format!("https://{VPC_ENDPOINT_ID}.kinesis.us-east-1.vpce.amazonaws.com"));
        }
        _ => {}
    }
}

/// Whether the AWS CLI refuses the option beside what was given.
pub(super) fn is_forbidden(name: &str, is_given: impl Fn(&str) -> bool) -> bool {
    const BY_HAND: [&str; 6] = [
        "--no-paginate",
        "--limit",
        "--max-results",
        "--next-token",
        "--exclusive-start-shard-id",
        "--exclusive-start-stream-name",
    ];
    const PAGED: [&str; 3] = ["--page-size", "--max-items", "--starting-token"];
    let is_any = |names: &[&str]| names.iter().any(|name| is_given(name));
    let twin = match name.strip_prefix("--no-") {
        Some(rest) => format!("--{rest}"),
        None => format!("--no-{}", name.trim_start_matches("--")),
    };
    PAGED.contains(&name) && is_any(&BY_HAND)
        || BY_HAND.contains(&name) && is_any(&PAGED)
        // A switch that was set the other way; a stream that was named the other way.
        || is_given(&twin)
        || name == "--stream-arn" && is_given("--stream-name")
        || name == "--stream-name" && is_given("--stream-arn")
}

/// The words behind an option in an example.
fn samples_of_example(line: &str, option: &str) -> Vec<String> {
    let words = words_of(line);
    let Some(at) = words.iter().position(|word| word == option) else { return Vec::new() };
    words.into_iter().skip(at + 1).take_while(|word| !word.starts_with("--")).collect()
}

fn words_of(line: &str) -> Vec<String> {
    let scan = scan(line, 0);
    let command = scan.script.lists.first().and_then(|list| list.first.commands.first());
    match command.map(|part| &part.command) {
        Some(ShellCommand::Simple(simple)) => {
            simple.words.iter().map(|word| word.literal().unwrap_or_default()).collect()
        }
        _ => Vec::new(),
    }
}

/// Values at a place or of an option of a sandbox verb.
pub(super) fn sample_verb(offers: &mut Offers<'_>, verb: &Verb, slot: Slot, world: &World) {
    if !offers.with_samples {
        return;
    }
    let words = words_of(verb.example);
    let rest: Vec<&str> = words.iter().skip(1 + verb.words.len()).map(String::as_str).collect();
    let (name, own) = match slot {
        Slot::Place(index) => (
            verb.places.get(index).map_or("", |(name, _)| *name),
            places_given(verb, &rest).get(index).copied(),
        ),
        Slot::Option(option) => {
            let at = rest.iter().position(|word| *word == option.name);
            (option.value, at.and_then(|at| rest.get(at + 1)).copied())
        }
    };
    let is_instant = matches!(slot, Slot::Option(option) if option.name == "--timestamp");
    if is_instant {
        return sample_times(offers, world);
    }
    // What there is to choose from is all that there is.
    let is_of_world = match slot {
        Slot::Place(index) => verb.places.get(index).is_some_and(|(_, kind)| kind.is_of_world()),
        Slot::Option(option) => option.kind.is_of_world(),
    };
    if is_of_world {
        return;
    }
    let is_taken = |sample: &str| {
        let running = |state: ActorState| state != ActorState::Stopped;
        name == "NAME"
            && (world.producers().any(|(_, state, it)| running(state) && it.spec.name == sample)
                || world.readers().any(|(_, state, it)| running(state) && it.spec.name == sample))
    };
    own.into_iter().filter(|sample| !is_taken(sample)).for_each(|sample| offers.sample(sample));
    let more: &[&str] = match name {
        "RECORDS" => &["100", "500", "1500"],
        "BYTES" => &["200", "1000", "10000"],
        "COUNT" => &["1", "2", "4"],
        "TIME" => &["1s", "10s", "1m", "10m"],
        "NAME" => &["one", "two", "three"],
        "APPLICATION" => &["billing", "audit"],
        "PERCENT" => &["10", "50", "100"],
        _ => &[],
    };
    more.iter().filter(|sample| !is_taken(sample)).for_each(|sample| offers.sample(sample));
}
