//! Random input to the prompt: lines put together from what the language is made of, right lines with bytes changed,
//! and characters alone; queries too. Nothing may panic, a mistake points into the line, what is read is read again
//! from its own line, and what runs leaves the prompt usable.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use awscli::{Query, Shell, commands, complete, is_unfinished, is_whole, next_tokens, parse, quote, render};
use serde_json::{Value, json};
use sim::{Sandbox, SandboxOptions};

use crate::dice::Dice;
use crate::fuzz::damaged;
use crate::random_sessions;

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    pub inputs: u64,
    /// Lines that were read, by what they are.
    pub read: u64,
    pub commands: u64,
    /// Mistakes, by who says that something is wrong.
    pub mistakes: BTreeMap<String, u64>,
    pub completed: u64,
    /// Lines that were run, and those of them that ended well.
    pub run: u64,
    pub run_well: u64,
    /// Queries that were searched with, and those that were refused.
    pub queries: u64,
    pub queries_refused: u64,
    /// One number over all that was said: the same for the same seed.
    pub digest: u64,
}

/// The number of the input that is being tried, for whoever reads of a panic.
static SEED: AtomicU64 = AtomicU64::new(0);

/// Lines that are right, to be changed: one of each kind.
const LINES: &[&str] = &[
    "aws kinesis create-stream --stream-name orders --shard-count 2 --stream-mode-details StreamMode=PROVISIONED --tags a=b,c=d",
    "aws kinesis put-record --stream-name orders --partition-key 'user 1' --data aGVsbG8= --explicit-hash-key 0",
    "aws kinesis put-records --stream-name orders --records Data=aGVsbG8=,PartitionKey=a 'Data=YQ==,PartitionKey=b'",
    r#"aws kinesis put-records --stream-name orders --records '[{"Data":"aGVsbG8=","PartitionKey":"é\u00e9"}]'"#,
    r#"aws kinesis put-records --cli-input-json '{"StreamName":"orders","Records":[{"Data":"YQ==","PartitionKey":"k"}]}'"#,
    "aws kinesis list-shards --stream-name orders --shard-filter Type=AT_TIMESTAMP,Timestamp=2026-01-01T00:00:00Z --max-items 1",
    "aws kinesis list-shards --stream-name orders --query 'Shards[?HashKeyRange.StartingHashKey!=`0`]|[0].[ShardId,@]' --output table",
    "ITER=$(aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000000 --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)",
    "aws kinesis get-records --shard-iterator \"$ITER\" --limit 10 | grep -c Data | head -n 1",
    "for i in $(seq 1 3); do aws kinesis put-record --stream-name orders --partition-key \"k$i\" --data $(echo -n v$i | base64); done",
    "while [ \"$N\" -lt 3 ]; do N=$((N + 1)); echo ${N:-0} >> n.txt; done; cat n.txt | wc -l",
    "if aws kinesis describe-stream --stream-name none 2>/dev/null; then echo there; else echo \"none: $?\"; fi",
    "cat > policy.json <<'END'\n{\"Version\": \"2012-10-17\"}\nEND\n",
    "printf '%s\\n' a b c | sort -r | cut -d, -f1 | tr a-z A-Z | sed 's/a/b/g' | tail -n +2",
    "aws kinesis describe-stream-summary --stream-name orders \\\n  --output yaml # a comment",
    "aws firehose create-delivery-stream --delivery-stream-name a --kinesis-stream-source-configuration KinesisStreamARN=arn:aws:kinesis:us-east-1:123456789012:stream/orders --extended-s3-destination-configuration 'BucketARN=arn:aws:s3:::a,BufferingHints={SizeInMBs=5,IntervalInSeconds=60}'",
    "aws lambda create-event-source-mapping --function-name f --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --starting-position LATEST --filter-criteria '{\"Filters\":[{\"Pattern\":\"{}\"}]}'",
    "aws cloudwatch get-metric-statistics --namespace AWS/Kinesis --metric-name IncomingRecords --dimensions Name=StreamName,Value=orders --start-time 2026-01-01T00:00:00Z --end-time 2026-01-01T01:00:00Z --period 60 --statistics Sum",
    "aws dynamodb get-item --table-name billing --key '{\"leaseKey\":{\"S\":\"shardId-000000000000\"}}'",
    "aws iam create-role --role-name r --assume-role-policy-document file://policy.json --profile ana --region us-east-1",
    "aws kinesis wait stream-exists --stream-name orders && aws sts get-caller-identity --output text || false",
    "sandbox producer start web --stream orders --rate 100 --keys zipf:1000",
    "sandbox plan --rate 5000 --size 100 --consumers 2",
];

