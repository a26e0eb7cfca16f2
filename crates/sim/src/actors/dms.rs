//! A replication task of AWS DMS: files in S3 become rows, rows become records on a stream.
//!
//! Documented: AWS DMS User Guide, Using Amazon S3 as a source and Using Amazon Kinesis Data Streams as a target. What is
//! put is at least once: a task that is stopped begins its table, or its file of changes, again. Simpler than the real
//! thing: no replication instance, one thread, all tables of the definition.

mod message;
pub(crate) mod table;

use std::collections::VecDeque;

use kinesis::{
    Blob, Duration, ErrorCode, Instant, PutRecordsInput, PutRecordsRequestEntry, PutRecordsResultEntry,
    Response,
};

use self::message::Message;
use self::table::Table;
use crate::actor::{ActorCtx, Call, Input, Reply};
use crate::neighbours::s3::{Body, S3Error};
use crate::{DmsSpec, DmsStart, Fact, MigrationType};

/// A replication task.
#[derive(Clone, Debug)]
pub struct DmsTask {
    pub spec: DmsSpec,
    pub status: DmsStatus,
    /// `StopReason`.
    pub stop_reason: Option<&'static str>,
    /// Why it cannot go on for now.
    pub problem: Option<&'static str>,
    pub counts: DmsCounts,
    task_id: String,
    tables: Vec<Table>,
    phase: Phase,
    /// Tables whose full load is over.
    loaded: usize,
    /// Name of the last file of changes that was read to its end.
    last_change_file: Option<String>,
    /// The file whose rows are being put.
    current_file: Option<String>,
    files: VecDeque<String>,
    is_listed: bool,
    outgoing: VecDeque<Message>,
    waiting_for: Option<u64>,
    next_call: u64,
    changes_at: Option<Instant>,
    retry_at: Option<Instant>,
    transactions: u64,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Phase {
    FullLoad,
    Cdc,
    Done,
}

/// `Status` of a replication task. Documented: AWS DMS API Reference.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum DmsStatus {
    Creating,
    Starting,
    Running,
    Stopped,
    Deleting,
    /// Gone.
    Deleted,
}

