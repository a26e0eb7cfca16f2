//! Policy documents as JSON, read strictly.

use std::fmt;

use serde_json::{Map, Value};

use super::condition::{Operator, Scope};
use super::{Choice, Condition, Context, Effect, Policy, Principal, Statement};

/// Why a text is no policy that the sandbox can judge by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PolicyError {
    /// AWS would not take it either.
    Malformed(String),
    /// AWS knows it, the sandbox does not: named in full, `the condition key aws:SourceIp`.
    NotSimulated(String),
}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PolicyError::Malformed(sentence) => f.write_str(sentence),
            PolicyError::NotSimulated(what) => {
                write!(f, "{what} exists in AWS but is not simulated here.")
            }
        }
    }
}

/// Bytes of a policy document. Documented: IAM quotas, of a managed policy without white space and of a role's inline
/// policies; Assumed: of a stream's policy too, which has no documented limit.
const DOCUMENT_BYTES_MAX: usize = 20_480;

/// Actions that a stream's or a consumer's policy may share. Documented: Controlling access, Developer Guide.
const SHARED_ACTIONS: [&str; 8] = [
    "kinesis:DescribeStreamConsumer",
    "kinesis:DescribeStreamSummary",
    "kinesis:GetRecords",
    "kinesis:GetShardIterator",
    "kinesis:ListShards",
    "kinesis:PutRecord",
    "kinesis:PutRecords",
    "kinesis:SubscribeToShard",
];

