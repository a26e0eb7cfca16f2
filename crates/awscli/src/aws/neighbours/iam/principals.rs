//! Users and roles themselves.

use serde_json::{Map, Value, json};
use sim::{AccountCommand, Command, MadeIdentity, World};

use super::super::{Answer, Given, ServiceError, refused};

/// The ARN of the user or role that is named.
pub(super) fn principal_arn(world: &World, given: &Given) -> String {
    let account = world.service().account();
    let (kind, name) = named(given);
    format!("arn:aws:iam::{account}:{kind}/{name}")
}

/// What kind of principal is named, and its name.
pub(super) fn named(given: &Given) -> (&'static str, &str) {
    match given.text("RoleName") {
        "" => ("user", given.text("UserName")),
        role => ("role", role),
    }
}

/// The ARN of the user or role that is named, where there is one.
pub(super) fn known_arn(world: &World, given: &Given) -> Result<String, ServiceError> {
    let arn = principal_arn(world, given);
    match world.identities().any(|(own, _)| own == arn) {
        true => Ok(arn),
        false => {
            let (kind, name) = named(given);
            refused("NoSuchEntity", format!("The {kind} with name {name} cannot be found."))
        }
    }
}

pub(super) fn create(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let trust = given.text("AssumeRolePolicyDocument");
    let trust = (!trust.is_empty()).then(|| trust.to_owned());
    let principal = principal_arn(world, given);
    Ok(Command::Account(AccountCommand::CreateIdentity { principal, trust }))
}

pub(super) fn created(world: &World, given: &Given) -> Answer {
    get_principal(world, given)
}

pub(super) fn delete_principal(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let principal = known_arn(world, given)?;
    Ok(Command::Account(AccountCommand::DeleteIdentity { principal }))
}

pub(super) fn get_principal(world: &World, given: &Given) -> Answer {
    let arn = known_arn(world, given)?;
    let made = world.identities().find(|(own, _)| *own == arn).and_then(|(_, made)| made);
    let kind = if named(given).0 == "role" { "Role" } else { "User" };
    Ok(json!({ kind: described(kind, &arn, made) }))
}

/// Observed: botocore's model of IAM, for the order. When a user or role began that nobody made is not known.
fn described(kind: &str, arn: &str, made: Option<&MadeIdentity>) -> Value {
    let mut members = Map::new();
    let mut set = |name: String, value: Value| drop(members.insert(name, value));
    set("Path".to_owned(), Value::from("/"));
    set(format!("{kind}Name"), Value::from(arn.rsplit('/').next().unwrap_or_default()));
    set(format!("{kind}Id"), Value::from(id(if kind == "Role" { "AROA" } else { "AIDA" }, arn)));
    set("Arn".to_owned(), Value::from(arn));
    if let Some(made) = made {
        set("CreateDate".to_owned(), Value::from(made.created.seconds()));
        if let Some(trust) = &made.trust {
            let document = serde_json::from_str(trust).unwrap_or_else(|_| Value::from(trust.as_str()));
            set("AssumeRolePolicyDocument".to_owned(), document);
        }
    }
    Value::Object(members)
}

/// Documented: IAM identifiers, unique IDs: a prefix by kind, then letters and digits. Assumed: 17 of them, here made of
/// the ARN, so that a role that is deleted and made again has its old one, which a real one has not.
fn id(prefix: &str, arn: &str) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut state = arn.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut text = prefix.to_owned();
    for _ in 0..17 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        text.push(char::from(LETTERS[(state >> 59) as usize]));
    }
    text
}

fn all(world: &World, kind: &str) -> Vec<Value> {
    let mark = format!(":{}/", kind.to_lowercase());
    let own = world.identities().filter(|(arn, _)| arn.contains(&mark));
    own.map(|(arn, made)| described(kind, arn, made)).collect()
}

pub(super) fn list_roles(world: &World, _: &Given) -> Answer {
    Ok(json!({ "Roles": all(world, "Role") }))
}

pub(super) fn list_users(world: &World, _: &Given) -> Answer {
    Ok(json!({ "Users": all(world, "User") }))
}
