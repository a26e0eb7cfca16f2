//! Policies that AWS manages, as far as learners of streams attach them.
//!
//! Documented: AWS Managed Policy Reference Guide, the newest version of each.

/// The ARN and the document of each.
pub const MANAGED_POLICIES: &[(&str, &str)] = &[
    (
        "arn:aws:iam::aws:policy/AdministratorAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "arn:aws:iam::aws:policy/AmazonKinesisFirehoseFullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"firehose:*","Resource":"*"}]}"#,
    ),
    (
        "arn:aws:iam::aws:policy/AmazonKinesisFullAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}]}"#,
    ),
    (
        "arn:aws:iam::aws:policy/AmazonKinesisReadOnlyAccess",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:Get*","kinesis:List*","kinesis:Describe*"],"Resource":"*"}]}"#,
    ),
    (
        "arn:aws:iam::aws:policy/service-role/AWSLambdaKinesisExecutionRole",
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["kinesis:DescribeStream","kinesis:DescribeStreamSummary","kinesis:GetRecords","kinesis:GetShardIterator","kinesis:ListShards","kinesis:ListStreams","kinesis:SubscribeToShard","logs:CreateLogGroup","logs:CreateLogStream","logs:PutLogEvents"],"Resource":"*"}]}"#,
    ),
];

/// The document of a policy that AWS manages.
pub fn managed_policy(arn: &str) -> Option<&'static str> {
    MANAGED_POLICIES.iter().find(|(own, _)| *own == arn).map(|(_, document)| *document)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_managed_policy_is_one_that_iam_takes() {
        for (arn, document) in MANAGED_POLICIES {
            assert!(kinesis::Policy::of_identity(document).is_ok(), "{arn}");
        }
    }
}
