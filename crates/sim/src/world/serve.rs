//! Calls are answered, and what happened is recorded.

use kinesis::{
    ApiError, CallContext, Caller, Duration, ErrorCode, PutRecordsResultEntry, Request, Response, Starved,
};

use super::World;
use crate::actor::{Call, Reply};
use crate::cause::{Link, Rule};
use crate::event_queue::Event;
use crate::identities::CallerSpec;
use crate::lease_table::LeaseReply;
use crate::neighbours::function::InvokeReply;
use crate::neighbours::network::EndpointService;
use crate::neighbours::s3::S3Error;
use crate::network::latency;
use crate::{ActorId, Cause, Fact, FaultEnd, StampedFact};

impl World {
    /// The answer to an actor's call, and how long it takes to make it.
    pub(super) fn answer(&mut self, from: ActorId, call: Call) -> (Reply, Duration) {
        // The most frequent one by far, which is not moved.
        if let Call::Kinesis(request) = &call {
            let caller = self.actors.get(from).and_then(|actor| actor.caller.clone());
            let result = self.serve_by(Cause::Actor(from), caller.as_deref(), request);
            return (Reply::Kinesis(result), Duration::ZERO);
        }
        let reply = match call {
            Call::Kinesis(_) => unreachable!("calls of Kinesis are answered above"),
            Call::LeaseTable { application, call } => {
                if self.must_allow_table(from, &application, &call).is_err() {
                    return (Reply::LeaseTable(LeaseReply::AccessDenied), Duration::ZERO);
                }
                self.link = self.table_link(&application, &call);
                let facts_before = self.journal.recorded();
                let (reply, link) = self.answer_from_table(from, application, call);
                if self.journal.recorded() > facts_before {
                    self.link = link;
                }
                Reply::LeaseTable(reply)
            }
            Call::Invoke(invocation) => {
                let resource = format!("{}{}", self.function_arn_prefix(), invocation.function);
                // An event source mapping is Lambda itself; others need the right.
                if invocation.is_transform
                    && self.must_allow(from, "lambda:InvokeFunction", &resource).is_err()
                {
                    return (Reply::Invoked(Box::new(InvokeReply::not_found())), Duration::ZERO);
                }
                let now = self.now;
                let (slowness, behind) = self.faults.of_function(&invocation.function);
                self.link = behind.unwrap_or(self.link);
                let (reply, running) = match self.functions.get_mut(&invocation.function) {
                    Some(function) => {
                        (function.invoke(now, &invocation, slowness), function.concurrency(now))
                    }
                    None => (InvokeReply::not_found(), 0),
                };
                self.measure_invocation(&invocation.function, &reply, running);
                let takes = reply.took;
                return (Reply::Invoked(Box::new(reply)), takes);
            }
            Call::PutObject { bucket, key, body } => {
                let resource = format!("arn:aws:s3:::{bucket}/{key}");
                Reply::Stored(match self.must_allow(from, "s3:PutObject", &resource) {
                    Ok(()) => self.put_object(Cause::Actor(from), &bucket, &key, body),
                    Err(_) => Err(S3Error::AccessDenied),
                })
            }
            Call::ListObjects { bucket, prefix } => {
                let resource = format!("arn:aws:s3:::{bucket}");
                Reply::Listed(match self.must_allow(from, "s3:ListBucket", &resource) {
                    Ok(()) => self
                        .s3
                        .bucket(&bucket)
                        .map(|bucket| bucket.list(&prefix).map(|(key, _)| key.to_owned()).collect()),
                    Err(_) => Err(S3Error::AccessDenied),
                })
            }
            Call::GetObject { bucket, key } => {
                let resource = format!("arn:aws:s3:::{bucket}/{key}");
                Reply::Opened(match self.must_allow(from, "s3:GetObject", &resource) {
                    // What the sandbox has forgotten is not there for programs either.
                    Ok(()) => self
                        .s3
                        .object(&bucket, &key)
                        .and_then(|object| object.body.clone().ok_or(S3Error::NoSuchKey)),
                    Err(_) => Err(S3Error::AccessDenied),
                })
            }
            Call::SendMessage { destination, body } => {
                let is_topic = destination.starts_with("arn:aws:sns:");
                let action = if is_topic { "sns:Publish" } else { "sqs:SendMessage" };
                let is_allowed = self.must_allow(from, action, &destination).is_ok();
                let is_sent = is_allowed && self.messages.send(self.now, &destination, body);
                if is_sent {
                    self.record(Cause::Actor(from), vec![Fact::MessageSent { destination }]);
                }
                Reply::Sent(is_sent)
            }
        };
        (reply, Duration::ZERO)
    }

