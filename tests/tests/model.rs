//! The hand-written tables of members and constraints against the published service model.

use awsjson::{Kind, Member, OPERATION_NAMES, decode_members, members, members_of};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::{LimitsProfile, Operation};
use serde_json::{Map, Value};
use tests::model::{Constraint, Model, Rule};
use tests::wire::Wire;

#[test]
fn the_names_of_all_operations_are_those_of_the_model() {
    assert!(Model::read().operations().eq(OPERATION_NAMES));
}

#[test]
fn members_stand_in_the_order_of_the_model_with_its_types_and_bounds() {
    let model = Model::read();
    for operation in Operation::ALL {
        compare(&model, model.input(operation.name()), members(*operation), operation.name());
    }
}

fn compare(model: &Model, shape: &str, members: &[Member], place: &str) {
    let names: Vec<&str> = members.iter().map(|member| member.name).collect();
    let expected = model.members(shape);
    assert_eq!(names, expected.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{place}");
    for (member, (name, inner)) in members.iter().zip(expected) {
        let place = format!("{place}.{name}");
        let found = model.shape(inner);
        let item = || found["member"].as_str().unwrap_or_default();
        match (member.kind, found["type"].as_str().unwrap_or_default()) {
            (Kind::String, "string") | (Kind::Integer, "integer" | "long") => {}
            (Kind::Boolean, "boolean") | (Kind::Timestamp, "timestamp") | (Kind::Blob, "blob") => {}
            (Kind::Map, "map") => {}
            (Kind::StringList, "list") => assert_eq!(model.shape(item())["type"], "string", "{place}"),
            (Kind::StructureList(members), "list") => compare(model, item(), members, &place),
            (Kind::Structure(members), "structure") => compare(model, inner, members, &place),
            (kind, found) => panic!("{place} is a {found}, not {kind:?}"),
        }
        // Required by every command line although the newest model has it optional.
        if name != "PartitionKey" {
            assert_eq!(member.is_required, model.is_required(shape, name), "{place}");
        }
        let min = found["min"].as_i64().filter(|min| *min > 0 || member.kind == Kind::Integer);
        assert_eq!(member.min, min, "{place}");
    }
}

#[test]
fn every_simulated_member_is_read_and_written_back() {
    let model = Model::read();
    for operation in Operation::ALL {
        for (member, (name, shape)) in
            members(*operation).iter().zip(model.members(model.input(operation.name())))
        {
            if !member.is_simulated {
                continue;
            }
            let given = Map::from_iter([(name.to_owned(), model.sample(shape))]);
            let request = decode_members(*operation, given.clone()).unwrap();
            let mut written = members_of(&request);
            written.retain(|_, value| !value.is_null());
            // The wire has times as fractions of seconds.
            let as_number = |value: &Value| value.as_f64();
            match as_number(&given[name]) {
                Some(number) => assert_eq!(as_number(&written[name]), Some(number), "{operation}.{name}"),
                None => assert_eq!(written, given, "{operation}.{name}"),
            }
        }
    }
}

#[test]
fn every_simulated_member_is_an_option_of_the_command_line() {
    let letters = |text: &str| text.replace('-', "").to_lowercase();
    let words = |text: &str| -> Vec<String> {
        text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-')).map(str::to_owned).collect()
    };
    let commands = words(&awscli::help(&["kinesis".to_owned()]));
    // Documented: the AWS CLI has no command for an operation that answers with a stream of events.
    for operation in Operation::ALL.iter().filter(|operation| **operation != Operation::SubscribeToShard) {
        let command = commands.iter().find(|command| letters(command) == letters(operation.name()));
        let command = command.unwrap_or_else(|| panic!("{operation} is no command"));
        let help = awscli::help(&["kinesis".to_owned(), command.clone()]);
        let options: Vec<String> =
            words(&help).iter().filter(|word| word.starts_with("--")).map(|word| letters(word)).collect();
        for member in members(*operation).iter().filter(|member| member.is_simulated) {
            assert!(
                options.contains(&letters(member.name)),
                "{command} has no option for {}:\n{help}",
                member.name
            );
        }
    }
}

/// Bounds that no ValidationException of ours speaks of: operation (or `*`), end of the path, rule, reason.
const NOT_ENFORCED: &[(&str, &str, &str, &str)] =
    &[("*", "StreamId", "*", "AWS documents it as reserved; it is refused as not simulated")];

#[test]
fn every_bound_of_the_model_is_enforced_or_listed() {
    let model = Model::read();
    let (mut enforced, mut listed, mut failures) = (0, vec![0; NOT_ENFORCED.len()], Vec::new());
    for operation in Operation::ALL {
        for constraint in model.constraints(operation.name()) {
            let reason = NOT_ENFORCED.iter().position(|row| is_listed(row, operation.name(), &constraint));
            if let Some(row) = reason {
                listed[row] += 1;
                continue;
            }
            match check(&model, operation.name(), &constraint) {
                Ok(()) => enforced += 1,
                Err(why) => failures.push(format!("{operation} {}: {why}", constraint.path.join("."))),
            }
        }
    }
    assert!(failures.is_empty(), "{} not enforced:\n{}", failures.len(), failures.join("\n"));
    assert!(listed.iter().all(|count| *count > 0), "a reason that nothing needs: {listed:?}");
    println!(
        "{} operations, {} bounds: {enforced} enforced, {} listed with a reason",
        Operation::ALL.len(),
        enforced + listed.iter().sum::<usize>(),
        listed.iter().sum::<usize>()
    );
}

fn is_listed(row: &(&str, &str, &str, &str), operation: &str, constraint: &Constraint) -> bool {
    let (of, path, rule, _) = *row;
    let kind = match constraint.rule {
        Rule::Required => "required",
        Rule::Min(_) => "min",
        Rule::Max(_) => "max",
        Rule::Pattern(_) => "pattern",
        Rule::Enum(_) => "enum",
    };
    (of == "*" || of == operation)
        && (path == "*" || format!(".{}", constraint.path.join(".")).ends_with(&format!(".{path}")))
        && (rule == "*" || rule == kind)
}

/// Breaks the bound and sees the sentence that says so; keeps it narrowly and does not see it.
fn check(model: &Model, operation: &str, constraint: &Constraint) -> Result<(), String> {
    let shape = model.shape(&constraint.shape);
    let of_size = |size: i64| sized(model, shape, size);
    let (broken, kept, rule) = match &constraint.rule {
        Rule::Required => (None, None, "Member must not be null".to_owned()),
        Rule::Min(min) => (Some(of_size(min - 1)), Some(of_size(*min)), bound(shape, "greater", *min)),
        Rule::Max(max) => (Some(of_size(max + 1)), Some(of_size(*max)), bound(shape, "less", *max)),
        Rule::Pattern(pattern) => {
            let rule = format!("Member must satisfy regular expression pattern: {pattern}");
            (Some("a b".into()), Some(model.sample(&constraint.shape)), rule)
        }
        Rule::Enum(_) => (
            Some("?".into()),
            Some(model.sample(&constraint.shape)),
            "Member must satisfy enum value set: [".to_owned(),
        ),
    };
    let said = answer(model, operation, constraint, broken.as_ref());
    let (place, within) = place_of(&constraint.path);
    let item = said
        .split("; ")
        .find(|item| {
            item.contains(&format!("at '{place}' failed to satisfy constraint: {within}"))
                && item.contains(&rule)
        })
        .ok_or_else(|| format!("{rule} is not said of {place} in: {said:.300}"))?;
    if let Rule::Enum(words) = &constraint.rule {
        let listed = item.rsplit_once("enum value set: [").map_or("", |(_, list)| list.trim_end_matches(']'));
        let (mut listed, mut words): (Vec<&str>, Vec<&str>) =
            (listed.split(", ").collect(), words.iter().map(String::as_str).collect());
        listed.sort_unstable();
        words.sort_unstable();
        if listed != words {
            return Err(format!("{listed:?} are listed, not {words:?}"));
        }
    }
    match kept.map(|kept| answer(model, operation, constraint, Some(&kept))) {
        Some(said) if said.contains(&format!("at '{place}'")) && said.contains(&rule) => {
            Err(format!("the bound itself is refused: {said:.300}"))
        }
        _ => Ok(()),
    }
}

fn answer(model: &Model, operation: &str, constraint: &Constraint, leaf: Option<&Value>) -> String {
    let body = model.request(operation, &constraint.path, leaf);
    let reply = Wire::new(LimitsProfile::AwsToday).send(operation, &body.to_string());
    let refused: Value = serde_json::from_str(&reply.body).unwrap_or_default();
    refused["message"].as_str().unwrap_or_default().to_owned()
}

fn bound(shape: &Value, than: &str, limit: i64) -> String {
    let what = if shape["type"] == "integer" || shape["type"] == "long" { "value" } else { "length" };
    format!("Member must have {what} {than} than or equal to {limit}")
}

/// A value of that length, or that number.
fn sized(model: &Model, shape: &Value, size: i64) -> Value {
    match shape["type"].as_str().unwrap_or_default() {
        "integer" | "long" => size.into(),
        "string" => "a".repeat(size as usize).into(),
        "list" => {
            let item = model.sample(shape["member"].as_str().unwrap_or_default());
            Value::Array(vec![item; size as usize])
        }
        "blob" => BASE64.encode(vec![0; size as usize]).into(),
        "map" => (0..size).map(|i| (i.to_string(), Value::from("x"))).collect::<Map<_, _>>().into(),
        other => panic!("nothing of type {other} has a size here"),
    }
}

/// How AWS names the place, and what it says first where the place is within a list or map of texts.
fn place_of(path: &[String]) -> (String, &'static str) {
    let mut place = String::new();
    let mut steps = path.iter().map(String::as_str).peekable();
    while let Some(step) = steps.next() {
        match (step, steps.peek()) {
            ("[]", None) => return (place, "Member must satisfy constraint: ["),
            ("key", None) => return (place, "Map keys must satisfy constraint: ["),
            ("value", None) => return (place, "Map value must satisfy constraint: ["),
            ("[]", Some(_)) => place.push_str(".1.member"),
            (member, _) => {
                if !place.is_empty() {
                    place.push('.');
                }
                place.push_str(&member[..1].to_lowercase());
                place.push_str(&member[1..]);
            }
        }
    }
    (place, "")
}
