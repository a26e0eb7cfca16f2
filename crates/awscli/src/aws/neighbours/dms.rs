//! `aws dms describe-replication-tasks`: tasks from files in S3 to a stream.
//!
//! Documented: AWS Database Migration Service API Reference. Tasks are made and steered with `sandbox dms …`, since the
//! real ones need endpoints and an instance besides, which are not simulated.

use serde_json::{Value, json};
use sim::{DmsTask, MigrationType, World};

use super::{Answer, Does, Given, Service, ServiceCommand, any_resource};

pub(super) const DMS: Service = Service {
    name: "dms",
    help: "AWS Database Migration Service: tasks that load a stream",
    commands: &[ServiceCommand {
        name: "describe-replication-tasks",
        operation: "DescribeReplicationTasks",
        members: &[],
        help: "Shows the replication tasks.",
        example: "aws dms describe-replication-tasks",
        resource: any_resource,
        does: Does::Looks(describe),
    }],
    others: &[
        "create-endpoint",
        "create-replication-instance",
        "create-replication-task",
        "delete-replication-task",
        "describe-endpoints",
        "describe-table-statistics",
        "start-replication-task",
        "stop-replication-task",
    ],
};

fn describe(world: &World, _: &Given) -> Answer {
    let tasks: Vec<Value> = world.dms_tasks().map(|(_, task)| described(world, task)).collect();
    Ok(json!({ "ReplicationTasks": tasks }))
}

fn described(world: &World, task: &DmsTask) -> Value {
    let kind = match task.spec.migration_type {
        MigrationType::FullLoad => "full-load",
        MigrationType::Cdc => "cdc",
        MigrationType::FullLoadAndCdc => "full-load-and-cdc",
    };
    let (region, account) = (world.service().region(), world.service().account());
    let mut members = json!({
        "ReplicationTaskIdentifier": task.spec.task,
        "MigrationType": kind,
        "Status": task.status.name(),
    });
    if let (Some(reason), Some(members)) = (task.stop_reason, members.as_object_mut()) {
        members.insert("StopReason".to_owned(), Value::from(reason));
    }
    if let Some(members) = members.as_object_mut() {
        let arn = format!("arn:aws:dms:{region}:{account}:task:{}", task.spec.task);
        members.insert("ReplicationTaskArn".to_owned(), Value::from(arn));
    }
    members
}
