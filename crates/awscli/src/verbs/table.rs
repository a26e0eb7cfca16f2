//! The verbs: their words, what they take, and how a command is made of it.

mod options;

#[allow(clippy::wildcard_imports)] // The table's own words, a hundred of them.
use options::*;

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
