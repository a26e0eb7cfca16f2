//! The verbs: their words, what they take, and how a command is made of it.

use super::{Given, build};
use crate::{Line, UsageError};

/// A verb of the sandbox.
pub(crate) struct Verb {
    /// The words behind `sandbox`.
    pub(crate) words: &'static [&'static str],
    /// Words without an option, each needed.
    pub(crate) places: &'static [(&'static str, Kind)],
    pub(crate) options: &'static [VerbOption],
    pub(crate) summary: &'static str,
    pub(crate) example: &'static str,
    pub(crate) build: fn(&Given<'_>) -> Result<Line, UsageError>,
}

/// An option of a verb; each takes one value.
pub(crate) struct VerbOption {
    pub(crate) name: &'static str,
    /// What stands for the value in help: `STREAM`.
    pub(crate) value: &'static str,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    pub(crate) help: &'static str,
}

/// What kind of word is meant: what completion offers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Stream,
    Producer,
    Kpl,
    /// A server with the Kinesis Agent.
    Agent,
    Reader,
    Application,
    /// What processes records by code of its own: an application or a function.
    Processor,
    /// Whatever was started: a producer, a reader, an application.
    Program,
    /// A worker of the application that stands before it.
    Worker,
    /// One process: a producer, a reader or a worker, as `billing/w1`.
    Process,
    OneOf(&'static [&'static str]),
    File,
    Bucket,
    Function,
    /// UUID of an event source mapping.
    Mapping,
    DeliveryStream,
    Flink,
    DmsTask,
    /// ARN of a stream or a consumer.
    SourceArn,
    Free,
}

impl Kind {
    /// Whether only what there is in the world, or one of a few words, can stand there.
    pub(crate) fn is_of_world(self) -> bool {
        !matches!(self, Kind::File | Kind::Free)
    }
}

impl Verb {
    /// With its first word: `sandbox producer start`.
    pub(crate) fn name(&self) -> String {
        format!("sandbox {}", self.words.join(" "))
    }

    /// The whole form: `sandbox producer start NAME --stream STREAM [--rate RECORDS]`.
    pub(crate) fn synopsis(&self) -> String {
        let mut text = self.name();
        for (place, _) in self.places {
            text.push(' ');
            text.push_str(place);
        }
        for option in self.options {
            let form = format!("{} {}", option.name, option.value);
            text.push(' ');
            text.push_str(&if option.is_required { form } else { format!("[{form}]") });
        }
        text
    }

    pub(super) fn options_sentence(&self) -> String {
        let names: Vec<&str> = self.options.iter().map(|option| option.name).collect();
        if names.is_empty() { String::new() } else { format!(": it takes {}", names.join(", ")) }
    }
}

