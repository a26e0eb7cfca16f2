//! Data Firehose without a stream as source, and what objects are packed into.

#![allow(clippy::unwrap_used)] // Helpers of tests.

mod support;

use std::sync::Arc;

use serde_json::Value;
use sim::*;
use support::*;

fn bucket(name: &str) -> Command {
    Command::S3(S3Command::CreateBucket { bucket: name.into() })
}

/// An ACTIVE Firehose stream to which producers put.
fn direct(change: impl FnOnce(&mut DeliveryStreamSpec)) -> Sandbox {
    let mut sandbox = sandbox();
    give(&mut sandbox, bucket("lake"));
    let mut spec = DeliveryStreamSpec::direct_put("clicks", "lake");
    spec.interval_in_seconds = 60;
    change(&mut spec);
    give(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into());
    seconds(&mut sandbox, 25);
    sandbox
}

fn put(records: &[&[u8]], is_batch: bool) -> Command {
    let records = records.iter().map(|data| Arc::from(*data)).collect();
    FirehoseCommand::PutRecords { name: "clicks".into(), records, is_batch }.into()
}

fn refused(sandbox: &mut Sandbox, command: Command) -> (String, String) {
    let before = sandbox.digest();
    let refusal = sandbox.submit(command).expect_err("it is refused");
    assert_eq!(sandbox.digest(), before, "and nothing has changed");
    (refusal.code().unwrap_or_default().to_owned(), refusal.reason().to_owned())
}

fn objects(sandbox: &Sandbox) -> Vec<(String, Object)> {
    let bucket = sandbox.world().s3().bucket("lake").unwrap();
    bucket.objects().map(|(key, object)| (key.to_owned(), object.clone())).collect()
}

fn firehose(sandbox: &Sandbox) -> DeliveryStreamView {
    let stream = view(sandbox).delivery_streams[0].clone();
    let ended = stream.delivered + stream.dropped + stream.failed + stream.lost;
    assert_eq!(stream.read, ended + stream.waiting, "{stream:?}");
    stream
}

// Direct PUT ----------------------------------------------------------------------------------------------------------

#[test]
fn what_is_put_is_delivered_when_the_buffers_time_is_over() {
    let mut sandbox = direct(|spec| spec.append_delimiter = true);
    give(&mut sandbox, put(&[b"one"], false));
    give(&mut sandbox, put(&[b"two", b"three"], true));
    let ids: Vec<Option<String>> = sandbox
        .world()
        .delivery_streams()
        .next()
        .unwrap()
        .1
        .newest_put()
        .iter()
        .map(|it| it.record_id())
        .collect();
    assert_eq!(ids.len(), 2);
    assert!(ids[0] != ids[1] && ids.iter().flatten().all(|id| id.len() == 224), "{ids:?}");
    seconds(&mut sandbox, 59);
    assert!(objects(&sandbox).is_empty());
    seconds(&mut sandbox, 3);
    let objects = objects(&sandbox);
    assert_eq!(objects[0].1.body.as_ref().unwrap().bytes(), b"one\ntwo\nthree\n");
    assert_eq!((firehose(&sandbox).delivered, firehose(&sandbox).stream), (3, None));
}

/// Documented: with a Kinesis stream as source, PutRecord and PutRecordBatch are disabled.
#[test]
fn a_stream_with_a_source_takes_no_puts() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, bucket("lake"));
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    give(
        &mut sandbox,
        FirehoseCommand::CreateDeliveryStream(DeliveryStreamSpec::new("clicks", arn, "lake")).into(),
    );
    seconds(&mut sandbox, 25);
    let (code, message) = refused(&mut sandbox, put(&[b"x"], false));
    assert_eq!(code, "InvalidArgumentException");
    assert_eq!(message, "This operation is not permitted on KinesisStreamAsSource delivery stream type.");
}

