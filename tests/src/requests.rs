//! Random requests of every operation, made from the table of their members: most of them sensible enough to be
//! accepted, some with members that are missing, out of bounds or of another type.

use std::collections::BTreeMap;

use awsjson::{Kind, Member, members};
use kinesis::Operation;
use serde_json::{Map, Value, json};

use crate::dice::Dice;

/// What earlier answers gave and later requests need.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    texts: BTreeMap<&'static str, Vec<String>>,
}

/// Members whose texts are found in answers, and under which name.
const REMEMBERED: [(&str, &str); 7] = [
    ("ShardIterator", "ShardIterator"),
    ("NextShardIterator", "ShardIterator"),
    ("NextToken", "NextToken"),
    ("ConsumerARN", "ConsumerARN"),
    ("SequenceNumber", "SequenceNumber"),
    ("StartingSequenceNumber", "SequenceNumber"),
    ("ShardId", "ShardId"),
];

/// As many texts of a name are kept.
const REMEMBERED_MAX: usize = 8;

impl Memory {
    /// Keeps what an answer gives.
    pub fn keep(&mut self, answer: &str) {
        if let Ok(answer) = serde_json::from_str(answer) {
            self.keep_value(&answer);
        }
    }

    fn keep_value(&mut self, value: &Value) {
        match value {
            Value::Array(items) => items.iter().take(REMEMBERED_MAX).for_each(|item| self.keep_value(item)),
            Value::Object(members) => {
                for (name, value) in members {
                    self.keep_value(value);
                    let known = REMEMBERED.iter().find(|(member, _)| member == name);
                    if let (Some((_, kept)), Some(text)) = (known, value.as_str()) {
                        let texts = self.texts.entry(kept).or_default();
                        texts.insert(0, text.to_owned());
                        texts.truncate(REMEMBERED_MAX);
                    }
                }
            }
            _ => {}
        }
    }

    fn pick(&self, dice: &mut Dice, name: &str) -> Option<String> {
        let texts = self.texts.get(name)?;
        Some(texts[dice.below(texts.len() as u64) as usize].clone())
    }
}

/// A request of any operation: which, and its body.
pub fn request(dice: &mut Dice, memory: &Memory) -> (Operation, Value) {
    // What ends a world, and what fills it, comes less often than the rest.
    let operation = loop {
        let operation = Operation::ALL[dice.below(Operation::ALL.len() as u64) as usize];
        let skipped = match operation {
            Operation::DeleteStream => 80,
            Operation::CreateStream => 50,
            _ => 0,
        };
        if !dice.percent(skipped) {
            break operation;
        }
    };
    (operation, body(dice, memory, operation))
}

/// The body of a request of this operation.
pub fn body(dice: &mut Dice, memory: &Memory, operation: Operation) -> Value {
    structure(dice, memory, members(operation))
}

fn structure(dice: &mut Dice, memory: &Memory, members: &[Member]) -> Value {
    let has = |name: &str| members.iter().any(|member| member.name == name && !member.is_required);
    let by_arn = dice.percent(20);
    let mut given = Map::new();
    for member in members {
        let share = match member.name {
            "StreamName" if has("StreamName") => {
                if by_arn {
                    3
                } else {
                    97
                }
            }
            "StreamARN" if has("StreamARN") => {
                if by_arn || !has("StreamName") {
                    97
                } else {
                    3
                }
            }
            "StartingSequenceNumber" | "Timestamp" | "ShardId" if !member.is_required => 60,
            "ShardCount" => 80,
            "ConsumerName" | "ConsumerARN" if !member.is_required => 60,
            "PartitionKey" => 98,
            _ if !member.is_simulated => 1,
            _ if member.is_required => 98,
            _ => 25,
        };
        if dice.percent(share) {
            let value = if dice.percent(2) { anything(dice, 3) } else { value(dice, memory, member) };
            given.insert(member.name.to_owned(), value);
        }
    }
    Value::Object(given)
}

fn value(dice: &mut Dice, memory: &Memory, member: &Member) -> Value {
    match member.kind {
        Kind::String => text(dice, memory, member.name).into(),
        Kind::Integer => integer(dice, member.name).into(),
        // A dry run changes nothing: most requests are to do something.
        Kind::Boolean => dice.percent(if member.name == "DryRun" { 5 } else { 50 }).into(),
        // Around the beginning of time in these worlds, with milliseconds.
        Kind::Timestamp => {
            let millis = 1_767_225_600_000 + dice.below(200_000);
            json!(millis as f64 / 1_000.0)
        }
        // Base64: four letters are three bytes.
        Kind::Blob if dice.percent(2) => "A".repeat(4 * dice.below(20_000) as usize).into(),
        Kind::Blob if dice.below(500) == 0 => "A".repeat(4 * (340_000 + dice.below(20_000) as usize)).into(),
        Kind::Blob => dice.pick(&["", "eA==", "aGVsbG8=", "AAECAwQFBgcICQ==", "eA", "@@@@"]).into(),
        Kind::StringList => {
            (0..dice.below(4)).map(|_| Value::from(text(dice, memory, member.name))).collect()
        }
        Kind::Document => unreachable!("no operation of Kinesis has one"),
        Kind::Map => {
            let entries = (0..dice.below(4))
                .map(|_| (text(dice, memory, "TagKeys"), text(dice, memory, "TagValue").into()));
            Value::Object(entries.collect())
        }
        Kind::Structure(members) => structure(dice, memory, members),
        Kind::StructureList(members) => {
            (0..dice.below(6)).map(|_| structure(dice, memory, members)).collect()
        }
    }
}

