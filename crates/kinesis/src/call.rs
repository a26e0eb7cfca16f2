//! What goes with every request: when it arrives and who sends it.

use serde::{Deserialize, Serialize};

use crate::Instant;

/// Who calls: every request has a caller, so that it can be authorised and audited.
#[derive(Clone, PartialEq, Eq, Debug, Hash, Serialize, Deserialize)]
pub struct Caller {
    /// IAM principal, such as `arn:aws:iam::123456789012:user/admin`.
    pub principal: String,
}

/// The circumstances of one call.
#[derive(Clone, Copy, Debug)]
pub struct CallContext<'a> {
    /// When the request reaches the service.
    pub now: Instant,
    pub caller: &'a Caller,
}
