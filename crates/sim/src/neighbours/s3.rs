//! Amazon S3 as far as streams meet it: buckets, and objects that are written, listed, opened and deleted as a whole.
//!
//! Simpler than the real thing: no versions, no parts, no storage classes, and one account to whom every bucket name
//! of the world belongs.

mod body;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use kinesis::{Instant, SortedMap};

pub use body::{Body, BodyForm};

/// The buckets of the account.
#[derive(Clone, Debug, Default)]
pub struct S3 {
    buckets: SortedMap<String, Bucket>,
    /// Objects over all buckets.
    object_count: u64,
    /// Bytes that the contents take that are still kept.
    kept_bytes: u64,
    /// Objects ever written: tells the older of two.
    written: u64,
}

/// A bucket and its objects by key.
#[derive(Clone, Debug)]
pub struct Bucket {
    pub created: Instant,
    objects: BTreeMap<Arc<str>, Arc<Object>>,
}

/// An object as it was last written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Object {
    pub written: Instant,
    /// Bytes of the content.
    pub size: u64,
    /// None where the sandbox had to forget it: see [`S3::KEPT_BYTES_MAX`].
    pub body: Option<Body>,
    /// Counted over all objects from 1.
    number: u64,
}

/// Why S3 did not do something. The names and sentences are S3's own but for the last two.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum S3Error {
    NoSuchBucket,
    NoSuchKey,
    BucketAlreadyOwnedByYou,
    BucketNotEmpty,
    InvalidBucketName,
    KeyTooLong,
    AccessDenied,
    EntityTooLarge,
    /// The sandbox keeps no more buckets.
    TooManyBuckets,
    /// The sandbox keeps no more objects.
    TooManyObjects,
}

impl S3Error {
    /// Documented: Amazon S3 API Reference, Error responses.
    pub fn code(self) -> &'static str {
        match self {
            S3Error::NoSuchBucket => "NoSuchBucket",
            S3Error::NoSuchKey => "NoSuchKey",
            S3Error::BucketAlreadyOwnedByYou => "BucketAlreadyOwnedByYou",
            S3Error::BucketNotEmpty => "BucketNotEmpty",
            S3Error::InvalidBucketName => "InvalidBucketName",
            S3Error::KeyTooLong => "KeyTooLongError",
            S3Error::AccessDenied => "AccessDenied",
            S3Error::EntityTooLarge => "EntityTooLarge",
            S3Error::TooManyBuckets => "TooManyBuckets",
            S3Error::TooManyObjects => "SlowDown",
        }
    }

    pub fn message(self) -> &'static str {
        match self {
            S3Error::NoSuchBucket => "The specified bucket does not exist",
            S3Error::NoSuchKey => "The specified key does not exist.",
            S3Error::BucketAlreadyOwnedByYou => {
                "Your previous request to create the named bucket succeeded and you already own it."
            }
            S3Error::BucketNotEmpty => "The bucket you tried to delete is not empty",
            S3Error::InvalidBucketName => "The specified bucket is not valid.",
            S3Error::KeyTooLong => "Your key is too long",
            S3Error::AccessDenied => "Access Denied",
            S3Error::EntityTooLarge => "Your proposed upload exceeds the maximum allowed size",
            S3Error::TooManyBuckets => "This sandbox keeps at most 100 buckets.",
            S3Error::TooManyObjects => "This sandbox keeps at most 20,000 objects: delete some.",
        }
    }
}

impl std::fmt::Display for S3Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl Object {
    /// Place among all objects ever written, from 1: tells the newer of two.
    pub fn number(&self) -> u64 {
        self.number
    }
}

impl Bucket {
    /// Objects in the order of their keys, as S3 lists them.
    pub fn objects(&self) -> impl DoubleEndedIterator<Item = (&str, &Object)> {
        self.objects.iter().map(|(key, object)| (&**key, &**object))
    }

