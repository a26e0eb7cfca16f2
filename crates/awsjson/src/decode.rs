//! Target and body to a typed request.

use kinesis::{ApiError, Operation, Request};
use serde_json::{Map, Value};

use crate::operation_names::OPERATION_NAMES;
use crate::{WireError, inputs, members, put_records, types};

const TARGET_PREFIX: &str = "Kinesis_20131202.";

/// Reads a request as the service gets it: the `X-Amz-Target` header and the JSON text of the body.
///
/// Absent members, `null` and an empty body are the same; members that the service does not know are ignored.
pub fn decode(target: &str, body: &str) -> Result<Request, WireError> {
    let operation = operation_of(target)?;
    // Assumed: a body of nothing means no members. AWS was seen to refuse it (kinesalite's tests, 2015-2020) and no
    // SDK sends it, but whoever leaves the body away by hand means this.
    let body = if body.trim_ascii().is_empty() { "{}" } else { body };
    if operation == Operation::PutRecords
        && let Some(input) = put_records::read(body)
    {
        return Ok(input.into());
    }
    match serde_json::from_str(body) {
        Ok(Value::Object(given)) => decode_members(operation, given),
        Ok(other) => Err(WireError::serialization(types::not_a_structure(&other))),
        // Observed: AWS gives no message here; where the text breaks off is worth more to whoever wrote it.
        Err(error) => Err(WireError::serialization(format!("The body is not JSON: {error}"))),
    }
}

/// Makes the request of an operation from its members, named as on the wire.
pub fn decode_members(operation: Operation, mut given: Map<String, Value>) -> Result<Request, WireError> {
    types::convert(&mut given, members(operation)).map_err(WireError::serialization)?;
    for member in members(operation).iter().filter(|member| !member.is_simulated) {
        if !matches!(given.get(member.name), None | Some(Value::Null | Value::Bool(false))) {
            // Documented: StreamId, the one such member, is not implemented in AWS.
            return Err(ApiError::reserved_member(member.name).into());
        }
    }
    inputs::read(operation, given).ok_or_else(|| WireError::serialization("Expected null"))
}

