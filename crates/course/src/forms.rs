//! What a form of the page makes of its fields: a command line. The page shows these forms, the proof of the lessons
//! fills them in, and both run the line that [`Form::line`] gives, so that they cannot differ.

pub(crate) mod agent;
mod context;
mod table;

pub use context::FormContext;
pub use table::{form, forms};

use std::fmt;

use sim::{KeyRecipe, World};

/// What must be selected for a form to be offered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    /// Always.
    Page,
    Stream,
    Shard,
    Producer,
    /// A server with the Kinesis Agent.
    Server,
    Reader,
    Application,
    /// A worker's card on the page of its application.
    Worker,
}

/// A form, or a button that needs no fields.
#[derive(Debug)]
pub struct Form {
    pub place: Place,
    /// What opens it: `New stream`.
    pub title: &'static str,
    /// What runs it: `Create stream`. None where each field is a dial that runs by itself when it is turned.
    pub button: &'static str,
    pub fields: &'static [Field],
    /// The line with its places to fill: `{Name}` stands for a field, `{stream}` for what is selected; what stands in
    /// brackets is left out while its field stands at its default.
    template: &'static str,
}

#[derive(Debug)]
pub struct Field {
    pub label: &'static str,
    pub kind: FieldKind,
    /// What stands in it at first.
    pub default: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    Text,
    /// A name of something new; the first of these that nobody has stands in it.
    Name(&'static [&'static str]),
    /// How a producer chooses keys: `uniform:1000`.
    Recipe,
    /// A whole number from so much to so much, of a unit.
    Number(u64, u64, &'static str),
    OneOf(&'static [&'static str]),
}

/// Why a form gives no line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FormError {
    pub reason: String,
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for FormError {}

fn error(reason: String) -> FormError {
    FormError { reason }
}

impl Form {
    /// The values that the fields have at first. What changes the agent of the server that is selected begins with what
    /// the agent has.
    pub fn defaults(&self, world: &World, actor: Option<&str>) -> Vec<String> {
        let first = |field: &Field| match field.kind {
            FieldKind::Name(names) => context::free_name(world, names),
            FieldKind::Text | FieldKind::Recipe | FieldKind::Number(..) | FieldKind::OneOf(_) => {
                field.default.to_owned()
            }
        };
        let values = self.fields.iter().map(first).collect();
        match actor.filter(|_| self.place == Place::Server) {
            Some(server) => self.as_agent_has_it(values, world, server),
            None => values,
        }
    }

    #[inline(never)]
    fn as_agent_has_it(&self, mut values: Vec<String>, world: &World, server: &str) -> Vec<String> {
        let newest = world.agents().filter(|(_, _, agent)| agent.spec.name == server).last();
        for (field, value) in self.fields.iter().zip(&mut values) {
            let now =
                newest.and_then(|(_, _, agent)| agent::value_of(&agent.spec.configuration, field.label));
            if let Some(now) = now {
                *value = now;
            }
        }
        values
    }

    /// The values with which nothing but one field says something: a dial that was turned.
    pub fn dial(&self, label: &str, value: &str) -> Vec<String> {
        let text = |field: &Field| if field.label == label { value } else { "" };
        self.fields.iter().map(|field| text(field).to_owned()).collect()
    }

    /// Whether a field says nothing as the others stand: what a retry would do where there is none.
    pub fn is_idle(&self, place: usize, values: &[String]) -> bool {
        let says = |label: &str, value: &str| {
            self.field(label).and_then(|place| values.get(place)).is_some_and(|found| found == value)
        };
        match self.fields.get(place).map(|field| field.label) {
            Some("Seconds ago") => self.field("Start from").is_some() && !says("Start from", "AT_TIMESTAMP"),
            Some("Attempts") => says("Retry", "none"),
            Some("logFormat") => !says("dataProcessingOptions", "LOGTOJSON"),
            _ => false,
        }
    }

    /// The place of the field of that label.
    pub fn field(&self, label: &str) -> Option<usize> {
        self.fields.iter().position(|field| field.label == label)
    }

    /// What is wrong with a value of the field at `place`.
    pub fn mistake(&self, place: usize, value: &str) -> Option<String> {
        match self.fields.get(place)?.kind {
            FieldKind::Text => None,
            FieldKind::Name(_) => value.trim().is_empty().then(|| "A name".to_owned()),
            FieldKind::Recipe if value.is_empty() => None,
            FieldKind::Recipe => value.parse::<KeyRecipe>().err(),
            FieldKind::Number(least, most, _) => {
                let number =
                    value.trim().parse::<u64>().ok().filter(|number| (least..=most).contains(number));
                let is_left_empty = value.is_empty() && self.fields.get(place)?.default.is_empty();
                (number.is_none() && !is_left_empty).then(|| format!("A whole number from {least} to {most}"))
            }
            FieldKind::OneOf(choices) => {
                (!choices.contains(&value)).then(|| "One of ".to_owned() + &choices.join(", "))
            }
        }
    }

