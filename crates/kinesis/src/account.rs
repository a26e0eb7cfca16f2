//! Settings of the account: the minimum throughput billing commitment, which AWS sells as On-demand Advantage.

use serde::Serialize;

use crate::{ApiError, Duration, Instant, Seconds, Service};

/// A commitment to pay for a minimum throughput, and when it ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Commitment {
    started: Instant,
    /// None while nobody has asked for the end.
    ends: Option<Instant>,
}

/// A commitment as the API shows it.
///
/// Documented: names and meaning of the members. Assumed: an account that never had one shows `DISABLED` alone, and
/// each other member is shown where it says something.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CommitmentDescription {
    pub status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ended_at: Option<Seconds>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub earliest_allowed_end_at: Option<Seconds>,
}

impl Commitment {
    fn has_ended(&self, now: Instant) -> bool {
        self.ends.is_some_and(|ends| ends <= now)
    }
}

impl Service {
    /// Documented: 24 hours at least.
    fn earliest_end(&self, commitment: &Commitment) -> Instant {
        commitment.started + Duration::from_hours(self.limits.commitment_hours)
    }

    /// Documented: an end that is asked for too early comes at the earliest allowed time, and enabling again before
    /// that takes it back. Assumed: enabling what is enabled changes nothing.
    pub(crate) fn set_commitment(&mut self, is_enabled: bool, now: Instant) -> Result<(), ApiError> {
        let present = self.commitment.filter(|commitment| !commitment.has_ended(now));
        if is_enabled {
            let started = present.map_or(now, |commitment| commitment.started);
            self.commitment = Some(Commitment { started, ends: None });
        } else if let Some(commitment) = present {
            if let Some(stream) = self.streams.values().find(|stream| stream.warm_throughput.is_some()) {
                return Err(ApiError::warm_throughput_left(&stream.name, &self.account));
            }
            let ends = self.earliest_end(&commitment).max(now);
            self.commitment = Some(Commitment { ends: Some(ends), ..commitment });
        }
        Ok(())
    }

    pub(crate) fn describe_commitment(&self, now: Instant) -> CommitmentDescription {
        let ends = self.commitment.and_then(|commitment| commitment.ends);
        let ended = ends.filter(|ends| *ends <= now);
        CommitmentDescription {
            status: match (&self.commitment, ends) {
                (None, _) => "DISABLED",
                (Some(_), None) => "ENABLED",
                (Some(_), Some(_)) if ended.is_some() => "DISABLED",
                (Some(_), Some(_)) => "ENABLED_UNTIL_EARLIEST_ALLOWED_END",
            },
            started_at: self.commitment.map(|commitment| Seconds(commitment.started)),
            ended_at: ended.map(Seconds),
            earliest_allowed_end_at: self
                .commitment
                .filter(|_| ended.is_none())
                .map(|commitment| Seconds(self.earliest_end(&commitment))),
        }
    }

    /// Whether the account has On-demand Advantage, until its end where one is set.
    pub fn has_commitment(&self, now: Instant) -> bool {
        self.commitment.is_some_and(|commitment| !commitment.has_ended(now))
    }

    /// Refuses a warm throughput that the account may not ask for.
    ///
    /// Assumed: an account whose commitment is about to end sets none any more, so that none is left at the end.
    pub(crate) fn must_allow_warm_throughput(
        &self,
        mib_per_second: i64,
        now: Instant,
    ) -> Result<(), ApiError> {
        if self.commitment.is_none_or(|commitment| commitment.ends.is_some() || commitment.has_ended(now)) {
            return Err(ApiError::no_commitment(&self.account));
        }
        let limit = self.limits.on_demand_shards_max;
        if mib_per_second > i64::try_from(limit).unwrap_or(i64::MAX) {
            return Err(ApiError::warm_throughput_too_high(mib_per_second, limit));
        }
        Ok(())
    }
}
