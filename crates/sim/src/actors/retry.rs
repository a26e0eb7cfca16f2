//! Back-off that clients share.

use kinesis::Duration;

use crate::dice::Dice;

const BASE: Duration = Duration::from_millis(100);
const CAP: Duration = Duration::from_seconds(20);

/// How long to wait after attempt number `attempt` (from 1) failed: a random time up to 100 ms, 200 ms, 400 ms …,
/// at most 20 s (exponential back-off with full jitter, as AWS's SDKs do it).
pub(crate) fn backoff(attempt: u32, dice: &mut Dice) -> Duration {
    let ceiling = BASE.times(1 << attempt.saturating_sub(1).min(16)).min(CAP);
    Duration::from_micros(dice.below(ceiling.micros() + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_wait_doubles_up_to_twenty_seconds() {
        let longest = |attempt| {
            let waits = (0..2_000).map(|n| backoff(attempt, &mut Dice::new(1, 1, n)).millis());
            waits.max().unwrap_or_default()
        };
        for (attempt, ceiling) in [(1, 100), (2, 200), (3, 400), (8, 12_800), (9, 20_000), (100, 20_000)] {
            let longest = longest(attempt);
            assert!(longest <= ceiling && longest > ceiling * 9 / 10, "attempt {attempt}: {longest}");
        }
    }
}
