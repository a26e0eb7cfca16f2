//! ListStreams: names and summaries, page by page.

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::token::{Token, TokenKind};
use crate::validate::Violations;
use crate::{ApiError, CallContext, Response, Seconds, Service, StreamMode, StreamStatus};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ListStreamsInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exclusive_start_stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListStreamsOutput {
    pub stream_names: Vec<String>,
    pub has_more_streams: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
    pub stream_summaries: Vec<StreamSummary>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StreamSummary {
    pub stream_name: String,
    #[serde(rename = "StreamARN")]
    pub stream_arn: String,
    pub stream_status: StreamStatus,
    pub stream_mode_details: StreamMode,
    pub stream_creation_timestamp: Seconds,
}

const STREAMS_PER_PAGE: i64 = 100;

pub(crate) fn list_streams(
    service: &Service,
    ctx: &CallContext<'_>,
    input: &ListStreamsInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.range(input.limit, "limit", 1, 10_000);
    violations.name(&input.exclusive_start_stream_name, "exclusiveStartStreamName");
    violations.length(&input.next_token, "nextToken", 1, 1_048_576);
    violations.finish()?;
    let after = match &input.next_token {
        Some(text) => Some(Token::open_fresh(text, TokenKind::ListStreams, ctx.now, &service.limits)?.stream),
        None => input.exclusive_start_stream_name.clone(),
    };
    let from = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut streams = service.streams.range::<str, _>((from, Bound::Unbounded)).map(|(_, stream)| stream);
    let page = input.limit.unwrap_or(STREAMS_PER_PAGE) as usize;
    let summaries: Vec<StreamSummary> = streams
        .by_ref()
        .take(page)
        .map(|stream| StreamSummary {
            stream_name: stream.name.to_string(),
            stream_arn: stream.arn(&service.region, &service.account),
            stream_status: stream.status,
            stream_mode_details: stream.mode,
            stream_creation_timestamp: Seconds(stream.created),
        })
        .collect();
    let has_more_streams = streams.next().is_some();
    let next_token = summaries.last().filter(|_| has_more_streams).map(|last| {
        Token {
            kind: TokenKind::ListStreams,
            issued: ctx.now,
            numbers: [0; 4],
            stream: last.stream_name.clone(),
        }
        .seal()
    });
    Ok(Response::ListStreams(ListStreamsOutput {
        stream_names: summaries.iter().map(|summary| summary.stream_name.clone()).collect(),
        has_more_streams,
        next_token,
        stream_summaries: summaries,
    }))
}
