//! A worker of KCL 3 looks up the leases that the leader assigned to it.
//!
//! Documented: `DynamoDBLeaseDiscoverer` in the library's source: the index `LeaseOwnerToLeaseKeyIndex` says which leases
//! are in the worker's name, and those that it does not hold yet are read one by one.

use super::fleet::FleetPending;
use super::{ConsumerPhase, KclWorker};
use crate::actor::ActorCtx;
use crate::lease_table::{Lease, LeaseCall, TableCall};
use crate::{Fact, Rule};

impl KclWorker {
    pub(super) fn discover(&mut self, ctx: &mut ActorCtx, keys: Vec<String>) {
        // What it knows of shards whose children it does not hold is of no use any more.
        let parents: Vec<String> =
            self.leases.values().flat_map(|lease| &lease.parents).map(ToString::to_string).collect();
        self.table.retain(|key, _| parents.contains(key));
        let new: Vec<String> = keys.into_iter().filter(|key| !self.leases.contains_key(key)).collect();
        if !new.is_empty() && !self.is_stopping {
            let call = TableCall::Leases(LeaseCall::Get(new));
            self.ask_fleet(ctx, FleetPending::Discovered, call);
        }
    }

    /// Takes up what is its own. A lease that is still being handed over waits for the next look.
    pub(super) fn discovered(&mut self, ctx: &mut ActorCtx, leases: Vec<Lease>) {
        let link = ctx.link();
        for lease in leases {
            let is_own = lease.lease_owner.as_ref() == Some(&self.name) && lease.checkpoint_owner.is_none();
            if !is_own || self.leases.contains_key(&lease.lease_key) || self.is_stopping {
                continue;
            }
            ctx.because(lease.assigned.unwrap_or(link).by(Rule::LeaseAssigned));
            let taken = ctx.note(Fact::LeaseTaken {
                application: self.spec.name.clone(),
                lease: lease.lease_key.clone(),
                worker: ctx.id,
                from: None,
                counter: lease.lease_counter,
            });
            ctx.because(taken);
            self.hold(ctx, &lease);
        }
        ctx.because(link);
    }

    /// Lets consumers whose parents are not known look at these at once.
    pub(super) fn look_at_parents(&mut self, ctx: &ActorCtx, key: &str) {
        if let Some(lease) = self.leases.get_mut(key).filter(|_| self.fleet.is_some())
            && lease.phase == ConsumerPhase::WaitingOnParentShards
        {
            lease.poll_at = Some(ctx.now);
        }
    }
}
