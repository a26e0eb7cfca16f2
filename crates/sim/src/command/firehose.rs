//! What a learner does with Amazon Data Firehose.

use std::sync::Arc;

use crate::Subject;

/// A change of Firehose streams; looking needs no command.
#[allow(clippy::large_enum_variant)] // Commands carry it in a box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum FirehoseCommand {
    CreateDeliveryStream(DeliveryStreamSpec),
    DeleteDeliveryStream {
        name: String,
    },
    /// PutRecord and PutRecordBatch: records that somebody puts to a stream without a source (Direct PUT).
    PutRecords {
        name: String,
        records: Vec<Arc<[u8]>>,
        /// Whether the operation is PutRecordBatch.
        is_batch: bool,
    },
}

impl From<FirehoseCommand> for crate::Command {
    fn from(command: FirehoseCommand) -> crate::Command {
        crate::Command::Firehose(Box::new(command))
    }
}

/// `CompressionFormat`, as far as it is simulated.
///
/// Documented: Data Firehose API Reference, S3DestinationConfiguration. ZIP, Snappy and HADOOP_SNAPPY are not simulated.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CompressionFormat {
    Uncompressed,
    Gzip,
}

impl CompressionFormat {
    pub const ALL: [CompressionFormat; 2] = [CompressionFormat::Uncompressed, CompressionFormat::Gzip];

    pub const fn name(self) -> &'static str {
        match self {
            CompressionFormat::Uncompressed => "UNCOMPRESSED",
            CompressionFormat::Gzip => "GZIP",
        }
    }

    pub fn parse(name: &str) -> Option<CompressionFormat> {
        CompressionFormat::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// DataFormatConversionConfiguration: the serializer of the output.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OutputFormat {
    Parquet,
    Orc,
}

impl OutputFormat {
    pub const ALL: [OutputFormat; 2] = [OutputFormat::Parquet, OutputFormat::Orc];

    pub const fn name(self) -> &'static str {
        match self {
            OutputFormat::Parquet => "parquet",
            OutputFormat::Orc => "orc",
        }
    }

    pub fn parse(name: &str) -> Option<OutputFormat> {
        OutputFormat::ALL.into_iter().find(|one| one.name() == name)
    }
}

/// A Firehose stream with S3 as its destination, and with a Kinesis stream as its source or none: members of
/// CreateDeliveryStream, flat. Numbers have the API's width, so that what is out of range can be refused as AWS refuses it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeliveryStreamSpec {
    pub name: String,
    /// KinesisStreamSourceConfiguration.KinesisStreamARN; none where the type is DirectPut.
    pub kinesis_stream_arn: Option<String>,
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
    pub compression_format: CompressionFormat,
    /// Record format conversion, where it is enabled.
    pub output_format: Option<OutputFormat>,
    /// SchemaConfiguration: `database.table` of the AWS Glue table whose columns the output has.
    pub schema: Option<String>,
}

impl DeliveryStreamSpec {
    /// Documented: Configure buffer size and interval: 5 MiB or 300 seconds for Amazon S3; three retries of a transform.
    pub fn new(name: impl Into<String>, stream_arn: impl Into<String>, bucket: impl Into<String>) -> Self {
        DeliveryStreamSpec {
            name: name.into(),
            kinesis_stream_arn: Some(stream_arn.into()),
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
            compression_format: CompressionFormat::Uncompressed,
            output_format: None,
            schema: None,
        }
    }

    /// One to which producers put directly.
    pub fn direct_put(name: impl Into<String>, bucket: impl Into<String>) -> Self {
        DeliveryStreamSpec { kinesis_stream_arn: None, ..DeliveryStreamSpec::new(name, "", bucket) }
    }
}
