//! IAM policy documents: what their statements say of a caller, an action and a resource.
//!
//! Simulated: Effect, Principal, Action and NotAction, Resource and NotResource with `*` and `?`, and the conditions
//! of `condition`. What is not simulated (NotPrincipal, policy variables, other operators and keys) is refused where
//! the document is read: a policy that would be judged wrongly is worse than none.

mod condition;
mod pattern;
mod read;

use std::sync::Arc;

pub(crate) use condition::{Condition, Context};
pub(crate) use pattern::{matches_arn, matches_text};
pub use read::PolicyError;

use crate::Caller;

/// A policy document that was read and understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Policy {
    text: Arc<str>,
    statements: Arc<[Statement]>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Effect {
    Allow,
    Deny,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Statement {
    effect: Effect,
    /// Whom a resource's policy speaks of; identity policies speak of who has them.
    principals: Option<Vec<Principal>>,
    actions: Choice,
    /// None in a resource's policy that speaks of its resource.
    resources: Option<Choice>,
    conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Choice {
    is_negated: bool,
    patterns: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Principal {
    /// Everybody whom this account lets.
    Account(String),
    /// One user, role, or session of a role.
    Arn(String),
    /// A service of AWS, or an identity from elsewhere: no caller of the sandbox.
    Other,
}

/// How a resource's policy names a caller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Naming {
    /// By the account, which decides by identity policies.
    ByAccount,
    Directly,
}

/// What is asked: may this caller do this there?
#[derive(Clone, Copy)]
pub(crate) struct Query<'a> {
    pub(crate) caller: &'a Caller,
    /// `kinesis:PutRecord`.
    pub(crate) action: &'a str,
    /// An ARN, or `*` for actions that have no resource.
    pub(crate) resource: &'a str,
    pub(crate) context: &'a Context,
}

impl Policy {
    /// AWS's managed policy of that name: everything, everywhere.
    pub fn administrator_access() -> Policy {
        let everything = || Choice { is_negated: false, patterns: vec!["*".to_owned()] };
        Policy {
            text: r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#
                .into(),
            statements: Arc::new([Statement {
                effect: Effect::Allow,
                principals: None,
                actions: everything(),
                resources: Some(everything()),
                conditions: Vec::new(),
            }]),
        }
    }

    /// The document as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many of the actions and resources that the policy allows are wildcards: `*` alone, or with a star in it.
    ///
    /// A resource `*` beside actions that have no resource of their own is none.
    pub fn wildcard_count(&self) -> usize {
        let has_no_resource = |action: &String| {
            let without = ["kinesis:liststreams", "kinesis:describelimits", "cloudwatch:putmetricdata"];
            without.contains(&action.to_ascii_lowercase().as_str())
        };
        let of = |statement: &Statement| {
            let actions = &statement.actions.patterns;
            let wild_actions = actions.iter().filter(|action| action.contains(['*', '?'])).count();
            let needs_star = !actions.is_empty() && actions.iter().all(has_no_resource);
            let resources = statement.resources.iter().flat_map(|choice| &choice.patterns);
            let wild_resources = resources.filter(|resource| resource.contains('*') && !needs_star).count();
            wild_actions + wild_resources + usize::from(statement.actions.is_negated)
        };
        self.statements.iter().filter(|statement| statement.effect == Effect::Allow).map(of).sum()
    }

    pub(crate) fn allows_everything(&self) -> bool {
        let is_all = |choice: &Choice| !choice.is_negated && choice.patterns.iter().any(|text| text == "*");
        match &*self.statements {
            [one] => {
                one.effect == Effect::Allow
                    && one.conditions.is_empty()
                    && is_all(&one.actions)
                    && one.resources.as_ref().is_some_and(is_all)
            }
            _ => false,
        }
    }

    /// Whether a statement of this effect applies.
    pub(crate) fn says(&self, effect: Effect, query: Query<'_>) -> bool {
        self.statements.iter().any(|statement| statement.effect == effect && statement.applies(query))
    }

    /// How the policy of a resource names the caller in statements of this effect that apply, most directly.
    pub(crate) fn names(&self, effect: Effect, query: Query<'_>) -> Option<Naming> {
        let applying =
            self.statements.iter().filter(|statement| statement.effect == effect && statement.applies(query));
        applying
            .flat_map(|statement| statement.principals.iter().flatten())
            .filter_map(|principal| principal.naming(query.caller))
            .max()
    }
}

impl Statement {
    fn applies(&self, query: Query<'_>) -> bool {
        let is_named = self.principals.as_ref().is_none_or(|principals| {
            principals.iter().any(|principal| principal.naming(query.caller).is_some())
        });
        is_named
            && self.actions.admits(|pattern| {
                matches_text(&pattern.to_ascii_lowercase(), &query.action.to_ascii_lowercase())
            })
            && self
                .resources
                .as_ref()
                .is_none_or(|resources| resources.admits(|pattern| matches_resource(pattern, query.resource)))
            && self.conditions.iter().all(|condition| condition.holds(query.context))
    }
}

/// An action without a resource is allowed on everything alone. Documented for ListStreams and DescribeLimits.
fn matches_resource(pattern: &str, resource: &str) -> bool {
    pattern == "*" || (resource != "*" && matches_arn(pattern, resource))
}

impl Choice {
    fn admits(&self, matches: impl Fn(&str) -> bool) -> bool {
        self.patterns.iter().any(|pattern| matches(pattern)) != self.is_negated
    }
}

impl Principal {
    fn naming(&self, caller: &Caller) -> Option<Naming> {
        match self {
            Principal::Account(account) => (*account == caller.account).then_some(Naming::ByAccount),
            Principal::Arn(arn) => {
                (*arn == caller.principal || *arn == caller.identity()).then_some(Naming::Directly)
            }
            Principal::Other => None,
        }
    }
}

#[cfg(test)]
mod tests;