pub(crate) const WAYS: &[&str] = &["both", "calls", "answers"];
pub(crate) const CALLS: &[&str] = &["single", "batch"];
pub(crate) const RETRIES: &[&str] = &["none", "immediate", "backoff", "standard", "legacy"];
const ORDERINGS: &[&str] = &["none", "per-key"];
const WORKLOADS: &[&str] = &["plain", "app-log", "cloudwatch-metrics", "web-activity"];
const TRAFFICS: &[&str] = &["steady", "burst:10:5:60", "ramp:2000:600", "daily"];
pub(crate) const POSITIONS: &[&str] = &["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];
const RECIPES: &[&str] = &[
    "uniform:1000",
    "random",
    "zipf:1000",
    "fixed:us,eu,ap",
    "hot:90:celebrity",
    "composite:fixed:us,eu,ap+uniform:1000",
];
const FORMS: &[&str] = &["cli", "cloudformation", "terraform"];
const TRUTHS: &[&str] = &["true", "false"];
const SPEEDS: &[&str] = &["1x", "10x", "100x", "1000x", "10000x", "1/10x"];

const fn option(name: &'static str, value: &'static str, kind: Kind, help: &'static str) -> VerbOption {
    VerbOption { name, value, kind, is_required: false, help }
}

const STREAM: VerbOption =
    VerbOption { is_required: true, ..option("--stream", "STREAM", Kind::Stream, "The stream's name.") };
const RATE: VerbOption = option("--rate", "RECORDS", Kind::Free, "Records per second; 100 by default.");
const SIZE: VerbOption = option(
    "--size",
    "BYTES",
    Kind::Free,
    "Bytes of data in each record; 200 by default, 300 to 450 of a workload.",
);
const KEYS: VerbOption = option(
    "--keys",
    "RECIPE",
    Kind::OneOf(RECIPES),
    "Partition keys: uniform:1000 (the default), random, zipf:1000, fixed:us,eu,ap, hot:90:celebrity or \
     composite:fixed:us,eu,ap+uniform:1000 (keys joined by #).",
);
const CALL: VerbOption = option(
    "--call",
    "KIND",
    Kind::OneOf(CALLS),
    "single: PutRecord for each (the default); batch: PutRecords.",
);
const RETRY: VerbOption = option(
    "--retry",
    "POLICY",
    Kind::OneOf(RETRIES),
    "After a failure: none (the default), immediate, backoff (exponential, with full jitter), or the SDK's own modes \
     standard and legacy, which do not reach into a PutRecords answer.",
);
const TRAFFIC: VerbOption = option(
    "--traffic",
    "SHAPE",
    Kind::OneOf(TRAFFICS),
    "The rate over time: steady (the default), burst:10:5:60 (10 times for 5 of 60 s), ramp:2000:600 (to 2000/s in \
     600 s) or daily.",
);
const WORKLOAD: VerbOption = option(
    "--workload",
    "KIND",
    Kind::OneOf(WORKLOADS),
    "What stands in the records: plain (the default), app-log, cloudwatch-metrics or web-activity.",
);
const CONCURRENCY: VerbOption = option(
    "--concurrency",
    "CALLS",
    Kind::Free,
    "Calls under way at most; records queue behind them. No bound by default.",
);
const REQUEST_TIMEOUT: VerbOption = option(
    "--request-timeout",
    "TIME",
    Kind::Free,
    "When a call without an answer counts as failed; 30s by default.",
);
const ORDERING: VerbOption = option(
    "--ordering",
    "KIND",
    Kind::OneOf(ORDERINGS),
    "none (the default), or per-key: one record of a key at a time, with SequenceNumberForOrdering.",
);
const ATTEMPTS: VerbOption = option(
    "--attempts",
    "COUNT",
    Kind::Free,
    "How often a record is sent at most; 5 by default, 3 in mode standard.",
);
const FROM: VerbOption = option(
    "--from",
    "POSITION",
    Kind::OneOf(POSITIONS),
    "Where to begin: TRIM_HORIZON (the default), LATEST, or AT_TIMESTAMP with --timestamp.",
);
const TIMESTAMP: VerbOption =
    option("--timestamp", "TIME", Kind::Free, "The time for AT_TIMESTAMP: 2026-01-01T00:00:30Z.");

const CONFIGURATION: VerbOption = option(
    "--configuration",
    "JSON",
    Kind::Free,
    "The text of agent.json; file://agent.json takes it from a file of the prompt.",
);
const LOG_FORMATS: &[&str] = &[
    "app-log",
    "web-activity",
    "common-apache-log",
    "combined-apache-log",
    "apache-error-log",
    "syslog",
    "csv",
];
const LOG: VerbOption = option("--log", "PATH", Kind::Free, "The log's path; /var/log/app.log by default.");
const LOG_FORMAT: VerbOption = option(
    "--format",
    "FORMAT",
    Kind::OneOf(LOG_FORMATS),
    "What its lines look like: app-log (the default; errors bring stack traces), web-activity (JSON), or a format of LOGTOJSON or CSVTOJSON.",
);
const LOG_RATE: VerbOption = option("--rate", "ENTRIES", Kind::Free, "Entries per second; 10 by default.");
const LOG_SIZE: VerbOption = option(
    "--size",
    "BYTES",
    Kind::Free,
    "Bytes of an entry, the ends of its lines included; 120 to 400 by default.",
);
const ROTATE_SIZE: VerbOption = option(
    "--rotate-size",
    "BYTES",
    Kind::Free,
    "The file is renamed and a new one begun before it is larger; 10485760 by default.",
);
const KEEP: VerbOption = option("--keep", "FILES", Kind::Free, "Renamed files that are kept; 5 by default.");
const AGE: VerbOption =
    option("--age", "TIME", Kind::Free, "For how long it has been written already; not at all by default.");

const FAILOVER: VerbOption = option(
    "--failover-time-millis",
    "MILLIS",
    Kind::Free,
    "When a lease whose counter stands still counts as expired; 10000 by default.",
);
const MAX_LEASES: VerbOption = option(
    "--max-leases-for-worker",
    "COUNT",
    Kind::Free,
    "Leases that a worker holds at most; no bound by default.",
);
const TO_STEAL: VerbOption = option(
    "--max-leases-to-steal-at-one-time",
    "COUNT",
    Kind::Free,
    "Leases that a worker takes from a busier one at a time; 1 by default.",
);
const MAX_RECORDS: VerbOption = option(
    "--max-records",
    "RECORDS",
    Kind::Free,
    "Records of one GetRecords call at most; 10000 by default.",
);
const IDLE: VerbOption = option(
    "--idle-time-between-reads-in-millis",
    "MILLIS",
    Kind::Free,
    "Pause between two reads of a shard; 1000 by default, 1500 with KCL 3.",
);
const CHECKPOINT: VerbOption =
    option("--checkpoint", "TIME", Kind::Free, "How often the record processor checkpoints; 10s by default.");
const PROCESSING_RATE: VerbOption = option(
    "--processing-rate",
    "RECORDS",
    Kind::Free,
    "Records that a shard's processor works off in a second; 0, as fast as they come, by default.",
);
const PROCESSOR: VerbOption = option(
    "--processor",
    "KIND",
    Kind::OneOf(PROCESSORS),
    "plain (the default), or idempotent: it leaves out records that it knows.",
);
const ASSIGNMENT_INTERVAL: VerbOption = option(
    "--lease-assignment-interval-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how often the leader assigns leases; twice the fail-over time by default.",
);
const RE_BALANCE_THRESHOLD: VerbOption = option(
    "--re-balance-threshold-percentage",
    "PERCENT",
    Kind::Free,
    "KCL 3: by how much a worker's load may differ from the average; 10 by default.",
);
const DAMPENING: VerbOption = option(
    "--dampening-percentage",
    "PERCENT",
    Kind::Free,
    "KCL 3: how much of a worker's surplus is moved at a time; 60 by default.",
);
const THROUGHPUT_OVERSHOOT: VerbOption = option(
    "--allow-throughput-overshoot",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether a lease is moved that is more than the surplus; true by default.",
);
const MAX_THROUGHPUT: VerbOption = option(
    "--max-throughput-per-host-kbps",
    "KBPS",
    Kind::Free,
    "KCL 3: a worker that reads more is given no lease; no bound by default.",
);
const BALANCING_FREQUENCY: VerbOption = option(
    "--variance-balancing-frequency",
    "RUNS",
    Kind::Free,
    "KCL 3: in every so-manieth run of the leader load is moved; 3 by default.",
);
const REPORTER_FREQUENCY: VerbOption = option(
    "--worker-metrics-reporter-freq-in-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how often a worker writes its load into the worker-metrics table; 30000 by default.",
);
const DISABLE_METRICS: VerbOption = option(
    "--disable-worker-metrics",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether the leader goes by throughput instead of CPU; false by default.",
);
const HAND_OFF: VerbOption = option(
    "--is-graceful-lease-handoff-enabled",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether who loses a lease writes its progress first; true by default.",
);
const HAND_OFF_TIMEOUT: VerbOption = option(
    "--graceful-lease-handoff-timeout-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how long a hand-over waits for the batch at hand; 30000 by default.",
);
const CPU_PER_RECORD: VerbOption = option(
    "--cpu-micros-per-record",
    "MICROS",
    Kind::Free,
    "KCL 3: CPU time that the record processor takes for a record; 500 by default.",
);
const CPU_PER_KB: VerbOption = option(
    "--cpu-micros-per-kb",
    "MICROS",
    Kind::Free,
    "KCL 3: CPU time that the record processor takes for a KB; 50 by default.",
);
const VCPUS: VerbOption =
    option("--vcpus", "COUNT", Kind::Free, "KCL 3: vCPUs of a worker's host; 2 by default.");
const VERSIONS: &[&str] = &["1", "2", "3"];
const RETRIEVAL_MODES: &[&str] = &["polling", "fanout"];
const BOOLEANS: &[&str] = &["true", "false"];
const PROCESSORS: &[&str] = &["plain", "idempotent"];

const DOCUMENT: VerbOption =
    VerbOption { is_required: true, ..option("--document", "JSON", Kind::Free, "The policy document.") };
const STATES: &[&str] =
    &["enabled", "disabled", "pending-deletion", "not-found", "opt-in-required", "throttling"];
const STATE: VerbOption = VerbOption {
    is_required: true,
    ..option("--state", "STATE", Kind::OneOf(STATES), "What KMS says of the key.")
};

const ROLE: VerbOption = option(
    "--role",
    "ROLE",
    Kind::Free,
    "The role that its AWS calls are made as; the account's admin by default.",
);

const SUBNETS: &[&str] = &["internet", "public", "private-nat", "private"];
const SUBNET: VerbOption = option(
    "--subnet",
    "SUBNET",
    Kind::OneOf(SUBNETS),
    "Where it stands: internet (the default), public, private-nat, or private, which has no way out.",
);
const ENDPOINT_SERVICES: &[&str] = &["kinesis-streams", "dynamodb", "monitoring"];
const READY_POLICIES: &[&str] =
    &["producer", "kpl", "consumer", "fan-out-consumer", "kcl", "kcl-3", "lambda", "firehose", "agent"];

const STATISTICS: &[&str] = &["Sum", "Average", "Minimum", "Maximum", "SampleCount"];
const COMPARISONS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
];
const MISSING_DATA: &[&str] = &["missing", "breaching", "notBreaching", "ignore"];
const NAMESPACE: VerbOption = option(
    "--namespace",
    "NAMESPACE",
    Kind::Free,
    "AWS/Kinesis by default; a KCL application's is its name.",
);
const DIMENSIONS: VerbOption =
    option("--dimensions", "NAME=VALUE,…", Kind::Free, "StreamName=orders, or with ,ShardId=… too.");
