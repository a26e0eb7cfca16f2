//! The DynamoDB tables that an application has: a lease table, and with KCL 3 two more.
//!
//! Documented: three tables are those of KCL 3.0 to 3.4. From 3.5 on a new application has all items in its lease table,
//! told apart by an attribute `entityType`; that layout is not simulated.

use kinesis::Instant;

use super::coordinator_state::StateCall;
use super::worker_metrics::MetricsCall;
use super::{LeaseCall, LeaseReply};
use crate::Application;

/// One of the tables of an application.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KclTable {
    Leases,
    WorkerMetricStats,
    CoordinatorState,
}

impl KclTable {
    pub const ALL: [KclTable; 3] =
        [KclTable::Leases, KclTable::WorkerMetricStats, KclTable::CoordinatorState];

    /// The table's name in DynamoDB. Documented: `DdbTableConfig`.
    pub fn name(self, application: &str) -> String {
        match self {
            KclTable::Leases => application.to_owned(),
            KclTable::WorkerMetricStats => format!("{application}-WorkerMetricStats"),
            KclTable::CoordinatorState => format!("{application}-CoordinatorState"),
        }
    }
}

/// A request to one of the tables.
#[derive(Clone, Debug)]
pub(crate) enum TableCall {
    Leases(LeaseCall),
    Metrics(MetricsCall),
    State(StateCall),
}

impl TableCall {
    pub(crate) fn table(&self) -> KclTable {
        match self {
            TableCall::Leases(_) => KclTable::Leases,
            TableCall::Metrics(_) => KclTable::WorkerMetricStats,
            TableCall::State(_) => KclTable::CoordinatorState,
        }
    }

    /// Whether it asks the lease table's index instead of the table.
    pub(crate) fn is_to_index(&self) -> bool {
        matches!(self, TableCall::Leases(LeaseCall::Query { .. }))
    }
}

impl Application {
    /// Whether the table stands in DynamoDB.
    pub fn has_table(&self, table: KclTable) -> bool {
        match table {
            KclTable::Leases => self.table.exists(),
            KclTable::WorkerMetricStats => self.worker_metrics.exists(),
            KclTable::CoordinatorState => self.coordinator_state.exists(),
        }
    }

    /// The rights that a call needs.
    pub(crate) fn actions(&self, call: &TableCall) -> &'static [&'static str] {
        let has_table = self.has_table(call.table());
        match call {
            TableCall::Leases(call) => call.actions(has_table, self.table.has_index()),
            TableCall::Metrics(call) => call.actions(has_table),
            TableCall::State(call) => call.actions(has_table),
        }
    }

    /// The answer of DynamoDB.
    pub(crate) fn ask_table(&mut self, call: TableCall, now: Instant) -> LeaseReply {
        match call {
            TableCall::Leases(call) => self.table.handle(call, now),
            TableCall::Metrics(call) => self.worker_metrics.handle(call),
            TableCall::State(call) => self.coordinator_state.handle(call, now),
        }
    }
}
