//! Frames of `application/vnd.amazon.eventstream`: what goes over the connection of a subscription.
//!
//! Documented: "Amazon event stream specification" of the Smithy documentation. A frame is its length and that of its
//! headers, a checksum of these, the headers, the payload, and a checksum of it all; numbers are big-endian.
//! Assumed: payloads are `application/json`, as clients and other simulators of this service have it.

use crc::{CRC_32_ISO_HDLC, Crc, Table};
use kinesis::Push;
use serde::Serialize;

use crate::encode::to_json;

/// The content type of an answer that goes on as a stream of events.
pub const EVENT_STREAM_CONTENT_TYPE: &str = "application/vnd.amazon.eventstream";

/// One small table: the larger ones are quicker and take 16 KB of the page.
const CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);
/// Header values of this type are text.
const STRING: u8 = 7;
const PRELUDE_BYTES: usize = 12;
const CHECKSUM_BYTES: usize = 4;

#[derive(Serialize)]
struct Message<'a> {
    message: &'a str,
}

/// The first frame: the answer of the operation itself, which has no members.
pub fn initial_response_frame() -> Vec<u8> {
    event_frame("initial-response", "{}")
}

/// An event, or the exception that ends the subscription.
pub fn push_frame(push: &Push) -> Vec<u8> {
    match push {
        Push::Event(event) => event_frame("SubscribeToShardEvent", &to_json(event)),
        Push::Exception(error) => {
            let payload = to_json(&Message { message: error.message() });
            frame("exception", (":exception-type", error.code().name()), &payload)
        }
    }
}

fn event_frame(kind: &str, payload: &str) -> Vec<u8> {
    frame("event", (":event-type", kind), payload)
}

