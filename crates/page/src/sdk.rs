//! A call as each tool has it: the wire, the AWS CLI, and the SDKs for Python, JavaScript, Java and Rust.
//!
//! Documented: the calling conventions of boto3, the AWS SDK for JavaScript v3, for Java 2.x and for Rust. Simplified:
//! credentials and region come from the surroundings, and errors are left to the caller.

use awsjson::{Kind, Member};
use kinesis::Request;
use serde_json::Value;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Tool {
    #[default]
    Wire,
    Cli,
    Python,
    JavaScript,
    Java,
    Rust,
}

impl Tool {
    pub(crate) const ALL: [Tool; 6] =
        [Tool::Wire, Tool::Cli, Tool::Python, Tool::JavaScript, Tool::Java, Tool::Rust];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Tool::Wire => "Wire",
            Tool::Cli => "AWS CLI",
            Tool::Python => "Python",
            Tool::JavaScript => "JavaScript",
            Tool::Java => "Java",
            Tool::Rust => "Rust",
        }
    }
}

/// A request in the words of a tool.
pub(crate) fn code(tool: Tool, request: &Request, region: &str) -> String {
    let operation = request.operation();
    let name = operation.name();
    let members = awsjson::members(operation);
    let given = Value::Object(awsjson::members_of(request));
    match tool {
        Tool::Wire => wire(name, &given, region),
        Tool::Cli => crate::language::render(&sim::Command::Call(request.clone())),
        Tool::Python => python(name, members, &given),
        Tool::JavaScript => javascript(name, members, &given),
        Tool::Java => java(name, members, &given),
        Tool::Rust => rust(name, members, &given),
    }
}

fn wire(name: &str, given: &Value, region: &str) -> String {
    let body = serde_json::to_string_pretty(given).unwrap_or_default();
    [
        "POST / HTTP/1.1\nHost: kinesis.",
        region,
        ".amazonaws.com\nContent-Type: ",
        awsjson::CONTENT_TYPE,
        "\nX-Amz-Target: Kinesis_20131202.",
        name,
        "\n\n",
        &body,
    ]
    .concat()
}

// Python --------------------------------------------------------------------------------------------------------------

fn python(name: &str, members: &[Member], given: &Value) -> String {
    let mut text = "import boto3\n".to_owned();
    if has(members, given, Kind::Timestamp) {
        text += "from datetime import datetime, timezone\n";
    }
    text = text + "\nclient = boto3.client(\"kinesis\")\nresponse = client." + &snake(name) + "(\n";
    for (member, value) in pairs(members, given) {
        text = text + "    " + member.name + "=" + &python_value(member.kind, value, 1) + ",\n";
    }
    text += ")";
    if is_subscription(name) {
        text += "\nfor event in response[\"EventStream\"]:\n    print(event)";
    }
    text
}

/// A subscription answers with events that come for five minutes.
fn is_subscription(name: &str) -> bool {
    name == "SubscribeToShard"
}

fn python_value(kind: Kind, value: &Value, depth: usize) -> String {
    match kind {
        Kind::Blob => match plain_text(value) {
            // Bytes in quotes are ASCII alone.
            Some(text) if text.is_ascii() => "b".to_owned() + &quoted(&text),
            Some(text) => quoted(&text) + ".encode()",
            None => "bytes.fromhex(".to_owned() + &quoted(&hex(value)) + ")",
        },
        Kind::Timestamp => "datetime.fromtimestamp(".to_owned() + &seconds(value) + ", timezone.utc)",
        Kind::Boolean => if value.as_bool() == Some(true) { "True" } else { "False" }.to_owned(),
        Kind::String | Kind::Integer | Kind::Document => scalar(value),
        Kind::StringList => list("[", "]", depth, items(value).iter().map(scalar)),
        Kind::Map => {
            list("{", "}", depth, entries(value).into_iter().map(|(k, v)| quoted(k) + ": " + &scalar(v)))
        }
        Kind::Structure(members) => {
            let fields = pairs(members, value).into_iter().map(|(member, value)| {
                quoted(member.name) + ": " + &python_value(member.kind, value, depth + 1)
            });
            list("{", "}", depth, fields)
        }
        Kind::StructureList(members) => {
            let structures = items(value).iter();
            list("[", "]", depth, structures.map(|it| python_value(Kind::Structure(members), it, depth + 1)))
        }
    }
}

// JavaScript ----------------------------------------------------------------------------------------------------------