const STATISTIC: VerbOption = option("--statistic", "STATISTIC", Kind::OneOf(STATISTICS), "Sum by default.");
const PERIOD: VerbOption =
    option("--period", "SECONDS", Kind::Free, "A multiple of 60, which is the default.");

const FOR: VerbOption =
    option("--for", "TIME", Kind::Free, "How long it lasts; until it is cleared by default.");
const OF_WHOM: VerbOption = option("--program", "PROGRAM", Kind::Process, "Whose; everybody's by default.");

const PROCESS: (&str, Kind) = ("PROGRAM", Kind::Process);
const STREAM_PLACE: (&str, Kind) = ("STREAM", Kind::Stream);
const PRODUCER: (&str, Kind) = ("NAME", Kind::Producer);
const KPL: (&str, Kind) = ("NAME", Kind::Kpl);
const AGENT: (&str, Kind) = ("NAME", Kind::Agent);
const READER: (&str, Kind) = ("NAME", Kind::Reader);
const NEW_NAME: (&str, Kind) = ("NAME", Kind::Free);
const APPLICATION: (&str, Kind) = ("APPLICATION", Kind::Application);
const DELIVERY_STREAM: (&str, Kind) = ("NAME", Kind::DeliveryStream);
const FLINK: (&str, Kind) = ("NAME", Kind::Flink);
const TASK: (&str, Kind) = ("TASK", Kind::DmsTask);
const COMPRESSIONS: &[&str] = &["UNCOMPRESSED", "GZIP"];
const OUTPUT_FORMATS: &[&str] = &["parquet", "orc"];
const MIGRATION_TYPES: &[&str] = &["full-load", "cdc", "full-load-and-cdc"];
const MESSAGE_FORMATS: &[&str] = &["json", "json-unformatted"];
const KEY_TYPES: &[&str] = &["schema-table", "primary-key"];
const START_TYPES: &[&str] = &["resume-processing", "reload-target"];
const SERVICE_ROLE: VerbOption = option(
    "--role",
    "ARN",
    Kind::Free,
    "Role that it calls as, arn:aws:iam::123456789012:role/NAME; none may do everything.",
);
const STREAM_ARN: VerbOption = option(
    "--kinesis-stream-arn",
    "ARN",
    Kind::SourceArn,
    "ARN of the stream that it reads; without one producers put to it (Direct PUT).",
);
const TO_BUCKET: VerbOption =
    VerbOption { is_required: true, ..option("--bucket", "BUCKET", Kind::Bucket, "The bucket's name.") };
const DEFINITION: VerbOption = VerbOption {
    is_required: true,
    ..option(
        "--external-table-definition",
        "JSON",
        Kind::Free,
        "Tables of the files, as an S3 source endpoint has them.",
    )
};
const FUNCTION: (&str, Kind) = ("FUNCTION", Kind::Function);
const MAPPING: (&str, Kind) = ("UUID", Kind::Mapping);
const SWITCHES: &[&str] = &["true", "false"];
const ON_ERRORS: &[&str] = &["throw", "report-all", "report-first"];
const FUNCTION_ROLE: VerbOption = option(
    "--role",
    "ARN",
    Kind::Free,
    "Execution role, arn:aws:iam::123456789012:role/NAME; none may do everything.",
);
const TIMEOUT: VerbOption = option("--timeout", "SECONDS", Kind::Free, "Timeout, 1 to 900; 3 by default.");
const RESERVED_CONCURRENCY: VerbOption = option(
    "--concurrency",
    "COUNT",
    Kind::Free,
    "ReservedConcurrentExecutions; the account's 1,000 by default.",
);
const TAKES: VerbOption =
    option("--takes", "TIME", Kind::Free, "How long an invocation takes; 20ms by default.");
const PER_RECORD: VerbOption =
    option("--per-record", "TIME", Kind::Free, "How long each record takes besides.");
const FAILS_WHEN: VerbOption = option(
    "--fails-when",
    "CONDITION",
    Kind::Free,
    "A record of which this holds makes it fail: field=value, field!=value, field~text, field; partition-key and data are \
     fields too.",
);
const FAILS_EVERY: VerbOption = option(
    "--fails-every",
    "COUNT",
    Kind::Free,
    "Every so many invocations one throws, whatever its records.",
);
const ON_ERROR: VerbOption = option(
    "--on-error",
    "KIND",
    Kind::OneOf(ON_ERRORS),
    "What it does with such a record: throw (the default), report-all or report-first in batchItemFailures.",
);
const COUNT_BY: VerbOption =
    option("--count-by", "FIELD", Kind::Free, "Counts records by this field or partition-key.");
const SUM: VerbOption = option("--sum", "FIELD", Kind::Free, "Sums this field instead of counting.");
const DROPS_WHEN: VerbOption =
    option("--drops-when", "CONDITION", Kind::Free, "As a transform of Data Firehose: drops such records.");
const ENABLED: VerbOption =
    option("--enabled", "BOOLEAN", Kind::OneOf(SWITCHES), "Whether it reads; true by default.");
const BATCH_SIZE: VerbOption = option("--batch-size", "RECORDS", Kind::Free, "1 to 10000; 100 by default.");
const BATCHING_WINDOW: VerbOption = option(
    "--maximum-batching-window-in-seconds",
    "SECONDS",
    Kind::Free,
    "How long it gathers records before it invokes; 0 to 300, 0 by default.",
);
const PARALLELIZATION: VerbOption = option(
    "--parallelization-factor",
    "COUNT",
    Kind::Free,
    "Batches of one shard at the same time, 1 to 10; 1 by default.",
);
const RECORD_AGE: VerbOption = option(
    "--maximum-record-age-in-seconds",
    "SECONDS",
    Kind::Free,
    "Gives up older records: 60 to 604800; -1 never, the default.",
);
const RETRY_ATTEMPTS: VerbOption = option(
    "--maximum-retry-attempts",
    "COUNT",
    Kind::Free,
    "Gives a batch up after so many retries: 0 to 10000; -1 never, the default.",
);
const BISECT: VerbOption = option(
    "--bisect-batch-on-function-error",
    "BOOLEAN",
    Kind::OneOf(SWITCHES),
    "Whether a failed batch is cut in two; false by default.",
);
const REPORT_FAILURES: VerbOption = option(
    "--report-batch-item-failures",
    "BOOLEAN",
    Kind::OneOf(SWITCHES),
    "FunctionResponseTypes ReportBatchItemFailures; false by default.",
);
const TUMBLING_WINDOW: VerbOption =
    option("--tumbling-window-in-seconds", "SECONDS", Kind::Free, "0 to 900; 0, the default, is none.");
