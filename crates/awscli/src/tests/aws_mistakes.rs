//! Lines that the AWS CLI v2 refuses by itself: its words, its exit codes, and where the mistake is.
//!
//! Documented: AWS CLI 2.36, `errorhandler.py` and `argparser.py`; texts of the checks themselves observed with AWS
//! CLI 2.9.19.

use expect_test::expect;
use proptest::prelude::*;

use super::check_mistake as check;
use crate::parse;

#[test]
fn what_is_missing_is_listed() {
    check(
        "aws kinesis put-record --stream-name orders",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): the following arguments are required: --data, --partition-key
        !
        ! USAGE
        exit 252
    "#]],
    );
    check(
        "aws kinesis put-record --data YQ==",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): the following arguments are required: --partition-key
        !
        ! USAGE
        exit 252
    "#]],
    );
    check(
        "aws kinesis create-stream orders",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): the following arguments are required: --stream-name
            !
            ! USAGE
            ! sandbox: did you mean --stream-name orders?
            exit 252
        "#]],
    );
    check(
        "aws kinesis create-stream --shard-count",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): argument --shard-count: expected one argument
        !
        ! USAGE
        exit 252
    "#]],
    );
    check(
        "aws kinesis",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): the following arguments are required: operation
            !
            ! USAGE
            ! sandbox: aws kinesis help lists the commands
            exit 252
        "#]],
    );
    check(
        "aws",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): the following arguments are required: command
            !
            ! USAGE
            ! sandbox: aws help lists the services
            exit 252
        "#]],
    );
    check(
        "aws kinesis wait",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): usage: aws [options] kinesis wait <subcommand> [parameters]
            ! aws: [ERROR]: too few arguments
            ! sandbox: aws kinesis wait has stream-exists and stream-not-exists
            exit 252
        "#]],
    );
}

