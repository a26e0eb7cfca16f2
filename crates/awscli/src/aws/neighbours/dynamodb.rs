//! `aws dynamodb`: the lease tables of KCL applications.
//!
//! Documented: KCL, `DynamoDBLeaseSerializer.java`, for the attributes of an item; Amazon DynamoDB API Reference for
//! the members of the answers. Simpler than the real thing: no expressions, no indexes, and a table has neither a time
//! of creation nor a size in bytes.

use awsjson::Kind;
use serde_json::{Map, Value, json};
use sim::{Application, Lease, World};

use super::{
    Answer, Does, Given, Service, ServiceCommand, any_resource, not_simulated, of, refused, required, text,
};

const TABLE: awsjson::Member = required(text("TableName"));

pub(super) const DYNAMODB: Service = Service {
    name: "dynamodb",
    help: "Amazon DynamoDB: the lease tables of KCL applications",
    commands: &[
        ServiceCommand {
            name: "list-tables",
            operation: "ListTables",
            members: &[],
            help: "Lists the tables: each KCL application has one, named like itself.",
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
    ],
    others: &[
        "batch-get-item",
        "batch-write-item",
        "create-table",
        "delete-item",
        "delete-table",
        "put-item",
        "query",
        "transact-write-items",
        "update-item",
        "update-table",
    ],
};

fn table_arn(world: &World, given: &Given) -> String {
    arn(world, given.text("TableName"))
}

fn arn(world: &World, table: &str) -> String {
    format!("arn:aws:dynamodb:{}:{}:table/{table}", world.service().region(), world.service().account())
}

fn tables(world: &World) -> impl Iterator<Item = (&String, &Application)> {
    world.applications().iter().filter(|(_, application)| application.table.exists())
}

fn table<'w>(world: &'w World, given: &Given) -> Option<&'w Application> {
    let name = given.text("TableName");
    tables(world).find(|(own, _)| *own == name).map(|(_, application)| application)
}

fn list_tables(world: &World, _: &Given) -> Answer {
    let names: Vec<&String> = tables(world).map(|(name, _)| name).collect();
    Ok(json!({ "TableNames": names }))
}

/// Documented: DynamoDB API Reference; the sentences differ between the control plane and the data plane.
fn describe_table(world: &World, given: &Given) -> Answer {
    let name = given.text("TableName");
    let Some(application) = table(world, given) else {
        return refused(
            "ResourceNotFoundException",
            format!("Requested resource not found: Table: {name} not found"),
        );
    };
    Ok(json!({ "Table": {
        "AttributeDefinitions": [{ "AttributeName": "leaseKey", "AttributeType": "S" }],
        "TableName": name,
        "KeySchema": [{ "AttributeName": "leaseKey", "KeyType": "HASH" }],
        "TableStatus": "ACTIVE",
        "ItemCount": application.table.leases().len(),
        "TableArn": arn(world, name),
    }}))
}

fn scan(world: &World, given: &Given) -> Answer {
    let Some(application) = table(world, given) else {
        return refused("ResourceNotFoundException", "Requested resource not found");
    };
    let limit =
        given.number("Limit").map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let items: Vec<Value> = application.table.leases().take(limit).map(item).collect();
    let count = items.len();
    Ok(json!({ "Items": items, "Count": count, "ScannedCount": count, "ConsumedCapacity": null }))
}

fn get_item(world: &World, given: &Given) -> Answer {
    let Some(application) = table(world, given) else {
        return refused("ResourceNotFoundException", "Requested resource not found");
    };
    let key = given.0.get("Key").and_then(Value::as_object);
    let lease_key = key.filter(|key| key.len() == 1).and_then(|key| key.get("leaseKey")?.get("S")?.as_str());
    let Some(lease_key) = lease_key else {
        return refused("ValidationException", "The provided key element does not match the schema");
    };
    // Where there is no such item, there is no member either, and nothing is printed.
    let found = application.table.lease(lease_key).map(|lease| ("Item".to_owned(), item(lease)));
    Ok(Value::Object(found.into_iter().collect()))
}

/// A lease as KCL writes it.
fn item(lease: &Lease) -> Value {
    let mut item = Map::new();
    let mut set = |name: &str, kind: &str, value: Value| {
        item.insert(name.to_owned(), json!({ kind: value }));
    };
    let ids = |shards: &[kinesis::ShardId]| shards.iter().map(|id| Value::from(id.to_string())).collect();
    set("leaseKey", "S", Value::from(lease.lease_key.as_str()));
    if let Some(owner) = &lease.lease_owner {
        set("leaseOwner", "S", Value::from(owner.as_str()));
    }
    set("leaseCounter", "N", Value::from(lease.lease_counter.to_string()));
    set("ownerSwitchesSinceCheckpoint", "N", Value::from(lease.owner_switches_since_checkpoint.to_string()));
    set("checkpoint", "S", Value::from(lease.checkpoint.to_string()));
    let sub_sequence_number = lease.checkpoint_sub_sequence_number.to_string();
    set("checkpointSubSequenceNumber", "N", Value::from(sub_sequence_number));
    if !lease.parent_shard_ids.is_empty() {
        set("parentShardId", "SS", ids(&lease.parent_shard_ids));
    }
    if !lease.child_shard_ids.is_empty() {
        set("childShardIds", "SS", ids(&lease.child_shard_ids));
    }
    set("startingHashKey", "S", Value::from(lease.hash_key_range.starting_hash_key.to_string()));
    set("endingHashKey", "S", Value::from(lease.hash_key_range.ending_hash_key.to_string()));
    Value::Object(item)
}
