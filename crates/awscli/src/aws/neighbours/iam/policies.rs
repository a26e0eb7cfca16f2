//! What a user or role may do: its own policies, and those that AWS manages.

use serde_json::{Value, json};
use sim::{Command, World, managed_policy};

use super::super::{Answer, Given, ServiceError, refused};
use super::principals::{known_arn, named, principal_arn};

/// Whether the policy of that name is attached, not written into the user or role: it is kept under its ARN.
fn is_attached(name: &str) -> bool {
    name.starts_with("arn:")
}

pub(super) fn put(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let principal = known_arn(world, given)?;
    let (name, document) = (given.text("PolicyName").to_owned(), given.text("PolicyDocument").to_owned());
    // Documented: PutRolePolicy: the characters of a name; a colon is none of them, so that no name is an ARN.
    if !name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b)) {
        let message = "The specified value for policyName is invalid. It must contain only alphanumeric characters \
                       and/or the following: +=,.@_-";
        return refused("ValidationError", message);
    }
    if let Err(error) = kinesis::Policy::of_identity(&document) {
        return refused("MalformedPolicyDocument", error.to_string());
    }
    Ok(Command::SetPolicy { principal, name, document: Some(document) })
}

pub(super) fn delete(world: &World, given: &Given) -> Result<Command, ServiceError> {
    policy(world, given)?;
    let name = given.text("PolicyName").to_owned();
    Ok(Command::SetPolicy { principal: principal_arn(world, given), name, document: None })
}

pub(super) fn attach(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let (principal, name) = (known_arn(world, given)?, given.text("PolicyArn").to_owned());
    let Some(document) = managed_policy(&name) else {
        let message = format!("Policy {name} does not exist or is not attachable.");
        return refused("NoSuchEntity", message);
    };
    Ok(Command::SetPolicy { principal, name, document: Some(document.to_owned()) })
}

pub(super) fn detach(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let (principal, name) = (known_arn(world, given)?, given.text("PolicyArn").to_owned());
    if !policies(world, given)?.iter().any(|(own, _)| *own == name) {
        return refused("NoSuchEntity", format!("Policy {name} was not found."));
    }
    Ok(Command::SetPolicy { principal, name, document: None })
}

pub(super) fn list_attached(world: &World, given: &Given) -> Answer {
    let names = policies(world, given)?.into_iter().map(|(name, _)| name).filter(|name| is_attached(name));
    let attached: Vec<Value> = names
        .map(|arn| json!({ "PolicyName": arn.rsplit('/').next().unwrap_or_default(), "PolicyArn": arn }))
        .collect();
    Ok(json!({ "AttachedPolicies": attached }))
}

fn policies(world: &World, given: &Given) -> Result<Vec<(String, String)>, ServiceError> {
    let arn = known_arn(world, given)?;
    let own = world.identity_policies().filter(|(principal, _, _)| *principal == arn);
    Ok(own.map(|(_, name, policy)| (name.to_owned(), policy.text().to_owned())).collect())
}

fn policy(world: &World, given: &Given) -> Result<String, ServiceError> {
    let name = given.text("PolicyName");
    match policies(world, given)?.into_iter().find(|(own, _)| own == name && !is_attached(own)) {
        Some((_, document)) => Ok(document),
        None => {
            let kind = named(given).0;
            refused("NoSuchEntity", format!("The {kind} policy with name {name} cannot be found."))
        }
    }
}

pub(super) fn get(world: &World, given: &Given) -> Answer {
    let document = policy(world, given)?;
    let document: Value = serde_json::from_str(&document).unwrap_or(Value::String(document));
    let (kind, principal) = named(given);
    let member = if kind == "role" { "RoleName" } else { "UserName" };
    Ok(json!({ member: principal, "PolicyName": given.text("PolicyName"), "PolicyDocument": document }))
}

pub(super) fn list(world: &World, given: &Given) -> Answer {
    let own = policies(world, given)?.into_iter().map(|(name, _)| name).filter(|name| !is_attached(name));
    Ok(json!({ "PolicyNames": own.collect::<Vec<String>>() }))
}
