//! Automatic paging: the AWS CLI asks for page after page and prints them as one answer.
//!
//! Documented: paginators of botocore 1.44. Observed: AWS CLI 2.9.19 against a local server that answered in two
//! pages; the merged answer has the merged members first and, of describe-stream, not all of the others.

use kinesis::Operation;
use serde_json::{Map, Value};

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
    pub(super) fn is_by_hand(&self, given: &Map<String, Value>) -> bool {
        self.by_hand.iter().any(|name| given.contains_key(*name))
    }

    /// The members of the request for the page after this one; none where it was the last.
    pub(super) fn next(&self, request: &Map<String, Value>, page: &Value) -> Option<Map<String, Value>> {
        let mut next = request.clone();
        let token = match self.wrapper {
            None => page.get("NextToken")?.clone(),
            Some(wrapper) => {
                let answer = page.get(wrapper)?;
                answer.get("HasMoreShards")?.as_bool().filter(|has_more| *has_more)?;
                answer.get("Shards")?.as_array()?.last()?.get("ShardId")?.clone()
            }
        };
        // The service takes a token instead of a stream's name, not beside it.
        if self.input_token == "NextToken" {
            let is_required = self.merged == LIST_STREAM_CONSUMERS.merged;
            next.retain(|name, _| name == self.limit || (is_required && name == "StreamARN"));
        }
        next.insert(self.input_token.to_owned(), token);
        Some(next)
    }

    /// One answer out of the pages, as it is printed.
    pub(super) fn merge(&self, pages: Vec<Value>) -> Value {
        let mut merged = Map::new();
        for page in pages {
            let mut answer = match self.wrapper {
                Some(wrapper) => page.get(wrapper).cloned().unwrap_or_default(),
                None => page,
            };
            for name in self.merged {
                let list = merged.entry(*name).or_insert_with(|| Value::Array(Vec::new()));
                if let (Value::Array(list), Some(Value::Array(more))) = (list, answer.get_mut(*name)) {
                    list.append(more);
                }
            }
            for name in self.kept {
                merged.entry(*name).or_insert_with(|| answer.get(*name).cloned().unwrap_or_default());
            }
        }
        match self.wrapper {
            Some(wrapper) => Value::Object(Map::from_iter([(wrapper.to_owned(), Value::Object(merged))])),
            None => Value::Object(merged),
        }
    }
}
