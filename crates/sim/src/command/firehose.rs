//! What a learner does with Amazon Data Firehose.

use crate::Subject;

/// A change of Firehose streams; looking needs no command.
#[allow(clippy::large_enum_variant)] // Commands carry it in a box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FirehoseCommand {
    CreateDeliveryStream(DeliveryStreamSpec),
    DeleteDeliveryStream { name: String },
}

impl From<FirehoseCommand> for crate::Command {
    fn from(command: FirehoseCommand) -> crate::Command {
        crate::Command::Firehose(Box::new(command))
    }
}

/// A Firehose stream with a Kinesis stream as its source and S3 as its destination: members of CreateDeliveryStream,
/// flat. Numbers have the API's width, so that what is out of range can be refused as AWS refuses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryStreamSpec {
    pub name: String,
    /// KinesisStreamSourceConfiguration.KinesisStreamARN.
    pub kinesis_stream_arn: String,
    /// RoleARN; one that may do everything where absent.
    pub role: Option<String>,
    /// Name of the bucket in ExtendedS3DestinationConfiguration.BucketARN.
    pub bucket: String,
    pub prefix: String,
    pub error_output_prefix: String,
    /// BufferingHints.
    pub size_in_mbs: i64,
    pub interval_in_seconds: i64,
    /// Name of the function that transforms records.
    pub transform: Option<String>,
    /// NumberOfRetries of the transform.
    pub transform_retries: i64,
    /// AppendDelimiterToRecord: a newline behind each record.
    pub append_delimiter: bool,
    /// DynamicPartitioningConfiguration: the field that MetadataExtraction takes as the partition key.
    pub partition_by: Option<Subject>,
    /// Name of the bucket that gets all source records as they came: S3BackupMode Enabled.
    pub backup_bucket: Option<String>,
}

impl DeliveryStreamSpec {
    /// Documented: Configure buffer size and interval: 5 MiB or 300 seconds for Amazon S3; three retries of a transform.
    pub fn new(name: impl Into<String>, stream_arn: impl Into<String>, bucket: impl Into<String>) -> Self {
        DeliveryStreamSpec {
            name: name.into(),
            kinesis_stream_arn: stream_arn.into(),
            role: None,
            bucket: bucket.into(),
            prefix: String::new(),
            error_output_prefix: String::new(),
            size_in_mbs: 5,
            interval_in_seconds: 300,
            transform: None,
            transform_retries: 3,
            append_delimiter: false,
            partition_by: None,
            backup_bucket: None,
        }
    }
}