/// What lines are made of.
const PIECES: &[&str] = &[
    "aws",
    "kinesis",
    "sandbox",
    "put-record",
    "describe-stream",
    "list-shards",
    "dynamodb",
    "iam",
    "kms",
    "s3",
    "cp",
    "--stream-name",
    "--records",
    "--query",
    "--output",
    "--cli-input-json",
    "--generate-cli-skeleton",
    "--no-paginate",
    "--debug",
    "--tags",
    "orders",
    "help",
    "for",
    "i",
    "in",
    "do",
    "done",
    "while",
    "until",
    "if",
    "then",
    "else",
    "fi",
    "$(",
    ")",
    "${",
    "}",
    "$((",
    "))",
    "$i",
    "$?",
    "'",
    "\"",
    "\\",
    "\\\n",
    "\n",
    "|",
    "||",
    "&&",
    "&",
    ";",
    ";;",
    ">",
    ">>",
    "<",
    "<<END",
    "END",
    "2>&1",
    "2>",
    "/dev/null",
    "#",
    "!",
    "[",
    "]",
    "[[",
    "{",
    "*",
    "?",
    "~",
    "=",
    "A=",
    ",",
    "Data=YQ==",
    "PartitionKey=k",
    "seq",
    "echo",
    "-n",
    "base64",
    "-d",
    "head",
    "grep",
    "-E",
    "(a|b)*",
    "wc",
    "sleep",
    "1",
    "-1",
    "1e9",
    "99999999999999999999",
    "0x10",
    "\u{0}",
    "\u{feff}",
    "é",
    "🦀",
    "\u{202e}",
    "\r",
    "\t",
    "%s",
];

/// What queries are made of.
const QUERY_PIECES: &[&str] = &[
    "a",
    "Shards",
    "ShardId",
    "[",
    "]",
    "{",
    "}",
    "(",
    ")",
    ".",
    "|",
    "||",
    "&&",
    "!",
    "*",
    "@",
    "&",
    "?",
    ",",
    ":",
    "[]",
    "[?",
    "[0]",
    "[-1]",
    "[::-1]",
    "[1:2]",
    "`1`",
    "`[1,2]`",
    "`{\"a\":1}`",
    "`",
    "'x'",
    "'",
    "\"",
    "\"a b\"",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "length(",
    "sort_by(",
    "max_by(",
    "map(",
    "join(",
    "to_string(",
    "to_number(",
    "merge(",
    "not_null(",
    "contains(",
    "type(",
    "keys(",
    "sum(",
    "avg(",
    "0",
    "-1",
    "99999999999999999999",
    "é",
    "\\",
];

/// Tries so many inputs.
pub fn run(inputs: u64, seed: u64) -> Tally {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let seed = SEED.load(Ordering::Relaxed);
        eprintln!("play it with one(&mut Dice::new({seed}), …): {:?}", input(&mut Dice::new(seed)));
        before(panic);
    }));
    let mut seeds = Dice::new(seed);
    let mut tally = Tally::default();
    let mut world = World::new();
    while tally.inputs < inputs {
        // Files, variables and streams that lines left behind are met by the next ones, for a while.
        if tally.inputs.is_multiple_of(2_000) {
            world = World::new();
        }
        let seed = seeds.roll();
        SEED.store(seed, Ordering::Relaxed);
        one(seed, &mut world, &mut tally);
    }
    drop(std::panic::take_hook());
    tally
}

/// A prompt with something to speak of.
pub struct World {
    sandbox: Sandbox,
    shell: Shell,
    answer: Value,
}

impl World {
    pub fn new() -> World {
        let mut sandbox = Sandbox::new(SandboxOptions { history: false, ..SandboxOptions::default() });
        let mut shell = Shell::default();
        for line in [
            "aws kinesis create-stream --stream-name orders --shard-count 2",
            "sleep 30; sandbox kcl start billing --stream orders; sleep 30",
            "aws kinesis put-record --stream-name orders --partition-key a --data aGVsbG8=",
        ] {
            let output = shell.run(&mut sandbox, line, &mut |_| {});
            assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
        }
        let answer = json!({
            "Shards": [
                {"ShardId": "shardId-000000000000", "HashKeyRange": {"StartingHashKey": "0"}, "a": 1},
                {"ShardId": "shardId-000000000001", "Parents": null, "a": [1.5, true, "é"]},
            ],
            "a": {"a b": [[1, 2], [3]], "x": ""},
        });
        World { sandbox, shell, answer }
    }
}

impl Default for World {
    fn default() -> World {
        World::new()
    }
}

/// The input of a seed: a query or what is typed.
fn input(dice: &mut Dice) -> (bool, String) {
    if dice.percent(25) {
        return (true, pieces(dice, QUERY_PIECES, 24, "", " "));
    }
    let text = match dice.below(100) {
        0..35 => {
            let line = dice.pick(LINES).as_bytes().to_vec();
            damaged(dice, line)
        }
        35..50 => {
            let line = random_sessions::line(dice).into_bytes();
            damaged(dice, line)
        }
        50..55 => random_sessions::line(dice),
        55..60 => dice.pick(LINES).to_owned(),
        60..75 => {
            let start = dice.pick(&[
                "aws kinesis put-records --stream-name orders --records ",
                "aws kinesis create-stream --tags ",
                "aws iam ",
            ]);
            start.to_owned() + &pieces(dice, SHORTHAND, 16, "", " ")
        }
        75..92 => pieces(dice, PIECES, 20, " ", ""),
        92..97 => pieces(dice, PIECES, 40, "", " "),
        _ => characters(dice),
    };
    (false, text)
}

