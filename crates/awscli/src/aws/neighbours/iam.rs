//! `aws iam`: users and roles, their policies, and what they would allow.
//!
//! Documented: IAM API Reference for the members. Simpler than the real thing: of the policies that AWS manages a few
//! can be attached, customers' own cannot be made; who may assume a role is kept and not looked at; no groups, paths,
//! boundaries or access keys. Assumed: the sentences of `NoSuchEntity`.

mod policies;
mod principals;

use awsjson::Kind;
use serde_json::json;
use sim::{CallerSpec, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, any_resource, not_simulated, nothing, of, refused,
    required, text,
};
use policies::{attach, delete, detach, get, list, list_attached, put};
use principals::{create, created, delete_principal, get_principal, list_roles, list_users, principal_arn};

const ROLE: awsjson::Member = required(text("RoleName"));
const USER: awsjson::Member = required(text("UserName"));
const POLICY: awsjson::Member = required(text("PolicyName"));
const DOCUMENT: awsjson::Member = required(text("PolicyDocument"));
const POLICY_ARN: awsjson::Member = required(text("PolicyArn"));

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
            "create-role",
            "CreateRole",
            [
                ROLE,
                required(text("AssumeRolePolicyDocument")),
                not_simulated(text("Path")),
                not_simulated(text("Description")),
                not_simulated(of(Kind::Integer, text("MaxSessionDuration"))),
                not_simulated(text("PermissionsBoundary"))
            ],
            Does::Changes(create, created),
            "Makes a role; who may assume it is kept, not looked at.",
            "aws iam create-role --role-name writer --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'"
        ),
        command!(
            "get-role",
            "GetRole",
            [ROLE],
            Does::Looks(get_principal),
            "Shows a role.",
            "aws iam get-role --role-name writer"
        ),
        command!(
            "delete-role",
            "DeleteRole",
            [ROLE],
            Does::Changes(delete_principal, nothing),
            "Deletes a role that has no policies any more.",
            "aws iam delete-role --role-name writer"
        ),
        command!(
            "attach-role-policy",
            "AttachRolePolicy",
            [ROLE, POLICY_ARN],
            Does::Changes(attach, nothing),
            "Gives a role a policy that AWS manages.",
            "aws iam attach-role-policy --role-name writer --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
        ),
        command!(
            "detach-role-policy",
            "DetachRolePolicy",
            [ROLE, POLICY_ARN],
            Does::Changes(detach, nothing),
            "Takes a policy that AWS manages away.",
            "aws iam detach-role-policy --role-name writer --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
        ),
        command!(
            "list-attached-role-policies",
            "ListAttachedRolePolicies",
            [ROLE],
            Does::Looks(list_attached),
            "Lists the policies of a role that AWS manages.",
            "aws iam list-attached-role-policies --role-name writer"
        ),
        command!(
            "create-user",
            "CreateUser",
            [not_simulated(text("Path")), USER, not_simulated(text("PermissionsBoundary"))],
            Does::Changes(create, created),
            "Makes a user; then --profile NAME calls as that user.",
            "aws iam create-user --user-name ana"
        ),
        command!(
            "get-user",
            "GetUser",
            [USER],
            Does::Looks(get_principal),
            "Shows a user.",
            "aws iam get-user --user-name ana"
        ),
        command!(
            "delete-user",
            "DeleteUser",
            [USER],
            Does::Changes(delete_principal, nothing),
            "Deletes a user that has no policies any more.",
            "aws iam delete-user --user-name ana"
        ),
        command!(
            "attach-user-policy",
            "AttachUserPolicy",
            [USER, POLICY_ARN],
            Does::Changes(attach, nothing),
            "Gives a user a policy that AWS manages.",
            "aws iam attach-user-policy --user-name ana --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
        ),
        command!(
            "detach-user-policy",
            "DetachUserPolicy",
            [USER, POLICY_ARN],
            Does::Changes(detach, nothing),
            "Takes a policy that AWS manages away.",
            "aws iam detach-user-policy --user-name ana --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess"
        ),
        command!(
            "list-attached-user-policies",
            "ListAttachedUserPolicies",
            [USER],
            Does::Looks(list_attached),
            "Lists the policies of a user that AWS manages.",
            "aws iam list-attached-user-policies --user-name ana"
        ),
        command!(
            "put-role-policy",
            "PutRolePolicy",
            [ROLE, POLICY, DOCUMENT],
            Does::Changes(put, nothing),
            "Gives a role an inline policy.",
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
};

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
