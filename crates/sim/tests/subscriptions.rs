//! Subscriptions that are held from outside of the world: what is handed out, and what going back in time does.

mod support;

use kinesis::{DeregisterStreamConsumerInput, Push, RegisterStreamConsumerInput, SubscribeToShardInput};
use sim::{Command, Delivery, Sandbox, SandboxOptions};
use support::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

fn consumer_arn() -> Option<String> {
    Some(format!("{ARN}/consumer/billing:1767225620"))
}

/// A sandbox with an ACTIVE stream and an ACTIVE consumer of it.
fn with_consumer() -> Sandbox {
    let mut sandbox = with_stream(1);
    register(&mut sandbox);
    sandbox
}

fn register(sandbox: &mut Sandbox) {
    let register = RegisterStreamConsumerInput {
        stream_arn: Some(ARN.into()),
        consumer_name: Some("billing".into()),
        tags: None,
    };
    assert!(sandbox.request(register.into()).is_ok());
    seconds(sandbox, 5);
}

fn from(kind: &str) -> SubscribeToShardInput {
    SubscribeToShardInput {
        consumer_arn: consumer_arn(),
        shard_id: Some("shardId-000000000000".into()),
        starting_position: Some(kinesis::StartingPosition { kind: Some(kind.into()), ..Default::default() }),
        dry_run: None,
    }
}

fn put(sandbox: &mut Sandbox, key: &str) {
    assert!(sandbox.request(put_record("orders", key)).is_ok());
}

/// Partition keys that come out of a connection now, `-` for the initial response and `!` for an exception; `None`
/// where it has ended.
fn poll(sandbox: &mut Sandbox, id: u64) -> Option<Vec<String>> {
    let deliveries = sandbox.poll(id)?;
    let texts = |delivery: Delivery| match delivery {
        Delivery::InitialResponse => vec!["-".to_owned()],
        Delivery::Push(Push::Exception(_)) => vec!["!".to_owned()],
        Delivery::Push(Push::Event(event)) => {
            event.records.iter().map(|record| record.partition_key.to_string()).collect()
        }
    };
    Some(deliveries.into_iter().flat_map(texts).collect())
}

fn some(keys: &[&str]) -> Option<Vec<String>> {
    Some(keys.iter().map(|key| (*key).to_owned()).collect())
}

#[test]
fn each_record_is_handed_out_once_after_the_initial_response() {
    let mut sandbox = with_consumer();
    put(&mut sandbox, "a");
    let id = sandbox.subscribe(from("TRIM_HORIZON")).unwrap();
    assert_eq!(poll(&mut sandbox, id), some(&["-"]));
    assert_eq!(poll(&mut sandbox, id), some(&[]));
    seconds(&mut sandbox, 1);
    put(&mut sandbox, "b");
    seconds(&mut sandbox, 1);
    assert_eq!(poll(&mut sandbox, id), some(&["a", "b"]));
    assert_eq!(poll(&mut sandbox, id), some(&[]));
}

#[test]
fn after_five_minutes_everything_is_handed_out_and_then_it_is_over() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1_000);
    put(&mut sandbox, "too late");
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a"]));
    assert_eq!(poll(&mut sandbox, id), None);
    assert_eq!(poll(&mut sandbox, id), None);
}

#[test]
fn an_exception_comes_before_the_end() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    let deregister = DeregisterStreamConsumerInput { consumer_arn: consumer_arn(), ..Default::default() };
    assert!(sandbox.request(deregister.into()).is_ok());
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a", "!"]));
    assert_eq!(poll(&mut sandbox, id), None);
}

#[test]
fn a_refused_call_gives_no_connection() {
    let mut sandbox = with_stream(1);
    assert!(sandbox.subscribe(from("LATEST")).is_err());
    assert_eq!(sandbox.poll(1), None);
}

#[test]
fn a_closed_connection_is_closed_in_the_service_too() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    seconds(&mut sandbox, 1);
    sandbox.close(id);
    assert_eq!(poll(&mut sandbox, id), None);
    assert_eq!(sandbox.next_due(), None, "nothing is pushed any more");
    let entries = sandbox.entries().len();
    sandbox.close(id);
    assert_eq!(sandbox.entries().len(), entries);
}

