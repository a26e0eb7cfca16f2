//! Conditions of statements: operators over what is known of a request.

use super::pattern::{matches_arn, matches_text};

/// One key of a `Condition` with what it is compared with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Condition {
    pub(super) operator: Operator,
    pub(super) scope: Scope,
    /// Absent keys satisfy the condition.
    pub(super) is_if_exists: bool,
    /// In lower case: IAM does not tell the case of keys.
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// How several values of one key in the request count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Scope {
    /// The key has one value.
    Single,
    ForAnyValue,
    ForAllValues,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Operator {
    StringEquals { is_negated: bool },
    StringEqualsIgnoreCase { is_negated: bool },
    StringLike { is_negated: bool },
    ArnLike { is_negated: bool },
    Bool,
    Null,
}

impl Operator {
    pub(super) fn parse(name: &str) -> Option<Operator> {
        let is_negated = name.contains("Not");
        Some(match name {
            "StringEquals" | "StringNotEquals" => Operator::StringEquals { is_negated },
            "StringEqualsIgnoreCase" | "StringNotEqualsIgnoreCase" => {
                Operator::StringEqualsIgnoreCase { is_negated }
            }
            "StringLike" | "StringNotLike" => Operator::StringLike { is_negated },
            // Documented: the two behave alike.
            "ArnEquals" | "ArnLike" | "ArnNotEquals" | "ArnNotLike" => Operator::ArnLike { is_negated },
            "Bool" => Operator::Bool,
            "Null" => Operator::Null,
            _ => return None,
        })
    }

    const fn is_negated(self) -> bool {
        match self {
            Operator::StringEquals { is_negated }
            | Operator::StringEqualsIgnoreCase { is_negated }
            | Operator::StringLike { is_negated }
            | Operator::ArnLike { is_negated } => is_negated,
            Operator::Bool | Operator::Null => false,
        }
    }

    /// Whether a value of the request is like one of the policy, leaving a negation aside.
    fn is_like(self, wanted: &str, found: &str) -> bool {
        match self {
            Operator::StringEquals { .. } => wanted == found,
            Operator::StringEqualsIgnoreCase { .. } | Operator::Bool | Operator::Null => {
                wanted.eq_ignore_ascii_case(found)
            }
            Operator::StringLike { .. } => matches_text(wanted, found),
            Operator::ArnLike { .. } => matches_arn(wanted, found),
        }
    }
}

impl Condition {
    pub(super) fn holds(&self, context: &Context) -> bool {
        let found = context.values(&self.key);
        if self.operator == Operator::Null {
            let is_absent = if found.is_none() { "true" } else { "false" };
            return self.values.iter().any(|value| value.eq_ignore_ascii_case(is_absent));
        }
        let is_good = |found: &String| {
            self.values.iter().any(|wanted| self.operator.is_like(wanted, found))
                != self.operator.is_negated()
        };
        match (found, self.scope) {
            (None, _) if self.is_if_exists => true,
            // Documented: all of nothing, and a key that is not there is not equal to anything.
            (None, Scope::ForAllValues) => true,
            (None, Scope::ForAnyValue) => false,
            (None, Scope::Single) => self.operator.is_negated(),
            (Some(found), Scope::Single | Scope::ForAllValues) => found.iter().all(is_good),
            (Some(found), Scope::ForAnyValue) => found.iter().any(is_good),
        }
    }
}

/// What conditions can ask of a request: keys in lower case, with their values.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Context {
    keys: Vec<(String, Vec<String>)>,
}

/// Keys that a policy may name; those that end with `/` go on with the key of a tag.
const KNOWN_KEYS: [&str; 14] = [
    "aws:principalaccount",
    "aws:principalarn",
    "aws:principaltag/",
    "aws:principaltype",
    "aws:requestedregion",
    "aws:requesttag/",
    "aws:resourceaccount",
    "aws:resourcetag/",
    "aws:securetransport",
    "aws:sourcevpce",
    "aws:tagkeys",
    "kms:encryptioncontext:aws:kinesis:arn",
    "kms:encryptioncontextkeys",
    "kms:viaservice",
];

impl Context {
    /// Whether the sandbox knows of every request what stands in this key, given in lower case.
    pub(super) fn is_known(key: &str) -> bool {
        KNOWN_KEYS.iter().any(|known| match known.strip_suffix('/') {
            Some(_) => key.len() > known.len() && key.starts_with(known),
            None => key == *known,
        })
    }

    pub(crate) fn set(&mut self, key: &str, value: impl Into<String>) {
        self.keys.push((key.to_ascii_lowercase(), vec![value.into()]));
    }

    pub(crate) fn set_all(&mut self, key: &str, values: Vec<String>) {
        self.keys.push((key.to_ascii_lowercase(), values));
    }

    fn values(&self, key: &str) -> Option<&Vec<String>> {
        self.keys.iter().find(|(known, _)| known == key).map(|(_, values)| values)
    }
}
