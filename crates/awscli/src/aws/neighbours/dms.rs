//! `aws dms`: replication tasks from files in S3 to a stream.
//!
//! Documented: AWS Database Migration Service API Reference. Tasks are made with `sandbox dms create`, since the real
//! command needs endpoints and an instance besides, which are not simulated. Assumed: the sentences of the errors.

use awsjson::{Kind, Member};
use serde_json::{Map, Value, json};
use sim::{Command, DmsCommand, DmsStart, DmsTask, MigrationType, World};

use super::{
    Answer, ChangeAndAnswer, Does, Given, Service, ServiceCommand, ServiceError, any_resource, not_simulated,
    of, refused, required, text,
};

const FILTER: &[Member] = &[required(text("Name")), required(of(Kind::StringList, text("Values")))];
const TASK: Member = required(text("ReplicationTaskArn"));

pub(super) const DMS: Service = Service {
    name: "dms",
    help: "AWS Database Migration Service: tasks that load a stream",
    commands: &[
        ServiceCommand {
            name: "describe-replication-tasks",
            operation: "DescribeReplicationTasks",
            members: &[
                of(Kind::StructureList(FILTER), text("Filters")),
                not_simulated(of(Kind::Integer, text("MaxRecords"))),
                not_simulated(text("Marker")),
                of(Kind::Boolean, text("WithoutSettings")),
            ],
            help: "Shows the replication tasks.",
            example: "aws dms describe-replication-tasks --filters Name=replication-task-id,Values=move",
            resource: any_resource,
            does: Does::Looks(describe),
        },
        ServiceCommand {
            name: "start-replication-task",
            operation: "StartReplicationTask",
            members: &[
                TASK,
                required(text("StartReplicationTaskType")),
                not_simulated(of(Kind::Timestamp, text("CdcStartTime"))),
                not_simulated(text("CdcStartPosition")),
                not_simulated(text("CdcStopPosition")),
            ],
            help: "Lets a task that was stopped go on, or load everything again.",
            example: "aws dms start-replication-task --replication-task-arn arn:aws:dms:us-east-1:123456789012:task:move --start-replication-task-type resume-processing",
            resource: task_arn,
            does: Does::Changes(start, steered),
        },
        ServiceCommand {
            name: "stop-replication-task",
            operation: "StopReplicationTask",
            members: &[TASK],
            help: "Stops a task; what it read and has not put is read again later.",
            example: "aws dms stop-replication-task --replication-task-arn arn:aws:dms:us-east-1:123456789012:task:move",
            resource: task_arn,
            does: Does::Changes(stop, steered),
        },
        ServiceCommand {
            name: "delete-replication-task",
            operation: "DeleteReplicationTask",
            members: &[TASK],
            help: "Deletes a task.",
            example: "aws dms delete-replication-task --replication-task-arn arn:aws:dms:us-east-1:123456789012:task:move",
            resource: task_arn,
            does: Does::AnswersFirst(delete),
        },
    ],
};

fn task_arn(_: &World, given: &Given) -> String {
    given.text("ReplicationTaskArn").to_owned()
}

fn arn(world: &World, task: &DmsTask) -> String {
    let (region, account) = (world.service().region(), world.service().account());
    format!("arn:aws:dms:{region}:{account}:task:{}", task.spec.task)
}

fn task<'w>(world: &'w World, given: &Given) -> Result<&'w DmsTask, ServiceError> {
    let wanted = given.text("ReplicationTaskArn");
    match world.dms_tasks().find(|(_, task)| arn(world, task) == wanted) {
        Some((_, task)) => Ok(task),
        None => refused("ResourceNotFoundFault", format!("Replication task {wanted} not found.")),
    }
}

/// Documented: the filters' names. Simplified: there are no endpoints or instances to filter by.
fn describe(world: &World, given: &Given) -> Answer {
    let mut tasks: Vec<&DmsTask> = world.dms_tasks().map(|(_, task)| task).collect();
    for filter in given.0.get("Filters").and_then(Value::as_array).into_iter().flatten() {
        let name = filter.get("Name").and_then(Value::as_str).unwrap_or_default();
        let of_task: fn(&World, &DmsTask) -> String = match name {
            "replication-task-arn" => arn,
            "replication-task-id" => |_, task| task.spec.task.clone(),
            "migration-type" => |_, task| migration_type(task).to_owned(),
            _ => return refused("InvalidParameterValueException", format!("Invalid filter name: {name}")),
        };
        let values = filter.get("Values").and_then(Value::as_array);
        tasks.retain(|task| {
            let own = of_task(world, task);
            values.into_iter().flatten().any(|value| value.as_str() == Some(&own))
        });
    }
    if tasks.is_empty() && given.0.contains_key("Filters") {
        return refused("ResourceNotFoundFault", "No Tasks found matching provided filters.");
    }
    let tasks: Vec<Value> = tasks.into_iter().map(|task| described(world, task)).collect();
    Ok(json!({ "ReplicationTasks": tasks }))
}

fn start(world: &World, given: &Given) -> Result<Command, ServiceError> {
    let task = task(world, given)?.spec.task.clone();
    let start = match given.text("StartReplicationTaskType") {
        "resume-processing" => DmsStart::ResumeProcessing,
        "reload-target" => DmsStart::ReloadTarget,
        // Here a task starts by itself when it is made.
        "start-replication" => {
            let message = "START_REPLICATION is only valid for the first start of a task: use resume-processing or \
                           reload-target.";
            return refused("InvalidParameterCombinationException", message);
        }
        other => {
            let message = format!(
                "Value '{other}' at 'startReplicationTaskType' failed to satisfy constraint: Member must satisfy enum \
                 value set: [start-replication, resume-processing, reload-target]"
            );
            return refused("InvalidParameterValueException", message);
        }
    };
    Ok(DmsCommand::Start { task, start }.into())
}

fn stop(world: &World, given: &Given) -> Result<Command, ServiceError> {
    Ok(DmsCommand::Stop { task: task(world, given)?.spec.task.clone() }.into())
}

fn steered(world: &World, given: &Given) -> Answer {
    Ok(json!({ "ReplicationTask": described(world, task(world, given)?) }))
}

fn delete(world: &World, given: &Given) -> ChangeAndAnswer {
    let task = task(world, given)?;
    let mut described = described(world, task);
    if let Some(members) = described.as_object_mut() {
        members.insert("Status".to_owned(), Value::from("deleting"));
    }
    let command = DmsCommand::Delete { task: task.spec.task.clone() }.into();
    Ok((Some(command), json!({ "ReplicationTask": described })))
}

fn migration_type(task: &DmsTask) -> &'static str {
    match task.spec.migration_type {
        MigrationType::FullLoad => "full-load",
        MigrationType::Cdc => "cdc",
        MigrationType::FullLoadAndCdc => "full-load-and-cdc",
    }
}

fn described(world: &World, task: &DmsTask) -> Value {
    let mut members = Map::new();
    let mut set = |name: &str, value: Value| drop(members.insert(name.to_owned(), value));
    set("ReplicationTaskIdentifier", Value::from(task.spec.task.as_str()));
    set("MigrationType", Value::from(migration_type(task)));
    set("Status", Value::from(task.status.name()));
    if let Some(reason) = task.stop_reason {
        set("StopReason", Value::from(reason));
    }
    set("ReplicationTaskArn", Value::from(arn(world, task)));
    Value::Object(members)
}