    /// Whether an actor may do something with a neighbour; a refusal is recorded.
    pub(super) fn must_allow(&mut self, from: ActorId, action: &str, resource: &str) -> Result<(), ApiError> {
        // Other neighbours than DynamoDB are called by services of AWS, which stand in no VPC.
        let Some(caller) = self.caller_at(from, EndpointService::DynamoDb) else { return Ok(()) };
        let result = self.service.must_allow(&caller, action, resource);
        if let Err(error) = &result {
            let sentence = error.message().to_owned();
            self.record_one(Cause::Actor(from), Fact::AccessDenied { sentence });
        }
        result
    }

    /// The service answers at this instant; what happened is recorded.
    pub(crate) fn serve(&mut self, cause: Cause, request: &Request) -> Result<Response, ApiError> {
        self.serve_to(cause, None, request)
    }

    /// As [`World::serve`], to somebody else than the account's admin.
    pub(super) fn serve_to(
        &mut self,
        cause: Cause,
        caller: Option<&CallerSpec>,
        request: &Request,
    ) -> Result<Response, ApiError> {
        let caller = caller.map(|spec| {
            let mut caller = self.identities.caller(spec, self.now);
            if spec.is_through_endpoint {
                caller.endpoint_policy = self.account.network.policy(EndpointService::KinesisStreams);
            }
            caller
        });
        self.serve_by(cause, caller.as_ref(), request)
    }

    /// As [`World::serve`], to a caller with its policies; to the account's admin where there is none.
    fn serve_by(
        &mut self,
        cause: Cause,
        caller: Option<&Caller>,
        request: &Request,
    ) -> Result<Response, ApiError> {
        let mut facts = std::mem::take(&mut self.buffers.service_facts);
        let caller = caller.unwrap_or(self.identities.admin());
        let ctx = CallContext { now: self.now, caller, keys: self.identities.keys() };
        let throttle = if self.faults.is_empty() { None } else { self.faults.throttle() };
        let starved =
            throttle.as_ref().and_then(|(_, stream, shard)| self.service.starve(stream, *shard, self.now));
        let result = self.service.handle(&ctx, request, &mut facts);
        self.account.record_call(self.now, caller, request, &result, &facts, &self.service);
        if let (Some((number, ..)), Some(starved)) = (throttle, starved) {
            let is_it = |fact: &kinesis::Fact| is_throttled(fact, &starved);
            let has_happened = facts.iter().any(is_it);
            self.service.feed(starved);
            if has_happened {
                // The refusal follows from the fault, and its end from the call.
                let link = self.faults.get(number).map(|fault| fault.link);
                self.end_fault(number, FaultEnd::Happened);
                self.link = link.unwrap_or(self.link);
            }
        }
        // The answer follows from what the service did about the call, and what the caller does next from the answer.
        if let Some(link) = self.record_service(cause, facts) {
            self.link = link;
        }
        let failed = match &result {
            Ok(Response::PutRecords(output)) => output
                .records
                .iter()
                .filter(|entry| matches!(entry, PutRecordsResultEntry::Refused { .. }))
                .count() as u32,
            _ => 0,
        };
        let error = result.as_ref().err().map(ApiError::code);
        if let Err(refused) = &result
            && matches!(refused.code(), ErrorCode::AccessDenied | ErrorCode::KmsAccessDenied)
        {
            self.link = self.record_one(cause, Fact::AccessDenied { sentence: refused.message().to_owned() });
        }
        self.link =
            self.record_one(cause, Fact::CallAnswered { operation: request.operation(), error, failed });
        result
    }

