//! DynamoDB: the tables of KCL applications and their items as the API shows them.

use serde_json::{Map, Value, json};

use crate::{
    Application, CoordinatorStateTable, KclTable, LeaderLock, Lease, MigrationState, TableCapacity,
    WorkerMetricStats, World,
};

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
    if let Some(throughput) = lease.throughput_kbps {
        item.insert("throughputKBps".to_owned(), json!({"N": throughput.to_string()}));
    }
    if let Some(owner) = &lease.checkpoint_owner {
        item.insert("checkpointOwner".to_owned(), text(owner));
    }
    Value::Object(item)
}

/// A worker's load in DynamoDB JSON. Documented: `WorkerMetricStats` in KCL's source.
fn worker_metrics(item: &WorkerMetricStats) -> Value {
    let list = |values: Vec<Value>| json!({"M": {"C": {"L": values}}});
    let number = |text: String| json!({"N": text});
    let (stats, range) = match &item.cpu {
        Some(values) => (
            list(values.iter().map(|value| number(value.to_string())).collect()),
            list(vec![number(WorkerMetricStats::CPU_MAX.to_string())]),
        ),
        None => (json!({"M": {}}), json!({"M": {}})),
    };
    json!({
        "wid": {"S": item.worker_id},
        "lut": number(item.last_update_time.seconds().to_string()),
        "sts": stats,
        "opr": range,
    })
}

/// The leader's lock and the state of the migration. Documented: the DynamoDB Lock Client, and `MigrationState` in KCL's
/// source.
fn coordinator_state(table: &CoordinatorStateTable) -> Vec<Value> {
    let leader = table.leader().map(|lock| {
        let mut item = json!({
            "key": {"S": "Leader"},
            "ownerName": {"S": lock.owner_name},
            "leaseDuration": {"S": LeaderLock::LEASE_DURATION.millis().to_string()},
            "recordVersionNumber": {"S": lock.record_version_number.to_string()},
        });
        if lock.is_released {
            item["isReleased"] = json!({"S": "1"});
        }
        item
    });
    let migration = table.migration().map(|state| {
        json!({
            "key": {"S": "Migration3.0"},
            "cv": {"S": MigrationState::CLIENT_VERSION},
            "mb": {"S": state.modified_by},
            "mts": {"N": state.modified.millis().to_string()},
            "h": {"L": []},
        })
    });
    leader.into_iter().chain(migration).collect()
}

fn key_of(table: KclTable) -> &'static str {
    match table {
        KclTable::Leases => "leaseKey",
        KclTable::WorkerMetricStats => "wid",
        KclTable::CoordinatorState => "key",
    }
}

impl World {
    /// Names of the tables, each with its application and what it is for.
    fn tables(&self) -> Vec<(String, &Application, KclTable)> {
        let of = |application| KclTable::ALL.map(move |kind| (application, kind));
        let applications = self.applications().values().flat_map(of);
        let mut tables: Vec<_> = applications
            .filter(|(application, kind)| application.has_table(*kind))
            .map(|(application, kind)| (kind.name(&application.spec.name), application, kind))
            .collect();
        tables.sort_by(|(one, ..), (other, ..)| one.cmp(other));
        tables
    }

    fn table(&self, name: &str) -> Option<(&Application, KclTable)> {
        let mut tables = self.tables().into_iter();
        tables.find(|(own, ..)| own == name).map(|(_, application, kind)| (application, kind))
    }

    /// Names of the tables, as ListTables has them.
    pub fn table_names(&self) -> Vec<String> {
        self.tables().into_iter().map(|(name, ..)| name).collect()
    }

    /// Name of the attribute that is the table's partition key.
    pub fn table_key(&self, name: &str) -> Option<&'static str> {
        self.table(name).map(|(_, kind)| key_of(kind))
    }

    /// A table as DescribeTable shows it.
    pub fn table_description(&self, name: &str) -> Option<Value> {
        let (application, kind) = self.table(name)?;
        let capacity = match kind {
            KclTable::Leases => application.table.capacity(),
            KclTable::WorkerMetricStats | KclTable::CoordinatorState => TableCapacity::OnDemand,
        };
        let (mode, read, write) = match capacity {
            TableCapacity::OnDemand => ("PAY_PER_REQUEST", 0, 0),
            TableCapacity::Provisioned { read, write } => ("PROVISIONED", read, write),
        };
        let items = self.table_items(name).map_or(0, |items| items.len() as u64);
        let (region, account) = (self.service().region(), self.service().account());
        let arn = format!("arn:aws:dynamodb:{region}:{account}:table/{name}");
        let string = |name: &str| json!({"AttributeName": name, "AttributeType": "S"});
        let role = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
        let mut table = json!({
            "AttributeDefinitions": [string(key_of(kind))],
            "TableName": name,
            "KeySchema": [role(key_of(kind), "HASH")],
            "TableStatus": "ACTIVE",
            "ProvisionedThroughput": {"ReadCapacityUnits": read, "WriteCapacityUnits": write},
            "TableSizeBytes": items * ITEM_BYTES,
            "ItemCount": items,
            "TableArn": arn,
            "BillingModeSummary": {"BillingMode": mode},
        });
        // Documented: `DynamoDBLeaseRefresher` and `DynamoDBLeaseSerializer` in KCL's source.
        if kind == KclTable::Leases && application.table.has_index() {
            let index = "LeaseOwnerToLeaseKeyIndex";
            table["AttributeDefinitions"] = json!([string("leaseKey"), string("leaseOwner")]);
            table["GlobalSecondaryIndexes"] = json!([{
                "IndexName": index,
                "KeySchema": [role("leaseOwner", "HASH"), role("leaseKey", "RANGE")],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
                "IndexStatus": "ACTIVE",
                "IndexArn": format!("{arn}/index/{index}"),
            }]);
        }
        Some(table)
    }

    /// Every item of a table, as Scan shows them.
    pub fn table_items(&self, name: &str) -> Option<Vec<Value>> {
        let (application, kind) = self.table(name)?;
        Some(match kind {
            KclTable::Leases => application.table.leases().map(item).collect(),
            KclTable::WorkerMetricStats => application.worker_metrics.items().map(worker_metrics).collect(),
            KclTable::CoordinatorState => coordinator_state(&application.coordinator_state),
        })
    }

    /// One item, as GetItem shows it; none where it is not there.
    pub fn table_item(&self, name: &str, key: &str) -> Option<Value> {
        let attribute = self.table_key(name)?;
        self.table_items(name)?.into_iter().find(|item| item[attribute]["S"] == key)
    }
}
