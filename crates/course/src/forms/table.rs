//! The forms, in the order in which the page offers them.

use super::FieldKind::{Name, Number, OneOf, Recipe, Text};
use super::Place::{Application, Page, Producer, Reader, Server, Shard, Stream, Worker};
use super::{Field, Form};

macro_rules! forms {
    ($name:ident: $( $place:ident $title:literal / $button:literal [$( $label:literal $kind:expr, $default:literal; )*] $template:literal )*) => {
        static $name: &[Form] = &[ $( Form {
            place: $place,
            title: $title,
            button: $button,
            fields: &[ $( Field { label: $label, kind: $kind, default: $default } ),* ],
            template: $template,
        } ),* ];
    };
}

/// All forms.
pub fn forms() -> impl Iterator<Item = &'static Form> {
    FIRST.iter().chain(LATER)
}

/// The form of that title.
pub fn form(title: &str) -> Option<&'static Form> {
    FIRST.iter().find(|form| form.title == title).or_else(|| later(title))
}

#[inline(never)]
fn later(title: &str) -> Option<&'static Form> {
    LATER.iter().find(|form| form.title == title)
}

static POSITIONS: [&str; 3] = ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"];
static CALLS: [&str; 2] = ["single", "batch"];
static RETRIES: [&str; 5] = ["none", "immediate", "backoff", "standard", "legacy"];
static WORKLOADS: [&str; 4] = ["plain", "app-log", "cloudwatch-metrics", "web-activity"];
static LOG_FORMATS: [&str; 7] = [
    "app-log",
    "web-activity",
    "common-apache-log",
    "combined-apache-log",
    "apache-error-log",
    "syslog",
    "csv",
];
static INITIAL_POSITIONS: [&str; 2] = ["END_OF_FILE", "START_OF_FILE"];
static AGENT_KEYS: [&str; 2] = ["RANDOM", "DETERMINISTIC"];
static AGENT_STEPS: [&str; 4] = ["", "LOGTOJSON", "CSVTOJSON", "SINGLELINE"];
static APACHE_FORMATS: [&str; 4] = ["COMMONAPACHELOG", "COMBINEDAPACHELOG", "APACHEERRORLOG", "SYSLOG"];
static TRUTHS: [&str; 2] = ["true", "false"];
static READY_POLICIES: [&str; 8] =
    ["producer", "kpl", "consumer", "fan-out-consumer", "kcl", "lambda", "firehose", "agent"];
static SUBNETS: [&str; 4] = ["internet", "public", "private-nat", "private"];
static ENDPOINTS: [&str; 3] = ["kinesis-streams", "dynamodb", "monitoring"];
static MIGRATIONS: [&str; 3] = ["full-load", "cdc", "full-load-and-cdc"];
static DMS_KEYS: [&str; 2] = ["schema-table", "primary-key"];
static ON_ERRORS: [&str; 3] = ["throw", "report-all", "report-first"];
static STREAMS: [&str; 5] = ["clicks", "orders", "sensors", "payments", "logs"];
static PRODUCERS: [&str; 4] = ["web", "mobile", "sensors", "batch"];
static READERS: [&str; 4] = ["billing", "audit", "search", "reports"];
static APPLICATIONS: [&str; 3] = ["billing-app", "fraud-app", "search-app"];

// What the page shows before all of it is there.
forms! { FIRST:
    Page "New stream" / "Create stream" ["Stream name" Name(&STREAMS), "clicks"; "Shards" Number(1, 500, ""), "1";]
        "aws kinesis create-stream --stream-name {Stream name} --shard-count {Shards}"
    Stream "Put a record" / "Put record" ["Partition key" Text, "user-1"; "Data" Text, "hello";]
        "aws kinesis put-record --stream-name {stream} --partition-key {Partition key} --data {base64:Data}"
    Stream "Delete stream" / "Delete stream" []
        "aws kinesis delete-stream --stream-name {stream}"
}