const STATEMENT_ELEMENTS: [&str; 9] = [
    "Sid",
    "Effect",
    "Principal",
    "NotPrincipal",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

type Members = Map<String, Value>;

fn malformed<T>(sentence: impl Into<String>) -> Result<T, PolicyError> {
    Err(PolicyError::Malformed(sentence.into()))
}

fn not_simulated<T>(what: impl Into<String>) -> Result<T, PolicyError> {
    Err(PolicyError::NotSimulated(what.into()))
}

impl Policy {
    /// Reads a policy of a user or role. What is wrong is said with its place.
    pub fn of_identity(text: &str) -> Result<Policy, PolicyError> {
        read_with_places(text, |members| {
            if members.contains_key("Principal") || members.contains_key("NotPrincipal") {
                return malformed("A policy of an identity must not have a Principal.");
            }
            let Some(resources) = choice(members, "Resource", "NotResource")? else {
                return malformed("A statement must have a Resource or a NotResource.");
            };
            statement(members, None, Some(resources))
        })
    }

    /// Reads the policy of a VPC endpoint. What is wrong is said with its place.
    pub fn of_endpoint(text: &str) -> Result<Policy, PolicyError> {
        read_with_places(text, |members| {
            let everybody = |given: &Value| given == "*" || given.get("AWS").is_some_and(|name| name == "*");
            let principals = match members.get("Principal") {
                Some(given) if everybody(given) => None,
                Some(given) => Some(principals(given)?),
                None => return malformed("A statement must have a Principal."),
            };
            statement(members, principals, choice(members, "Resource", "NotResource")?)
        })
    }

    /// Reads the policy of a KMS key. What is wrong is said with its place.
    pub fn of_key(text: &str) -> Result<Policy, PolicyError> {
        read_with_places(text, |members| {
            if members.contains_key("NotPrincipal") {
                return not_simulated("NotPrincipal in a policy");
            }
            let Some(given) = members.get("Principal") else {
                return malformed("A statement must have a Principal.");
            };
            let Some(resources) = choice(members, "Resource", "NotResource")? else {
                return malformed("A statement must have a Resource; in a key's policy that is \"*\".");
            };
            statement(members, Some(principals(given)?), Some(resources))
        })
    }

    /// Reads a policy of a stream or a consumer.
    pub(crate) fn of_resource(text: &str) -> Result<Policy, PolicyError> {
        read(text, |members| {
            if members.contains_key("NotPrincipal") {
                return not_simulated("NotPrincipal in a policy");
            }
            let Some(principal) = members.get("Principal") else {
                return malformed("A statement must have a Principal.");
            };
            let principals = principals(principal)?;
            let statement =
                statement(members, Some(principals), choice(members, "Resource", "NotResource")?)?;
            let is_shared =
                |action: &String| SHARED_ACTIONS.iter().any(|shared| shared.eq_ignore_ascii_case(action));
            match statement.actions.patterns.iter().find(|action| !is_shared(action)) {
                Some(action) if action.contains(['*', '?']) => {
                    malformed(format!("Action {action} is not supported: wildcards are not allowed."))
                }
                Some(action) => malformed(format!("Action {action} is not supported in a resource policy.")),
                None => Ok(statement),
            }
        })
    }
}

/// As [`read`], with the place of what is wrong: line and column of text that is no JSON, the path of a statement.
fn read_with_places(
    text: &str,
    statement: impl Fn(&Members) -> Result<Statement, PolicyError>,
) -> Result<Policy, PolicyError> {
    if text.len() <= DOCUMENT_BYTES_MAX
        && let Err(error) = serde_json::from_str::<Value>(text)
    {
        return malformed(format!("The policy is not in JSON: {error}."));
    }
    let place = std::cell::Cell::new(0_usize);
    let is_list = matches!(serde_json::from_str(text), Ok(Value::Object(document))
        if document.get("Statement").is_some_and(Value::is_array));
    let at = |sentence: String| {
        let index = if is_list { format!("[{}]", place.get() - 1) } else { String::new() };
        format!("{sentence} (at Statement{index})")
    };
    read(text, |members| {
        place.set(place.get() + 1);
        statement(members).map_err(|error| match error {
            PolicyError::Malformed(sentence) => PolicyError::Malformed(at(sentence)),
            PolicyError::NotSimulated(what) => PolicyError::NotSimulated(what),
        })
    })
}

fn read(
    text: &str,
    statement: impl Fn(&Members) -> Result<Statement, PolicyError>,
) -> Result<Policy, PolicyError> {
    if text.len() > DOCUMENT_BYTES_MAX {
        return malformed(format!("The policy has more than {DOCUMENT_BYTES_MAX} bytes."));
    }
    if text.contains("${") {
        return not_simulated("A policy variable");
    }
    let Ok(Value::Object(document)) = serde_json::from_str(text) else {
        return malformed("The policy is not in JSON.");
    };
    known(&document, &["Version", "Id", "Statement"])?;
    match document.get("Version").map(Value::as_str) {
        None | Some(Some("2012-10-17" | "2008-10-17")) => {}
        Some(_) => return malformed("The policy's Version must be 2012-10-17."),
    }
    let given = match document.get("Statement") {
        Some(Value::Array(given)) => given.as_slice(),
        Some(given) => std::slice::from_ref(given),
        None => &[],
    };
    let read_one = |given: &Value| {
        let Value::Object(members) = given else { return malformed("A statement must be an object.") };
        known(members, &STATEMENT_ELEMENTS)?;
        statement(members)
    };
    let statements = given.iter().map(read_one).collect::<Result<Vec<Statement>, PolicyError>>()?;
    if statements.is_empty() {
        return malformed("The policy must have a Statement.");
    }
    Ok(Policy { text: text.into(), statements: statements.into() })
}

fn known(members: &Members, known: &[&str]) -> Result<(), PolicyError> {
    match members.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => malformed(format!("{name} is no element of a policy.")),
        None => Ok(()),
    }
}

fn statement(
    members: &Members,
    principals: Option<Vec<Principal>>,
    resources: Option<Choice>,
) -> Result<Statement, PolicyError> {
    let effect = match members.get("Effect").and_then(Value::as_str) {
        Some("Allow") => Effect::Allow,
        Some("Deny") => Effect::Deny,
        _ => return malformed("A statement's Effect must be Allow or Deny."),
    };
    let Some(actions) = choice(members, "Action", "NotAction")? else {
        return malformed("A statement must have an Action or a NotAction.");
    };
    let is_action = |action: &String| action == "*" || action.contains(':');
    if let Some(action) = actions.patterns.iter().find(|action| !is_action(action)) {
        return malformed(format!("Action {action} must begin with the name of a service, such as kinesis:"));
    }
    let is_resource = |resource: &String| resource == "*" || resource.starts_with("arn:");
    if let Some(resource) =
        resources.iter().flat_map(|choice| &choice.patterns).find(|resource| !is_resource(resource))
    {
        return malformed(format!("Resource {resource} must be in ARN format or \"*\"."));
    }
    let conditions = match members.get("Condition") {
        None => Vec::new(),
        Some(Value::Object(operators)) => conditions(operators)?,
        Some(_) => return malformed("A statement's Condition must be an object."),
    };
    Ok(Statement { effect, principals, actions, resources, conditions })
}

