//! DynamoDB: the tables of KCL applications and their items as the API shows them.

use serde_json::{Map, Value, json};

use crate::{Application, Lease, TableCapacity, World};

/// Bytes of a lease item. Assumed: about what the attributes of the fact sheet's example take.
const ITEM_BYTES: u64 = 400;

/// A lease in DynamoDB JSON. Documented: KCL's DynamoDBLeaseSerializer; attributes that say nothing are absent.
fn item(lease: &Lease) -> Value {
    let text = |value: &str| json!({"S": value});
    let number = |value: u64| json!({"N": value.to_string()});
    let mut item = Map::new();
    item.insert("leaseKey".to_owned(), text(&lease.lease_key));
    if let Some(owner) = &lease.lease_owner {
        item.insert("leaseOwner".to_owned(), text(owner));
    }
    item.insert("leaseCounter".to_owned(), number(lease.lease_counter));
    item.insert("ownerSwitchesSinceCheckpoint".to_owned(), number(lease.owner_switches_since_checkpoint));
    item.insert("checkpoint".to_owned(), text(&lease.checkpoint.to_string()));
    item.insert("checkpointSubSequenceNumber".to_owned(), number(lease.checkpoint_sub_sequence_number));
    for (name, shards) in
        [("parentShardId", &lease.parent_shard_ids), ("childShardIds", &lease.child_shard_ids)]
    {
        if !shards.is_empty() {
            let shards: Vec<String> = shards.iter().map(ToString::to_string).collect();
            item.insert(name.to_owned(), json!({"SS": shards}));
        }
    }
    let range = &lease.hash_key_range;
    item.insert("startingHashKey".to_owned(), text(&range.starting_hash_key.to_string()));
    item.insert("endingHashKey".to_owned(), text(&range.ending_hash_key.to_string()));
    Value::Object(item)
}

impl World {
    fn table(&self, name: &str) -> Option<&Application> {
        self.applications().get(name).filter(|application| application.table.exists())
    }

    /// Names of the tables, as ListTables has them.
    pub fn table_names(&self) -> Vec<&str> {
        let tables = self.applications().iter().filter(|(_, application)| application.table.exists());
        tables.map(|(name, _)| name.as_str()).collect()
    }

    /// A table as DescribeTable shows it.
    pub fn table_description(&self, name: &str) -> Option<Value> {
        let table = self.table(name)?;
        let (mode, read, write) = match table.table.capacity() {
            TableCapacity::OnDemand => ("PAY_PER_REQUEST", 0, 0),
            TableCapacity::Provisioned { read, write } => ("PROVISIONED", read, write),
        };
        let items = table.table.leases().len() as u64;
        let (region, account) = (self.service().region(), self.service().account());
        Some(json!({
            "AttributeDefinitions": [{"AttributeName": "leaseKey", "AttributeType": "S"}],
            "TableName": name,
            "KeySchema": [{"AttributeName": "leaseKey", "KeyType": "HASH"}],
            "TableStatus": "ACTIVE",
            "ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write},
            "TableSizeBytes": items * ITEM_BYTES,
            "ItemCount": items,
            "TableArn": format!("arn:aws:dynamodb:{region}:{account}:table/{name}"),
            "BillingModeSummary": {"BillingMode": mode},
        }))
    }

    /// Every item of a table, as Scan shows them.
    pub fn table_items(&self, name: &str) -> Option<Vec<Value>> {
        Some(self.table(name)?.table.leases().map(item).collect())
    }

    /// One item, as GetItem shows it; none where it is not there.
    pub fn table_item(&self, name: &str, lease_key: &str) -> Option<Value> {
        self.table(name)?.table.lease(lease_key).map(item)
    }
}