const FILTERS: VerbOption = option(
    "--filters",
    "JSON",
    Kind::Free,
    "Patterns of FilterCriteria: '[{\"data\":{\"status\":[\"paid\"]}}]'.",
);
const ON_FAILURE: VerbOption =
    option("--on-failure", "ARN", Kind::Free, "Queue, topic or bucket that is told of discarded batches.");
const NEW_FUNCTION_NAME: VerbOption = option("--function", "FUNCTION", Kind::Function, "Another function.");
const SOURCE_ARN: VerbOption = VerbOption {
    is_required: true,
    ..option(
        "--event-source-arn",
        "ARN",
        Kind::SourceArn,
        "ARN of the stream, or of a consumer (enhanced fan-out).",
    )
};
const BUCKET: (&str, Kind) = ("BUCKET", Kind::Bucket);
const KEY: (&str, Kind) = ("KEY", Kind::Free);
const WORKER: (&str, Kind) = ("WORKER", Kind::Worker);

macro_rules! verbs {
    ($( $build:ident: [$($word:literal),+] [$($place:expr),*] [$($option:expr),*] $summary:literal, $example:literal; )*) => {
        /// Every verb, in the order of the help.
        pub(crate) const VERBS: &[Verb] = &[ $( Verb {
            words: &[$($word),+],
            places: &[$($place),*],
            options: &[$($option),*],
            summary: $summary,
            example: $example,
            build: build::$build,
        }, )* ];
    };
}

