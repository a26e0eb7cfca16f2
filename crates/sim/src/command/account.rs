//! What a learner sets around the streams: alarms and what the trail records.

use crate::neighbours::cloudtrail::DataEvents;
use crate::neighbours::cloudwatch::AlarmSpec;
use crate::neighbours::network::EndpointService;

/// A change of what watches an account; looking needs no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AccountCommand {
    PutAlarm(AlarmSpec),
    DeleteAlarm {
        name: String,
    },
    /// Which calls of the data plane CloudTrail records from now on.
    SetDataEvents(DataEvents),
    /// Gives the VPC an endpoint, or the endpoint another policy.
    SetEndpoint {
        service: EndpointService,
        policy: Option<String>,
    },
    DeleteEndpoint {
        service: EndpointService,
    },
    /// Gives a KMS key a policy, or the default one again.
    SetKeyPolicy {
        key: String,
        document: Option<String>,
    },
    /// Makes a user or role that has no policy yet.
    CreateIdentity {
        /// As in `SetPolicy`.
        principal: String,
        /// `AssumeRolePolicyDocument` of a role. Simplified: kept and shown, not looked at.
        trust: Option<String>,
    },
    /// Takes a user or role away that has no policy any more.
    DeleteIdentity {
        principal: String,
    },
}
