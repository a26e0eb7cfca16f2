//! CloudTrail: who called what, and what came of it.
//!
//! Documented: management events are recorded by default and can be looked up for 90 days; calls of the data plane
//! (PutRecord, PutRecords, GetRecords, GetShardIterator, SubscribeToShard) are data events, recorded only where they
//! are switched on, and never looked up.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{
    ApiError, Caller, Duration, Instant, Operation, PutRecordInput, PutRecordsInput, Request, Response, Via,
};
use serde_json::{Map, Value, json};

/// Which calls of the data plane are recorded.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum DataEvents {
    #[default]
    Off,
    All,
    ReadOnly,
    WriteOnly,
}

impl DataEvents {
    pub const ALL: [DataEvents; 4] =
        [DataEvents::Off, DataEvents::All, DataEvents::ReadOnly, DataEvents::WriteOnly];

    pub const fn name(self) -> &'static str {
        match self {
            DataEvents::Off => "off",
            DataEvents::All => "all",
            DataEvents::ReadOnly => "read-only",
            DataEvents::WriteOnly => "write-only",
        }
    }

    pub fn parse(name: &str) -> Option<DataEvents> {
        DataEvents::ALL.into_iter().find(|one| one.name() == name)
    }

    fn takes(self, is_read_only: bool) -> bool {
        match self {
            DataEvents::Off => false,
            DataEvents::All => true,
            DataEvents::ReadOnly => is_read_only,
            DataEvents::WriteOnly => !is_read_only,
        }
    }
}

/// The account's trail.
#[derive(Clone, Debug, Default)]
pub(crate) struct CloudTrail {
    pub(crate) data_events: DataEvents,
    writes: Ring,
    reads: Ring,
    data: Ring,
    recorded: u64,
}

/// Events, oldest first; copies share them.
///
/// Those that nobody can see yet have room of their own: in a busy account they would otherwise push out all that can
/// be seen.
#[derive(Clone, Debug, Default)]
struct Ring {
    delivered: Arc<VecDeque<Arc<TrailEvent>>>,
    waiting: Arc<VecDeque<Arc<TrailEvent>>>,
}

/// One call, as it was made.
#[derive(Clone, PartialEq, Debug)]
pub struct TrailEvent {
    pub at: Instant,
    /// Counted from 1 over the trail.
    pub number: u64,
    pub operation: Operation,
    /// ARN of the caller.
    pub principal: String,
    pub account: String,
    via: Via,
    /// What was asked, without the data of records; put into CloudTrail's words when somebody looks.
    request: Request,
    /// What changing calls answered.
    response: Option<Response>,
    /// Code and sentence of a refusal.
    pub error: Option<(&'static str, String)>,
}

/// What LookupEvents is asked for; what is absent admits everything.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TrailQuery {
    pub event_name: Option<String>,
    /// Name or ARN of a stream.
    pub resource_name: Option<String>,
    pub username: Option<String>,
    pub read_only: Option<bool>,
    pub from: Option<Instant>,
    pub to: Option<Instant>,
}

/// Changing management events that are kept, of those that can be found and of those that wait; so the others.
pub const TRAIL_WRITES_MAX: usize = 5_000;
/// Reading management events that are kept: programs make many of them.
pub const TRAIL_READS_MAX: usize = 2_000;
/// Data events that are kept.
pub const TRAIL_DATA_MAX: usize = 2_000;
/// Documented: events can be looked up for 90 days.
const LOOKUP_SPAN: Duration = Duration::from_hours(90 * 24);
/// How long it takes until an event can be found. Documented: about five minutes on average.
pub const TRAIL_DELAY: Duration = Duration::from_seconds(300);

impl Ring {
    /// Keeps `events_max` that are delivered, the newest, and as many that wait for it, the oldest.
    fn push(&mut self, event: TrailEvent, events_max: usize) {
        let now = event.at;
        while self.waiting.front().is_some_and(|event| is_delivered(event, now)) {
            let delivered = Arc::make_mut(&mut self.delivered);
            delivered.extend(Arc::make_mut(&mut self.waiting).pop_front());
            if delivered.len() > events_max {
                delivered.pop_front();
            }
        }
        if self.waiting.len() < events_max {
            Arc::make_mut(&mut self.waiting).push_back(Arc::new(event));
        }
    }

    /// What can be found at `now`, oldest first.
    fn found(&self, now: Instant) -> impl DoubleEndedIterator<Item = &Arc<TrailEvent>> {
        let is_found =
            move |event: &&Arc<TrailEvent>| is_delivered(event, now) && now.since(event.at) <= LOOKUP_SPAN;
        self.delivered.iter().chain(self.waiting.iter()).filter(is_found)
    }

    fn len(&self) -> usize {
        self.delivered.len() + self.waiting.len()
    }
}

fn is_delivered(event: &TrailEvent, now: Instant) -> bool {
    event.at + TRAIL_DELAY <= now
}

