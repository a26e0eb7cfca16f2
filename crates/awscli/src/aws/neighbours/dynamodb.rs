//! `aws dynamodb`: the lease tables of KCL applications.
//!
//! Documented: KCL, `DynamoDBLeaseSerializer.java`, for the attributes of an item; Amazon DynamoDB API Reference for
//! the members of the answers. Simpler than the real thing: no expressions, no indexes, a table has no time of creation,
//! and deleting and changing one takes no time.

use awsjson::Kind;
use serde_json::{Value, json};
use sim::{Command, TableCapacity, World};

use super::{
    Answer, ChangeAndAnswer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, int,
    not_simulated, of, refused, required, text,
};

const TABLE: awsjson::Member = required(text("TableName"));
const THROUGHPUT: &[awsjson::Member] =
    &[required(int("ReadCapacityUnits", 1)), required(int("WriteCapacityUnits", 1))];

pub(super) const DYNAMODB: Service = Service {
    name: "dynamodb",
    help: "Amazon DynamoDB: the tables of KCL applications",
    commands: &[
        ServiceCommand {
            name: "list-tables",
            operation: "ListTables",
            members: &[],
            help: "Lists the tables: each KCL application has one, named like itself, and with KCL 3 two more.",
            example: "aws dynamodb list-tables",
            resource: any_resource,
            does: Does::Looks(list_tables),
        },
        ServiceCommand {
            name: "describe-table",
            operation: "DescribeTable",
            members: &[TABLE],
            help: "Shows a table's key and how many items it has.",
            example: "aws dynamodb describe-table --table-name billing",
            resource: table_arn,
            does: Does::Looks(describe_table),
        },
        ServiceCommand {
            name: "scan",
            operation: "Scan",
            members: &[
                TABLE,
                of(Kind::Integer, text("Limit")),
                of(Kind::Boolean, text("ConsistentRead")),
                not_simulated(text("FilterExpression")),
                not_simulated(text("ProjectionExpression")),
                not_simulated(text("IndexName")),
                not_simulated(text("Select")),
                not_simulated(of(Kind::Document, text("ExpressionAttributeNames"))),
                not_simulated(of(Kind::Document, text("ExpressionAttributeValues"))),
            ],
            help: "Shows all items of a table: one lease for each shard.",
            example: "aws dynamodb scan --table-name billing",
            resource: table_arn,
            does: Does::Looks(scan),
        },
        ServiceCommand {
            name: "get-item",
            operation: "GetItem",
            members: &[
                TABLE,
                required(of(Kind::Document, text("Key"))),
                of(Kind::Boolean, text("ConsistentRead")),
                not_simulated(text("ProjectionExpression")),
            ],
            help: "Shows the lease of one shard.",
            example: "aws dynamodb get-item --table-name billing --key '{\"leaseKey\":{\"S\":\"shardId-000000000000\"}}'",
            resource: table_arn,
            does: Does::Looks(get_item),
        },
        ServiceCommand {
            name: "delete-item",
            operation: "DeleteItem",
            members: &[
                TABLE,
                required(of(Kind::Document, text("Key"))),
                not_simulated(text("ReturnValues")),
                not_simulated(text("ConditionExpression")),
                not_simulated(of(Kind::Document, text("ExpressionAttributeNames"))),
                not_simulated(of(Kind::Document, text("ExpressionAttributeValues"))),
            ],
            help: "Deletes the lease of one shard by hand: no worker holds it any more.",
            example: "aws dynamodb delete-item --table-name billing --key '{\"leaseKey\":{\"S\":\"shardId-000000000000\"}}'",
            resource: table_arn,
            does: Does::AnswersFirst(delete_item),
        },
        ServiceCommand {
            name: "update-table",
            operation: "UpdateTable",
            members: &[
                not_simulated(of(Kind::StructureList(&[]), text("AttributeDefinitions"))),
                TABLE,
                text("BillingMode"),
                of(Kind::Structure(THROUGHPUT), text("ProvisionedThroughput")),
                not_simulated(of(Kind::StructureList(&[]), text("GlobalSecondaryIndexUpdates"))),
                not_simulated(of(Kind::Document, text("StreamSpecification"))),
                not_simulated(of(Kind::Document, text("SSESpecification"))),
            ],
            help: "Gives a table another capacity: a lease table that is too small slows its application down.",
            example: "aws dynamodb update-table --table-name billing --billing-mode PROVISIONED --provisioned-throughput ReadCapacityUnits=1,WriteCapacityUnits=1",
            resource: table_arn,
            does: Does::Changes(update_table, updated_table),
        },
        ServiceCommand {
            name: "delete-table",
            operation: "DeleteTable",
            members: &[TABLE],
            help: "Deletes a lease table: its application forgets how far it has come.",
            example: "aws dynamodb delete-table --table-name billing",
            resource: table_arn,
            does: Does::AnswersFirst(delete_table),
        },
    ],
};

fn table_arn(world: &World, given: &Given) -> String {
    arn(world, given.text("TableName"))
}

fn arn(world: &World, table: &str) -> String {
    format!("arn:aws:dynamodb:{}:{}:table/{table}", world.service().region(), world.service().account())
}

