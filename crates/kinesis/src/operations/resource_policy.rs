//! PutResourcePolicy, GetResourcePolicy, DeleteResourcePolicy: what a stream or a consumer lets others do.

use std::sync::Arc;

use serde::Serialize;

use crate::consumer::Resource;
use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, Policy, Response, Service, StreamSetting};

input!(PutResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
    policy: String,
});

input!(GetResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
});

input!(DeleteResourcePolicyInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetResourcePolicyOutput {
    pub policy: String,
}

/// Assumed: it takes effect at once, a stream must be ACTIVE, and a policy there was is replaced as a whole.
pub(crate) fn put_resource_policy(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &PutResourcePolicyInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.resource_arn(&input.resource_arn);
    violations.required(&input.policy, "policy");
    violations.finish()?;
    let resource = admit(service, ctx, Operation::PutResourcePolicy, &input.resource_arn)?;
    let policy = Policy::of_resource(input.policy.as_deref().unwrap_or_default());
    let policy = policy.map_err(|error| ApiError::resource_policy(&error))?;
    set_policy(service, &resource, Some(policy), facts)?;
    Ok(Response::PutResourcePolicy(()))
}

/// Observed (recorded by another emulator's authors): a stream without a policy answers `{}`.
pub(crate) fn get_resource_policy(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &GetResourcePolicyInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.resource_arn(&input.resource_arn);
    violations.finish()?;
    let resource = admit(service, ctx, Operation::GetResourcePolicy, &input.resource_arn)?;
    let stream = service.stream(&resource.stream);
    let policy = stream.and_then(|stream| stream.policy_of(resource.consumer.as_deref()));
    let policy = policy.map_or("{}", Policy::text).to_owned();
    Ok(Response::GetResourcePolicy(GetResourcePolicyOutput { policy }))
}

/// Assumed: deleting a policy that is not there is no mistake.
pub(crate) fn delete_resource_policy(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DeleteResourcePolicyInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.resource_arn(&input.resource_arn);
    violations.finish()?;
    let resource = admit(service, ctx, Operation::DeleteResourcePolicy, &input.resource_arn)?;
    set_policy(service, &resource, None, facts)?;
    Ok(Response::DeleteResourcePolicy(()))
}

fn admit(
    service: &mut Service,
    ctx: &CallContext<'_>,
    operation: Operation,
    arn: &Option<String>,
) -> Result<Resource, ApiError> {
    service.admit(ctx, operation, Target::Arn(arn.as_deref().unwrap_or_default()))?;
    service.find_resource(arn)
}

fn set_policy(
    service: &mut Service,
    resource: &Resource,
    policy: Option<Policy>,
    facts: &mut Vec<Fact>,
) -> Result<(), ApiError> {
    let account = service.account.clone();
    let not_found = || ApiError::stream_not_found(&resource.stream, &account);
    let stream = service.streams.get_mut(&resource.stream).ok_or_else(not_found)?;
    stream.must_be_active(&account)?;
    let policy = policy.map(Arc::new);
    match &resource.consumer {
        None => stream.policy = policy,
        Some(name) => {
            if let Some(consumer) = stream.consumers.get_mut(&**name) {
                consumer.policy = policy;
            }
        }
    }
    facts.push(Fact::SettingChanged { stream: stream.name.clone(), setting: StreamSetting::ResourcePolicy });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{Caller, RegisterStreamConsumerInput};

    /// A statement that lets somebody do something with the stream `orders`.
    fn allow(principal: &str, actions: &str) -> String {
        format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"{principal}"}},"Action":{actions},"Resource":"{ARN}"}}]}}"#
        )
    }

    fn put_policy(text: &str) -> PutResourcePolicyInput {
        PutResourcePolicyInput { resource_arn: Some(ARN.to_owned()), policy: Some(text.to_owned()) }
    }

    fn get(arn: &str) -> GetResourcePolicyInput {
        GetResourcePolicyInput { resource_arn: text(arn) }
    }

    #[test]
    fn a_policy_comes_back_as_it_was_put_and_goes_again() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(get(ARN)), r#"{"Policy":"{}"}"#);
        let policy = allow("222222222222", r#"["kinesis:PutRecord"]"#);
        assert_eq!(lab.prints(put_policy(&policy)), "null");
        let Response::GetResourcePolicy(output) = lab.accepts(get(ARN)) else { panic!("its own kind") };
        assert_eq!(output.policy, policy);
        assert_eq!(lab.prints(DeleteResourcePolicyInput { resource_arn: text(ARN) }), "null");
        assert_eq!(lab.prints(get(ARN)), r#"{"Policy":"{}"}"#);
    }

    #[test]
    fn a_consumer_has_a_policy_of_its_own() {
        let mut lab = Lab::with_shards(1);
        let register = RegisterStreamConsumerInput {
            stream_arn: text(ARN),
            consumer_name: text("billing"),
            ..Default::default()
        };
        lab.accepts(register);
        lab.wait(SECOND.times(5));
        let arn = format!("{ARN}/consumer/billing:1767225620");
        let policy = allow("222222222222", r#""kinesis:SubscribeToShard""#);
        lab.accepts(PutResourcePolicyInput { resource_arn: text(&arn), policy: text(&policy) });
        assert_ne!(lab.prints(get(&arn)), r#"{"Policy":"{}"}"#);
        assert_eq!(lab.prints(get(ARN)), r#"{"Policy":"{}"}"#);
    }

    #[test]
    fn another_account_writes_by_the_arn_where_the_policy_lets_it() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(put_policy(&allow("222222222222", r#""kinesis:PutRecord""#)));
        lab.caller = Caller::administrator("222222222222");
        let by_arn =
            |key| crate::PutRecordInput { stream_name: None, stream_arn: text(ARN), ..put(key, "x") };
        lab.accepts(by_arn("k"));
        assert_eq!(
            lab.refusal(put("k", "x")),
            "ResourceNotFoundException: Stream orders under account 222222222222 not found.",
            "a name means a stream of the caller's own account"
        );
        assert_eq!(
            lab.refusal(crate::DescribeStreamSummaryInput { stream_arn: text(ARN), ..Default::default() }),
            format!(
                "AccessDeniedException: User: arn:aws:iam::222222222222:user/admin is not authorized to perform: \
                 kinesis:DescribeStreamSummary on resource: {ARN} because no resource-based policy allows the \
                 kinesis:DescribeStreamSummary action"
            )
        );
    }

    #[test]
    fn a_policy_that_cannot_be_put_says_why() {
        let mut lab = Lab::with_shards(1);
        let denied = |sentence: &str| format!("InvalidArgumentException: {sentence}");
        for (policy, said) in [
            ("{", denied("The policy is not in JSON.")),
            ("{}", denied("The policy must have a Statement.")),
            (
                &allow("*", r#""kinesis:PutRecord""#),
                denied("Principal * is not supported: wildcards are not allowed."),
            ),
            (
                &allow("222222222222", r#""kinesis:*""#),
                denied("Action kinesis:* is not supported: wildcards are not allowed."),
            ),
            (
                &allow("222222222222", r#""kinesis:DeleteStream""#),
                denied("Action kinesis:DeleteStream is not supported in a resource policy."),
            ),
            (
                r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"222222222222"},"Action":"kinesis:PutRecord","Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}}}"#,
                "NotSimulatedException: The condition operator IpAddress exists in AWS but is not simulated here."
                    .to_owned(),
            ),
        ] {
            assert_eq!(lab.refusal(put_policy(policy)), said, "{policy}");
            lab.wait(SECOND);
        }
        assert_eq!(lab.prints(get(ARN)), r#"{"Policy":"{}"}"#, "nothing was put");
    }

    #[test]
    fn what_is_not_there_has_no_policy() {
        assert_eq!(
            Lab::with_shards(1).refusal(get("arn:aws:kinesis:us-east-1:123456789012:stream/clicks")),
            "ResourceNotFoundException: Stream clicks under account 123456789012 not found."
        );
    }
}
