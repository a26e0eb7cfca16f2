//! Buckets and objects as commands: refused in S3's words, undone, saved.

mod support;

use std::sync::Arc;

use sim::{Command, S3Command, Sandbox};
use support::*;

fn create(bucket: &str) -> Command {
    Command::S3(S3Command::CreateBucket { bucket: bucket.to_owned() })
}

fn put(bucket: &str, key: &str, text: &[u8]) -> Command {
    let content = Arc::from(text);
    Command::S3(S3Command::PutObject { bucket: bucket.to_owned(), key: key.to_owned(), content })
}

fn content(sandbox: &Sandbox, key: &str) -> Option<Vec<u8>> {
    let object = sandbox.world().s3().object("clicks", key).ok()?;
    object.body.as_ref().map(|body| body.bytes())
}

#[test]
fn an_object_can_be_opened_overwritten_and_undone() {
    let mut sandbox = sandbox();
    for command in [create("clicks"), put("clicks", "a", b"1"), put("clicks", "a", b"2")] {
        give(&mut sandbox, command);
    }
    assert_eq!(content(&sandbox, "a").as_deref(), Some(&b"2"[..]));
    assert!(sandbox.undo());
    assert_eq!(content(&sandbox, "a").as_deref(), Some(&b"1"[..]));
    let bucket = &view(&sandbox).buckets[0];
    assert_eq!((bucket.object_count, bucket.size, bucket.objects[0].key.as_str()), (1, 1, "a"));
}

/// Sentences: Amazon S3 API Reference, Error responses.
#[test]
fn what_s3_refuses_it_refuses_in_its_own_words_and_nothing_changes() {
    let mut sandbox = sandbox();
    give(&mut sandbox, create("clicks"));
    give(&mut sandbox, put("clicks", "a", b"1"));
    let digest = sandbox.digest();
    let delete = Command::S3(S3Command::DeleteBucket { bucket: "clicks".to_owned() });
    for (command, code, message) in [
        (put("nowhere", "a", b"1"), "NoSuchBucket", "The specified bucket does not exist"),
        (create("Clicks"), "InvalidBucketName", "The specified bucket is not valid."),
        (delete, "BucketNotEmpty", "The bucket you tried to delete is not empty"),
    ] {
        let refusal = sandbox.submit(command).unwrap_err();
        assert_eq!((refusal.code(), refusal.reason()), (Some(code), message));
    }
    assert_eq!(sandbox.digest(), digest);
}

#[test]
fn a_saved_session_brings_the_objects_back() {
    let mut sandbox = sandbox();
    let remove = Command::S3(S3Command::DeleteObject { bucket: "clicks".into(), key: "a".into() });
    for command in [
        create("clicks"),
        put("clicks", "a", b"1"),
        put("clicks", "b", b"\xff\0"),
        remove,
        create("gone"),
        Command::S3(S3Command::DeleteBucket { bucket: "gone".into() }),
    ] {
        give(&mut sandbox, command);
    }
    let (loaded, note) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!(note, None);
    assert_eq!(content(&loaded, "b").as_deref(), Some(&b"\xff\0"[..]));
    assert_eq!(content(&loaded, "a"), None);
    assert_eq!(loaded.world().s3().buckets().count(), 1);
}

#[test]
fn other_contents_give_another_digest() {
    let digest = |text: &[u8]| {
        let mut sandbox = sandbox();
        give(&mut sandbox, create("clicks"));
        give(&mut sandbox, put("clicks", "a", text));
        sandbox.digest()
    };
    assert_ne!(digest(b"1"), digest(b"2"));
}
