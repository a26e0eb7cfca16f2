//! Whether a caller may do what is asked: one pure step over identity policies and the resource's policy.
//!
//! Documented: IAM's policy evaluation. An explicit deny wins; within an account one allow is enough, where a
//! resource's policy that names the account leaves it to the identity policies; across accounts both must allow.
//! The policy of the VPC endpoint that a call passes must allow too.
//! Not simulated: permission boundaries, session policies, policies of organizations.

use crate::policy::{Effect, Naming, Policy, Query};

/// Why a caller is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Denial {
    /// A statement says Deny.
    Explicit(PolicyKind),
    /// No statement says Allow.
    Implicit(PolicyKind),
}

/// Where a policy hangs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum PolicyKind {
    Identity,
    Resource,
    Endpoint,
}

/// Decides for a resource of the account `owner` that has this policy, or none.
///
/// Observed (published tests of another service's messages): where an identity policy and the resource's deny, the
/// message names the identity's; across accounts a missing allow is laid to the resource's policy unless that names
/// the caller directly.
pub(crate) fn authorize(
    query: Query<'_>,
    owner: &str,
    resource_policy: Option<&Policy>,
) -> Result<(), Denial> {
    let identity_says = |effect| query.caller.policies.iter().any(|policy| policy.says(effect, query));
    if identity_says(Effect::Deny) {
        return Err(Denial::Explicit(PolicyKind::Identity));
    }
    if resource_policy.is_some_and(|policy| policy.says(Effect::Deny, query)) {
        return Err(Denial::Explicit(PolicyKind::Resource));
    }
    if let Some(policy) = &query.caller.endpoint_policy {
        if policy.says(Effect::Deny, query) {
            return Err(Denial::Explicit(PolicyKind::Endpoint));
        }
        if !policy.says(Effect::Allow, query) {
            return Err(Denial::Implicit(PolicyKind::Endpoint));
        }
    }
    let identity_allows = query.caller.is_root() || identity_says(Effect::Allow);
    let named = resource_policy.and_then(|policy| policy.names(Effect::Allow, query));
    let is_allowed = match query.caller.account == owner {
        true => identity_allows || named == Some(Naming::Directly),
        false => identity_allows && named.is_some(),
    };
    match is_allowed {
        true => Ok(()),
        false if query.caller.account == owner || named == Some(Naming::Directly) => {
            Err(Denial::Implicit(PolicyKind::Identity))
        }
        false => Err(Denial::Implicit(PolicyKind::Resource)),
    }
}