#[test]
fn looking_back_hands_nothing_out_twice() {
    let mut sandbox = with_consumer();
    let begun = sandbox.now();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 10);
    put(&mut sandbox, "b");
    seconds(&mut sandbox, 10);
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a", "b"]));
    sandbox.seek(begun).unwrap();
    assert_eq!(poll(&mut sandbox, id), some(&[]));
    sandbox.seek(begun + kinesis::Duration::from_seconds(5)).unwrap();
    assert_eq!(poll(&mut sandbox, id), some(&[]));
    seconds(&mut sandbox, 15);
    assert_eq!(poll(&mut sandbox, id), some(&[]));
    put(&mut sandbox, "c");
    seconds(&mut sandbox, 1);
    assert_eq!(poll(&mut sandbox, id), some(&["c"]));
}

#[test]
fn looking_back_before_the_call_does_not_end_it() {
    let mut sandbox = with_consumer();
    let before = sandbox.now().back(kinesis::Duration::from_seconds(3));
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    let now = sandbox.now();
    sandbox.seek(before).unwrap();
    assert_eq!(poll(&mut sandbox, id), some(&[]));
    sandbox.seek(now).unwrap();
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a"]));
}

#[test]
fn what_happens_anew_after_an_undo_is_handed_out_anew() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    put(&mut sandbox, "undone");
    seconds(&mut sandbox, 1);
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a", "undone"]));
    assert!(sandbox.undo());
    put(&mut sandbox, "instead");
    seconds(&mut sandbox, 1);
    assert_eq!(poll(&mut sandbox, id), some(&["instead"]));
}

#[test]
fn a_subscription_that_was_undone_is_over_and_its_id_means_nothing_else() {
    let mut sandbox = with_stream(1);
    register(&mut sandbox);
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    assert!(sandbox.undo(), "the registration, and all that came after it");
    assert_eq!(poll(&mut sandbox, id), None);
    register(&mut sandbox);
    let other = sandbox.subscribe(from("LATEST")).unwrap();
    assert_ne!(other, id);
    assert_eq!(poll(&mut sandbox, id), None);
    assert_eq!(poll(&mut sandbox, other), some(&["-"]));
}

#[test]
fn a_close_in_the_past_cuts_no_future_off() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    seconds(&mut sandbox, 1);
    let then = sandbox.now();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 5);
    let entries = sandbox.entries().len();
    sandbox.seek(then.back(kinesis::Duration::from_millis(500))).unwrap();
    sandbox.close(id);
    assert_eq!(sandbox.entries().len(), entries);
    assert_eq!(poll(&mut sandbox, id), None);
}

#[test]
fn a_saved_session_subscribes_and_closes_again() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    seconds(&mut sandbox, 1);
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    sandbox.close(id);
    seconds(&mut sandbox, 1);
    let text = sandbox.save().unwrap();
    let (opened, warning) = Sandbox::load(&text, ()).unwrap();
    assert_eq!((opened.digest(), warning), (sandbox.digest(), None));
    let commands: Vec<&Command> = opened.entries().iter().map(|entry| &entry.command).collect();
    assert_eq!(commands.last(), Some(&&Command::CloseSubscription { subscription: 1 }));
}

#[test]
fn events_of_a_deleted_stream_are_gone_with_it_and_the_exception_stays() {
    let mut sandbox = with_consumer();
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    let delete = kinesis::DeleteStreamInput {
        stream_name: Some("orders".into()),
        enforce_consumer_deletion: Some(true),
        stream_arn: None,
    };
    assert!(sandbox.request(delete.into()).is_ok());
    seconds(&mut sandbox, 60);
    // A stream of the same name is another one.
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 20);
    put(&mut sandbox, "of the other one");
    assert_eq!(poll(&mut sandbox, id), some(&["-", "!"]));
    assert_eq!(poll(&mut sandbox, id), None);
}

#[test]
fn without_a_history_a_subscription_works_alike() {
    let mut sandbox = Sandbox::new(SandboxOptions { history: false, ..SandboxOptions::default() });
    give(&mut sandbox, create_stream("orders", 1));
    seconds(&mut sandbox, 20);
    register(&mut sandbox);
    let id = sandbox.subscribe(from("LATEST")).unwrap();
    put(&mut sandbox, "a");
    seconds(&mut sandbox, 1);
    assert_eq!(poll(&mut sandbox, id), some(&["-", "a"]));
    sandbox.close(id);
    assert_eq!(poll(&mut sandbox, id), None);
}