fn javascript(name: &str, members: &'static [Member], given: &Value) -> String {
    let fields = javascript_value(Kind::Structure(members), given, 0);
    [
        "import { KinesisClient, ",
        name,
        "Command } from \"@aws-sdk/client-kinesis\";\n\nconst client = new KinesisClient();\nconst response = await client.send(new ",
        name,
        "Command(",
        &fields,
        "));",
        if is_subscription(name) {
            "\nfor await (const event of response.EventStream) console.log(event);"
        } else {
            ""
        },
    ]
    .concat()
}

fn javascript_value(kind: Kind, value: &Value, depth: usize) -> String {
    match kind {
        Kind::Blob => match plain_text(value) {
            Some(text) => "new TextEncoder().encode(".to_owned() + &quoted(&text) + ")",
            None => "Buffer.from(".to_owned() + &scalar(value) + ", \"base64\")",
        },
        Kind::Timestamp => "new Date(".to_owned() + &seconds(value) + " * 1000)",
        Kind::Boolean | Kind::String | Kind::Integer | Kind::Document => scalar(value),
        Kind::StringList => list("[", "]", depth, items(value).iter().map(scalar)),
        Kind::Map => {
            list("{ ", " }", depth, entries(value).into_iter().map(|(k, v)| quoted(k) + ": " + &scalar(v)))
        }
        Kind::Structure(members) => {
            let fields = pairs(members, value).into_iter().map(|(member, value)| {
                member.name.to_owned() + ": " + &javascript_value(member.kind, value, depth + 1)
            });
            list("{", "}", depth, fields)
        }
        Kind::StructureList(members) => {
            let structures = items(value).iter();
            list(
                "[",
                "]",
                depth,
                structures.map(|it| javascript_value(Kind::Structure(members), it, depth + 1)),
            )
        }
    }
}

// Java ----------------------------------------------------------------------------------------------------------------

fn java(name: &str, members: &[Member], given: &Value) -> String {
    let request = java_builder(&(name.to_owned() + "Request"), members, given, 1);
    let call = lower_first(name) + "(" + &request;
    // Only the asynchronous client has events that are pushed.
    if is_subscription(name) {
        return "KinesisAsyncClient client = KinesisAsyncClient.create();\nclient.".to_owned()
            + &call
            + ",\n    SubscribeToShardResponseHandler.builder()\n    .subscriber(event -> System.out.println(event))\n    .build()).join();";
    }
    "KinesisClient client = KinesisClient.create();\n".to_owned()
        + name
        + "Response response = client."
        + &call
        + ");"
}

fn java_builder(class: &str, members: &[Member], given: &Value, depth: usize) -> String {
    let mut text = class.to_owned() + ".builder()";
    let indent = "    ".repeat(depth);
    for (member, value) in pairs(members, given) {
        text = text
            + "\n"
            + &indent
            + "."
            + &java_setter(member)
            + "("
            + &java_value(member, value, depth + 1)
            + ")";
    }
    text + "\n" + &indent + ".build()"
}

/// A list of an enum's values is given as text by a setter of its own.
fn java_setter(member: &Member) -> String {
    let with_strings = if member.name == "ShardLevelMetrics" { "WithStrings" } else { "" };
    lower_first(member.name) + with_strings
}

fn java_value(member: &Member, value: &Value, depth: usize) -> String {
    match member.kind {
        Kind::Blob => match plain_text(value) {
            Some(text) => "SdkBytes.fromUtf8String(".to_owned() + &quoted(&text) + ")",
            None => "SdkBytes.fromByteArray(Base64.getDecoder().decode(".to_owned() + &scalar(value) + "))",
        },
        Kind::Timestamp => "Instant.ofEpochMilli(".to_owned() + &millis(value) + "L)",
        Kind::Boolean | Kind::String | Kind::Integer | Kind::Document => scalar(value),
        Kind::StringList => items(value).iter().map(scalar).collect::<Vec<_>>().join(", "),
        Kind::Map => {
            let pairs = entries(value).into_iter().map(|(k, v)| quoted(k) + ", " + &scalar(v));
            "Map.of(".to_owned() + &pairs.collect::<Vec<_>>().join(", ") + ")"
        }
        Kind::Structure(members) => java_builder(structure(member.name), members, value, depth),
        Kind::StructureList(members) => {
            let built =
                items(value).iter().map(|it| java_builder(structure(member.name), members, it, depth));
            built.collect::<Vec<_>>().join(", ")
        }
    }
}

// Rust ----------------------------------------------------------------------------------------------------------------

