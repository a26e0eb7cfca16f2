use serde_json::Value;
use sim::{Sandbox, SandboxOptions};

use super::*;
use crate::Shell;

/// A world after some lines, none of which may fail.
fn world(lines: &[&str]) -> Sandbox {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut shell = Shell::default();
    for line in lines {
        let output = shell.run(&mut sandbox, line, &mut |_| {});
        assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
    }
    sandbox
}

const RICH: [&str; 10] = [
    "aws kinesis create-stream --stream-name orders-eu --shard-count 2 --tags team=sales",
    "aws kinesis create-stream --stream-name 7.clicks --stream-mode-details StreamMode=ON_DEMAND",
    "aws kinesis wait stream-exists --stream-name 7.clicks",
    "aws kinesis increase-stream-retention-period --stream-name orders-eu --retention-period-hours 48",
    "aws kinesis start-stream-encryption --stream-name orders-eu --encryption-type KMS --key-id alias/aws/kinesis",
    "aws kinesis wait stream-exists --stream-name orders-eu && sleep 30",
    "aws kinesis enable-enhanced-monitoring --stream-name orders-eu --shard-level-metrics IncomingBytes",
    "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu --consumer-name search",
    "aws kinesis put-resource-policy --resource-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu --policy '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::210987654321:root\"},\"Action\":\"kinesis:PutRecord\",\"Resource\":\"arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu\"}]}'",
    "sandbox kcl start billing --stream orders-eu",
];

#[test]
fn the_script_makes_the_same_streams_in_another_sandbox() {
    let from = world(&RICH);
    let script = export(from.world(), ExportForm::Cli);
    // The commands of `up`, with what bash keeps in a variable put in.
    let up = script.split("up() {\n").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/orders-eu";
    let mut lines: Vec<String> = Vec::new();
    for command in crate::commands(up) {
        if !command.starts_with("arn=") {
            lines.push(command.replace("\"$arn\"", arn));
        }
    }
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let to = world(&lines);
    assert_eq!(export(to.world(), ExportForm::CloudFormation).replace("DifferentInReality", ""), {
        // The application's own sentence is about what is not taken along.
        let text = export(world(&RICH[..9]).world(), ExportForm::CloudFormation);
        text.replace("DifferentInReality", "")
    });
}

#[test]
fn taking_down_comes_before_setting_up_and_waits() {
    let script = export(world(&RICH).world(), ExportForm::Cli);
    let place = |text: &str| script.find(text).unwrap_or_else(|| panic!("no {text} in {script}"));
    assert!(place("down() {") < place("up() {"));
    assert!(place("delete-stream --stream-name orders-eu --enforce-consumer-deletion") < place("up() {"));
    assert!(place("wait stream-not-exists --stream-name orders-eu") < place("up() {"));
    assert!(place("delete-table --table-name billing") < place("up() {"));
    assert!(
        place("create-stream --stream-name orders-eu") < place("wait stream-exists --stream-name orders-eu")
    );
}

#[test]
fn an_empty_account_gives_whole_texts() {
    let empty = world(&[]);
    assert!(export(empty.world(), ExportForm::Cli).contains("up() {\n  :\n}"));
    for form in [ExportForm::CloudFormation, ExportForm::Terraform] {
        assert!(serde_json::from_str::<Value>(&export(empty.world(), form)).is_ok());
    }
}

#[test]
fn templates_name_each_resource_once() {
    let sandbox = world(&[
        "aws kinesis create-stream --stream-name a-b --shard-count 1",
        "aws kinesis create-stream --stream-name a.b --shard-count 1",
        "aws kinesis create-stream --stream-name A_B --shard-count 1",
    ]);
    let read = |form| serde_json::from_str::<Value>(&export(sandbox.world(), form)).unwrap();
    let template = read(ExportForm::CloudFormation);
    assert_eq!(template["Resources"].as_object().map(|all| all.len()), Some(3));
    let terraform = read(ExportForm::Terraform);
    assert_eq!(terraform["resource"]["aws_kinesis_stream"].as_object().map(|all| all.len()), Some(3));
}

#[test]
fn a_split_stream_is_told_to_come_out_even() {
    let sandbox = world(&[
        "aws kinesis create-stream --stream-name s --shard-count 1",
        "sleep 60",
        "aws kinesis split-shard --stream-name s --shard-to-split shardId-000000000000 --new-starting-hash-key 10",
        "sleep 60",
    ]);
    assert!(export(sandbox.world(), ExportForm::Cli).contains("AWS makes 2 even ones"));
    let even = world(&["aws kinesis create-stream --stream-name s --shard-count 7", "sleep 60"]);
    assert!(!export(even.world(), ExportForm::Cli).contains("even ones"));
}