    /// The line that the form stands for.
    pub fn line(&self, values: &[String], context: &FormContext<'_>) -> Result<String, FormError> {
        for (place, field) in self.fields.iter().enumerate() {
            let value = values.get(place).map_or("", String::as_str);
            if let Some(mistake) = self.mistake(place, value) {
                return Err(error(format!("{}: {mistake}", field.label)));
            }
        }
        let mut line = String::new();
        let mut rest = self.template;
        while let Some(open) = rest.find(['{', '[']) {
            push(&mut line, &rest[..open]);
            let (close, is_optional) = if rest[open..].starts_with('[') { (']', true) } else { ('}', false) };
            let end = rest[open..].find(close).map_or(rest.len(), |end| open + end);
            let inside = &rest[open + 1..end];
            rest = rest.get(end + 1..).unwrap_or_default();
            if !is_optional {
                line.push_str(&self.fill(inside, values, context)?);
                continue;
            }
            let (before, name) = inside.split_once('{').unwrap_or((inside, ""));
            let (name, after) = name.split_once('}').unwrap_or((name, ""));
            if !self.is_default(name, values) {
                line.push_str(before);
                line.push_str(&self.fill(name, values, context)?);
                line.push_str(after);
            }
        }
        push(&mut line, rest);
        line.truncate(line.trim_end().len());
        Ok(line)
    }

    fn is_default(&self, name: &str, values: &[String]) -> bool {
        let label = name.rsplit(':').next().unwrap_or(name);
        self.field(label).is_none_or(|place| {
            values.get(place).is_none_or(|value| value.is_empty() || *value == self.fields[place].default)
        })
    }

    /// What stands for `{name}`: a field's value, made fit for the shell, or something of the context.
    fn fill(&self, name: &str, values: &[String], context: &FormContext<'_>) -> Result<String, FormError> {
        let value = |label: &str| {
            let place = self.field(label);
            place.and_then(|place| values.get(place)).map_or("", |value| value.trim())
        };
        match name.split_once(':') {
            None if self.field(name).is_some() => Ok(awscli::quote(value(name)).into_owned()),
            None => context.get(name),
            Some(("base64", label)) => Ok(base64(value(label))),
            Some(("records", label)) => Ok(records(value(label), value("Data"))),
            Some(("ring", label)) => ring_place(value(label)),
            Some(("role", label)) => Ok(awscli::quote(&["role/", value(label)].concat()).into_owned()),
            Some(("retention", label)) => context.retention_verb(value(label)),
            Some(("mapping", label)) => context.mapping_of(value(label)),
            Some(("source", label)) => context.source(value(label)),
            Some(("agent", label)) => {
                let text = agent::configuration(value(label), &context.stream_name()?, value);
                Ok(awscli::quote(&text).into_owned())
            }
            Some(("ago", label)) => Ok(context.from("AT_TIMESTAMP", value(label))),
            Some(("from", label)) => Ok(context.from(value(label), value("Seconds ago"))),
            Some((what, _)) => Err(error(format!("nothing is called {what}"))),
        }
    }
}

/// Joins a piece of a template to the line; where something was left out between them, one blank stays.
fn push(line: &mut String, piece: &str) {
    line.push_str(if line.ends_with(' ') { piece.trim_start() } else { piece });
}