    /// Objects whose keys begin with `prefix`, in the order of their keys.
    pub fn list<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a Object)> {
        let from = self.objects.range::<str, _>((Bound::Included(prefix), Bound::Unbounded));
        from.take_while(move |(key, _)| key.starts_with(prefix)).map(|(key, object)| (&**key, &**object))
    }

    pub fn object(&self, key: &str) -> Option<&Object> {
        self.objects.get(key).map(|object| &**object)
    }

    pub fn object_count(&self) -> usize {
        self.objects.len()
    }

    /// Bytes of all objects.
    pub fn size(&self) -> u64 {
        self.objects.values().map(|object| object.size).sum()
    }
}

impl S3 {
    /// Buckets of one world. Documented: an account has 10,000; the sandbox keeps fewer.
    pub const BUCKETS_MAX: usize = 100;
    /// Objects over all buckets; past it, writing a new one is refused.
    pub const OBJECTS_MAX: u64 = 20_000;
    /// Bytes of contents that are kept over all buckets. Past it the oldest contents are forgotten: the object stays in
    /// the list with its size and cannot be opened any more.
    pub const KEPT_BYTES_MAX: u64 = 64 << 20;
    /// Bytes of one object. Documented: 5 GiB in one PutObject; the sandbox takes less.
    pub const OBJECT_BYTES_MAX: u64 = 256 << 20;
    /// Documented: Amazon S3 User Guide, Naming objects: 1,024 bytes of UTF-8.
    pub const KEY_BYTES_MAX: usize = 1_024;

    /// Buckets by name.
    pub fn buckets(&self) -> impl Iterator<Item = (&String, &Bucket)> {
        self.buckets.iter()
    }

    pub fn bucket(&self, name: &str) -> Result<&Bucket, S3Error> {
        self.buckets.get(name).ok_or(S3Error::NoSuchBucket)
    }

    pub fn object(&self, bucket: &str, key: &str) -> Result<&Object, S3Error> {
        self.bucket(bucket)?.object(key).ok_or(S3Error::NoSuchKey)
    }

    pub(crate) fn create_bucket(&mut self, now: Instant, name: &str) -> Result<(), S3Error> {
        if !is_bucket_name(name) {
            return Err(S3Error::InvalidBucketName);
        }
        if self.buckets.contains_key(name) {
            return Err(S3Error::BucketAlreadyOwnedByYou);
        }
        if self.buckets.len() >= S3::BUCKETS_MAX {
            return Err(S3Error::TooManyBuckets);
        }
        self.buckets.insert(name.to_owned(), Bucket { created: now, objects: BTreeMap::new() });
        Ok(())
    }

    /// Documented: only an empty bucket can be deleted.
    pub(crate) fn delete_bucket(&mut self, name: &str) -> Result<(), S3Error> {
        if self.bucket(name)?.object_count() > 0 {
            return Err(S3Error::BucketNotEmpty);
        }
        self.buckets.remove(name);
        Ok(())
    }

    /// Writes an object; one of the same key is replaced.
    pub(crate) fn put_object(
        &mut self,
        now: Instant,
        bucket: &str,
        key: &str,
        body: Body,
    ) -> Result<(), S3Error> {
        let is_new = self.bucket(bucket)?.object(key).is_none();
        if key.is_empty() || key.len() > S3::KEY_BYTES_MAX {
            return Err(S3Error::KeyTooLong);
        }
        if body.size() > S3::OBJECT_BYTES_MAX || body.kept_bytes() > S3::KEPT_BYTES_MAX {
            return Err(S3Error::EntityTooLarge);
        }
        if is_new && self.object_count >= S3::OBJECTS_MAX {
            return Err(S3Error::TooManyObjects);
        }
        self.take_out(bucket, key);
        self.written += 1;
        self.object_count += 1;
        self.kept_bytes += body.kept_bytes();
        let object = Object { written: now, size: body.size(), body: Some(body), number: self.written };
        if let Some(bucket) = self.buckets.get_mut(bucket) {
            bucket.objects.insert(Arc::from(key), Arc::new(object));
        }
        while self.kept_bytes > S3::KEPT_BYTES_MAX && self.forget_oldest() {}
        Ok(())
    }

