//! Options and values of the services beside Kinesis.

use awsjson::Member;
use sim::{MANAGED_POLICIES, Statistic, World};

use super::{Offers, samples, values};
use crate::aws::{CallOption, ServiceCommand};
use crate::collect::Arity;

/// Names of what there is, by member.
fn offer_value(offers: &mut Offers<'_>, member: &Member, command: &ServiceCommand, world: &World) {
    let (region, account) = (world.service().region(), world.service().account());
    let mut principals = |mark: &str, is_whole: bool| {
        for (arn, _) in world.identities() {
            if let Some((_, name)) = arn.split_once(mark) {
                offers.add(if is_whole { arn } else { name }, "");
            }
        }
    };
    match member.name {
        "TableName" => world.applications().iter().for_each(|(name, _)| offers.add(name, "")),
        "RoleName" if !command.name.starts_with("create-") => principals(":role/", false),
        "UserName" if !command.name.starts_with("create-") => principals(":user/", false),
        "PolicySourceArn" => {
            principals(":role/", true);
            principals(":user/", true);
        }
        "PolicyName" if !command.name.starts_with("put-") => {
            let own = world.identity_policies().filter(|(_, name, _)| !name.starts_with("arn:"));
            own.for_each(|(_, name, _)| offers.add(name, ""));
        }
        "PolicyArn" if command.name.starts_with("detach-") => {
            let attached = world.identity_policies().filter(|(_, name, _)| name.starts_with("arn:"));
            attached.for_each(|(_, name, _)| offers.add(name, ""));
        }
        "PolicyArn" => MANAGED_POLICIES.iter().for_each(|(arn, _)| offers.add(arn, "")),
        "BillingMode" => ["PAY_PER_REQUEST", "PROVISIONED"].iter().for_each(|mode| offers.add(mode, "")),
        "ReplicationTaskArn" => world.dms_tasks().for_each(|(_, task)| {
            let arn = format!("arn:aws:dms:{region}:{account}:task:{}", task.spec.task);
            offers.add_labelled(&arn, Some(task.spec.task.clone()), task.status.name());
        }),
        "StartReplicationTaskType" => {
            ["resume-processing", "reload-target"].iter().for_each(|kind| offers.add(kind, ""));
        }
        "KeyId" => {
            offers.add("alias/aws/kinesis", "the key that AWS manages");
            world.key_states().for_each(|(key, state)| offers.add(key, state.name()));
        }
        "UUID" => world.mappings().for_each(|(_, mapping)| {
            offers.add(&mapping.uuid, mapping.function_arn().rsplit(':').next().unwrap_or_default());
        }),
        "FunctionName" => world.functions().iter().for_each(|(name, _)| offers.add(name, "")),
        "AlarmNames" => world.alarms().for_each(|alarm| offers.add(&alarm.spec.name, alarm.state.name())),
        "Statistic" | "Statistics" => {
            Statistic::ALL.iter().for_each(|statistic| offers.add(statistic.name(), ""));
        }
        "MetricName" => world.metrics_list().iter().for_each(|metric| offers.add(&metric.name.name, "")),
        "StartingPosition" => {
            ["TRIM_HORIZON", "LATEST"].iter().for_each(|position| offers.add(position, ""));
        }
        "DeliveryStreamName" if !command.name.starts_with("create-") => {
            world
                .delivery_streams()
                .for_each(|(_, stream)| offers.add(&stream.spec.name, stream.status.name()));
        }
        "StreamName" => {
            world.service().streams().for_each(|stream| offers.add(&stream.name, stream.status.name()));
        }
        "EventSourceArn" | "ResourceArns" => {
            world.service().streams().for_each(|stream| {
                let label = Some(format!("…:stream/{}", stream.name));
                offers.add_labelled(&stream.arn(region, account), label, stream.status.name());
            });
        }
        _ => {}
    }
}

fn offer_values(offers: &mut Offers<'_>, option: &CallOption, command: &ServiceCommand, world: &World) {
    match option.member() {
        Some(member) => {
            offer_value(offers, member, command, world);
            // What must be there cannot be made up.
            let is_of_world = matches!(
                member.name,
                "TableName"
                    | "PolicySourceArn"
                    | "UUID"
                    | "FunctionName"
                    | "AlarmNames"
                    | "PolicyArn"
                    | "ReplicationTaskArn"
            ) || member.name == "DeliveryStreamName"
                && !command.name.starts_with("create-")
                || !command.name.starts_with("create-") && matches!(member.name, "RoleName" | "UserName")
                || !command.name.starts_with("put-") && member.name == "PolicyName";
            if offers.with_samples && !is_of_world {
                samples::sample_member(offers, member, &option.name, command.example, world);
            }
        }
        None => values::offer_global(offers, &option.name, world),
    }
}

