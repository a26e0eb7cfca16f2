//! The service as a client meets it: targets and bodies go in, statuses and bodies come out.

use awsjson::Reply;
use kinesis::{CallContext, Caller, Duration, Fact, Instant, Keys, LimitsProfile, Service};

pub const ACCOUNT: &str = "123456789012";
pub const REGION: &str = "us-east-1";
/// 2026-01-01T00:00:00Z, when every conversation begins.
pub const START: Instant = Instant::from_seconds(1_767_225_600);

/// A service, its clock, who calls it and the keys it meets.
#[derive(Clone, Debug)]
pub struct Wire {
    pub service: Service,
    pub now: Instant,
    /// Who sends the requests; the administrator of the account, unless said otherwise.
    pub caller: Caller,
    pub keys: Keys,
    /// What has happened since this was emptied last.
    pub facts: Vec<Fact>,
}

impl Wire {
    /// A service without streams.
    pub fn new(profile: LimitsProfile) -> Wire {
        Wire {
            service: Service::new(profile, ACCOUNT, REGION),
            now: START,
            caller: Caller::administrator(ACCOUNT),
            keys: Keys::default(),
            facts: Vec::new(),
        }
    }

    /// Lets virtual time pass.
    pub fn wait(&mut self, span: Duration) {
        self.now += span;
        self.service.settle(self.now, &mut self.facts);
    }

    /// Sends the body to an operation, `PutRecord`, or to a whole `X-Amz-Target`.
    pub fn send(&mut self, operation: &str, body: &str) -> Reply {
        let target = match operation.contains('.') {
            true => operation.to_owned(),
            false => format!("Kinesis_20131202.{operation}"),
        };
        match awsjson::decode(&target, body) {
            Ok(request) => {
                let ctx = CallContext { now: self.now, caller: &self.caller, keys: &self.keys };
                awsjson::encode(&self.service.handle(&ctx, &request, &mut self.facts))
            }
            Err(error) => error.to_reply(),
        }
    }
}
