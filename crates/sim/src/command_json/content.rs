//! What stands in a member: how each kind of value is read and written.

use std::sync::Arc;

use kinesis::{Duration, Instant};
use serde_json::Value;

use super::Members;
use crate::{
    Balancing, CompressionFormat, Condition, DmsKey, DmsStart, KclVersion, KeyRecipe, KplConfig,
    MessageFormat, MigrationType, OnError, OutputFormat, ProcessorKind, PutCall, PutOrdering, RetrievalMode,
    RetryPolicy, StartingPosition, Subject, Subnet, Traffic, WorkerAction, Workload,
};

/// What stands in a member.
pub(super) trait Content: Sized {
    fn read(value: &Value) -> Option<Self>;
    fn write(&self) -> Value;
}

impl Content for String {
    fn read(value: &Value) -> Option<String> {
        value.as_str().map(str::to_owned)
    }

    fn write(&self) -> Value {
        Value::from(self.as_str())
    }
}

/// Text where it is text, else a list of bytes.
impl Content for Arc<[u8]> {
    fn read(value: &Value) -> Option<Arc<[u8]>> {
        match value {
            Value::String(text) => Some(Arc::from(text.as_bytes())),
            Value::Array(bytes) => bytes.iter().map(|byte| u8::try_from(byte.as_u64()?).ok()).collect(),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
        }
    }

    fn write(&self) -> Value {
        match std::str::from_utf8(self) {
            Ok(text) => Value::from(text),
            Err(_) => self.iter().copied().collect(),
        }
    }
}

impl Content for bool {
    fn read(value: &Value) -> Option<bool> {
        value.as_bool()
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Content for u32 {
    fn read(value: &Value) -> Option<u32> {
        value.as_u64()?.try_into().ok()
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Content for i64 {
    fn read(value: &Value) -> Option<i64> {
        value.as_i64()
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Content for Vec<String> {
    fn read(value: &Value) -> Option<Vec<String>> {
        value.as_array()?.iter().map(String::read).collect()
    }

    fn write(&self) -> Value {
        self.iter().map(String::write).collect()
    }
}

/// What has a form as text.
macro_rules! text_forms {
    ($( $form:ty ),*) => {
        $(
            impl Content for $form {
                fn read(value: &Value) -> Option<$form> {
                    value.as_str()?.parse().ok()
                }

                fn write(&self) -> Value {
                    Value::from(self.to_string())
                }
            }
        )*
    };
}

text_forms!(Condition, KeyRecipe, Subject, Traffic);

impl Content for u64 {
    fn read(value: &Value) -> Option<u64> {
        value.as_u64()
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

impl Content for Duration {
    fn read(value: &Value) -> Option<Duration> {
        value.as_u64().map(Duration::from_micros)
    }

    fn write(&self) -> Value {
        Value::from(self.micros())
    }
}

impl Content for Workload {
    fn read(value: &Value) -> Option<Workload> {
        Workload::parse(value.as_str()?)
    }

    fn write(&self) -> Value {
        Value::from(self.name())
    }
}

impl Content for StartingPosition {
    fn read(value: &Value) -> Option<StartingPosition> {
        match (value.as_str(), value.get("AT_TIMESTAMP").and_then(Value::as_u64)) {
            (Some("TRIM_HORIZON"), _) => Some(StartingPosition::TrimHorizon),
            (Some("LATEST"), _) => Some(StartingPosition::Latest),
            (None, Some(at)) => Some(StartingPosition::AtTimestamp(Instant::from_micros(at))),
            _ => None,
        }
    }

    fn write(&self) -> Value {
        match self {
            StartingPosition::TrimHorizon => Value::from("TRIM_HORIZON"),
            StartingPosition::Latest => Value::from("LATEST"),
            StartingPosition::AtTimestamp(at) => {
                Value::Object(Members::from_iter([("AT_TIMESTAMP".to_owned(), Value::from(at.micros()))]))
            }
        }
    }
}

/// What is absent is the default.
impl Content for Subnet {
    fn read(value: &Value) -> Option<Subnet> {
        if value.is_null() { Some(Subnet::default()) } else { Subnet::parse(value.as_str()?) }
    }

    fn write(&self) -> Value {
        if *self == Subnet::default() { Value::Null } else { Value::from(self.name()) }
    }
}

impl<T: Content> Content for Option<T> {
    fn read(value: &Value) -> Option<Option<T>> {
        if value.is_null() { Some(None) } else { T::read(value).map(Some) }
    }

    fn write(&self) -> Value {
        self.as_ref().map_or(Value::Null, Content::write)
    }
}

/// Structures that stand in a member as a whole.
macro_rules! nested {
    ($( $structure:ident ),*) => {
        $(
            impl Content for $structure {
                fn read(value: &Value) -> Option<$structure> {
                    $structure::from_members(value.as_object()?).ok()
                }

                fn write(&self) -> Value {
                    Value::Object(self.to_members())
                }
            }
        )*
    };
}

nested!(Balancing, KplConfig);

/// Enums of plain words.
macro_rules! words {
    ($( $word:ident { $( $variant:ident = $text:literal ),* } )*) => {
        $(
            impl Content for $word {
                fn read(value: &Value) -> Option<$word> {
                    match value.as_str()? {
                        $( $text => Some($word::$variant), )*
                        _ => None,
                    }
                }

                fn write(&self) -> Value {
                    Value::from(match self { $( $word::$variant => $text ),* })
                }
            }
        )*
    };
}

words! {
    MigrationType { FullLoad = "full-load", Cdc = "cdc", FullLoadAndCdc = "full-load-and-cdc" }
    MessageFormat { Json = "json", JsonUnformatted = "json-unformatted" }
    DmsKey { SchemaTable = "schema-table", PrimaryKey = "primary-key" }
    DmsStart { ResumeProcessing = "resume-processing", ReloadTarget = "reload-target" }
    OnError { Throw = "throw", ReportAll = "report-all", ReportFirst = "report-first" }
    PutCall { Single = "single", Batch = "batch" }
    RetryPolicy {
        None = "none", Immediate = "immediate", Backoff = "backoff", Standard = "standard", Legacy = "legacy"
    }
    CompressionFormat { Uncompressed = "UNCOMPRESSED", Gzip = "GZIP" }
    OutputFormat { Parquet = "parquet", Orc = "orc" }
    PutOrdering { None = "none", PerKey = "per-key" }
    KclVersion { One = "1", Two = "2", Three = "3" }
    RetrievalMode { Polling = "polling", FanOut = "fanout" }
    ProcessorKind { Plain = "plain", Idempotent = "idempotent" }
    WorkerAction { Crash = "crash", Pause = "pause", Resume = "resume", Restart = "restart", Stop = "stop" }
}
