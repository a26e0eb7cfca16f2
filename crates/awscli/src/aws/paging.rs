//! Automatic paging: the AWS CLI asks for page after page and prints them as one answer.
//!
//! Documented: paginators of botocore 1.44. Observed: AWS CLI 2.9.19 against a local server that answered in two
//! pages; the merged answer has the merged members first and, of describe-stream, not all of the others.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use kinesis::Operation;
use serde_json::{Map, Value as Json};

use super::options::Sets;
use super::python;
use crate::collect::Value;
use crate::{UsageError, UsageKind};

/// What `--starting-token`, `--page-size` and `--max-items` say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PageOptions {
    pub(crate) starting_token: Option<String>,
    pub(crate) page_size: Option<i64>,
    pub(crate) max_items: Option<i64>,
}

impl PageOptions {
    /// The options that were typed; zero counts as nothing, as in Python.
    pub(super) fn names(&self) -> Option<String> {
        let names = [
            self.starting_token.as_deref().filter(|token| !token.is_empty()).map(|_| "--starting-token"),
            self.page_size.filter(|size| *size != 0).map(|_| "--page-size"),
            self.max_items.filter(|items| *items != 0).map(|_| "--max-items"),
        ];
        let names: Vec<&str> = names.into_iter().flatten().collect();
        (!names.is_empty()).then(|| names.join(", "))
    }
}

/// Reads the options that page; `typed` finds the words behind one of them.
pub(super) fn options<'c>(
    typed: impl Fn(fn(&Sets) -> bool) -> Option<&'c Vec<Value<'c>>>,
) -> Result<PageOptions, UsageError> {
    let number = |name: &str, words: Option<&'c Vec<Value<'c>>>| {
        let Some(word) = words.and_then(|words| words.first()) else { return Ok(None) };
        python::int(word.text).map(Some).ok_or_else(|| {
            let message = format!("argument {name}: invalid int value: {}", python::quoted(word.text));
            UsageError::new(UsageKind::Usage, word.span.clone(), message)
        })
    };
    let token = typed(|sets| matches!(sets, Sets::StartingToken));
    Ok(PageOptions {
        starting_token: token.and_then(|words| words.first()).map(|word| word.text.to_owned()),
        page_size: number("--page-size", typed(|sets| matches!(sets, Sets::PageSize)))?,
        max_items: number("--max-items", typed(|sets| matches!(sets, Sets::MaxItems)))?,
    })
}

/// The pages that were fetched.
#[derive(Default)]
pub(super) struct Pages {
    pub(super) pages: Vec<Json>,
    /// What `--starting-token` goes on with, where `--max-items` ended the pages.
    pub(super) resume_token: Option<String>,
}

/// Where a page begins: the service's token, and how many items of the page were printed before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Start {
    pub(super) token: Json,
    pub(super) skipped: usize,
}

/// The member of a token in which the AWS CLI notes how many items of a page it printed.
const SKIPPED: &str = "boto_truncate_amount";

/// How the pages of an operation are asked for and put together.
pub(super) struct Pager {
    /// The member of the request that the next page begins with.
    input_token: &'static str,
    limit: &'static str,
    /// Members with which somebody pages by hand.
    by_hand: &'static [&'static str],
    /// The member that all of the answer stands in, where there is one.
    wrapper: Option<&'static str>,
    /// Members that are lists and grow.
    merged: &'static [&'static str],
    /// Members that are printed of the answer besides; absent ones as `null`.
    kept: &'static [&'static str],
}

const DESCRIBE_STREAM: Pager = Pager {
    input_token: "ExclusiveStartShardId",
    limit: "Limit",
    by_hand: &["ExclusiveStartShardId", "Limit"],
    wrapper: Some("StreamDescription"),
    merged: &["Shards"],
    kept: &[
        "StreamARN",
        "StreamName",
        "StreamStatus",
        "RetentionPeriodHours",
        "EnhancedMonitoring",
        "EncryptionType",
        "KeyId",
        "StreamCreationTimestamp",
    ],
};

const LIST_SHARDS: Pager = Pager {
    input_token: "NextToken",
    limit: "MaxResults",
    by_hand: &["NextToken", "MaxResults"],
    wrapper: None,
    merged: &["Shards"],
    kept: &[],
};

const LIST_STREAM_CONSUMERS: Pager = Pager {
    input_token: "NextToken",
    limit: "MaxResults",
    wrapper: None,
    merged: &["Consumers"],
    kept: &[],
    by_hand: &["NextToken", "MaxResults"],
};

const LIST_STREAMS: Pager = Pager {
    input_token: "NextToken",
    limit: "Limit",
    by_hand: &["NextToken", "ExclusiveStartStreamName", "Limit"],
    wrapper: None,
    merged: &["StreamNames", "StreamSummaries"],
    kept: &[],
};

pub(super) fn pager(operation: Operation) -> Option<&'static Pager> {
    match operation {
        Operation::DescribeStream => Some(&DESCRIBE_STREAM),
        Operation::ListShards => Some(&LIST_SHARDS),
        Operation::ListStreamConsumers => Some(&LIST_STREAM_CONSUMERS),
        Operation::ListStreams => Some(&LIST_STREAMS),
        _ => None,
    }
}

impl Pager {
    /// Whether somebody who typed these members pages by hand.
    pub(super) fn is_by_hand(&self, given: &Map<String, Json>) -> bool {
        self.by_hand.iter().any(|name| given.contains_key(*name))
    }

