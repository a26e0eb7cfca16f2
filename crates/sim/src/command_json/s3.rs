//! Commands to Amazon S3 in saved sessions.

use super::{Content, Members, known, member, set, texts};
use crate::{Command, S3Command};

pub(super) fn write(command: &S3Command) -> (&'static str, Members) {
    match command {
        S3Command::CreateBucket { bucket } => ("CreateBucket", texts(&[("bucket", bucket)])),
        S3Command::DeleteBucket { bucket } => ("DeleteBucket", texts(&[("bucket", bucket)])),
        S3Command::PutObject { bucket, key, content } => {
            let mut members = texts(&[("bucket", bucket), ("key", key)]);
            set(&mut members, "content", content.write());
            ("PutObject", members)
        }
        S3Command::DeleteObject { bucket, key } => {
            ("DeleteObject", texts(&[("bucket", bucket), ("key", key)]))
        }
    }
}

/// Reads what [`write`] wrote; none where the name is another command's.
pub(super) fn read(name: &str, members: &Members) -> Option<Result<Command, String>> {
    let read: fn(&Members) -> Result<S3Command, String> = match name {
        "CreateBucket" => |members| {
            known(members, &["bucket"])?;
            Ok(S3Command::CreateBucket { bucket: member(members, "bucket")? })
        },
        "DeleteBucket" => |members| {
            known(members, &["bucket"])?;
            Ok(S3Command::DeleteBucket { bucket: member(members, "bucket")? })
        },
        "PutObject" => |members| {
            known(members, &["bucket", "key", "content"])?;
            let (bucket, key) = (member(members, "bucket")?, member(members, "key")?);
            Ok(S3Command::PutObject { bucket, key, content: member(members, "content")? })
        },
        "DeleteObject" => |members| {
            known(members, &["bucket", "key"])?;
            Ok(S3Command::DeleteObject { bucket: member(members, "bucket")?, key: member(members, "key")? })
        },
        _ => return None,
    };
    Some(read(members).map(Command::S3))
}