forms! { LATER:
    Page "New on-demand stream" / "Create on-demand stream" ["Stream name" Name(&STREAMS), "clicks";]
        "aws kinesis create-stream --stream-name {Stream name} --stream-mode-details StreamMode=ON_DEMAND"
    Page "New bucket" / "Create bucket" ["Bucket" Text, "lake";]
        "sandbox bucket create {Bucket}"
    Page "New object" / "Write object" ["Bucket" Text, "lake"; "Key" Text, ""; "Text" Text, "";]
        "sandbox object put {Bucket} {Key} {Text}"
    Page "Identity policy" / "Put policy" ["Role" Text, ""; "Policy name" Text, "own"; "Document" Text, "";]
        "sandbox policy set {role:Role} {Policy name} --document {Document}"
    Page "Remove a policy" / "Remove policy" ["Role" Text, ""; "Policy name" Text, "own";]
        "sandbox policy remove {role:Role} {Policy name}"
    Page "Role of a program" / "Attach" ["Program" Text, ""; "Role" Text, ""; "Subnet" OneOf(&SUBNETS), "internet";]
        "sandbox attach {Program} [--role {Role}] [--subnet {Subnet}]"
    Page "VPC endpoint" / "Create endpoint" ["Service" OneOf(&ENDPOINTS), "kinesis-streams";]
        "sandbox endpoint set {Service}"
    Stream "Put many records" / "Put records" ["Partition keys" Text, "user-1 user-2"; "Data" Text, "hello";]
        "aws kinesis put-records --stream-name {stream} --records {records:Partition keys}"
    Stream "New producer" / "Start producer" [
        "Name" Name(&PRODUCERS), "web";
        "Rate" Number(1, 100_000, "records/s"), "100";
        "Size" Number(0, 1_048_576, "bytes"), "200";
        "Keys" Recipe, "uniform:1000";
        "Call" OneOf(&CALLS), "single";
        "Retry" OneOf(&RETRIES), "none";
        "Attempts" Number(1, 100, ""), "5";
        "Ordering" OneOf(&["none", "per-key"]), "none";
        "Traffic" Text, "steady";
        "Workload" OneOf(&WORKLOADS), "plain";
        "Calls at once" Number(1, 10_000, "calls"), "";
        "Time-out" Number(1, 3_600_000, "ms"), "30000";
    ]
        "sandbox producer start {Name} --stream {stream} [--rate {Rate}] [--size {Size}] [--keys {Keys}] [--call {Call}] [--retry {Retry}] [--attempts {Attempts}] [--ordering {Ordering}] [--traffic {Traffic}] [--workload {Workload}] [--concurrency {Calls at once}] [--request-timeout {Time-out}ms]"
    Stream "New program with the KPL" / "Start program" [
        "Name" Text, "clicks";
        "Rate" Number(1, 100_000, "user records/s"), "100";
        "Size" Number(0, 1_048_576, "bytes"), "200";
        "Keys" Recipe, "uniform:1000";
        "AggregationEnabled" OneOf(&TRUTHS), "true";
        "AggregationMaxSize" Number(64, 10_485_760, "bytes"), "51200";
        "AggregationMaxCount" Number(1, 4_294_967_295, "user records"), "4294967295";
        "CollectionMaxCount" Number(1, 500, "records"), "500";
        "RecordMaxBufferedTime" Number(0, 3_600_000, "ms"), "100";
        "RecordTtl" Number(100, 3_600_000, "ms"), "30000";
        "RateLimit" Number(1, 10_000, "%"), "150";
        "FailIfThrottled" OneOf(&TRUTHS), "false";
    ]
        "sandbox kpl start {Name} --stream {stream} [--rate {Rate}] [--size {Size}] [--keys {Keys}] [--aggregation-enabled {AggregationEnabled}] [--aggregation-max-size {AggregationMaxSize}] [--aggregation-max-count {AggregationMaxCount}] [--collection-max-count {CollectionMaxCount}] [--record-max-buffered-time {RecordMaxBufferedTime}ms] [--record-ttl {RecordTtl}ms] [--rate-limit {RateLimit}] [--fail-if-throttled {FailIfThrottled}]"
    Stream "New server with the Kinesis Agent" / "Start agent" [
        "Name" Text, "web-1";
        "Log" Text, "/var/log/app.log";
        "Log format" OneOf(&LOG_FORMATS), "app-log";
        "Entries" Number(1, 10_000, "entries/s"), "10";
        "Rotate at" Number(1_000, 1_073_741_824, "bytes"), "10485760";
        "filePattern" Text, "/var/log/app.log*";
        "maxBufferAgeMillis" Number(1_000, 900_000, "ms"), "60000";
        "initialPosition" OneOf(&INITIAL_POSITIONS), "END_OF_FILE";
        "partitionKeyOption" OneOf(&AGENT_KEYS), "RANDOM";
        "dataProcessingOptions" OneOf(&AGENT_STEPS), "";
    ]
        "sandbox agent start {Name} --configuration {agent:filePattern} [--log {Log}] [--format {Log format}] [--rate {Entries}] [--rotate-size {Rotate at}]"
    Stream "New reader" / "Start reader" [
        "Name" Name(&READERS), "billing";
        "Start from" OneOf(&POSITIONS), "TRIM_HORIZON";
        "Seconds ago" Number(0, 31_536_000, "s"), "10";
        "Pause between polls" Number(1, 600_000, "ms"), "1000";
        "Consumer" Text, "";
        "Role" Text, "";
    ]
        "sandbox reader start {Name} --stream {stream} --from {from:Start from} [--interval {Pause between polls}ms] [--consumer {Consumer}] [--role {Role}]"
    Stream "New KCL application" / "Start application" [
        "Application name" Name(&APPLICATIONS), "billing-app";
        "Workers" Number(1, 20, ""), "2";
        "Start from" OneOf(&POSITIONS), "TRIM_HORIZON";
        "Seconds ago" Number(0, 31_536_000, "s"), "10";
        "Fail-over time" Number(1_000, 600_000, "ms"), "10000";
        "Checkpoint every" Number(1, 3_600, "s"), "10";
        "KCL version" OneOf(&["", "1", "2", "3"]), "";
        "Read by" OneOf(&["", "polling", "fanout"]), "";
        "Idle time between reads" Number(200, 600_000, "ms"), "";
        "Max records" Number(1, 10_000, ""), "";
        "Max leases per worker" Number(1, 10_000, ""), "";
        "Graceful hand-off" OneOf(&["", "true", "false"]), "";
    ]
        "sandbox kcl start {Application name} --stream {stream} --workers {Workers} --from {from:Start from} [--failover-time-millis {Fail-over time}000] [--checkpoint {Checkpoint every}s] [--version {KCL version}] [--retrieval-mode {Read by}] [--idle-time-between-reads-in-millis {Idle time between reads}] [--max-records {Max records}] [--max-leases-for-worker {Max leases per worker}] [--is-graceful-lease-handoff-enabled {Graceful hand-off}]"
    Stream "Shard count" / "Update shard count" ["Shards" Number(1, 10_000, ""), "";]
        "aws kinesis update-shard-count --stream-name {stream} --target-shard-count {Shards} --scaling-type UNIFORM_SCALING"
    Stream "Retention" / "Change retention" ["Hours" Number(24, 8_760, "h"), "";]
        "aws kinesis {retention:Hours}"
    Stream "New consumer" / "Register consumer" ["Consumer name" Text, "";]
        "aws kinesis register-stream-consumer --stream-arn {stream-arn} --consumer-name {Consumer name}"
    Stream "Deregister a consumer" / "Deregister consumer" ["Consumer name" Text, "";]
        "aws kinesis deregister-stream-consumer --stream-arn {stream-arn} --consumer-name {Consumer name}"
    Stream "Encryption" / "Encrypt" ["Key" Text, "alias/aws/kinesis";]
        "aws kinesis start-stream-encryption --stream-name {stream} --encryption-type KMS --key-id {Key}"
    Stream "Mode" / "Change mode" ["To" OneOf(&["PROVISIONED", "ON_DEMAND"]), "ON_DEMAND";]
        "aws kinesis update-stream-mode --stream-arn {stream-arn} --stream-mode-details StreamMode={To}"
    Stream "Ready policy" / "Put ready policy" [
        "Role" Text, "";
        "Policy name" Text, "own";
        "For" OneOf(&READY_POLICIES), "producer";
        "Application" Text, "";
    ]
        "sandbox policy set {role:Role} {Policy name} --document \"$(sandbox policy show {For} --stream {stream} [--application {Application}])\""
    Stream "New Firehose stream" / "Create Firehose stream" [
        "Name" Text, "raw";
        "To bucket" Text, "lake";
        "Interval" Number(0, 900, "s"), "300";
        "Size" Number(1, 128, "MiB"), "5";
    ]
        "sandbox firehose create {Name} --kinesis-stream-arn {stream-arn} --bucket {To bucket} [--interval-in-seconds {Interval}] [--size-in-mbs {Size}]"
    Stream "New DMS task" / "Create task" [
        "Task" Text, "move";
        "From bucket" Text, "files";
        "Tables" Text, "";
        "Migration" OneOf(&MIGRATIONS), "full-load";
        "Changes in" Text, "";
        "Partition key" OneOf(&DMS_KEYS), "schema-table";
    ]
        "sandbox dms create {Task} --bucket {From bucket} --stream {stream} --external-table-definition {Tables} [--migration-type {Migration}] [--cdc-path {Changes in}] [--partition-key-type {Partition key}]"
    Stream "New function" / "Create function" ["Function name" Text, "agg"; "Fails when" Text, "";]
        "sandbox function create {Function name} [--fails-when {Fails when}]"
    Stream "Change a function" / "Change function" [
        "Function name" Text, "agg";
        "Fails when" Text, "";
        "On error" OneOf(&ON_ERRORS), "throw";
    ]
        "sandbox function update {Function name} [--fails-when {Fails when}] [--on-error {On error}]"
    Stream "Map a function" / "Create mapping" [
        "Function" Text, "agg";
        "Consumer" Text, "";
        "Start from" OneOf(&["TRIM_HORIZON", "LATEST"]), "LATEST";
    ]
        "sandbox mapping create {Function} --event-source-arn {source:Consumer} --from {Start from}"
    Stream "Change a mapping" / "Change mapping" [
        "Function" Text, "agg";
        "Batch size" Number(1, 10_000, "records"), "";
        "Window" Number(0, 300, "s"), "";
        "Parallelization factor" Number(1, 10, ""), "";
        "Retries" Number(0, 10_000, ""), "";
        "Bisect" OneOf(&["", "true", "false"]), "";
        "Report failures" OneOf(&["", "true", "false"]), "";
        "On failure" Text, "";
    ]
        "sandbox mapping update {mapping:Function} [--batch-size {Batch size}] [--maximum-batching-window-in-seconds {Window}] [--parallelization-factor {Parallelization factor}] [--maximum-retry-attempts {Retries}] [--bisect-batch-on-function-error {Bisect}] [--report-batch-item-failures {Report failures}] [--on-failure {On failure}]"
    Shard "Split in the middle" / "Split in the middle" []
        "aws kinesis split-shard --stream-name {stream} --shard-to-split {shard} --new-starting-hash-key {middle}"
    Shard "Split elsewhere" / "Split there" ["At percent of the ring" Text, "50";]
        "aws kinesis split-shard --stream-name {stream} --shard-to-split {shard} --new-starting-hash-key {ring:At percent of the ring}"
    Shard "Merge with the next" / "Merge with the next" []
        "aws kinesis merge-shards --stream-name {stream} --shard-to-merge {shard} --adjacent-shard-to-merge {next}"
    Shard "TRIM_HORIZON" / "TRIM_HORIZON" []
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type TRIM_HORIZON"
    Shard "LATEST" / "LATEST" []
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type LATEST"
    Shard "AT_TIMESTAMP" / "AT_TIMESTAMP" ["Seconds ago" Number(0, 31_536_000, "s"), "10";]
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type {ago:Seconds ago}"
    Shard "AT_SEQUENCE_NUMBER" / "AT_SEQUENCE_NUMBER" []
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type AT_SEQUENCE_NUMBER --starting-sequence-number {sequence-number}"
    Shard "AFTER_SEQUENCE_NUMBER" / "AFTER_SEQUENCE_NUMBER" []
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type AFTER_SEQUENCE_NUMBER --starting-sequence-number {sequence-number}"
    Shard "New one from there" / "New one from there" []
        "aws kinesis get-shard-iterator --stream-name {stream} --shard-id {shard} --shard-iterator-type AFTER_SEQUENCE_NUMBER --starting-sequence-number {last-read}"
    Shard "Get next page" / "Get next page" ["Limit" Number(1, 10_000, "records"), "10";]
        "aws kinesis get-records --shard-iterator {iterator} --limit {Limit}"
    Producer "Change producer" / "" [
        "Rate" Number(1, 100_000, "records/s"), "";
        "Size" Number(0, 1_048_576, "bytes"), "";
        "Keys" Recipe, "";
        "Call" OneOf(&["", "single", "batch"]), "";
        "Retry" OneOf(&["", "none", "immediate", "backoff", "standard", "legacy"]), "";
        "Attempts" Number(1, 100, ""), "";
        "Traffic" Text, "";
        "Calls at once" Number(1, 10_000, "calls"), "";
    ]
        "sandbox producer change {actor} [--rate {Rate}] [--size {Size}] [--keys {Keys}] [--call {Call}] [--retry {Retry}] [--attempts {Attempts}] [--traffic {Traffic}] [--concurrency {Calls at once}]"
    Producer "Stop producer" / "Stop producer" []
        "sandbox producer stop {actor}"
    Producer "Stop program" / "Stop program" []
        "sandbox kpl stop {actor}"
    Server "Change agent.json" / "Change and restart" [
        "filePattern" Text, "/var/log/app.log*";
        "maxBufferAgeMillis" Number(1_000, 900_000, "ms"), "60000";
        "initialPosition" OneOf(&INITIAL_POSITIONS), "END_OF_FILE";
        "partitionKeyOption" OneOf(&AGENT_KEYS), "RANDOM";
        "dataProcessingOptions" OneOf(&AGENT_STEPS), "";
        "logFormat" OneOf(&APACHE_FORMATS), "COMMONAPACHELOG";
    ]
        "sandbox agent change {actor} --configuration {agent:filePattern}"
    Server "Restart the agent" / "Restart the agent" []
        "sandbox agent restart {actor}"
    Server "Stop the agent" / "Stop the agent" []
        "sandbox agent stop {actor}"
    Reader "Stop reader" / "Stop reader" []
        "sandbox reader stop {actor}"
    Application "Add worker" / "Add worker" []
        "sandbox kcl add-worker {actor}"
    Application "Change application" / "Change application" [
        "Checkpoint every" Number(1, 3_600, "s"), "";
        "Fail-over time" Number(1, 600, "s"), "";
        "Processing rate" Number(0, 100_000, "records/s"), "";
        "Processor" OneOf(&["", "plain", "idempotent"]), "";
    ]
        "sandbox kcl change {actor} [--checkpoint {Checkpoint every}s] [--failover-time-millis {Fail-over time}000] [--processing-rate {Processing rate}] [--processor {Processor}]"
    Worker "Crash" / "Crash" []
        "sandbox kcl crash {actor} {worker}"
    Worker "Pause" / "Pause" []
        "sandbox kcl pause {actor} {worker}"
    Worker "Resume" / "Resume" []
        "sandbox kcl resume {actor} {worker}"
    Worker "Restart" / "Restart" []
        "sandbox kcl restart {actor} {worker}"
    Worker "Stop" / "Stop" []
        "sandbox kcl stop {actor} {worker}"
}