/// Documented: 1,000 KiB a record, 500 records and 4 MiB a batch; the sentences are those of AWS's validation.
#[test]
fn a_put_outside_of_the_ranges_is_refused_and_changes_nothing() {
    let mut sandbox = direct(|_| {});
    let large = vec![0; 1_024_001];
    let (code, message) = refused(&mut sandbox, put(&[&large], false));
    assert_eq!(code, "ValidationException");
    assert_eq!(
        message,
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1024001 cap=1024001]' at 'record.data' \
         failed to satisfy constraint: Member must have length less than or equal to 1024000"
    );
    let many = vec![&b"x"[..]; 501];
    assert!(refused(&mut sandbox, put(&many, true)).1.ends_with("length less than or equal to 500"));
    assert!(refused(&mut sandbox, put(&[], true)).1.ends_with("length greater than or equal to 1"));
    let heavy = vec![0; 1_000_000];
    let five = vec![&heavy[..]; 5];
    let (code, message) = refused(&mut sandbox, put(&five, true));
    assert_eq!(
        (code.as_str(), message.as_str()),
        ("InvalidArgumentException", "Records size exceeds 4 MB limit")
    );
    let command = FirehoseCommand::PutRecords {
        name: "none".into(),
        records: vec![Arc::from(&b"x"[..])],
        is_batch: false,
    };
    assert_eq!(
        refused(&mut sandbox, command.into()).1,
        "Firehose none under account 123456789012 not found."
    );
}

/// Documented: 5 MiB a second in us-east-1; PutRecordBatch refuses single entries, PutRecord the call.
#[test]
fn more_than_the_quota_of_a_second_is_refused() {
    let mut sandbox = direct(|_| {});
    let heavy = vec![b'x'; 1 << 20];
    let heavy = &heavy[..1_000 << 10];
    give(&mut sandbox, put(&[heavy; 4], true));
    give(&mut sandbox, put(&[heavy; 2], true));
    let results = sandbox.world().delivery_streams().next().unwrap().1.newest_put().to_vec();
    assert_eq!(results.iter().filter(|result| **result == PutResult::Refused).count(), 1, "{results:?}");
    let (code, message) = refused(&mut sandbox, put(&[heavy], false));
    assert_eq!((code.as_str(), message.as_str()), ("ServiceUnavailableException", "Slow down."));
    seconds(&mut sandbox, 1);
    give(&mut sandbox, put(&[heavy], false));
    assert_eq!(firehose(&sandbox).read, 6);
    seconds(&mut sandbox, 180);
    let of = |name: &str| {
        let name = MetricName::new("AWS/Firehose", name, &[("DeliveryStreamName", "clicks")]);
        let points = sandbox.world().metric_statistics(&name, kinesis::Instant::default(), sandbox.now(), 1);
        points.iter().map(|point| point.sum).sum::<u64>()
    };
    assert_eq!((of("IncomingRecords"), of("ThrottledRecords"), of("IncomingPutRequests")), (6, 1, 3));
    assert_eq!((of("PutRecord.Requests"), of("PutRecordBatch.Requests")), (1, 2));
    assert_eq!(of("PutRecordBatch.Records"), 5);
    assert_eq!(of("IncomingBytes"), 6 * (1_000 << 10));
}

/// Documented: what was put directly is kept for 24 hours while it cannot be delivered.
#[test]
fn what_was_put_directly_is_lost_after_a_day() {
    let mut sandbox = direct(|spec| spec.bucket = "nowhere".into());
    give(&mut sandbox, put(&[b"x"], false));
    seconds(&mut sandbox, 23 * 3_600);
    assert_eq!((firehose(&sandbox).waiting, firehose(&sandbox).lost), (1, 0));
    seconds(&mut sandbox, 2 * 3_600);
    assert_eq!((firehose(&sandbox).waiting, firehose(&sandbox).lost), (0, 1));
}