    /// The request for the page that begins there.
    pub(super) fn request(
        &self,
        request: &Map<String, Json>,
        start: &Start,
        page_size: Option<i64>,
    ) -> Map<String, Json> {
        let mut next = request.clone();
        if !start.token.is_null() {
            // The service takes a token instead of a stream's name, not beside it.
            if self.input_token == "NextToken" {
                let is_required = self.merged == LIST_STREAM_CONSUMERS.merged;
                next.retain(|name, _| name == self.limit || (is_required && name == "StreamARN"));
            }
            next.insert(self.input_token.to_owned(), start.token.clone());
        }
        if let Some(size) = page_size {
            next.insert(self.limit.to_owned(), Json::from(size));
        }
        next
    }

    /// The token of the page after this one; none where it was the last.
    pub(super) fn token_after(&self, page: &Json) -> Option<Json> {
        match self.wrapper {
            None => page.get("NextToken").cloned(),
            Some(wrapper) => {
                let answer = page.get(wrapper)?;
                answer.get("HasMoreShards")?.as_bool().filter(|has_more| *has_more)?;
                answer.get("Shards")?.as_array()?.last()?.get("ShardId").cloned()
            }
        }
    }

    /// How many items a page has: its first list counts.
    pub(super) fn count(&self, page: &Json) -> usize {
        self.list(page, self.primary()).and_then(Json::as_array).map_or(0, Vec::len)
    }

    /// Takes items from the beginning of a page that was printed in part before.
    pub(super) fn skip(&self, page: &mut Json, skipped: usize) {
        for name in self.merged.iter().filter(|_| skipped > 0) {
            if let Some(Json::Array(items)) = self.list_mut(page, name) {
                let count = if *name == self.primary() { skipped.min(items.len()) } else { items.len() };
                items.drain(..count);
            }
        }
    }

    /// Takes items from the end of a page: of its first list only, as the AWS CLI does.
    pub(super) fn keep(&self, page: &mut Json, count: usize) {
        if let Some(Json::Array(items)) = self.list_mut(page, self.primary()) {
            items.truncate(count);
        }
    }

    fn primary(&self) -> &'static str {
        self.merged.first().copied().unwrap_or_default()
    }

    fn list<'v>(&self, page: &'v Json, name: &str) -> Option<&'v Json> {
        match self.wrapper {
            Some(wrapper) => page.get(wrapper)?.get(name),
            None => page.get(name),
        }
    }

    fn list_mut<'v>(&self, page: &'v mut Json, name: &str) -> Option<&'v mut Json> {
        match self.wrapper {
            Some(wrapper) => page.get_mut(wrapper)?.get_mut(name),
            None => page.get_mut(name),
        }
    }

    /// What `--output text` prints of a page: its lists, and of the first one the other members.
    pub(super) fn part_for_text(&self, page: &Json, is_first: bool) -> Json {
        let kept = if is_first { self.kept } else { &[] };
        let names = kept.iter().chain(self.merged);
        let part = names.map(|name| ((*name).to_owned(), self.list(page, name).cloned().unwrap_or_default()));
        self.wrapped(part.collect())
    }

    fn wrapped(&self, members: Map<String, Json>) -> Json {
        match self.wrapper {
            Some(wrapper) => Json::Object(Map::from_iter([(wrapper.to_owned(), Json::Object(members))])),
            None => Json::Object(members),
        }
    }

    /// One answer out of the pages, as it is printed.
    pub(super) fn merge(&self, pages: &Pages) -> Json {
        let mut merged = Map::new();
        for page in &pages.pages {
            for name in self.merged {
                let list = merged.entry(*name).or_insert_with(|| Json::Array(Vec::new()));
                if let (Json::Array(list), Some(Json::Array(more))) = (list, self.list(page, name)) {
                    list.extend(more.iter().cloned());
                }
            }
            for name in self.kept {
                merged.entry(*name).or_insert_with(|| self.list(page, name).cloned().unwrap_or_default());
            }
        }
        let mut answer = self.wrapped(merged);
        if let (Some(token), Json::Object(members)) = (&pages.resume_token, &mut answer) {
            members.insert("NextToken".to_owned(), Json::from(token.as_str()));
        }
        answer
    }

    /// The text that `--starting-token` goes on with.
    ///
    /// Observed: AWS CLI 2.9.19 prints base64 of a structure as Python prints JSON.
    pub(super) fn written(&self, start: &Start, is_cut: bool) -> String {
        let more = if is_cut { format!(", \"{SKIPPED}\": {}", start.skipped) } else { String::new() };
        BASE64.encode(format!("{{\"{}\": {}{more}}}", self.input_token, start.token))
    }

    /// Where a text behind `--starting-token` begins; one that the AWS CLI did not print is the service's own.
    pub(super) fn start(&self, text: &str) -> Start {
        let members = BASE64.decode(text).ok().and_then(|json| serde_json::from_slice(&json).ok());
        let members: Map<String, Json> = members.unwrap_or_default();
        match members.get(self.input_token) {
            Some(token) => {
                let skipped = members.get(SKIPPED).and_then(Json::as_u64).unwrap_or_default();
                Start { token: token.clone(), skipped: usize::try_from(skipped).unwrap_or(usize::MAX) }
            }
            None => Start { token: Json::from(text), skipped: 0 },
        }
    }
}
