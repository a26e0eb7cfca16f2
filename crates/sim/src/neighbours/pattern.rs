//! Filter patterns of an event source mapping: which records reach the function.
//!
//! Documented: AWS Lambda Developer Guide, Filter rule syntax (the rules are EventBridge's) and Using event filtering
//! with a Kinesis event source: only the `data` key can be filtered; records whose data is no JSON are dropped by a
//! filter on it.

use serde_json::{Map, Value};

use super::decimal::Decimal;

/// One filter; several are alternatives.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pattern {
    /// What the data must match; everything does where it is absent.
    data: Option<Fields>,
}

/// All of these must match.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Fields {
    fields: Vec<(String, Rule)>,
    /// `$or`: one of these must match.
    alternatives: Vec<Fields>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Rule {
    Object(Fields),
    /// One of these must match.
    AnyOf(Vec<Test>),
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Test {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(String),
    IgnoreCase(String),
    Prefix(String),
    Suffix(String),
    AnythingBut(Vec<Test>),
    Numeric(Vec<(Comparison, Decimal)>),
    Exists(bool),
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Nesting of a pattern.
const DEPTH_MAX: usize = 16;

impl Pattern {
    /// Bytes of a pattern. Documented: Lambda API Reference, Filter.
    pub(crate) const BYTES_MAX: usize = 4_096;

    /// Reads a pattern; none where it is no pattern of the kinds that are known here.
    pub(crate) fn parse(text: &str) -> Option<Pattern> {
        let value: Value = serde_json::from_str(text).ok()?;
        let object = value.as_object()?;
        // Assumed: a key that cannot be filtered is refused instead of never matching.
        if object.keys().any(|key| key != "data") {
            return None;
        }
        let data = match object.get("data") {
            Some(data) => Some(fields(data.as_object()?, 0)?),
            None => None,
        };
        Some(Pattern { data })
    }

    /// Whether a record with this data passes; `json` is none where the data is no JSON.
    pub(crate) fn matches(&self, json: Option<&Value>) -> bool {
        match (&self.data, json) {
            (None, _) => true,
            (Some(fields), Some(json)) => fields.matches(json),
            (Some(_), None) => false,
        }
    }
}

fn fields(object: &Map<String, Value>, depth: usize) -> Option<Fields> {
    if depth > DEPTH_MAX || object.is_empty() {
        return None;
    }
    let mut read = Fields { fields: Vec::new(), alternatives: Vec::new() };
    for (name, value) in object {
        match value {
            Value::Array(alternatives) if name == "$or" => {
                let each = alternatives.iter().map(|one| fields(one.as_object()?, depth + 1));
                read.alternatives = each.collect::<Option<_>>()?;
                if read.alternatives.len() < 2 {
                    return None;
                }
            }
            Value::Array(tests) if !tests.is_empty() => {
                let tests = tests.iter().map(test).collect::<Option<_>>()?;
                read.fields.push((name.clone(), Rule::AnyOf(tests)));
            }
            Value::Object(inner) => {
                read.fields.push((name.clone(), Rule::Object(fields(inner, depth + 1)?)));
            }
            Value::Array(_) | Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                return None;
            }
        }
    }
    Some(read)
}

fn test(value: &Value) -> Option<Test> {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => literal(value),
        Value::Array(_) => None,
        Value::Object(object) => {
            let (name, operand) = object.iter().next().filter(|_| object.len() == 1)?;
            let text = || operand.as_str().map(str::to_owned);
            match name.as_str() {
                "prefix" => text().map(Test::Prefix),
                "suffix" => text().map(Test::Suffix),
                "equals-ignore-case" => text().map(|text| Test::IgnoreCase(text.to_lowercase())),
                "exists" => operand.as_bool().map(Test::Exists),
                "numeric" => numeric(operand.as_array()?).map(Test::Numeric),
                "anything-but" => {
                    let list = match operand {
                        Value::Array(list) => list.iter().map(literal).collect::<Option<Vec<_>>>()?,
                        Value::Object(_) => {
                            vec![test(operand).filter(|t| matches!(t, Test::Prefix(_) | Test::Suffix(_)))?]
                        }
                        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                            vec![literal(operand)?]
                        }
                    };
                    Some(Test::AnythingBut(list)).filter(|test| *test != Test::AnythingBut(Vec::new()))
                }
                _ => None,
            }
        }
    }
}

