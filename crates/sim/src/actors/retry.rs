//! Back-off and retry quota, as clients have them.

use kinesis::Duration;

use crate::dice::Dice;

const BASE: Duration = Duration::from_millis(100);
const SDK_BASE: Duration = Duration::from_seconds(1);
const CAP: Duration = Duration::from_seconds(20);

/// How long a program waits after attempt number `attempt` (from 1) failed: a random time up to 100 ms, 200 ms,
/// 400 ms …, at most 20 s (exponential back-off with full jitter).
pub(crate) fn backoff(attempt: u32, dice: &mut Dice) -> Duration {
    jitter(BASE, attempt, dice)
}

/// How long an SDK waits by itself: a random time up to 1 s, 2 s, 4 s …, at most 20 s.
///
/// Observed: botocore 1.44, retry modes `legacy` (without the cap, which five attempts do not reach) and `standard`.
pub(crate) fn sdk_backoff(attempt: u32, dice: &mut Dice) -> Duration {
    jitter(SDK_BASE, attempt, dice)
}

fn jitter(base: Duration, attempt: u32, dice: &mut Dice) -> Duration {
    let ceiling = base.times(1 << attempt.saturating_sub(1).min(16)).min(CAP);
    Duration::from_micros(dice.below(ceiling.micros() + 1))
}

/// What keeps a client in retry mode `standard` from trying again and again while nothing works.
///
/// Observed: botocore 1.44 has 500 tokens; a retry takes 5, one after a time-out 10; a retry that works brings its
/// tokens back, a call that works at once one token.
#[derive(Clone, Debug)]
pub(crate) struct RetryQuota {
    tokens: u32,
}

impl RetryQuota {
    const TOKENS: u32 = 500;
    pub(crate) const RETRY: u32 = 5;
    pub(crate) const RETRY_AFTER_TIMEOUT: u32 = 10;
    pub(crate) const SUCCESS: u32 = 1;

    pub(crate) fn take(&mut self, tokens: u32) -> bool {
        let is_enough = self.tokens >= tokens;
        self.tokens -= if is_enough { tokens } else { 0 };
        is_enough
    }

    pub(crate) fn give_back(&mut self, tokens: u32) {
        self.tokens = (self.tokens + tokens).min(RetryQuota::TOKENS);
    }
}

impl Default for RetryQuota {
    fn default() -> RetryQuota {
        RetryQuota { tokens: RetryQuota::TOKENS }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn longest(wait: fn(u32, &mut Dice) -> Duration, attempt: u32) -> u64 {
        let waits = (0..2_000).map(|n| wait(attempt, &mut Dice::new(1, 1, n)).millis());
        waits.max().unwrap_or_default()
    }

    #[test]
    fn the_longest_wait_doubles_up_to_twenty_seconds() {
        for (attempt, ceiling) in [(1, 100), (2, 200), (3, 400), (8, 12_800), (9, 20_000), (100, 20_000)] {
            let longest = longest(backoff, attempt);
            assert!(longest <= ceiling && longest > ceiling * 9 / 10, "attempt {attempt}: {longest}");
        }
    }

    #[test]
    fn an_sdk_waits_ten_times_as_long() {
        for (attempt, ceiling) in [(1, 1_000), (2, 2_000), (4, 8_000), (6, 20_000)] {
            let longest = longest(sdk_backoff, attempt);
            assert!(longest <= ceiling && longest > ceiling * 9 / 10, "attempt {attempt}: {longest}");
        }
    }

    #[test]
    fn a_quota_allows_a_hundred_retries_while_nothing_works() {
        let mut quota = RetryQuota::default();
        let retries = std::iter::repeat_with(|| quota.take(RetryQuota::RETRY)).take_while(|taken| *taken);
        assert_eq!(retries.take(1_000).count(), 100);
        (0..5).for_each(|_| quota.give_back(RetryQuota::SUCCESS));
        assert!(quota.take(RetryQuota::RETRY) && !quota.take(RetryQuota::RETRY));
    }
}
