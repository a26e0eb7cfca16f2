//! The options that several verbs take, and the words that can stand behind them.

use super::{Kind, VerbOption};

pub(crate) const WAYS: &[&str] = &["both", "calls", "answers"];
pub(crate) const CALLS: &[&str] = &["single", "batch"];
pub(crate) const RETRIES: &[&str] = &["none", "immediate", "backoff", "standard", "legacy"];
pub(super) const ORDERINGS: &[&str] = &["none", "per-key"];
pub(super) const WORKLOADS: &[&str] = &["plain", "app-log", "cloudwatch-metrics", "web-activity"];
pub(super) const TRAFFICS: &[&str] = &["steady", "burst:10:5:60", "ramp:2000:600", "daily"];
pub(crate) const POSITIONS: &[&str] = &["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];
pub(super) const RECIPES: &[&str] = &[
    "uniform:1000",
    "random",
    "zipf:1000",
    "fixed:us,eu,ap",
    "hot:90:celebrity",
    "composite:fixed:us,eu,ap+uniform:1000",
];
pub(super) const FORMS: &[&str] = &["cli", "cloudformation", "terraform"];
pub(super) const TRUTHS: &[&str] = &["true", "false"];
pub(super) const SPEEDS: &[&str] = &["1x", "10x", "100x", "1000x", "10000x", "1/10x"];

pub(super) const fn option(
    name: &'static str,
    value: &'static str,
    kind: Kind,
    help: &'static str,
) -> VerbOption {
    VerbOption { name, value, kind, is_required: false, help }
}

pub(super) const STREAM: VerbOption =
    VerbOption { is_required: true, ..option("--stream", "STREAM", Kind::Stream, "The stream's name.") };
pub(super) const RATE: VerbOption =
    option("--rate", "RECORDS", Kind::Free, "Records per second; 100 by default.");
pub(super) const SIZE: VerbOption = option(
    "--size",
    "BYTES",
    Kind::Free,
    "Bytes of data in each record; 200 by default, 300 to 450 of a workload.",
);
pub(super) const KEYS: VerbOption = option(
    "--keys",
    "RECIPE",
    Kind::OneOf(RECIPES),
    "Partition keys: uniform:1000 (the default), random, zipf:1000, fixed:us,eu,ap, hot:90:celebrity or \
     composite:fixed:us,eu,ap+uniform:1000 (keys joined by #).",
);
pub(super) const CALL: VerbOption = option(
    "--call",
    "KIND",
    Kind::OneOf(CALLS),
    "single: PutRecord for each (the default); batch: PutRecords.",
);
pub(super) const RETRY: VerbOption = option(
    "--retry",
    "POLICY",
    Kind::OneOf(RETRIES),
    "After a failure: none (the default), immediate, backoff (exponential, with full jitter), or the SDK's own modes \
     standard and legacy, which do not reach into a PutRecords answer.",
);
pub(super) const TRAFFIC: VerbOption = option(
    "--traffic",
    "SHAPE",
    Kind::OneOf(TRAFFICS),
    "The rate over time: steady (the default), burst:10:5:60 (10 times for 5 of 60 s), ramp:2000:600 (to 2000/s in \
     600 s) or daily.",
);
pub(super) const WORKLOAD: VerbOption = option(
    "--workload",
    "KIND",
    Kind::OneOf(WORKLOADS),
    "What stands in the records: plain (the default), app-log, cloudwatch-metrics or web-activity.",
);
pub(super) const CONCURRENCY: VerbOption = option(
    "--concurrency",
    "CALLS",
    Kind::Free,
    "Calls under way at most; records queue behind them. No bound by default.",
);
pub(super) const REQUEST_TIMEOUT: VerbOption = option(
    "--request-timeout",
    "TIME",
    Kind::Free,
    "When a call without an answer counts as failed; 30s by default.",
);
pub(super) const ORDERING: VerbOption = option(
    "--ordering",
    "KIND",
    Kind::OneOf(ORDERINGS),
    "none (the default), or per-key: one record of a key at a time, with SequenceNumberForOrdering.",
);
pub(super) const ATTEMPTS: VerbOption = option(
    "--attempts",
    "COUNT",
    Kind::Free,
    "How often a record is sent at most; 5 by default, 3 in mode standard.",
);
pub(super) const FROM: VerbOption = option(
    "--from",
    "POSITION",
    Kind::OneOf(POSITIONS),
    "Where to begin: TRIM_HORIZON (the default), LATEST, or AT_TIMESTAMP with --timestamp.",
);
pub(super) const TIMESTAMP: VerbOption =
    option("--timestamp", "TIME", Kind::Free, "The time for AT_TIMESTAMP: 2026-01-01T00:00:30Z.");

pub(super) const CONFIGURATION: VerbOption = option(
    "--configuration",
    "JSON",
    Kind::Free,
    "The text of agent.json; file://agent.json takes it from a file of the prompt.",
);
pub(super) const LOG_FORMATS: &[&str] = &[
    "app-log",
    "web-activity",
    "common-apache-log",
    "combined-apache-log",
    "apache-error-log",
    "syslog",
    "csv",
];
pub(super) const LOG: VerbOption =
    option("--log", "PATH", Kind::Free, "The log's path; /var/log/app.log by default.");
pub(super) const LOG_FORMAT: VerbOption = option(
    "--format",
    "FORMAT",
    Kind::OneOf(LOG_FORMATS),
    "What its lines look like: app-log (the default; errors bring stack traces), web-activity (JSON), or a format of LOGTOJSON or CSVTOJSON.",
);
pub(super) const LOG_RATE: VerbOption =
    option("--rate", "ENTRIES", Kind::Free, "Entries per second; 10 by default.");
pub(super) const LOG_SIZE: VerbOption = option(
    "--size",
    "BYTES",
    Kind::Free,
    "Bytes of an entry, the ends of its lines included; 120 to 400 by default.",
);
pub(super) const ROTATE_SIZE: VerbOption = option(
    "--rotate-size",
    "BYTES",
    Kind::Free,
    "The file is renamed and a new one begun before it is larger; 10485760 by default.",
);
pub(super) const KEEP: VerbOption =
    option("--keep", "FILES", Kind::Free, "Renamed files that are kept; 5 by default.");
pub(super) const AGE: VerbOption =
    option("--age", "TIME", Kind::Free, "For how long it has been written already; not at all by default.");

pub(super) const FAILOVER: VerbOption = option(
    "--failover-time-millis",
    "MILLIS",
    Kind::Free,
    "When a lease whose counter stands still counts as expired; 10000 by default.",
);
pub(super) const MAX_LEASES: VerbOption = option(
    "--max-leases-for-worker",
    "COUNT",
    Kind::Free,
    "Leases that a worker holds at most; no bound by default.",
);
pub(super) const TO_STEAL: VerbOption = option(
    "--max-leases-to-steal-at-one-time",
    "COUNT",
    Kind::Free,
    "Leases that a worker takes from a busier one at a time; 1 by default.",
);
pub(super) const MAX_RECORDS: VerbOption = option(
    "--max-records",
    "RECORDS",
    Kind::Free,
    "Records of one GetRecords call at most; 10000 by default.",
);
pub(super) const IDLE: VerbOption = option(
    "--idle-time-between-reads-in-millis",
    "MILLIS",
    Kind::Free,
    "Pause between two reads of a shard; 1000 by default, 1500 with KCL 3.",
);
pub(super) const CHECKPOINT: VerbOption =
    option("--checkpoint", "TIME", Kind::Free, "How often the record processor checkpoints; 10s by default.");
pub(super) const PROCESSING_RATE: VerbOption = option(
    "--processing-rate",
    "RECORDS",
    Kind::Free,
    "Records that a shard's processor works off in a second; 0, as fast as they come, by default.",
);
pub(super) const PROCESSOR: VerbOption = option(
    "--processor",
    "KIND",
    Kind::OneOf(PROCESSORS),
    "plain (the default), or idempotent: it leaves out records that it knows.",
);
pub(super) const ASSIGNMENT_INTERVAL: VerbOption = option(
    "--lease-assignment-interval-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how often the leader assigns leases; twice the fail-over time by default.",
);
pub(super) const RE_BALANCE_THRESHOLD: VerbOption = option(
    "--re-balance-threshold-percentage",
    "PERCENT",
    Kind::Free,
    "KCL 3: by how much a worker's load may differ from the average; 10 by default.",
);
pub(super) const DAMPENING: VerbOption = option(
    "--dampening-percentage",
    "PERCENT",
    Kind::Free,
    "KCL 3: how much of a worker's surplus is moved at a time; 60 by default.",
);
pub(super) const THROUGHPUT_OVERSHOOT: VerbOption = option(
    "--allow-throughput-overshoot",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether a lease is moved that is more than the surplus; true by default.",
);
pub(super) const MAX_THROUGHPUT: VerbOption = option(
    "--max-throughput-per-host-kbps",
    "KBPS",
    Kind::Free,
    "KCL 3: a worker that reads more is given no lease; no bound by default.",
);
pub(super) const BALANCING_FREQUENCY: VerbOption = option(
    "--variance-balancing-frequency",
    "RUNS",
    Kind::Free,
    "KCL 3: in every so-manieth run of the leader load is moved; 3 by default.",
);
pub(super) const REPORTER_FREQUENCY: VerbOption = option(
    "--worker-metrics-reporter-freq-in-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how often a worker writes its load into the worker-metrics table; 30000 by default.",
);
pub(super) const DISABLE_METRICS: VerbOption = option(
    "--disable-worker-metrics",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether the leader goes by throughput instead of CPU; false by default.",
);
pub(super) const HAND_OFF: VerbOption = option(
    "--is-graceful-lease-handoff-enabled",
    "BOOLEAN",
    Kind::OneOf(BOOLEANS),
    "KCL 3: whether who loses a lease writes its progress first; true by default.",
);
pub(super) const HAND_OFF_TIMEOUT: VerbOption = option(
    "--graceful-lease-handoff-timeout-millis",
    "MILLIS",
    Kind::Free,
    "KCL 3: how long a hand-over waits for the batch at hand; 30000 by default.",
);
pub(super) const CPU_PER_RECORD: VerbOption = option(
    "--cpu-micros-per-record",
    "MICROS",
    Kind::Free,
    "KCL 3: CPU time that the record processor takes for a record; 500 by default.",
);
pub(super) const CPU_PER_KB: VerbOption = option(
    "--cpu-micros-per-kb",
    "MICROS",
    Kind::Free,
    "KCL 3: CPU time that the record processor takes for a KB; 50 by default.",
);
pub(super) const VCPUS: VerbOption =
    option("--vcpus", "COUNT", Kind::Free, "KCL 3: vCPUs of a worker's host; 2 by default.");
pub(super) const VERSIONS: &[&str] = &["1", "2", "3"];
pub(super) const RETRIEVAL_MODES: &[&str] = &["polling", "fanout"];
pub(super) const BOOLEANS: &[&str] = &["true", "false"];
pub(super) const PROCESSORS: &[&str] = &["plain", "idempotent"];

pub(super) const DOCUMENT: VerbOption =
    VerbOption { is_required: true, ..option("--document", "JSON", Kind::Free, "The policy document.") };
pub(super) const STATES: &[&str] =
    &["enabled", "disabled", "pending-deletion", "not-found", "opt-in-required", "throttling"];
pub(super) const STATE: VerbOption = VerbOption {
    is_required: true,
    ..option("--state", "STATE", Kind::OneOf(STATES), "What KMS says of the key.")
};

pub(super) const ROLE: VerbOption = option(
    "--role",
    "ROLE",
    Kind::Free,
    "The role that its AWS calls are made as; the account's admin by default.",
);

pub(super) const SUBNETS: &[&str] = &["internet", "public", "private-nat", "private"];
pub(super) const SUBNET: VerbOption = option(
    "--subnet",
    "SUBNET",
    Kind::OneOf(SUBNETS),
    "Where it stands: internet (the default), public, private-nat, or private, which has no way out.",
);
pub(super) const ENDPOINT_SERVICES: &[&str] = &["kinesis-streams", "dynamodb", "monitoring"];
pub(super) const READY_POLICIES: &[&str] =
    &["producer", "kpl", "consumer", "fan-out-consumer", "kcl", "kcl-3", "lambda", "firehose", "agent"];

pub(super) const STATISTICS: &[&str] = &["Sum", "Average", "Minimum", "Maximum", "SampleCount"];
pub(super) const COMPARISONS: &[&str] = &[
    "GreaterThanOrEqualToThreshold",
    "GreaterThanThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
];
pub(super) const MISSING_DATA: &[&str] = &["missing", "breaching", "notBreaching", "ignore"];
pub(super) const NAMESPACE: VerbOption = option(
    "--namespace",
    "NAMESPACE",
    Kind::Free,
    "AWS/Kinesis by default; a KCL application's is its name.",
);
pub(super) const DIMENSIONS: VerbOption =
    option("--dimensions", "NAME=VALUE,…", Kind::Free, "StreamName=orders, or with ,ShardId=… too.");
pub(super) const STATISTIC: VerbOption =
    option("--statistic", "STATISTIC", Kind::OneOf(STATISTICS), "Sum by default.");
pub(super) const PERIOD: VerbOption =
    option("--period", "SECONDS", Kind::Free, "A multiple of 60, which is the default.");

pub(super) const FOR: VerbOption =
    option("--for", "TIME", Kind::Free, "How long it lasts; until it is cleared by default.");
pub(super) const OF_WHOM: VerbOption =
    option("--program", "PROGRAM", Kind::Process, "Whose; everybody's by default.");

pub(super) const PROCESS: (&str, Kind) = ("PROGRAM", Kind::Process);
pub(super) const STREAM_PLACE: (&str, Kind) = ("STREAM", Kind::Stream);
pub(super) const PRODUCER: (&str, Kind) = ("NAME", Kind::Producer);
pub(super) const KPL: (&str, Kind) = ("NAME", Kind::Kpl);
pub(super) const AGENT: (&str, Kind) = ("NAME", Kind::Agent);
pub(super) const READER: (&str, Kind) = ("NAME", Kind::Reader);
pub(super) const NEW_NAME: (&str, Kind) = ("NAME", Kind::Free);
pub(super) const APPLICATION: (&str, Kind) = ("APPLICATION", Kind::Application);
pub(super) const DELIVERY_STREAM: (&str, Kind) = ("NAME", Kind::DeliveryStream);
pub(super) const FLINK: (&str, Kind) = ("NAME", Kind::Flink);
pub(super) const TASK: (&str, Kind) = ("TASK", Kind::DmsTask);
pub(super) const COMPRESSIONS: &[&str] = &["UNCOMPRESSED", "GZIP"];
pub(super) const OUTPUT_FORMATS: &[&str] = &["parquet", "orc"];
pub(super) const MIGRATION_TYPES: &[&str] = &["full-load", "cdc", "full-load-and-cdc"];
pub(super) const MESSAGE_FORMATS: &[&str] = &["json", "json-unformatted"];
pub(super) const KEY_TYPES: &[&str] = &["schema-table", "primary-key"];
pub(super) const START_TYPES: &[&str] = &["resume-processing", "reload-target"];
pub(super) const SERVICE_ROLE: VerbOption = option(
    "--role",
    "ARN",
    Kind::Free,
    "Role that it calls as, arn:aws:iam::123456789012:role/NAME; none may do everything.",
);
pub(super) const STREAM_ARN: VerbOption = option(
    "--kinesis-stream-arn",
    "ARN",
    Kind::SourceArn,
    "ARN of the stream that it reads; without one producers put to it (Direct PUT).",
);
pub(super) const TO_BUCKET: VerbOption =
    VerbOption { is_required: true, ..option("--bucket", "BUCKET", Kind::Bucket, "The bucket's name.") };
pub(super) const DEFINITION: VerbOption = VerbOption {
    is_required: true,
    ..option(
        "--external-table-definition",
        "JSON",
        Kind::Free,
        "Tables of the files, as an S3 source endpoint has them.",
    )
};
pub(super) const FUNCTION: (&str, Kind) = ("FUNCTION", Kind::Function);
pub(super) const MAPPING: (&str, Kind) = ("UUID", Kind::Mapping);
pub(super) const SWITCHES: &[&str] = &["true", "false"];
pub(super) const ON_ERRORS: &[&str] = &["throw", "report-all", "report-first"];
pub(super) const FUNCTION_ROLE: VerbOption = option(
    "--role",
    "ARN",
    Kind::Free,
    "Execution role, arn:aws:iam::123456789012:role/NAME; none may do everything.",
);
pub(super) const TIMEOUT: VerbOption =
    option("--timeout", "SECONDS", Kind::Free, "Timeout, 1 to 900; 3 by default.");
pub(super) const RESERVED_CONCURRENCY: VerbOption = option(
    "--concurrency",
    "COUNT",
    Kind::Free,
    "ReservedConcurrentExecutions; the account's 1,000 by default.",
);
pub(super) const TAKES: VerbOption =
    option("--takes", "TIME", Kind::Free, "How long an invocation takes; 20ms by default.");
pub(super) const PER_RECORD: VerbOption =
    option("--per-record", "TIME", Kind::Free, "How long each record takes besides.");
pub(super) const FAILS_WHEN: VerbOption = option(
    "--fails-when",
    "CONDITION",
    Kind::Free,
    "A record of which this holds makes it fail: field=value, field!=value, field~text, field; partition-key and data are \
     fields too.",
);
pub(super) const FAILS_EVERY: VerbOption = option(
    "--fails-every",
    "COUNT",
    Kind::Free,
    "Every so many invocations one throws, whatever its records.",
);
pub(super) const ON_ERROR: VerbOption = option(
    "--on-error",
    "KIND",
    Kind::OneOf(ON_ERRORS),
    "What it does with such a record: throw (the default), report-all or report-first in batchItemFailures.",
);
pub(super) const COUNT_BY: VerbOption =
    option("--count-by", "FIELD", Kind::Free, "Counts records by this field or partition-key.");
pub(super) const SUM: VerbOption =
    option("--sum", "FIELD", Kind::Free, "Sums this field instead of counting.");
pub(super) const DROPS_WHEN: VerbOption =
    option("--drops-when", "CONDITION", Kind::Free, "As a transform of Data Firehose: drops such records.");
pub(super) const ENABLED: VerbOption =
    option("--enabled", "BOOLEAN", Kind::OneOf(SWITCHES), "Whether it reads; true by default.");
pub(super) const BATCH_SIZE: VerbOption =
    option("--batch-size", "RECORDS", Kind::Free, "1 to 10000; 100 by default.");
pub(super) const BATCHING_WINDOW: VerbOption = option(
    "--maximum-batching-window-in-seconds",
    "SECONDS",
    Kind::Free,
    "How long it gathers records before it invokes; 0 to 300, 0 by default.",
);
pub(super) const PARALLELIZATION: VerbOption = option(
    "--parallelization-factor",
    "COUNT",
    Kind::Free,
    "Batches of one shard at the same time, 1 to 10; 1 by default.",
);
pub(super) const RECORD_AGE: VerbOption = option(
    "--maximum-record-age-in-seconds",
    "SECONDS",
    Kind::Free,
    "Gives up older records: 60 to 604800; -1 never, the default.",
);
pub(super) const RETRY_ATTEMPTS: VerbOption = option(
    "--maximum-retry-attempts",
    "COUNT",
    Kind::Free,
    "Gives a batch up after so many retries: 0 to 10000; -1 never, the default.",
);
pub(super) const BISECT: VerbOption = option(
    "--bisect-batch-on-function-error",
    "BOOLEAN",
    Kind::OneOf(SWITCHES),
    "Whether a failed batch is cut in two; false by default.",
);
pub(super) const REPORT_FAILURES: VerbOption = option(
    "--report-batch-item-failures",
    "BOOLEAN",
    Kind::OneOf(SWITCHES),
    "FunctionResponseTypes ReportBatchItemFailures; false by default.",
);
pub(super) const TUMBLING_WINDOW: VerbOption =
    option("--tumbling-window-in-seconds", "SECONDS", Kind::Free, "0 to 900; 0, the default, is none.");
pub(super) const FILTERS: VerbOption = option(
    "--filters",
    "JSON",
    Kind::Free,
    "Patterns of FilterCriteria: '[{\"data\":{\"status\":[\"paid\"]}}]'.",
);
pub(super) const ON_FAILURE: VerbOption =
    option("--on-failure", "ARN", Kind::Free, "Queue, topic or bucket that is told of discarded batches.");
pub(super) const NEW_FUNCTION_NAME: VerbOption =
    option("--function", "FUNCTION", Kind::Function, "Another function.");
pub(super) const SOURCE_ARN: VerbOption = VerbOption {
    is_required: true,
    ..option(
        "--event-source-arn",
        "ARN",
        Kind::SourceArn,
        "ARN of the stream, or of a consumer (enhanced fan-out).",
    )
};
pub(super) const BUCKET: (&str, Kind) = ("BUCKET", Kind::Bucket);
pub(super) const KEY: (&str, Kind) = ("KEY", Kind::Free);
pub(super) const WORKER: (&str, Kind) = ("WORKER", Kind::Worker);
