//! The network between programs and services: how long messages take, and which get lost.
//!
//! Each message draws its luck from the seed, its program and its own number, so that one more program, or a fault that
//! comes later, changes nobody else's luck.

use kinesis::{ApiError, Duration};

use crate::ActorId;
use crate::actor::{Call, Reply};
use crate::dice::Dice;
use crate::fault::Troubles;
use crate::lease_table::LeaseReply;

const LATENCY_STREAM: u64 = 0x6c61_7465_6e63_7900;
const LOSS_STREAM: u64 = 0x6c6f_7373_0000_0000;

/// How long a message takes one way between a client and a service in the same Region: 5 to 15 ms.
///
/// Assumed: AWS documents no figure; clients in the same Region commonly see 10 to 30 ms for a round trip.
pub(crate) fn latency(seed: u64, id: ActorId, message: u64) -> Duration {
    let mut dice = Dice::new(seed, LATENCY_STREAM ^ u64::from(id.0), message);
    Duration::from_micros(5_000 + dice.below(10_000))
}

/// What becomes of a message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Transit {
    Arrives(Duration),
    Lost,
}

/// Sends a program's call, or its answer.
pub(crate) fn transit(
    seed: u64,
    id: ActorId,
    message: u64,
    troubles: Option<&Troubles>,
    is_answer: bool,
) -> Transit {
    let usual = latency(seed, id, message);
    let Some(troubles) = troubles else { return Transit::Arrives(usual) };
    let lost = if is_answer { troubles.lost_answers } else { troubles.lost_calls };
    let mut dice = Dice::new(seed, LOSS_STREAM ^ u64::from(id.0), message);
    if dice.below(100) < u64::from(lost) {
        return Transit::Lost;
    }
    Transit::Arrives(usual + troubles.latency)
}

/// What a program is told of a call that nobody answered, and after how long; none where only AWS's own services make
/// such calls, which no fault befalls.
///
/// Documented: the SDKs give a request up that brings nothing for a while and try again; KCL waits 30 s for Kinesis
/// (`kinesisRequestTimeout` of `PollingConfig`) and a minute for DynamoDB (`dynamoDbRequestTimeout`).
pub(crate) fn no_answer(call: &Call) -> Option<(Duration, Reply)> {
    match call {
        Call::Kinesis(_) => Some((Duration::from_seconds(30), Reply::Kinesis(Err(ApiError::no_answer())))),
        Call::LeaseTable { .. } => {
            Some((Duration::from_seconds(60), Reply::LeaseTable(LeaseReply::NoAnswer)))
        }
        Call::Invoke(_)
        | Call::PutObject { .. }
        | Call::ListObjects { .. }
        | Call::GetObject { .. }
        | Call::SendMessage { .. } => None,
    }
}