/// Whether there is something for every option that is needed.
pub(super) fn can_be_finished(offers: &Offers<'_>, command: &ServiceCommand, world: &World) -> bool {
    let options = command.options();
    let mut needed = options.iter().filter(|option| option.member().is_some_and(|member| member.is_required));
    needed.all(|option| {
        let mut found = offers.blank();
        offer_values(&mut found, option, command, world);
        !found.found.is_empty()
    })
}

pub(super) fn offer_options(
    offers: &mut Offers<'_>,
    command: &ServiceCommand,
    words: &[&str],
    world: &World,
) {
    let options = command.options();
    let last = words.iter().rposition(|word| word.starts_with("--"));
    let typed = words.get(last.map_or(words.len(), |last| last + 1)..).unwrap_or_default();
    let open = last.and_then(|at| {
        let option = options.iter().find(|option| option.name == words[at])?;
        let is_open = match option.arity() {
            Arity::None | Arity::Optional => false,
            Arity::One => typed.is_empty(),
            Arity::Many => true,
        };
        is_open.then_some(option)
    });
    if let Some(option) = open.filter(|_| !offers.with_samples || typed.is_empty()) {
        offer_values(offers, option, command, world);
        if option.arity() == Arity::One || offers.with_samples {
            return;
        }
    }
    let is_given = |name: &str| words.iter().any(|word| word.split('=').next() == Some(name));
    for is_required in [true, false] {
        for option in options.iter().filter(|option| option.is_simulated() && !is_given(&option.name)) {
            let own = option.member().is_some_and(|member| member.is_required);
            let mut found = offers.blank();
            let takes_none = matches!(option.arity(), Arity::None | Arity::Optional);
            if offers.with_samples && !takes_none {
                offer_values(&mut found, option, command, world);
            }
            let can_be_taken = !offers.with_samples || takes_none || !found.found.is_empty();
            // What --debug shows is the wire of Kinesis.
            if own == is_required
                && can_be_taken
                && option.name != "--debug"
                && !samples::is_forbidden(&option.name, is_given)
            {
                offers.add(&option.name, "");
            }
        }
    }
}

/// Whether there is something that the command could be about.
pub(super) fn s3_can_be_finished(command: &str, world: &World) -> bool {
    let has_bucket = world.s3().buckets().next().is_some();
    let has_object = world.s3().buckets().any(|(_, bucket)| bucket.object_count() > 0);
    match command {
        "rb" => has_bucket,
        "rm" => has_object,
        "cp" => has_object || has_bucket && world.home().files().next().is_some(),
        _ => true,
    }
}

/// Buckets and objects as places: `s3://bucket/key`.
pub(super) fn offer_s3(offers: &mut Offers<'_>, command: &str, words: &[&str], world: &World) {
    let places: Vec<&&str> = words.iter().filter(|word| !word.starts_with('-')).collect();
    let mut objects = |is_whole: bool| {
        for (name, bucket) in world.s3().buckets() {
            offers.add(format!("s3://{name}"), "");
            for (key, _) in bucket.objects().take(if is_whole { 50 } else { 0 }) {
                offers.add(format!("s3://{name}/{key}"), "");
            }
        }
    };
    match (command, places.as_slice()) {
        ("ls", []) => objects(false),
        ("rb", []) => objects(false),
        ("mb", []) => offers.sample("s3://archive"),
        ("cp" | "rm", []) => {
            for (name, bucket) in world.s3().buckets() {
                bucket.objects().take(50).for_each(|(key, _)| offers.add(format!("s3://{name}/{key}"), ""));
            }
            if command == "cp" && world.s3().buckets().next().is_some() {
                world.home().files().for_each(|(path, _)| offers.add(path, "a file"));
            }
        }
        ("cp", [from]) if from.starts_with("s3://") => offers.add("-", "prints it"),
        ("cp", [_]) => objects(false),
        _ => {}
    }
}