    /// Records what the service did; returns what follows from the last of it.
    pub(super) fn record_service(&mut self, cause: Cause, mut facts: Vec<kinesis::Fact>) -> Option<Link> {
        let before = self.link;
        let mut last = None;
        for fact in facts.drain(..) {
            self.link = before;
            if cause == Cause::Schedule {
                self.link =
                    self.topics.behind(&fact).filter(|link| !link.is_long()).unwrap_or(Link::SCHEDULE);
                self.link.rule = Rule::ChangeUnderWay;
            }
            if matches!(cause, Cause::Command(_)) {
                self.readings.record(self.now, &fact);
            }
            let to = self.subscribers.record(self.now, cause, &self.service, &fact);
            // What it was about before: the records that used a budget up, the records that are read.
            let also = self.metrics.last_appended(&fact);
            let (stamped, link) = self.stamp(cause, Fact::Service(fact), also);
            if let Fact::Service(fact) = &stamped.fact {
                self.metrics.record(self.now, fact, link.origin);
                self.account.record(self.now, fact, &self.service);
                self.topics.record(fact, link);
                if let Some(to) = to {
                    self.link = link;
                    self.send_push(to, fact);
                }
            }
            self.keep(stamped);
            last = Some(link);
        }
        self.link = before;
        self.buffers.service_facts = facts;
        last
    }

    /// Sends what a subscription pushed to the actor that holds its connection. One connection has one latency: what
    /// was pushed first arrives first.
    fn send_push(&mut self, to: ActorId, fact: &kinesis::Fact) {
        let push = self.service.pushed(fact, self.now);
        let (kinesis::Fact::EventPushed { subscription, .. }
        | kinesis::Fact::SubscriptionEnded { subscription, .. }) = fact
        else {
            return;
        };
        let life = self.actors.get(to).map_or(0, |actor| actor.life);
        let at = self.now + latency(self.seed, to, u64::MAX ^ subscription);
        self.schedule(at, Event::Push { to, life, subscription: *subscription, push });
    }

    /// Records what happened; returns what follows from the last of it.
    pub(super) fn record(&mut self, cause: Cause, facts: Vec<Fact>) -> Link {
        let mut link = self.link;
        for fact in facts {
            link = self.record_one(cause, fact);
        }
        link
    }

    pub(super) fn record_one(&mut self, cause: Cause, fact: Fact) -> Link {
        self.record_about(cause, fact, None)
    }

    pub(super) fn record_about(&mut self, cause: Cause, fact: Fact, also: Option<u64>) -> Link {
        let (fact, link) = self.stamp(cause, fact, also);
        self.keep(fact);
        link
    }

    /// The next fact of the journal, and what follows from it.
    fn stamp(&mut self, cause: Cause, fact: Fact, also: Option<u64>) -> (StampedFact, Link) {
        let number = self.journal.recorded();
        let run = self.runs.run_of(self.now, cause, number, &fact);
        // What a fault does is not the rule's doing.
        let by_fault = (self.link.rule == Rule::FaultOn).then_some(Rule::FaultOn);
        let rule = by_fault.or_else(|| Rule::of(&fact)).unwrap_or(self.link.rule);
        let link = self.link.fact(run);
        if let Some(actor) = fact.turns().and_then(|id| self.actors.get_mut(id)) {
            actor.standing = link.by(Rule::OwnSchedule);
        }
        let Link { origin, root, .. } = self.link;
        (StampedFact { number, at: self.now, cause, rule, origin, root, also, run, fact }, link)
    }

    fn keep(&mut self, fact: StampedFact) {
        self.digest.add(&fact);
        self.journal.push(fact);
    }
}

#[allow(clippy::wildcard_enum_match_arm)] // Two kinds of facts are refusals.
/// Whether a call was refused at the shard whose budgets a fault had used up.
fn is_throttled(fact: &kinesis::Fact, starved: &Starved) -> bool {
    match fact {
        kinesis::Fact::WriteThrottled { stream, shard, .. }
        | kinesis::Fact::ReadThrottled { stream, shard, .. } => {
            (stream, shard) == (&starved.stream, &starved.shard)
        }
        _ => false,
    }
}
