//! What a learner does with Amazon S3.

use std::sync::Arc;

/// A change of buckets and objects; looking needs no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum S3Command {
    CreateBucket { bucket: String },
    DeleteBucket { bucket: String },
    PutObject { bucket: String, key: String, content: Arc<[u8]> },
    DeleteObject { bucket: String, key: String },
}
