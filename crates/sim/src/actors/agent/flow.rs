//! A flow: tails a log, gathers records in buffers, and remembers how far it has come.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{
    Blob, ErrorCode, Generated, Instant, Numbers, PutRecordsInput, PutRecordsOutput, PutRecordsRequestEntry,
    PutRecordsResultEntry, Recipe, Request, SortedMap,
};

use super::config::FlowConfig;
use super::log_file::LogFile;
use super::record::{AgentRecord, Made, RecordMaker, entry_of, first_of};
use super::throttler::Throttler;
use crate::actor::ActorCtx;
use crate::actors::copies::Copies;
use crate::{ActorId, Fact, LostReason};

/// A flow of `agent.json`; records are counted as they are sent.
///
/// At every instant `made = stored + lost + waiting + in flight`, as far as the agent knows.
#[derive(Clone, Debug)]
pub struct Flow {
    pub(super) config: Arc<FlowConfig>,
    id: ActorId,
    number: u32,
    /// Place of its log among those of the server.
    log: Option<usize>,
    maker: Option<Arc<RecordMaker>>,
    /// Where it began to read when there was no checkpoint.
    began: u64,
    /// Entry of the log that is read next.
    next: u64,
    /// The file that is open.
    file: u64,
    /// What is in the agent's file of checkpoints: the record with which to go on.
    checkpoint: Option<u64>,
    /// The newest buffer that was sent whole.
    committed: u64,
    polled: Option<Instant>,
    buffer: Buffer,
    queue: VecDeque<Buffer>,
    retry: VecDeque<Buffer>,
    last_buffer: u64,
    pub(super) throttler: Throttler,
    copies: Copies,
    /// Records read, and entries lost before they were.
    pub made: u64,
    pub stored: u64,
    pub lost: u64,
    pub lost_by_reason: SortedMap<LostReason, u64>,
    /// Entries of answers that were refused.
    pub refused: u64,
    /// Records sent again.
    pub retried: u64,
    /// Records that the processing left out.
    pub skipped: u64,
    pub truncated: u64,
    /// Failed calls and failed entries by error.
    pub errors: SortedMap<ErrorCode, u64>,
}

/// Records that are sent together.
#[derive(Clone, Debug, Default)]
pub(super) struct Buffer {
    /// Counted from 1 in the order in which buffers are filled.
    id: u64,
    pub(super) records: Vec<AgentRecord>,
    /// Records of it that are in the stream already.
    stored: Vec<u64>,
    bytes: u64,
    opened: Instant,
    /// The record behind its last one.
    end: u64,
}

/// What one answer, or none, adds to the metrics of the agent.
pub(super) struct Sent {
    pub(super) bytes: u64,
    pub(super) refused: u64,
}

/// Observed: the agent's default for its publishing queue.
const QUEUE_MAX: usize = 100;
/// Entries that one look into the file brings at most.
const ENTRIES_PER_POLL_MAX: u64 = 20_000;

impl Flow {
    pub(super) fn new(config: FlowConfig, id: ActorId, number: u32) -> Flow {
        Flow {
            config: Arc::new(config),
            id,
            number,
            log: None,
            maker: None,
            began: 0,
            next: 0,
            file: 0,
            checkpoint: None,
            committed: 0,
            polled: None,
            buffer: Buffer::default(),
            queue: VecDeque::new(),
            retry: VecDeque::new(),
            last_buffer: 0,
            throttler: Throttler::default(),
            copies: Copies::default(),
            made: 0,
            stored: 0,
            lost: 0,
            lost_by_reason: SortedMap::new(),
            refused: 0,
            retried: 0,
            skipped: 0,
            truncated: 0,
            errors: SortedMap::new(),
        }
    }

    /// The same flow under another configuration: it is known by what it reads and where it sends.
    pub(super) fn configured(&self, config: &FlowConfig) -> Option<Flow> {
        let is_it = self.config.glob == config.glob && self.config.stream == config.stream;
        is_it.then(|| Flow { config: Arc::new(config.clone()), ..self.clone() })
    }

    pub fn file_pattern(&self) -> &str {
        &self.config.glob.text
    }

    pub fn stream(&self) -> &str {
        &self.config.stream
    }

    /// Records in the buffer that is being filled.
    pub fn buffered(&self) -> u64 {
        self.buffer.records.len() as u64
    }

    /// Records in buffers that wait to be sent, for the first time and again.
    pub fn queued(&self) -> u64 {
        self.queue.iter().chain(&self.retry).map(|buffer| buffer.records.len() as u64).sum()
    }

    pub fn waiting(&self) -> u64 {
        self.buffered() + self.queued()
    }