fn operation_of(target: &str) -> Result<Operation, WireError> {
    let unknown = || WireError::UnknownOperation { target: target.to_owned() };
    let name = target.strip_prefix(TARGET_PREFIX).ok_or_else(unknown)?;
    match Operation::parse(name) {
        Some(operation) => Ok(operation),
        None if OPERATION_NAMES.contains(&name) => Err(ApiError::not_simulated(name).into()),
        None => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use kinesis::{Blob, PutRecordsInput, PutRecordsRequestEntry};
    use proptest::prelude::*;

    use super::*;

    fn check(operation: &str, body: &str, expected: Expect) {
        let printed = match decode(&format!("Kinesis_20131202.{operation}"), body) {
            Ok(request) => serde_json::to_string(&request).unwrap(),
            Err(error) => error.to_string(),
        };
        expected.assert_eq(&printed);
    }

    #[test]
    fn members_are_read_by_their_names_on_the_wire() {
        check(
            "DescribeStream",
            r#"{"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders","Limit":5}"#,
            expect![[
                r#"{"DescribeStream":{"Limit":5,"StreamARN":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}}"#
            ]],
        );
    }

    #[test]
    fn absent_null_and_empty_are_the_same() {
        for body in ["", " \n", "{}", r#"{"Limit":null}"#] {
            let request = decode("Kinesis_20131202.ListStreams", body);
            assert_eq!(request, Ok(kinesis::ListStreamsInput::default().into()), "{body}");
        }
    }

    #[test]
    fn bulk_data_may_have_members_of_null() {
        check(
            "PutRecords",
            r#"{"Records":null,"StreamName":"orders"}"#,
            expect![[r#"{"PutRecords":{"Records":null,"StreamName":"orders"}}"#]],
        );
    }

    #[test]
    fn members_that_aws_does_not_know_are_ignored() {
        check(
            "DeleteStream",
            r#"{"StreamName":"orders","Nonsense":[{}]}"#,
            expect![[r#"{"DeleteStream":{"StreamName":"orders"}}"#]],
        );
    }

    #[test]
    fn times_are_numbers_of_seconds() {
        check(
            "ListShards",
            r#"{"StreamCreationTimestamp":1767225600.5}"#,
            expect![[r#"{"ListShards":{"StreamCreationTimestamp":1767225600.5}}"#]],
        );
    }

    #[test]
    fn a_fraction_is_cut_off_where_an_integer_is_wanted() {
        check("DescribeStream", r#"{"Limit":2.9}"#, expect![[r#"{"DescribeStream":{"Limit":2}}"#]]);
    }

    #[test]
    fn an_enormous_number_is_out_of_range_and_no_accident() {
        check(
            "DescribeStream",
            r#"{"Limit":18446744073709551615}"#,
            expect![[r#"{"DescribeStream":{"Limit":9223372036854775807}}"#]],
        );
        check(
            "DescribeStream",
            r#"{"Limit":-1e300}"#,
            expect![[r#"{"DescribeStream":{"Limit":-9223372036854775808}}"#]],
        );
        check(
            "DescribeStream",
            r#"{"Limit":1e999}"#,
            expect!["SerializationException: The body is not JSON: number out of range at line 1 column 14"],
        );
    }

    #[test]
    fn an_operation_that_the_service_does_not_have_is_unknown() {
        check(
            "PutRecrod",
            "{}",
            expect![[
                r#"UnknownOperationException: "Kinesis_20131202.PutRecrod" names no operation of Kinesis."#
            ]],
        );
        let other_service = decode("DynamoDB_20120810.ListTables", "{}").unwrap_err();
        expect![[
            r#"UnknownOperationException: "DynamoDB_20120810.ListTables" names no operation of Kinesis."#
        ]]
        .assert_eq(&other_service.to_string());
    }

    #[test]
    fn an_operation_that_is_not_simulated_says_so() {
        check(
            "CreateChannel",
            "{}",
            expect!["NotSimulatedException: CreateChannel exists in AWS but is not simulated here."],
        );
    }

    #[test]
    fn a_member_that_is_not_simulated_is_refused_rather_than_ignored() {
        let put =
            |dry_run| format!(r#"{{"StreamName":"s","Data":"YQ==","PartitionKey":"k","DryRun":{dry_run}}}"#);
        check(
            "PutRecord",
            &put("true"),
            expect![[r#"{"PutRecord":{"StreamName":"s","Data":"YQ==","PartitionKey":"k","DryRun":true}}"#]],
        );
        check(
            "PutRecord",
            &put("false"),
            expect![[r#"{"PutRecord":{"StreamName":"s","Data":"YQ==","PartitionKey":"k","DryRun":false}}"#]],
        );
        check(
            "PutRecords",
            r#"{"StreamName":"s","Records":[],"DryRun":true}"#,
            expect![[r#"{"PutRecords":{"Records":[],"StreamName":"s","DryRun":true}}"#]],
        );
        check(
            "DescribeStream",
            r#"{"StreamId":"abcdefghijklmnopqrst-abc"}"#,
            expect![
                "NotSimulatedException: StreamId is reserved by AWS for future use; leave it away and name the stream by its name or its ARN."
            ],
        );
    }

    #[test]
    fn a_body_that_is_not_json_says_where() {
        check(
            "ListStreams",
            "hello",
            expect!["SerializationException: The body is not JSON: expected value at line 1 column 1"],
        );
        check(
            "ListStreams",
            r#"{"Limit":1"#,
            expect![
                "SerializationException: The body is not JSON: EOF while parsing an object at line 1 column 10"
            ],
        );
        check(
            "DeleteStream",
            r#"{"StreamName":"\ud800"}"#,
            expect![
                "SerializationException: The body is not JSON: unexpected end of hex escape at line 1 column 22"
            ],
        );
    }

    #[test]
    fn a_body_that_is_no_structure_is_refused() {
        check(
            "ListStreams",
            "[5]",
            expect!["SerializationException: Start of list found where not expected"],
        );
        check("ListStreams", "5", expect!["SerializationException: Expected null"]);
        check(
            "PutRecords",
            r#"[[],"orders"]"#,
            expect!["SerializationException: Start of list found where not expected"],
        );
    }

    #[test]
    fn deep_nesting_is_refused() {
        let deep = format!(r#"{{"StreamName":{}"#, "[".repeat(100_000));
        check(
            "DeleteStream",
            &deep,
            expect![
                "SerializationException: The body is not JSON: recursion limit exceeded at line 1 column 141"
            ],
        );
        check(
            "PutRecords",
            &deep,
            expect![
                "SerializationException: The body is not JSON: recursion limit exceeded at line 1 column 141"
            ],
        );
    }

    #[test]
    fn a_wrong_type_is_said_in_the_words_of_aws() {
        check(
            "DescribeStream",
            r#"{"StreamName":5}"#,
            expect!["SerializationException: class java.math.BigDecimal can not be converted to an String"],
        );
        check(
            "DescribeStream",
            r#"{"StreamName":true}"#,
            expect!["SerializationException: class java.lang.Boolean can not be converted to an String"],
        );
        check(
            "DescribeStream",
            r#"{"StreamName":["orders"]}"#,
            expect!["SerializationException: Start of list found where not expected"],
        );
        check(
            "DescribeStream",
            r#"{"StreamName":{}}"#,
            expect!["SerializationException: Start of structure or map found where not expected."],
        );
        check(
            "DescribeStream",
            r#"{"Limit":"5"}"#,
            expect!["SerializationException: class java.lang.String can not be converted to an Integer"],
        );
        check(
            "DescribeStream",
            r#"{"Limit":false}"#,
            expect!["SerializationException: class java.lang.Boolean can not be converted to an Integer"],
        );
        check(
            "GetShardIterator",
            r#"{"Timestamp":"2026-01-01T00:00:00Z"}"#,
            expect![
                "SerializationException: class java.lang.String can not be converted to milliseconds since epoch"
            ],
        );
        check(
            "DeleteStream",
            r#"{"EnforceConsumerDeletion":"perhaps"}"#,
            expect!["SerializationException: 'PERHAPS' can not be converted to an Boolean"],
        );
        check(
            "CreateStream",
            r#"{"StreamModeDetails":"PROVISIONED"}"#,
            expect!["SerializationException: Expected null"],
        );
        check(
            "CreateStream",
            r#"{"StreamModeDetails":["PROVISIONED"]}"#,
            expect!["SerializationException: Start of list found where not expected"],
        );
        check(
            "CreateStream",
            r#"{"Tags":[]}"#,
            expect!["SerializationException: Start of list found where not expected"],
        );
        check(
            "CreateStream",
            r#"{"Tags":{"Owner":5}}"#,
            expect!["SerializationException: class java.math.BigDecimal can not be converted to an String"],
        );
        check("PutRecords", r#"{"Records":"a"}"#, expect!["SerializationException: Expected list or null"]);
        check(
            "PutRecords",
            r#"{"Records":{}}"#,
            expect!["SerializationException: Start of structure or map found where not expected."],
        );
        check(
            "PutRecords",
            r#"{"Records":[["YQ==",null,"k"]]}"#,
            expect!["SerializationException: Start of list found where not expected"],
        );
        check("PutRecords", r#"{"Records":["a"]}"#, expect!["SerializationException: Expected null"]);
    }

    #[test]
    fn data_that_is_not_base64_is_said_in_the_words_of_aws() {
        let put = |data: &str| format!(r#"{{"StreamName":"s","PartitionKey":"k","Data":{data}}}"#);
        check(
            "PutRecord",
            &put("5"),
            expect!["SerializationException: class java.math.BigDecimal can not be converted to a Blob"],
        );
        check(
            "PutRecord",
            &put(r#""hello""#),
            expect![
                "SerializationException: 'hello' can not be converted to a Blob: Base64 encoded length is expected a multiple of 4 bytes but found: 5"
            ],
        );
        check(
            "PutRecord",
            &put(r#""=+/=""#),
            expect![
                "SerializationException: '=+/=' can not be converted to a Blob: Invalid Base64 character: '='"
            ],
        );
        check(
            "PutRecord",
            &put(r#""+/+=""#),
            expect![
                "SerializationException: '+/+=' can not be converted to a Blob: Invalid last non-pad Base64 character dectected"
            ],
        );
        check(
            "PutRecord",
            &put(r#""äöüß""#),
            expect![
                "SerializationException: 'äöüß' can not be converted to a Blob: Invalid Base64 character: 'ä'"
            ],
        );
        check(
            "PutRecord",
            &put(&format!("\"{}\"", "?".repeat(4_000))),
            expect![
                "SerializationException: '????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????????…' can not be converted to a Blob: Invalid Base64 character: '?'"
            ],
        );
    }

    #[test]
    fn an_entry_of_null_is_an_entry_without_members() {
        check(
            "PutRecords",
            r#"{"StreamName":"s","Records":[null]}"#,
            expect![[r#"{"PutRecords":{"Records":[{"Data":null,"PartitionKey":null}],"StreamName":"s"}}"#]],
        );
    }

    fn entry() -> impl Strategy<Value = PutRecordsRequestEntry> {
        let data = proptest::collection::vec(any::<u8>(), 0..40);
        (proptest::option::of(data), proptest::option::of("[0-9]{1,39}"), proptest::option::of(".{0,12}"))
            .prop_map(|(data, explicit_hash_key, partition_key)| PutRecordsRequestEntry {
                data: data.map(Blob::Bytes),
                explicit_hash_key,
                partition_key: partition_key.map(Into::into),
            })
    }

    /// JSON that looks like a request: members of the model under values of any type.
    fn nearly_right(operation: Operation) -> impl Strategy<Value = String> {
        let names: Vec<&str> =
            members(operation).iter().map(|member| member.name).chain(["Unknown"]).collect();
        let leaf = prop_oneof![
            Just("null".to_owned()),
            Just("true".to_owned()),
            any::<f64>().prop_map(|number| number.to_string()),
            any::<i64>().prop_map(|number| number.to_string()),
            any::<String>().prop_map(|text| Value::from(text).to_string()),
        ];
        let value = leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4)
                    .prop_map(|items| format!("[{}]", items.join(","))),
                ("(Data|PartitionKey|Type|StreamMode|x)", inner)
                    .prop_map(|(name, value)| format!(r#"{{"{name}":{value}}}"#)),
            ]
        });
        proptest::collection::vec((proptest::sample::select(names), value), 0..5).prop_map(|pairs| {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
            format!("{{{}}}", pairs.join(","))
        })
    }

    proptest! {
        #[test]
        fn no_text_makes_it_panic(target in ".{0,30}", body in ".{0,200}") {
            let _ = decode(&target, &body);
            for operation in Operation::ALL {
                let _ = decode(&format!("Kinesis_20131202.{operation}"), &body);
            }
        }

        #[test]
        fn no_json_makes_it_panic(
            (operation, body) in proptest::sample::select(Operation::ALL.to_vec())
                .prop_flat_map(|operation| (Just(operation), nearly_right(operation)))
        ) {
            let _ = decode(&format!("Kinesis_20131202.{operation}"), &body);
        }

        #[test]
        fn what_was_written_is_read_back_by_both_ways(
            stream_name in proptest::option::of("[a-z]{1,8}"),
            records in proptest::option::of(proptest::collection::vec(entry(), 0..5)),
        ) {
            let input = PutRecordsInput { records, stream_name: stream_name.map(Into::into), stream_arn: None, dry_run: None };
            let value = serde_json::to_value(&input).unwrap();
            let quick = put_records::read(&value.to_string());
            let Value::Object(given) = value else { unreachable!("an input is a structure") };
            prop_assert_eq!(decode_members(Operation::PutRecords, given), Ok(input.clone().into()));
            prop_assert_eq!(quick, Some(input));
        }
    }
}