fn literal(value: &Value) -> Option<Test> {
    match value {
        Value::Null => Some(Test::Null),
        Value::Bool(value) => Some(Test::Bool(*value)),
        Value::Number(number) => Decimal::of_json(number).map(Test::Number),
        Value::String(text) => Some(Test::Text(text.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// `["=", 5]`, `[">", 0, "<=", 5]`.
fn numeric(operands: &[Value]) -> Option<Vec<(Comparison, Decimal)>> {
    if operands.is_empty() || operands.len() > 4 || !operands.len().is_multiple_of(2) {
        return None;
    }
    let pairs = operands.chunks(2).map(|pair| {
        let comparison = match pair.first()?.as_str()? {
            "=" => Comparison::Equal,
            "<" => Comparison::Less,
            "<=" => Comparison::LessOrEqual,
            ">" => Comparison::Greater,
            ">=" => Comparison::GreaterOrEqual,
            _ => return None,
        };
        match pair.get(1)? {
            Value::Number(number) => Some((comparison, Decimal::of_json(number)?)),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        }
    });
    pairs.collect()
}

impl Fields {
    fn matches(&self, value: &Value) -> bool {
        let all = self.fields.iter().all(|(name, rule)| match (rule, value.get(name)) {
            (Rule::Object(fields), Some(inner)) => fields.matches(inner),
            // `exists: false` may stand inside of an object that is not there.
            (Rule::Object(fields), None) => fields.matches(&Value::Null),
            (Rule::AnyOf(tests), field) => tests.iter().any(|test| test.holds(field)),
        });
        let one =
            self.alternatives.is_empty() || self.alternatives.iter().any(|fields| fields.matches(value));
        all && one
    }
}

impl Test {
    fn holds(&self, field: Option<&Value>) -> bool {
        let Some(field) = field else { return *self == Test::Exists(false) };
        match (self, field) {
            (Test::Exists(is_wanted), _) => *is_wanted,
            // Documented: of a list in the event, one element has to match.
            (Test::AnythingBut(_), Value::Array(elements)) if elements.is_empty() => true,
            (_, Value::Array(elements)) => elements.iter().any(|element| self.holds_of(element)),
            _ => self.holds_of(field),
        }
    }

    fn holds_of(&self, value: &Value) -> bool {
        let number = || match value {
            Value::Number(number) => Decimal::of_json(number),
            Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
        };
        match self {
            Test::Null => value.is_null(),
            Test::Bool(expected) => value.as_bool() == Some(*expected),
            Test::Number(expected) => number() == Some(*expected),
            Test::Text(expected) => value.as_str() == Some(expected),
            Test::IgnoreCase(expected) => value.as_str().is_some_and(|text| text.to_lowercase() == *expected),
            Test::Prefix(start) => value.as_str().is_some_and(|text| text.starts_with(start.as_str())),
            Test::Suffix(end) => value.as_str().is_some_and(|text| text.ends_with(end.as_str())),
            Test::AnythingBut(tests) => !tests.iter().any(|test| test.holds_of(value)),
            Test::Numeric(comparisons) => number().is_some_and(|number| {
                comparisons.iter().all(|(comparison, bound)| match comparison {
                    Comparison::Equal => number == *bound,
                    Comparison::Less => number < *bound,
                    Comparison::LessOrEqual => number <= *bound,
                    Comparison::Greater => number > *bound,
                    Comparison::GreaterOrEqual => number >= *bound,
                })
            }),
            Test::Exists(is_wanted) => *is_wanted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, data: &str) -> bool {
        let json = serde_json::from_str(data).ok();
        Pattern::parse(pattern).unwrap().matches(json.as_ref())
    }

    /// Documented: the rows of the table in Filter rule syntax.
    #[test]
    fn the_documented_comparisons_match() {
        let data = r#"{"UserID":null,"LastName":"","Name":"Alice","Location":"New York","Day":"Monday",
            "Weather":"Sunny","Price":100,"Price2":15.5,"ProductName":"x","Region":"us-east-1","FileName":"a.png"}"#;
        for pattern in [
            r#"{"data":{"UserID":[null]}}"#,
            r#"{"data":{"LastName":[""]}}"#,
            r#"{"data":{"Name":["Alice"]}}"#,
            r#"{"data":{"Name":[{"equals-ignore-case":"alice"}]}}"#,
            r#"{"data":{"Location":["New York"],"Day":["Monday"]}}"#,
            r#"{"data":{"PaymentType":[{"exists":false}],"Day":["Tuesday","Monday"]}}"#,
            r#"{"data":{"$or":[{"Location":["Berlin"]},{"Day":["Monday"]}]}}"#,
            r#"{"data":{"Weather":[{"anything-but":["Raining"]}]}}"#,
            r#"{"data":{"Price":[{"numeric":["=",100]}]}}"#,
            r#"{"data":{"Price2":[{"numeric":[">",10,"<=",20]}]}}"#,
            r#"{"data":{"ProductName":[{"exists":true}]}}"#,
            r#"{"data":{"Region":[{"prefix":"us-"}]}}"#,
            r#"{"data":{"FileName":[{"suffix":".png"}]}}"#,
            r#"{"data":{"FileName":[{"anything-but":{"prefix":"b"}}]}}"#,
            r#"{}"#,
        ] {
            assert!(matches(pattern, data), "{pattern}");
        }
        for pattern in [
            r#"{"data":{"Name":["alice"]}}"#,
            r#"{"data":{"Location":["New York"],"Day":["Sunday"]}}"#,
            r#"{"data":{"Weather":[{"anything-but":["Sunny","Raining"]}]}}"#,
            r#"{"data":{"Price":[{"numeric":["<",100]}]}}"#,
            r#"{"data":{"Missing":[{"exists":true}]}}"#,
            r#"{"data":{"Missing":[{"anything-but":["x"]}]}}"#,
            r#"{"data":{"Price":["100"]}}"#,
        ] {
            assert!(!matches(pattern, data), "{pattern}");
        }
    }

    #[test]
    fn data_that_is_no_json_is_dropped_by_a_filter_on_it() {
        assert!(!matches(r#"{"data":{"a":[{"exists":false}]}}"#, "hello"));
        assert!(matches("{}", "hello"));
    }

    #[test]
    fn what_is_no_pattern_is_refused() {
        for pattern in [
            "",
            "hello",
            "[]",
            r#"{"data":"x"}"#,
            r#"{"data":["x"]}"#,
            r#"{"data":{"a":"x"}}"#,
            r#"{"data":{"a":[]}}"#,
            r#"{"data":{"a":[{"cidr":"10.0.0.0/8"}]}}"#,
            r#"{"data":{"a":[{"numeric":["=","1"]}]}}"#,
            r#"{"data":{"a":[{"numeric":["~",1]}]}}"#,
            r#"{"partitionKey":["x"]}"#,
        ] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }
}
