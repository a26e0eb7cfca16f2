//! ListStreams: names and summaries, page by page.

use std::ops::Bound;

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::token::{Token, TokenKind};
use crate::validate::Violations;
use crate::{ApiError, CallContext, Operation, Response, Seconds, Service, StreamMode, StreamStatus};

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

/// Streams in one answer, whatever a greater `Limit` asks for.
///
/// Documented: ListStreams in the API Reference.
const STREAMS_PER_PAGE: i64 = 100;

pub(crate) fn list_streams(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &ListStreamsInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.range(input.limit, "limit", 1, 10_000);
    violations.name(&input.exclusive_start_stream_name, "exclusiveStartStreamName");
    violations.length(&input.next_token, "nextToken", 1, 1_048_576);
    violations.finish()?;
    service.admit(ctx, Operation::ListStreams, Target::Account)?;
    let after = match &input.next_token {
        Some(text) => Some(Token::open_fresh(text, TokenKind::ListStreams, ctx.now, &service.limits)?.stream),
        None => input.exclusive_start_stream_name.clone(),
    };
    let from = after.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
    let mut streams = service.streams.range::<str, _>((from, Bound::Unbounded)).map(|(_, stream)| stream);
    let page = input.limit.unwrap_or(STREAMS_PER_PAGE).min(STREAMS_PER_PAGE) as usize;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::DeleteStreamInput;
    use crate::testing::*;

    fn names(lab: &mut Lab, request: ListStreamsInput) -> (Vec<String>, Option<String>) {
        let Response::ListStreams(output) = lab.accepts(request) else { panic!("an answer of its own kind") };
        assert_eq!(output.has_more_streams, output.next_token.is_some());
        (output.stream_names, output.next_token)
    }

    fn with_streams(count: u32) -> Lab {
        let mut lab = Lab::empty();
        for i in 0..count {
            lab.accepts(create(&format!("stream-{i:03}"), 1));
            lab.wait(SECOND.times(20));
        }
        lab
    }

    #[test]
    fn an_account_without_streams_has_an_empty_list() {
        assert_eq!(
            Lab::empty().prints(ListStreamsInput::default()),
            r#"{"StreamNames":[],"HasMoreStreams":false,"StreamSummaries":[]}"#
        );
    }

    #[test]
    fn streams_print_as_in_the_service_model() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(create("clicks", 1));
        let printed = lab.prints(ListStreamsInput::default()).replace(",{", ",\n{");
        expect_test::expect![[r#"
            {"StreamNames":["clicks","orders"],"HasMoreStreams":false,"StreamSummaries":[{"StreamName":"clicks","StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/clicks","StreamStatus":"CREATING","StreamModeDetails":{"StreamMode":"PROVISIONED"},"StreamCreationTimestamp":1767225620.0},
            {"StreamName":"orders","StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders","StreamStatus":"ACTIVE","StreamModeDetails":{"StreamMode":"PROVISIONED"},"StreamCreationTimestamp":1767225600.0}]}"#]]
        .assert_eq(&printed);
    }

    #[test]
    fn names_are_listed_in_alphabetical_order_capitals_first() {
        let mut lab = Lab::empty();
        for name in ["b", "B", "a.1", "a-1", "a_1"] {
            lab.accepts(create(name, 1));
        }
        assert_eq!(names(&mut lab, ListStreamsInput::default()).0, ["B", "a-1", "a.1", "a_1", "b"]);
    }

    #[test]
    fn a_page_holds_a_hundred_streams_at_most() {
        let mut lab = with_streams(101);
        let (page, token) = names(&mut lab, ListStreamsInput { limit: Some(10_000), ..Default::default() });
        assert_eq!(page.len(), 100);
        let (rest, end) = names(&mut lab, ListStreamsInput { next_token: token, ..Default::default() });
        assert_eq!((rest, end), (vec!["stream-100".to_owned()], None));
        assert_eq!(names(&mut lab, ListStreamsInput::default()).0.len(), 100);
    }

    #[test]
    fn pages_go_on_after_a_name_or_with_a_token() {
        let mut lab = with_streams(5);
        let two = ListStreamsInput { limit: Some(2), ..Default::default() };
        let (first, token) = names(&mut lab, two.clone());
        assert_eq!(first, ["stream-000", "stream-001"]);
        let by_token = names(&mut lab, ListStreamsInput { next_token: token, ..two.clone() });
        let by_name = names(
            &mut lab,
            ListStreamsInput { exclusive_start_stream_name: text("stream-001"), ..two.clone() },
        );
        assert_eq!(by_token.0, ["stream-002", "stream-003"]);
        assert_eq!(by_token.0, by_name.0);
        let (last, end) = names(&mut lab, ListStreamsInput { next_token: by_name.1, ..two });
        assert_eq!((last, end), (vec!["stream-004".to_owned()], None));
    }

    #[test]
    fn a_name_that_is_no_stream_is_a_place_in_the_order_all_the_same() {
        let mut lab = with_streams(2);
        let after =
            |name: &str| ListStreamsInput { exclusive_start_stream_name: text(name), ..Default::default() };
        assert_eq!(names(&mut lab, after("stream-000x")).0, ["stream-001"]);
        assert_eq!(names(&mut lab, after("zzz")).0, [""; 0]);
    }

    #[test]
    fn a_token_lives_three_hundred_seconds() {
        let mut lab = with_streams(2);
        let (_, token) = names(&mut lab, ListStreamsInput { limit: Some(1), ..Default::default() });
        let next = ListStreamsInput { next_token: token, ..Default::default() };
        lab.wait(SECOND.times(300));
        assert_eq!(names(&mut lab, next.clone()).0, ["stream-001"]);
        lab.wait(MICROSECOND);
        assert!(lab.refusal(next).starts_with("ExpiredNextTokenException: NextToken expired."));
    }

    #[test]
    fn a_token_of_list_shards_is_none_of_list_streams() {
        let mut lab = Lab::with_shards(2);
        let request = crate::ListShardsInput {
            stream_name: text("orders"),
            max_results: Some(1),
            ..Default::default()
        };
        let Response::ListShards(output) = lab.accepts(request) else { panic!("an answer of its own kind") };
        assert_eq!(
            lab.refusal(ListStreamsInput { next_token: output.next_token, ..Default::default() }),
            "InvalidArgumentException: Invalid NextToken."
        );
    }

    #[test]
    fn a_limit_must_lie_between_one_and_ten_thousand() {
        for (limit, rule) in [
            (0, "greater than or equal to 1"),
            (i64::MIN, "greater than or equal to 1"),
            (10_001, "less than or equal to 10000"),
            (i64::MAX, "less than or equal to 10000"),
        ] {
            assert_eq!(
                Lab::empty().refusal(ListStreamsInput { limit: Some(limit), ..Default::default() }),
                format!(
                    "ValidationException: 1 validation error detected: Value '{limit}' at 'limit' failed to satisfy \
                     constraint: Member must have value {rule}"
                )
            );
        }
    }

    #[test]
    fn a_stream_is_listed_until_it_is_gone() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(DeleteStreamInput { stream_name: text("orders"), ..Default::default() });
        assert_eq!(names(&mut lab, ListStreamsInput::default()).0, ["orders"]);
        lab.wait(SECOND.times(20));
        assert_eq!(names(&mut lab, ListStreamsInput::default()).0, [""; 0]);
    }
}