fn choice(members: &Members, name: &str, negated: &str) -> Result<Option<Choice>, PolicyError> {
    let (given, is_negated) = match (members.get(name), members.get(negated)) {
        (Some(_), Some(_)) => {
            return malformed(format!("A statement must not have both {name} and {negated}."));
        }
        (Some(given), None) => (given, false),
        (None, Some(given)) => (given, true),
        (None, None) => return Ok(None),
    };
    match texts(given).filter(|patterns| !patterns.is_empty()) {
        Some(patterns) => Ok(Some(Choice { is_negated, patterns })),
        None => malformed(format!("{name} must be a text or a list of texts.")),
    }
}

/// One text or a list of them.
fn texts(given: &Value) -> Option<Vec<String>> {
    let text = |item: &Value| item.as_str().map(str::to_owned);
    match given.as_array() {
        Some(items) => items.iter().map(text).collect(),
        None => Some(vec![text(given)?]),
    }
}

/// Documented: no wildcards; an account by its digits or its root, users and roles by their ARNs.
fn principals(given: &Value) -> Result<Vec<Principal>, PolicyError> {
    let Value::Object(kinds) = given else {
        return malformed("Principal must name accounts, users or roles: wildcards are not allowed.");
    };
    let mut principals = Vec::new();
    for (kind, given) in kinds {
        let Some(names) = texts(given) else { return malformed("Principal must have texts.") };
        for name in names {
            principals.push(match kind.as_str() {
                "AWS" => principal(&name)?,
                "Service" | "Federated" | "CanonicalUser" => Principal::Other,
                _ => return malformed(format!("{kind} is no kind of principal.")),
            });
        }
    }
    if principals.is_empty() { malformed("Principal must name somebody.") } else { Ok(principals) }
}

fn principal(name: &str) -> Result<Principal, PolicyError> {
    let is_account = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
    let mut parts = name.splitn(6, ':');
    match (parts.next(), parts.nth(1), parts.nth(1), parts.next()) {
        _ if name.contains(['*', '?']) => {
            malformed(format!("Principal {name} is not supported: wildcards are not allowed."))
        }
        _ if is_account(name) => Ok(Principal::Account(name.to_owned())),
        (Some("arn"), Some("iam"), Some(account), Some("root")) if is_account(account) => {
            Ok(Principal::Account(account.to_owned()))
        }
        (Some("arn"), Some("iam" | "sts"), Some(account), Some(identity))
            if is_account(account) && identity.contains('/') =>
        {
            Ok(Principal::Arn(name.to_owned()))
        }
        _ => malformed(format!("Principal {name} is neither an account nor an ARN of a user or role.")),
    }
}

fn conditions(operators: &Members) -> Result<Vec<Condition>, PolicyError> {
    let mut conditions = Vec::new();
    for (name, keys) in operators {
        let (scope, rest) = match name.split_once(':') {
            Some(("ForAnyValue", rest)) => (Scope::ForAnyValue, rest),
            Some(("ForAllValues", rest)) => (Scope::ForAllValues, rest),
            _ => (Scope::Single, name.as_str()),
        };
        let (plain, is_if_exists) = match rest.strip_suffix("IfExists") {
            Some(plain) => (plain, true),
            None => (rest, false),
        };
        let Some(operator) = Operator::parse(plain) else {
            return not_simulated(format!("The condition operator {name}"));
        };
        let Value::Object(keys) = keys else {
            return malformed(format!("Condition {name} must have keys and values."));
        };
        for (key, values) in keys {
            if !Context::is_known(&key.to_ascii_lowercase()) {
                return not_simulated(format!("The condition key {key}"));
            }
            let Some(values) = condition_values(values).filter(|values| !values.is_empty()) else {
                return malformed(format!("Condition {name} must give {key} texts."));
            };
            conditions.push(Condition {
                operator,
                scope,
                is_if_exists,
                key: key.to_ascii_lowercase(),
                values,
            });
        }
    }
    Ok(conditions)
}

/// Texts, or `true` and `false` as such.
fn condition_values(given: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value.as_bool() {
        Some(value) => Some(value.to_string()),
        None => value.as_str().map(str::to_owned),
    };
    match given.as_array() {
        Some(items) => items.iter().map(text).collect(),
        None => Some(vec![text(given)?]),
    }
}
