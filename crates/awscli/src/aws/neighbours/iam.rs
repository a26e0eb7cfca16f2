//! `aws iam`: inline policies of users and roles, and what they would allow.
//!
//! Documented: IAM API Reference for the members. Simpler than the real thing: a user or role begins with its first
//! policy and is gone with its last one, so that nothing has to be created before; there are no managed policies, groups,
//! access keys or trust policies. Assumed: the sentences of `NoSuchEntity`.

use awsjson::Kind;
use serde_json::{Value, json};
use sim::{CallerSpec, Command, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, nothing, of, refused, required,
    text,
};

const ROLE: awsjson::Member = required(text("RoleName"));
const USER: awsjson::Member = required(text("UserName"));
const POLICY: awsjson::Member = required(text("PolicyName"));
const DOCUMENT: awsjson::Member = required(text("PolicyDocument"));

macro_rules! command {
    ($name:literal, $operation:literal, [$($member:expr),*], $does:expr, $help:literal, $example:literal) => {
        ServiceCommand {
            name: $name,
            operation: $operation,
            members: &[$($member),*],
            help: $help,
            example: $example,
            resource: principal_arn,
            does: $does,
        }
    };
}

pub(super) const IAM: Service = Service {
    name: "iam",
    help: "AWS Identity and Access Management: who may do what",
    commands: &[
        command!(
            "put-role-policy",
            "PutRolePolicy",
            [ROLE, POLICY, DOCUMENT],
            Does::Changes(put, nothing),
            "Gives a role an inline policy; the role begins with its first one.",
            "aws iam put-role-policy --role-name writer --policy-name write --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kinesis:PutRecord\",\"Resource\":\"*\"}]}'"
        ),
        command!(
            "get-role-policy",
            "GetRolePolicy",
            [ROLE, POLICY],
            Does::Looks(get),
            "Shows an inline policy of a role.",
            "aws iam get-role-policy --role-name writer --policy-name write"
        ),
        command!(
            "list-role-policies",
            "ListRolePolicies",
            [ROLE],
            Does::Looks(list),
            "Lists the inline policies of a role.",
            "aws iam list-role-policies --role-name writer"
        ),
        command!(
            "delete-role-policy",
            "DeleteRolePolicy",
            [ROLE, POLICY],
            Does::Changes(delete, nothing),
            "Takes an inline policy of a role away.",
            "aws iam delete-role-policy --role-name writer --policy-name write"
        ),
        command!(
            "put-user-policy",
            "PutUserPolicy",
            [USER, POLICY, DOCUMENT],
            Does::Changes(put, nothing),
            "Gives a user an inline policy; then --profile NAME calls as that user.",
            "aws iam put-user-policy --user-name ana --policy-name write --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kinesis:PutRecord\",\"Resource\":\"*\"}]}'"
        ),
        command!(
            "get-user-policy",
            "GetUserPolicy",
            [USER, POLICY],
            Does::Looks(get),
            "Shows an inline policy of a user.",
            "aws iam get-user-policy --user-name ana --policy-name write"
        ),
        command!(
            "list-user-policies",
            "ListUserPolicies",
            [USER],
            Does::Looks(list),
            "Lists the inline policies of a user.",
            "aws iam list-user-policies --user-name ana"
        ),
        command!(
            "delete-user-policy",
            "DeleteUserPolicy",
            [USER, POLICY],
            Does::Changes(delete, nothing),
            "Takes an inline policy of a user away.",
            "aws iam delete-user-policy --user-name ana --policy-name write"
        ),
        ServiceCommand {
            name: "list-roles",
            operation: "ListRoles",
            members: &[],
            help: "Lists the roles.",
            example: "aws iam list-roles",
            resource: any_resource,
            does: Does::Looks(list_roles),
        },
        ServiceCommand {
            name: "list-users",
            operation: "ListUsers",
            members: &[],
            help: "Lists the users.",
            example: "aws iam list-users",
            resource: any_resource,
            does: Does::Looks(list_users),
        },
        ServiceCommand {
            name: "simulate-principal-policy",
            operation: "SimulatePrincipalPolicy",
            members: &[
                required(text("PolicySourceArn")),
                required(of(Kind::StringList, text("ActionNames"))),
                of(Kind::StringList, text("ResourceArns")),
            ],
            help: "Says whether a user or role would be allowed to do something.",
            example: "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/writer --action-names kinesis:PutRecord kinesis:DeleteStream",
            resource: any_resource,
            does: Does::Looks(simulate),
        },
    ],
    others: &[
        "attach-role-policy",
        "attach-user-policy",
        "create-policy",
        "create-role",
        "create-user",
        "delete-role",
        "delete-user",
        "get-policy",
        "get-role",
        "get-user",
        "list-attached-role-policies",
        "list-policies",
        "simulate-custom-policy",
    ],
};

