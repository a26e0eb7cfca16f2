//! Every limit of the service that the sandbox keeps, by name, with value, unit and source, in three profiles.

use serde::{Deserialize, Serialize};

use crate::{Duration, call_rates};

/// Which table of limits a world lives under.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LimitsProfile {
    /// What the exams of 2021 to 2024 ask for.
    #[default]
    Exam,
    /// What AWS documents now (2026).
    AwsToday,
    /// What the study notes say, where they state a number.
    StudyNotes,
}

impl LimitsProfile {
    pub const ALL: [LimitsProfile; 3] =
        [LimitsProfile::Exam, LimitsProfile::AwsToday, LimitsProfile::StudyNotes];

    pub const fn name(self) -> &'static str {
        match self {
            LimitsProfile::Exam => "exam",
            LimitsProfile::AwsToday => "aws-today",
            LimitsProfile::StudyNotes => "study-notes",
        }
    }

    /// The profile of that name.
    pub fn parse(name: &str) -> Option<LimitsProfile> {
        LimitsProfile::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

const MIB: u64 = 1 << 20;

macro_rules! limits {
    ($( $(#[doc = $doc:literal])* $name:ident : $unit:literal, $source:literal, $exam:expr, $today:expr, $notes:expr; )*) => {
        /// The limits in force: one number each, in the unit that the table gives.
        #[derive(Clone, PartialEq, Eq, Debug)]
        pub struct Limits {
            pub profile: LimitsProfile,
            $( $(#[doc = $doc])* pub $name: u64, )*
        }

        impl Limits {
            pub const fn of(profile: LimitsProfile) -> Limits {
                Limits {
                    profile,
                    $( $name: match profile {
                        LimitsProfile::Exam => $exam,
                        LimitsProfile::AwsToday => $today,
                        LimitsProfile::StudyNotes => $notes,
                    }, )*
                }
            }

            /// The table, as a page or a document shows it.
            pub fn table() -> Vec<Limit> {
                let mut table = vec![ $( Limit {
                    name: stringify!($name), meaning: concat!($($doc),*).trim_ascii(), unit: $unit, source: $source,
                    exam: $exam, aws_today: $today, study_notes: $notes,
                }, )* ];
                table.extend_from_slice(call_rates::ROWS);
                table
            }
        }
    };
}

/// One row of the table of limits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limit {
    pub name: &'static str,
    /// A sentence for the reader of the table.
    pub meaning: &'static str,
    pub unit: &'static str,
    pub source: &'static str,
    pub exam: u64,
    pub aws_today: u64,
    pub study_notes: u64,
}

// name: unit, source, exam, aws-today, study-notes
limits! {
    /// Records that one shard takes per second.
    shard_write_records: "records/s", "Kinesis quotas page", 1_000, 1_000, 1_000;
    /// Bytes (data and keys) that one shard takes per second on average.
    shard_write_bytes: "bytes/s", "CreateStream in the API Reference: 1 MiB/s", MIB, MIB, MIB;
    /// Bytes that one shard takes in a burst.
    shard_write_burst: "bytes", "PutRecord in the API Reference since October 2025; Assumed depth", MIB, 10 * MIB, MIB;
    /// Bytes per second that all GetRecords readers of one shard share.
    shard_read_bytes: "bytes/s", "GetRecords in the API Reference", 2 * MIB, 2 * MIB, 2 * MIB;
    /// GetRecords calls per second that all readers of one shard share.
    shard_read_calls: "calls/s", "Kinesis quotas page", 5, 5, 5;
    /// GetShardIterator calls per second and shard.
    shard_iterator_calls: "calls/s", "GetShardIterator in the API Reference", 5, 5, 5;
    /// Records in one GetRecords answer.
    get_records_count: "records", "GetRecords in the API Reference", 10_000, 10_000, 10_000;
    /// Bytes in one GetRecords answer.
    get_records_bytes: "bytes", "GetRecords in the API Reference", 10 * MIB, 10 * MIB, 10 * MIB;
    /// Bytes of data and partition key in one record.
    record_bytes: "bytes", "Kinesis quotas page; since October 2025 of a stream that says nothing else", MIB, MIB, MIB;
    /// Bytes of data in one record, whatever a stream allows.
    record_data_bytes_max: "bytes", "Data in the API Reference, before and since October 2025", MIB, 10 * MIB, MIB;
    /// Records in one PutRecords call.
    put_records_count: "records", "PutRecords in the API Reference", 500, 500, 500;
    /// Bytes of data and keys in one PutRecords call.
    put_records_bytes: "bytes", "Kinesis quotas page of 2022; API Reference since October 2025", 5 * MIB, 10 * MIB, 5 * MIB;
    /// How long an iterator or a page token may wait to be used.
    token_life_seconds: "seconds", "GetShardIterator and ListShards in the API Reference", 300, 300, 300;
    /// Shortest retention period, which a new stream has.
    retention_hours_min: "hours", "Increase- and DecreaseStreamRetentionPeriod", 24, 24, 24;
    /// Longest retention period: 365 days.
    retention_hours_max: "hours", "IncreaseStreamRetentionPeriod", 8_760, 8_760, 8_760;
    /// Streams that may be CREATING at once.
    streams_creating: "streams", "CreateStream in the API Reference", 5, 5, 5;
    /// Open shards of an account in us-east-1.
    account_shards: "shards", "Kinesis quotas page of 2022 and of today", 500, 20_000, 500;
    /// Tags of one resource.
    tags: "tags", "Kinesis quotas page", 50, 50, 50;
    /// Open shards of one stream, as far as UpdateShardCount goes.
    stream_shards: "shards", "UpdateShardCount in the API Reference", 10_000, 10_000, 10_000;
    /// UpdateShardCount calls for one stream in 24 hours.
    shard_count_updates: "calls/24 h", "UpdateShardCount in the API Reference", 10, 10, 10;
    /// On-demand streams of an account.
    on_demand_streams: "streams", "Kinesis quotas page", 50, 50, 50;
    /// StartStreamEncryption calls for one stream in 24 hours, and as many of StopStreamEncryption.
    encryption_changes: "calls/24 h", "StartStreamEncryption in the API Reference", 25, 25, 25;
    /// How long StartStreamEncryption and StopStreamEncryption take until ACTIVE.
    encryption_seconds: "seconds", "Assumed", 5, 5, 5;
    /// Registered consumers of one stream.
    stream_consumers: "consumers", "RegisterStreamConsumer in the API Reference; study notes with the limit of 2018", 20, 20, 5;
    /// Registered consumers of one on-demand stream of an account with On-demand Advantage.
    stream_consumers_advantage: "consumers", "RegisterStreamConsumer in the API Reference", 50, 50, 50;
    /// Consumers of one stream that may be CREATING at once.
    consumers_creating: "consumers", "RegisterStreamConsumer in the API Reference", 5, 5, 5;
    /// How long a consumer is CREATING, and DELETING.
    consumer_seconds: "seconds", "Assumed", 5, 5, 5;
    /// How long a subscription of SubscribeToShard lasts.
    subscription_seconds: "seconds", "SubscribeToShard in the API Reference", 300, 300, 300;
    /// How long after a successful SubscribeToShard call a second one is refused; from then on it takes over.
    resubscribe_seconds: "seconds", "SubscribeToShard in the API Reference", 5, 5, 5;
    /// Bytes per second that one shard pushes to one consumer, whatever others read.
    consumer_read_bytes: "bytes/s", "RegisterStreamConsumer in the API Reference: 2 MiB/s", 2 * MIB, 2 * MIB, 2 * MIB;
    /// How long a new record lies before it is pushed: with the way to the consumer it is the documented 70 ms.
    push_delay_millis: "milliseconds", "Developer guide, enhanced fan-out consumers: about 70 ms; Assumed share", 60, 60, 60;
    /// How often a subscription without new records brings an empty event.
    empty_event_seconds: "seconds", "Assumed", 5, 5, 5;
    /// UpdateStreamMode calls for one stream in 24 hours.
    stream_mode_changes: "calls/24 h", "UpdateStreamMode in the API Reference", 2, 2, 2;
    /// How long UpdateStreamMode takes until ACTIVE.
    stream_mode_seconds: "seconds", "Assumed", 30, 30, 30;
    /// Shards of an on-demand stream at its beginning: 4 MB/s.
    on_demand_shards: "shards", "Kinesis quotas page", 4, 4, 4;
    /// Shards that an on-demand stream grows to: 200 MB/s until 2024, 10 GB/s in us-east-1 today.
    on_demand_shards_max: "shards", "Kinesis quotas page of 2022 and of today", 200, 10_240, 200;
    /// How long a commitment to a minimum throughput (On-demand Advantage) lasts at least.
    commitment_hours: "hours", "UpdateAccountSettings in the API Reference", 24, 24, 24;
    /// How long CreateStream takes until ACTIVE.
    create_seconds: "seconds", "kinesalite's runs against AWS; Assumed", 20, 20, 20;
    /// How long DeleteStream takes until the stream is gone.
    delete_seconds: "seconds", "kinesalite's runs against AWS; Assumed", 20, 20, 20;
    /// How long SplitShard, MergeShards and each round of UpdateShardCount take until ACTIVE.
    reshard_seconds: "seconds", "kinesalite's runs against AWS; Assumed", 30, 30, 30;
    /// Bytes of record data, really sent, that the sandbox stores. Ours, not AWS's.
    sandbox_stored_bytes: "bytes", "Kinesis Sandbox", 256 * MIB, 256 * MIB, 256 * MIB;
}

impl Limits {
    pub(crate) const fn token_life(&self) -> Duration {
        Duration::from_seconds(self.token_life_seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_says_what_it_means() {
        for limit in Limits::table() {
            assert!(
                limit.meaning.ends_with('.') && limit.meaning.len() > 15,
                "{}: {}",
                limit.name,
                limit.meaning
            );
        }
    }

    #[test]
    fn the_profiles_differ_where_aws_has_changed_and_nowhere_else() {
        let differing: Vec<_> =
            Limits::table().into_iter().filter(|l| l.exam != l.aws_today).map(|l| l.name).collect();
        assert_eq!(
            differing,
            [
                "shard_write_burst",
                "record_data_bytes_max",
                "put_records_bytes",
                "account_shards",
                "on_demand_shards_max",
                "ListShards"
            ]
        );
    }

    #[test]
    fn the_study_notes_differ_from_the_exams_where_they_state_an_older_number() {
        let differing: Vec<_> =
            Limits::table().into_iter().filter(|l| l.exam != l.study_notes).map(|l| l.name).collect();
        assert_eq!(differing, ["stream_consumers"]);
    }

    #[test]
    fn a_profile_is_found_by_the_name_it_prints() {
        for profile in LimitsProfile::ALL {
            assert_eq!(LimitsProfile::parse(profile.name()), Some(profile));
        }
        assert_eq!(LimitsProfile::parse("default"), None);
    }
}