fn list_tables(world: &World, _: &Given) -> Answer {
    Ok(json!({ "TableNames": world.table_names() }))
}

/// Documented: DynamoDB API Reference; the sentences differ between the control plane and the data plane.
fn described(world: &World, given: &Given) -> Answer {
    let name = given.text("TableName");
    match world.table_description(name) {
        Some(table) => Ok(table),
        None => refused(
            "ResourceNotFoundException",
            format!("Requested resource not found: Table: {name} not found"),
        ),
    }
}

fn describe_table(world: &World, given: &Given) -> Answer {
    Ok(json!({ "Table": described(world, given)? }))
}

fn updated_table(world: &World, given: &Given) -> Answer {
    Ok(json!({ "TableDescription": described(world, given)? }))
}

/// Documented: UpdateTable: `ProvisionedThroughput` goes with `PROVISIONED` alone. Assumed: the sentences.
fn update_table(world: &World, given: &Given) -> Result<Command, ServiceError> {
    described(world, given)?;
    let units = given.0.get("ProvisionedThroughput").map(|units| {
        let number = |name: &str| units.get(name).and_then(Value::as_i64).unwrap_or_default();
        let number = |name: &str| u32::try_from(number(name)).unwrap_or(u32::MAX);
        TableCapacity::Provisioned { read: number("ReadCapacityUnits"), write: number("WriteCapacityUnits") }
    });
    let capacity = match (given.text("BillingMode"), units) {
        ("PAY_PER_REQUEST", None) => TableCapacity::OnDemand,
        ("PROVISIONED" | "", Some(units)) => units,
        ("PAY_PER_REQUEST", Some(_)) => {
            let message = "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits \
                           can be specified when BillingMode is PAY_PER_REQUEST";
            return refused("ValidationException", message);
        }
        ("PROVISIONED", None) => {
            let message = "One or more parameter values were invalid: ProvisionedThroughput must be specified when \
                           BillingMode is PROVISIONED";
            return refused("ValidationException", message);
        }
        ("", None) => {
            let message = "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
                           GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required";
            return refused("ValidationException", message);
        }
        (other, _) => {
            let message = format!(
                "1 validation error detected: Value '{other}' at 'billingMode' failed to satisfy constraint: Member must \
                 satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]"
            );
            return refused("ValidationException", message);
        }
    };
    if capacity_of(world, given) == Some(capacity) && capacity != TableCapacity::OnDemand {
        let message = "The provisioned throughput for the table will not change. The requested value equals the current \
                       value.";
        return refused("ValidationException", message);
    }
    Ok(Command::SetTableCapacity { application: given.text("TableName").to_owned(), capacity })
}

fn capacity_of(world: &World, given: &Given) -> Option<TableCapacity> {
    world.applications().get(given.text("TableName")).map(|application| application.table.capacity())
}

/// What is answered says how the table was. Simplified: it is gone at once, where a real one is `DELETING` for a while.
fn delete_table(world: &World, given: &Given) -> ChangeAndAnswer {
    let mut table = described(world, given)?;
    if let Some(members) = table.as_object_mut() {
        members.retain(|name, _| name != "AttributeDefinitions" && name != "KeySchema");
        members.insert("TableStatus".to_owned(), Value::from("DELETING"));
    }
    let command = Command::DeleteLeaseTable { application: given.text("TableName").to_owned() };
    Ok((Some(command), json!({ "TableDescription": table })))
}

fn scan(world: &World, given: &Given) -> Answer {
    let Some(mut items) = world.table_items(given.text("TableName")) else { return no_table() };
    let limit =
        given.number("Limit").map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    items.truncate(limit);
    let count = items.len();
    Ok(json!({ "Items": items, "Count": count, "ScannedCount": count, "ConsumedCapacity": null }))
}

fn no_table<T>() -> Result<T, ServiceError> {
    refused("ResourceNotFoundException", "Requested resource not found")
}

/// The value of a key, once there is such a table.
fn lease_key<'g>(world: &World, given: &'g Given) -> Result<&'g str, ServiceError> {
    let Some(attribute) = world.table_key(given.text("TableName")) else { return no_table() };
    let key = given.0.get("Key").and_then(Value::as_object).filter(|key| key.len() == 1);
    match key.and_then(|key| key.get(attribute)?.get("S")?.as_str()) {
        Some(lease_key) => Ok(lease_key),
        None => refused("ValidationException", "The provided key element does not match the schema"),
    }
}

/// Where there is no such item, there is no member either, and nothing is printed.
fn get_item(world: &World, given: &Given) -> Answer {
    let found = world.table_item(given.text("TableName"), lease_key(world, given)?);
    Ok(Value::Object(found.into_iter().map(|item| ("Item".to_owned(), item)).collect()))
}

/// Documented: DeleteItem: deleting what is not there does nothing and is no error.
fn delete_item(world: &World, given: &Given) -> ChangeAndAnswer {
    let (table, lease) = (given.text("TableName"), lease_key(world, given)?);
    let command = world
        .table_item(table, lease)
        .map(|_| Command::DeleteLease { application: table.to_owned(), lease: lease.to_owned() });
    Ok((command, json!({})))
}