fn integer(dice: &mut Dice, name: &str) -> i64 {
    if dice.percent(8) {
        return *dice.pick(&[&0, &-1, &23, &10_001, &4_294_967_297, &i64::MAX, &i64::MIN]);
    }
    match name {
        "RetentionPeriodHours" => 24 + dice.below(30) as i64,
        "MaxRecordSizeInKiB" => 1_024 * (1 + dice.below(10) as i64),
        "WarmThroughputMiBps" => dice.below(20) as i64,
        "Limit" | "MaxResults" => 1 + dice.below(5) as i64,
        _ => 1 + dice.below(8) as i64,
    }
}

fn text(dice: &mut Dice, memory: &Memory, name: &str) -> String {
    if dice.percent(4) {
        return garbage(dice);
    }
    let kept = match name {
        "StartingSequenceNumber" | "SequenceNumberForOrdering" => "SequenceNumber",
        "ShardToSplit" | "ShardToMerge" | "AdjacentShardToMerge" | "ExclusiveStartShardId" => "ShardId",
        "ResourceARN" if dice.percent(30) => "ConsumerARN",
        name => name,
    };
    if dice.percent(85)
        && let Some(text) = memory.pick(dice, kept)
    {
        return text;
    }
    dice.pick(choices(name)).to_owned()
}

/// Texts that mean something as a member.
fn choices(name: &str) -> &'static [&'static str] {
    match name {
        "StreamName" | "ExclusiveStartStreamName" => &["orders", "orders", "orders", "clicks", "audit"],
        "StreamARN" | "ResourceARN" => &[
            "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
            "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
            "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
            "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
        ],
        "ConsumerARN" => &["arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/c1:1767225600"],
        "ConsumerName" => &["c1", "c2", "c3"],
        "ShardId" | "ShardToSplit" | "ExclusiveStartShardId" => {
            &["shardId-000000000000", "1", "shard-2", "3"]
        }
        "ShardToMerge" => &["shardId-000000000000", "1", "2", "4"],
        "AdjacentShardToMerge" => &["shardId-000000000001", "2", "3", "5"],
        "NewStartingHashKey" | "ExplicitHashKey" => &[
            "0",
            "2",
            "85070591730234615865843651857942052864",
            "170141183460469231731687303715884105728",
            "255211775190703847597530955573826158592",
            "340282366920938463463374607431768211455",
            "340282366920938463463374607431768211456",
        ],
        "ShardIteratorType" => {
            &["TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"]
        }
        "Type" => &[
            "AFTER_SHARD_ID",
            "AT_TRIM_HORIZON",
            "FROM_TRIM_HORIZON",
            "AT_LATEST",
            "AT_TIMESTAMP",
            "FROM_TIMESTAMP",
            "TRIM_HORIZON",
            "LATEST",
            "AT_SEQUENCE_NUMBER",
            "AFTER_SEQUENCE_NUMBER",
        ],
        "ShardIterator" | "NextToken" => &["AAAAAAAAAAE="],
        "StartingSequenceNumber" | "SequenceNumberForOrdering" => {
            &["0", "49670424472731169861061894383142885425265240724400504834"]
        }
        "StreamMode" => &["PROVISIONED", "ON_DEMAND"],
        "ScalingType" => &["UNIFORM_SCALING"],
        "EncryptionType" => &["KMS", "KMS", "NONE"],
        "KeyId" => &["alias/aws/kinesis", "alias/orders"],
        "ShardLevelMetrics" => &["ALL", "IncomingBytes", "IteratorAgeMilliseconds"],
        "Status" => &["ENABLED", "DISABLED"],
        "RecordDistributionStrategy" => &["AUTO", "USER_PARTITION_KEY"],
        "TagKeys" | "ExclusiveStartTagKey" => &["team", "stage", "Kosten/Stelle", "aws:no", "5%"],
        "TagValue" => &["", "blue", "größer"],
        "PartitionKey" => &["a", "b", "user-42", "é", "日本"],
        "Policy" => &[
            r#"{"Version":"2012-10-17","Statement":[{"Sid":"read","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:root"},"Action":["kinesis:DescribeStreamSummary","kinesis:GetRecords"],"Resource":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}]}"#,
            "{}",
        ],
        _ => &["x", "0"],
    }
}

fn garbage(dice: &mut Dice) -> String {
    let piece =
        dice.pick(&["", "a", "é", "😀", "9", " ", "-", "'", "\"", "\u{0}", "{}", ":stream/", "/consumer/"]);
    piece.repeat([1, 1, 2, 40, 129, 300, 2_049][dice.below(7) as usize])
}

/// Any JSON.
fn anything(dice: &mut Dice, depth: u32) -> Value {
    match dice.below(if depth == 0 { 6 } else { 8 }) {
        0 => Value::Null,
        1 => dice.percent(50).into(),
        2 => (dice.roll() as i64).into(),
        3 => json!(f64::from_bits(dice.roll())),
        4 => dice.below(100).into(),
        5 => garbage(dice).into(),
        6 => (0..dice.below(4)).map(|_| anything(dice, depth - 1)).collect(),
        _ => {
            let members = (0..dice.below(4)).map(|_| {
                let name = dice.pick(&["StreamName", "StreamMode", "Data", "Type", "x"]).to_owned();
                (name, anything(dice, depth - 1))
            });
            Value::Object(members.collect())
        }
    }
}
