//! Facts as sentences for the log.

use kinesis::{Fact as ServiceFact, ReadLimit, StreamSetting, SubscriptionEnd, WriteLimit, apart};

use super::FactView;
use super::build::lost_reason;
use super::fault_text::fault_text;
use super::why_text::rule_text;
use crate::{
    AccountFact, ActorId, CallKind, Cause, Fact, FaultEnd, FlinkStatus, FunctionChange, Origin, StampedFact,
    TableCapacity, World,
};

/// A fact as a line of the log.
pub fn fact_view(world: &World, fact: &StampedFact) -> FactView {
    let (kind, text) = if let Fact::Service(fact) = &fact.fact {
        apart(|| service_text(fact))
    } else {
        apart(|| world_text(world, &fact.fact))
    };
    let cause = match fact.cause {
        Cause::Command(number) => format!("command {}", number + 1),
        Cause::Actor(id) => world.actor_name(id),
        Cause::Schedule => "schedule".to_owned(),
    };
    FactView {
        number: fact.number,
        at_ms: fact.at.millis(),
        kind,
        cause,
        text,
        because: rule_text(world, fact),
        follows: match fact.origin {
            Origin::Fact(number) => Some(number),
            Origin::Command(_) | Origin::Schedule => None,
        },
        also: fact.also,
    }
}

fn service_text(fact: &ServiceFact) -> (&'static str, String) {
    match fact {
        ServiceFact::StreamStatusChanged { stream, status } => {
            ("StreamStatusChanged", format!("{stream} is {status}"))
        }
        ServiceFact::StreamDeleted { stream } => {
            ("StreamDeleted", format!("{stream} is gone, and its records with it"))
        }
        ServiceFact::RetentionChanged { stream, hours } => {
            ("RetentionChanged", format!("{stream} keeps records for {hours} hours"))
        }
        ServiceFact::SettingChanged { stream, setting } => {
            let what = match setting {
                StreamSetting::Tags => "other tags",
                StreamSetting::Mode => "another capacity mode",
                StreamSetting::Encryption => {
                    "another encryption; records keep the one they were written with"
                }
                StreamSetting::ShardLevelMetrics => "other shard-level metrics",
                StreamSetting::MaxRecordSize => "another maximum record size",
                StreamSetting::ResourcePolicy => "another policy",
                StreamSetting::RecordDistribution => "another record distribution strategy",
            };
            ("SettingChanged", format!("{stream} has {what}"))
        }
        ServiceFact::ConsumerStatusChanged { stream, consumer, status } => {
            ("ConsumerStatusChanged", format!("{stream}: consumer {consumer} is {status}"))
        }
        ServiceFact::ConsumerDeregistered { stream, consumer } => {
            ("ConsumerDeregistered", format!("{stream}: consumer {consumer} is gone"))
        }
        ServiceFact::ShardOpened { stream, shard, parent, adjacent_parent } => {
            let parents = match (parent, adjacent_parent) {
                (None, _) => String::new(),
                (Some(parent), None) => format!(", a child of {parent}"),
                (Some(parent), Some(adjacent)) => format!(", the child of {parent} and {adjacent}"),
            };
            ("ShardOpened", format!("{stream}: {shard} takes records{parents}"))
        }
        ServiceFact::ShardClosed { stream, shard } => {
            ("ShardClosed", format!("{stream}: {shard} is closed; its records stay readable"))
        }
        ServiceFact::ShardExpired { stream, shard } => (
            "ShardExpired",
            format!("{stream}: {shard} is gone, its last record is past the retention period"),
        ),
        ServiceFact::RecordsAppended { stream, shard, count, bytes, .. } => {
            ("RecordsAppended", format!("{stream}: {shard} stored {} ({bytes} bytes)", records(*count)))
        }
        ServiceFact::WriteThrottled { stream, shard, limit, count, .. } => {
            let limit = match limit {
                WriteLimit::Records => "1,000 records per second are used up",
                WriteLimit::Bytes => "1 MB per second is used up",
            };
            ("WriteThrottled", format!("{stream}: {shard} refused {}: {limit}", records(*count)))
        }
        ServiceFact::IteratorIssued { stream, shard, kind, next, .. } => {
            ("IteratorIssued", format!("{stream}: {} iterator on {shard}, at record {next}", kind.name()))
        }
        ServiceFact::RecordsRead { stream, shard, count, millis_behind, .. } => {
            ("RecordsRead", format!("{stream}: {shard} gave {}, {millis_behind} ms behind", records(*count)))
        }
        ServiceFact::ReadThrottled { stream, shard, limit } => {
            let limit = match limit {
                ReadLimit::Calls => "5 GetRecords calls per second are used up",
                ReadLimit::Bytes => "2 MB per second are used up",
                ReadLimit::Iterators => "5 GetShardIterator calls per second are used up",
            };
            ("ReadThrottled", format!("{stream}: {shard} refused a read: {limit}"))
        }
        ServiceFact::Subscribed { stream, consumer, shard, kind, next, .. } => {
            let text =
                format!("{stream}: {consumer} subscribed to {shard}, {} at record {next}", kind.name());
            ("Subscribed", text)
        }
        ServiceFact::EventPushed { stream, consumer, shard, count, millis_behind, .. } => {
            let text = format!(
                "{stream}: {shard} pushed {} to {consumer}, {millis_behind} ms behind",
                records(*count)
            );
            ("EventPushed", text)
        }
        ServiceFact::SubscriptionEnded { stream, consumer, shard, end, .. } => {
            let why = match end {
                SubscriptionEnd::Expired => "its five minutes are over",
                SubscriptionEnd::ShardEnd => "the closed shard is read to its end",
                SubscriptionEnd::Closed => "the client closed the connection",
                SubscriptionEnd::TakenOver => "the same consumer subscribed again",
                SubscriptionEnd::ConsumerDeregistered => "the consumer is being deregistered",
                SubscriptionEnd::StreamDeleted => "the stream is being deleted",
                SubscriptionEnd::ShardExpired => "the shard is gone",
            };
            ("SubscriptionEnded", format!("{stream}: subscription of {consumer} to {shard} ended: {why}"))
        }
        ServiceFact::ShardEndReached { stream, shard } => {
            ("ShardEndReached", format!("{stream}: a reader came to the end of the closed {shard}"))
        }
    }
}

