//! The published service model, as `crates/awsjson/model` keeps it: what a request may hold and an answer must.

use serde_json::{Map, Value};

const TEXT: &str = include_str!("../../crates/awsjson/model/kinesis-2013-12-02.json");

/// The model's shapes and operations by name.
#[derive(Clone, Debug)]
pub struct Model(Value);

/// A place in a request: members, and `[]` for the item of a list, `key` and `value` for those of a map.
pub type Path = Vec<String>;

/// One bound of the model at one place of a request.
#[derive(Clone, Debug)]
pub struct Constraint {
    pub path: Path,
    /// The shape that has the bound.
    pub shape: String,
    pub rule: Rule,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Rule {
    Required,
    /// Of a length, or of a number.
    Min(i64),
    Max(i64),
    Pattern(String),
    Enum(Vec<String>),
}

impl Model {
    pub fn read() -> Model {
        Model(serde_json::from_str(TEXT).expect("the kept model is JSON"))
    }

    pub fn operations(&self) -> impl Iterator<Item = &str> {
        self.0["operations"].as_object().into_iter().flatten().map(|(name, _)| name.as_str())
    }

    /// Exceptions that an operation may answer.
    pub fn errors(&self, operation: &str) -> Vec<&str> {
        texts(&self.0["operations"][operation]["errors"]).collect()
    }

    pub fn input(&self, operation: &str) -> &str {
        self.0["operations"][operation]["input"].as_str().expect("every operation has an input")
    }

    pub fn shape(&self, name: &str) -> &Value {
        let shape = &self.0["shapes"][name];
        assert!(shape.is_object(), "the model has no shape {name}");
        shape
    }

    /// Members of a structure and their shapes, in the order of the model.
    pub fn members(&self, shape: &str) -> Vec<(&str, &str)> {
        let members = self.shape(shape)["members"].as_object().into_iter().flatten();
        members.map(|(name, shape)| (name.as_str(), shape.as_str().unwrap_or_default())).collect()
    }

    pub fn is_required(&self, shape: &str, member: &str) -> bool {
        texts(&self.shape(shape)["required"]).any(|name| name == member)
    }

    /// Every bound of an operation's request.
    pub fn constraints(&self, operation: &str) -> Vec<Constraint> {
        let mut constraints = Vec::new();
        self.collect(self.input(operation), &mut Vec::new(), &mut constraints);
        constraints
    }

    fn collect(&self, name: &str, path: &mut Path, constraints: &mut Vec<Constraint>) {
        let shape = self.shape(name);
        let mut add = |path: &Path, rule| {
            constraints.push(Constraint { path: path.clone(), shape: name.to_owned(), rule });
        };
        if let Some(min) = shape["min"].as_i64().filter(|min| *min > 0 || shape["type"] == "integer") {
            add(path, Rule::Min(min));
        }
        if let Some(max) = shape["max"].as_i64() {
            add(path, Rule::Max(max));
        }
        if let Some(pattern) = shape["pattern"].as_str() {
            add(path, Rule::Pattern(pattern.to_owned()));
        }
        if shape["enum"].is_array() {
            add(path, Rule::Enum(texts(&shape["enum"]).map(str::to_owned).collect()));
        }
        for (member, _) in self.members(name) {
            if self.is_required(name, member) {
                path.push(member.to_owned());
                add(path, Rule::Required);
                path.pop();
            }
        }
        for (step, inner) in self.inside(name) {
            path.push(step);
            self.collect(inner, path, constraints);
            path.pop();
        }
    }

    /// What is within a structure, a list or a map, by the step that leads there.
    fn inside(&self, name: &str) -> Vec<(String, &str)> {
        let shape = self.shape(name);
        let named = |step: &str, member: &str| Some((step.to_owned(), shape[member].as_str()?));
        match shape["type"].as_str() {
            Some("list") => named("[]", "member").into_iter().collect(),
            Some("map") => [named("key", "key"), named("value", "value")].into_iter().flatten().collect(),
            _ => self.members(name).into_iter().map(|(name, shape)| (name.to_owned(), shape)).collect(),
        }
    }

    /// A request that keeps every bound and has `leaf` at the path; without the member there, where it is `None`.
    pub fn request(&self, operation: &str, path: &[String], leaf: Option<&Value>) -> Value {
        self.build(self.input(operation), path, leaf)
    }