fn base64(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// One entry for each key: `PartitionKey=a,Data=…`.
fn records(keys: &str, data: &str) -> String {
    let data = base64(data);
    let entries = keys
        .split_whitespace()
        .map(|key| awscli::quote(&format!("PartitionKey={key},Data={data}")).into_owned());
    entries.collect::<Vec<_>>().join(" ")
}

/// A place on the ring in percent, with up to two decimals, as a hash key.
fn ring_place(percent: &str) -> Result<String, FormError> {
    let (whole, decimals) = percent.split_once('.').unwrap_or((percent, ""));
    let hundredths: Option<u128> = format!("{whole}{decimals:0<2}")
        .parse()
        .ok()
        .filter(|place| (1..10_000).contains(place) && decimals.len() <= 2);
    match hundredths {
        Some(hundredths) => Ok((u128::MAX / 10_000 * hundredths).to_string()),
        None => Err(error("a place on the ring is between 0.01 and 99.99 percent".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sim::{Sandbox, SandboxOptions};

    fn line(title: &str, values: &[(&str, &str)], stream: &str) -> String {
        let sandbox = Sandbox::new(SandboxOptions::default());
        let context = FormContext { stream: Some(stream.to_owned()), ..FormContext::new(sandbox.world()) };
        let form = form(title).unwrap();
        let mut filled = form.defaults(sandbox.world(), None);
        for (label, value) in values {
            filled[form.field(label).unwrap()] = (*value).to_owned();
        }
        form.line(&filled, &context).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn fields_become_options_and_defaults_stay_away() {
        assert_eq!(
            line("New producer", &[("Name", "web"), ("Rate", "500")], "orders"),
            "sandbox producer start web --stream orders --rate 500"
        );
        assert_eq!(
            line("Put many records", &[("Partition keys", "a b"), ("Data", "hi")], "s4"),
            "aws kinesis put-records --stream-name s4 --records PartitionKey=a,Data=aGk= PartitionKey=b,Data=aGk="
        );
    }

    #[test]
    fn a_name_that_is_taken_is_not_offered() {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        let name =
            |sandbox: &Sandbox| form("New producer").unwrap().defaults(sandbox.world(), None).remove(0);
        assert_eq!(name(&sandbox), "web");
        awscli::run(&mut sandbox, "aws kinesis create-stream --stream-name orders --shard-count 1");
        awscli::run(&mut sandbox, "sandbox producer start web --stream orders");
        assert_eq!(name(&sandbox), "mobile");
    }

    #[test]
    fn blanks_in_a_value_stay() {
        assert_eq!(
            line("New function", &[("Function name", "f"), ("Fails when", "data~two  words")], "s4"),
            "sandbox function create f --fails-when 'data~two  words'"
        );
    }

    #[test]
    fn what_a_shell_would_take_apart_is_quoted() {
        assert_eq!(
            line("Put a record", &[("Partition key", "it's me"), ("Data", "hi")], "s4"),
            "aws kinesis put-record --stream-name s4 --partition-key 'it'\\''s me' --data aGk="
        );
    }

    #[test]
    fn numbers_outside_of_their_range_are_refused() {
        assert_eq!(line("New stream", &[("Shards", "0")], ""), "Shards: A whole number from 1 to 500");
    }

    #[test]
    fn places_on_the_ring_are_percentages() {
        assert_eq!(ring_place("50").unwrap(), (u128::MAX / 10_000 * 5_000).to_string());
        assert!(ring_place("33.25").is_ok() && ring_place("0").is_err() && ring_place("33.333").is_err());
    }

    #[test]
    fn an_agent_gets_the_configuration_that_its_fields_say() {
        let title = "New server with the Kinesis Agent";
        let chosen = [("Log format", "common-apache-log"), ("dataProcessingOptions", "LOGTOJSON")];
        let line = line(title, &chosen, "orders");
        assert!(line.contains(r#""optionName":"LOGTOJSON","logFormat":"COMMONAPACHELOG""#), "{line}");
        assert!(line.ends_with("--format common-apache-log"), "{line}");
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        assert_eq!(awscli::run(&mut sandbox, &line).exit_code, 0, "the agent starts with it");
    }

    /// Every line that a form can give is one that the language reads.
    #[test]
    fn each_form_gives_a_line_that_can_be_read() {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        for line in [
            "aws kinesis create-stream --stream-name orders --shard-count 2",
            "sandbox clock advance 30s",
            "aws kinesis put-record --stream-name orders --partition-key user-2 --data aGk=",
            "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --consumer-name name",
            "aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000000 --shard-iterator-type LATEST",
            "sandbox function create agg",
            "sandbox mapping create agg --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        ] {
            assert_eq!(awscli::run(&mut sandbox, line).exit_code, 0, "{line}");
        }
        let context = FormContext {
            shard: Some(kinesis::ShardId(0)),
            actor: Some("web".to_owned()),
            worker: Some("w1".to_owned()),
            iterator: Some("AAAA".to_owned()),
            ..FormContext::new(sandbox.world())
        };
        for form in forms() {
            // Nothing stands at its default, so that every option is in the line.
            let mut values = form.defaults(sandbox.world(), None);
            for (place, field) in form.fields.iter().enumerate() {
                values[place] = match field.kind {
                    // A record of some workloads has a least size.
                    FieldKind::Number(_, most, _) if field.label == "Size" && most > 1_000 => {
                        "1000".to_owned()
                    }
                    FieldKind::Number(least, ..) if field.default == least.to_string() => {
                        (least + 1).to_string()
                    }
                    FieldKind::Number(least, ..) => least.to_string(),
                    FieldKind::Recipe => "random".to_owned(),
                    FieldKind::Text if field.label == "Traffic" => "daily".to_owned(),
                    FieldKind::Text if field.label == "Function" => "agg".to_owned(),
                    FieldKind::Text if field.label == "At percent of the ring" => "33.5".to_owned(),
                    FieldKind::Text | FieldKind::Name(_) => "name".to_owned(),
                    FieldKind::OneOf(choices) => choices[choices.len() - 1].to_owned(),
                };
            }
            let line = form.line(&values, &context).unwrap_or_else(|error| panic!("{}: {error}", form.title));
            if let Err(error) = awscli::parse(&line) {
                panic!("{}: {line}: {error:?}", form.title);
            }
        }
    }
}
