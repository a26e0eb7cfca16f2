//! A budget that is filled up in whole steps, once at each virtual second.

use crate::{Duration, Instant};

/// What may still be spent: records, bytes or calls.
///
/// One mechanism serves every rate of the service. Assumed: nobody knows the depth of AWS's own buckets; a budget of
/// one second that steps at the second makes "1,500 records in one second" refuse exactly 500.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Quota {
    // Invariant: level <= capacity. Below zero is debt: see `spend`.
    level: i64,
    /// The virtual second up to which the steps are counted in.
    second: u64,
    capacity: i64,
    refill: i64,
}

impl Quota {
    /// A full budget.
    pub fn new(capacity: u64, refill: u64, now: Instant) -> Quota {
        let capacity = i64::try_from(capacity).unwrap_or(i64::MAX);
        let refill = i64::try_from(refill).unwrap_or(i64::MAX);
        Quota { level: capacity, second: now.seconds(), capacity, refill }
    }

    /// What is left at `now`; negative while in debt.
    pub fn level(&self, now: Instant) -> i64 {
        let steps = i64::try_from(now.seconds().saturating_sub(self.second)).unwrap_or(i64::MAX);
        self.level.saturating_add(steps.saturating_mul(self.refill)).min(self.capacity)
    }

    /// The most that can be left.
    pub fn capacity(&self) -> i64 {
        self.capacity
    }

    /// Lets so much be saved up from `now` on.
    pub(crate) fn set_capacity(&mut self, capacity: u64, now: Instant) {
        self.spend(0, now);
        self.capacity = i64::try_from(capacity).unwrap_or(i64::MAX);
        self.level = self.level.min(self.capacity);
    }

    /// Whether `amount` could be taken at `now`.
    pub fn allows(&self, amount: u64, now: Instant) -> bool {
        i64::try_from(amount).is_ok_and(|amount| amount <= self.level(now))
    }

    /// Takes `amount` where it is there in full, and nothing otherwise.
    pub fn take(&mut self, amount: u64, now: Instant) -> bool {
        let allowed = self.allows(amount, now);
        if allowed {
            self.spend(amount, now);
        }
        allowed
    }

    /// Takes `amount` in any case; what is not there becomes debt, paid back by the next steps.
    pub fn spend(&mut self, amount: u64, now: Instant) {
        self.level = self.level(now).saturating_sub_unsigned(amount);
        self.second = self.second.max(now.seconds());
    }
}

/// How often something was done in the last 24 hours.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct DayCount {
    // Invariant: in the order of time, as many as the limit at most.
    times: Vec<Instant>,
}

impl DayCount {
    /// Counts one more where fewer than `limit` were in the 24 hours up to `now`.
    pub(crate) fn take(&mut self, limit: u64, now: Instant) -> bool {
        self.times.retain(|time| now.since(*time) < Duration::from_hours(24));
        let allowed = (self.times.len() as u64) < limit;
        if allowed {
            self.times.push(now);
        }
        allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: u64) -> Instant {
        Instant::from_millis(millis)
    }

    #[test]
    fn of_fifteen_hundred_in_one_second_five_hundred_are_refused() {
        let mut quota = Quota::new(1_000, 1_000, at(0));
        let refused = (0..1_500).filter(|i| !quota.take(1, at(i * 999 / 1_500))).count();
        assert_eq!(refused, 500);
        assert!(quota.take(1_000, at(1_000)), "the next second brings a full budget");
        assert!(!quota.take(1, at(1_999)));
    }

    #[test]
    fn a_quiet_minute_is_not_saved_up_beyond_the_capacity() {
        let quota = Quota::new(1_000, 1_000, at(0));
        assert_eq!(quota.level(at(60_000)), 1_000);
    }

    #[test]
    fn ten_units_read_from_a_budget_of_two_a_second_block_five_seconds() {
        let mut quota = Quota::new(2, 2, at(0));
        quota.spend(10, at(0));
        let levels: Vec<i64> = (0..6).map(|second| quota.level(at(second * 1_000))).collect();
        assert_eq!(levels, [-8, -6, -4, -2, 0, 2]);
    }
}