    fn build(&self, name: &str, path: &[String], leaf: Option<&Value>) -> Value {
        let Some((step, rest)) = path.split_first() else {
            return leaf.cloned().unwrap_or_default();
        };
        let inner = |step: &str| {
            let found = self.inside(name).into_iter().find(|(found, _)| found == step);
            found.map(|(_, shape)| shape).unwrap_or_else(|| panic!("{name} has no {step}"))
        };
        match step.as_str() {
            "[]" => Value::Array(vec![self.build(inner("[]"), rest, leaf)]),
            "key" => {
                let key = leaf.and_then(Value::as_str).unwrap_or_default();
                Value::Object(Map::from_iter([(key.to_owned(), self.sample(inner("value")))]))
            }
            "value" => {
                let key = self.sample(inner("key"));
                let value = self.build(inner("value"), rest, leaf);
                Value::Object(Map::from_iter([(key.as_str().unwrap_or_default().to_owned(), value)]))
            }
            member => {
                let Value::Object(mut given) = self.sample(name) else { panic!("{name} has no members") };
                given.remove(member);
                if !rest.is_empty() || leaf.is_some() {
                    given.insert(member.to_owned(), self.build(inner(member), rest, leaf));
                }
                Value::Object(given)
            }
        }
    }

    /// The smallest value of a shape.
    pub fn sample(&self, name: &str) -> Value {
        let shape = self.shape(name);
        match shape["type"].as_str().unwrap_or_default() {
            "string" => text_of(name, shape).into(),
            "integer" | "long" => shape["min"].as_i64().unwrap_or(1).into(),
            "boolean" => false.into(),
            "timestamp" => 1_767_225_600.into(),
            "blob" => "eA==".into(),
            "list" => Value::Array(vec![self.sample(shape["member"].as_str().unwrap_or_default())]),
            "map" => {
                let of = |part: &str| self.sample(shape[part].as_str().unwrap_or_default());
                let key = of("key").as_str().unwrap_or_default().to_owned();
                Value::Object(Map::from_iter([(key, of("value"))]))
            }
            _ => {
                let required =
                    self.members(name).into_iter().filter(|(member, _)| self.is_required(name, member));
                Value::Object(
                    required.map(|(member, shape)| (member.to_owned(), self.sample(shape))).collect(),
                )
            }
        }
    }

    /// Whether an answer has the form of the model: known members of the right type, none of the required missing.
    pub fn check_answer(&self, operation: &str, answer: &Value) -> Result<(), String> {
        match self.0["operations"][operation]["output"].as_str() {
            Some(output) => self.check(output, answer, operation),
            None if answer.is_null() => Ok(()),
            None => Err(format!("{operation} answers nothing, not {answer}")),
        }
    }

    fn check(&self, name: &str, value: &Value, place: &str) -> Result<(), String> {
        let shape = self.shape(name);
        let is_right = match shape["type"].as_str().unwrap_or_default() {
            "string" | "blob" => value.is_string(),
            "integer" | "long" => value.is_i64() || value.is_u64(),
            "boolean" => value.is_boolean(),
            "timestamp" => value.is_number(),
            "list" => value.is_array(),
            _ => value.is_object(),
        };
        if !is_right {
            return Err(format!("{place} is {value}, no {}", shape["type"]));
        }
        if shape["enum"].is_array() && !texts(&shape["enum"]).any(|word| value == word) {
            return Err(format!("{place} is {value}, which is not in {}", shape["enum"]));
        }
        if let (Value::Array(items), Some(member)) = (value, shape["member"].as_str()) {
            items.iter().try_for_each(|item| self.check(member, item, &format!("{place}[]")))?;
        }
        if let (Value::Object(given), "structure") = (value, shape["type"].as_str().unwrap_or_default()) {
            let members = self.members(name);
            for (member, value) in given {
                let known = members.iter().find(|(known, _)| known == member);
                let (_, shape) = known.ok_or_else(|| format!("{place} has no member {member}"))?;
                self.check(shape, value, &format!("{place}.{member}"))?;
            }
            let missing = members
                .iter()
                .find(|(member, _)| self.is_required(name, member) && !given.contains_key(*member));
            if let Some((member, _)) = missing {
                return Err(format!("{place} lacks {member}"));
            }
        }
        Ok(())
    }
}

/// A text that keeps the pattern of its shape.
fn text_of(name: &str, shape: &Value) -> String {
    if let Some(word) = texts(&shape["enum"]).next() {
        return word.to_owned();
    }
    let text = match name {
        "StreamName" | "ConsumerName" => "orders",
        "ShardId" => "shardId-000000000000",
        "StreamARN" | "ResourceARN" => "arn:aws:kinesis:us-east-1:123456789012:stream/orders",
        "ConsumerARN" => "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/c:1",
        "HashKey" | "SequenceNumber" => "1",
        "StreamId" => "abcdefghijabcdefghij-abc",
        _ => "x",
    };
    text.to_owned()
}

fn texts(list: &Value) -> impl Iterator<Item = &str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str)
}
