//! How answers are printed: formats, queries, pages, the wire. Expected texts as AWS CLI 2.9.19 printed them of the
//! same answers.

use expect_test::expect;

use super::{ORDERS, check, check_orders, session};

fn printed(lines: &[&str]) -> String {
    session(&[&ORDERS[..], lines].concat()).1
}

#[test]
fn a_value_without_its_quotes_is_what_scripts_need() {
    let put = "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8=";
    let iterator = "aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000001 \
                    --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text";
    assert_eq!(
        printed(&[&format!("{put} --output text")]),
        "49670424472753470606260425006285630069357505776665493522\tshardId-000000000001\n"
    );
    assert_eq!(printed(&[&format!("{put} --query ShardId")]), "\"shardId-000000000001\"\n");
    assert_eq!(printed(&[&format!("{put} --query ShardId --output text")]), "shardId-000000000001\n");
    let token = printed(&[put, iterator]);
    assert!(!token.contains('"') && token.trim_end().len() > 100, "{token}");
    let line = format!(
        "aws kinesis get-records --shard-iterator {} --query Records[].Data --output text",
        token.trim_end()
    );
    assert_eq!(printed(&[put, iterator, &line]), "aGVsbG8=\n");
}

#[test]
fn an_operation_without_an_answer_prints_nothing_in_any_format() {
    for format in ["json", "text", "table", "yaml", "yaml-stream", "off"] {
        let line = format!("aws kinesis create-stream --stream-name new --shard-count 1 --output {format}");
        assert_eq!(printed(&[&line]), "", "{format}");
    }
    assert_eq!(printed(&["aws kinesis delete-stream --stream-name orders --query x"]), "null\n");
}

#[test]
fn a_table_is_as_wide_as_its_longest_value() {
    check_orders(
        &["aws kinesis list-shards --stream-name orders --query Shards[].ShardId --output table"],
        expect![[r#"
            --------------------------
            |       ListShards       |
            +------------------------+
            |  shardId-000000000000  |
            |  shardId-000000000001  |
            +------------------------+
        "#]],
    );
}

#[test]
fn a_query_that_fails_on_the_answer_fails_after_the_call() {
    check_orders(
        &[
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8= --query 'abs(ShardId)'",
        ],
        expect![[r#"
            !
            ! aws: [ERROR]: In function abs(), invalid type for value: shardId-000000000001, expected one of: ['number'], received: "string"
            exit 255
        "#]],
    );
}

#[test]
fn items_are_cut_and_gone_on_with() {
    let names = "--query [StreamNames,NextToken] --output json";
    let three =
        ["a", "b", "c"].map(|name| format!("aws kinesis create-stream --stream-name {name} --shard-count 1"));
    let list = |options: &str| {
        let line = format!("aws kinesis list-streams {options} {names}");
        let lines: Vec<&str> = three.iter().map(String::as_str).chain([line.as_str()]).collect();
        session(&lines).1.split_whitespace().collect::<String>()
    };
    // The tokens are base64 of {"NextToken": null, "boto_truncate_amount": 1} and 2.
    let one = "eyJOZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAxfQ==";
    let two = "eyJOZXh0VG9rZW4iOiBudWxsLCAiYm90b190cnVuY2F0ZV9hbW91bnQiOiAyfQ==";
    assert_eq!(list("--max-items 1"), format!("[[\"a\"],\"{one}\"]"));
    assert_eq!(list(&format!("--max-items 1 --starting-token {one}")), format!("[[\"b\"],\"{two}\"]"));
    assert_eq!(list(&format!("--starting-token {two}")), "[[\"c\"],null]");
    assert_eq!(list("--max-items 3"), "[[\"a\",\"b\",\"c\"],null]");
    assert_eq!(list("--max-items 2 --page-size 1").split(',').count(), 3);
    let pages = "--page-size 1 --max-items 2";
    let text = list(pages);
    let token = text.rsplit(',').next().unwrap().trim_matches(['"', ']']);
    assert_eq!(list(&format!("--starting-token {token}")), "[[\"c\"],null]");
}

#[test]
fn text_is_printed_page_by_page() {
    assert_eq!(
        printed(&[
            "aws kinesis list-shards --stream-name orders --page-size 1 --query 'length(Shards)' --output text"
        ]),
        "1\n1\n"
    );
    assert_eq!(
        printed(&["aws kinesis list-shards --stream-name orders --query 'length(Shards)' --output text"]),
        "2\n"
    );
}

#[test]
fn a_skeleton_has_all_members_and_calls_nothing() {
    check(
        &["aws kinesis get-shard-iterator --generate-cli-skeleton"],
        expect![[r#"
            {
                "StreamName": "",
                "ShardId": "",
                "ShardIteratorType": "AT_SEQUENCE_NUMBER",
                "StartingSequenceNumber": "",
                "Timestamp": "1970-01-01T00:00:00",
                "StreamARN": "",
                "StreamId": "",
                "DryRun": true
            }
        "#]],
    );
    check(
        &["aws kinesis put-records --generate-cli-skeleton input"],
        expect![[r#"
            {
                "Records": [
                    {
                        "Data": null,
                        "ExplicitHashKey": "",
                        "PartitionKey": ""
                    }
                ],
                "StreamName": "",
                "StreamARN": "",
                "StreamId": "",
                "DryRun": true
            }
        "#]],
    );
    let (sandbox, _) = session(&["aws kinesis create-stream --generate-cli-skeleton"]);
    assert_eq!(sandbox.entries().len(), 0);
}

#[test]
fn the_wire_is_shown_on_request() {
    check_orders(
        &[
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8= --debug --query ShardId",
        ],
        expect![[r#"
            "shardId-000000000001"
            ! > POST / HTTP/1.1
            ! > Host: kinesis.us-east-1.amazonaws.com
            ! > Content-Type: application/x-amz-json-1.1
            ! > X-Amz-Target: Kinesis_20131202.PutRecord
            ! >
            ! > {"StreamName":"orders","Data":"aGVsbG8=","PartitionKey":"user-1"}
            ! < HTTP/1.1 200
            ! < Content-Type: application/x-amz-json-1.1
            ! <
            ! < {"ShardId":"shardId-000000000001","SequenceNumber":"49670424472753470606260425006285630069357505776665493522"}
        "#]],
    );
    check(
        &["aws kinesis describe-stream --stream-name none --debug"],
        expect![[r#"
        ! > POST / HTTP/1.1
        ! > Host: kinesis.us-east-1.amazonaws.com
        ! > Content-Type: application/x-amz-json-1.1
        ! > X-Amz-Target: Kinesis_20131202.DescribeStream
        ! >
        ! > {"StreamName":"none"}
        ! < HTTP/1.1 400
        ! < Content-Type: application/x-amz-json-1.1
        ! <
        ! < {"__type":"ResourceNotFoundException","message":"Stream none under account 123456789012 not found."}
        !
        ! aws: [ERROR]: An error occurred (ResourceNotFoundException) when calling the DescribeStream operation: Stream none under account 123456789012 not found.
        exit 254
    "#]],
    );
}
