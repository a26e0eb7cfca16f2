//! Commands to Amazon S3, and what programs do with it.

use crate::history::Refusal;
use crate::neighbours::s3::{Body, S3Error};
use crate::world::World;
use crate::{Cause, Fact, Outcome, S3Command};

impl World {
    pub(super) fn change_s3(&mut self, cause: Cause, command: &S3Command) -> Result<Outcome, Refusal> {
        let now = self.now;
        let result = match command {
            S3Command::CreateBucket { bucket } => {
                let created = self.s3.create_bucket(now, bucket);
                created.map(|()| Fact::BucketCreated { bucket: bucket.clone() })
            }
            S3Command::DeleteBucket { bucket } => {
                let deleted = self.s3.delete_bucket(bucket);
                deleted.map(|()| Fact::BucketDeleted { bucket: bucket.clone() })
            }
            S3Command::PutObject { bucket, key, content } => {
                return match self.put_object(cause, bucket, key, Body::of_bytes(content)) {
                    Ok(()) => {
                        self.digest.add(content);
                        Ok(Outcome::Done)
                    }
                    Err(error) => Err(Refusal::of_service(error.code(), error.message())),
                };
            }
            S3Command::DeleteObject { bucket, key } => {
                let deleted = self.s3.delete_object(bucket, key);
                deleted.map(|()| Fact::ObjectDeleted { bucket: bucket.clone(), key: key.clone() })
            }
        };
        match result {
            Ok(fact) => {
                self.record(cause, vec![fact]);
                Ok(Outcome::Done)
            }
            Err(error) => Err(Refusal::of_service(error.code(), error.message())),
        }
    }

    /// Writes an object for somebody.
    pub(in crate::world) fn put_object(
        &mut self,
        cause: Cause,
        bucket: &str,
        key: &str,
        body: Body,
    ) -> Result<(), S3Error> {
        let size = body.size();
        self.s3.put_object(self.now, bucket, key, body)?;
        let (bucket, key) = (bucket.to_owned(), key.to_owned());
        self.record(cause, vec![Fact::ObjectWritten { bucket, key, size }]);
        Ok(())
    }
}
