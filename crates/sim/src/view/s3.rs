//! The picture of Amazon S3.

use serde::Serialize;

use crate::World;

/// A bucket and the objects of it that were written last.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BucketView {
    pub name: String,
    pub created_ms: u64,
    pub object_count: u64,
    /// Bytes of all objects.
    pub size: u64,
    /// The newest objects, newest first.
    pub objects: Vec<ObjectView>,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectView {
    pub key: String,
    /// Bytes of the content.
    pub size: u64,
    pub written_ms: u64,
    /// Whether the content is still kept and can be opened.
    pub is_kept: bool,
}

/// Objects shown of each bucket.
const OBJECTS_SHOWN: usize = 50;

impl World {
    pub(super) fn bucket_views(&self) -> Vec<BucketView> {
        let buckets = self.s3().buckets();
        buckets
            .map(|(name, bucket)| {
                let mut objects: Vec<_> = bucket.objects().collect();
                objects.sort_by_key(|(_, object)| std::cmp::Reverse(object.number()));
                let newest = objects.into_iter().take(OBJECTS_SHOWN);
                BucketView {
                    name: name.clone(),
                    created_ms: bucket.created.millis(),
                    object_count: bucket.object_count() as u64,
                    size: bucket.size(),
                    objects: newest
                        .map(|(key, object)| ObjectView {
                            key: key.to_owned(),
                            size: object.size,
                            written_ms: object.written.millis(),
                            is_kept: object.body.is_some(),
                        })
                        .collect(),
                }
            })
            .collect()
    }
}
