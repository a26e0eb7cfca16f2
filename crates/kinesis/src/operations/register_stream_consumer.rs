//! RegisterStreamConsumer: a consumer that reads by enhanced fan-out.

use serde::Serialize;

use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Consumer, ConsumerDescription, ConsumerStatus, Duration, Fact, Operation,
    Response, Service, SortedMap, StreamMode, Tags, tags,
};

input!(RegisterStreamConsumerInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    consumer_name: String,
    tags: Tags,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct RegisterStreamConsumerOutput {
    pub consumer: ConsumerDescription,
}

pub(crate) fn register_stream_consumer(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &RegisterStreamConsumerInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_arn, "streamARN");
    violations.stream_arn(&input.stream_arn);
    violations.required(&input.consumer_name, "consumerName");
    violations.name(&input.consumer_name, "consumerName");
    violations.tags(&input.tags);
    violations.finish()?;
    let target = Target::Stream(None, input.stream_arn.as_deref());
    service.must_be_allowed(ctx, Operation::RegisterStreamConsumer, target, &input.tags)?;
    if let (Some(arn), Some(name), Some(_)) = (&input.stream_arn, &input.consumer_name, &input.tags) {
        // Documented: the consumer that will be registered takes the permission to tag it.
        let arn = format!("{arn}/consumer/{name}:{}", ctx.now.seconds());
        service.must_be_allowed(ctx, Operation::TagResource, Target::Arn(&arn), &input.tags)?;
    }

    let name = input.consumer_name.as_deref().unwrap_or_default();
    let (account, limits) = (service.account.clone(), &service.limits);
    let stream = service.find(None, input.stream_arn.as_deref())?;
    // Assumed: the stream must be ACTIVE, as for every change of it.
    stream.must_be_active(&account)?;
    if stream.consumers.contains_key(name) {
        return Err(ApiError::consumer_exists(name, &stream.name, &account));
    }
    let is_creating = |consumer: &&Consumer| consumer.status == ConsumerStatus::Creating;
    let creating = stream.consumers.values().filter(is_creating).count() as u64;
    if creating >= limits.consumers_creating {
        let limit = limits.consumers_creating;
        return Err(ApiError::too_many_consumers("consumers in CREATING", &stream.name, &account, limit));
    }
    let has_advantage = stream.mode == StreamMode::OnDemand && service.has_commitment(ctx.now);
    let limit = if has_advantage { limits.stream_consumers_advantage } else { limits.stream_consumers };
    if stream.consumers.len() as u64 >= limit {
        return Err(ApiError::too_many_consumers("registered consumers", &stream.name, &account, limit));
    }
    let mut tags = Tags::new();
    tags::add(&mut tags, input.tags.clone().unwrap_or_default(), &stream.name, service)?;

    // Assumed: who registers too many consumers at once is told so, rather than that it called too often.
    service.take_call(ctx, Operation::RegisterStreamConsumer, target)?;
    let due = ctx.now + Duration::from_seconds(service.limits.consumer_seconds);
    let stream = service.find_mut(None, input.stream_arn.as_deref())?;
    let stream_name = stream.name.clone();
    let mut consumer = Consumer {
        name: name.into(),
        status: ConsumerStatus::Creating,
        created: ctx.now,
        tags,
        subscriptions: SortedMap::new(),
        policy: None,
        due: None,
    };
    consumer.set_status(&stream_name, ConsumerStatus::Creating, Some(due), facts);
    let description = consumer.describe(input.stream_arn.as_deref().unwrap_or_default());
    stream.consumers.insert(name.to_owned(), consumer);
    service.reschedule(&stream_name);
    Ok(Response::RegisterStreamConsumer(RegisterStreamConsumerOutput { consumer: description }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{DeleteStreamInput, ListTagsForResourceInput};

    fn register(name: &str) -> RegisterStreamConsumerInput {
        RegisterStreamConsumerInput { stream_arn: text(ARN), consumer_name: text(name), tags: None }
    }

    #[test]
    fn a_consumer_is_creating_for_a_while_and_then_active() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.prints(register("billing")),
            r#"{"Consumer":{"ConsumerName":"billing","ConsumerARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders/consumer/billing:1767225620","ConsumerStatus":"CREATING","ConsumerCreationTimestamp":1767225620.0}}"#
        );
        assert_eq!(lab.service.next_deadline(), Some(lab.now + SECOND.times(5)));
        lab.wait(SECOND.times(5));
        assert_eq!(
            lab.stream().consumers.get("billing").map(|consumer| consumer.status),
            Some(ConsumerStatus::Active)
        );
        assert_eq!(lab.service.next_deadline(), None);
    }

    #[test]
    fn a_name_is_given_once_in_a_stream() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(register("billing"));
        assert_eq!(
            lab.refusal(register("billing")),
            "ResourceInUseException: Consumer billing under stream orders already exists for account 123456789012."
        );
    }

    #[test]
    fn a_stream_has_twenty_consumers_and_five_at_once_that_are_creating() {
        let mut lab = Lab::with_shards(1);
        for i in 0..20 {
            if i % 5 == 0 && i > 0 {
                assert_eq!(
                    lab.refusal(register("next")),
                    "LimitExceededException: This request would exceed the limit on the number of consumers in CREATING \
                     of stream orders under account 123456789012. Limit: 5"
                );
                lab.wait(SECOND.times(5));
            }
            lab.accepts(register(&format!("consumer-{i}")));
        }
        lab.wait(SECOND.times(5));
        assert_eq!(
            lab.refusal(register("next")),
            "LimitExceededException: This request would exceed the limit on the number of registered consumers of stream \
             orders under account 123456789012. Limit: 20"
        );
    }

    #[test]
    fn a_stream_with_consumers_is_deleted_only_on_purpose() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(register("billing"));
        let delete = |enforce| DeleteStreamInput {
            stream_name: text("orders"),
            enforce_consumer_deletion: enforce,
            stream_arn: None,
        };
        for enforce in [None, Some(false)] {
            assert_eq!(
                lab.refusal(delete(enforce)),
                "ResourceInUseException: Stream orders under account 123456789012 has 1 registered consumers. \
                 Deregister them or set EnforceConsumerDeletion."
            );
        }
        lab.accepts(delete(Some(true)));
        lab.wait(SECOND.times(20));
        assert!(lab.service.stream("orders").is_none());
    }

    #[test]
    fn a_consumer_has_tags_of_its_own() {
        let mut lab = Lab::with_shards(1);
        let tags = [("team".to_owned(), "shop".to_owned())].into();
        lab.accepts(RegisterStreamConsumerInput { tags: Some(tags), ..register("billing") });
        let list = |arn: &str| ListTagsForResourceInput { resource_arn: text(arn) };
        let consumer_arn = format!("{ARN}/consumer/billing:1767225620");
        assert_eq!(lab.prints(list(&consumer_arn)), r#"{"Tags":[{"Key":"team","Value":"shop"}]}"#);
        assert_eq!(lab.prints(list(ARN)), r#"{"Tags":[]}"#);
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        assert_eq!(
            Lab::with_shards(1)
                .refusal(RegisterStreamConsumerInput { consumer_name: text("a b"), ..Default::default() }),
            "ValidationException: 2 validation errors detected: Value null at 'streamARN' failed to satisfy constraint: \
             Member must not be null; Value 'a b' at 'consumerName' failed to satisfy constraint: Member must satisfy \
             regular expression pattern: [a-zA-Z0-9_.-]+"
        );
    }
}