fn world_text(world: &World, fact: &Fact) -> (&'static str, String) {
    let name = |id: &ActorId| world.actor_name(*id);
    match fact {
        Fact::Service(fact) => service_text(fact),
        Fact::CallAnswered { operation, error: None, failed: 0 } => {
            ("CallAnswered", format!("{operation}: OK"))
        }
        Fact::CallAnswered { operation, error: None, failed } => {
            ("CallAnswered", format!("{operation}: 200 OK, {} refused", records(*failed)))
        }
        Fact::CallAnswered { operation, error: Some(code), .. } => {
            ("CallAnswered", format!("{operation}: {code}"))
        }
        Fact::ActorStarted { actor } => ("ActorStarted", format!("{} started", name(actor))),
        Fact::ActorStopped { actor } => ("ActorStopped", format!("{} stopped", name(actor))),
        Fact::ProducerChanged { actor } => ("ProducerChanged", format!("{} has new settings", name(actor))),
        Fact::RetryScheduled { actor, count, .. } => {
            ("RetryScheduled", format!("{} will send {} again", name(actor), records(*count)))
        }
        Fact::LogFileFollowed { actor, path } => (
            "LogFileFollowed",
            format!("{} has read a log file to its end and goes on with {path}", name(actor)),
        ),
        Fact::LogAdded { actor, path } => ("LogAdded", format!("{} writes {path}", name(actor))),
        Fact::RecordsSkipped { actor, count } => (
            "RecordsSkipped",
            format!("{} left {} out that do not match logFormat", name(actor), records(*count)),
        ),
        Fact::RecordsTruncated { actor, count } => {
            ("RecordsTruncated", format!("{} cut {} to 1 MiB", name(actor), records(*count)))
        }
        Fact::RequestTimedOut { actor, count, after } => {
            let text = format!(
                "{} got no answer in {after}: it does not know whether {} stored",
                name(actor),
                if *count == 1 { "1 record is".to_owned() } else { format!("{count} records are") }
            );
            ("RequestTimedOut", text)
        }
        Fact::ShardMapUpdated { actor, open } => {
            ("ShardMapUpdated", format!("{} knows {open} open shards", name(actor)))
        }
        Fact::WrongShard { actor, count, predicted, actual } => {
            let text = format!(
                "{} put {} for {predicted} and found them on {actual}: they are put again",
                name(actor),
                records(*count)
            );
            ("WrongShard", text)
        }
        Fact::RecordsStoredAgain { actor, count } => {
            let text = format!(
                "{} put {} another time: what was put before is in the stream, too",
                name(actor),
                records(*count)
            );
            ("RecordsStoredAgain", text)
        }
        Fact::RecordsLost { actor, count, first_key, reason } => {
            let reason = lost_reason(*reason);
            let text = format!("{} lost {} (first key {first_key}): {reason}", name(actor), records(*count));
            ("RecordsLost", text)
        }
        Fact::RecordsProcessed { actor, shard, count, again: 0, .. } => {
            ("RecordsProcessed", format!("{} processed {} of {shard}", name(actor), records(*count)))
        }
        Fact::RecordsProcessed { actor, shard, count, again, .. } => {
            let text = format!(
                "{} processed {} of {shard}, {again} of them not for the first time",
                name(actor),
                records(*count)
            );
            ("RecordsProcessed", text)
        }
        Fact::ReaderFailed { actor, error } => {
            ("ReaderFailed", format!("{} cannot go on: {error}", name(actor)))
        }
        Fact::LeaseTableCreated { application } => {
            ("LeaseTableCreated", format!("lease table {application} appeared in DynamoDB"))
        }
        Fact::LeaseCreated { application, lease } => {
            ("LeaseCreated", format!("{application}: lease {lease} created"))
        }
        Fact::LeaseTaken { application, lease, worker, from, counter } => {
            let from = from.as_ref().map_or(String::new(), |from| format!(" from {from}"));
            let text = format!("{application}: {} took {lease}{from}, counter {counter}", name(worker));
            ("LeaseTaken", text)
        }
        Fact::LeaseWriteRefused { application, lease, worker } => (
            "LeaseWriteRefused",
            format!(
                "{application}: {} wrote {lease} too late (ConditionalCheckFailedException)",
                name(worker)
            ),
        ),
        Fact::LeaseLost { application, lease, worker } => {
            ("LeaseLost", format!("{application}: {} lost {lease}", name(worker)))
        }
        Fact::LeaseReleased { application, lease, worker } => {
            ("LeaseReleased", format!("{application}: {} gave {lease} back", name(worker)))
        }
        Fact::LeaseDeleted { application, lease } => {
            ("LeaseDeleted", format!("{application}: lease {lease} deleted, its shard is done"))
        }
        Fact::LeaseDeletedByHand { application, lease } => {
            ("LeaseDeletedByHand", format!("{application}: somebody deleted lease {lease} by hand"))
        }
        Fact::KclTableCreated { table } => ("KclTableCreated", format!("table {table} appeared in DynamoDB")),
        Fact::LeaderElected { application, worker } => (
            "LeaderElected",
            format!("{application}: {} is the leader from now on and assigns the leases", name(worker)),
        ),
        Fact::LeadershipLost { application, worker } => {
            ("LeadershipLost", format!("{application}: {} is the leader no more", name(worker)))
        }
        Fact::LeaseAssigned { application, lease, leader, from, to } => {
            let from = from.as_ref().map_or_else(String::new, |from| format!(" from {from}"));
            let text = format!("{application}: the leader {} assigned {lease}{from} to {to}", name(leader));
            ("LeaseAssigned", text)
        }
        Fact::HandOffBegan { application, lease, leader, from, to } => (
            "HandOffBegan",
            format!("{application}: the leader {} asks {from} to hand {lease} over to {to}", name(leader)),
        ),
        Fact::LeaseHandedOver { application, lease, worker, to, is_forced } => {
            let how = match is_forced {
                true => "with its batch unfinished, because its time was up",
                false => "with its progress written",
            };
            let text = format!("{application}: {} handed {lease} over to {to}, {how}", name(worker));
            ("LeaseHandedOver", text)
        }
        Fact::WorkerHostChanged { worker, host } => (
            "WorkerHostChanged",
            format!(
                "{} runs on a host with {} vCPUs, of which others use {} %",
                name(worker),
                host.vcpus,
                host.other_load
            ),
        ),
        Fact::EmptyListProcessed { actor, shard, count, .. } => {
            let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
            (
                "EmptyListProcessed",
                format!("{} called processRecords of {shard} {times} with no records", name(actor)),
            )
        }
        Fact::LeaseTableDeleted { application } => {
            ("LeaseTableDeleted", format!("somebody deleted the lease table {application}"))
        }
        Fact::TableCapacityChanged { application, capacity } => {
            let text = match capacity {
                TableCapacity::OnDemand => format!("lease table {application} is on demand"),
                TableCapacity::Provisioned { read, write } => {
                    format!("lease table {application} has {read} read and {write} write units a second")
                }
            };
            ("TableCapacityChanged", text)
        }
        Fact::LeaseTableThrottled { application, worker } => (
            "LeaseTableThrottled",
            format!(
                "lease table {application} refused {}: ProvisionedThroughputExceededException",
                name(worker)
            ),
        ),
        Fact::CheckpointRefused { application, lease, worker } => (
            "CheckpointRefused",
            format!(
                "{application}: {} cannot checkpoint {lease}, it does not hold the lease (ShutdownException)",
                name(worker)
            ),
        ),
        Fact::RecordsMissed { application, shard, count } => {
            ("RecordsMissed", format!("{application} went past {count} records of {shard} unprocessed"))
        }
        Fact::AggregatesThrownAway { application, shard, count } => (
            "AggregatesThrownAway",
            format!(
                "{application} threw {count} aggregated records of {shard} away: they hold user records of other shards"
            ),
        ),
        Fact::ApplicationChanged { application } => {
            ("ApplicationChanged", format!("{application} has new settings"))
        }
        Fact::Checkpointed { application, lease, worker, checkpoint } => {
            ("Checkpointed", format!("{application}: {} checkpointed {lease} at {checkpoint}", name(worker)))
        }
        Fact::WorkerCrashed { worker } => ("WorkerCrashed", format!("{} crashed", name(worker))),
        Fact::WorkerPaused { worker } => ("WorkerPaused", format!("{} stands still", name(worker))),
        Fact::WorkerResumed { worker } => ("WorkerResumed", format!("{} goes on", name(worker))),
        Fact::WorkerRestarted { worker } => ("WorkerRestarted", format!("{} started again", name(worker))),
        Fact::PolicyChanged { principal, policy } => {
            ("PolicyChanged", format!("{principal}: its policy {policy} was set or removed"))
        }
        Fact::Account(fact) => account_text(world, fact),
        Fact::Attached { program, role, subnet } => {
            let role = role.as_ref().map_or("the admin".to_owned(), |role| format!("role {role}"));
            ("Attached", format!("{program} calls as {role}, from {}", subnet.sentence()))
        }
        Fact::AccessDenied { sentence } => ("AccessDenied", sentence.clone()),
        Fact::KeyStateChanged { key, state } => ("KeyStateChanged", format!("key {key} is {}", state.name())),
        Fact::FaultBegan { number, fault } => {
            ("FaultBegan", format!("fault {number} begins: {}", fault_text(fault)))
        }
        Fact::FaultEnded { number, fault, end } => {
            let how = match end {
                FaultEnd::Over => "is over",
                FaultEnd::Cleared => "is cleared",
                FaultEnd::Happened => "has happened",
            };
            ("FaultEnded", format!("fault {number} {how}: {}", fault_text(fault)))
        }
        Fact::MessageLost { actor, call, is_answer } => {
            let call = match call {
                CallKind::Kinesis(operation) => operation.name(),
                CallKind::LeaseTable => "a call to its lease table",
                CallKind::Invoke => "Invoke",
                CallKind::PutObject => "PutObject",
                CallKind::SendMessage => "SendMessage",
                CallKind::ListObjects => "ListObjectsV2",
                CallKind::GetObject => "GetObject",
            };
            let what = if *is_answer { "the answer to " } else { "" };
            ("MessageLost", format!("{}: {what}{call} got lost", name(actor)))
        }
        Fact::BatchSkipped { actor, shard, count, .. } => (
            "BatchSkipped",
            format!(
                "{} threw an exception at a record of {shard}: KCL goes on behind the batch, and {} of it are never processed",
                name(actor),
                records(*count)
            ),
        ),
        Fact::SignatureRefused { actor } => (
            "SignatureRefused",
            format!(
                "{}: AWS refused a signature by a clock that is more than five minutes wrong; the SDK corrects it and tries again",
                name(actor)
            ),
        ),
        Fact::Answered { name, value } => ("Answered", format!("answer {name}: {value}")),
        Fact::BucketCreated { bucket } => ("BucketCreated", format!("bucket {bucket} exists")),
        Fact::BucketDeleted { bucket } => ("BucketDeleted", format!("bucket {bucket} is gone")),
        Fact::ObjectWritten { bucket, key, size } => {
            ("ObjectWritten", format!("s3://{bucket}/{key} was written ({size} bytes)"))
        }
        Fact::DeliveryStreamStatusChanged { actor, status } => {
            ("DeliveryStreamStatusChanged", format!("Firehose stream {} is {}", name(actor), status.name()))
        }
        Fact::RecordsDelivered { actor, count, bytes, freshness, is_failed } => {
            let what = if *is_failed { "failed records as errors" } else { "records" };
            let text = format!(
                "{} delivered {count} {what} ({bytes} bytes), the oldest after {} ms",
                name(actor),
                freshness.millis()
            );
            ("RecordsDelivered", text)
        }
        Fact::DeliveryFailed { actor, error, at } => {
            ("DeliveryFailed", format!("{} could not deliver ({}), again at {at}", name(actor), error.code()))
        }
        Fact::RecordsUndelivered { actor, count } => (
            "RecordsUndelivered",
            format!("{} gave {} up: the stream's retention is over", name(actor), records(*count)),
        ),
        Fact::FlinkStatusChanged { actor, status } => {
            let what = match status {
                FlinkStatus::Restarting => "restarts from its last checkpoint".to_owned(),
                FlinkStatus::Starting
                | FlinkStatus::Running
                | FlinkStatus::Stopping
                | FlinkStatus::Ready
                | FlinkStatus::Deleting
                | FlinkStatus::Deleted => format!("is {}", status.name()),
            };
            ("FlinkStatusChanged", format!("Flink application {} {what}", name(actor)))
        }
        Fact::FlinkCheckpointed { actor, records } => {
            ("FlinkCheckpointed", format!("{} made a checkpoint after {records} records", name(actor)))
        }
        Fact::LateRecordDropped { actor, shard, event } => (
            "LateRecordDropped",
            format!("{} dropped a late record of {shard}, event time {event}", name(actor)),
        ),
        Fact::WindowsClosed { actor, rows } => {
            ("WindowsClosed", format!("{}: the watermark closed windows with {rows} results", name(actor)))
        }
        Fact::DmsTaskStatusChanged { actor, status } => {
            ("DmsTaskStatusChanged", format!("replication task {} is {}", name(actor), status.name()))
        }
        Fact::DmsFullLoadDone { actor, rows } => {
            ("DmsFullLoadDone", format!("{}: the full load is done, {rows} rows", name(actor)))
        }
        Fact::MessageSent { destination } => ("MessageSent", format!("a message arrived at {destination}")),
        Fact::FunctionChanged { function, change } => {
            let what = match change {
                FunctionChange::Created => "exists",
                FunctionChange::Updated => "behaves in another way",
                FunctionChange::Deleted => "is gone",
            };
            ("FunctionChanged", format!("function {function} {what}"))
        }
        Fact::MappingStateChanged { actor, state } => {
            ("MappingStateChanged", format!("event source mapping of {} is {}", name(actor), state.name()))
        }
        Fact::FunctionInvoked { actor, shard, count, end, took, iterator_age } => (
            "FunctionInvoked",
            format!(
                "{} {} with {} of {shard} after {} ms (IteratorAge {} ms)",
                name(actor),
                end.words(),
                records(*count),
                took.millis(),
                iterator_age.millis()
            ),
        ),
        Fact::BatchRetried { actor, shard, count, retry, at } => (
            "BatchRetried",
            format!(
                "{}: {} of {shard} will be tried again at {at} (retry {retry})",
                name(actor),
                records(*count)
            ),
        ),
        Fact::BatchBisected { actor, shard, first, second } => (
            "BatchBisected",
            format!("{}: a failed batch of {shard} was cut into {first} and {second}", name(actor)),
        ),
        Fact::RecordsDiscarded { actor, shard, count, reason, destination, .. } => {
            let to = destination
                .as_ref()
                .map_or(", and nobody is told".to_owned(), |arn| format!(", {arn} is told"));
            let text =
                format!("{} gave up {} of {shard}: {}{to}", name(actor), records(*count), reason.condition());
            ("RecordsDiscarded", text)
        }
        Fact::ObjectDeleted { bucket, key } => ("ObjectDeleted", format!("s3://{bucket}/{key} was deleted")),
    }
}

