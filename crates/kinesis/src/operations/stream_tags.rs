//! AddTagsToStream, RemoveTagsFromStream, ListTagsForStream.

use serde::Serialize;

use super::resource_tags::change_tags;
use crate::consumer::Resource;
use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, Response, Service, Tag, Tags, tags};

input!(AddTagsToStreamInput {
    stream_name: String,
    tags: Tags,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

input!(RemoveTagsFromStreamInput {
    stream_name: String,
    tag_keys: Vec<String>,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

input!(ListTagsForStreamInput {
    stream_name: String,
    exclusive_start_tag_key: String,
    limit: i64,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListTagsForStreamOutput {
    pub tags: Vec<Tag>,
    pub has_more_tags: bool,
}

/// Tags in one answer.
const TAGS_PER_PAGE: i64 = 50;

pub(crate) fn add_tags_to_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &AddTagsToStreamInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.tags, "tags");
    violations.tags(&input.tags);
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    let target = Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref());
    service.must_be_allowed(ctx, Operation::AddTagsToStream, target, &input.tags)?;
    service.take_call(ctx, Operation::AddTagsToStream, target)?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?.name.clone();
    let resource = Resource { stream, consumer: None };
    let new = input.tags.clone().unwrap_or_default();
    change_tags(service, &resource, facts, |present, service| {
        tags::add(present, new, &resource.stream, service)
    })?;
    Ok(Response::AddTagsToStream(()))
}

pub(crate) fn remove_tags_from_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &RemoveTagsFromStreamInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.required(&input.tag_keys, "tagKeys");
    violations.tag_keys(&input.tag_keys);
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::RemoveTagsFromStream,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?.name.clone();
    let resource = Resource { stream, consumer: None };
    let keys = input.tag_keys.as_deref().unwrap_or_default();
    change_tags(service, &resource, facts, |present, service| {
        tags::remove(present, keys, &resource.stream, service)
    })?;
    Ok(Response::RemoveTagsFromStream(()))
}

pub(crate) fn list_tags_for_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &ListTagsForStreamInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.length(&input.exclusive_start_tag_key, "exclusiveStartTagKey", 1, 128);
    violations.range(input.limit, "limit", 1, TAGS_PER_PAGE);
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::ListTagsForStream,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let stream = service.find(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    let after = input.exclusive_start_tag_key.as_ref();
    let mut listed = tags::list(&stream.tags).filter(|tag| after.is_none_or(|after| tag.key > *after));
    let page = input.limit.unwrap_or(TAGS_PER_PAGE) as usize;
    let tags = listed.by_ref().take(page).collect();
    Ok(Response::ListTagsForStream(ListTagsForStreamOutput { tags, has_more_tags: listed.next().is_some() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;

    fn tags(pairs: &[(&str, &str)]) -> Option<Tags> {
        Some(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    fn add(pairs: &[(&str, &str)]) -> AddTagsToStreamInput {
        AddTagsToStreamInput { stream_name: text("orders"), tags: tags(pairs), stream_arn: None }
    }

    fn remove(keys: &[&str]) -> RemoveTagsFromStreamInput {
        RemoveTagsFromStreamInput {
            stream_name: text("orders"),
            tag_keys: Some(keys.iter().map(|key| (*key).to_owned()).collect()),
            stream_arn: None,
        }
    }

    fn list() -> ListTagsForStreamInput {
        ListTagsForStreamInput { stream_name: text("orders"), ..Default::default() }
    }

    #[test]
    fn tags_are_added_changed_listed_by_key_and_removed() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(list()), r#"{"Tags":[],"HasMoreTags":false}"#);
        assert_eq!(lab.prints(add(&[("team", "shop"), ("env", "test")])), "null");
        lab.accepts(add(&[("env", "prod")]));
        assert_eq!(
            lab.prints(list()),
            r#"{"Tags":[{"Key":"env","Value":"prod"},{"Key":"team","Value":"shop"}],"HasMoreTags":false}"#
        );
        assert_eq!(lab.prints(remove(&["env", "never"])), "null");
        assert_eq!(lab.prints(list()), r#"{"Tags":[{"Key":"team","Value":"shop"}],"HasMoreTags":false}"#);
    }

    #[test]
    fn tags_are_listed_page_by_page() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(add(&[("a", "1"), ("b", "2"), ("c", "3")]));
        assert_eq!(
            lab.prints(ListTagsForStreamInput { limit: Some(2), ..list() }),
            r#"{"Tags":[{"Key":"a","Value":"1"},{"Key":"b","Value":"2"}],"HasMoreTags":true}"#
        );
        assert_eq!(
            lab.prints(ListTagsForStreamInput { exclusive_start_tag_key: text("b"), ..list() }),
            r#"{"Tags":[{"Key":"c","Value":"3"}],"HasMoreTags":false}"#
        );
    }

    #[test]
    fn a_stream_has_fifty_tags_at_most() {
        let mut lab = Lab::with_shards(1);
        for i in 0..50 {
            lab.accepts(add(&[(&format!("tag-{i}"), "")]));
            lab.wait(SECOND);
        }
        lab.accepts(add(&[("tag-0", "again")]));
        assert_eq!(
            lab.refusal(add(&[("tag-50", "")])),
            "InvalidArgumentException: Failed to add tags to stream orders under account 123456789012 because a given \
             stream cannot have more than 50 tags associated with it."
        );
    }

    #[test]
    fn characters_that_tags_must_not_have_are_refused() {
        let mut lab = Lab::with_shards(1);
        for key in ["a,b", "a?", "<a>", "\u{0}"] {
            assert_eq!(
                lab.refusal(add(&[(key, "")])),
                "InvalidArgumentException: Some tags contain invalid characters. Valid characters: Unicode letters, \
                 digits, white space, _ . / = + - % @."
            );
        }
        lab.wait(SECOND);
        assert_eq!(
            lab.refusal(add(&[("share", "5%")])),
            "InvalidArgumentException: Failed to add tags to stream orders under account 123456789012 because some \
             tags contained illegal characters. The allowed characters are Unicode letters, white-spaces, \
             '_',',','/','=','+','-','@',':'."
        );
        assert_eq!(
            lab.refusal(add(&[("AWS:x", "")])),
            "InvalidArgumentException: Tag key AWS:x is invalid: keys that begin with aws: are reserved for AWS."
        );
        lab.accepts(add(&[("Ünï côdé 日本", "a_b.c:d/e=f+g-h@i")]));
    }

    #[test]
    fn members_out_of_their_constraints_are_listed() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.refusal(add(&[])),
            "ValidationException: 1 validation error detected: Value '{}' at 'tags' failed to satisfy constraint: Member \
             must have length greater than or equal to 1"
        );
        assert_eq!(
            lab.refusal(add(&[("", &"x".repeat(257))])),
            "ValidationException: 2 validation errors detected: Value '{1 entries}' at 'tags' failed to satisfy \
             constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member \
             must have length greater than or equal to 1]; Value '{1 entries}' at 'tags' failed to satisfy constraint: \
             Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have \
             length greater than or equal to 0]"
        );
        assert_eq!(
            lab.refusal(remove(&[&"k".repeat(129)])),
            "ValidationException: 1 validation error detected: Value '[1 items]' at 'tagKeys' failed to satisfy \
             constraint: Member must satisfy constraint: [Member must have length less than or equal to 128, Member must \
             have length greater than or equal to 1]"
        );
        assert_eq!(
            lab.refusal(AddTagsToStreamInput::default()),
            "ValidationException: 1 validation error detected: Value null at 'tags' failed to satisfy constraint: Member \
             must not be null"
        );
    }

    #[test]
    fn an_unknown_stream_has_no_tags() {
        let mut lab = Lab::empty();
        let not_found = "ResourceNotFoundException: Stream orders under account 123456789012 not found.";
        assert_eq!(lab.refusal(add(&[("a", "1")])), not_found);
        assert_eq!(lab.refusal(remove(&["a"])), not_found);
        assert_eq!(lab.refusal(list()), not_found);
    }
}
