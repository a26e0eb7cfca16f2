//! Services beside Kinesis: what they print, what they refuse, and what is not simulated.

use expect_test::expect;
use serde_json::Value;

use super::{ORDERS, check, session};
use crate::aws::{commands_of_aws, options_of_aws, services, services_of_aws};
use crate::{help, parse};

const BILLING: &str = "sandbox kcl start billing --stream orders --workers 2";
const POLICY: &str =
    r#"'{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:Put*","Resource":"*"}]}'"#;

fn with_billing(line: &str) -> String {
    session(&[ORDERS[0], ORDERS[1], BILLING, "sandbox clock advance 40s", line]).1
}

#[test]
fn the_lease_table_of_an_application_is_scanned_as_dynamodb_shows_it() {
    let scanned: Value =
        serde_json::from_str(&with_billing("aws dynamodb scan --table-name billing")).unwrap();
    assert_eq!(scanned["Count"], 2);
    assert_eq!(scanned["ConsumedCapacity"], Value::Null);
    let item = &scanned["Items"][0];
    assert_eq!(item["leaseKey"]["S"], "shardId-000000000000");
    assert!(item["leaseOwner"]["S"].as_str().unwrap().starts_with('w'));
    assert!(item["leaseCounter"]["N"].as_str().unwrap().parse::<u64>().unwrap() > 0);
    assert_eq!(item["checkpoint"]["S"], "TRIM_HORIZON");
    assert_eq!(item["endingHashKey"]["S"], "170141183460469231731687303715884105727");
    assert_eq!(item.get("parentShardId"), None, "the first shards have no parents");
    let key = r#"--key '{"leaseKey":{"S":"shardId-000000000001"}}'"#;
    let owner = "--query Item.startingHashKey.S --output text";
    assert_eq!(
        with_billing(&format!("aws dynamodb get-item --table-name billing {key} {owner}")),
        "170141183460469231731687303715884105728\n"
    );
    // A key may be typed as shorthand, and an item that is not there is nothing.
    let absent = "aws dynamodb get-item --table-name billing --key leaseKey={S=none}";
    assert_eq!(with_billing(absent), "");
    assert_eq!(with_billing("aws dynamodb list-tables --output text"), "TABLENAMES\tbilling\n");
    let table = with_billing("aws dynamodb describe-table --table-name billing --query Table.KeySchema[0]");
    assert!(table.contains(r#""AttributeName": "leaseKey""#), "{table}");
}

#[test]
fn what_dynamodb_refuses_is_said_in_its_words() {
    check(
        &["aws dynamodb scan --table-name none"],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ResourceNotFoundException) when calling the Scan operation: Requested resource not found
            exit 254
        "#]],
    );
    let wrong = with_billing("aws dynamodb get-item --table-name billing --key '{\"id\":{\"S\":\"1\"}}'");
    assert!(
        wrong.contains("(ValidationException) when calling the GetItem operation: The provided key element")
    );
    let missing = with_billing("aws dynamodb get-item --table-name billing");
    assert!(missing.contains("the following arguments are required: --key"), "{missing}");
    let other = with_billing("aws dynamodb put-item --table-name billing");
    assert!(other.starts_with("! sandbox: aws dynamodb put-item exists in AWS but is not simulated here. Simulated: aws dynamodb list-tables,"), "{other}");
    let near = with_billing("aws dynamodb get-itme --table-name billing");
    assert!(near.contains("* get-item"), "{near}");
    let unsimulated = with_billing("aws dynamodb scan --table-name billing --filter-expression x");
    assert!(
        unsimulated.contains("--filter-expression exists in the AWS CLI but is not simulated here"),
        "{unsimulated}"
    );
}

#[test]
fn a_policy_of_iam_decides_on_kinesis_and_on_the_neighbours() {
    let put = format!(
        "aws iam create-user --user-name ana; aws iam put-user-policy --user-name ana --policy-name write --policy-document {POLICY}"
    );
    let as_ana = |line: &str| session(&[ORDERS[0], ORDERS[1], BILLING, &put, line]).1;
    let ok = as_ana(
        "aws kinesis put-record --stream-name orders --data eA== --partition-key k --profile ana --query ShardId",
    );
    assert!(ok.starts_with("\"shardId"), "{ok}");
    let denied = as_ana("aws dynamodb scan --table-name billing --profile ana");
    assert!(
        denied.contains("(AccessDeniedException) when calling the Scan operation: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: dynamodb:Scan on resource: arn:aws:dynamodb:us-east-1:123456789012:table/billing"),
        "{denied}"
    );
    assert_eq!(as_ana("aws iam list-user-policies --user-name ana --output text"), "POLICYNAMES\twrite\n");
    let shown = as_ana(
        "aws iam get-user-policy --user-name ana --policy-name write --query PolicyDocument.Statement[0].Action",
    );
    assert_eq!(shown, "\"kinesis:Put*\"\n");
    let simulated = as_ana(
        "aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:user/ana --action-names \
         kinesis:PutRecord kinesis:DeleteStream --query EvaluationResults[].EvalDecision --output text",
    );
    assert_eq!(simulated, "allowed\timplicitDeny\n");
    let gone = session(&[
        &put,
        "aws iam delete-user-policy --user-name ana --policy-name write",
        "aws iam list-user-policies --user-name bob",
    ])
    .1;
    assert!(gone.contains("(NoSuchEntity) when calling the ListUserPolicies operation: The user with name bob cannot be found."), "{gone}");
    let malformed = session(&[
        "sandbox identity create role/r",
        "aws iam put-role-policy --role-name r --policy-name p --policy-document '{'",
    ])
    .1;
    assert!(malformed.contains("(MalformedPolicyDocument) when calling the PutRolePolicy"), "{malformed}");
}

#[test]
fn a_key_that_kms_disables_stops_a_stream() {
    let start = "aws kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/orders";
    let put = "aws kinesis put-record --stream-name orders --data eA== --partition-key k";
    let lines = [ORDERS[0], ORDERS[1], start, "sleep 30", "aws kms disable-key --key-id alias/orders", put];
    let refused = session(&lines).1;
    assert!(refused.contains("(KMSDisabledException)"), "{refused}");
    let described =
        session(&[lines[4], "aws kms describe-key --key-id alias/orders --query KeyMetadata.KeyState"]).1;
    assert_eq!(described, "\"Disabled\"\n");
    let again = session(&[&lines[..5], &["aws kms enable-key --key-id alias/orders", put]].concat()).1;
    assert!(again.contains("SequenceNumber"), "{again}");
    let twice = session(&["aws kms schedule-key-deletion --key-id k1", "aws kms enable-key --key-id k1"]).1;
    assert!(twice.contains("(KMSInvalidStateException) when calling the EnableKey operation"), "{twice}");
    let soon = session(&["aws kms schedule-key-deletion --key-id k1 --pending-window-in-days 3"]).1;
    assert!(soon.contains("(ValidationException)"), "{soon}");
}

#[test]
fn objects_are_listed_and_printed_as_the_aws_cli_does() {
    let lines = [
        "aws s3 mb s3://archive",
        "echo '1,ana' | aws s3 cp - s3://archive/in/a.csv",
        "echo '2,bob' > b.csv; aws s3 cp b.csv s3://archive/",
    ];
    let then = |line: &str| session(&[&lines[..], &[line]].concat()).1;
    assert_eq!(session(&lines[..1]).1, "make_bucket: archive\n");
    assert_eq!(session(&lines).1, "upload: ./b.csv to s3://archive/b.csv\n");
    assert_eq!(then("aws s3 ls"), "2026-01-01 00:00:00 archive\n");
    assert_eq!(
        then("aws s3 ls s3://archive"),
        "                           PRE in/\n2026-01-01 00:00:01          6 b.csv\n"
    );
    assert_eq!(
        then("aws s3 ls archive --recursive"),
        "2026-01-01 00:00:01          6 b.csv\n2026-01-01 00:00:00          6 in/a.csv\n"
    );
    assert_eq!(then("aws s3 ls s3://archive/out"), "exit 1\n");
    assert_eq!(then("aws s3 cp s3://archive/in/a.csv -"), "1,ana\n");
    assert_eq!(then("aws s3 cp s3://archive/in/a.csv - | cut -d, -f2"), "ana\n");
    assert_eq!(
        then("aws s3 cp s3://archive/none -"),
        "! download failed: s3://archive/none to - An error occurred (404) when calling the HeadObject operation: Not Found\nexit 1\n"
    );
    assert_eq!(
        then("aws s3 rb s3://archive"),
        "! remove_bucket failed: s3://archive An error occurred (BucketNotEmpty) when calling the DeleteBucket operation: The bucket you tried to delete is not empty\nexit 1\n"
    );
    assert_eq!(then("aws s3 rm s3://archive/b.csv"), "delete: s3://archive/b.csv\n");
    let none = then("aws s3 ls s3://none");
    assert!(
        none.contains("An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation"),
        "{none}"
    );
    let file = then("aws s3 cp s3://archive/b.csv b2.csv");
    assert!(file.contains("aws s3 cp s3://archive/b.csv - > b2.csv"), "{file}");
}

#[test]
fn metrics_and_alarms_are_those_of_the_stream() {
    let put = "for i in 1 2 3; do aws kinesis put-record --stream-name orders --data eA== --partition-key k > /dev/null; done";
    let then = |line: &str| session(&[ORDERS[0], ORDERS[1], put, "sleep 180", line]).1;
    let names = then(
        "aws cloudwatch list-metrics --namespace AWS/Kinesis --dimensions Name=StreamName,Value=orders --query \
         Metrics[].MetricName --output text",
    );
    assert!(names.contains("IncomingRecords") && names.contains("IncomingBytes"), "{names}");
    let statistics = "aws cloudwatch get-metric-statistics --namespace AWS/Kinesis --metric-name IncomingRecords \
                      --dimensions Name=StreamName,Value=orders --start-time 2026-01-01T00:00:00Z --end-time \
                      2026-01-01T00:10:00Z --period";
    assert_eq!(then(&format!("{statistics} 60 --statistics Sum --query Datapoints[0].Sum")), "3.0\n");
    let point = then(&format!("{statistics} 60 --statistics Sum SampleCount --query Datapoints[0]"));
    assert!(point.contains("\"Timestamp\": \"2026-01-01T00:00:00+00:00\""), "{point}");
    assert!(point.contains("\"Unit\": \"Count\""), "{point}");
    let odd = then(&format!("{statistics} 61 --statistics Sum"));
    assert!(odd.contains("(InvalidParameterValue) when calling the GetMetricStatistics operation"), "{odd}");
    let alarm = crate::aws::service("cloudwatch").unwrap().commands[3].example;
    let described = session(&[
        ORDERS[0],
        alarm,
        "aws cloudwatch describe-alarms --query MetricAlarms[0].[AlarmName,Threshold,ComparisonOperator] --output text",
    ]);
    assert_eq!(described.1, "throttled\t0.0\tGreaterThanThreshold\n");
    let gone = session(&[
        alarm,
        "aws cloudwatch delete-alarms --alarm-names throttled",
        "aws cloudwatch describe-alarms --query 'length(MetricAlarms)'",
    ]);
    assert_eq!(gone.1, "0\n");
}

#[test]
fn the_trail_says_who_deleted_a_stream() {
    let lines = [
        ORDERS[0],
        ORDERS[1],
        "aws kinesis delete-stream --stream-name orders",
        "sleep 600",
        "aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=DeleteStream --query \
         Events[0].[Username,EventName,ReadOnly,Resources[0].ResourceName] --output text",
    ];
    assert_eq!(session(&lines).1, "admin\tDeleteStream\tfalse\torders\n");
    let two = "AttributeKey=EventName,AttributeValue=X";
    let two = session(&[&format!("aws cloudtrail lookup-events --lookup-attributes {two} {two}")]).1;
    assert!(two.contains("(InvalidLookupAttributesException)"), "{two}");
}

#[test]
fn an_event_source_mapping_is_made_changed_and_ended() {
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    let create = format!(
        "aws lambda create-event-source-mapping --function-name count --event-source-arn {arn} --starting-position \
         TRIM_HORIZON --batch-size 10 --maximum-batching-window-in-seconds 0 --function-response-types \
         ReportBatchItemFailures --filter-criteria '{{\"Filters\":[{{\"Pattern\":\"{{}}\"}}]}}'"
    );
    let function = "sandbox function create count";
    let begin = [ORDERS[0], ORDERS[1], function, &create];
    let made: Value = serde_json::from_str(&session(&begin).1).unwrap();
    assert_eq!((&made["State"], &made["BatchSize"]), (&Value::from("Creating"), &Value::from(10)));
    assert!(made["LastModified"].as_str().unwrap().starts_with("2026-01-01T00:00:"), "{made}");
    assert_eq!(made["FunctionResponseTypes"][0], "ReportBatchItemFailures");
    let uuid =
        "UUID=$(aws lambda list-event-source-mappings --query EventSourceMappings[0].UUID --output text)";
    let then = |line: &str| session(&[&begin[..], &["sleep 60", uuid, line]].concat()).1;
    let updated = then(
        "aws lambda update-event-source-mapping --uuid $UUID --batch-size 20 --no-enabled --query BatchSize",
    );
    assert_eq!(updated, "20\n");
    assert_eq!(then("aws lambda delete-event-source-mapping --uuid $UUID --query State"), "\"Deleting\"\n");
    assert_eq!(then("aws lambda get-event-source-mapping --uuid $UUID --query State"), "\"Enabled\"\n");
    let none = then("aws lambda get-event-source-mapping --uuid none");
    assert!(none.contains("(ResourceNotFoundException) when calling the GetEventSourceMapping"), "{none}");
    let large =
        session(&[&begin[..3], &[&create.replace("--batch-size 10", "--batch-size 10001")]].concat()).1;
    assert!(large.contains("exit 254") && large.contains("CreateEventSourceMapping"), "{large}");
    let local = session(&[&create.replace("--batch-size 10", "--batch-size 0")]).1;
    assert!(local.contains("Invalid value for parameter BatchSize, value: 0, valid min value: 1"), "{local}");
}

#[test]
fn records_are_put_to_a_firehose_stream_directly() {
    let create = "aws firehose create-delivery-stream --delivery-stream-name clicks --extended-s3-destination-configuration \
                  '{\"BucketARN\":\"arn:aws:s3:::lake\",\"CompressionFormat\":\"GZIP\",\"BufferingHints\":{\"SizeInMBs\":1,\"IntervalInSeconds\":60}}'";
    let made = ["aws s3 mb s3://lake", create, "sandbox clock advance 30s"];
    let then = |line: &str| session(&[made[0], made[1], made[2], line]).1;
    let json = |line: &str| {
        let text = then(line);
        serde_json::from_str::<Value>(&text).unwrap_or_else(|error| panic!("{line}: {error}: {text}"))
    };
    let answer = json(
        "aws firehose put-record --delivery-stream-name clicks --record Data=hello --cli-binary-format raw-in-base64-out",
    );
    assert_eq!(answer["RecordId"].as_str().map(str::len), Some(224));
    assert_eq!(answer["Encrypted"], false);
    let batch = "aws firehose put-record-batch --delivery-stream-name clicks --records aGVsbG8= d29ybGQ=";
    let answer = json(batch);
    assert_eq!(answer["FailedPutCount"], 0);
    assert_eq!(answer["RequestResponses"].as_array().map(Vec::len), Some(2));
    let described = "aws firehose describe-delivery-stream --delivery-stream-name clicks --query \
         'DeliveryStreamDescription.[DeliveryStreamType,Destinations[0].ExtendedS3DestinationDescription.CompressionFormat]' \
         --output text";
    assert_eq!(then(described), "DirectPut\tGZIP\n");
    // An object that is packed is shown as it is when it is unpacked.
    let (_, printed) = session(&[
        made[0],
        made[1],
        made[2],
        batch,
        "sandbox clock advance 2m",
        "KEY=$(aws s3 ls s3://lake --recursive | grep -o '2026/.*gz')",
        "aws s3 cp s3://lake/$KEY -",
    ]);
    assert!(printed.contains("helloworld") && printed.contains("GZIP"), "{printed}");
    let plain = then("aws firehose put-record --delivery-stream-name clicks --record Data=hallo");
    assert!(plain.contains("Invalid base64"), "{plain}");
    let unknown = then(&create.replace("clicks", "other").replace("GZIP", "Snappy"));
    assert!(unknown.contains("Snappy is not simulated here"), "{unknown}");
}

#[test]
fn a_firehose_stream_is_made_shown_and_deleted() {
    let create = crate::aws::service("firehose").unwrap().commands[0].example;
    let begin = [ORDERS[0], ORDERS[1], "aws s3 mb s3://archive", create];
    let arn = "arn:aws:firehose:us-east-1:123456789012:deliverystream/archive";
    let made = session(&begin).1;
    assert!(made.contains(arn), "{made}");
    let then = |line: &str| session(&[&begin[..], &["sleep 120", line]].concat()).1;
    let shown = then(
        "aws firehose describe-delivery-stream --delivery-stream-name archive --query \
         DeliveryStreamDescription.[DeliveryStreamStatus,Destinations[0].ExtendedS3DestinationDescription.BufferingHints.SizeInMBs] \
         --output text",
    );
    assert_eq!(shown, "ACTIVE\t5\n");
    let again = then(create);
    assert!(
        again.contains("(ResourceInUseException) when calling the CreateDeliveryStream operation"),
        "{again}"
    );
    assert_eq!(then("aws firehose delete-delivery-stream --delivery-stream-name archive"), "");
    let none = then("aws firehose describe-delivery-stream --delivery-stream-name none");
    assert!(none.contains("(ResourceNotFoundException)"), "{none}");
    assert_eq!(session(&["aws dms describe-replication-tasks --query ReplicationTasks"]).1, "[]\n");
}

#[test]
fn a_role_is_made_gets_policies_and_is_deleted_once_they_are_gone() {
    let create = "aws iam create-role --role-name fn --assume-role-policy-document \
                  '{\"Version\":\"2012-10-17\",\"Statement\":[]}'";
    let attach = "aws iam attach-role-policy --role-name fn --policy-arn \
                  arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole";
    let inline =
        format!("aws iam put-role-policy --role-name fn --policy-name own --policy-document {POLICY}");
    let made = session(&[create]).1;
    assert!(
        made.starts_with("{\n    \"Role\": {\n        \"Path\": \"/\",\n        \"RoleName\": \"fn\""),
        "{made}"
    );
    assert!(made.contains("\"Arn\": \"arn:aws:iam::123456789012:role/fn\""), "{made}");
    assert!(made.contains("\"CreateDate\": \"2026-01-01T00:00:00+00:00\""), "{made}");
    let then = |lines: &[&str]| session(&[&[create, attach, &inline], lines].concat()).1;
    assert_eq!(
        then(&["aws iam list-attached-role-policies --role-name fn --output text"]),
        "ATTACHEDPOLICIES\tarn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole\tAWSLambdaKinesisExecutionRole\n"
    );
    assert_eq!(then(&["aws iam list-role-policies --role-name fn --output text"]), "POLICYNAMES\town\n");
    let decided =
        then(&["aws iam simulate-principal-policy --policy-source-arn arn:aws:iam::123456789012:role/fn \
                          --action-names kinesis:GetRecords kinesis:PutRecord kinesis:DeleteStream --query \
                          EvaluationResults[].EvalDecision --output text"]);
    assert_eq!(decided, "allowed\tallowed\timplicitDeny\n");
    let delete = "aws iam delete-role --role-name fn";
    let detach = attach.replace("attach-role-policy", "detach-role-policy");
    let inline_gone = "aws iam delete-role-policy --role-name fn --policy-name own";
    let conflict = "(DeleteConflict) when calling the DeleteRole operation: Cannot delete entity, must";
    assert!(
        then(&[delete]).contains(&format!("{conflict} detach all policies first.")),
        "{}",
        then(&[delete])
    );
    assert!(then(&[&detach, delete]).contains(&format!("{conflict} delete policies first.")));
    assert_eq!(then(&[&detach, inline_gone, delete]), "");
    assert_eq!(then(&[&detach, inline_gone, delete, "aws iam list-roles --query 'length(Roles)'"]), "0\n");
    for (line, part) in [
        (
            create,
            "(EntityAlreadyExists) when calling the CreateRole operation: Role with name fn already exists.",
        ),
        (inline_gone.replace("own", "other").as_str(), "The role policy with name other cannot be found."),
        ("aws iam get-role --role-name other", "The role with name other cannot be found."),
        (
            "aws iam attach-role-policy --role-name fn --policy-arn arn:aws:iam::aws:policy/Nothing",
            "(NoSuchEntity) when calling the AttachRolePolicy operation: Policy arn:aws:iam::aws:policy/Nothing does \
             not exist or is not attachable.",
        ),
        ("aws iam create-role --role-name 'a b' --assume-role-policy-document '{}'", "(ValidationError)"),
        ("aws iam create-role --role-name b --assume-role-policy-document x", "(MalformedPolicyDocument)"),
        (
            "aws iam create-role --role-name b",
            "the following arguments are required: --assume-role-policy-document",
        ),
        ("aws iam put-role-policy --role-name none --policy-name p --policy-document '{}'", "(NoSuchEntity)"),
    ] {
        let told = then(&[line]);
        assert!(told.contains(part) && told.contains("exit"), "{line}: {told}");
    }
}

#[test]
fn a_lease_table_is_changed_and_deleted_as_any_table() {
    let update = "aws dynamodb update-table --table-name billing --billing-mode PROVISIONED --provisioned-throughput \
                  ReadCapacityUnits=3,WriteCapacityUnits=2";
    let units = with_billing(&format!(
        "{update} --query 'TableDescription.ProvisionedThroughput.[ReadCapacityUnits,WriteCapacityUnits]' --output text"
    ));
    assert_eq!(units, "3\t2\n");
    let small = with_billing(&update.replace("ReadCapacityUnits=3", "ReadCapacityUnits=0"));
    assert!(
        small.contains("Invalid value for parameter ProvisionedThroughput.ReadCapacityUnits, value: 0, valid min value: 1"),
        "{small}"
    );
    let word = with_billing(&update.replace("ReadCapacityUnits=3", "ReadCapacityUnits=x"));
    assert!(
        word.contains("invalid literal for int() with base 10: 'x'") && word.contains("exit 255"),
        "{word}"
    );
    let part = with_billing(&update.replace("ReadCapacityUnits=3,", ""));
    assert!(
        part.contains("Missing required parameter in ProvisionedThroughput: \"ReadCapacityUnits\""),
        "{part}"
    );
    let mode = with_billing("aws dynamodb update-table --table-name billing --billing-mode PROVISIONED");
    assert!(mode.contains("(ValidationException) when calling the UpdateTable operation"), "{mode}");
    let none = with_billing("aws dynamodb update-table --table-name none --billing-mode PAY_PER_REQUEST");
    assert!(
        none.contains(
            "(ResourceNotFoundException) when calling the UpdateTable operation: Requested resource"
        ),
        "{none}"
    );
    let key = "--table-name billing --key '{\"leaseKey\":{\"S\":\"shardId-000000000000\"}}'";
    let delete = format!("aws dynamodb delete-item {key}; aws dynamodb delete-item {key}");
    assert_eq!(with_billing(&delete), "");
    let deleted =
        with_billing("aws dynamodb delete-table --table-name billing --query TableDescription.TableStatus");
    assert_eq!(deleted, "\"DELETING\"\n");
    let after = with_billing(
        "aws dynamodb delete-table --table-name billing --output off; aws dynamodb list-tables --query TableNames",
    );
    assert_eq!(after, "[]\n");
}

#[test]
fn a_replication_task_is_stopped_started_and_deleted_by_its_arn() {
    let create = "sandbox dms create move --bucket files --stream orders --external-table-definition \
                  '{\"TableCount\":\"1\",\"Tables\":[{\"TableName\":\"t\",\"TablePath\":\"s/t/\",\"TableOwner\":\"s\",\"TableColumns\":[{\"ColumnName\":\"id\",\"ColumnType\":\"INT8\"}],\"TableColumnsTotal\":\"1\"}]}' \
                  --migration-type cdc --cdc-path s/changes";
    let begin = [ORDERS[0], ORDERS[1], "aws s3 mb s3://files", create, "sleep 60"];
    let arn = "--replication-task-arn arn:aws:dms:us-east-1:123456789012:task:move";
    let then = |lines: &[&str]| session(&[&begin[..], lines].concat()).1;
    let stop = format!(
        "aws dms stop-replication-task {arn} --query ReplicationTask.[Status,StopReason] --output text"
    );
    assert_eq!(then(&[&stop]), "stopped\tStop Reason NORMAL\n");
    let start = format!(
        "aws dms start-replication-task {arn} --start-replication-task-type resume-processing --query ReplicationTask.Status"
    );
    assert_eq!(then(&[&stop, &start]), "\"starting\"\n");
    assert!(
        then(&[&start])
            .contains("(InvalidResourceStateFault) when calling the StartReplicationTask operation")
    );
    let described = "aws dms describe-replication-tasks --filters Name=replication-task-id,Values=move,other --query ReplicationTasks[].Status --output text";
    assert_eq!(then(&[described]), "running\n");
    let none = then(&["aws dms describe-replication-tasks --filters Name=replication-task-id,Values=other"]);
    assert!(none.contains("(ResourceNotFoundFault)"), "{none}");
    let delete = format!("aws dms delete-replication-task {arn} --query ReplicationTask.Status");
    assert_eq!(then(&[&delete]), "\"deleting\"\n");
    let wrong = then(&[
        "aws dms stop-replication-task --replication-task-arn arn:aws:dms:us-east-1:123456789012:task:x",
    ]);
    assert!(
        wrong.contains("(ResourceNotFoundFault) when calling the StopReplicationTask operation"),
        "{wrong}"
    );
}

#[test]
fn shorthand_gives_numbers_truths_and_lists_where_the_model_has_some() {
    let create = crate::aws::service("firehose").unwrap().commands[0].example;
    let hints = create.replace(
        "BucketARN=arn:aws:s3:::archive",
        "'BucketARN=arn:aws:s3:::archive,BufferingHints={SizeInMBs=7,IntervalInSeconds=60}'",
    );
    let begin = [ORDERS[0], ORDERS[1], "aws s3 mb s3://archive", &hints, "sleep 120"];
    let shown = session(&[&begin[..], &["aws firehose describe-delivery-stream --delivery-stream-name archive --query \
        DeliveryStreamDescription.Destinations[0].ExtendedS3DestinationDescription.BufferingHints --output text"]].concat());
    assert_eq!(shown.1, "60\t7\n");
}

#[test]
fn what_is_not_simulated_says_what_is() {
    check(
        &["aws redshift describe-clusters"],
        expect![[r#"
            ! sandbox: aws redshift exists in AWS but is not simulated here. Simulated: aws kinesis, dynamodb, cloudwatch, lambda, firehose, dms, iam, kms, cloudtrail, s3, sts and configure.
            exit 252
        "#]],
    );
}

#[test]
fn whatever_aws_has_is_no_mistake() {
    for (line, part) in [
        ("aws ecs list-clusters", "aws ecs exists in AWS but is not simulated here."),
        ("aws bedrock-runtime converse", "aws bedrock-runtime exists in AWS but is not simulated here."),
        ("aws iam list-access-keys", "aws iam list-access-keys exists in AWS but is not simulated here."),
        ("aws lambda invoke-async", "aws lambda invoke-async exists in AWS"),
        ("aws sts assume-role-with-saml", "aws sts assume-role-with-saml exists in AWS"),
        (
            "aws s3 sync a b",
            "aws s3 sync exists in AWS but is not simulated here. Simulated: aws s3 ls, cp, mb, rb, rm.",
        ),
        ("aws s3 rm s3://a --recursive", "--recursive exists in the AWS CLI but is not simulated here."),
        ("aws s3 cp a s3://b --sse aws:kms", "--sse exists in the AWS CLI but is not simulated here."),
        ("aws configure list-profiles", "aws configure list-profiles exists in AWS"),
        ("aws dynamodb scan --table-name t --max-items 1", "--max-items exists in the AWS CLI"),
        ("aws cloudwatch list-metrics --recently-active PT3H", "--recently-active exists in the AWS CLI"),
        ("aws cloudwatch list-metrics --recently=PT3H", "--recently-active exists in the AWS CLI"),
    ] {
        let (sandbox, printed) = session(&[line]);
        assert!(printed.starts_with("! sandbox: ") && printed.contains(part), "{line}: {printed}");
        assert!(printed.ends_with("exit 252\n") && sandbox.entries().is_empty(), "{line}: {printed}");
    }
    let printed = session(&["aws ecss"]).1;
    assert!(printed.contains("Found invalid choice 'ecss'") && printed.contains("* ecs"), "{printed}");
    let printed = session(&["aws kms describe-key --key-id k --limitless"]).1;
    assert!(printed.contains("Unknown options: --limitless"), "{printed}");
}

/// What the sandbox has under AWS's names is there in AWS: services, commands and each of their options.
#[test]
fn nothing_is_simulated_that_aws_has_not() {
    for (name, _) in services().chain([("kinesis", ""), ("sts", ""), ("configure", "")]) {
        assert!(services_of_aws().any(|known| known == name), "{name}");
        let Some(service) = crate::aws::service(name) else { continue };
        for command in service.commands {
            assert!(commands_of_aws(name).any(|known| known == command.name), "{name} {}", command.name);
            let known: Vec<&str> = options_of_aws(name, command.name).collect();
            let options = command.options();
            for option in options.iter().filter(|option| option.member().is_some()) {
                assert!(known.contains(&option.name.as_str()), "{name} {} {}", command.name, option.name);
            }
        }
    }
    for (command, ..) in crate::aws::S3_COMMANDS {
        assert!(commands_of_aws("s3").any(|known| known == *command), "{command}");
    }
}

#[test]
fn there_is_help_at_each_level() {
    for (line, part) in [
        ("aws help", "dynamodb"),
        ("aws dynamodb help", "scan"),
        ("aws dynamodb scan help", "--table-name TEXT"),
        ("help aws dynamodb get-item", "Example:"),
        ("aws s3 help", "aws s3 cp"),
        ("aws s3 ls help", "aws s3 ls"),
        ("aws kinesis wait help", "stream-exists"),
        ("aws kinesis wait stream-exists help", "stream-exists"),
        ("help aws kinesis wait stream-exists", "stream-exists"),
        ("aws configure help", "aws configure set"),
        ("aws configure set help", "aws configure set"),
        ("aws sts help", "get-caller-identity"),
        ("aws sts get-caller-identity help", "get-caller-identity"),
        ("aws kinesis help", "put-record"),
        ("aws kinesis put-record help", "--partition-key"),
        ("sandbox help", "sandbox kcl start"),
        ("sandbox kcl help", "sandbox kcl start"),
        ("sandbox kcl start help", "--workers"),
    ] {
        let printed = session(&[line]).1;
        assert!(printed.contains(part) && !printed.contains("exit"), "{line}: {printed}");
    }
}

#[test]
fn every_command_of_every_service_is_explained_and_its_example_is_read() {
    for (name, text) in services() {
        assert!(!text.is_empty());
        let Some(service) = crate::aws::service(name) else { continue };
        for command in service.commands {
            assert!(parse(command.example).is_ok(), "{}: {:?}", command.example, parse(command.example));
            assert!(command.example.starts_with(&format!("aws {name} {}", command.name)));
            let text = help(&["aws".to_owned(), name.to_owned(), command.name.to_owned()]);
            assert!(text.contains(command.help) && text.contains(command.example), "{text}");
        }
    }
}
