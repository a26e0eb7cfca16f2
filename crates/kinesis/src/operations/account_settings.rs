//! DescribeAccountSettings and UpdateAccountSettings: On-demand Advantage, on or off.

use serde::{Deserialize, Serialize};

use crate::account::CommitmentDescription;
use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Operation, Response, Service};

input!(DescribeAccountSettingsInput {});

input!(UpdateAccountSettingsInput { minimum_throughput_billing_commitment: CommitmentSetting });

/// What is asked for: `{"Status": "ENABLED"}`.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CommitmentSetting {
    pub status: Option<String>,
}

/// The answer of both operations.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountSettingsOutput {
    pub minimum_throughput_billing_commitment: CommitmentDescription,
}

impl Service {
    fn account_settings(&self, ctx: &CallContext<'_>) -> AccountSettingsOutput {
        AccountSettingsOutput { minimum_throughput_billing_commitment: self.describe_commitment(ctx.now) }
    }
}

pub(crate) fn describe_account_settings(
    service: &mut Service,
    ctx: &CallContext<'_>,
    _: &DescribeAccountSettingsInput,
) -> Result<Response, ApiError> {
    service.admit(ctx, Operation::DescribeAccountSettings, Target::Account)?;
    Ok(Response::DescribeAccountSettings(service.account_settings(ctx)))
}

pub(crate) fn update_account_settings(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateAccountSettingsInput,
) -> Result<Response, ApiError> {
    let path = "minimumThroughputBillingCommitment";
    let mut violations = Violations::new();
    violations.required(&input.minimum_throughput_billing_commitment, path);
    let status = input.minimum_throughput_billing_commitment.as_ref().map(|commitment| &commitment.status);
    if let Some(status) = status {
        let path = format!("{path}.status");
        violations.required(status, &path);
        violations.one_of(status, &path, &["ENABLED", "DISABLED"]);
    }
    violations.finish()?;
    service.admit(ctx, Operation::UpdateAccountSettings, Target::Account)?;
    let is_enabled = status.is_some_and(|status| status.as_deref() == Some("ENABLED"));
    service.set_commitment(is_enabled, ctx.now)?;
    Ok(Response::UpdateAccountSettings(service.account_settings(ctx)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn set(status: &str) -> UpdateAccountSettingsInput {
        UpdateAccountSettingsInput {
            minimum_throughput_billing_commitment: Some(CommitmentSetting { status: text(status) }),
        }
    }

    fn describe(lab: &mut Lab) -> String {
        lab.prints(DescribeAccountSettingsInput::default())
    }

    #[test]
    fn an_account_begins_without_a_commitment() {
        assert_eq!(
            describe(&mut Lab::empty()),
            r#"{"MinimumThroughputBillingCommitment":{"Status":"DISABLED"}}"#
        );
    }

    #[test]
    fn an_end_that_is_asked_for_on_the_first_day_comes_after_24_hours() {
        let mut lab = Lab::empty();
        let enabled = r#"{"MinimumThroughputBillingCommitment":{"Status":"ENABLED","StartedAt":1767225600.0,"EarliestAllowedEndAt":1767312000.0}}"#;
        assert_eq!(lab.prints(set("ENABLED")), enabled);
        lab.wait(HOUR);
        assert_eq!(
            lab.prints(set("DISABLED")),
            enabled.replace("\"ENABLED\"", "\"ENABLED_UNTIL_EARLIEST_ALLOWED_END\"")
        );
        assert_eq!(lab.prints(set("ENABLED")), enabled, "taken back");
        lab.accepts(set("DISABLED"));
        lab.wait(HOUR.times(23));
        assert_eq!(
            describe(&mut lab),
            r#"{"MinimumThroughputBillingCommitment":{"Status":"DISABLED","StartedAt":1767225600.0,"EndedAt":1767312000.0}}"#
        );
    }

    #[test]
    fn after_24_hours_a_commitment_ends_at_once() {
        let mut lab = Lab::empty();
        lab.accepts(set("ENABLED"));
        lab.wait(HOUR.times(30));
        assert_eq!(
            lab.prints(set("DISABLED")),
            r#"{"MinimumThroughputBillingCommitment":{"Status":"DISABLED","StartedAt":1767225600.0,"EndedAt":1767333600.0}}"#
        );
        assert!(lab.prints(set("ENABLED")).contains(r#""StartedAt":1767333600.0"#), "a new one");
    }

    #[test]
    fn only_the_two_statuses_of_the_model_can_be_asked_for() {
        assert_eq!(
            Lab::empty().refusal(UpdateAccountSettingsInput::default()),
            "ValidationException: 1 validation error detected: Value null at 'minimumThroughputBillingCommitment' \
             failed to satisfy constraint: Member must not be null"
        );
        assert_eq!(
            Lab::empty().refusal(set("ON")),
            "ValidationException: 1 validation error detected: Value 'ON' at \
             'minimumThroughputBillingCommitment.status' failed to satisfy constraint: Member must satisfy enum value \
             set: [ENABLED, DISABLED]"
        );
    }
}