verbs! {
    producer_start: ["producer", "start"] [NEW_NAME] [
        STREAM, RATE, TRAFFIC, WORKLOAD, SIZE, KEYS, CALL, RETRY, ATTEMPTS, CONCURRENCY, REQUEST_TIMEOUT, ORDERING, ROLE, SUBNET
    ]
        "Starts a program that puts records with the AWS SDK.",
        "sandbox producer start web --stream orders --rate 500 --keys zipf:1000 --call batch";
    producer_change: ["producer", "change"] [PRODUCER] [
        RATE, TRAFFIC, WORKLOAD, SIZE, KEYS, CALL, RETRY, ATTEMPTS, CONCURRENCY, REQUEST_TIMEOUT, ORDERING
    ]
        "Gives a running producer new settings.",
        "sandbox producer change web --retry backoff";
    producer_stop: ["producer", "stop"] [PRODUCER] []
        "Stops a producer.",
        "sandbox producer stop web";
    kpl_start: ["kpl", "start"] [NEW_NAME] [
        STREAM, RATE, TRAFFIC, WORKLOAD, SIZE, KEYS,
        option("--aggregation-enabled", "BOOLEAN", Kind::OneOf(TRUTHS), "AggregationEnabled: packs user records together; true by default."),
        option("--aggregation-max-count", "COUNT", Kind::Free, "AggregationMaxCount: user records in one Kinesis record; 4294967295 by default."),
        option("--aggregation-max-size", "BYTES", Kind::Free, "AggregationMaxSize: bytes of one Kinesis record; 51200 by default."),
        option("--collection-max-count", "COUNT", Kind::Free, "CollectionMaxCount: Kinesis records in one PutRecords call; 500 by default."),
        option("--collection-max-size", "BYTES", Kind::Free, "CollectionMaxSize: bytes of one PutRecords call; 5242880 by default."),
        option("--record-max-buffered-time", "TIME", Kind::Free, "RecordMaxBufferedTime: how long user records gather; 100ms by default."),
        option("--record-ttl", "TIME", Kind::Free, "RecordTtl: when a user record that is not put has failed; 30s by default."),
        option("--rate-limit", "PERCENT", Kind::Free, "RateLimit: share of a shard's limits that is used; 150 by default."),
        option("--fail-if-throttled", "BOOLEAN", Kind::OneOf(TRUTHS), "FailIfThrottled: gives throttled records up; false by default."),
        option("--max-connections", "COUNT", Kind::Free, "MaxConnections: calls under way at once; 24 by default."),
        option("--request-timeout", "TIME", Kind::Free, "RequestTimeout: when a call without an answer has failed; 6s by default."),
        ROLE, SUBNET
    ]
        "Starts a program that puts records with the Kinesis Producer Library; rate and size are of user records.",
        "sandbox kpl start clicks --stream orders --rate 5000 --size 100 --record-max-buffered-time 200ms";
    kpl_change: ["kpl", "change"] [KPL] [RATE, TRAFFIC, WORKLOAD, SIZE, KEYS]
        "Lets a program with the KPL write something else. The library's own settings stay while it runs.",
        "sandbox kpl change clicks --rate 2000";
    kpl_stop: ["kpl", "stop"] [KPL] []
        "Stops a program with the KPL: it makes no more user records and puts what is in the library.",
        "sandbox kpl stop clicks";
    agent_start: ["agent", "start"] [NEW_NAME] [
        CONFIGURATION,
        option("--stream", "STREAM", Kind::Stream, "Instead of a configuration: the shortest one that sends the log there."),
        LOG, LOG_FORMAT, LOG_RATE, TRAFFIC, LOG_SIZE, ROTATE_SIZE, KEEP, AGE, ROLE, SUBNET
    ]
        "Starts a server on which a program writes a log and the Kinesis Agent sends it.",
        "sandbox agent start web-1 --stream orders --format common-apache-log --rate 20";
    agent_change: ["agent", "change"] [AGENT] [
        CONFIGURATION,
        option("--log", "PATH", Kind::Free, "The log whose rate changes; the first one by default."),
        LOG_RATE, TRAFFIC
    ]
        "Gives the agent another configuration and restarts it, or lets a log grow faster or slower.",
        "sandbox agent change web-1 --configuration file://agent.json";
    agent_log: ["agent", "log"] [AGENT] [
        VerbOption { is_required: true, ..LOG },
        LOG_FORMAT, LOG_RATE, TRAFFIC, LOG_SIZE, ROTATE_SIZE, KEEP, AGE
    ]
        "Lets a program of the server write one more log.",
        "sandbox agent log web-1 --log /var/log/access.log --format combined-apache-log";
    agent_stop: ["agent", "stop"] [AGENT] []
        "Stops the agent; the logs are written on.",
        "sandbox agent stop web-1";
    agent_restart: ["agent", "restart"] [AGENT] []
        "Starts the agent again, also after a crash: it goes on from its checkpoints.",
        "sandbox agent restart web-1";
    reader_start: ["reader", "start"] [NEW_NAME] [
        STREAM, FROM, TIMESTAMP,
        option("--interval", "TIME", Kind::Free, "Pause between two polls of a shard; 1s by default."),
        option("--limit", "RECORDS", Kind::Free, "Limit of each GetRecords call."),
        option("--consumer", "CONSUMER", Kind::Free, "Subscribes as this consumer (enhanced fan-out) instead of polling."),
        ROLE, SUBNET
    ]
        "Starts a program that polls GetRecords with the AWS SDK, or is pushed to.",
        "sandbox reader start audit --stream orders --from TRIM_HORIZON";
    reader_stop: ["reader", "stop"] [READER] []
        "Stops a reader.",
        "sandbox reader stop audit";
    kcl_start: ["kcl", "start"] [("APPLICATION", Kind::Free)] [
        STREAM,
        option("--workers", "COUNT", Kind::Free, "Workers at the start; 1 by default."),
        option("--version", "VERSION", Kind::OneOf(VERSIONS), "Major version of the KCL: 1; 2, the default for exams and study notes; 3, the one of today, whose leader goes by load."),
        option("--retrieval-mode", "MODE", Kind::OneOf(RETRIEVAL_MODES), "polling (the default here), or fanout, which KCL 2 and 3 use unless told otherwise."),
        FROM, TIMESTAMP, FAILOVER,
        MAX_LEASES, TO_STEAL,
        option("--shard-sync-interval-millis", "MILLIS", Kind::Free, "How often KCL 1 looks for shards without a lease; 60000 by default."),
        option("--parent-shard-poll-interval-millis", "MILLIS", Kind::Free, "How often a child looks for its parents' end; 10000 by default."),
        MAX_RECORDS, IDLE,
        option("--call-process-records-even-for-empty-record-list", "BOOLEAN", Kind::OneOf(BOOLEANS), "Whether empty answers reach the record processor; false by default."),
        option("--task-backoff-time-millis", "MILLIS", Kind::Free, "Pause after a task that failed; 500 by default."),
        CHECKPOINT, PROCESSING_RATE, PROCESSOR,
        ASSIGNMENT_INTERVAL, RE_BALANCE_THRESHOLD, DAMPENING, THROUGHPUT_OVERSHOOT, MAX_THROUGHPUT,
        BALANCING_FREQUENCY, REPORTER_FREQUENCY, DISABLE_METRICS, HAND_OFF, HAND_OFF_TIMEOUT,
        CPU_PER_RECORD, CPU_PER_KB, VCPUS, ROLE, SUBNET
    ]
        "Starts a KCL application: its lease table and its first workers.",
        "sandbox kcl start billing --stream orders --workers 2";
    kcl_change: ["kcl", "change"] [APPLICATION] [
        FROM, TIMESTAMP, FAILOVER, MAX_LEASES, TO_STEAL, MAX_RECORDS, IDLE, CHECKPOINT, PROCESSING_RATE, PROCESSOR,
        RE_BALANCE_THRESHOLD, DAMPENING, MAX_THROUGHPUT, HAND_OFF, HAND_OFF_TIMEOUT, CPU_PER_RECORD, CPU_PER_KB
    ]
        "Gives an application new settings, as a deployment does; a position is used for shards without a lease only.",
        "sandbox kcl change billing --checkpoint 2s";
    kcl_add_worker: ["kcl", "add-worker"] [APPLICATION] []
        "Adds one worker.",
        "sandbox kcl add-worker billing";
    kcl_crash: ["kcl", "crash"] [APPLICATION, WORKER] []
        "Kills a worker's process: its leases stay in its name until they expire.",
        "sandbox kcl crash billing w1";
    kcl_pause: ["kcl", "pause"] [APPLICATION, WORKER] []
        "Lets a worker stand still, as a long garbage collection does.",
        "sandbox kcl pause billing w1";
    kcl_resume: ["kcl", "resume"] [APPLICATION, WORKER] []
        "Ends a worker's pause.",
        "sandbox kcl resume billing w1";
    kcl_restart: ["kcl", "restart"] [APPLICATION, WORKER] []
        "Starts a crashed or stopped worker again.",
        "sandbox kcl restart billing w1";
    kcl_stop: ["kcl", "stop"] [APPLICATION, WORKER] []
        "Shuts a worker down: it writes its progress and gives its leases back.",
        "sandbox kcl stop billing w1";
    kcl_host: ["kcl", "host"] [APPLICATION, WORKER] [
        VCPUS,
        option("--other-load-percent", "PERCENT", Kind::Free, "Percent of the host's CPU that others use; 1 at the start.")
    ]
        "Gives a worker of KCL 3 a larger or smaller host, or a busy neighbour on it: the leader goes by its CPU.",
        "sandbox kcl host billing w1 --other-load-percent 60";
    kcl_delete_lease: ["kcl", "delete-lease"] [APPLICATION, ("LEASE", Kind::Free)] []
        "Deletes an item of the lease table by hand, as one should not.",
        "sandbox kcl delete-lease billing shardId-000000000000";
    kcl_delete_table: ["kcl", "delete-table"] [APPLICATION] []
        "Deletes the lease table, checkpoints and all.",
        "sandbox kcl delete-table billing";
    kcl_capacity: ["kcl", "capacity"] [APPLICATION] [
        option("--read-capacity-units", "UNITS", Kind::Free, "Read units a second; the table is on demand without both."),
        option("--write-capacity-units", "UNITS", Kind::Free, "Write units a second; the table is on demand without both.")
    ]
        "Gives the lease table provisioned capacity, or makes it on demand.",
        "sandbox kcl capacity billing --read-capacity-units 5 --write-capacity-units 1";
    policy_set: ["policy", "set"] [("PRINCIPAL", Kind::Free), NEW_NAME] [DOCUMENT]
        "Gives a user or role (role/NAME) an identity policy; then --profile NAME calls as that user.",
        "sandbox policy set ana write --document '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"kinesis:Put*\",\"Resource\":\"*\"}}'";
    policy_remove: ["policy", "remove"] [("PRINCIPAL", Kind::Free), NEW_NAME] []
        "Takes an identity policy away.",
        "sandbox policy remove ana write";
    policy_show: ["policy", "show"] [("KIND", Kind::OneOf(READY_POLICIES))] [
        STREAM,
        option("--application", "APPLICATION", Kind::Application, "Of a KCL application: its tables."),
        option("--bucket", "BUCKET", Kind::Bucket, "Of a Firehose stream: where it delivers to.")
    ]
        "Prints a policy with the least that a kind of program needs.",
        "sandbox policy set role/writer own --document \"$(sandbox policy show producer --stream orders)\"";
    identity_create: ["identity", "create"] [("PRINCIPAL", Kind::Free)] [
        option("--trust", "JSON", Kind::Free, "Who may assume a role; kept, not looked at.")
    ]
        "Makes a user or role (role/NAME) that has no policy yet.",
        "sandbox identity create role/writer";
    identity_delete: ["identity", "delete"] [("PRINCIPAL", Kind::Free)] []
        "Deletes a user or role that has no policies any more.",
        "sandbox identity delete role/writer";
    attach: ["attach"] [("PROGRAM", Kind::Program)] [ROLE, SUBNET]
        "Lets a running program call as a role from now on, or as the admin again.",
        "sandbox attach web --role writer";
    key_policy: ["key", "policy"] [("KEY", Kind::Free)] [
        option("--document", "JSON", Kind::Free, "The key's policy; the default one where it is left out.")
    ]
        "Gives a KMS key a policy: without a statement for the account, policies of users and roles count for nothing.",
        "sandbox key policy alias/orders --document '{\"Statement\":{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"123456789012\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}}'";
    key_set: ["key", "set"] [("KEY", Kind::Free)] [STATE]
        "Says what KMS answers for a key from now on.",
        "sandbox key set alias/orders --state disabled";
    function_create: ["function", "create"] [NEW_NAME] [
        FUNCTION_ROLE, TIMEOUT, RESERVED_CONCURRENCY, TAKES, PER_RECORD, FAILS_WHEN, FAILS_EVERY, ON_ERROR, COUNT_BY, SUM, DROPS_WHEN
    ]
        "Declares a Lambda function: what it does instead of its code.",
        "sandbox function create totals --fails-when status=poison --count-by customer";
    function_update: ["function", "update"] [FUNCTION] [
        FUNCTION_ROLE, TIMEOUT, RESERVED_CONCURRENCY, TAKES, PER_RECORD, FAILS_WHEN, FAILS_EVERY, ON_ERROR, COUNT_BY, SUM, DROPS_WHEN
    ]
        "Declares a Lambda function anew; what is not given is as by default.",
        "sandbox function update totals --count-by customer";
    function_delete: ["function", "delete"] [FUNCTION] []
        "Deletes a Lambda function; its event source mappings stay.",
        "sandbox function delete totals";
    mapping_create: ["mapping", "create"] [FUNCTION] [
        SOURCE_ARN, FROM, TIMESTAMP, ENABLED, BATCH_SIZE, BATCHING_WINDOW, PARALLELIZATION, RECORD_AGE, RETRY_ATTEMPTS,
        BISECT, REPORT_FAILURES, TUMBLING_WINDOW, FILTERS, ON_FAILURE
    ]
        "Makes an event source mapping: Lambda invokes the function with a stream's records.",
        "sandbox mapping create totals --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --batch-size 50";
    mapping_update: ["mapping", "update"] [MAPPING] [
        NEW_FUNCTION_NAME, ENABLED, BATCH_SIZE, BATCHING_WINDOW, PARALLELIZATION, RECORD_AGE, RETRY_ATTEMPTS, BISECT,
        REPORT_FAILURES, TUMBLING_WINDOW, FILTERS, ON_FAILURE
    ]
        "Gives an event source mapping new settings.",
        "sandbox mapping update 91e2a6c5-0ad6-4d0f-8b0c-1b1d9e6b8a10 --bisect-batch-on-function-error true";
    mapping_delete: ["mapping", "delete"] [MAPPING] []
        "Deletes an event source mapping.",
        "sandbox mapping delete 91e2a6c5-0ad6-4d0f-8b0c-1b1d9e6b8a10";
    firehose_create: ["firehose", "create"] [NEW_NAME] [
        STREAM_ARN, TO_BUCKET, SERVICE_ROLE,
        option("--prefix", "PREFIX", Kind::Free, "Of the objects; !{timestamp:yyyy/MM/dd} and !{partitionKeyFromQuery:key}."),
        option("--error-output-prefix", "PREFIX", Kind::Free, "Of what failed; !{firehose:error-output-type}."),
        option("--size-in-mbs", "MIB", Kind::Free, "Delivers when so much is buffered: 1 to 128; 5 by default."),
        option("--interval-in-seconds", "SECONDS", Kind::Free, "Or after so long: 0 to 900; 300 by default."),
        option("--transform", "FUNCTION", Kind::Function, "Lambda function that transforms records."),
        option("--transform-retries", "COUNT", Kind::Free, "How often a failed transform is tried again; 3 by default."),
        option("--append-delimiter", "BOOLEAN", Kind::OneOf(SWITCHES), "Whether a newline goes behind each record."),
        option("--partition-by", "FIELD", Kind::Free, "Dynamic partitioning by this field."),
        option("--backup-bucket", "BUCKET", Kind::Bucket, "Bucket that gets all source records as they came."),
        option("--compression-format", "FORMAT", Kind::OneOf(COMPRESSIONS), "Of the objects: UNCOMPRESSED (the default) or GZIP."),
        option("--output-format", "FORMAT", Kind::OneOf(OUTPUT_FORMATS), "Record format conversion from JSON; buffers are 64 MiB at least."),
        option("--schema", "DATABASE.TABLE", Kind::Free, "AWS Glue table whose columns the converted records have.")
    ]
        "Makes a Data Firehose stream that delivers a stream's records to S3.",
        "sandbox firehose create clicks --kinesis-stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --bucket lake --interval-in-seconds 60";
    firehose_put: ["firehose", "put"] [DELIVERY_STREAM, ("RECORDS", Kind::Free)] [CALL]
        "Puts records, given as a JSON list of base64, to a Firehose stream without a source.",
        "sandbox firehose put clicks '[\"aGVsbG8=\"]'";
    firehose_delete: ["firehose", "delete"] [DELIVERY_STREAM] []
        "Deletes a Data Firehose stream; what it has buffered is lost.",
        "sandbox firehose delete clicks";
    flink_create: ["flink", "create"] [NEW_NAME] [
        STREAM, SERVICE_ROLE, FROM, TIMESTAMP,
        option("--key", "FIELD", Kind::Free, "keyBy: a field, or partition-key (the default)."),
        option("--window", "TIME", Kind::Free, "Length of the windows; 1m by default."),
        option("--slide", "TIME", Kind::Free, "Windows slide by this; they tumble by default."),
        option("--sum", "FIELD", Kind::Free, "Sums this field instead of counting."),
        option("--event-time", "FIELD", Kind::Free, "Field with milliseconds since 1970; a record's arrival by default."),
        option("--out-of-orderness", "TIME", Kind::Free, "How far watermarks stay behind; 0 by default."),
        option("--idleness", "TIME", Kind::Free, "After this a silent shard holds watermarks back no more; never by default."),
        option("--allowed-lateness", "TIME", Kind::Free, "How long a window takes late records; not at all by default."),
        option("--checkpoint-interval", "TIME", Kind::Free, "How often a checkpoint is made; 1m by default."),
        option("--parallelism", "COUNT", Kind::Free, "Parallel tasks; 1 by default."),
        option("--parallelism-per-kpu", "COUNT", Kind::Free, "Of these on one KPU; 1 by default."),
        option("--sink", "STREAM", Kind::Stream, "Stream to which results are put.")
    ]
        "Starts an application of Managed Service for Apache Flink: counts or sums by key in windows.",
        "sandbox flink create totals --stream orders --key customer --window 1m --event-time at";
    flink_stop: ["flink", "stop"] [FLINK] []
        "Stops a Flink application with a snapshot.",
        "sandbox flink stop totals";
    flink_start: ["flink", "start"] [FLINK] []
        "Starts a stopped Flink application from its snapshot.",
        "sandbox flink start totals";
    flink_fail: ["flink", "fail"] [FLINK] []
        "Lets a task of a Flink application die: it begins again from its last checkpoint.",
        "sandbox flink fail totals";
    flink_delete: ["flink", "delete"] [FLINK] []
        "Deletes a Flink application.",
        "sandbox flink delete totals";
    dms_create: ["dms", "create"] [("TASK", Kind::Free)] [
        TO_BUCKET, DEFINITION, STREAM, SERVICE_ROLE,
        option("--migration-type", "TYPE", Kind::OneOf(MIGRATION_TYPES), "full-load (the default), cdc or full-load-and-cdc."),
        option("--bucket-folder", "PATH", Kind::Free, "Folder of the files in the bucket."),
        option("--cdc-path", "PATH", Kind::Free, "Folder of the files of changes."),
        option("--message-format", "FORMAT", Kind::OneOf(MESSAGE_FORMATS), "json (the default) or json-unformatted."),
        option("--partition-key-type", "TYPE", Kind::OneOf(KEY_TYPES), "schema-table (the default) or primary-key."),
        option("--include-control-details", "BOOLEAN", Kind::OneOf(SWITCHES), "Columns in control records."),
        option("--include-partition-value", "BOOLEAN", Kind::OneOf(SWITCHES), "The partition key in the metadata."),
        option("--partition-include-schema-table", "BOOLEAN", Kind::OneOf(SWITCHES), "Schema and table before a primary key.")
    ]
        "Starts a DMS task: files of rows in S3 become records on a stream.",
        "sandbox dms create move --bucket files --stream orders --external-table-definition '{\"Tables\":[…]}'";
    dms_stop: ["dms", "stop"] [TASK] []
        "Stops a DMS task.",
        "sandbox dms stop move";
    dms_start: ["dms", "start"] [TASK] [
        option("--type", "TYPE", Kind::OneOf(START_TYPES), "resume-processing (the default) or reload-target.")
    ]
        "Starts a stopped DMS task again.",
        "sandbox dms start move --type reload-target";
    dms_delete: ["dms", "delete"] [TASK] []
        "Deletes a DMS task.",
        "sandbox dms delete move";
    fault_crash: ["fault", "crash"] [PROCESS] [
        option("--for", "TIME", Kind::Free, "When a KCL worker is started again; never by default.")
    ]
        "Lets a program die.",
        "sandbox fault crash billing/w1 --for 30s";
    fault_pause: ["fault", "pause"] [PROCESS] [FOR]
        "Lets a program stand still, as a long garbage collection does.",
        "sandbox fault pause billing/w1 --for 15s";
    fault_slow: ["fault", "slow"] [PROCESS] [
        VerbOption { is_required: true, ..option("--factor", "N", Kind::Free, "How many times slower: 2 to 10000.") },
        FOR
    ]
        "Lets a program or function take longer for each thing that it handles.",
        "sandbox fault slow billing/w1 --factor 500 --for 1m";
    fault_latency: ["fault", "latency"] [] [
        VerbOption { is_required: true, ..option("--more", "TIME", Kind::Free, "How much longer a message takes, one way.") },
        OF_WHOM, FOR
    ]
        "Lets messages between programs and services take longer.",
        "sandbox fault latency --more 200ms --program web --for 1m";
    fault_loss: ["fault", "loss"] [] [
        VerbOption { is_required: true, ..option("--percent", "N", Kind::Free, "How many of a hundred get lost.") },
        option("--way", "WAY", Kind::OneOf(WAYS), "calls, answers (the service did it and nobody learns of it), or both (the default)."),
        OF_WHOM, FOR
    ]
        "Lets messages between programs and services get lost.",
        "sandbox fault loss --percent 30 --way answers --program web --for 30s";
    fault_partition: ["fault", "partition"] [PROCESS] [FOR]
        "Cuts a KCL worker off from its lease table; the stream it still reaches.",
        "sandbox fault partition billing/w1 --for 1m";
    fault_clock: ["fault", "clock"] [PROCESS] [
        option("--ahead", "TIME", Kind::Free, "By how much it is fast."),
        option("--behind", "TIME", Kind::Free, "By how much it is slow."),
        FOR
    ]
        "Makes a program's clock wrong.",
        "sandbox fault clock web --behind 10m";
    fault_throttle: ["fault", "throttle"] [STREAM_PLACE] [
        option("--shard", "SHARD", Kind::Free, "Which shard; the first open one by default.")
    ]
        "Throttles the next call to a shard, once.",
        "sandbox fault throttle orders --shard shardId-000000000001";
    fault_poison: ["fault", "poison"] [STREAM_PLACE] [
        VerbOption { is_required: true, ..option("--program", "PROGRAM", Kind::Processor, "Which KCL application or function throws at it.") },
        option("--key", "KEY", Kind::Free, "Its partition key; poison by default.")
    ]
        "Puts a record at which an application or a function throws an exception.",
        "sandbox fault poison orders --program billing";
    fault_slow_sink: ["fault", "slow-sink"] [PROCESS] [
        VerbOption { is_required: true, ..option("--per-record", "TIME", Kind::Free, "How long writing one record takes.") },
        FOR
    ]
        "Lets what a program or function writes its results to take long.",
        "sandbox fault slow-sink billing/w1 --per-record 20ms --for 2m";
    fault_clear: ["fault", "clear"] [] [
        option("--of", "TARGET", Kind::Free, "Only those of this program or stream.")
    ]
        "Ends faults.",
        "sandbox fault clear --of web";
    bucket_create: ["bucket", "create"] [("BUCKET", Kind::Free)] []
        "Makes an S3 bucket.",
        "sandbox bucket create clicks";
    bucket_delete: ["bucket", "delete"] [BUCKET] []
        "Deletes an empty S3 bucket.",
        "sandbox bucket delete clicks";
    object_put: ["object", "put"] [BUCKET, KEY, ("TEXT", Kind::Free)] []
        "Writes an S3 object.",
        "sandbox object put clicks in/a.csv '1,ana'";
    object_decode: ["object", "decode"] [BUCKET, KEY, ("BASE64", Kind::Free)] []
        "Writes an S3 object of bytes, given as base64.",
        "sandbox object decode clicks in/a.bin /wA=";
    object_delete: ["object", "delete"] [BUCKET, KEY] []
        "Deletes an S3 object.",
        "sandbox object delete clicks in/a.csv";
    endpoint_set: ["endpoint", "set"] [("SERVICE", Kind::OneOf(ENDPOINT_SERVICES))] [
        option("--policy", "JSON", Kind::Free, "The endpoint's policy; everything passes where it is left out.")
    ]
        "Gives the VPC an endpoint for a service, with private DNS names.",
        "sandbox endpoint set kinesis-streams";
    endpoint_delete: ["endpoint", "delete"] [("SERVICE", Kind::OneOf(ENDPOINT_SERVICES))] []
        "Takes the VPC's endpoint for a service away.",
        "sandbox endpoint delete kinesis-streams";
    cost: ["cost"] [] []
        "Prints what the streams cost so far and by the month, and what the last change added.",
        "sandbox cost";
    plan: ["plan"] [] [
        VerbOption { is_required: true, ..option("--rate", "RECORDS", Kind::Free, "Records per second.") },
        option("--size", "BYTES", Kind::Free, "Bytes of a record; 1024 by default."),
        option("--consumers", "COUNT", Kind::Free, "Programs that poll GetRecords; 1 by default."),
        option("--efo-consumers", "COUNT", Kind::Free, "Consumers with enhanced fan-out; 0 by default."),
        option("--aggregate", "COUNT", Kind::Free, "Records that the KPL packs into one; 1 by default.")
    ]
        "Says how many shards a stream needs, and which limit asks for them.",
        "sandbox plan --rate 5000 --size 100 --consumers 2";
    metrics: ["metrics"] [] []
        "Prints the metrics that CloudWatch has points of.",
        "sandbox metrics";
    metric: ["metric"] [("METRIC", Kind::Free)] [
        DIMENSIONS, NAMESPACE, STATISTIC, PERIOD,
        option("--span", "TIME", Kind::Free, "How far back; 3h by default.")
    ]
        "Prints the points of a metric.",
        "sandbox metric IncomingRecords --dimensions StreamName=orders";
    alarm_put: ["alarm", "put"] [NEW_NAME] [
        VerbOption { is_required: true, ..option("--metric-name", "METRIC", Kind::Free, "The metric's name.") },
        NAMESPACE, DIMENSIONS, STATISTIC, PERIOD,
        option("--evaluation-periods", "COUNT", Kind::Free, "Periods that are looked at; 1 by default."),
        option("--datapoints-to-alarm", "COUNT", Kind::Free, "How many of them must be over; all by default."),
        VerbOption { is_required: true, ..option("--threshold", "NUMBER", Kind::Free, "What it is compared with.") },
        option("--comparison-operator", "OPERATOR", Kind::OneOf(COMPARISONS), "GreaterThanThreshold by default."),
        option("--treat-missing-data", "HOW", Kind::OneOf(MISSING_DATA), "missing by default.")
    ]
        "Puts an alarm on a metric.",
        "sandbox alarm put late --metric-name GetRecords.IteratorAgeMilliseconds --dimensions StreamName=orders --statistic Maximum --threshold 60000";
    alarm_delete: ["alarm", "delete"] [("ALARM", Kind::Free)] []
        "Takes an alarm away.",
        "sandbox alarm delete late";
    alarms: ["alarms"] [] []
        "Prints the alarms and their states.",
        "sandbox alarms";
    trail_events: ["trail", "events"] [] [
        option("--event-name", "NAME", Kind::Free, "Only these calls: DeleteStream."),
        option("--resource-name", "NAME", Kind::Free, "Only calls about this stream."),
        option("--username", "NAME", Kind::Free, "Only calls of this user, or session of a role."),
        option("--as", "FORM", Kind::OneOf(&["table", "json"]), "table (the default), or json: the whole events.")
    ]
        "Prints who called what: CloudTrail's management events.",
        "sandbox trail events --event-name DeleteStream";
    trail_data_events: ["trail", "data-events"] [("WHICH", Kind::OneOf(&["off", "all", "read-only", "write-only"]))] []
        "Says which calls of the data plane CloudTrail records.",
        "sandbox trail data-events all";
    clock_advance: ["clock", "advance"] [("TIME", Kind::Free)] []
        "Lets virtual time pass.",
        "sandbox clock advance 30s";
    clock_step: ["clock", "step"] [] []
        "Lets virtual time pass until the next thing happens.",
        "sandbox clock step";
    clock_play: ["clock", "play"] [] []
        "Lets the clock run.",
        "sandbox clock play";
    clock_pause: ["clock", "pause"] [] []
        "Stops the clock.",
        "sandbox clock pause";
    clock_speed: ["clock", "speed"] [("SPEED", Kind::OneOf(SPEEDS))] []
        "Virtual seconds per real second, 1/10x to 10000x.",
        "sandbox clock speed 10x";
    undo: ["undo"] [] []
        "Goes back to before the last line that changed something.",
        "sandbox undo";
    redo: ["redo"] [] []
        "Takes the last undo back.",
        "sandbox redo";
    seek: ["seek"] [("TIME", Kind::Free)] []
        "Goes to a time of this session, or to so long after its beginning.",
        "sandbox seek 30s";
    fork_make: ["fork", "make"] [] []
        "Makes a second world that is as this one is now; both go on by the same clock.",
        "sandbox fork make";
    fork_switch: ["fork", "switch"] [] []
        "Goes over to the other world: what is typed now is done there.",
        "sandbox fork switch";
    fork_difference: ["fork", "difference"] [] []
        "Says what happened otherwise in the two worlds, and which figures differ.",
        "sandbox fork difference";
    fork_drop: ["fork", "drop"] [] []
        "Lets the other world go.",
        "sandbox fork drop";
    save: ["save"] [] []
        "Prints the session: each command with its time.",
        "sandbox save";
    facts: ["facts"] [] [
        option("--last", "COUNT", Kind::Free, "The newest ones, so many; 20 by default."),
        option("--kind", "KIND", Kind::Free, "Only those of this kind: RecordsAppended.")
    ]
        "Prints what happened, each fact with its number.",
        "sandbox facts --last 5 --kind LeaseTaken";
    why: ["why"] [("FACT", Kind::Free)] []
        "Says what led to a fact, down to a command.",
        "sandbox why 1234";
    export: ["export"] [("FORM", Kind::OneOf(FORMS))] []
        "Prints what stands in the account for the real AWS: a script, or a template.",
        "sandbox export cli > up.sh";
    answer: ["answer"] [("NAME", Kind::Free), ("VALUE", Kind::Free)] []
        "Answers a question of an exercise.",
        "sandbox answer hot-shard shardId-000000000002";
    file_write: ["file", "write"] [("PATH", Kind::File), ("TEXT", Kind::Free)] []
        "Writes a file, as echo … > file does.",
        "sandbox file write a.json '{}'";
    file_decode: ["file", "decode"] [("PATH", Kind::File), ("BASE64", Kind::Free)] []
        "Writes a file of bytes, given as base64.",
        "sandbox file decode a.bin /wA=";
    file_remove: ["file", "remove"] [("PATH", Kind::File)] []
        "Removes a file, as rm does.",
        "sandbox file remove a.json";
    help: ["help"] [] []
        "Explains the sandbox's verbs.",
        "sandbox help";
}
