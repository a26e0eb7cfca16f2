//! What an account has around its streams: metrics and alarms, the audit trail, the bill.

use std::sync::Arc;

use kinesis::{ApiError, Caller, Fact, Instant, Request, Response, Service, SortedMap};

use super::cloudtrail::{CloudTrail, TrailEvent, TrailQuery};
use super::cloudwatch::{Alarm, AlarmState, CloudWatch, Datapoint, Metric, MetricName};
use super::cost::{Bill, Cost};
use super::network::{EndpointService, Network};
use crate::{ActorId, CallerSpec, World};

/// What watches an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) cloudwatch: CloudWatch,
    pub(crate) cloudtrail: CloudTrail,
    pub(crate) cost: Cost,
    pub(crate) network: Network,
    /// When a program's time-out was last told, in minutes.
    pub(crate) timed_out: SortedMap<(ActorId, EndpointService), u64>,
    /// Whether the next look at the alarms is scheduled.
    pub(crate) is_alarm_look_due: bool,
}

/// What happened around the streams.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum AccountFact {
    AlarmStored {
        alarm: String,
    },
    AlarmDeleted {
        alarm: String,
    },
    AlarmStateChanged {
        alarm: String,
        state: AlarmState,
    },
    DataEventsSet {
        name: &'static str,
    },
    EndpointSet {
        service: EndpointService,
    },
    EndpointDeleted {
        service: EndpointService,
    },
    KeyPolicySet {
        key: String,
    },
    /// A program's calls find no route to a service, so that its connections time out. Told once in each minute.
    ConnectionTimedOut {
        actor: ActorId,
        service: EndpointService,
    },
    /// ARN of a user or role.
    IdentityCreated {
        principal: String,
    },
    IdentityDeleted {
        principal: String,
    },
}

impl Account {
    /// After a call was answered, and before its facts are recorded.
    pub(crate) fn record_call(
        &mut self,
        now: Instant,
        caller: &Caller,
        request: &Request,
        result: &Result<Response, ApiError>,
        facts: &[Fact],
        service: &Service,
    ) {
        self.cloudtrail.record(now, caller, request, result);
        self.cloudwatch.record_call(now, request, result, facts, service);
        if let Ok(response) = result {
            self.cost.record_call(now, request, response, facts, service);
        }
    }

    /// Takes note of one fact, with the service as it is after it.
    pub(crate) fn record(&mut self, now: Instant, fact: &Fact, service: &Service) {
        self.cloudwatch.record(now, fact, service);
        self.cost.record(now, fact, service);
    }

    /// About how many bytes a copy does not share.
    pub(crate) fn own_bytes(&self) -> u64 {
        let metrics = self.cloudwatch.list_count() as u64 * 512;
        metrics + self.cloudtrail.event_count() as u64 * 16 + self.cost.own_bytes()
    }
}

impl World {
    /// What the account has cost so far, and what it will.
    pub fn bill(&self) -> Bill {
        self.account.cost.bill(self.now)
    }

    /// Metrics that there are points of.
    pub fn metrics_list(&self) -> Vec<Metric> {
        self.account.cloudwatch.list()
    }

    /// One point for each period of so many minutes in which something was measured, as far as it can be seen now.
    pub fn metric_statistics(
        &self,
        metric: &MetricName,
        from: Instant,
        to: Instant,
        period_minutes: u32,
    ) -> Vec<Datapoint> {
        self.account.cloudwatch.statistics(self.now, metric, from, to, period_minutes)
    }

    /// Points that are kept, over all metrics.
    pub fn metric_point_count(&self) -> usize {
        self.account.cloudwatch.point_count()
    }

    /// Alarms by name.
    pub fn alarms(&self) -> impl Iterator<Item = &Alarm> {
        self.account.cloudwatch.alarms.values()
    }

    /// Management events of the last 90 days, newest first.
    pub fn trail_events(&self, query: &TrailQuery) -> Vec<Arc<TrailEvent>> {
        self.account.cloudtrail.lookup(self.now, query)
    }

    /// Calls of the data plane as far as the trail records them, newest first.
    pub fn trail_data_events(&self) -> Vec<Arc<TrailEvent>> {
        self.account.cloudtrail.data_events(self.now)
    }

    /// Whether a user or role (`role/writer`) may do something, by its own policies alone.
    pub fn may(&self, principal: &str, action: &str, resource: &str) -> bool {
        let spec = CallerSpec { principal: Some(principal.to_owned()), is_through_endpoint: false };
        self.service.must_allow(&self.identities.caller(&spec, self.now), action, resource).is_ok()
    }

    /// How many wildcards the policies of a user or role allow: least privilege has none that it does not need.
    pub fn wildcards_of(&self, principal: &str) -> usize {
        self.identities.policies_of(principal).map(|(_, policy)| policy.wildcard_count()).sum()
    }

    /// Endpoints of the VPC, with the documents of their policies.
    pub fn endpoints(&self) -> impl Iterator<Item = (EndpointService, Option<&str>)> {
        self.account.network.endpoints()
    }

    /// Events of the trail that are kept.
    pub fn trail_event_count(&self) -> usize {
        self.account.cloudtrail.event_count()
    }
}