const BESIDE: [&str; 11] = [
    "aws kinesis create-stream --stream-name orders --shard-count 1",
    "sleep 60",
    "aws s3 mb s3://archive-of-orders",
    "aws iam create-role --role-name reader --assume-role-policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}'",
    "aws iam attach-role-policy --role-name reader --policy-arn arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
    "aws iam create-user --user-name ana; aws iam put-user-policy --user-name ana --policy-name put --policy-document '{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"kinesis:PutRecord\",\"Resource\":\"*\"}]}'",
    "aws firehose create-delivery-stream --delivery-stream-name archive --delivery-stream-type KinesisStreamAsSource --kinesis-stream-source-configuration KinesisStreamARN=arn:aws:kinesis:us-east-1:123456789012:stream/orders --extended-s3-destination-configuration 'BucketARN=arn:aws:s3:::archive-of-orders,Prefix=raw/,BufferingHints={SizeInMBs=3,IntervalInSeconds=60}'",
    "aws cloudwatch put-metric-alarm --alarm-name late --namespace AWS/Kinesis --metric-name GetRecords.IteratorAgeMilliseconds --dimensions Name=StreamName,Value=orders --statistic Maximum --period 60 --evaluation-periods 3 --threshold 60000 --comparison-operator GreaterThanThreshold",
    "sandbox function create count --role arn:aws:iam::123456789012:role/reader --timeout 9",
    "aws lambda create-event-source-mapping --function-name count --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --starting-position LATEST --batch-size 7 --bisect-batch-on-function-error --filter-criteria '{\"Filters\":[{\"Pattern\":\"{\\\"data\\\":{\\\"a\\\":[1]}}\"}]}'",
    "sandbox key set alias/orders --state disabled",
];

