//! The back-off of a flow: one for all of its buffers.
//!
//! Observed: `AsyncPublisherThrottler` of the agent. Each failed call counts as a failure, a call of which some records
//! are refused as their share of one; a success divides the failures by ten and ends a wait. The wait is 100 ms times two
//! for each further failure, at most 10 s, give or take 30 %, and is slept in steps of 250 ms.

use kinesis::{Duration, Instant};

use crate::dice::Dice;

#[derive(Clone, Debug, Default)]
pub(super) struct Throttler {
    /// In thousandths.
    failures: u64,
    turn: Turn,
    /// Waits so far: what the dice of the next one depend on.
    waits: u64,
}

/// Where the thread that sends buffers is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Turn {
    /// About to wait as long as the failures say.
    #[default]
    Begins,
    Waits {
        until: Instant,
    },
    /// Has waited, and takes the next buffer when there is one.
    MaySend,
}

const ONE: u64 = 1_000;
const INITIAL_BACKOFF: Duration = Duration::from_millis(100);
const MAX_BACKOFF: Duration = Duration::from_seconds(10);
const STEP: Duration = Duration::from_millis(250);
/// More failures than these wait no longer.
const POWER_MAX: u64 = 10;

impl Throttler {
    pub(super) fn failed(&mut self) {
        self.failures += ONE;
    }

    pub(super) fn failed_partly(&mut self, refused: u64, sent: u64) {
        self.failures += refused * ONE / sent.max(1);
    }

    pub(super) fn succeeded(&mut self) {
        self.failures /= 10;
        if self.failures < ONE {
            self.failures = 0;
        }
        if let Turn::Waits { .. } = self.turn {
            self.turn = Turn::MaySend;
        }
    }

    /// Whether the next buffer may be sent; else, when it may.
    pub(super) fn may_send(&mut self, now: Instant, dice: impl FnOnce(u64) -> Dice) -> Result<(), Instant> {
        if self.turn == Turn::Begins {
            let failures = (self.failures + ONE / 2) / ONE;
            self.turn = match failures {
                0 => Turn::MaySend,
                _ => {
                    self.waits += 1;
                    Turn::Waits { until: now + pause(failures, &mut dice(self.waits)) }
                }
            };
        }
        match self.turn {
            Turn::Waits { until } if until > now => Err(until),
            Turn::Waits { .. } | Turn::MaySend | Turn::Begins => {
                self.turn = Turn::MaySend;
                Ok(())
            }
        }
    }

    pub(super) fn sent(&mut self) {
        self.turn = Turn::Begins;
    }

    /// Until when it waits.
    pub(super) fn waits_until(&self) -> Option<Instant> {
        match self.turn {
            Turn::Waits { until } => Some(until),
            Turn::Begins | Turn::MaySend => None,
        }
    }
}

fn pause(failures: u64, dice: &mut Dice) -> Duration {
    let backoff = INITIAL_BACKOFF.times(1 << (failures - 1).min(POWER_MAX)).min(MAX_BACKOFF);
    let percent = 70 + dice.below(61);
    let micros = backoff.micros() * percent / 100;
    STEP.times(micros.div_ceil(STEP.micros()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Instant = Instant::from_seconds(1_767_225_600);

    /// How long the throttler waits before its next buffer, in milliseconds.
    fn wait(throttler: &mut Throttler) -> u64 {
        throttler.sent();
        match throttler.may_send(NOW, |number| Dice::new(1, 2, number)) {
            Ok(()) => 0,
            Err(until) => until.since(NOW).millis(),
        }
    }

    #[test]
    fn the_wait_doubles_from_100_ms_to_10_s_in_steps_of_250_ms() {
        let mut throttler = Throttler::default();
        assert_eq!(wait(&mut throttler), 0);
        for expected in [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000] {
            throttler.failed();
            let (least, most) = (expected * 7 / 10, expected * 13 / 10);
            let wait = wait(&mut throttler);
            assert!(wait.is_multiple_of(250) && (least..most + 250).contains(&wait), "{expected}: {wait}");
        }
        throttler.succeeded();
        assert_eq!(wait(&mut throttler), 0, "nine failures and a success are less than one");
    }

    #[test]
    fn half_a_call_refused_counts_as_half_a_failure_and_a_success_ends_a_wait() {
        let mut throttler = Throttler::default();
        throttler.failed_partly(100, 500);
        assert_eq!(wait(&mut throttler), 0, "a fifth is rounded to none");
        throttler.failed_partly(250, 500);
        assert!(wait(&mut throttler) > 0);
        throttler.succeeded();
        assert_eq!(throttler.may_send(NOW, |_| unreachable!("it waits no more")), Ok(()));
    }
}
