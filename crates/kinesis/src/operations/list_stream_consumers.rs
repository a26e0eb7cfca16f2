//! ListStreamConsumers: the registered consumers of a stream, page by page.

use serde::Serialize;

use crate::service::Target;
use crate::token::{Token, TokenKind};
use crate::validate::Violations;
use crate::{ApiError, CallContext, ConsumerDescription, Operation, Response, Seconds, Service};

input!(ListStreamConsumersInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    next_token: String,
    max_results: i64,
    stream_creation_timestamp: Seconds,
});

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ListStreamConsumersOutput {
    pub consumers: Vec<ConsumerDescription>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

/// Consumers in one answer, whatever a greater `MaxResults` asks for.
const CONSUMERS_PER_PAGE: i64 = 100;

pub(crate) fn list_stream_consumers(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &ListStreamConsumersInput,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.stream_arn, "streamARN");
    violations.stream_arn(&input.stream_arn);
    violations.length(&input.next_token, "nextToken", 1, 1_048_576);
    violations.range(input.max_results, "maxResults", 1, 10_000);
    violations.finish()?;
    service.admit(ctx, Operation::ListStreamConsumers, Target::Stream(None, input.stream_arn.as_deref()))?;
    let stream = service.find(None, input.stream_arn.as_deref())?;
    let created = input.stream_creation_timestamp;
    if created.is_some() && input.next_token.is_some() {
        return Err(ApiError::not_with_next_token("StreamCreationTimestamp"));
    }
    if created.is_some_and(|created| created.0.millis() != stream.created.millis()) {
        return Err(ApiError::stream_not_found(&stream.name, &service.account));
    }
    let after = match &input.next_token {
        None => None,
        Some(text) => {
            let token = Token::open_fresh(text, TokenKind::ListStreamConsumers, ctx.now, &service.limits)?;
            if token.numbers[0] != stream.number {
                return Err(ApiError::invalid_next_token());
            }
            Some(token.stream)
        }
    };
    let mut consumers =
        stream.consumers.values().filter(|c| after.as_ref().is_none_or(|after| *c.name > **after));
    let stream_arn = stream.arn(&service.region, &service.account);
    let page = input.max_results.unwrap_or(CONSUMERS_PER_PAGE).min(CONSUMERS_PER_PAGE) as usize;
    let listed: Vec<ConsumerDescription> =
        consumers.by_ref().take(page).map(|consumer| consumer.describe(&stream_arn)).collect();
    let next_token = listed.last().filter(|_| consumers.next().is_some()).map(|last| {
        Token {
            kind: TokenKind::ListStreamConsumers,
            issued: ctx.now,
            numbers: [stream.number, 0, 0, 0],
            stream: last.consumer_name.clone(),
        }
        .seal()
    });
    Ok(Response::ListStreamConsumers(ListStreamConsumersOutput { consumers: listed, next_token }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::RegisterStreamConsumerInput;
    use crate::testing::*;

    fn list() -> ListStreamConsumersInput {
        ListStreamConsumersInput { stream_arn: text(ARN), ..Default::default() }
    }

    fn page(lab: &mut Lab, request: ListStreamConsumersInput) -> (Vec<String>, Option<String>) {
        let Response::ListStreamConsumers(output) = lab.accepts(request) else {
            panic!("an answer of its own kind")
        };
        (output.consumers.into_iter().map(|consumer| consumer.consumer_name).collect(), output.next_token)
    }

    #[test]
    fn consumers_are_listed_by_name_and_page_by_page() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(list()), r#"{"Consumers":[]}"#);
        for name in ["c", "a", "b"] {
            let consumer_name = text(name);
            lab.accepts(RegisterStreamConsumerInput { stream_arn: text(ARN), consumer_name, tags: None });
        }
        let (first, token) = page(&mut lab, ListStreamConsumersInput { max_results: Some(2), ..list() });
        assert_eq!(first, ["a", "b"]);
        let next = ListStreamConsumersInput { next_token: token, ..list() };
        assert_eq!(page(&mut lab, next.clone()), (vec!["c".to_owned()], None));
        lab.wait(SECOND.times(301));
        let expired = lab.refusal(next);
        assert!(expired.starts_with("ExpiredNextTokenException: NextToken expired."), "{expired}");
    }

    #[test]
    fn a_token_of_another_kind_and_a_wrong_creation_are_refused() {
        let mut lab = Lab::with_shards(1);
        let iterator = lab.iterator(0, crate::ShardIteratorType::Latest);
        assert_eq!(
            lab.refusal(ListStreamConsumersInput { next_token: Some(iterator), ..list() }),
            "InvalidArgumentException: Invalid NextToken."
        );
        let created = Some(Seconds(START + SECOND));
        assert_eq!(
            lab.refusal(ListStreamConsumersInput { stream_creation_timestamp: created, ..list() }),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }
}