fn rust(name: &str, members: &[Member], given: &Value) -> String {
    let mut text = "let config = aws_config::load_from_env().await;\nlet client = aws_sdk_kinesis::Client::new(&config);\nlet response = client\n    .".to_owned();
    text = text + &snake(name) + "()";
    text += &rust_setters(name, members, given, 1);
    text += "\n    .send()\n    .await?;";
    if is_subscription(name) {
        text = text.replacen("let response", "let mut response", 1)
            + "\nwhile let Some(event) = response.event_stream.recv().await? {\n    println!(\"{event:?}\");\n}";
    }
    text
}

/// The setters of the members of `owner`.
fn rust_setters(owner: &str, members: &[Member], given: &Value, depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let mut text = String::new();
    for (member, value) in pairs(members, given) {
        let setter = match snake(member.name) {
            // A word that Rust keeps for itself.
            name if name == "type" => "r#type".to_owned(),
            name => name,
        };
        let setter = "\n".to_owned() + &indent + "." + &setter + "(";
        match member.kind {
            // A list's setter takes one item and is called again for each.
            Kind::StringList => {
                for item in items(value) {
                    text = text + &setter + &rust_scalar(owner, member.name, item) + ")";
                }
            }
            Kind::Map => {
                for (key, item) in entries(value) {
                    text = text + &setter + &quoted(key) + ", " + &scalar(item) + ")";
                }
            }
            Kind::StructureList(members) => {
                for item in items(value) {
                    text = text + &setter + &rust_structure(member.name, members, item, depth + 1) + ")";
                }
            }
            Kind::Structure(members) => {
                text = text + &setter + &rust_structure(member.name, members, value, depth + 1) + ")";
            }
            Kind::Blob => {
                let blob = match plain_text(value) {
                    Some(text) => "Blob::new(".to_owned() + &quoted(&text) + ")",
                    None => "Blob::new(hex::decode(".to_owned() + &quoted(&hex(value)) + ")?)",
                };
                text = text + &setter + &blob + ")";
            }
            Kind::Timestamp => text = text + &setter + "DateTime::from_millis(" + &millis(value) + "))",
            Kind::Boolean | Kind::Integer | Kind::Document => text = text + &setter + &scalar(value) + ")",
            Kind::String => text = text + &setter + &rust_scalar(owner, member.name, value) + ")",
        }
    }
    text
}

fn rust_structure(member: &str, members: &[Member], value: &Value, depth: usize) -> String {
    let indent = "    ".repeat(depth);
    let setters = rust_setters(member, members, value, depth);
    structure(member).to_owned() + "::builder()" + &setters + "\n" + &indent + ".build()?"
}

/// Where the SDK wants an enum, it is made from the text.
fn rust_scalar(owner: &str, member: &str, value: &Value) -> String {
    let kind = match (owner, member) {
        ("StartingPosition", "Type") | (_, "ShardIteratorType") => "ShardIteratorType",
        ("ShardFilter", "Type") => "ShardFilterType",
        ("MinimumThroughputBillingCommitment", "Status") => "MinimumThroughputBillingCommitmentInputStatus",
        (_, "ScalingType") => "ScalingType",
        (_, "EncryptionType") => "EncryptionType",
        (_, "StreamMode") => "StreamMode",
        (_, "ShardLevelMetrics") => "MetricsName",
        _ => return scalar(value),
    };
    kind.to_owned() + "::from(" + &scalar(value) + ")"
}

/// The structure that a member holds, or a list of.
fn structure(member: &str) -> &str {
    match member {
        "Records" => "PutRecordsRequestEntry",
        "MinimumThroughputBillingCommitment" => "MinimumThroughputBillingCommitmentInput",
        other => other,
    }
}

// Values --------------------------------------------------------------------------------------------------------------

/// The members that are given, in the order of the model.
fn pairs<'a>(members: &'a [Member], given: &'a Value) -> Vec<(&'a Member, &'a Value)> {
    let found = members.iter().filter_map(|member| Some((member, given.get(member.name)?)));
    found.filter(|(_, value)| !value.is_null()).collect()
}

fn has(members: &[Member], given: &Value, kind: Kind) -> bool {
    pairs(members, given).into_iter().any(|(member, value)| match member.kind {
        Kind::Structure(members) => has(members, value, kind),
        other => other == kind,
    })
}

fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn entries(value: &Value) -> Vec<(&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value)).collect()
}

