//! Requests and responses: one variant per operation, members named and shaped as in the service model.

use std::fmt;

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::operations::*;
use crate::{Instant, apart};

macro_rules! operations {
    ($( $name:ident ( $input:ident ) -> $output:ty, $kind:ident; )*) => {
        /// An operation that the sandbox simulates.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Operation { $( $name, )* }

        impl Operation {
            pub const ALL: &'static [Operation] = &[ $( Operation::$name, )* ];

            /// The name in the API: `PutRecord`.
            pub const fn name(self) -> &'static str {
                match self { $( Operation::$name => stringify!($name), )* }
            }

            /// Whether the operation leaves streams and records as they are.
            pub const fn is_read_only(self) -> bool {
                match self { $( Operation::$name => operations!(@read_only $kind), )* }
            }
        }

        /// A request to the service. Members are options, as in the model: the service says what is missing.
        #[derive(PartialEq, Debug, Serialize, Deserialize)]
        pub enum Request { $( $name($input), )* }

        /// Each operation apart: a page that copies one request need not have loaded how the others are copied.
        impl Clone for Request {
            fn clone(&self) -> Request {
                match self { $( Request::$name(input) => apart(|| Request::$name(input.clone())), )* }
            }
        }

        impl Request {
            pub const fn operation(&self) -> Operation {
                match self { $( Request::$name(_) => Operation::$name, )* }
            }
        }

        /// The answer to a request.
        #[derive(PartialEq, Debug)]
        pub enum Response { $( $name($output), )* }

        impl Clone for Response {
            fn clone(&self) -> Response {
                match self { $( Response::$name(output) => apart(|| Response::$name(output.clone())), )* }
            }
        }

        impl Response {
            pub const fn operation(&self) -> Operation {
                match self { $( Response::$name(_) => Operation::$name, )* }
            }
        }

        /// Writes the answer's members in the order of the model; operations without an answer write `null`.
        impl Serialize for Response {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self { $( Response::$name(output) => output.serialize(serializer), )* }
            }
        }

        $(
            impl From<$input> for Request {
                fn from(input: $input) -> Request {
                    Request::$name(input)
                }
            }
        )*
    };
    (@read_only read) => { true };
    (@read_only write) => { false };
}

operations! {
    AddTagsToStream(AddTagsToStreamInput) -> (), write;
    CreateStream(CreateStreamInput) -> (), write;
    DecreaseStreamRetentionPeriod(DecreaseStreamRetentionPeriodInput) -> (), write;
    DeleteResourcePolicy(DeleteResourcePolicyInput) -> (), write;
    DeleteStream(DeleteStreamInput) -> (), write;
    DeregisterStreamConsumer(DeregisterStreamConsumerInput) -> (), write;
    DescribeAccountSettings(DescribeAccountSettingsInput) -> AccountSettingsOutput, read;
    DescribeLimits(DescribeLimitsInput) -> DescribeLimitsOutput, read;
    DescribeStream(DescribeStreamInput) -> DescribeStreamOutput, read;
    DescribeStreamConsumer(DescribeStreamConsumerInput) -> DescribeStreamConsumerOutput, read;
    DescribeStreamSummary(DescribeStreamSummaryInput) -> DescribeStreamSummaryOutput, read;
    DisableEnhancedMonitoring(DisableEnhancedMonitoringInput) -> EnhancedMonitoringOutput, write;
    EnableEnhancedMonitoring(EnableEnhancedMonitoringInput) -> EnhancedMonitoringOutput, write;
    GetRecords(GetRecordsInput) -> GetRecordsOutput, read;
    GetResourcePolicy(GetResourcePolicyInput) -> GetResourcePolicyOutput, read;
    GetShardIterator(GetShardIteratorInput) -> GetShardIteratorOutput, read;
    IncreaseStreamRetentionPeriod(IncreaseStreamRetentionPeriodInput) -> (), write;
    ListShards(ListShardsInput) -> ListShardsOutput, read;
    ListStreamConsumers(ListStreamConsumersInput) -> ListStreamConsumersOutput, read;
    ListStreams(ListStreamsInput) -> ListStreamsOutput, read;
    ListTagsForResource(ListTagsForResourceInput) -> ListTagsForResourceOutput, read;
    ListTagsForStream(ListTagsForStreamInput) -> ListTagsForStreamOutput, read;
    MergeShards(MergeShardsInput) -> (), write;
    PutRecord(PutRecordInput) -> PutRecordOutput, write;
    PutRecords(PutRecordsInput) -> PutRecordsOutput, write;
    PutResourcePolicy(PutResourcePolicyInput) -> (), write;
    RegisterStreamConsumer(RegisterStreamConsumerInput) -> RegisterStreamConsumerOutput, write;
    RemoveTagsFromStream(RemoveTagsFromStreamInput) -> (), write;
    SplitShard(SplitShardInput) -> (), write;
    StartStreamEncryption(StartStreamEncryptionInput) -> (), write;
    StopStreamEncryption(StopStreamEncryptionInput) -> (), write;
    SubscribeToShard(SubscribeToShardInput) -> SubscribeToShardOutput, read;
    TagResource(TagResourceInput) -> (), write;
    UntagResource(UntagResourceInput) -> (), write;
    UpdateAccountSettings(UpdateAccountSettingsInput) -> AccountSettingsOutput, write;
    UpdateMaxRecordSize(UpdateMaxRecordSizeInput) -> (), write;
    UpdateShardCount(UpdateShardCountInput) -> UpdateShardCountOutput, write;
    UpdateStreamMode(UpdateStreamModeInput) -> (), write;
    UpdateStreamRecordDistributionStrategy(UpdateStreamRecordDistributionStrategyInput) -> (), write;
    UpdateStreamWarmThroughput(UpdateStreamWarmThroughputInput) -> UpdateStreamWarmThroughputOutput, write;
}

impl Operation {
    /// The operation of that name, where it is simulated.
    pub fn parse(name: &str) -> Option<Operation> {
        Operation::ALL.iter().copied().find(|operation| operation.name() == name)
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// An instant as the wire has it: a JSON number of seconds since the epoch, with milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Seconds(pub Instant);

impl Serialize for Seconds {
    #[allow(clippy::float_arithmetic)] // The wire's form is a decimal fraction; nothing of it goes back into state.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0.millis() as f64 / 1_000.0)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Seconds, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Seconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds since the epoch")
            }
            fn visit_u64<E: serde::de::Error>(self, seconds: u64) -> Result<Seconds, E> {
                Ok(Seconds(Instant::from_seconds(seconds).min(Instant::MAX)))
            }
            fn visit_i64<E: serde::de::Error>(self, seconds: i64) -> Result<Seconds, E> {
                self.visit_u64(u64::try_from(seconds).unwrap_or(0))
            }
            #[allow(clippy::float_arithmetic)] // Rounded to whole milliseconds before anything else sees it.
            fn visit_f64<E: serde::de::Error>(self, seconds: f64) -> Result<Seconds, E> {
                Ok(Seconds(Instant::from_millis((seconds * 1_000.0).round() as u64).min(Instant::MAX)))
            }
        }
        deserializer.deserialize_any(Number)
    }
}
