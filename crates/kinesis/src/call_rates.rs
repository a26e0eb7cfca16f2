//! How often each operation of the control plane may be called in a second.

use crate::{Limit, LimitsProfile, Operation};

/// What the calls of an operation are counted for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum RateScope {
    Account,
    Stream,
}

/// The most calls of an operation in one second.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct CallRate {
    pub(crate) scope: RateScope,
    exam: u64,
    aws_today: u64,
    study_notes: u64,
}

impl CallRate {
    pub(crate) fn limit(&self, profile: LimitsProfile) -> u64 {
        match profile {
            LimitsProfile::Exam => self.exam,
            LimitsProfile::AwsToday => self.aws_today,
            LimitsProfile::StudyNotes => self.study_notes,
        }
    }
}

macro_rules! call_rates {
    (
        control { $( $operation:ident: $scope:ident, $source:literal, $exam:literal, $today:literal, $notes:literal; )* }
        data { $( $data:ident ),* $(,)? }
    ) => {
        /// The rate of an operation; none of the data plane, whose budgets are the shards'.
        pub(crate) const fn call_rate(operation: Operation) -> Option<CallRate> {
            match operation {
                $( Operation::$operation => Some(CallRate {
                    scope: RateScope::$scope, exam: $exam, aws_today: $today, study_notes: $notes,
                }), )*
                $( Operation::$data )|* => None,
            }
        }

        /// The rates as rows of the table of limits.
        pub(crate) const ROWS: &[Limit] = &[ $( Limit {
            name: stringify!($operation),
            meaning: match RateScope::$scope {
                RateScope::Account => "Calls of an account in a second.",
                RateScope::Stream => "Calls for one stream in a second.",
            },
            unit: "calls/s", source: $source, exam: $exam, aws_today: $today, study_notes: $notes,
        }, )* ];
    };
}

// operation: scope, source, exam, aws-today, study-notes.
// Where the quotas page and the API Reference differ in the scope, the page counts. Assumed: operations that neither
// gives a rate for have that of their like.
call_rates! {
    control {
        AddTagsToStream: Account, "Kinesis quotas page", 5, 5, 5;
        CreateStream: Account, "Kinesis quotas page", 5, 5, 5;
        DecreaseStreamRetentionPeriod: Stream, "Kinesis quotas page", 5, 5, 5;
        DeleteResourcePolicy: Account, "Kinesis quotas page", 5, 5, 5;
        DeleteStream: Account, "Kinesis quotas page", 5, 5, 5;
        DeregisterStreamConsumer: Stream, "Kinesis quotas page", 5, 5, 5;
        DescribeAccountSettings: Account, "Kinesis quotas page", 5, 5, 5;
        DescribeLimits: Account, "Kinesis quotas page", 1, 1, 1;
        DescribeStream: Account, "Kinesis quotas page", 10, 10, 10;
        DescribeStreamConsumer: Stream, "Kinesis quotas page", 20, 20, 20;
        DescribeStreamSummary: Account, "Kinesis quotas page", 20, 20, 20;
        DisableEnhancedMonitoring: Stream, "Kinesis quotas page", 5, 5, 5;
        EnableEnhancedMonitoring: Stream, "Kinesis quotas page", 5, 5, 5;
        GetResourcePolicy: Account, "Kinesis quotas page", 5, 5, 5;
        IncreaseStreamRetentionPeriod: Stream, "Kinesis quotas page", 5, 5, 5;
        ListShards: Stream, "Kinesis quotas page of 2022 and of today", 100, 1_000, 100;
        ListStreamConsumers: Stream, "Kinesis quotas page", 5, 5, 5;
        ListStreams: Account, "Kinesis quotas page", 5, 5, 5;
        ListTagsForResource: Stream, "Assumed", 5, 5, 5;
        ListTagsForStream: Stream, "Kinesis quotas page", 5, 5, 5;
        MergeShards: Stream, "Kinesis quotas page", 5, 5, 5;
        PutResourcePolicy: Account, "Kinesis quotas page", 5, 5, 5;
        RegisterStreamConsumer: Stream, "Kinesis quotas page", 5, 5, 5;
        RemoveTagsFromStream: Stream, "Kinesis quotas page", 5, 5, 5;
        SplitShard: Stream, "Kinesis quotas page", 5, 5, 5;
        StartStreamEncryption: Stream, "Assumed", 5, 5, 5;
        StopStreamEncryption: Stream, "Assumed", 5, 5, 5;
        TagResource: Stream, "Assumed", 5, 5, 5;
        UntagResource: Stream, "Assumed", 5, 5, 5;
        UpdateAccountSettings: Account, "Kinesis quotas page", 5, 5, 5;
        UpdateMaxRecordSize: Stream, "Assumed", 5, 5, 5;
        UpdateShardCount: Stream, "UpdateShardCount in the API Reference", 10, 10, 10;
        UpdateStreamMode: Stream, "Assumed", 5, 5, 5;
        UpdateStreamRecordDistributionStrategy: Stream, "Assumed", 5, 5, 5;
        UpdateStreamWarmThroughput: Account, "Kinesis quotas page", 5, 5, 5;
    }
    data { GetRecords, GetShardIterator, PutRecord, PutRecords, SubscribeToShard }
}