/// The ARN of the user or role that is named.
fn principal_arn(world: &World, given: &Given) -> String {
    let account = world.service().account();
    match given.text("RoleName") {
        "" => format!("arn:aws:iam::{account}:user/{}", given.text("UserName")),
        role => format!("arn:aws:iam::{account}:role/{role}"),
    }
}

fn put(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let document = given.text("PolicyDocument").to_owned();
    if let Err(error) = kinesis::Policy::of_identity(&document) {
        return refused("MalformedPolicyDocument", error.to_string());
    }
    let name = given.text("PolicyName").to_owned();
    Ok(Command::SetPolicy { principal: principal_arn(world, given), name, document: Some(document) })
}

fn delete(world: &World, given: &Given) -> Result<Command, ServiceError> {
    policy(world, given)?;
    let name = given.text("PolicyName").to_owned();
    Ok(Command::SetPolicy { principal: principal_arn(world, given), name, document: None })
}

/// What kind of principal is named, and its name.
fn named(given: &Given) -> (&'static str, &str) {
    match given.text("RoleName") {
        "" => ("user", given.text("UserName")),
        role => ("role", role),
    }
}

fn policies(world: &World, given: &Given) -> Result<Vec<(String, String)>, ServiceError> {
    let arn = principal_arn(world, given);
    let (kind, name) = named(given);
    if !world.knows_identity(&arn) {
        return refused("NoSuchEntity", format!("The {kind} with name {name} cannot be found."));
    }
    let own = world.identity_policies().filter(|(principal, _, _)| *principal == arn);
    Ok(own.map(|(_, name, policy)| (name.to_owned(), policy.text().to_owned())).collect())
}

fn policy(world: &World, given: &Given) -> Result<String, ServiceError> {
    let name = given.text("PolicyName");
    match policies(world, given)?.into_iter().find(|(own, _)| own == name) {
        Some((_, document)) => Ok(document),
        None => {
            let kind = named(given).0;
            refused("NoSuchEntity", format!("The {kind} policy with name {name} cannot be found."))
        }
    }
}

fn get(world: &World, given: &Given) -> Answer {
    let document = policy(world, given)?;
    let document: Value = serde_json::from_str(&document).unwrap_or(Value::String(document));
    let (kind, principal) = named(given);
    let member = if kind == "role" { "RoleName" } else { "UserName" };
    Ok(json!({ member: principal, "PolicyName": given.text("PolicyName"), "PolicyDocument": document }))
}

fn list(world: &World, given: &Given) -> Answer {
    let names: Vec<String> = policies(world, given)?.into_iter().map(|(name, _)| name).collect();
    Ok(json!({ "PolicyNames": names }))
}

/// Names of those principals of the account that have policies.
fn principals(world: &World, kind: &str) -> Vec<(String, String)> {
    let mark = format!(":{kind}/");
    let mut found: Vec<(String, String)> = Vec::new();
    for (arn, _, _) in world.identity_policies() {
        if let Some((_, name)) = arn.split_once(&mark)
            && found.last().is_none_or(|(_, last)| last != arn)
        {
            found.push((name.to_owned(), arn.to_owned()));
        }
    }
    found
}

fn list_roles(world: &World, _: &Given) -> Answer {
    let roles = principals(world, "role").into_iter();
    let roles: Vec<Value> =
        roles.map(|(name, arn)| json!({ "Path": "/", "RoleName": name, "Arn": arn })).collect();
    Ok(json!({ "Roles": roles }))
}

fn list_users(world: &World, _: &Given) -> Answer {
    let users = principals(world, "user").into_iter();
    let users: Vec<Value> =
        users.map(|(name, arn)| json!({ "Path": "/", "UserName": name, "Arn": arn })).collect();
    Ok(json!({ "Users": users }))
}

/// Documented: the decision is `allowed`, `explicitDeny` or `implicitDeny`; by default on all resources.
fn simulate(world: &World, given: &Given) -> Answer {
    let arn = given.text("PolicySourceArn");
    if !world.knows_identity(arn) {
        return refused("NoSuchEntity", format!("The ARN {arn} cannot be found."));
    }
    let caller = CallerSpec { principal: Some(arn.to_owned()), is_through_endpoint: false };
    let mut resources = given.texts("ResourceArns");
    if resources.is_empty() {
        resources.push("*");
    }
    let mut results = Vec::new();
    for action in given.texts("ActionNames") {
        for resource in &resources {
            let decision = match world.check_right(&caller, action, resource) {
                Ok(()) => "allowed",
                Err(error) if error.message().contains("explicit deny") => "explicitDeny",
                Err(_) => "implicitDeny",
            };
            results.push(json!({
                "EvalActionName": action,
                "EvalResourceName": resource,
                "EvalDecision": decision,
            }));
        }
    }
    Ok(json!({ "EvaluationResults": results }))
}