impl DmsStatus {
    pub fn name(self) -> &'static str {
        match self {
            DmsStatus::Creating => "creating",
            DmsStatus::Starting => "starting",
            DmsStatus::Running => "running",
            DmsStatus::Stopped => "stopped",
            DmsStatus::Deleting => "deleting",
            DmsStatus::Deleted => "deleted",
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct DmsCounts {
    pub tables_loaded: u64,
    /// Rows of full loads, inserts, updates and deletes that were read, each as often as it was.
    pub loads: u64,
    pub inserts: u64,
    pub updates: u64,
    pub deletes: u64,
    pub files: u64,
    /// Records on the stream, control records too.
    pub put: u64,
    pub refused: u64,
    /// Lines that are no row of a table of the definition.
    pub bad_lines: u64,
}

/// Assumed.
const STARTING_TIME: Duration = Duration::from_seconds(10);
/// How often it looks for new files of changes. Assumed.
const LOOK_INTERVAL: Duration = Duration::from_seconds(10);
const RETRY_PAUSE: Duration = Duration::from_seconds(1);
/// Documented: ParallelLoadBufferSize and ParallelApplyBufferSize, 100 by default for Kinesis.
const BATCH_MAX: usize = 100;

impl DmsTask {
    /// Rows of one file.
    pub const FILE_ROWS_MAX: usize = 100_000;

    pub(crate) fn new(spec: DmsSpec, task_id: String, tables: Vec<Table>, now: Instant) -> DmsTask {
        let phase = match spec.migration_type {
            MigrationType::Cdc => Phase::Cdc,
            MigrationType::FullLoad | MigrationType::FullLoadAndCdc => Phase::FullLoad,
        };
        DmsTask {
            spec,
            status: DmsStatus::Creating,
            stop_reason: None,
            problem: None,
            counts: DmsCounts::default(),
            task_id,
            tables,
            phase,
            loaded: 0,
            last_change_file: None,
            current_file: None,
            files: VecDeque::new(),
            is_listed: false,
            outgoing: VecDeque::new(),
            waiting_for: None,
            next_call: 1,
            changes_at: Some(now + STARTING_TIME),
            retry_at: None,
            transactions: 0,
        }
    }

    pub(crate) fn has_ended(&self) -> bool {
        self.status == DmsStatus::Deleted
    }

    /// Records that wait to be put.
    pub fn waiting(&self) -> u64 {
        self.outgoing.len() as u64
    }

    /// What it does: `full load`, `ongoing replication` or `nothing`.
    pub fn phase_name(&self) -> &'static str {
        match self.phase {
            Phase::FullLoad => "full load",
            Phase::Cdc => "ongoing replication",
            Phase::Done => "nothing",
        }
    }

    /// About how many bytes are not shared with a copy.
    pub(crate) fn own_bytes(&self) -> u64 {
        self.outgoing.iter().map(|message| message.data.len() as u64 + 100).sum()
    }

    // Changes ---------------------------------------------------------------------------------------------------------

    fn enter(&mut self, ctx: &mut ActorCtx, status: DmsStatus, passes_in: Option<Duration>) {
        self.status = status;
        self.changes_at = passes_in.map(|span| ctx.now + span);
        if let Some(at) = self.changes_at {
            ctx.wake_at(at);
        }
        ctx.note(Fact::DmsTaskStatusChanged { actor: ctx.id, status });
    }

    /// What was read and not put is forgotten: it is read again.
    pub(crate) fn stop(&mut self, ctx: &mut ActorCtx) {
        self.forget_reading();
        self.stop_reason = Some("Stop Reason NORMAL");
        self.enter(ctx, DmsStatus::Stopped, None);
    }

    fn forget_reading(&mut self) {
        self.files.clear();
        self.current_file = None;
        self.is_listed = false;
        self.outgoing.clear();
        self.waiting_for = None;
        self.retry_at = None;
    }

    pub(crate) fn start(&mut self, ctx: &mut ActorCtx, start: DmsStart) {
        self.forget_reading();
        if start == DmsStart::ReloadTarget {
            self.loaded = 0;
            self.last_change_file = None;
            self.phase = match self.spec.migration_type {
                MigrationType::Cdc => Phase::Cdc,
                MigrationType::FullLoad | MigrationType::FullLoadAndCdc => Phase::FullLoad,
            };
        }
        self.stop_reason = None;
        self.enter(ctx, DmsStatus::Starting, Some(STARTING_TIME));
    }

    pub(crate) fn delete_now(&mut self, ctx: &mut ActorCtx) {
        self.enter(ctx, DmsStatus::Deleting, Some(STARTING_TIME));
    }

    fn pass(&mut self, ctx: &mut ActorCtx) {
        match self.changes_at {
            Some(at) if at <= ctx.now => {}
            Some(at) => return ctx.wake_at(at),
            None => return,
        }
        match self.status {
            DmsStatus::Creating | DmsStatus::Starting => self.enter(ctx, DmsStatus::Running, None),
            DmsStatus::Deleting => self.enter(ctx, DmsStatus::Deleted, None),
            DmsStatus::Running | DmsStatus::Stopped | DmsStatus::Deleted => {}
        }
    }

    // Files and rows --------------------------------------------------------------------------------------------------

    pub(crate) fn handle(&mut self, ctx: &mut ActorCtx, input: Input) {
        self.pass(ctx);
        if let Input::Reply { call_id, reply } = input
            && self.waiting_for.take_if(|waited| *waited == call_id).is_some()
        {
            match reply {
                Reply::Listed(result) => self.listed(ctx, result),
                Reply::Opened(result) => self.opened(ctx, result),
                Reply::Kinesis(result) => self.answered(ctx, result.map_err(|error| error.code())),
                Reply::LeaseTable(_) | Reply::Invoked(_) | Reply::Stored(_) | Reply::Sent(_) => {}
            }
        }
        if self.status == DmsStatus::Running && self.waiting_for.is_none() {
            self.go_on(ctx);
        }
    }

    fn call(&mut self, ctx: &mut ActorCtx, call: Call) {
        self.waiting_for = Some(self.next_call);
        ctx.call(self.next_call, call);
        self.next_call += 1;
    }

    fn go_on(&mut self, ctx: &mut ActorCtx) {
        if let Some(at) = self.retry_at.filter(|at| *at > ctx.now) {
            return ctx.wake_at(at);
        }
        self.retry_at = None;
        if !self.outgoing.is_empty() {
            return self.put(ctx);
        }
        if let Some(file) = self.current_file.take()
            && self.phase == Phase::Cdc
        {
            self.last_change_file = Some(file);
        }
        if let Some(file) = self.files.front().cloned() {
            return self.call(ctx, Call::GetObject { bucket: self.spec.bucket.clone(), key: file });
        }
        match self.phase {
            Phase::FullLoad if self.is_listed => self.table_loaded(ctx),
            Phase::FullLoad => {
                let Some(table) = self.tables.get(self.loaded) else { return };
                let prefix = in_folder(&self.spec.folder, &table.path);
                self.call(ctx, Call::ListObjects { bucket: self.spec.bucket.clone(), prefix });
            }
            Phase::Cdc if self.is_listed => {
                self.is_listed = false;
                self.retry_at = Some(ctx.now + LOOK_INTERVAL);
                ctx.wake_at(ctx.now + LOOK_INTERVAL);
            }
            Phase::Cdc => {
                let path = self.spec.cdc_path.clone().unwrap_or_default();
                let prefix = in_folder("", &path);
                self.call(ctx, Call::ListObjects { bucket: self.spec.bucket.clone(), prefix });
            }
            Phase::Done => {}
        }
    }

    fn table_loaded(&mut self, ctx: &mut ActorCtx) {
        self.loaded += 1;
        self.counts.tables_loaded += 1;
        self.is_listed = false;
        if self.loaded < self.tables.len() {
            return ctx.wake_at(ctx.now);
        }
        ctx.note(Fact::DmsFullLoadDone { actor: ctx.id, rows: self.counts.loads });
        if self.spec.migration_type == MigrationType::FullLoadAndCdc {
            self.phase = Phase::Cdc;
            return ctx.wake_at(ctx.now);
        }
        self.phase = Phase::Done;
        // Documented: StopReason of a full load that is over.
        self.stop_reason = Some("Stop Reason FULL_LOAD_ONLY_FINISHED");
        self.enter(ctx, DmsStatus::Stopped, None);
    }

    fn trouble(&mut self, ctx: &mut ActorCtx, problem: &'static str) {
        self.problem = Some(problem);
        self.retry_at = Some(ctx.now + LOOK_INTERVAL);
        ctx.wake_at(ctx.now + LOOK_INTERVAL);
    }

    fn listed(&mut self, ctx: &mut ActorCtx, result: Result<Vec<String>, S3Error>) {
        match result {
            Ok(keys) => {
                self.problem = None;
                self.is_listed = true;
                let last = self.last_change_file.as_ref().filter(|_| self.phase == Phase::Cdc);
                let new = keys
                    .into_iter()
                    .filter(|key| key.ends_with(".csv") && last.is_none_or(|last| key > last));
                self.files = new.collect();
                if self.phase == Phase::FullLoad
                    && let Some(table) = self.tables.get(self.loaded)
                {
                    let message = message::create_table(&self.spec, table, &self.task_id, ctx.now);
                    self.outgoing.push_back(message);
                }
            }
            Err(error) => self.trouble(ctx, error.code()),
        }
    }

    fn opened(&mut self, ctx: &mut ActorCtx, result: Result<Body, S3Error>) {
        let Some(file) = self.files.front().cloned() else { return };
        match result {
            Ok(body) => {
                self.problem = None;
                self.files.pop_front();
                self.counts.files += 1;
                let text = String::from_utf8_lossy(&body.bytes()).into_owned();
                for fields in table::rows(&text).into_iter().take(DmsTask::FILE_ROWS_MAX) {
                    match self.phase {
                        Phase::FullLoad => self.load(ctx.now, &fields),
                        Phase::Cdc | Phase::Done => self.change(ctx.now, &fields),
                    }
                }
                self.current_file = Some(file);
            }
            Err(error) => self.trouble(ctx, error.code()),
        }
    }

    fn load(&mut self, now: Instant, fields: &[String]) {
        let Some(table) = self.tables.get(self.loaded) else { return };
        self.counts.loads += 1;
        self.outgoing.push_back(message::row(&self.spec, table, "load", fields, None, now));
    }

    /// Documented: a line of changes is the operation, the table, the schema, and the fields.
    fn change(&mut self, now: Instant, fields: &[String]) {
        let [operation, name, schema, fields @ ..] = fields else {
            self.counts.bad_lines += 1;
            return;
        };
        let Some(table) = self.tables.iter().find(|table| table.name == *name && table.schema == *schema)
        else {
            self.counts.bad_lines += 1;
            return;
        };
        let operation = match operation.to_ascii_uppercase().as_str() {
            "INSERT" | "I" => {
                self.counts.inserts += 1;
                "insert"
            }
            "UPDATE" | "U" => {
                self.counts.updates += 1;
                "update"
            }
            "DELETE" | "D" => {
                self.counts.deletes += 1;
                "delete"
            }
            _ => {
                self.counts.bad_lines += 1;
                return;
            }
        };
        self.transactions += 1;
        let transaction = Some(self.transactions);
        self.outgoing.push_back(message::row(&self.spec, table, operation, fields, transaction, now));
    }

    // Records ---------------------------------------------------------------------------------------------------------

    fn put(&mut self, ctx: &mut ActorCtx) {
        let entry = |message: &Message| PutRecordsRequestEntry {
            data: Some(Blob::Bytes(message.data.clone().into_bytes())),
            explicit_hash_key: None,
            partition_key: Some(message.partition_key.as_str().into()),
        };
        // The table is there before its rows are.
        let is_control = self.outgoing.front().is_some_and(|message| message.is_control);
        let batch = self.outgoing.iter().take_while(|message| message.is_control == is_control);
        let input = PutRecordsInput {
            stream_name: Some(self.spec.stream.as_str().into()),
            records: Some(batch.take(BATCH_MAX).map(entry).collect()),
            stream_arn: None,
            dry_run: None,
        };
        self.call(ctx, Call::Kinesis(input.into()));
    }

    fn answered(&mut self, ctx: &mut ActorCtx, result: Result<Response, ErrorCode>) {
        let refused: Vec<Message> = match result {
            Ok(Response::PutRecords(output)) => {
                self.problem = None;
                let count = output.records.len().min(self.outgoing.len());
                let sent: Vec<Message> = self.outgoing.drain(..count).collect();
                let entries = sent.into_iter().zip(&output.records);
                let refused =
                    entries.filter(|(_, entry)| matches!(entry, PutRecordsResultEntry::Refused { .. }));
                let refused: Vec<Message> = refused.map(|(message, _)| message).collect();
                self.counts.put += (count - refused.len()) as u64;
                refused
            }
            Ok(_) => Vec::new(),
            Err(code) if code.is_retryable() => {
                self.retry_at = Some(ctx.now + RETRY_PAUSE);
                Vec::new()
            }
            Err(code) => {
                self.trouble(ctx, code.name());
                Vec::new()
            }
        };
        if !refused.is_empty() {
            self.counts.refused += refused.len() as u64;
            self.retry_at = Some(ctx.now + RETRY_PAUSE);
            // Assumed: what was refused goes before what comes behind it.
            refused.into_iter().rev().for_each(|message| self.outgoing.push_front(message));
        }
    }
}

fn in_folder(folder: &str, path: &str) -> String {
    let path = path.trim_start_matches('/');
    let text = match folder.trim_matches('/') {
        "" => path.to_owned(),
        folder => format!("{folder}/{path}"),
    };
    if text.is_empty() || text.ends_with('/') { text } else { format!("{text}/") }
}
