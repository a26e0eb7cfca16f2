//! Commands of the AWS CLI beside `kinesis`, as far as a learner of Kinesis meets them.

/// Services that exist in AWS; the sandbox simulates none of them at the prompt.
pub(crate) const NOT_SIMULATED: &[&str] = &[
    "apigateway",
    "athena",
    "cloudformation",
    "dynamodbstreams",
    "ec2",
    "events",
    "glue",
    "kafka",
    "kinesis-video-media",
    "kinesisanalytics",
    "kinesisanalyticsv2",
    "kinesisvideo",
    "logs",
    "opensearch",
    "pipes",
    "rds",
    "redshift",
    "s3api",
    "secretsmanager",
    "service-quotas",
    "sns",
    "sqs",
    "stepfunctions",
];
