//! A program's calls that are not answered yet, and when it stops waiting for each.

use std::collections::VecDeque;

use kinesis::{Duration, Instant, PutRecordsResultEntry, Request, Response, SortedMap};

use crate::actor::{ActorCtx, Call, Reply};

/// Open calls, each with what it carries.
#[derive(Clone, Debug)]
pub(crate) struct Calls<T> {
    open: SortedMap<u64, OpenCall<T>>,
    /// By time. A program waits equally long for all its calls: the newest is the last one, but for a change of settings.
    deadlines: VecDeque<(Instant, u64)>,
    /// Calls sent so far; also the id of the newest one.
    pub(crate) sent: u64,
    /// Calls that were not answered in time.
    pub(crate) timed_out: u64,
}

#[derive(Clone, Debug)]
pub(crate) struct OpenCall<T> {
    pub(crate) content: T,
    deadline: Instant,
    /// What the service did, which the program learns from the answer only.
    served: Option<Served>,
}

/// Which entries of a put are stored.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Served {
    All,
    None,
    Some(Vec<bool>),
}

impl Served {
    pub(crate) fn of(reply: &Reply) -> Served {
        match reply {
            Reply::Kinesis(Ok(Response::PutRecords(output))) if output.failed_record_count > 0 => {
                let is_stored =
                    |entry: &PutRecordsResultEntry| matches!(entry, PutRecordsResultEntry::Stored { .. });
                Served::Some(output.records.iter().map(is_stored).collect())
            }
            Reply::Kinesis(Ok(Response::PutRecords(_) | Response::PutRecord(_))) => Served::All,
            Reply::Kinesis(_)
            | Reply::LeaseTable(_)
            | Reply::Invoked(_)
            | Reply::Stored(_)
            | Reply::Sent(_)
            | Reply::Listed(_)
            | Reply::Opened(_) => Served::None,
        }
    }

    pub(crate) fn is_stored(&self, index: usize) -> bool {
        match self {
            Served::All => true,
            Served::None => false,
            Served::Some(entries) => entries.get(index).copied().unwrap_or(false),
        }
    }
}

impl<T> Default for Calls<T> {
    fn default() -> Calls<T> {
        Calls { open: SortedMap::new(), deadlines: VecDeque::new(), sent: 0, timed_out: 0 }
    }
}

impl<T> Calls<T> {
    /// Sends a call and waits so long for its answer.
    pub(crate) fn send(&mut self, ctx: &mut ActorCtx, request: Request, content: T, timeout: Duration) {
        self.sent += 1;
        let deadline = ctx.now + timeout;
        ctx.call(self.sent, Call::Kinesis(request));
        let place = self.deadlines.partition_point(|other| *other < (deadline, self.sent));
        self.deadlines.insert(place, (deadline, self.sent));
        self.open.insert(self.sent, OpenCall { content, deadline, served: None });
    }

    /// The answer to a call has come; `None` where nobody waits for it any more.
    pub(crate) fn answered(&mut self, call_id: u64) -> Option<T> {
        let call = self.open.remove(&call_id)?;
        if let Ok(place) = self.deadlines.binary_search(&(call.deadline, call_id)) {
            self.deadlines.remove(place);
        }
        Some(call.content)
    }

    /// A call whose answer is not waited for any more, and what the service did so far.
    pub(crate) fn take_late(&mut self, now: Instant) -> Option<(u64, T, Served)> {
        self.deadlines.front().filter(|(deadline, _)| *deadline <= now)?;
        let (_, call_id) = self.deadlines.pop_front()?;
        let call = self.open.remove(&call_id)?;
        self.timed_out += 1;
        Some((call_id, call.content, call.served.unwrap_or(Served::None)))
    }

    /// Waits for nothing any more; returns every open call and what the service did so far.
    pub(crate) fn abandon(&mut self) -> Vec<(u64, T, Served)>
    where
        T: Clone,
    {
        self.deadlines = VecDeque::new();
        let open = std::mem::take(&mut self.open);
        let open = open.iter().map(|(call_id, call)| {
            (*call_id, call.content.clone(), call.served.clone().unwrap_or(Served::None))
        });
        open.collect()
    }

    /// The service has handled a call; the content where it is still waited for.
    pub(crate) fn served(&mut self, call_id: u64, served: Served) -> Option<&T> {
        let call = self.open.get_mut(&call_id)?;
        call.served = Some(served);
        Some(&call.content)
    }

    pub(crate) fn next_deadline(&self) -> Option<Instant> {
        self.deadlines.front().map(|(deadline, _)| *deadline)
    }

    pub(crate) fn contents(&self) -> impl Iterator<Item = &T> {
        self.open.values().map(|call| &call.content)
    }

    pub(crate) fn len(&self) -> usize {
        self.open.len()
    }
}
