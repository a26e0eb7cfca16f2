//! DynamoDB answers the workers of KCL applications.

use kinesis::ApiError;

use super::World;
use crate::cause::Link;
use crate::lease_table::{LeaseCall, LeaseReply, TableCall};
use crate::{ActorId, Application, Cause, Fact, KclTable};

impl World {
    /// What a KCL application does to its tables needs rights in DynamoDB.
    ///
    /// Documented: IAM permissions of a KCL application. The table that is not there is created by the first worker; the
    /// index is a resource of its own.
    pub(super) fn must_allow_table(
        &mut self,
        from: ActorId,
        application: &str,
        call: &TableCall,
    ) -> Result<(), ApiError> {
        let actions = self.applications.get(application).map_or(&[][..], |app| app.actions(call));
        let table = call.table().name(application);
        let index = if call.is_to_index() { "/index/LeaseOwnerToLeaseKeyIndex" } else { "" };
        let (region, account) = (self.service.region(), self.service.account());
        let resource = format!("arn:aws:dynamodb:{region}:{account}:table/{table}{index}");
        actions.iter().try_for_each(|action| self.must_allow(from, action, &resource))
    }

    #[inline(never)]
    pub(super) fn answer_from_table(
        &mut self,
        from: ActorId,
        application: String,
        call: TableCall,
    ) -> (LeaseReply, Link) {
        let Some(app) = self.applications.get_mut(&application) else {
            return (LeaseReply::NoTable, self.link);
        };
        let table = call.table();
        let had_table = app.has_table(table);
        let expected = Expected::of(app, from, &call);
        let reply = app.ask_table(call, self.now);
        let mut facts = Vec::new();
        if app.has_table(table) && !had_table {
            facts.push(match table {
                KclTable::Leases => Fact::LeaseTableCreated { application: application.clone() },
                KclTable::WorkerMetricStats | KclTable::CoordinatorState => {
                    Fact::KclTableCreated { table: table.name(&application) }
                }
            });
        }
        if let LeaseReply::Created(created) = &reply {
            facts.extend(
                created.iter().map(|lease| Fact::LeaseCreated {
                    application: application.clone(),
                    lease: lease.clone(),
                }),
            );
        }
        #[allow(clippy::wildcard_enum_match_arm)] // The others change no lease.
        let has_happened = match &reply {
            LeaseReply::Written { .. } => true,
            LeaseReply::Done => {
                expected.as_ref().is_some_and(|expected| app.table.lease(&expected.lease).is_none())
            }
            _ => false,
        };
        let expected = expected.filter(|_| has_happened);
        if let Some(Expected { fact: Fact::LeaseHandedOver { is_forced, .. }, .. }) = &expected {
            app.hand_overs += 1;
            app.forced_hand_overs += u64::from(*is_forced);
        }
        let key =
            expected.as_ref().filter(|expected| expected.is_news).map(|expected| expected.lease.clone());
        facts.extend(expected.map(|expected| expected.fact));
        let link = self.record(Cause::Actor(from), facts);
        // Who looks the lease up goes on from here.
        if let Some(lease) =
            key.and_then(|key| self.applications.get_mut(&application)?.table.lease_mut(&key))
        {
            lease.assigned = Some(link);
        }
        (reply, link)
    }
}

/// What is a fact once the table has done what it was asked.
struct Expected {
    lease: String,
    fact: Fact,
    /// Whether somebody else has to learn of it from the table.
    is_news: bool,
}

impl Expected {
    #[allow(clippy::wildcard_enum_match_arm)] // Workers tell of the rest themselves.
    fn of(app: &Application, from: ActorId, call: &TableCall) -> Option<Expected> {
        let TableCall::Leases(call) = call else { return None };
        let application = app.spec.name.clone();
        let (lease, fact, is_news) = match call {
            LeaseCall::Delete { key } => {
                let lease = app.table.lease(key)?.lease_key.clone();
                (key, Fact::LeaseDeleted { application, lease }, false)
            }
            LeaseCall::Assign { key, to, .. } => {
                let owner = app.table.lease(key)?.actual_owner().map(str::to_owned);
                let fact = Fact::LeaseAssigned {
                    application,
                    lease: key.clone(),
                    leader: from,
                    from: owner,
                    to: to.clone(),
                };
                (key, fact, true)
            }
            LeaseCall::BeginHandOff { key, from: owner, to } => {
                let (lease, owner, to) = (key.clone(), owner.clone(), to.clone());
                (key, Fact::HandOffBegan { application, lease, leader: from, from: owner, to }, true)
            }
            LeaseCall::HandOver { key, is_forced, .. } => {
                let to = app.table.lease(key)?.lease_owner.clone().unwrap_or_default();
                let (lease, is_forced) = (key.clone(), *is_forced);
                (key, Fact::LeaseHandedOver { application, lease, worker: from, to, is_forced }, true)
            }
            _ => return None,
        };
        Some(Expected { lease: lease.clone(), fact, is_news })
    }
}
