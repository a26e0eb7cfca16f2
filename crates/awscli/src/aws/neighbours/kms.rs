//! `aws kms`: whether a key can be used.
//!
//! Documented: AWS KMS API Reference for the members and the states. Assumed, as everywhere here: a key that nobody set
//! anything of exists and is enabled. Simpler than the real thing: no key material, no rotation, key policies are not
//! kept, and what is scheduled for deletion is never deleted.

use kinesis::KeyState;
use serde_json::{Value, json};
use sim::{Command, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, nothing, of, refused, required,
    text,
};

const KEY: awsjson::Member = required(text("KeyId"));

const fn change(
    name: &'static str,
    operation: &'static str,
    help: &'static str,
    example: &'static str,
    does: Does,
) -> ServiceCommand {
    ServiceCommand { name, operation, members: &[KEY], help, example, resource: key_arn, does }
}

pub(super) const KMS: Service = Service {
    name: "kms",
    help: "AWS Key Management Service: keys for encryption at rest",
    commands: &[
        change(
            "describe-key",
            "DescribeKey",
            "Shows a key and whether it can be used.",
            "aws kms describe-key --key-id alias/orders",
            Does::Looks(describe_key),
        ),
        ServiceCommand {
            name: "list-keys",
            operation: "ListKeys",
            members: &[],
            help: "Lists the keys whose state was set here.",
            example: "aws kms list-keys",
            resource: any_resource,
            does: Does::Looks(list_keys),
        },
        change(
            "disable-key",
            "DisableKey",
            "Lets nobody use a key any more, until it is enabled.",
            "aws kms disable-key --key-id alias/orders",
            Does::Changes(disable, nothing),
        ),
        change(
            "enable-key",
            "EnableKey",
            "Lets a disabled key be used again.",
            "aws kms enable-key --key-id alias/orders",
            Does::Changes(enable, nothing),
        ),
        ServiceCommand {
            name: "schedule-key-deletion",
            operation: "ScheduleKeyDeletion",
            members: &[KEY, of(awsjson::Kind::Integer, text("PendingWindowInDays"))],
            help: "Lets a key wait for its deletion: nobody can use it.",
            example: "aws kms schedule-key-deletion --key-id alias/orders --pending-window-in-days 7",
            resource: key_arn,
            does: Does::Changes(schedule, scheduled),
        },
        change(
            "cancel-key-deletion",
            "CancelKeyDeletion",
            "Takes a scheduled deletion back; the key is disabled then.",
            "aws kms cancel-key-deletion --key-id alias/orders",
            Does::Changes(cancel, cancelled),
        ),
    ],
};

/// Without what an ARN has before it.
fn id(given: &Given) -> &str {
    let key = given.text("KeyId");
    let resource = key.splitn(6, ':').nth(5).filter(|_| key.starts_with("arn:")).unwrap_or(key);
    resource.strip_prefix("key/").unwrap_or(resource)
}

fn arn(world: &World, id: &str) -> String {
    let place = if id.starts_with("alias/") { id.to_owned() } else { format!("key/{id}") };
    format!("arn:aws:kms:{}:{}:{place}", world.service().region(), world.service().account())
}

fn key_arn(world: &World, given: &Given) -> String {
    arn(world, id(given))
}

/// Documented: `NotFoundException` names the key.
fn state(world: &World, given: &Given) -> Result<KeyState, ServiceError> {
    match world.key_state(id(given)) {
        KeyState::NotFound => refused("NotFoundException", not_found(world, id(given))),
        state => Ok(state),
    }
}

fn not_found(world: &World, id: &str) -> String {
    let what = if id.starts_with("alias/") { "Alias" } else { "Key" };
    format!("{what} '{}' does not exist", arn(world, id))
}

fn state_name(state: KeyState) -> &'static str {
    match state {
        KeyState::Enabled | KeyState::NotFound | KeyState::OptInRequired | KeyState::Throttling => "Enabled",
        KeyState::Disabled => "Disabled",
        KeyState::PendingDeletion => "PendingDeletion",
    }
}

fn describe_key(world: &World, given: &Given) -> Answer {
    let state = state(world, given)?;
    let is_managed = id(given) == "alias/aws/kinesis";
    Ok(json!({ "KeyMetadata": {
        "AWSAccountId": world.service().account(),
        "KeyId": id(given),
        "Arn": key_arn(world, given),
        "Enabled": state_name(state) == "Enabled",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": state_name(state),
        "Origin": "AWS_KMS",
        "KeyManager": if is_managed { "AWS" } else { "CUSTOMER" },
    }}))
}

fn list_keys(world: &World, _: &Given) -> Answer {
    let keys: Vec<Value> = world
        .key_states()
        .filter(|(key, state)| !key.starts_with("alias/") && *state != KeyState::NotFound)
        .map(|(key, _)| json!({ "KeyId": key, "KeyArn": arn(world, key) }))
        .collect();
    Ok(json!({ "Keys": keys }))
}

fn set(world: &World, given: &Given, to: KeyState) -> Result<Command, ServiceError> {
    let before = state(world, given)?;
    let is_managed = id(given) == "alias/aws/kinesis";
    if is_managed {
        // Documented: AWS managed keys cannot be changed.
        let who = world.service().account();
        return refused(
            "AccessDeniedException",
            format!("The key that AWS manages for {who} cannot be changed"),
        );
    }
    let is_wanted = match to {
        KeyState::PendingDeletion => before != KeyState::PendingDeletion,
        KeyState::Disabled | KeyState::Enabled => before != KeyState::PendingDeletion,
        KeyState::NotFound | KeyState::OptInRequired | KeyState::Throttling => true,
    };
    if !is_wanted {
        return refused(
            "KMSInvalidStateException",
            format!("{} is pending deletion.", key_arn(world, given)),
        );
    }
    Ok(Command::SetKeyState { key: id(given).to_owned(), state: to })
}

fn disable(world: &World, given: &Given) -> Result<Command, ServiceError> {
    set(world, given, KeyState::Disabled)
}

fn enable(world: &World, given: &Given) -> Result<Command, ServiceError> {
    set(world, given, KeyState::Enabled)
}

fn schedule(world: &World, given: &Given) -> Result<Command, ServiceError> {
    // Documented: 7 to 30 days.
    if given.number("PendingWindowInDays").is_some_and(|days| !(7..=30).contains(&days)) {
        return refused("ValidationException", "PendingWindowInDays must be between 7 and 30.");
    }
    set(world, given, KeyState::PendingDeletion)
}

fn scheduled(world: &World, given: &Given) -> Answer {
    Ok(json!({
        "KeyId": key_arn(world, given),
        "KeyState": "PendingDeletion",
        "PendingWindowInDays": given.number("PendingWindowInDays").unwrap_or(30),
    }))
}

/// Documented: afterwards the key is disabled.
fn cancel(world: &World, given: &Given) -> Result<Command, ServiceError> {
    match state(world, given)? {
        KeyState::PendingDeletion => {
            Ok(Command::SetKeyState { key: id(given).to_owned(), state: KeyState::Disabled })
        }
        _ => {
            refused("KMSInvalidStateException", format!("{} is not pending deletion.", key_arn(world, given)))
        }
    }
}

fn cancelled(world: &World, given: &Given) -> Answer {
    Ok(json!({ "KeyId": key_arn(world, given) }))
}
