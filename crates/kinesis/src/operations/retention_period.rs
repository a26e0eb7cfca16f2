//! IncreaseStreamRetentionPeriod and DecreaseStreamRetentionPeriod: how long records stay readable.

use serde::{Deserialize, Serialize};

use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Response, Service, Stream};

macro_rules! input {
    ($name:ident) => {
        #[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        pub struct $name {
            #[serde(skip_serializing_if = "Option::is_none")]
            pub stream_name: Option<String>,
            pub retention_period_hours: Option<i64>,
            #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
            pub stream_arn: Option<String>,
        }
    };
}

input!(IncreaseStreamRetentionPeriodInput);
input!(DecreaseStreamRetentionPeriodInput);

pub(crate) fn increase_retention(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &IncreaseStreamRetentionPeriodInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let input = (&input.stream_name, &input.stream_arn, input.retention_period_hours);
    set_retention(service, ctx, input, facts, |hours, stream| {
        let existing = u64::from(stream.retention_hours);
        // Assumed: asking for the period that is in force is refused in both directions.
        if hours <= existing as i64 {
            return Err(ApiError::retention_not_longer(hours, &stream.name, existing));
        }
        Ok(())
    })?;
    Ok(Response::IncreaseStreamRetentionPeriod(()))
}

pub(crate) fn decrease_retention(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DecreaseStreamRetentionPeriodInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let input = (&input.stream_name, &input.stream_arn, input.retention_period_hours);
    set_retention(service, ctx, input, facts, |hours, stream| {
        let existing = u64::from(stream.retention_hours);
        if hours >= existing as i64 {
            return Err(ApiError::retention_not_shorter(hours, &stream.name, existing));
        }
        Ok(())
    })?;
    Ok(Response::DecreaseStreamRetentionPeriod(()))
}

fn set_retention(
    service: &mut Service,
    ctx: &CallContext<'_>,
    (stream_name, stream_arn, hours): (&Option<String>, &Option<String>, Option<i64>),
    facts: &mut Vec<Fact>,
    check: fn(i64, &Stream) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let mut violations = Violations::new();
    violations.name(stream_name, "streamName");
    violations.required(&hours, "retentionPeriodHours");
    violations.stream_arn(stream_arn);
    violations.finish()?;
    let hours = hours.unwrap_or_default();
    let (minimum, maximum) = (service.limits.retention_hours_min, service.limits.retention_hours_max);
    let account = service.account.clone();
    let stream = service.find_mut(stream_name, stream_arn)?;
    if hours < minimum as i64 {
        return Err(ApiError::retention_too_short(hours, minimum));
    }
    if hours > maximum as i64 {
        return Err(ApiError::retention_too_long(hours, maximum));
    }
    check(hours, stream)?;
    stream.must_be_active(&account)?;
    // What is past the old period is gone, also where the new one is longer.
    stream.trimmed_before = stream.trim_horizon(ctx.now);
    stream.retention_hours = hours as u32;
    let name = stream.name.clone();
    facts.push(Fact::RetentionChanged { stream: name.clone(), hours: stream.retention_hours });
    service.reschedule(&name);
    Ok(())
}