    /// Documented: deleting what is not there succeeds too.
    pub(crate) fn delete_object(&mut self, bucket: &str, key: &str) -> Result<(), S3Error> {
        self.bucket(bucket)?;
        self.take_out(bucket, key);
        Ok(())
    }

    fn take_out(&mut self, bucket: &str, key: &str) {
        let object = self.buckets.get_mut(bucket).and_then(|bucket| bucket.objects.remove(key));
        if let Some(object) = object {
            self.object_count -= 1;
            self.kept_bytes -= object.body.as_ref().map_or(0, Body::kept_bytes);
        }
    }

    fn forget_oldest(&mut self) -> bool {
        let objects = self.buckets.values_mut().flat_map(|bucket| bucket.objects.values_mut());
        let kept = objects.filter(|object| object.body.is_some());
        let Some(oldest) = kept.min_by_key(|object| object.number) else { return false };
        let body = Arc::make_mut(oldest).body.take();
        self.kept_bytes -= body.as_ref().map_or(0, Body::kept_bytes);
        true
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.object_count * 40
    }
}

/// Documented: Amazon S3 User Guide, Bucket naming rules. Of the reserved beginnings and endings only form is checked.
fn is_bucket_name(name: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = name.as_bytes();
    let is_address = name.split('.').count() == 4 && name.split('.').all(|part| part.parse::<u8>().is_ok());
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
        && is_end(bytes.first())
        && is_end(bytes.last())
        && !name.contains("..")
        && !is_address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_bucket() -> S3 {
        let mut s3 = S3::default();
        s3.create_bucket(Instant::default(), "logs").unwrap();
        s3
    }

    fn put(s3: &mut S3, key: &str, body: Body) -> Result<(), S3Error> {
        s3.put_object(Instant::default(), "logs", key, body)
    }

    #[test]
    fn objects_are_listed_by_prefix_in_the_order_of_their_keys() {
        let mut s3 = with_bucket();
        for key in ["b/2", "a/1", "b/1", "b"] {
            put(&mut s3, key, Body::of_bytes(b"x")).unwrap();
        }
        let bucket = s3.bucket("logs").unwrap();
        assert_eq!(bucket.list("b/").map(|(key, _)| key).collect::<Vec<_>>(), ["b/1", "b/2"]);
        assert_eq!(bucket.objects().map(|(key, _)| key).collect::<Vec<_>>(), ["a/1", "b", "b/1", "b/2"]);
    }

    #[test]
    fn a_bucket_with_objects_cannot_be_deleted() {
        let mut s3 = with_bucket();
        put(&mut s3, "a", Body::of_bytes(b"x")).unwrap();
        assert_eq!(s3.delete_bucket("logs"), Err(S3Error::BucketNotEmpty));
        s3.delete_object("logs", "a").unwrap();
        s3.delete_bucket("logs").unwrap();
        assert_eq!(put(&mut s3, "a", Body::of_bytes(b"x")), Err(S3Error::NoSuchBucket));
    }

    #[test]
    fn the_oldest_contents_are_forgotten_and_their_sizes_are_not() {
        let mut s3 = with_bucket();
        let large = Body::of_bytes(&vec![0; 30 << 20]);
        for key in ["a", "b", "c"] {
            put(&mut s3, key, large.clone()).unwrap();
        }
        let kept = |key: &str| s3.object("logs", key).unwrap().body.is_some();
        assert_eq!([kept("a"), kept("b"), kept("c")], [false, true, true]);
        assert_eq!(s3.object("logs", "a").unwrap().size, 30 << 20);
        assert!(s3.kept_bytes <= S3::KEPT_BYTES_MAX);
    }

    #[test]
    fn names_of_buckets_have_the_documented_form() {
        for name in ["abc", "my-bucket.1", "0".repeat(63).as_str()] {
            assert!(is_bucket_name(name), "{name}");
        }
        for name in ["ab", "Abc", "a_b", "-abc", "abc.", "a..b", "192.168.5.4", &"0".repeat(64)] {
            assert!(!is_bucket_name(name), "{name}");
        }
    }
}
