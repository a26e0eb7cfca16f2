//! Policies and keys by the sandbox's own verbs, and whom they let do what.

use expect_test::expect;

use super::*;

#[test]
fn a_user_does_what_its_policies_allow() {
    let policy = r#"sandbox policy set ana write --document '{"Statement":{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}}'"#;
    let put = "aws kinesis put-record --stream-name orders --partition-key k --data YQ== --profile ana";
    let inside = "--endpoint-url https://vpce-0123456789abcdef0.kinesis.us-east-1.vpce.amazonaws.com";
    check_orders(
        &[put],
        expect![[r#"
            !
            ! aws: [ERROR]: The config profile (ana) could not be found
            ! sandbox: a profile here is default, a user of aws iam, or role/NAME
            exit 255
        "#]],
    );
    check_orders(
        &[policy, &format!("{put} --query ShardId")],
        expect![[r#"
        "shardId-000000000001"
    "#]],
    );
    check_orders(
        &[policy, "aws kinesis list-streams --profile ana"],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (AccessDeniedException) when calling the ListStreams operation: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: kinesis:ListStreams because no identity-based policy allows the kinesis:ListStreams action
        exit 254
    "#]],
    );
    check_orders(
        &[policy, "sandbox policy remove ana write", put],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (AccessDeniedException) when calling the PutRecord operation: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders because no identity-based policy allows the kinesis:PutRecord action
        exit 254
    "#]],
    );
    let only_inside = r#"sandbox policy set ana only-inside --document '{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}}}}'"#;
    check_orders(
        &[policy, only_inside, &format!("{put} {inside} --query ShardId")],
        expect![[r#"
        "shardId-000000000001"
    "#]],
    );
    check_orders(
        &[policy, only_inside, put],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (AccessDeniedException) when calling the PutRecord operation: User: arn:aws:iam::123456789012:user/ana is not authorized to perform: kinesis:PutRecord on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders with an explicit deny in an identity-based policy
        exit 254
    "#]],
    );
}

#[test]
fn a_profile_may_be_a_role() {
    let policy = r#"sandbox policy set role/writer write --document '{"Statement":{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}}'"#;
    let put = "aws kinesis put-record --stream-name orders --partition-key k --data YQ== --query ShardId";
    check_orders(
        &[policy, &format!("{put} --profile role/writer")],
        expect![[r#"
            "shardId-000000000001"
        "#]],
    );
    check_orders(
        &[policy, "export AWS_PROFILE=role/writer", "aws kinesis delete-stream --stream-name orders"],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (AccessDeniedException) when calling the DeleteStream operation: User: arn:aws:sts::123456789012:assumed-role/writer/botocore-session-1767225630 is not authorized to perform: kinesis:DeleteStream on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders because no identity-based policy allows the kinesis:DeleteStream action
            exit 254
        "#]],
    );
    check_orders(
        &[policy, "aws sts get-caller-identity --profile role/writer"],
        expect![[r#"
            {
                "UserId": "AROADBQP57FF2AEXAMPLE:botocore-session-1767225630",
                "Account": "123456789012",
                "Arn": "arn:aws:sts::123456789012:assumed-role/writer/botocore-session-1767225630"
            }
        "#]],
    );
    for line in [put, "aws sts get-caller-identity", "aws s3 ls"] {
        check_orders(
            &[policy, &format!("{line} --profile writer")],
            expect![[r#"
                !
                ! aws: [ERROR]: The config profile (writer) could not be found
                ! sandbox: did you mean role/writer?
                exit 255
            "#]],
        );
    }
}

#[test]
fn a_key_may_be_taken_out_of_use() {
    let encrypt = "aws kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/orders";
    let put = "aws kinesis put-record --stream-name orders --partition-key k --data YQ==";
    check_orders(
        &[encrypt, "sleep 10", "sandbox key set alias/orders --state disabled", put],
        expect![[r#"
        !
        ! aws: [ERROR]: An error occurred (KMSDisabledException) when calling the PutRecord operation: arn:aws:kms:us-east-1:123456789012:alias/orders is disabled.
        exit 254
    "#]],
    );
}

#[test]
fn policies_that_cannot_be_judged_are_refused_where_they_are_set() {
    check(
        &["sandbox policy set ana p --document '{}'"],
        expect![[r#"
        ! sandbox: The policy must have a Statement.
        exit 1
    "#]],
    );
    check(
        &["sandbox policy remove ana p"],
        expect![[r#"
        ! sandbox: arn:aws:iam::123456789012:user/ana has no policy p
        exit 1
    "#]],
    );
    check(
        &["sandbox policy set admin p --document '{}'"],
        expect![[r#"
        ! sandbox: "admin" has no policies here: name a user, or give the ARN of a user or role that is not the admin
        exit 1
    "#]],
    );
}
