//! An answer of the service as status and body.

use kinesis::{ApiError, ErrorCode, Response};
use serde::Serialize;

use crate::get_records;

/// The content type of every request and answer.
pub const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

/// An answer on the wire.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// JSON text; empty where a successful operation answers nothing.
    pub body: String,
}

#[derive(Serialize)]
struct ErrorBody<'a> {
    #[serde(rename = "__type")]
    code: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    /// Observed: a denied call has its message under this name (an application's report of 2022).
    #[serde(rename = "Message", skip_serializing_if = "Option::is_none")]
    denial: Option<&'a str>,
}

impl Reply {
    /// A refusal: code and message.
    pub fn error(code: &str, message: &str) -> Reply {
        let is_denial = code == ErrorCode::AccessDenied.name();
        let (message, denial) = if is_denial { (None, Some(message)) } else { (Some(message), None) };
        Reply { status: 400, body: to_json(&ErrorBody { code, message, denial }) }
    }
}

/// The answer of the service as it goes over the wire.
pub fn encode(result: &Result<Response, ApiError>) -> Reply {
    match result {
        Ok(response) => {
            let body = match response {
                Response::GetRecords(output) => get_records::write(output),
                other => to_json(other),
            };
            // An operation without an answer writes `null`, where AWS sends no body at all.
            Reply { status: 200, body: if body == "null" { String::new() } else { body } }
        }
        Err(error) => Reply::error(error.code().name(), error.message()),
    }
}

pub(crate) fn to_json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("answers have text keys and finite numbers")
}

#[cfg(test)]
mod tests {
    use kinesis::{CallContext, Caller, Instant, Keys, LimitsProfile, Service};

    use super::*;
    use crate::decode;

    /// Sends requests one second apart to a new service and prints the last answer.
    fn last_answer(requests: &[(&str, &str)]) -> String {
        last_answer_to(&Caller::administrator("123456789012"), requests)
    }

    fn last_answer_to(caller: &Caller, requests: &[(&str, &str)]) -> String {
        let mut service = Service::new(LimitsProfile::Exam, "123456789012", "us-east-1");
        let mut facts = Vec::new();
        let mut printed = String::new();
        for (i, (operation, body)) in requests.iter().enumerate() {
            let now = Instant::from_seconds(1_767_225_600 + 30 * i as u64);
            service.settle(now, &mut facts);
            let ctx = CallContext { now, caller, keys: &Keys::default() };
            let reply = match decode(&format!("Kinesis_20131202.{operation}"), body) {
                Ok(request) => encode(&service.handle(&ctx, &request, &mut facts)),
                Err(error) => error.to_reply(),
            };
            printed = format!("{} {}", reply.status, reply.body);
        }
        printed
    }

    const CREATE: (&str, &str) = ("CreateStream", r#"{"StreamName":"orders","ShardCount":1}"#);

    #[test]
    fn an_operation_without_an_answer_has_an_empty_body() {
        assert_eq!(last_answer(&[CREATE]), "200 ");
    }

    #[test]
    fn members_stand_in_the_order_of_the_model() {
        let put =
            r#"{"StreamName":"orders","PartitionKey":"user-1","Data":"aGVsbG8=","SomethingNew":{"a":[1]}}"#;
        expect_test::expect![[r#"200 {"ShardId":"shardId-000000000000","SequenceNumber":"49670424472731169861061894383144094351084857415159513090"}"#]]
            .assert_eq(&last_answer(&[CREATE, ("PutRecord", put)]));
    }

    #[test]
    fn a_refused_record_stands_between_the_stored_ones() {
        let big = "A".repeat(4 * (700 << 10) / 3 / 4 * 4);
        let put = format!(
            r#"{{"StreamName":"orders","Records":[{{"Data":"{big}","PartitionKey":"a"}},
            {{"Data":"{big}","PartitionKey":"b"}},{{"Data":"aGVsbG8=","PartitionKey":"c"}}]}}"#
        );
        expect_test::expect![[r#"200 {"FailedRecordCount":1,"Records":[{"SequenceNumber":"49670424472731169861061894383144094351084857415159513090","ShardId":"shardId-000000000000"},{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012."},{"SequenceNumber":"49670424472731169861061894383145303276904472044334219266","ShardId":"shardId-000000000000"}]}"#]]
            .assert_eq(&last_answer(&[CREATE, ("PutRecords", &put)]));
    }

    #[test]
    fn times_are_seconds_since_the_epoch() {
        let answer = last_answer(&[CREATE, ("DescribeStreamSummary", r#"{"StreamName":"orders"}"#)]);
        assert!(answer.contains(r#""StreamCreationTimestamp":1767225600.0"#), "{answer}");
    }

    #[test]
    fn a_denied_call_has_its_message_under_a_capital_letter() {
        let nobody = Caller::new("arn:aws:iam::123456789012:user/ana", [].into());
        expect_test::expect![[r#"400 {"__type":"AccessDeniedException","Message":"User: arn:aws:iam::123456789012:user/ana is not authorized to perform: kinesis:DeleteStream on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders because no identity-based policy allows the kinesis:DeleteStream action"}"#]]
            .assert_eq(&last_answer_to(&nobody, &[("DeleteStream", r#"{"StreamName":"orders"}"#)]));
    }

    #[test]
    fn a_refusal_is_status_400_with_type_and_message() {
        expect_test::expect![[r#"400 {"__type":"ResourceNotFoundException","message":"Stream orders under account 123456789012 not found."}"#]]
            .assert_eq(&last_answer(&[("DeleteStream", r#"{"StreamName":"orders"}"#)]));
    }
}
