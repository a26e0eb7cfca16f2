//! Tags: what may be written on a resource, and how it is listed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{ApiError, Service};

/// Tags by their keys.
pub type Tags = BTreeMap<String, String>;

/// A tag as the API lists it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Tag {
    pub key: String,
    pub value: String,
}

/// All tags in the order of their keys.
pub(crate) fn list(tags: &Tags) -> impl Iterator<Item = Tag> {
    tags.iter().map(|(key, value)| Tag { key: key.clone(), value: value.clone() })
}

/// Adds tags, or gives present ones new values; none where one of them is refused.
pub(crate) fn add(present: &mut Tags, new: Tags, stream: &str, service: &Service) -> Result<(), ApiError> {
    check("add tags to", new.iter().flat_map(|(key, value)| [key, value]), stream, service)?;
    if let Some(key) = new.keys().find(|key| key.get(..4).is_some_and(|p| p.eq_ignore_ascii_case("aws:"))) {
        return Err(ApiError::reserved_tag(key));
    }
    let limit = service.limits.tags;
    let added = new.keys().filter(|key| !present.contains_key(*key)).count();
    if (present.len() + added) as u64 > limit {
        return Err(ApiError::too_many_tags(stream, &service.account, limit));
    }
    present.extend(new);
    Ok(())
}

/// Takes tags away; keys that are not there are no mistake.
pub(crate) fn remove(
    present: &mut Tags,
    keys: &[String],
    stream: &str,
    service: &Service,
) -> Result<(), ApiError> {
    check("remove tags from", keys, stream, service)?;
    present.retain(|key, _| !keys.contains(key));
    Ok(())
}

/// Observed: kinesalite's tests had AWS refuse in these two steps.
fn check<'t>(
    verb: &str,
    texts: impl IntoIterator<Item = &'t String> + Clone,
    stream: &str,
    service: &Service,
) -> Result<(), ApiError> {
    let is_allowed = |c: char| c.is_alphanumeric() || c.is_whitespace() || "_./=+-%@:".contains(c);
    if !texts.clone().into_iter().all(|text| text.chars().all(is_allowed)) {
        return Err(ApiError::tag_characters());
    }
    if texts.into_iter().any(|text| text.contains('%')) {
        return Err(ApiError::tag_percent(verb, stream, &service.account));
    }
    Ok(())
}
