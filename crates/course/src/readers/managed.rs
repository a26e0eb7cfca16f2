//! Managed services that read or fill a stream: Data Firehose and DMS, and the buckets that they write and read.

use sim::{DeliveryStream, DeliveryStreamStatus, DmsKey, DmsStatus, DmsTask, World};

use super::{Reader, reader};
use crate::check::{Args, Scene, Value};

pub(super) static READERS: &[Reader] = &[
    reader!("hose"."exists"("H"), whether "there is a Firehose stream {0}", |Scene { world, .. }, args| {
        Value::Bool(hose(world, args).is_some())
    }),
    reader!("hose"."status"("H"), "the status of Firehose stream {0}", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::text(hose.status.name()))
    }),
    reader!("hose"."delivered"("H"), "the number of records that Firehose stream {0} delivered", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::count(hose.counts.delivered))
    }),
    reader!("hose"."objects"("H"), "the number of objects that Firehose stream {0} wrote", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::count(hose.counts.objects))
    }),
    reader!("hose"."failed"("H"), "the number of records that Firehose stream {0} put under its error prefix", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::count(hose.counts.failed))
    }),
    reader!("hose"."delay_s"("H"), "the age in seconds of the oldest record that Firehose stream {0} has not delivered", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::count(hose.data_freshness(world.now()).seconds()))
    }),
    reader!("hose"."interval_s"("H"), "IntervalInSeconds of Firehose stream {0}", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::Number(hose.spec.interval_in_seconds))
    }),
    reader!("hose"."size_mb"("H"), "SizeInMBs of Firehose stream {0}", |Scene { world, .. }, args| {
        of_hose(world, args, |hose| Value::Number(hose.spec.size_in_mbs))
    }),
    reader!("bucket"."objects"("B", "prefix=", "suffix="), "the number of objects in bucket {0}", |Scene { world, .. }, args| {
        let Ok(bucket) = world.s3().bucket(args.first()) else { return Value::Missing };
        let (prefix, suffix) = (args.named("prefix").unwrap_or(""), args.named("suffix").unwrap_or(""));
        let meant = bucket.objects().filter(|(key, _)| key.starts_with(prefix) && key.ends_with(suffix));
        Value::count(meant.count() as u64)
    }),
    reader!("dms"."exists"("T"), whether "there is a DMS task {0}", |Scene { world, .. }, args| {
        Value::Bool(task(world, args).is_some())
    }),
    reader!("dms"."status"("T"), "the status of DMS task {0}", |Scene { world, .. }, args| {
        of_task(world, args, |task| Value::text(task.status.name()))
    }),
    reader!("dms"."rows"("T"), "the number of rows that DMS task {0} read", |Scene { world, .. }, args| {
        of_task(world, args, |task| {
            let counts = &task.counts;
            Value::count(counts.loads + counts.inserts + counts.updates + counts.deletes)
        })
    }),
    reader!("dms"."changes"("T"), "the number of changes that DMS task {0} read", |Scene { world, .. }, args| {
        of_task(world, args, |task| {
            Value::count(task.counts.inserts + task.counts.updates + task.counts.deletes)
        })
    }),
    reader!("dms"."key"("T"), "what DMS task {0} takes for the partition key", |Scene { world, .. }, args| {
        of_task(world, args, |task| Value::text(match task.spec.partition_key {
            DmsKey::SchemaTable => "schema-table",
            DmsKey::PrimaryKey => "primary-key",
        }))
    }),
];

fn hose<'a>(world: &'a World, args: &Args) -> Option<&'a DeliveryStream> {
    let known = world.delivery_streams().map(|(_, hose)| hose);
    known.filter(|hose| hose.spec.name == args.first() && hose.status != DeliveryStreamStatus::Deleted).last()
}

fn of_hose(world: &World, args: &Args, read: impl FnOnce(&DeliveryStream) -> Value) -> Value {
    hose(world, args).map_or(Value::Missing, read)
}

fn task<'a>(world: &'a World, args: &Args) -> Option<&'a DmsTask> {
    let known = world.dms_tasks().map(|(_, task)| task);
    known.filter(|task| task.spec.task == args.first() && task.status != DmsStatus::Deleted).last()
}

fn of_task(world: &World, args: &Args, read: impl FnOnce(&DmsTask) -> Value) -> Value {
    task(world, args).map_or(Value::Missing, read)
}