fn frame(message_type: &str, kind: (&str, &str), payload: &str) -> Vec<u8> {
    let mut headers = Vec::new();
    for (name, value) in [kind, (":content-type", "application/json"), (":message-type", message_type)] {
        headers.push(name.len() as u8);
        headers.extend_from_slice(name.as_bytes());
        headers.push(STRING);
        headers.extend_from_slice(&(value.len() as u16).to_be_bytes());
        headers.extend_from_slice(value.as_bytes());
    }
    let size = PRELUDE_BYTES + headers.len() + payload.len() + CHECKSUM_BYTES;
    let mut frame = Vec::with_capacity(size);
    frame.extend_from_slice(&(size as u32).to_be_bytes());
    frame.extend_from_slice(&(headers.len() as u32).to_be_bytes());
    frame.extend_from_slice(&CRC.checksum(&frame).to_be_bytes());
    frame.extend_from_slice(&headers);
    frame.extend_from_slice(payload.as_bytes());
    frame.extend_from_slice(&CRC.checksum(&frame).to_be_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use kinesis::{
        Blob, CallContext, Caller, CreateStreamInput, DeregisterStreamConsumerInput, Instant, Keys,
        LimitsProfile, Record, RegisterStreamConsumerInput, Request, Seconds, SequenceNumber, Service,
        ShardId, StartingPosition, SubscribeToShardEvent, SubscribeToShardInput,
    };

    use super::*;

    /// The same headers and payloads encoded by `@smithy/eventstream-codec` 4.5.2 of the AWS SDK for JavaScript, and
    /// read back by `EventStreamBuffer` of botocore 1.44.5.
    const INITIAL: &str = "00000068000000564e6817240b3a6576656e742d74797065070010696e697469616c2d726573706f6e73650d3a636f6e7465\
         6e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576656e747b7d\
         d591c62b";
    const EVENT: &str = "0000018b0000005b94f105330b3a6576656e742d74797065070015537562736372696265546f53686172644576656e740d3a\
         636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d747970650700056576\
         656e747b225265636f726473223a5b7b2253657175656e63654e756d626572223a2234393637303432343437323733313136\
         39383631303631383934333833313434303934333531303834383537343135313539353133303930222c22417070726f7869\
         6d6174654172726976616c54696d657374616d70223a313736373232353630302e32352c2244617461223a22614756736247\
         383d222c22506172746974696f6e4b6579223a22757365722d31227d5d2c22436f6e74696e756174696f6e53657175656e63\
         654e756d626572223a2234393637303432343437323733313136393836313036313839343338333134343039343335313038\
         34383537343135313539353133303930222c224d696c6c6973426568696e644c6174657374223a307d4d89c6ca";
    const EXCEPTION: &str = "000000b6000000672973d6260f3a657863657074696f6e2d747970650700195265736f757263654e6f74466f756e64457863\
         657074696f6e0d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e0d3a6d6573736167652d74\
         797065070009657863657074696f6e7b226d657373616765223a22436f6e73756d65722062696c6c696e672c206163636f75\
         6e7420313233343536373839303132206e6f7420666f756e642e227d5a6621e6";

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn the_initial_response_is_framed_as_the_sdk_frames_it() {
        assert_eq!(hex(&initial_response_frame()), INITIAL);
    }

    #[test]
    fn an_event_is_framed_as_the_sdk_frames_it() {
        let number = "49670424472731169861061894383144094351084857415159513090";
        let payload = format!(
            "{{\"Records\":[{{\"SequenceNumber\":\"{number}\",\"ApproximateArrivalTimestamp\":1767225600.25,\"Data\":\
             \"aGVsbG8=\",\"PartitionKey\":\"user-1\"}}],\"ContinuationSequenceNumber\":\"{number}\",\
             \"MillisBehindLatest\":0}}"
        );
        assert_eq!(hex(&event_frame("SubscribeToShardEvent", &payload)), EVENT);
    }

    #[test]
    fn an_event_is_its_json_in_a_frame() {
        let event = SubscribeToShardEvent {
            records: [Record {
                sequence_number: SequenceNumber {
                    shard_created: 7,
                    index: 1,
                    recorded: 9,
                    shard: ShardId(3),
                },
                approximate_arrival_timestamp: Seconds(Instant::from_millis(9_250)),
                data: Blob::from("hello"),
                partition_key: "user-1".into(),
                encryption_type: None,
            }]
            .into_iter()
            .collect(),
            continuation_sequence_number: None,
            millis_behind_latest: 5,
            child_shards: None,
        };
        let payload = format!(
            "{{\"Records\":[{{\"SequenceNumber\":\"{}\",\"ApproximateArrivalTimestamp\":9.25,\"Data\":\"aGVsbG8=\",\
             \"PartitionKey\":\"user-1\"}}],\"MillisBehindLatest\":5}}",
            event.records.first_number().unwrap()
        );
        assert_eq!(push_frame(&Push::Event(event)), event_frame("SubscribeToShardEvent", &payload));
    }

    #[test]
    fn an_exception_is_framed_as_the_sdk_frames_it() {
        let exception = exception_of_a_deregistered_consumer();
        assert_eq!(hex(&push_frame(&exception)), EXCEPTION);
    }

    fn exception_of_a_deregistered_consumer() -> Push {
        let mut service = Service::new(LimitsProfile::Exam, "123456789012", "us-east-1");
        let stream_arn = Some("arn:aws:kinesis:us-east-1:123456789012:stream/orders".to_owned());
        let consumer_arn = stream_arn.as_ref().map(|arn| format!("{arn}/consumer/billing:30"));
        let position = StartingPosition { kind: Some("LATEST".to_owned()), ..Default::default() };
        let consumer_name = Some("billing".to_owned());
        let requests: [Request; 4] = [
            CreateStreamInput {
                stream_name: Some("orders".to_owned()),
                shard_count: Some(1),
                ..Default::default()
            }
            .into(),
            RegisterStreamConsumerInput { stream_arn, consumer_name, tags: None }.into(),
            SubscribeToShardInput {
                consumer_arn: consumer_arn.clone(),
                shard_id: Some("shardId-000000000000".to_owned()),
                starting_position: Some(position),
                dry_run: None,
            }
            .into(),
            DeregisterStreamConsumerInput { consumer_arn, ..Default::default() }.into(),
        ];
        let (caller, keys) = (Caller::administrator("123456789012"), Keys::default());
        let (mut now, mut facts) = (Instant::default(), Vec::new());
        for (i, request) in requests.iter().enumerate() {
            now = Instant::from_seconds(30 * i as u64);
            service.settle(now, &mut facts);
            service.handle(&CallContext { now, caller: &caller, keys: &keys }, request, &mut facts).unwrap();
        }
        let mut exceptions = facts.iter().filter_map(|fact| service.pushed(fact, now));
        exceptions.find(|push| matches!(push, Push::Exception(_))).unwrap()
    }
}