#[test]
fn roles_firehose_streams_and_alarms_are_made_again_by_the_script() {
    let from = world(&BESIDE[..8]);
    let script = export(from.world(), ExportForm::Cli);
    let up = script.split("up() {\n").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let lines = crate::commands(up);
    let to = world(&lines);
    // The role that Firehose needs in reality was made, so that it is one of the account's own now.
    let again = export(to.world(), ExportForm::Cli);
    let own_role = "arn:aws:iam::123456789012:role/sandbox-firehose";
    assert!(to.world().delivery_streams().any(|(_, stream)| stream.spec.role.as_deref() == Some(own_role)));
    let commands = |text: &str| {
        let mut lines: Vec<String> =
            text.lines().filter(|line| line.starts_with("  aws ")).map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(commands(&script), commands(&again));
}

#[test]
fn every_form_has_the_neighbours_with_their_settings_and_what_they_cost() {
    let sandbox = world(&BESIDE);
    let script = export(sandbox.world(), ExportForm::Cli);
    for part in [
        "# - A month (730 hours) of the streams with the traffic of the last minute costs 10.95 USD in us-east-1.",
        "aws kms create-alias --alias-name alias/orders --target-key-id \"$key\"",
        "aws lambda create-function --function-name count --runtime nodejs22.x --handler index.handler --timeout 9",
        "--event-source-arn \"arn:aws:kinesis:us-east-1:$account:stream/orders\" --starting-position LATEST --batch-size 7",
        "--bisect-batch-on-function-error",
        "aws cloudwatch delete-alarms --alarm-names late",
        "aws iam detach-role-policy --role-name reader",
        "aws s3 rb s3://archive-of-orders --force",
        "Functions are declared behaviours here",
        "Names of buckets are one in the world",
    ] {
        assert!(script.contains(part), "no {part:?} in {script}");
    }
    // Nothing that needs another thing is made before it, or is there after it is gone.
    let place = |text: &str| script.find(text).unwrap();
    assert!(place("delete-delivery-stream") < place("delete-stream --stream-name orders"));
    assert!(place("delete-event-source-mapping") < place("aws lambda delete-function"));
    assert!(place("create-stream --stream-name orders") < place("create-event-source-mapping"));
    assert!(place("aws iam create-role --role-name reader") < place("aws lambda create-function"));

    let read = |form| serde_json::from_str::<Value>(&export(sandbox.world(), form)).unwrap();
    let template = read(ExportForm::CloudFormation);
    let resources = &template["Resources"];
    assert_eq!(resources["Mapping1"]["Properties"]["EventSourceArn"]["Fn::GetAtt"][0], "Orders");
    assert_eq!(resources["Mapping1"]["Properties"]["FunctionName"]["Ref"], "FunctionCount");
    assert_eq!(resources["FunctionCount"]["Properties"]["Role"]["Fn::GetAtt"][0], "RoleReader");
    assert_eq!(resources["AlarmLate"]["Properties"]["Threshold"], 60_000);
    assert_eq!(resources["RoleSandboxFirehose"]["Type"], "AWS::IAM::Role");
    let delivery = &resources["DeliveryArchive"]["Properties"]["ExtendedS3DestinationConfiguration"];
    assert_eq!(delivery["BufferingHints"]["SizeInMBs"], 3);
    assert_eq!(resources["KeyOrdersAlias"]["Properties"]["AliasName"], "alias/orders");
    assert!(template["Metadata"]["CostByTheMonth"][0].as_str().is_some_and(|text| text.contains("USD")));
    let terraform = read(ExportForm::Terraform);
    let resource = &terraform["resource"];
    assert_eq!(
        resource["aws_lambda_event_source_mapping"]["mapping_1"]["event_source_arn"],
        "${aws_kinesis_stream.orders.arn}"
    );
    assert_eq!(resource["aws_cloudwatch_metric_alarm"]["late"]["dimensions"]["StreamName"], "orders");
    assert_eq!(resource["aws_iam_role_policy_attachment"]["reader_1"]["role"], "${aws_iam_role.reader.name}");
}

const DIRECT: [&str; 4] = [
    "aws s3 mb s3://archive-of-orders",
    "aws firehose create-delivery-stream --delivery-stream-name pressed --extended-s3-destination-configuration 'BucketARN=arn:aws:s3:::archive-of-orders,CompressionFormat=GZIP'",
    "aws firehose create-delivery-stream --delivery-stream-name columns --extended-s3-destination-configuration '{\"BucketARN\":\"arn:aws:s3:::archive-of-orders\",\"BufferingHints\":{\"SizeInMBs\":64,\"IntervalInSeconds\":60},\"DataFormatConversionConfiguration\":{\"SchemaConfiguration\":{\"DatabaseName\":\"shop\",\"TableName\":\"orders\"},\"OutputFormatConfiguration\":{\"Serializer\":{\"ParquetSerDe\":{}}}}}'",
    "sleep 60",
];

#[test]
fn direct_put_compression_and_conversion_are_taken_along() {
    let from = world(&DIRECT);
    let script = export(from.world(), ExportForm::Cli);
    let up = script.split("up() {\n").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let to = world(&crate::commands(up));
    let specs = |sandbox: &Sandbox| {
        let mut specs: Vec<_> =
            sandbox.world().delivery_streams().map(|(_, stream)| stream.spec.clone()).collect();
        specs.iter_mut().for_each(|spec| spec.role = None);
        specs
    };
    assert_eq!(specs(&from), specs(&to));
    assert!(script.contains("columns takes its columns from the AWS Glue table shop.orders"), "{script}");

    let read = |form| serde_json::from_str::<Value>(&export(from.world(), form)).unwrap();
    let template = read(ExportForm::CloudFormation);
    let pressed = &template["Resources"]["DeliveryPressed"]["Properties"];
    assert_eq!(pressed["DeliveryStreamType"], "DirectPut");
    assert_eq!(pressed["ExtendedS3DestinationConfiguration"]["CompressionFormat"], "GZIP");
    assert_eq!(pressed["KinesisStreamSourceConfiguration"], Value::Null);
    let columns =
        &template["Resources"]["DeliveryColumns"]["Properties"]["ExtendedS3DestinationConfiguration"];
    let conversion = &columns["DataFormatConversionConfiguration"];
    assert_eq!(conversion["SchemaConfiguration"]["TableName"], "orders");
    assert_eq!(conversion["SchemaConfiguration"]["RoleARN"]["Fn::GetAtt"][0], "RoleSandboxFirehose");
    let terraform = read(ExportForm::Terraform);
    let streams = &terraform["resource"]["aws_kinesis_firehose_delivery_stream"];
    assert_eq!(streams["pressed"]["extended_s3_configuration"]["compression_format"], "GZIP");
    let conversion = &streams["columns"]["extended_s3_configuration"]["data_format_conversion_configuration"];
    assert_eq!(conversion["schema_configuration"]["database_name"], "shop");
}

#[test]
fn the_role_of_firehose_has_each_right_once() {
    for (lines, services) in [(&BESIDE[..7], vec!["kinesis", "s3"]), (&DIRECT[..3], vec!["s3", "s3", "glue"])]
    {
        let sandbox = world(lines);
        let template: Value =
            serde_json::from_str(&export(sandbox.world(), ExportForm::CloudFormation)).unwrap();
        let policies = &template["Resources"]["RoleSandboxFirehose"]["Properties"]["Policies"];
        let statements = policies.as_array().into_iter().flatten();
        let statements =
            statements.flat_map(|policy| policy["PolicyDocument"]["Statement"].as_array().unwrap());
        let of: Vec<&str> = statements
            .map(|statement| statement["Action"][0].as_str().unwrap().split_once(':').unwrap().0)
            .collect();
        assert_eq!(of, services);
    }
}
