//! What goes with every request: when it arrives, who sends it, and in which state the keys are.

use std::sync::Arc;

use crate::{Instant, Keys, Policy};

/// Who calls: every request has a caller, so that it can be authorised and audited.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Caller {
    /// Twelve digits of the account that the caller belongs to.
    pub account: String,
    /// IAM principal, such as `arn:aws:iam::123456789012:user/admin`.
    pub principal: String,
    /// The caller's identity policies.
    pub policies: Arc<[Policy]>,
    /// Policy of the VPC endpoint that the call passes, where it has one.
    pub endpoint_policy: Option<Arc<Policy>>,
    pub via: Via,
}

/// By which way a request reaches the service.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Via {
    Internet,
    /// An interface VPC endpoint with this id.
    VpcEndpoint {
        id: String,
    },
}

impl Caller {
    /// A caller of the account that its principal names; one that names none belongs to no account.
    pub fn new(principal: &str, policies: Arc<[Policy]>) -> Caller {
        let account = principal.split(':').nth(4).unwrap_or_default().to_owned();
        Caller {
            account,
            principal: principal.to_owned(),
            policies,
            endpoint_policy: None,
            via: Via::Internet,
        }
    }

    /// The user `admin` of an account, who may do everything.
    pub fn administrator(account: &str) -> Caller {
        Caller::new(&format!("arn:aws:iam::{account}:user/admin"), Arc::new([Policy::administrator_access()]))
    }

    /// Whether no identity policy can stand in the caller's way.
    pub(crate) fn has_full_access(&self) -> bool {
        self.endpoint_policy.is_none()
            && (self.is_root() || matches!(&*self.policies, [policy] if policy.allows_everything()))
    }

    /// The account's own identity needs no policy.
    pub(crate) fn is_root(&self) -> bool {
        self.principal.ends_with(":root")
    }

    /// The role of a session of an assumed role, in the form of IAM; the principal itself for others.
    pub fn identity(&self) -> String {
        match self.principal.split_once(":assumed-role/") {
            Some((_, session)) => {
                let role = session.split('/').next().unwrap_or_default();
                format!("arn:aws:iam::{}:role/{role}", self.account)
            }
            None => self.principal.clone(),
        }
    }
}

/// The circumstances of one call.
#[derive(Clone, Copy, Debug)]
pub struct CallContext<'a> {
    /// When the request reaches the service.
    pub now: Instant,
    pub caller: &'a Caller,
    /// KMS keys that are not simply there and enabled.
    pub keys: &'a Keys,
}