/// Documented: which operations are data events.
const fn is_data_plane(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::PutRecord
            | Operation::PutRecords
            | Operation::GetRecords
            | Operation::GetShardIterator
            | Operation::SubscribeToShard
    )
}

impl CloudTrail {
    /// After a call was answered.
    pub(crate) fn record(
        &mut self,
        now: Instant,
        caller: &Caller,
        request: &Request,
        result: &Result<Response, ApiError>,
    ) {
        let operation = request.operation();
        let is_data = is_data_plane(operation);
        // Documented: SubscribeToShard and both reading calls are read-only events.
        let is_read_only = operation == Operation::SubscribeToShard || operation.is_read_only();
        if is_data && !self.data_events.takes(is_read_only) {
            return;
        }
        self.recorded += 1;
        let changes_something = !is_read_only && !is_data;
        let event = TrailEvent {
            at: now,
            number: self.recorded,
            operation,
            principal: caller.principal.clone(),
            account: caller.account.clone(),
            via: caller.via.clone(),
            request: without_data(request),
            response: result.as_ref().ok().filter(|_| changes_something).cloned(),
            error: result.as_ref().err().map(|error| (trail_code(error), error.message().to_owned())),
        };
        match (is_data, is_read_only) {
            (true, _) => self.data.push(event, TRAIL_DATA_MAX),
            (false, true) => self.reads.push(event, TRAIL_READS_MAX),
            (false, false) => self.writes.push(event, TRAIL_WRITES_MAX),
        }
    }

    /// Management events that can be found at `now`, newest first.
    pub(crate) fn lookup(&self, now: Instant, query: &TrailQuery) -> Vec<Arc<TrailEvent>> {
        let events = self.writes.found(now).chain(self.reads.found(now));
        let mut found: Vec<Arc<TrailEvent>> = events.filter(|event| query.admits(event)).cloned().collect();
        found.sort_by_key(|event| std::cmp::Reverse(event.number));
        found
    }

    /// Data events as they were delivered to the trail's bucket until `now`, newest first.
    pub(crate) fn data_events(&self, now: Instant) -> Vec<Arc<TrailEvent>> {
        self.data.found(now).rev().take(TRAIL_DATA_MAX).cloned().collect()
    }

    pub(crate) fn event_count(&self) -> usize {
        self.writes.len() + self.reads.len() + self.data.len()
    }
}

/// Observed: CloudTrail writes a denial as `AccessDenied`, other refusals by the name of the exception.
fn trail_code(error: &ApiError) -> &'static str {
    match error.code().name() {
        "AccessDeniedException" => "AccessDenied",
        name => name,
    }
}

impl TrailQuery {
    /// Whether the event is one that is asked for.
    pub fn admits(&self, event: &TrailEvent) -> bool {
        let resource = |wanted: &String| {
            event.resource_names().iter().any(|name| {
                name == wanted || name.split_once(":stream/").is_some_and(|(_, name)| name == wanted)
            })
        };
        self.event_name.as_ref().is_none_or(|name| event.operation.name() == name)
            && self.resource_name.as_ref().is_none_or(resource)
            && self.username.as_ref().is_none_or(|name| event.username() == name)
            && self.read_only.is_none_or(|wanted| event.operation.is_read_only() == wanted)
            && self.from.is_none_or(|from| event.at >= from)
            && self.to.is_none_or(|to| event.at <= to)
    }
}

impl TrailEvent {
    /// The user's name, or that of the session of a role.
    pub fn username(&self) -> &str {
        self.principal.rsplit('/').next().unwrap_or_default()
    }

    /// What the call was about: names and ARNs of streams and consumers that it gave.
    pub fn resource_names(&self) -> Vec<String> {
        let keys = ["streamName", "streamARN", "consumerARN", "resourceARN", "consumerName"];
        let members = parameters(&self.request);
        let values = keys.iter().filter_map(|key| members.get(*key)?.as_str());
        values.map(str::to_owned).collect()
    }

    pub fn is_data_event(&self) -> bool {
        is_data_plane(self.operation)
    }

    /// An id in the form of a UUID, the same in each replay.
    pub fn event_id(&self) -> String {
        let mixed = self.at.micros().wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ self.number;
        let tail = mixed.rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let (a, b) = (mixed >> 32, (mixed >> 16) & 0xffff);
        format!(
            "{a:08x}-{b:04x}-4{:03x}-8{:03x}-{:012x}",
            mixed & 0xfff,
            tail & 0xfff,
            (tail >> 12) & 0xffff_ffff_ffff
        )
    }