const SHORTHAND: &[&str] = &[
    "Data",
    "PartitionKey",
    "a",
    "=",
    ",",
    "{",
    "}",
    "[",
    "]",
    "'",
    "\"",
    "\\",
    " ",
    "x=1",
    "a=b,c",
    "@=",
    "file://",
    "é",
    "key=[1,2]",
    "k={a=1}",
    "'{\"a\":1}'",
    "[{\"a\":",
    "null",
    "--tags",
    "\u{0}",
    "==",
    "a.b",
    "$x",
];

fn pieces(dice: &mut Dice, of: &[&str], count_max: u64, between: &str, now_and_then: &str) -> String {
    let mut text = String::new();
    for _ in 0..dice.below(count_max) {
        text.push_str(dice.pick(of));
        text.push_str(if dice.percent(15) { now_and_then } else { between });
    }
    // Very deep, now and then.
    if dice.percent(1) {
        let deep = *dice.pick(&[&["(", "["][..], &["$(", "{"], &["[?", "!"]]).first().unwrap_or(&"(");
        text = deep.repeat(dice.below(3_000) as usize) + &text;
    }
    text
}

fn characters(dice: &mut Dice) -> String {
    let length = dice.below(60);
    (0..length)
        .filter_map(|_| match dice.below(3) {
            0 => char::from_u32(dice.below(128) as u32),
            1 => char::from_u32(dice.below(0x3000) as u32),
            _ => char::from_u32(dice.below(0x11_0000) as u32),
        })
        .collect()
}

/// Tries the input of a seed.
///
/// # Panics
///
/// Where something is not as it must be.
pub fn one(seed: u64, world: &mut World, tally: &mut Tally) {
    let mut dice = Dice::new(seed);
    let (is_query, text) = input(&mut dice);
    tally.inputs += 1;
    if is_query {
        query(&text, world, tally);
        return;
    }
    typed(&text, tally);
    let parts = commands(&text);
    assert!(parts.iter().all(|part| text.contains(part)), "{text:?} has other commands in it");
    is_unfinished(&text);
    let quoted = parse(&format!("echo {}", quote(&text)));
    assert!(text.contains('\0') || quoted.is_ok(), "{text:?} cannot be quoted: {quoted:?}");
    if dice.percent(4) {
        let cursor = text.char_indices().map(|(at, _)| at).nth(dice.below(40) as usize).unwrap_or(text.len());
        let offered = complete(&text, cursor, world.sandbox.world());
        let chips = next_tokens(&text, world.sandbox.world());
        is_whole(&text, world.sandbox.world());
        tally.completed += (offered.len() + chips.len()) as u64;
    }
    if dice.percent(4) {
        let output = world.shell.run(&mut world.sandbox, &text, &mut |_| {});
        tally.run += 1;
        tally.run_well += u64::from(output.exit_code == 0);
        keep(tally, &output.stdout);
        keep(tally, &output.stderr);
    }
}

fn typed(text: &str, tally: &mut Tally) {
    match parse(text) {
        Ok(line) => {
            tally.read += 1;
            if let Some(command) = line.command() {
                tally.commands += 1;
                let rendered = render(&command);
                let again = parse(&rendered).map(|line| line.command());
                assert_eq!(again, Ok(Some(command)), "{text:?} became {rendered:?}");
            }
        }
        Err(error) => {
            let at = error.position.clone();
            assert!(at.start <= at.end && at.end <= text.len(), "{text:?}: {at:?} is not in it");
            assert!(text.is_char_boundary(at.start) && text.is_char_boundary(at.end), "{text:?}: {at:?}");
            let said = error.to_stderr();
            assert!(said.trim().len() > 3, "{text:?}: {said:?}");
            keep(tally, &said);
            *tally.mistakes.entry(format!("{:?}", error.kind)).or_default() += 1;
        }
    }
}

fn query(text: &str, world: &World, tally: &mut Tally) {
    tally.queries += 1;
    match Query::parse(text).and_then(|query| query.search(&world.answer)) {
        Ok(found) => keep(tally, &found.to_string()),
        Err(sentence) => {
            assert!(!sentence.is_empty(), "{text:?}");
            tally.queries_refused += 1;
        }
    }
}

fn keep(tally: &mut Tally, said: &str) {
    for byte in said.bytes().take(10_000) {
        tally.digest = (tally.digest.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}