    /// Until when it backs off.
    pub fn backs_off_until(&self) -> Option<Instant> {
        self.throttler.waits_until()
    }

    /// Copies of records in the stream beyond the first.
    pub fn stored_again(&self) -> u64 {
        self.copies.stored_again
    }

    /// Records that count as lost and are in the stream.
    pub fn stored_though_lost(&self) -> u64 {
        self.copies.stored_though_lost
    }

    /// The log that it tails.
    pub(super) fn log<'l>(&self, logs: &'l [LogFile]) -> Option<&'l LogFile> {
        self.log.and_then(|place| logs.get(place))
    }

    /// Entries of its log that it has not read yet.
    pub(super) fn behind(&self, logs: &[LogFile], now: Instant) -> u64 {
        self.log(logs).map_or(0, |log| log.written_by(now).saturating_sub(self.next))
    }

    /// The file up to which everything is sent, as the agent believes, its inode, and the bytes of it that are.
    pub(super) fn checkpoint(&self, logs: &[LogFile], now: Instant) -> Option<(String, u64, u64)> {
        let log = self.log(logs)?;
        let entry = entry_of(self.checkpoint?);
        let file = log.file_of(entry.saturating_sub(1));
        let path = log.path_of(file, now).unwrap_or_else(|| log.spec.path.clone() + " (deleted)");
        Some((path, log.id_of(file), log.offset_of(file, entry)))
    }

    // Reading ----------------------------------------------------------------------------------------------------------

    /// The agent begins: it goes on from the checkpoint, and where there is none at the initial position.
    pub(super) fn begin(&mut self, ctx: &mut ActorCtx, logs: &[LogFile]) {
        self.polled = None;
        self.throttler = Throttler::default();
        let had_log = self.log.is_some();
        self.open(logs, ctx.now);
        let Some(log) = self.log(logs) else { return };
        if let Some(checkpoint) = self.checkpoint {
            self.next = entry_of(checkpoint);
            self.file = log.file_of(self.next.saturating_sub(1));
        } else if had_log {
            let (log, before) = (log.clone(), self.began);
            self.start_at_initial_position(&log, ctx.now);
            self.lose_entries(
                ctx,
                self.began.saturating_sub(before),
                &log.spec.path,
                LostReason::NoCheckpoint,
            );
        }
    }

    /// Looks for a log whose name matches, and learns how its lines look now.
    pub(super) fn open(&mut self, logs: &[LogFile], now: Instant) {
        if self.log.is_none() {
            self.log = logs.iter().position(|log| self.config.glob.matches(&log.spec.path));
            if let Some(log) = self.log(logs) {
                self.start_at_initial_position(&log.clone(), now);
            }
        }
        let Some(log) = self.log(logs) else { return };
        let (log, config) = (log.clone(), Arc::clone(&self.config));
        self.maker = Some(Arc::new(RecordMaker { log, config, source: self.id.0, flow: self.number }));
    }

    fn start_at_initial_position(&mut self, log: &LogFile, now: Instant) {
        self.file = log.file_at(now);
        self.next = match self.config.is_from_start {
            true => log.first_of(self.file),
            false => log.written_by(now),
        };
        self.began = self.next;
    }

    /// Reads what was written since the last look.
    pub(super) fn read(&mut self, ctx: &mut ActorCtx, logs: &[LogFile]) {
        let now = ctx.now;
        let Some(log) = self.log(logs) else { return };
        let Some(maker) = self.maker.clone() else { return };
        if self.polled.is_none_or(|polled| polled + self.config.min_time_between_polls <= now) {
            self.polled = Some(now);
            self.look_for_rotation(ctx, log);
            let until = log.written_by(now).min(self.next + ENTRIES_PER_POLL_MAX);
            let (skipped, truncated) = (self.skipped, self.truncated);
            while self.next < until && self.queue.len() < QUEUE_MAX {
                let file = log.file_of(self.next);
                if file > self.file {
                    self.file = file;
                    let path = log.path_of(file, now).unwrap_or_default();
                    ctx.note(Fact::LogFileFollowed { actor: ctx.id, path });
                }
                self.take_entry(&maker, now);
            }
            let count = |counted: u64| u32::try_from(counted).unwrap_or(u32::MAX);
            if self.skipped > skipped {
                ctx.note(Fact::RecordsSkipped { actor: ctx.id, count: count(self.skipped - skipped) });
            }
            if self.truncated > truncated {
                ctx.note(Fact::RecordsTruncated { actor: ctx.id, count: count(self.truncated - truncated) });
            }
        }
        // Simplified: the real agent looks at the age when the next record comes, and once a minute.
        let is_old = self.buffer.opened + self.config.max_buffer_age <= now;
        if !self.buffer.records.is_empty() && is_old {
            self.close_buffer();
        }
    }

    /// A renamed file is read to its end. One that is deleted, or renamed to what the pattern does not match, takes with
    /// it what was not read: the agent goes on with the newest file from its beginning.
    ///
    /// Observed: `SourceFileTracker` of the agent. Documented: files that match the pattern are picked up.
    fn look_for_rotation(&mut self, ctx: &mut ActorCtx, log: &LogFile) {
        if log.is_matched(self.file, &self.config.glob, ctx.now) {
            return;
        }
        self.file = log.file_at(ctx.now);
        let first = log.first_of(self.file);
        let count = first.saturating_sub(self.next);
        self.next = self.next.max(first);
        self.lose_entries(ctx, count, &log.spec.path, LostReason::FileGone);
    }

    fn lose_entries(&mut self, ctx: &mut ActorCtx, count: u64, path: &str, reason: LostReason) {
        if count == 0 {
            return;
        }
        self.made += count;
        self.count_lost(count, reason);
        let (count, first_key) = (u32::try_from(count).unwrap_or(u32::MAX), path.to_owned());
        ctx.note(Fact::RecordsLost { actor: ctx.id, count, first_key, reason });
    }

    fn count_lost(&mut self, count: u64, reason: LostReason) {
        self.lost += count;
        *self.lost_by_reason.or_insert_with(reason, Default::default) += count;
    }

    fn take_entry(&mut self, maker: &RecordMaker, now: Instant) {
        let entry = self.next;
        self.next += 1;
        // After a restart the checkpoint may be in the middle of an entry.
        let known = self.checkpoint.unwrap_or(0);
        let numbers = first_of(entry)..;
        for (number, made) in numbers.zip(maker.records(entry)).filter(|(number, _)| *number >= known) {
            let record = match made {
                Made::Record(record) => record,
                Made::Truncated(record) => {
                    self.truncated += 1;
                    record
                }
                Made::Skipped => {
                    self.skipped += 1;
                    continue;
                }
            };
            let size = u64::from(record.size_with_key);
            if !self.buffer.records.is_empty() && self.buffer.bytes + size > self.config.max_buffer_bytes {
                self.close_buffer();
            }
            if self.buffer.records.is_empty() {
                self.buffer.opened = now;
            }
            self.made += 1;
            self.buffer.bytes += size;
            self.buffer.records.push(record);
            self.buffer.end = number + 1;
            if self.buffer.records.len() as u64 >= self.config.max_buffer_records {
                self.close_buffer();
            }
        }
        if !self.buffer.records.is_empty() {
            self.buffer.end = first_of(self.next);
        } else if let Some(last) = self.queue.back_mut().filter(|last| entry_of(last.end) == entry) {
            // It was closed by the entry's last record.
            last.end = first_of(self.next);
        }
    }

    fn close_buffer(&mut self) {
        let mut buffer = std::mem::take(&mut self.buffer);
        self.last_buffer += 1;
        buffer.id = self.last_buffer;
        self.queue.push_back(buffer);
    }

    // Sending ----------------------------------------------------------------------------------------------------------

    /// The next buffer to send: what failed goes first.
    pub(super) fn take(&mut self) -> Option<Buffer> {
        self.retry.pop_front().or_else(|| self.queue.pop_front())
    }

    pub(super) fn has_buffer(&self) -> bool {
        !self.retry.is_empty() || !self.queue.is_empty()
    }

    pub(super) fn request(&self, buffer: &Buffer) -> Request {
        let entry = |record: &AgentRecord| {
            let recipe = self.maker.clone().map(|maker| maker as Arc<dyn Recipe>);
            PutRecordsRequestEntry {
                partition_key: recipe.as_ref().map(|recipe| recipe.partition_key(record.number)),
                data: recipe.map(|recipe| {
                    let numbers = Numbers::One(record.number);
                    Blob::Generated(Generated { recipe, numbers, size: record.size })
                }),
                explicit_hash_key: None,
            }
        };
        PutRecordsInput {
            stream_name: Some(self.config.stream.as_str().into()),
            records: Some(buffer.records.iter().map(entry).collect()),
            stream_arn: None,
            dry_run: None,
        }
        .into()
    }

    /// A call was answered; what is refused of it waits to be sent again.
    pub(super) fn answered(
        &mut self,
        ctx: &mut ActorCtx,
        mut buffer: Buffer,
        output: PutRecordsOutput,
    ) -> Sent {
        let records = std::mem::take(&mut buffer.records);
        let n_sent = records.len() as u64;
        let mut sent = Sent { bytes: 0, refused: 0 };
        for (record, entry) in records.into_iter().zip(output.records) {
            match entry {
                PutRecordsResultEntry::Stored { .. } => {
                    sent.bytes += u64::from(record.size);
                    self.stored += 1;
                    buffer.stored.push(record.number);
                }
                PutRecordsResultEntry::Refused { error_code, .. } => {
                    *self.errors.or_insert_with(error_code, Default::default) += 1;
                    buffer.records.push(record);
                }
            }
        }
        sent.refused = buffer.records.len() as u64;
        self.refused += sent.refused;
        if sent.refused == 0 {
            self.throttler.succeeded();
            self.commit(&buffer);
        } else {
            self.throttler.failed_partly(sent.refused, n_sent);
            self.send_again(ctx, buffer);
        }
        sent
    }

    /// A whole call failed.
    pub(super) fn refused(&mut self, ctx: &mut ActorCtx, buffer: Buffer, code: ErrorCode) {
        self.refused += buffer.records.len() as u64;
        *self.errors.or_insert_with(code, Default::default) += 1;
        self.throttler.failed();
        self.send_again(ctx, buffer);
    }

    pub(super) fn timed_out(&mut self, ctx: &mut ActorCtx, buffer: Buffer) {
        self.throttler.failed();
        self.send_again(ctx, buffer);
    }

    /// The agent sends until it works, whatever the error is.
    fn send_again(&mut self, ctx: &mut ActorCtx, buffer: Buffer) {
        let count = buffer.records.len() as u32;
        self.retried += u64::from(count);
        self.retry.push_back(buffer);
        let until = self.throttler.may_send(ctx.now, |number| ctx.dice(number)).err().unwrap_or(ctx.now);
        ctx.note(Fact::RetryScheduled { actor: ctx.id, count, until });
    }

    /// A buffer is sent whole: the checkpoint moves behind it, unless it is behind a later one already.
    ///
    /// Observed: `Checkpointer` of the agent, which says itself that this can leave a gap: what is before the checkpoint
    /// and not sent yet is lost when the agent dies.
    fn commit(&mut self, buffer: &Buffer) {
        if buffer.id > self.committed {
            self.committed = buffer.id;
            self.checkpoint = Some(buffer.end);
        }
    }

    /// Records of a buffer came into the stream; returns how many of them for another time.
    pub(super) fn served(&mut self, buffer: &Buffer, is_stored: impl Fn(usize) -> bool) -> u32 {
        if !self.copies.is_watching() {
            return 0;
        }
        let stored = buffer.records.iter().enumerate().filter(|(index, _)| is_stored(*index));
        stored.map(|(_, record)| self.copies.stored(record.number)).sum()
    }

    pub(super) fn copies(&mut self) -> &mut Copies {
        &mut self.copies
    }

    // Ending -----------------------------------------------------------------------------------------------------------

    /// The agent ends: what it holds is forgotten.
    pub(super) fn forget_all(&mut self, ctx: &mut ActorCtx) {
        let open = std::mem::take(&mut self.buffer);
        if !open.records.is_empty() {
            self.last_buffer += 1;
            self.forget(ctx, Buffer { id: self.last_buffer, ..open });
        }
        for buffer in std::mem::take(&mut self.retry).into_iter().chain(std::mem::take(&mut self.queue)) {
            self.forget(ctx, buffer);
        }
    }

    /// A buffer that is not sent is forgotten: what is behind the checkpoint is read again, the rest never.
    pub(super) fn forget(&mut self, ctx: &mut ActorCtx, buffer: Buffer) {
        let count = buffer.records.len() as u64;
        if buffer.id > self.committed {
            self.made -= count;
            buffer.stored.iter().for_each(|number| self.copies.is_in_stream(*number));
            return;
        }
        let Some(first) = buffer.records.first() else { return };
        let first_key =
            self.maker.as_ref().map_or_else(String::new, |maker| maker.partition_key(first.number).into());
        buffer.records.iter().for_each(|record| self.copies.lost(record.number));
        self.count_lost(count, LostReason::BehindCheckpoint);
        let (actor, count, reason) = (ctx.id, count as u32, LostReason::BehindCheckpoint);
        ctx.note(Fact::RecordsLost { actor, count, first_key, reason });
    }

    /// When there is something to read, or a buffer is old enough.
    pub(super) fn wake_at(&self, logs: &[LogFile], now: Instant) -> Option<Instant> {
        let log = self.log(logs)?;
        let poll = self.polled.map_or(now, |polled| polled + self.config.min_time_between_polls);
        let read = (self.queue.len() < QUEUE_MAX).then(|| log.written_at(self.next).max(poll));
        let age = (!self.buffer.records.is_empty()).then(|| self.buffer.opened + self.config.max_buffer_age);
        [read, age].into_iter().flatten().min()
    }
}