    /// The event as it stands in a log file of a trail.
    ///
    /// Documented: the fields of a record. Assumed: the caller's address is one of a documentation network, and its
    /// program the AWS CLI.
    pub fn to_json(&self, region: &str) -> Value {
        let is_data = self.is_data_event();
        let mut event = Map::new();
        let mut set = |name: &str, value: Value| event.insert(name.to_owned(), value);
        set("eventVersion", json!("1.11"));
        set("userIdentity", self.identity());
        set("eventTime", json!(seconds_text(self.at)));
        set("eventSource", json!("kinesis.amazonaws.com"));
        set("eventName", json!(self.operation.name()));
        set("awsRegion", json!(region));
        set("sourceIPAddress", json!("192.0.2.10"));
        set("userAgent", json!("aws-cli/2.36"));
        if let Some((code, message)) = &self.error {
            set("errorCode", json!(code));
            set("errorMessage", json!(message));
        }
        let parameters = parameters(&self.request);
        let request = if parameters.is_empty() { Value::Null } else { Value::Object(parameters) };
        set("requestParameters", request);
        set("responseElements", self.response.as_ref().and_then(response_elements).unwrap_or(Value::Null));
        let id = self.event_id();
        set("requestID", json!(id.chars().rev().collect::<String>().replace('-', "")));
        set("eventID", json!(id));
        set("readOnly", json!(self.operation.is_read_only()));
        if is_data {
            let arn = |name: &str| format!("arn:aws:kinesis:{region}:{}:stream/{name}", self.account);
            let resources = self.resource_names().into_iter().map(|name| {
                let arn = if name.starts_with("arn:") { name } else { arn(&name) };
                json!({"accountId": self.account, "type": "AWS::Kinesis::Stream", "ARN": arn})
            });
            set("resources", resources.collect());
        }
        set("eventType", json!("AwsApiCall"));
        set("managementEvent", json!(!is_data));
        set("recipientAccountId", json!(self.account));
        if let Via::VpcEndpoint { id } = &self.via {
            set("vpcEndpointId", json!(id));
        }
        set("eventCategory", json!(if is_data { "Data" } else { "Management" }));
        Value::Object(event)
    }

    fn identity(&self) -> Value {
        let name = self.username();
        match self.principal.split_once(":assumed-role/") {
            Some((_, session)) => {
                let role = session.split('/').next().unwrap_or_default();
                let issuer = format!("arn:aws:iam::{}:role/{role}", self.account);
                json!({
                    "type": "AssumedRole",
                    "principalId": format!("AROAEXAMPLE:{name}"),
                    "arn": self.principal,
                    "accountId": self.account,
                    "sessionContext": {"sessionIssuer": {
                        "type": "Role", "principalId": "AROAEXAMPLE", "arn": issuer,
                        "accountId": self.account, "userName": role,
                    }},
                })
            }
            None if self.principal.ends_with(":root") => json!({
                "type": "Root", "principalId": self.account, "arn": self.principal, "accountId": self.account,
            }),
            None => json!({
                "type": "IAMUser", "principalId": "AIDAEXAMPLE", "arn": self.principal,
                "accountId": self.account, "userName": name,
            }),
        }
    }
}

/// ISO 8601 in whole seconds: `2026-01-01T00:00:30Z`.
fn seconds_text(at: Instant) -> String {
    let text = at.to_iso8601();
    text.split_once('.').map_or(text.clone(), |(seconds, _)| format!("{seconds}Z"))
}

/// Documented: parameters in lower camel case. Assumed: records and their data are left out, as they are secret.
fn parameters(request: &Request) -> Map<String, Value> {
    let mut members = awsjson::members_of(request);
    members.remove("Data");
    members.remove("Records");
    lower_camel(Value::Object(members)).as_object().cloned().unwrap_or_default()
}

#[allow(clippy::wildcard_enum_match_arm)] // Two operations bring data.
fn without_data(request: &Request) -> Request {
    match request {
        Request::PutRecord(input) => Request::PutRecord(PutRecordInput {
            stream_name: input.stream_name.clone(),
            stream_arn: input.stream_arn.clone(),
            partition_key: input.partition_key.clone(),
            explicit_hash_key: input.explicit_hash_key.clone(),
            sequence_number_for_ordering: input.sequence_number_for_ordering.clone(),
            dry_run: input.dry_run,
            data: None,
        }),
        Request::PutRecords(input) => Request::PutRecords(PutRecordsInput {
            stream_name: input.stream_name.clone(),
            stream_arn: input.stream_arn.clone(),
            dry_run: input.dry_run,
            records: None,
        }),
        other => other.clone(),
    }
}

/// Documented: null for empty answers.
fn response_elements(response: &Response) -> Option<Value> {
    let body = awsjson::encode(&Ok(response.clone())).body;
    serde_json::from_str(&body)
        .ok()
        .map(lower_camel)
        .filter(|value| value.as_object().is_some_and(|o| !o.is_empty()))
}

fn lower_camel(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| {
                let mut chars = name.chars();
                let first = chars.next().map(|c| c.to_ascii_lowercase());
                (first.into_iter().chain(chars).collect(), lower_camel(value))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.into_iter().map(lower_camel).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => other,
    }
}