/// Decides on the use of a KMS key that has a policy of its own.
///
/// Documented: unlike elsewhere, identity policies count for nothing unless the key's policy lets the account decide.
pub(crate) fn authorize_key(query: Query<'_>, key_policy: &Policy) -> Result<(), Denial> {
    let identity_says = |effect| query.caller.policies.iter().any(|policy| policy.says(effect, query));
    if identity_says(Effect::Deny) {
        return Err(Denial::Explicit(PolicyKind::Identity));
    }
    if key_policy.says(Effect::Deny, query) {
        return Err(Denial::Explicit(PolicyKind::Resource));
    }
    match key_policy.names(Effect::Allow, query) {
        Some(Naming::Directly) => Ok(()),
        Some(Naming::ByAccount) if query.caller.is_root() || identity_says(Effect::Allow) => Ok(()),
        Some(Naming::ByAccount) => Err(Denial::Implicit(PolicyKind::Identity)),
        None => Err(Denial::Implicit(PolicyKind::Resource)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::Caller;
    use crate::policy::Context;

    const OWNER: &str = "111111111111";
    const ARN: &str = "arn:aws:kinesis:us-east-1:111111111111:stream/orders";

    fn caller(account: &str, identity: &[&str]) -> Caller {
        let policies = identity.iter().map(|effect| {
            let text =
                format!(r#"{{"Statement":{{"Effect":"{effect}","Action":"kinesis:Put*","Resource":"*"}}}}"#);
            Policy::of_identity(&text).unwrap()
        });
        Caller::new(&format!("arn:aws:iam::{account}:user/ana"), policies.collect::<Arc<[Policy]>>())
    }

    fn resource(effect: &str, principal: &str) -> Policy {
        Policy::of_resource(&format!(
            r#"{{"Statement":{{"Effect":"{effect}","Principal":{{"AWS":"{principal}"}},
            "Action":"kinesis:PutRecord","Resource":"{ARN}"}}}}"#
        ))
        .unwrap()
    }

    fn decide(caller: &Caller, policy: Option<&Policy>) -> Result<(), Denial> {
        let context = Context::default();
        let query = Query { caller, action: "kinesis:PutRecord", resource: ARN, context: &context };
        authorize(query, OWNER, policy)
    }

    const IDENTITY: PolicyKind = PolicyKind::Identity;
    const RESOURCE: PolicyKind = PolicyKind::Resource;

    /// As the IAM user guide's tables have it.
    #[test]
    fn within_an_account_one_allow_is_enough_and_one_deny_too() {
        let user = "arn:aws:iam::111111111111:user/ana";
        for (identity, policy, decision) in [
            (&[][..], None, Err(Denial::Implicit(IDENTITY))),
            (&["Allow"], None, Ok(())),
            (&["Allow", "Deny"], None, Err(Denial::Explicit(IDENTITY))),
            (&[], Some(("Allow", user)), Ok(())),
            (&[], Some(("Allow", OWNER)), Err(Denial::Implicit(IDENTITY))),
            (&["Allow"], Some(("Deny", user)), Err(Denial::Explicit(RESOURCE))),
            (&["Allow"], Some(("Deny", OWNER)), Err(Denial::Explicit(RESOURCE))),
            (&["Deny"], Some(("Allow", user)), Err(Denial::Explicit(IDENTITY))),
            (&["Deny"], Some(("Deny", user)), Err(Denial::Explicit(IDENTITY))),
            (&[], Some(("Allow", "arn:aws:iam::111111111111:user/bo")), Err(Denial::Implicit(IDENTITY))),
        ] {
            let policy = policy.map(|(effect, principal)| resource(effect, principal));
            assert_eq!(
                decide(&caller(OWNER, identity), policy.as_ref()),
                decision,
                "{identity:?} {policy:?}"
            );
        }
    }

    /// The eight rows of the published test of messages across accounts.
    #[test]
    fn across_accounts_both_sides_must_allow() {
        let (user, account) = ("arn:aws:iam::222222222222:user/ana", "222222222222");
        for (identity, policy, decision) in [
            (&["Allow"][..], Some(("Allow", user)), Ok(())),
            (&["Allow"], Some(("Allow", account)), Ok(())),
            (&[], Some(("Allow", account)), Err(Denial::Implicit(RESOURCE))),
            (&[], Some(("Allow", user)), Err(Denial::Implicit(IDENTITY))),
            (&["Allow"], None, Err(Denial::Implicit(RESOURCE))),
            (&[], None, Err(Denial::Implicit(RESOURCE))),
            (&["Deny"], Some(("Allow", user)), Err(Denial::Explicit(IDENTITY))),
            (&["Allow"], Some(("Deny", user)), Err(Denial::Explicit(RESOURCE))),
            (&["Deny"], Some(("Deny", user)), Err(Denial::Explicit(IDENTITY))),
        ] {
            let policy = policy.map(|(effect, principal)| resource(effect, principal));
            assert_eq!(
                decide(&caller(account, identity), policy.as_ref()),
                decision,
                "{identity:?} {policy:?}"
            );
        }
    }

    #[test]
    fn a_session_of_a_role_is_named_by_the_role() {
        let session = "arn:aws:sts::111111111111:assumed-role/reader/i-0123";
        let caller = Caller::new(session, Arc::new([]));
        for principal in [session, "arn:aws:iam::111111111111:role/reader"] {
            assert_eq!(decide(&caller, Some(&resource("Allow", principal))), Ok(()), "{principal}");
        }
        let other = resource("Allow", "arn:aws:iam::111111111111:role/writer");
        assert_eq!(decide(&caller, Some(&other)), Err(Denial::Implicit(IDENTITY)));
    }

    #[test]
    fn the_root_of_the_account_needs_no_policy_and_can_be_denied() {
        let root = Caller::new("arn:aws:iam::111111111111:root", Arc::new([]));
        assert_eq!(decide(&root, None), Ok(()));
        assert_eq!(decide(&root, Some(&resource("Deny", OWNER))), Err(Denial::Explicit(RESOURCE)));
    }
}