fn account_text(world: &World, fact: &AccountFact) -> (&'static str, String) {
    match fact {
        AccountFact::AlarmStored { alarm } => ("AlarmStored", format!("alarm {alarm} is watched")),
        AccountFact::AlarmDeleted { alarm } => ("AlarmDeleted", format!("alarm {alarm} is gone")),
        AccountFact::AlarmStateChanged { alarm, state } => {
            ("AlarmStateChanged", format!("alarm {alarm} is {}", state.name()))
        }
        AccountFact::EndpointSet { service } => {
            ("EndpointSet", format!("the VPC has an endpoint for {}", service.name()))
        }
        AccountFact::EndpointDeleted { service } => {
            ("EndpointDeleted", format!("the VPC has no endpoint for {} any more", service.name()))
        }
        AccountFact::KeyPolicySet { key } => ("KeyPolicySet", format!("key {key} has another policy")),
        AccountFact::IdentityCreated { principal } => {
            ("IdentityCreated", format!("{principal} is there, without any policy"))
        }
        AccountFact::IdentityDeleted { principal } => ("IdentityDeleted", format!("{principal} is gone")),
        AccountFact::ConnectionTimedOut { actor, service } => {
            let host = service.host(world.service().region());
            let text =
                format!("{}: connection to {host} timed out: no route leads there", world.actor_name(*actor));
            ("ConnectionTimedOut", text)
        }
        AccountFact::DataEventsSet { name } => {
            ("DataEventsSet", format!("CloudTrail's data events are {name}"))
        }
    }
}

fn records(count: u32) -> String {
    if count == 1 { "1 record".to_owned() } else { format!("{count} records") }
}
