//! Verbs for buckets and objects of Amazon S3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sim::{Command, S3Command};

use super::Built;
use crate::verbs::Given;
use crate::{Line, UsageError};

fn s3(command: S3Command) -> Built {
    Ok(Line::Command(Command::S3(command)))
}

pub(in crate::verbs) fn bucket_create(given: &Given<'_>) -> Built {
    s3(S3Command::CreateBucket { bucket: given.place(0).text.to_owned() })
}

pub(in crate::verbs) fn bucket_delete(given: &Given<'_>) -> Built {
    s3(S3Command::DeleteBucket { bucket: given.place(0).text.to_owned() })
}

fn put(given: &Given<'_>, content: Vec<u8>) -> Built {
    let (bucket, key) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    s3(S3Command::PutObject { bucket, key, content: content.into() })
}

pub(in crate::verbs) fn object_put(given: &Given<'_>) -> Built {
    put(given, given.place(2).text.as_bytes().to_vec())
}

pub(in crate::verbs) fn object_decode(given: &Given<'_>) -> Built {
    let text = given.place(2);
    match BASE64.decode(text.text) {
        Ok(bytes) => put(given, bytes),
        Err(_) => Err(UsageError::sandbox(text.span, "this is no base64")),
    }
}

pub(in crate::verbs) fn object_delete(given: &Given<'_>) -> Built {
    let (bucket, key) = (given.place(0).text.to_owned(), given.place(1).text.to_owned());
    s3(S3Command::DeleteObject { bucket, key })
}
