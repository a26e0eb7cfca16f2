//! Making records and sending them: when, in which calls, and how many calls at once.

use kinesis::{Duration, Instant, PutRecordInput, PutRecordsInput, PutRecordsRequestEntry, Request};

use super::{Pending, Producer, WAITING_MAX};
use crate::actor::ActorCtx;
use crate::cause::Link;
use crate::{LostReason, PutCall, PutOrdering};

/// A batching producer sends what came together in this time.
const LINGER: Duration = Duration::from_millis(100);
const BATCH_RECORDS_MAX: usize = 500;
const BATCH_BYTES_MAX: u64 = 5 << 20;

impl Producer {
    /// When the next record is made: one that batches looks at whole lingers after the last change only.
    pub(super) fn next_made(&self) -> Instant {
        let schedule = &self.source.schedule;
        let due = schedule.due_at(self.made);
        match self.spec.call {
            PutCall::Single => due,
            PutCall::Batch => {
                let lingers = due.since(schedule.base).micros().div_ceil(LINGER.micros());
                schedule.base + LINGER.times(lingers)
            }
        }
    }

    /// Puts what is due into the queue of what can be sent: first what is sent again, then what is new.
    pub(super) fn make_due(&mut self, ctx: &mut ActorCtx) {
        let now = ctx.now;
        while let Some(entry) = self.waiting.first_entry().filter(|entry| entry.key().0 <= now) {
            self.retried += 1;
            self.ready.push_back(entry.remove());
        }
        // Who was held up looks as soon as it can: the end of a linger may be past, not only now.
        if self.next_made() > now {
            return;
        }
        let due = self.source.schedule.due_by(now).max(self.made);
        let first = self.made;
        self.made = due;
        let record = |number| Pending {
            number,
            key: self.spec.keys.key(u64::from(self.source.id), number),
            source: self.source.clone(),
            attempts: 0,
            again: None,
        };
        // What is sent at once does not wait; the bound is for what gathers behind calls and lanes.
        let room = WAITING_MAX.saturating_sub(self.waiting()).min(due - first);
        let too_many: Vec<Pending> = (first + room..due).map(record).collect();
        self.ready.extend((first..first + room).map(record));
        self.lose(ctx, too_many, LostReason::QueueFull);
    }

    /// Sends what can be sent, as far as there may be more calls at once.
    pub(super) fn send_ready(&mut self, ctx: &mut ActorCtx) {
        let calls_max = self.spec.concurrency.map_or(usize::MAX, |calls| calls as usize);
        while self.calls.len() < calls_max {
            let Some(call) = self.next_call() else { return };
            self.send(ctx, call);
        }
    }

    fn next_call(&mut self) -> Option<Vec<Pending>> {
        if self.spec.call == PutCall::Single {
            loop {
                let record = self.ready.pop_front()?;
                let entered = match self.spec.ordering {
                    PutOrdering::None => Some(record),
                    PutOrdering::PerKey => self.lanes.enter(record),
                };
                if let Some(record) = entered {
                    return Some(vec![record]);
                }
            }
        }
        let mut bytes = 0;
        let fits = |record: &&Pending| {
            let is_first = bytes == 0;
            bytes += record.size();
            is_first || bytes <= BATCH_BYTES_MAX
        };
        let count = self.ready.iter().take(BATCH_RECORDS_MAX).take_while(fits).count();
        (count > 0).then(|| self.ready.drain(..count).collect())
    }

    fn send(&mut self, ctx: &mut ActorCtx, mut records: Vec<Pending>) {
        let before = ctx.link();
        // What is only sent again follows from that decision, all else from the producer's own pace.
        if let Some(again) = records.iter().map(|record| record.again).collect::<Option<Vec<Link>>>() {
            again.first().into_iter().for_each(|link| ctx.because(*link));
        }
        for record in &mut records {
            record.attempts += 1;
        }
        let stream_name = Some(self.spec.stream.as_str().into());
        let data = |record: &Pending| Some(record.source.blob(record.number));
        let request: Request = match (self.spec.call, records.as_slice()) {
            (PutCall::Single, [record]) => PutRecordInput {
                stream_name,
                data: data(record),
                partition_key: Some(record.key.clone()),
                sequence_number_for_ordering: match self.spec.ordering {
                    PutOrdering::None => None,
                    PutOrdering::PerKey => self.lanes.newest(&record.key).map(|number| number.to_string()),
                },
                ..PutRecordInput::default()
            }
            .into(),
            _ => PutRecordsInput {
                stream_name,
                records: Some(
                    records
                        .iter()
                        .map(|record| PutRecordsRequestEntry {
                            data: data(record),
                            explicit_hash_key: None,
                            partition_key: Some(record.key.clone()),
                        })
                        .collect(),
                ),
                stream_arn: None,
                dry_run: None,
            }
            .into(),
        };
        self.calls.send(ctx, request, records, self.spec.request_timeout);
        ctx.because(before);
    }
}
