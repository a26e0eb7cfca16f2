//! Services beside Kinesis, one file each: what programs deliver to and read from.

pub(crate) mod s3;