#[test]
fn unknown_options_are_listed() {
    check(
        "aws kinesis create-stream --stream-name o --shard-cont 1",
        expect![[r#"
        !
        ! USAGE
        !
        !
        ! aws: [ERROR]: Unknown options: --shard-cont, 1
        ! sandbox: did you mean --shard-count?
        exit 252
    "#]],
    );
    check(
        "aws kinesis list-streams --foo bar --baz",
        expect![[r#"
        !
        ! USAGE
        !
        !
        ! aws: [ERROR]: Unknown options: --foo, --baz, bar
        exit 252
    "#]],
    );
    check(
        "aws kinesis list-streams -x",
        expect![[r#"
        !
        ! USAGE
        !
        !
        ! aws: [ERROR]: Unknown options: -x
        exit 252
    "#]],
    );
    check(
        "aws kinesis describe-stream --stream orders",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): ambiguous option: --stream could match --stream-name, --stream-arn, --stream-id
        !
        ! USAGE
        exit 252
    "#]],
    );
    check(
        "aws kinesis delete-stream --stream-name o --enforce-consumer-deletion=yes",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): argument --enforce-consumer-deletion: ignored explicit argument 'yes'
        !
        ! USAGE
        exit 252
    "#]],
    );
}

#[test]
fn unknown_commands_are_no_choice() {
    check(
        "aws kinesis create-strem",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument operation: Found invalid choice 'create-strem'
            !
            ! Maybe you meant:
            !
            !   * create-stream
            !
            ! USAGE
            ! sandbox: aws kinesis help lists the commands
            exit 252
        "#]],
    );
    check(
        "aws kinesis foo",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument operation: Found invalid choice 'foo'
            !
            !
            ! USAGE
            ! sandbox: aws kinesis help lists the commands
            exit 252
        "#]],
    );
    check(
        "aws kinesiss list-streams",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument command: Found invalid choice 'kinesiss'
            !
            ! Maybe you meant:
            !
            !   * kinesis
            !
            ! USAGE
            ! sandbox: aws help lists the services
            exit 252
        "#]],
    );
    check(
        "aws kinesis wait stream-exist --stream-name o",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument subcommand: Found invalid choice 'stream-exist'
            !
            ! Maybe you meant:
            !
            !   * stream-exists
            !   * stream-not-exists
            !
            ! USAGE
            ! sandbox: aws kinesis wait has stream-exists and stream-not-exists
            exit 252
        "#]],
    );
    check(
        "aws kinesis list-streams --output jason",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument --output: Found invalid choice 'jason'
            !
            ! Maybe you meant:
            !
            !   * json
            !
            ! USAGE
            ! sandbox: --output is json, text, table, yaml, yaml-stream or off
            exit 252
        "#]],
    );
    check(
        "aws kinesis subscribe-to-shard",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument operation: Found invalid choice 'subscribe-to-shard'
            !
            !
            ! USAGE
            ! sandbox: SubscribeToShard answers with a stream of events, which the AWS CLI has no command for; programs call it. Try: sandbox reader start NAME --stream STREAM --consumer CONSUMER
            exit 252
        "#]],
    );
}

#[test]
fn what_aws_has_and_the_sandbox_has_not_says_so() {
    check(
        "aws kinesis create-channel --channel-name c",
        expect![[r#"
            ! sandbox: aws kinesis create-channel exists in AWS but is not simulated here; aws kinesis help lists what is.
            exit 252
        "#]],
    );
    check(
        "aws kinesis list-streams --endpoint-url http://localhost",
        expect![[r#"
        ! sandbox: --endpoint-url exists in the AWS CLI but is not simulated here yet.
        exit 252
    "#]],
    );
    check(
        "aws kinesis list-streams --profile work",
        expect![[r#"
            !
            ! aws: [ERROR]: The config profile (work) could not be found
            ! sandbox: a profile here is default, a user of aws iam, or role/NAME
            exit 255
        "#]],
    );
}

#[test]
fn paging_options_and_queries_are_checked_before_anything_is_sent() {
    check(
        "aws kinesis list-streams --max-items x",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): argument --max-items: invalid int value: 'x'
            !
            ! USAGE
            exit 252
        "#]],
    );
    for line in [
        "aws kinesis list-streams --max-items 1 --no-paginate",
        "aws kinesis list-streams --max-items 1 --limit 1",
    ] {
        check(
            line,
            expect![[r#"
                !
                ! aws: [ERROR]: An error occurred (ParamValidation): Cannot specify --no-paginate along with pagination arguments: --max-items
                exit 252
            "#]],
        );
    }
    check(
        "aws kinesis list-streams --query foo[",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Bad value for --query foo[: Invalid jmespath expression: Incomplete expression:
            ! "foo["
            !      ^
            exit 252
        "#]],
    );
}

#[test]
fn values_are_checked_before_anything_is_sent() {
    check(
        "aws kinesis create-stream --stream-name '' --shard-count 0",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid length for parameter StreamName, value: 0, valid min length: 1
        ! Invalid value for parameter ShardCount, value: 0, valid min value: 1
        exit 252
    "#]],
    );
    check(
        "aws kinesis create-stream --stream-name o --shard-count x",
        expect![[r#"
            !
            ! aws: [ERROR]: invalid literal for int() with base 10: 'x'
            ! sandbox: --shard-count is a whole number
            exit 255
        "#]],
    );
    check(
        "aws kinesis get-records --shard-iterator AA --limit -5",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid value for parameter Limit, value: -5, valid min value: 1
        exit 252
    "#]],
    );
    check(
        "aws kinesis get-shard-iterator --shard-id 0 --shard-iterator-type LATEST --timestamp yesterday",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
            ! Invalid type for parameter Timestamp, value: yesterday, type: <class 'str'>, valid types: <class 'datetime.datetime'>, timestamp-string
            ! sandbox: a time is 2026-01-01T00:00:30Z or seconds since 1970
            exit 252
        "#]],
    );
    check(
        "aws kinesis put-record --stream-name o --data hello --partition-key k",
        expect![[r#"
        !
        ! aws: [ERROR]: Invalid base64: "hello"
        ! sandbox: the AWS CLI v2 takes --data as base64; to send the text itself add --cli-binary-format raw-in-base64-out
        exit 255
    "#]],
    );
    check(
        "aws kinesis put-record --stream-name o --data héllo --partition-key k",
        expect![[r#"
        !
        ! aws: [ERROR]: string argument should contain only ASCII characters
        ! sandbox: the AWS CLI v2 takes --data as base64; to send the text itself add --cli-binary-format raw-in-base64-out
        exit 255
    "#]],
    );
    check(
        "aws kinesis put-record --stream-name o --partition-key k --data fileb:///tmp/x",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--data': Unable to load paramfile fileb:///tmp/x: [Errno 2] No such file or directory: '/tmp/x'
        ! sandbox: files here are written with echo … > file or cat > file <<END; ls lists them
        exit 252
    "#]],
    );
}

#[test]
fn records_are_checked_item_by_item() {
    let put = |records: &str| format!("aws kinesis put-records --stream-name o --records {records}");
    check(
        &put("foo"),
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--records': Expected: '=', received: 'EOF' for input:
            ! foo
            !    ^
            ! sandbox: --records takes Data=…,PartitionKey=…
            exit 252
        "#]],
    );
    check(
        &put("Data=aGVsbG8=,PartitionKey=k,PartitionKey=j"),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--records': Second instance of key "PartitionKey" encountered for input:
        ! Data=aGVsbG8=,PartitionKey=k,PartitionKey=j
        !                              ^
        ! This is often because there is a preceding "," instead of a space.
        exit 252
    "#]],
    );
    check(
        &put(r#"'[{"Dta":"aGVsbG8=","PartitionKey":"k1"}]'"#),
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
            ! Missing required parameter in Records[0]: "Data"
            ! Unknown parameter in Records[0]: "Dta", must be one of: Data, ExplicitHashKey, PartitionKey
            ! sandbox: did you mean Data?
            exit 252
        "#]],
    );
    check(
        &put(r#"'[{"Data":"aGVsbG8=","PartitionKey":"k1"]'"#),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--records': Invalid JSON: Expecting ',' delimiter: line 1 column 40 (char 39)
        ! JSON received: [{"Data":"aGVsbG8=","PartitionKey":"k1"]
        exit 252
    "#]],
    );
    check(
        &put(r#"'[{"Data":5,"PartitionKey":["a"]}]'"#),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid type for parameter Records[0].Data, value: 5, type: <class 'int'>, valid types: <class 'bytes'>, <class 'bytearray'>, file-like object
        ! Invalid type for parameter Records[0].PartitionKey, value: ['a'], type: <class 'list'>, valid types: <class 'str'>
        exit 252
    "#]],
    );
    check(
        &put("'[1]'"),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid type for parameter Records[0], value: 1, type: <class 'int'>, valid types: <class 'dict'>
        exit 252
    "#]],
    );
    check(
        &put("'[]'"),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid length for parameter Records, value: 0, valid min length: 1
        exit 252
    "#]],
    );
    check(
        &put("Data=hello,PartitionKey=k"),
        expect![[r#"
        !
        ! aws: [ERROR]: Invalid base64: "hello"
        ! sandbox: the AWS CLI v2 takes --data as base64; to send the text itself add --cli-binary-format raw-in-base64-out
        exit 255
    "#]],
    );
    check(
        &put("PartitionKey=a,b,Data=YQ=="),
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Invalid type for parameter Records[0].PartitionKey, value: ['a', 'b'], type: <class 'list'>, valid types: <class 'str'>
        exit 252
    "#]],
    );
}

#[test]
fn structures_are_checked_member_by_member() {
    // As AWS CLI 2.9.19 says it.
    check(
        "aws kinesis add-tags-to-stream --stream-name orders --tags =b",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
            ! Invalid length for parameter Tags (key: ), value: 0, valid min length: 1
            exit 252
        "#]],
    );
    check(
        "aws kinesis list-shards --stream-name o --shard-filter Typ=AT_LATEST",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
            ! Missing required parameter in ShardFilter: "Type"
            ! Unknown parameter in ShardFilter: "Typ", must be one of: Type, ShardId, Timestamp
            ! sandbox: did you mean Type?
            exit 252
        "#]],
    );
    check(
        "aws kinesis create-stream --stream-name o --stream-mode-details ON_DEMAND",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--stream-mode-details': Expected: '=', received: 'EOF' for input:
            ! ON_DEMAND
            !          ^
            ! sandbox: did you mean StreamMode=ON_DEMAND?
            exit 252
        "#]],
    );
    check(
        "aws kinesis create-stream --stream-name o --stream-mode-details '[]'",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--stream-mode-details': Invalid JSON:
        ! []
        exit 252
    "#]],
    );
    check(
        r#"aws kinesis create-stream --cli-input-json '{"StreamName":"a","Foo":3}'"#,
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Parameter validation failed:
        ! Unknown parameter in input: "Foo", must be one of: StreamName, ShardCount, StreamModeDetails, Tags, WarmThroughputMiBps, MaxRecordSizeInKiB, RecordDistributionStrategy
        exit 252
    "#]],
    );
    check(
        "aws kinesis create-stream --cli-input-json '[]'",
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--cli-input-json': Invalid type: expecting map, received <class 'list'>
        exit 252
    "#]],
    );
    check(
        "aws kinesis create-stream --cli-input-json '{'",
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter 'cli-input-json': Invalid JSON received.
            ! sandbox: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)
            exit 252
        "#]],
    );
    check(
        r#"aws kinesis create-stream --cli-input-json '{"StreamName":"a","ShardCount":true}'"#,
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (SerializationException) when calling the CreateStream operation: class java.lang.Boolean can not be converted to an Integer
            exit 254
        "#]],
    );
}

#[test]
fn what_is_no_command_is_not_found() {
    check(
        "awss kinesis list-streams",
        expect![[r#"
        ! awss: command not found
        ! sandbox: did you mean aws?
        exit 127
    "#]],
    );
    check(
        "$ aws kinesis list-streams",
        expect![[r#"
        ! sandbox: A line is typed without the "$" of the prompt.
        exit 252
    "#]],
    );
    check(
        "aws kinesis put-record --data 'x",
        expect![[r#"
        ! sandbox: This single quote (') is never closed.
        exit 2
    "#]],
    );
}

/// The word that a mistake points at.
fn pointed_at(line: &str) -> &str {
    let position = parse(line).unwrap_err().position;
    line.get(position).unwrap_or("outside the line")
}

#[test]
fn a_mistake_points_at_its_word() {
    for (line, word) in [
        ("aws kinesis create-strem --stream-name o", "create-strem"),
        ("aws kinesiss", "kinesiss"),
        ("aws kinesis list-streams --lmit 5", "--lmit"),
        ("aws kinesis list-streams --limit five", "five"),
        ("aws kinesis list-streams --limit 0", "0"),
        ("aws kinesis create-stream --stream-name '' --shard-count 2", "''"),
        ("aws kinesis put-record --stream-name o --data hello --partition-key k", "hello"),
        (
            "aws kinesis put-records --stream-name o --records Data=x,PartitionKey=k Data=YQ==",
            "Data=x,PartitionKey=k Data=YQ==",
        ),
        ("aws kinesis put-record --stream-name o", ""),
        ("aws kinesis list-streams --output tabel", "tabel"),
        ("aws kinesis list-streams --query x[", "x["),
        ("aws sqs ls", "sqs"),
        ("lss", "lss"),
    ] {
        assert_eq!(pointed_at(line), word, "{line}");
    }
}

proptest! {
    #[test]
    fn no_line_makes_it_panic(
        line in "(aws kinesis |sandbox |aws |)((put-record|put-records|list-shards|wait|producer|start|kcl|--data|--records|--shard-filter|--limit|--timestamp|--cli-input-json|Data=|\\{|\\[|'|\"|=|,|é|x|5|-1|) ?){0,12}",
        text in "\\PC{0,40}",
    ) {
        for line in [line, text] {
            if let Err(error) = parse(&line) {
                prop_assert!(line.get(error.position.clone()).is_some(), "{:?}", error);
                error.to_stderr();
            }
        }
    }
}
