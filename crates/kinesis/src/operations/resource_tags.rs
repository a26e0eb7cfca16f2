//! TagResource, UntagResource, ListTagsForResource: tags of what an ARN names.

use serde::Serialize;

use crate::consumer::Resource;
use crate::service::Target;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Fact, Operation, Response, Service, Stream, StreamSetting, Tag, Tags, tags,
};

input!(TagResourceInput {
    tags: Tags,
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
});

input!(UntagResourceInput {
    tag_keys: Vec<String>,
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
});

input!(ListTagsForResourceInput {
    #[serde(rename = "ResourceARN")]
    resource_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForResourceOutput {
    pub tags: Vec<Tag>,
}

pub(crate) fn tag_resource(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &TagResourceInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.tags, "tags");
    violations.tags(&input.tags);
    violations.resource_arn(&input.resource_arn);
    violations.finish()?;
    let target = Target::Arn(input.resource_arn.as_deref().unwrap_or_default());
    service.must_be_allowed(ctx, Operation::TagResource, target, &input.tags)?;
    service.take_call(ctx, Operation::TagResource, target)?;
    let resource = service.find_resource(&input.resource_arn)?;
    let new = input.tags.clone().unwrap_or_default();
    change_tags(service, &resource, facts, |present, service| {
        tags::add(present, new, &resource.stream, service)
    })?;
    Ok(Response::TagResource(()))
}

pub(crate) fn untag_resource(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UntagResourceInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.tag_keys, "tagKeys");
    violations.tag_keys(&input.tag_keys);
    violations.resource_arn(&input.resource_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::UntagResource,
        Target::Arn(input.resource_arn.as_deref().unwrap_or_default()),
    )?;
    let resource = service.find_resource(&input.resource_arn)?;
    let keys = input.tag_keys.as_deref().unwrap_or_default();
    change_tags(service, &resource, facts, |present, service| {
        tags::remove(present, keys, &resource.stream, service)
    })?;
    Ok(Response::UntagResource(()))
}

pub(crate) fn list_tags_for_resource(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &ListTagsForResourceInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.resource_arn(&input.resource_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::ListTagsForResource,
        Target::Arn(input.resource_arn.as_deref().unwrap_or_default()),
    )?;
    let resource = service.find_resource(&input.resource_arn)?;
    let tags = tags_of(service.stream(&resource.stream), &resource).map(|tags| tags::list(tags).collect());
    Ok(Response::ListTagsForResource(ListTagsForResourceOutput { tags: tags.unwrap_or_default() }))
}

fn tags_of<'s>(stream: Option<&'s Stream>, resource: &Resource) -> Option<&'s Tags> {
    match &resource.consumer {
        None => stream.map(|stream| &stream.tags),
        Some(name) => stream?.consumers.get(&**name).map(|consumer| &consumer.tags),
    }
}

/// Changes the tags of a resource that is there, all of what was asked for or nothing.
///
/// Assumed: a stream that is not ACTIVE refuses; the API Reference lists ResourceInUseException.
pub(super) fn change_tags(
    service: &mut Service,
    resource: &Resource,
    facts: &mut Vec<Fact>,
    change: impl FnOnce(&mut Tags, &Service) -> Result<(), ApiError>,
) -> Result<(), ApiError> {
    let account = service.account.clone();
    let not_found = || ApiError::stream_not_found(&resource.stream, &account);
    let stream = service.streams.get(&resource.stream).ok_or_else(not_found)?;
    stream.must_be_active(&account)?;
    let mut tags = tags_of(Some(stream), resource).cloned().unwrap_or_default();
    change(&mut tags, service)?;
    let stream = service.streams.get_mut(&resource.stream).ok_or_else(not_found)?;
    match &resource.consumer {
        None => stream.tags = tags,
        Some(name) => {
            if let Some(consumer) = stream.consumers.get_mut(&**name) {
                consumer.tags = tags;
            }
        }
    }
    facts.push(Fact::SettingChanged { stream: stream.name.clone(), setting: StreamSetting::Tags });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CreateStreamInput;
    use crate::testing::*;

    fn tags(pairs: &[(&str, &str)]) -> Option<Tags> {
        Some(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    fn list(arn: &str) -> ListTagsForResourceInput {
        ListTagsForResourceInput { resource_arn: text(arn) }
    }

    #[test]
    fn a_stream_is_tagged_by_its_arn() {
        let mut lab = Lab::with_shards(1);
        let tag = TagResourceInput { tags: tags(&[("team", "shop")]), resource_arn: text(ARN) };
        assert_eq!(lab.prints(tag), "null");
        assert_eq!(lab.facts.len(), 1);
        assert_eq!(lab.prints(list(ARN)), r#"{"Tags":[{"Key":"team","Value":"shop"}]}"#);
        let untag = UntagResourceInput { tag_keys: Some(vec!["team".to_owned()]), resource_arn: text(ARN) };
        assert_eq!(lab.prints(untag), "null");
        assert_eq!(lab.prints(list(ARN)), r#"{"Tags":[]}"#);
    }

    #[test]
    fn a_stream_may_be_created_with_tags() {
        let mut lab = Lab::empty();
        lab.accepts(CreateStreamInput { tags: tags(&[("env", "test")]), ..create("orders", 1) });
        assert_eq!(lab.prints(list(ARN)), r#"{"Tags":[{"Key":"env","Value":"test"}]}"#);
        let refused = lab.refusal(CreateStreamInput { tags: tags(&[("a?", "")]), ..create("clicks", 1) });
        assert!(refused.starts_with("InvalidArgumentException: Some tags contain"), "{refused}");
        assert!(lab.service.stream("clicks").is_none());
    }

    #[test]
    fn a_stream_that_is_not_active_is_not_tagged() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(
            lab.refusal(TagResourceInput { tags: tags(&[("a", "b")]), resource_arn: text(ARN) }),
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state CREATING"
        );
    }

    #[test]
    fn what_is_no_stream_of_the_account_is_refused() {
        let mut lab = Lab::with_shards(1);
        for (arn, said) in [
            (
                "orders",
                "ValidationException: 1 validation error detected: Value 'orders' at 'resourceARN' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: \
                 arn:aws.*:kinesis:.*:\\d{12}:.*(stream|channel|queue)/\\S+",
            ),
            (
                "arn:aws:kinesis:us-east-1:123456789012:stream/clicks",
                "ResourceNotFoundException: Stream clicks under account 123456789012 not found.",
            ),
            (
                "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
                "ResourceNotFoundException: Stream orders under account 123456789012 not found.",
            ),
            (
                "arn:aws:kinesis:us-east-1:123456789012:queue/jobs",
                "NotSimulatedException: A queue exists in AWS but is not simulated here.",
            ),
        ] {
            assert_eq!(lab.refusal(list(arn)), said);
        }
    }
}
