//! DescribeStreamConsumer and DeregisterStreamConsumer: one consumer, by its ARN or by its name within a stream.

use serde::Serialize;

use crate::consumer::ConsumerArn;
use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, ConsumerDescription, ConsumerStatus, Duration, Fact, Operation, Response, Service,
    SubscriptionEnd,
};

input!(DescribeStreamConsumerInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    consumer_name: String,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: String,
});

input!(DeregisterStreamConsumerInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    consumer_name: String,
    #[serde(rename = "ConsumerARN")]
    consumer_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DescribeStreamConsumerOutput {
    pub consumer_description: ConsumerDescription,
}

pub(crate) fn describe_stream_consumer(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DescribeStreamConsumerInput,
) -> Result<Response, ApiError> {
    let arn = selected(&input.stream_arn, &input.consumer_name, &input.consumer_arn)?;
    service.admit(ctx, Operation::DescribeStreamConsumer, Target::Consumer(arn))?;
    let (stream, consumer) = service.find_consumer(&arn)?;
    let stream_arn = stream.arn(&service.region, &service.account);
    let mut consumer_description = consumer.describe(&stream_arn);
    consumer_description.stream_arn = Some(stream_arn);
    Ok(Response::DescribeStreamConsumer(DescribeStreamConsumerOutput { consumer_description }))
}

/// Assumed: deregistering a consumer that is being deregistered is answered alike and changes nothing.
pub(crate) fn deregister_stream_consumer(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DeregisterStreamConsumerInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let arn = selected(&input.stream_arn, &input.consumer_name, &input.consumer_arn)?;
    service.admit(ctx, Operation::DeregisterStreamConsumer, Target::Consumer(arn))?;
    let (stream, _) = service.find_consumer(&arn)?;
    let stream_name = stream.name.clone();
    let due = ctx.now + Duration::from_seconds(service.limits.consumer_seconds);
    let consumer =
        service.streams.get_mut(&stream_name).and_then(|stream| stream.consumers.get_mut(arn.name));
    if let Some(consumer) = consumer.filter(|consumer| consumer.status != ConsumerStatus::Deleting) {
        consumer.set_status(&stream_name, ConsumerStatus::Deleting, Some(due), facts);
        // Assumed: the connections of a consumer end when its deletion begins.
        let end = SubscriptionEnd::ConsumerDeregistered;
        service.end_subscriptions(&stream_name, Some(arn.name), end, facts);
        service.reschedule(&stream_name);
    }
    Ok(Response::DeregisterStreamConsumer(()))
}

/// Assumed: where the ARN and a name are given, the ARN counts.
fn selected<'a>(
    stream_arn: &'a Option<String>,
    name: &'a Option<String>,
    consumer_arn: &'a Option<String>,
) -> Result<ConsumerArn<'a>, ApiError> {
    let mut violations = Violations::new();
    violations.stream_arn(stream_arn);
    violations.name(name, "consumerName");
    violations.consumer_arn(consumer_arn);
    violations.finish()?;
    match (consumer_arn, stream_arn, name) {
        (Some(arn), _, _) => ConsumerArn::parse(arn).ok_or_else(ApiError::no_consumer_given),
        (None, Some(stream), Some(name)) => Ok(ConsumerArn { stream, name, created: None }),
        (None, _, _) => Err(ApiError::no_consumer_given()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RegisterStreamConsumerInput;
    use crate::testing::*;

    const CONSUMER: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/billing:1767225620";

    fn with_consumer() -> Lab {
        let mut lab = Lab::with_shards(1);
        lab.accepts(register());
        lab.wait(SECOND.times(5));
        lab
    }

    fn register() -> RegisterStreamConsumerInput {
        RegisterStreamConsumerInput { stream_arn: text(ARN), consumer_name: text("billing"), tags: None }
    }

    fn describe(arn: &str) -> DescribeStreamConsumerInput {
        DescribeStreamConsumerInput { consumer_arn: text(arn), ..Default::default() }
    }

    fn by_name(name: &str) -> DescribeStreamConsumerInput {
        DescribeStreamConsumerInput { stream_arn: text(ARN), consumer_name: text(name), consumer_arn: None }
    }

    #[test]
    fn a_consumer_is_found_by_its_arn_and_by_its_name() {
        let mut lab = with_consumer();
        let printed = r#"{"ConsumerDescription":{"ConsumerName":"billing","ConsumerARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/billing:1767225620","ConsumerStatus":"ACTIVE","ConsumerCreationTimestamp":1767225620.0,"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}}"#;
        assert_eq!(lab.prints(describe(CONSUMER)), printed);
        assert_eq!(lab.prints(by_name("billing")), printed);
    }

    #[test]
    fn a_consumer_is_deleting_for_a_while_and_then_gone() {
        let mut lab = with_consumer();
        let deregister = DeregisterStreamConsumerInput { consumer_arn: text(CONSUMER), ..Default::default() };
        assert_eq!(lab.prints(deregister.clone()), "null");
        lab.wait(SECOND.times(4));
        lab.accepts(deregister);
        assert_eq!(
            lab.stream().consumers.get("billing").map(|consumer| consumer.status),
            Some(ConsumerStatus::Deleting)
        );
        lab.wait(SECOND);
        assert_eq!(
            lab.refusal(describe(CONSUMER)),
            "ResourceNotFoundException: Consumer billing, account 123456789012 not found."
        );
    }

    #[test]
    fn a_consumer_that_is_registered_again_has_another_arn() {
        let mut lab = with_consumer();
        lab.accepts(DeregisterStreamConsumerInput { consumer_arn: text(CONSUMER), ..Default::default() });
        lab.wait(SECOND.times(5));
        lab.accepts(register());
        assert_eq!(
            lab.refusal(describe(CONSUMER)),
            "ResourceNotFoundException: Consumer billing, account 123456789012 not found."
        );
        lab.accepts(by_name("billing"));
    }

    #[test]
    fn what_names_no_consumer_is_refused() {
        let mut lab = with_consumer();
        for (request, said) in [
            (
                DescribeStreamConsumerInput { consumer_name: text("billing"), ..Default::default() },
                "InvalidArgumentException: Either ConsumerARN or both StreamARN and ConsumerName must be provided.",
            ),
            (by_name("other"), "ResourceNotFoundException: Consumer other, account 123456789012 not found."),
            (
                describe("arn:aws:kinesis:us-east-1:123456789012:stream/clicks/consumer/billing:1767225620"),
                "ResourceNotFoundException: Stream clicks under account 123456789012 not found.",
            ),
            (
                describe(ARN),
                "ValidationException: 1 validation error detected: Value \
                 'arn:aws:kinesis:us-east-1:123456789012:stream/orders' at 'consumerARN' failed to satisfy constraint: \
                 Member must satisfy regular expression pattern: \
                 ^(arn):aws.*:kinesis:.*:\\d{12}:.*stream\\/[a-zA-Z0-9_.-]+\\/consumer\\/[a-zA-Z0-9_.-]+:[0-9]+",
            ),
        ] {
            assert_eq!(lab.refusal(request), said);
        }
    }
}
