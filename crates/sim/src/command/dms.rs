//! What a learner does with AWS Database Migration Service: tasks from files in S3 to a stream.

/// A change of replication tasks; looking needs no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum DmsCommand {
    /// Makes a task and starts it.
    Create(DmsSpec),
    Stop {
        task: String,
    },
    /// `start-replication-task` with this type.
    Start {
        task: String,
        start: DmsStart,
    },
    Delete {
        task: String,
    },
}

impl From<DmsCommand> for crate::Command {
    fn from(command: DmsCommand) -> crate::Command {
        crate::Command::Dms(Box::new(command))
    }
}

/// `StartReplicationTaskType` for a task that was stopped.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DmsStart {
    ResumeProcessing,
    ReloadTarget,
}

/// `MigrationType`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MigrationType {
    FullLoad,
    Cdc,
    FullLoadAndCdc,
}

/// `MessageFormat` of a Kinesis target.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum MessageFormat {
    Json,
    JsonUnformatted,
}

/// What a record's partition key is made of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum DmsKey {
    SchemaTable,
    PrimaryKey,
}

/// A replication task with an S3 source endpoint and a Kinesis target endpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DmsSpec {
    /// `ReplicationTaskIdentifier`.
    pub task: String,
    pub migration_type: MigrationType,
    /// `BucketName` and `BucketFolder` of the source.
    pub bucket: String,
    pub folder: String,
    /// `ExternalTableDefinition` of the source: JSON.
    pub table_definition: String,
    /// `CdcPath` of the source.
    pub cdc_path: Option<String>,
    /// Name of the target's stream.
    pub stream: String,
    /// ARN of the role of both endpoints; one that may do everything where absent.
    pub role: Option<String>,
    pub message_format: MessageFormat,
    pub partition_key: DmsKey,
    /// `IncludeControlDetails`, `IncludePartitionValue` and `PartitionIncludeSchemaTable` of the target.
    pub include_control_details: bool,
    pub include_partition_value: bool,
    pub partition_include_schema_table: bool,
}

impl DmsSpec {
    /// Documented: Using Amazon Kinesis Data Streams as a target: JSON, and none of the details.
    pub fn new(task: impl Into<String>, bucket: impl Into<String>, stream: impl Into<String>) -> DmsSpec {
        DmsSpec {
            task: task.into(),
            migration_type: MigrationType::FullLoad,
            bucket: bucket.into(),
            folder: String::new(),
            table_definition: String::new(),
            cdc_path: None,
            stream: stream.into(),
            role: None,
            message_format: MessageFormat::Json,
            partition_key: DmsKey::SchemaTable,
            include_control_details: false,
            include_partition_value: false,
            partition_include_schema_table: false,
        }
    }
}
