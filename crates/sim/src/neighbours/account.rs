//! What an account has around its streams: metrics and alarms, the audit trail, the bill.

use std::sync::Arc;

use kinesis::{ApiError, Caller, Fact, Instant, Request, Response, Service};

use super::cloudtrail::{CloudTrail, TrailEvent, TrailQuery};
use super::cloudwatch::{Alarm, AlarmState, CloudWatch, Datapoint, Metric, MetricName};
use super::cost::{Bill, Cost};
use crate::World;

/// What watches an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    pub(crate) cloudwatch: CloudWatch,
    pub(crate) cloudtrail: CloudTrail,
    pub(crate) cost: Cost,
    /// Whether the next look at the alarms is scheduled.
    pub(crate) is_alarm_look_due: bool,
}

/// What happened around the streams.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum AccountFact {
    AlarmStored { alarm: String },
    AlarmDeleted { alarm: String },
    AlarmStateChanged { alarm: String, state: AlarmState },
    DataEventsSet { name: &'static str },
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

    /// Events of the trail that are kept.
    pub fn trail_event_count(&self) -> usize {
        self.account.cloudtrail.event_count()
    }
}