/// Items on one line where they are few and short, else on a line each.
fn list(open: &str, close: &str, depth: usize, items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    let length: usize = items.iter().map(|item| item.len() + 2).sum();
    if items.is_empty() {
        return open.trim().to_owned() + close.trim();
    }
    if length <= 48 && items.iter().all(|item| !item.contains('\n')) {
        let pad = if open.trim() == "{" { " " } else { "" };
        return open.trim().to_owned() + pad + &items.join(", ") + pad + close.trim();
    }
    let indent = "    ".repeat(depth + 1);
    let lines: String = items.iter().map(|item| indent.clone() + item + ",\n").collect();
    open.trim().to_owned() + "\n" + &lines + &"    ".repeat(depth) + close.trim()
}

fn scalar(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), quoted)
}

/// A text in double quotes, as all four languages read it.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

/// On the wire a time is a number of seconds with a fraction.
fn seconds(value: &Value) -> String {
    value.to_string()
}

fn millis(value: &Value) -> String {
    let seconds = value.as_f64().unwrap_or_default();
    ((seconds * 1_000.0 + 0.5) as u64).to_string()
}

/// The bytes that a blob has on the wire.
fn bytes(value: &Value) -> Vec<u8> {
    let digit = |letter: u8| match letter {
        b'A'..=b'Z' => Some(letter - b'A'),
        b'a'..=b'z' => Some(letter - b'a' + 26),
        b'0'..=b'9' => Some(letter - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let digits: Vec<u8> = value.as_str().unwrap_or_default().bytes().filter_map(digit).collect();
    let mut bytes = Vec::with_capacity(digits.len() * 3 / 4);
    for four in digits.chunks(4) {
        let bits =
            four.iter().fold(0u32, |bits, digit| bits << 6 | u32::from(*digit)) << (6 * (4 - four.len()));
        bytes.extend(bits.to_be_bytes().iter().skip(1).take(four.len().saturating_sub(1)));
    }
    bytes
}

/// The blob as text, where each of its letters can be printed.
fn plain_text(value: &Value) -> Option<String> {
    let text = String::from_utf8(bytes(value)).ok()?;
    text.chars().all(|letter| !letter.is_control() || letter == '\n').then_some(text)
}

fn hex(value: &Value) -> String {
    bytes(value).iter().map(|byte| format!("{byte:02x}")).collect()
}

// Names ---------------------------------------------------------------------------------------------------------------

/// `StreamARN` as `stream_arn`, `PutRecord` as `put_record`.
fn snake(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut text = String::with_capacity(name.len() + 4);
    for (i, letter) in letters.iter().enumerate() {
        let begins_word = letter.is_ascii_uppercase()
            && i > 0
            && (!letters[i - 1].is_ascii_uppercase()
                || letters.get(i + 1).is_some_and(|next| next.is_ascii_lowercase()));
        if begins_word {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_ascii_lowercase().to_string() + letters.as_str())
}

#[cfg(test)]
mod tests {
    use kinesis::{
        CreateStreamInput, EnableEnhancedMonitoringInput, GetShardIteratorInput, Instant, PutRecordInput,
        Seconds, StartingPosition, StreamModeDetails, SubscribeToShardInput,
    };

    use super::*;

    fn put() -> Request {
        Request::from(PutRecordInput {
            stream_name: Some("clicks".into()),
            data: Some("say \"hi\"".into()),
            partition_key: Some("user-1".into()),
            ..PutRecordInput::default()
        })
    }

    #[test]
    fn each_tool_has_its_own_way_to_put_a_record() {
        assert!(
            code(Tool::Wire, &put(), "eu-west-1").contains("X-Amz-Target: Kinesis_20131202.PutRecord\n\n{")
        );
        assert_eq!(
            code(Tool::Python, &put(), ""),
            "import boto3\n\nclient = boto3.client(\"kinesis\")\nresponse = client.put_record(\n    StreamName=\"clicks\",\n    Data=b\"say \\\"hi\\\"\",\n    PartitionKey=\"user-1\",\n)"
        );
        let javascript = code(Tool::JavaScript, &put(), "");
        assert!(javascript.contains("new PutRecordCommand({\n    StreamName: \"clicks\",\n"), "{javascript}");
        let java = code(Tool::Java, &put(), "");
        assert!(
            java.contains("client.putRecord(PutRecordRequest.builder()\n    .streamName(\"clicks\")\n"),
            "{java}"
        );
        let rust = code(Tool::Rust, &put(), "");
        assert!(rust.contains(".put_record()\n    .stream_name(\"clicks\")\n    .data(Blob::new("), "{rust}");
    }

    #[test]
    fn structures_times_and_enums_are_written_as_the_sdks_take_them() {
        let create = Request::from(CreateStreamInput {
            stream_name: Some("s".to_owned()),
            stream_mode_details: Some(StreamModeDetails { stream_mode: Some("ON_DEMAND".to_owned()) }),
            ..CreateStreamInput::default()
        });
        let rust = code(Tool::Rust, &create, "");
        assert!(rust.contains(".stream_mode_details(StreamModeDetails::builder()"), "{rust}");
        assert!(rust.contains(".stream_mode(StreamMode::from(\"ON_DEMAND\"))"), "{rust}");
        let at = Request::from(GetShardIteratorInput {
            timestamp: Some(Seconds(Instant::from_millis(1_767_225_600_500))),
            shard_iterator_type: Some("AT_TIMESTAMP".to_owned()),
            ..GetShardIteratorInput::default()
        });
        assert!(code(Tool::Java, &at, "").contains("Instant.ofEpochMilli(1767225600500L)"));
        assert!(code(Tool::Python, &at, "").contains("datetime.fromtimestamp(1767225600.5, timezone.utc)"));
    }

    #[test]
    fn what_a_language_keeps_for_itself_or_does_not_take_is_written_in_its_own_way() {
        let subscribe = Request::from(SubscribeToShardInput {
            consumer_arn: Some("arn".to_owned()),
            shard_id: Some("shardId-000000000000".to_owned()),
            starting_position: Some(StartingPosition {
                kind: Some("LATEST".to_owned()),
                ..StartingPosition::default()
            }),
            ..SubscribeToShardInput::default()
        });
        let rust = code(Tool::Rust, &subscribe, "");
        assert!(rust.contains(".r#type(ShardIteratorType::from(\"LATEST\"))"), "{rust}");
        assert!(rust.contains("response.event_stream.recv().await?"), "{rust}");
        assert!(code(Tool::Java, &subscribe, "").contains("KinesisAsyncClient.create()"));
        assert!(
            code(Tool::Python, &subscribe, "")
                .ends_with("for event in response[\"EventStream\"]:\n    print(event)")
        );
        let metrics = Request::from(EnableEnhancedMonitoringInput {
            stream_name: Some("s".to_owned()),
            shard_level_metrics: Some(vec!["ALL".to_owned()]),
            ..EnableEnhancedMonitoringInput::default()
        });
        assert!(code(Tool::Java, &metrics, "").contains(".shardLevelMetricsWithStrings(\"ALL\")"));
        let put = Request::from(PutRecordInput { data: Some("grüße".into()), ..PutRecordInput::default() });
        assert!(code(Tool::Python, &put, "").contains("Data=\"grüße\".encode(),"));
    }

    #[test]
    fn every_action_has_code_in_each_language_with_all_that_was_given() {
        for operation in kinesis::Operation::ALL {
            let members = awsjson::members(*operation);
            let request = awsjson::decode_members(*operation, awsjson::sample_of(members)).unwrap();
            for tool in Tool::ALL {
                // The AWS CLI leaves this one out: it cannot read events that are pushed.
                if tool == Tool::Cli && is_subscription(operation.name()) {
                    continue;
                }
                let text = code(tool, &request, "us-east-1");
                let count = |letter: char| text.matches(letter).count();
                assert_eq!(count('('), count(')'), "{text}");
                assert_eq!(count('{'), count('}'), "{text}");
                let name = |member: &str| match tool {
                    Tool::Rust => snake(member),
                    Tool::Java => lower_first(member),
                    Tool::Cli => "--".to_owned() + &snake(member).replace('_', "-"),
                    Tool::Wire | Tool::Python | Tool::JavaScript => member.to_owned(),
                };
                for member in members.iter().filter(|member| member.is_simulated) {
                    assert!(text.contains(&name(member.name)), "{}: {text}", member.name);
                }
            }
        }
    }

    #[test]
    fn names_follow_the_languages() {
        assert_eq!(
            ["StreamARN", "PutRecord", "KMSKeyId"].map(snake),
            ["stream_arn", "put_record", "kms_key_id"]
        );
        assert_eq!(lower_first("StreamName"), "streamName");
    }

    #[test]
    fn a_blob_that_is_no_text_is_written_as_bytes() {
        let value = Value::String("/wCA".to_owned());
        assert_eq!(bytes(&value), [0xff, 0, 0x80]);
        assert_eq!(plain_text(&value), None);
        assert_eq!(plain_text(&Value::String("aGVsbG8=".to_owned())).as_deref(), Some("hello"));
    }
}
