use std::sync::Arc;

use super::*;

const ARN: &str = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";

fn allows(statement: &str, action: &str, resource: &str) -> bool {
    allows_with(statement, action, resource, &Context::default())
}

fn allows_with(statement: &str, action: &str, resource: &str, context: &Context) -> bool {
    let policy =
        Policy::of_identity(&format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#)).unwrap();
    let caller = Caller::new("arn:aws:iam::123456789012:user/ana", Arc::new([]));
    policy.says(Effect::Allow, Query { caller: &caller, action, resource, context })
}

#[test]
fn actions_and_resources_may_have_wildcards_and_actions_no_case() {
    let statement = format!(r#"{{"Effect":"Allow","Action":["kinesis:get*","s3:*"],"Resource":"{ARN}"}}"#);
    assert!(allows(&statement, "kinesis:GetRecords", ARN));
    assert!(!allows(&statement, "kinesis:PutRecord", ARN));
    assert!(!allows(&statement, "kinesis:GetRecords", &ARN.replace("orders", "Orders")));
}

#[test]
fn not_action_and_not_resource_mean_all_others() {
    let statement = format!(r#"{{"Effect":"Allow","NotAction":"kinesis:Delete*","NotResource":"{ARN}"}}"#);
    let other = ARN.replace("orders", "clicks");
    assert!(allows(&statement, "kinesis:PutRecord", &other));
    assert!(!allows(&statement, "kinesis:PutRecord", ARN));
    assert!(!allows(&statement, "kinesis:DeleteStream", &other));
}

#[test]
fn an_action_without_a_resource_is_allowed_on_everything_alone() {
    for (resource, is_allowed) in [("*", true), ("arn:aws:kinesis:*:*:*", false), (ARN, false)] {
        let statement = format!(r#"{{"Effect":"Allow","Action":"kinesis:*","Resource":"{resource}"}}"#);
        assert_eq!(allows(&statement, "kinesis:ListStreams", "*"), is_allowed, "{resource}");
    }
}

#[test]
fn the_managed_policy_is_what_its_text_says() {
    let managed = Policy::administrator_access();
    assert_eq!(Policy::of_identity(managed.text()), Ok(managed.clone()));
    assert!(managed.allows_everything());
    let narrow = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}}"#;
    assert!(!Policy::of_identity(narrow).unwrap().allows_everything());
}

/// As the IAM user guide describes operators, `IfExists`, `Null` and the two scopes of many values.
#[test]
fn conditions_hold_as_documented() {
    let mut context = Context::default();
    context.set("aws:SourceVpce", "vpce-1");
    context.set("aws:SecureTransport", "true");
    context.set("aws:ResourceTag/team", "shop");
    context.set("aws:PrincipalArn", "arn:aws:iam::123456789012:role/app-reader");
    context.set_all("aws:TagKeys", vec!["team".to_owned(), "env".to_owned()]);
    for (condition, holds) in [
        (r#"{"StringEquals":{"aws:SourceVpce":"vpce-1"}}"#, true),
        (r#"{"StringEquals":{"AWS:sourcevpce":["vpce-0","vpce-1"]}}"#, true),
        (r#"{"StringEquals":{"aws:SourceVpce":"VPCE-1"}}"#, false),
        (r#"{"StringEqualsIgnoreCase":{"aws:SourceVpce":"VPCE-1"}}"#, true),
        (r#"{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}"#, false),
        (r#"{"StringNotEquals":{"aws:SourceVpce":["vpce-0","vpce-1"]}}"#, false),
        (r#"{"StringNotEquals":{"aws:ResourceTag/other":"x"}}"#, true),
        (r#"{"StringEquals":{"aws:ResourceTag/other":"x"}}"#, false),
        (r#"{"StringEqualsIfExists":{"aws:ResourceTag/other":"x"}}"#, true),
        (r#"{"StringLike":{"aws:ResourceTag/team":"s?o*"}}"#, true),
        (r#"{"StringNotLike":{"aws:ResourceTag/team":"s*"}}"#, false),
        (r#"{"ArnLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/app-*"}}"#, true),
        (r#"{"ArnNotEquals":{"aws:PrincipalArn":"arn:aws:iam::*:role/app-*"}}"#, false),
        (r#"{"Bool":{"aws:SecureTransport":true}}"#, true),
        (r#"{"Bool":{"aws:SecureTransport":"false"}}"#, false),
        (r#"{"Null":{"aws:SourceVpce":"false"}}"#, true),
        (r#"{"Null":{"aws:SourceVpce":"true"}}"#, false),
        (r#"{"Null":{"aws:ResourceTag/other":true}}"#, true),
        (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team","env","cost"]}}"#, true),
        (r#"{"ForAllValues:StringEquals":{"aws:TagKeys":["team"]}}"#, false),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["team"]}}"#, true),
        (r#"{"ForAnyValue:StringEquals":{"aws:TagKeys":["cost"]}}"#, false),
        (r#"{"StringEquals":{"aws:SourceVpce":"vpce-1"},"Bool":{"aws:SecureTransport":"false"}}"#, false),
    ] {
        let statement =
            format!(r#"{{"Effect":"Allow","Action":"kinesis:*","Resource":"*","Condition":{condition}}}"#);
        assert_eq!(allows_with(&statement, "kinesis:PutRecord", ARN, &context), holds, "{condition}");
    }
}

#[test]
fn a_document_that_cannot_be_judged_is_refused_with_a_sentence() {
    let statement = |members: &str| format!(r#"{{"Statement":{{{members}}}}}"#);
    let plain = r#""Effect":"Allow","Action":"kinesis:*","Resource":"*""#;
    for (text, said) in [
        ("[]".to_owned(), "The policy is not in JSON."),
        (r#"{"Statements":[]}"#.to_owned(), "Statements is no element of a policy."),
        (r#"{"Version":"2020-01-01","Statement":[]}"#.to_owned(), "The policy's Version must be 2012-10-17."),
        (r#"{"Statement":[]}"#.to_owned(), "The policy must have a Statement."),
        (r#"{"Statement":["Allow"]}"#.to_owned(), "A statement must be an object."),
        (
            statement(r#""Effect":"allow","Action":"kinesis:*","Resource":"*""#),
            "A statement's Effect must be Allow or Deny.",
        ),
        (statement(r#""Effect":"Allow","Resource":"*""#), "A statement must have an Action or a NotAction."),
        (statement(r#""Effect":"Allow","Action":"*""#), "A statement must have a Resource or a NotResource."),
        (
            statement(r#""Effect":"Allow","Action":"PutRecord","Resource":"*""#),
            "Action PutRecord must begin with the name of a service, such as kinesis:",
        ),
        (
            statement(r#""Effect":"Allow","Action":"kinesis:*","Resource":"orders""#),
            "Resource orders must be in ARN format or \"*\".",
        ),
        (
            statement(&format!(r#"{plain},"Principal":{{"AWS":"123456789012"}}"#)),
            "A policy of an identity must not have a Principal.",
        ),
        (
            statement(&format!(r#"{plain},"NotAction":"s3:*""#)),
            "A statement must not have both Action and NotAction.",
        ),
        (
            statement(&format!(r#"{plain},"Condition":{{"DateLessThan":{{"aws:CurrentTime":"x"}}}}"#)),
            "The condition operator DateLessThan exists in AWS but is not simulated here.",
        ),
        (
            statement(&format!(r#"{plain},"Condition":{{"StringEquals":{{"aws:UserAgent":"x"}}}}"#)),
            "The condition key aws:UserAgent exists in AWS but is not simulated here.",
        ),
        (
            statement(
                r#""Effect":"Allow","Action":"kinesis:*","Resource":"arn:aws:kinesis:*:*:stream/${aws:username}""#,
            ),
            "A policy variable exists in AWS but is not simulated here.",
        ),
        ("x".repeat(20_481), "The policy has more than 20480 bytes."),
    ] {
        let error = Policy::of_identity(&text).expect_err(&text);
        assert_eq!(error.to_string().replace(" (at Statement)", ""), said, "{text}");
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let said = |text: &str| Policy::of_identity(text).expect_err(text).to_string();
    assert!(said("{\n  \"Statement\": oops}").ends_with("at line 2 column 16."));
    let good = r#"{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}"#;
    let bad = r#"{"Effect":"Allow","Resource":"*"}"#;
    let text = format!(r#"{{"Statement":[{good},{bad}]}}"#);
    assert_eq!(said(&text), "A statement must have an Action or a NotAction. (at Statement[1])");
}