#[test]
fn a_saved_session_brings_puts_back_and_undo_takes_them_away() {
    let mut sandbox = direct(|spec| spec.compression_format = CompressionFormat::Gzip);
    give(&mut sandbox, put(&[b"one", b"\xff\x00"], true));
    let saved = sandbox.save().unwrap();
    let opened = Sandbox::load(&saved, ()).unwrap().0;
    assert_eq!(opened.digest(), sandbox.digest());
    assert_eq!(firehose(&opened).read, 2);
    assert!(sandbox.undo());
    assert_eq!(firehose(&sandbox).read, 0);
}

// Compression and conversion ------------------------------------------------------------------------------------------

/// Documented: Amazon S3 object name format: the file's ending follows the compression.
#[test]
fn a_compressed_object_ends_in_gz_and_is_smaller_than_what_is_in_it() {
    let mut sandbox = direct(|spec| spec.compression_format = CompressionFormat::Gzip);
    let line = br#"{"customer":"ana","amount":12}"#;
    give(&mut sandbox, put(&[&line[..]; 400], true));
    seconds(&mut sandbox, 65);
    let (key, object) = objects(&sandbox)[0].clone();
    assert!(key.ends_with(".gz"), "{key}");
    let body = object.body.unwrap();
    assert_eq!(body.bytes()[..3], [0x1f, 0x8b, 8], "a gzip file");
    assert_eq!((object.size, body.content().len()), (body.bytes().len() as u64, 400 * line.len()));
    assert!(object.size < 300, "{}", object.size);
    assert_eq!(firehose(&sandbox).bytes, object.size);
}

/// Documented: Record format conversion: JSON becomes Parquet or ORC, what is no JSON goes to
/// `format-conversion-failed/`.
#[test]
fn conversion_takes_json_and_puts_aside_what_is_none() {
    let mut sandbox = direct(|spec| {
        spec.size_in_mbs = 64;
        (spec.output_format, spec.schema) = (Some(OutputFormat::Parquet), Some("shop.orders".into()));
    });
    give(&mut sandbox, put(&[br#"{"n":1}"#, b"1,ana", br#"{"n":2}"#], true));
    seconds(&mut sandbox, 65);
    let objects = objects(&sandbox);
    assert_eq!(objects.len(), 2);
    let (good, bad) = match objects[0].0.starts_with("format-conversion-failed/") {
        true => (&objects[1], &objects[0]),
        false => (&objects[0], &objects[1]),
    };
    assert!(good.0.ends_with(".parquet"), "{}", good.0);
    assert_eq!(good.1.body.as_ref().unwrap().content(), b"{\"n\":1}\n{\"n\":2}\n");
    assert!(bad.0.starts_with("format-conversion-failed/2026/01/01/00/clicks-1-"), "{}", bad.0);
    let line: Value = serde_json::from_slice(&bad.1.body.as_ref().unwrap().bytes()).unwrap();
    assert_eq!(line["lastErrorCode"], "DataFormatConversion.MalformedData");
    assert_eq!(line["rawData"], "MSxhbmE=");
    assert_eq!((firehose(&sandbox).delivered, firehose(&sandbox).failed), (2, 1));
}

#[test]
fn conversion_is_refused_in_aws_words_where_it_cannot_be() {
    let create = |change: fn(&mut DeliveryStreamSpec)| {
        let mut sandbox = sandbox();
        let mut spec = DeliveryStreamSpec::direct_put("clicks", "lake");
        (spec.size_in_mbs, spec.output_format, spec.schema) =
            (128, Some(OutputFormat::Orc), Some("shop.orders".into()));
        change(&mut spec);
        refused(&mut sandbox, FirehoseCommand::CreateDeliveryStream(spec).into()).1
    };
    assert_eq!(
        create(|spec| spec.size_in_mbs = 63),
        "BufferingHints.SizeInMBs must be at least 64 when data format conversion is enabled."
    );
    assert_eq!(
        create(|spec| spec.compression_format = CompressionFormat::Gzip),
        "CompressionFormat must be UNCOMPRESSED when data format conversion is enabled."
    );
    assert_eq!(
        create(|spec| spec.schema = None),
        "SchemaConfiguration must name a database and a table of AWS Glue."
    );
}
