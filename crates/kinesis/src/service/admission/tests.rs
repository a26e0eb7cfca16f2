use std::collections::BTreeSet;

use super::*;
use crate::operations::*;
use crate::testing::*;
use crate::{KeyState, Policy, Request, ShardIteratorType};

const OTHER: &str = "222222222222";
const ANA: &str = "arn:aws:iam::123456789012:user/ana";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234";

/// A user with these statements and no others.
fn ana(statements: &[&str]) -> Caller {
    let text = format!(r#"{{"Statement":[{}]}}"#, statements.join(","));
    let policies = (!statements.is_empty()).then(|| Policy::of_identity(&text).expect("the policy is good"));
    Caller::new(ANA, policies.into_iter().collect())
}

fn allow(action: &str, resource: &str) -> String {
    format!(r#"{{"Effect":"Allow","Action":"{action}","Resource":"{resource}"}}"#)
}

/// One good request of each operation, and the resource that it takes permission for.
fn one_of_each(lab: &mut Lab) -> Vec<(Request, String)> {
    let name = || text("orders");
    let arn = || text(ARN);
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    let consumer = || format!("{ARN}/consumer/billing:1767225620");
    let tags = || Some(Tags::from([("team".to_owned(), "shop".to_owned())]));
    let keys = || Some(vec!["team".to_owned()]);
    let metrics = || Some(vec!["ALL".to_owned()]);
    let mode = Some(StreamModeDetails { stream_mode: text("ON_DEMAND") });
    let commitment = Some(CommitmentSetting { status: text("ENABLED") });
    let (kms, key_id) = (|| text("KMS"), || text("alias/aws/kinesis"));
    let (hours, stream) = (Some(48), ARN.to_owned());
    let everything = || "*".to_owned();
    vec![
        (AddTagsToStreamInput { stream_name: name(), tags: tags(), stream_arn: None }.into(), stream.clone()),
        (create("orders", 1).into(), stream.clone()),
        (
            DecreaseStreamRetentionPeriodInput {
                stream_name: name(),
                retention_period_hours: hours,
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (DeleteResourcePolicyInput { resource_arn: arn() }.into(), stream.clone()),
        (DeleteStreamInput { stream_name: name(), ..Default::default() }.into(), stream.clone()),
        (
            DeregisterStreamConsumerInput { consumer_arn: text(&consumer()), ..Default::default() }.into(),
            consumer(),
        ),
        (DescribeAccountSettingsInput {}.into(), everything()),
        (DescribeLimitsInput {}.into(), everything()),
        (DescribeStreamInput { stream_name: name(), ..Default::default() }.into(), stream.clone()),
        (
            DescribeStreamConsumerInput {
                stream_arn: arn(),
                consumer_name: text("billing"),
                consumer_arn: None,
            }
            .into(),
            consumer(),
        ),
        (DescribeStreamSummaryInput { stream_name: name(), stream_arn: None }.into(), stream.clone()),
        (
            DisableEnhancedMonitoringInput {
                stream_name: name(),
                shard_level_metrics: metrics(),
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (
            EnableEnhancedMonitoringInput {
                stream_name: name(),
                shard_level_metrics: metrics(),
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (page_at(&iterator).into(), stream.clone()),
        (GetResourcePolicyInput { resource_arn: arn() }.into(), stream.clone()),
        (get_iterator(0, ShardIteratorType::Latest).into(), stream.clone()),
        (
            IncreaseStreamRetentionPeriodInput {
                stream_name: name(),
                retention_period_hours: hours,
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (ListShardsInput { stream_name: name(), ..Default::default() }.into(), stream.clone()),
        (ListStreamConsumersInput { stream_arn: arn(), ..Default::default() }.into(), stream.clone()),
        (ListStreamsInput::default().into(), everything()),
        (ListTagsForResourceInput { resource_arn: arn() }.into(), stream.clone()),
        (ListTagsForStreamInput { stream_name: name(), ..Default::default() }.into(), stream.clone()),
        (merge(0, 1).into(), stream.clone()),
        (put("k", "x").into(), stream.clone()),
        (batch(vec![entry("k", 1)]).into(), stream.clone()),
        (PutResourcePolicyInput { resource_arn: arn(), policy: text("{}") }.into(), stream.clone()),
        (
            RegisterStreamConsumerInput {
                stream_arn: arn(),
                consumer_name: text("audit"),
                ..Default::default()
            }
            .into(),
            stream.clone(),
        ),
        (
            RemoveTagsFromStreamInput { stream_name: name(), tag_keys: keys(), stream_arn: None }.into(),
            stream.clone(),
        ),
        (split(0, 1 << 125).into(), stream.clone()),
        (
            StartStreamEncryptionInput {
                stream_name: name(),
                encryption_type: kms(),
                key_id: key_id(),
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (
            StopStreamEncryptionInput {
                stream_name: name(),
                encryption_type: kms(),
                key_id: key_id(),
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (
            SubscribeToShardInput {
                consumer_arn: text(&consumer()),
                shard_id: text("shardId-000000000000"),
                starting_position: Some(StartingPosition { kind: text("LATEST"), ..Default::default() }),
                dry_run: None,
            }
            .into(),
            consumer(),
        ),
        (TagResourceInput { tags: tags(), resource_arn: text(&consumer()) }.into(), consumer()),
        (UntagResourceInput { tag_keys: keys(), resource_arn: arn() }.into(), stream.clone()),
        (
            UpdateAccountSettingsInput { minimum_throughput_billing_commitment: commitment }.into(),
            everything(),
        ),
        (
            UpdateMaxRecordSizeInput { stream_arn: arn(), max_record_size_in_kib: Some(2_048) }.into(),
            stream.clone(),
        ),
        (
            UpdateShardCountInput {
                stream_name: name(),
                target_shard_count: Some(4),
                scaling_type: text("UNIFORM_SCALING"),
                stream_arn: None,
            }
            .into(),
            stream.clone(),
        ),
        (
            UpdateStreamModeInput {
                stream_arn: arn(),
                stream_mode_details: mode,
                warm_throughput_mi_bps: None,
            }
            .into(),
            stream.clone(),
        ),
        (
            UpdateStreamRecordDistributionStrategyInput {
                stream_arn: arn(),
                record_distribution_strategy: text("AUTO"),
            }
            .into(),
            stream.clone(),
        ),
        (
            UpdateStreamWarmThroughputInput {
                stream_arn: arn(),
                stream_name: None,
                warm_throughput_mi_bps: Some(8),
            }
            .into(),
            stream,
        ),
    ]
}

fn with_consumer() -> Lab {
    let mut lab = Lab::with_shards(2);
    lab.accepts(RegisterStreamConsumerInput {
        stream_arn: text(ARN),
        consumer_name: text("billing"),
        ..Default::default()
    });
    lab.wait(SECOND.times(5));
    lab
}

#[test]
fn every_operation_takes_permission_for_itself_and_its_resource_and_no_other() {
    let mut lab = with_consumer();
    let requests = one_of_each(&mut lab);
    let operations: BTreeSet<Operation> = requests.iter().map(|(request, _)| request.operation()).collect();
    assert_eq!(operations, Operation::ALL.iter().copied().collect());
    for (request, resource) in requests {
        let operation = request.operation();
        let action = format!("kinesis:{operation}");
        let on = if resource == "*" { String::new() } else { format!(" on resource: {resource}") };
        let denied = format!(
            "AccessDeniedException: User: {ANA} is not authorized to perform: {action}{on} because no identity-based \
             policy allows the {action} action"
        );
        let before = lab.clone();
        for statements in
            [vec![], vec![allow("s3:*", "*")], vec![allow(&action, &ARN.replace("orders", "o"))]]
        {
            lab.caller = ana(&statements.iter().map(String::as_str).collect::<Vec<_>>());
            assert_eq!(lab.refusal(request.clone()), denied, "{statements:?}");
        }
        lab.caller = ana(&[&allow(&action, &resource)]);
        if let Err(refused) = lab.call(request) {
            assert_ne!(refused.code().name(), "AccessDeniedException", "{operation}: {refused}");
        }
        lab = before;
    }
}

#[test]
fn members_are_checked_before_the_caller_and_the_caller_before_the_stream() {
    let mut lab = Lab::empty();
    lab.caller = ana(&[]);
    let request = crate::PutRecordInput { partition_key: None, ..put("", "x") };
    assert!(lab.refusal(request).starts_with("ValidationException"));
    assert!(lab.refusal(put("k", "x")).starts_with("AccessDeniedException"));
    lab.caller = ana(&[&allow("kinesis:Put*", ARN)]);
    assert!(lab.refusal(put("k", "x")).starts_with("ResourceNotFoundException"));
}

#[test]
fn a_deny_wins_and_says_so() {
    let mut lab = Lab::with_shards(1);
    let deny = r#"{"Effect":"Deny","Action":"kinesis:PutRecord","Resource":"*"}"#;
    lab.caller = ana(&[&allow("*", "*"), deny]);
    assert_eq!(
        lab.refusal(put("k", "x")),
        format!(
            "AccessDeniedException: User: {ANA} is not authorized to perform: kinesis:PutRecord on resource: {ARN} with an \
             explicit deny in an identity-based policy"
        )
    );
    lab.caller = Caller::administrator(ACCOUNT);
    let policy = format!(
        r#"{{"Statement":{{"Effect":"Deny","Principal":{{"AWS":"{ANA}"}},"Action":"kinesis:PutRecord","Resource":"{ARN}"}}}}"#
    );
    lab.accepts(PutResourcePolicyInput { resource_arn: text(ARN), policy: text(&policy) });
    lab.accepts(put("k", "x"));
    lab.caller = ana(&[&allow("*", "*")]);
    assert_eq!(
        lab.refusal(put("k", "x")),
        format!(
            "AccessDeniedException: User: {ANA} is not authorized to perform: kinesis:PutRecord on resource: {ARN} with an \
             explicit deny in a resource-based policy"
        )
    );
}

#[test]
fn tags_of_the_stream_and_of_the_request_can_decide() {
    let mut lab = Lab::with_shards(1);
    let by_tag = r#"{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/team":"shop"}}}"#;
    lab.caller = ana(&[by_tag]);
    assert!(lab.refusal(put("k", "x")).starts_with("AccessDeniedException"));
    lab.caller = Caller::administrator(ACCOUNT);
    let tag = |key: &str| AddTagsToStreamInput {
        stream_name: text("orders"),
        tags: Some(Tags::from([(key.to_owned(), "shop".to_owned())])),
        stream_arn: None,
    };
    lab.accepts(tag("team"));
    lab.caller = ana(&[by_tag]);
    lab.accepts(put("k", "x"));

    let some_keys = r#"{"Effect":"Allow","Action":"kinesis:AddTagsToStream","Resource":"*","Condition":{"ForAllValues:StringEquals":{"aws:TagKeys":["env"]}}}"#;
    lab.caller = ana(&[some_keys]);
    lab.accepts(tag("env"));
    assert!(lab.refusal(tag("team")).starts_with("AccessDeniedException"));
}

#[test]
fn a_stream_with_tags_takes_the_permission_to_tag_it() {
    let mut lab = Lab::empty();
    let tags = Some(Tags::from([("team".to_owned(), "shop".to_owned())]));
    let request = CreateStreamInput { tags, ..create("orders", 1) };
    lab.caller = ana(&[&allow("kinesis:CreateStream", "*"), &allow("kinesis:TagResource", "*")]);
    assert!(lab.refusal(request.clone()).contains("kinesis:AddTagsToStream"));
    lab.caller = ana(&[&allow("kinesis:CreateStream", "*"), &allow("kinesis:AddTagsToStream", "*")]);
    lab.accepts(request);
}

#[test]
fn the_way_of_a_request_can_decide() {
    let mut lab = Lab::with_shards(1);
    let only_inside = r#"{"Effect":"Deny","Action":"kinesis:*","Resource":"*","Condition":{"StringNotEquals":{"aws:SourceVpce":"vpce-1"}}}"#;
    lab.caller = ana(&[&allow("kinesis:*", "*"), only_inside]);
    assert!(lab.refusal(put("k", "x")).contains("explicit deny"));
    lab.caller.via = Via::VpcEndpoint { id: "vpce-1".to_owned() };
    lab.accepts(put("k", "x"));
}

#[test]
fn another_account_has_nothing_here_of_its_own() {
    let mut lab = Lab::with_shards(1);
    lab.caller = Caller::administrator(OTHER);
    for request in [create("mine", 1).into(), Request::from(ListStreamsInput::default())] {
        assert_eq!(
            lab.refusal(request),
            format!("NotSimulatedException: Account {OTHER} exists in AWS but is not simulated here.")
        );
    }
}

/// The stream `orders`, encrypted with a key of the account's own.
fn encrypted() -> Lab {
    let mut lab = Lab::with_shards(1);
    lab.accepts(StartStreamEncryptionInput {
        stream_name: text("orders"),
        encryption_type: text("KMS"),
        key_id: text(KEY),
        stream_arn: None,
    });
    lab.wait(SECOND.times(5));
    lab
}

#[test]
fn a_key_of_ones_own_takes_permissions_for_writing_and_for_reading() {
    let mut lab = encrypted();
    let kms_denied = |action: &str| {
        format!(
            "KMSAccessDeniedException: User: {ANA} is not authorized to perform: {action} on resource: {KEY} because no \
             identity-based policy allows the {action} action"
        )
    };
    lab.accepts(put("k", "x"));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    lab.caller = ana(&[&allow("kinesis:*", "*")]);
    assert_eq!(lab.refusal(put("k", "x")), kms_denied("kms:GenerateDataKey"));
    assert_eq!(lab.refusal(batch(vec![entry("k", 1)])), kms_denied("kms:GenerateDataKey"));
    assert_eq!(lab.refusal(page_at(&iterator)), kms_denied("kms:Decrypt"));
    let through_kinesis = r#"{"Effect":"Allow","Action":"kms:*","Resource":"*","Condition":{"StringEquals":{"kms:ViaService":"kinesis.us-east-1.amazonaws.com","kms:EncryptionContext:aws:kinesis:arn":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}}}"#;
    lab.caller = ana(&[&allow("kinesis:*", "*"), through_kinesis]);
    lab.accepts(put("k", "x"));
    assert_eq!(lab.read(&iterator).records.len(), 2);
}

#[test]
fn the_key_of_aws_takes_no_permission_within_the_account() {
    let mut lab = Lab::with_shards(1);
    lab.caller = ana(&[&allow("kinesis:*", "*")]);
    lab.accepts(StartStreamEncryptionInput {
        stream_name: text("orders"),
        encryption_type: text("KMS"),
        key_id: text(MANAGED_KEY),
        stream_arn: None,
    });
    lab.wait(SECOND.times(5));
    lab.accepts(put("k", "x"));
}

#[test]
fn another_account_cannot_use_the_key_of_aws() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(StartStreamEncryptionInput {
        stream_name: text("orders"),
        encryption_type: text("KMS"),
        key_id: text(MANAGED_KEY),
        stream_arn: None,
    });
    lab.wait(SECOND.times(5));
    let policy = format!(
        r#"{{"Statement":{{"Effect":"Allow","Principal":{{"AWS":"{OTHER}"}},"Action":"kinesis:PutRecord","Resource":"{ARN}"}}}}"#
    );
    lab.accepts(PutResourcePolicyInput { resource_arn: text(ARN), policy: text(&policy) });
    lab.caller = Caller::administrator(OTHER);
    let request = crate::PutRecordInput { stream_name: None, stream_arn: text(ARN), ..put("k", "x") };
    assert!(lab.refusal(request).starts_with("KMSAccessDeniedException"));
}

#[test]
fn a_key_that_cannot_be_used_stops_writing_and_the_reading_of_what_it_encrypted() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(put("plain", "x"));
    let start = StartStreamEncryptionInput {
        stream_name: text("orders"),
        encryption_type: text("KMS"),
        key_id: text(KEY),
        stream_arn: None,
    };
    lab.accepts(start.clone());
    lab.wait(SECOND.times(5));
    lab.accepts(put("encrypted", "x"));
    let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
    for (state, said) in [
        (KeyState::Disabled, format!("KMSDisabledException: {KEY} is disabled.")),
        (KeyState::PendingDeletion, format!("KMSInvalidStateException: {KEY} is pending deletion.")),
        (KeyState::NotFound, format!("KMSNotFoundException: Key '{KEY}' does not exist")),
        (
            KeyState::OptInRequired,
            "KMSOptInRequired: The AWS Access Key Id needs a subscription for the service".to_owned(),
        ),
        (
            KeyState::Throttling,
            "KMSThrottlingException: You have exceeded the rate at which you may call KMS. Reduce the frequency of \
             your calls."
                .to_owned(),
        ),
    ] {
        lab.keys.set(KEY, state);
        assert_eq!(lab.refusal(put("k", "x")), said);
        assert_eq!(lab.refusal(page_at(&iterator)), said);
        assert_eq!(lab.refusal(start.clone()), said);
        let one = crate::GetRecordsInput { limit: Some(1), ..page_at(&iterator) };
        assert!(lab.call(one).is_ok(), "what was written before is not encrypted");
        lab.wait(SECOND);
    }
    lab.keys.set(KEY, KeyState::Enabled);
    assert_eq!(keys(&lab.read(&iterator)), ["plain", "encrypted"]);
}

fn describe() -> DescribeStreamInput {
    DescribeStreamInput { stream_name: text("orders"), ..Default::default() }
}

#[test]
fn calls_of_an_account_are_counted_over_all_streams_and_each_second_anew() {
    let mut lab = Lab::with_shards(1);
    for _ in 0..9 {
        lab.accepts(describe());
    }
    let clicks = DescribeStreamInput { stream_name: text("clicks"), ..Default::default() };
    assert!(lab.refusal(clicks).starts_with("ResourceNotFoundException"), "the tenth");
    let refused = lab.call(describe()).expect_err("the eleventh");
    assert_eq!(
        refused.to_string(),
        "LimitExceededException: Rate exceeded for stream orders under account 123456789012."
    );
    assert!(refused.is_call_rate());
    lab.wait(SECOND);
    lab.accepts(describe());
}

#[test]
fn calls_without_a_stream_name_the_account() {
    let mut lab = Lab::empty();
    lab.accepts(DescribeLimitsInput {});
    assert_eq!(
        lab.refusal(DescribeLimitsInput {}),
        "LimitExceededException: Rate exceeded for account 123456789012."
    );
}

#[test]
fn calls_for_a_stream_are_counted_for_it_alone() {
    let mut lab = Lab::with_shards(1);
    lab.accepts(create("clicks", 1));
    lab.wait(SECOND.times(20));
    let list = |name: &str| ListTagsForStreamInput { stream_name: text(name), ..Default::default() };
    for _ in 0..5 {
        lab.accepts(list("orders"));
    }
    assert!(lab.call(list("orders")).expect_err("the sixth").is_call_rate());
    lab.accepts(list("clicks"));
}

#[test]
fn a_rate_may_differ_between_the_profiles() {
    for (profile, count) in [(crate::LimitsProfile::Exam, 100), (crate::LimitsProfile::AwsToday, 1_000)] {
        let mut lab = Lab::with_shards_under(profile, 1);
        let list = ListShardsInput { stream_name: text("orders"), ..Default::default() };
        let accepted = (0..2_000).filter(|_| lab.call(list.clone()).is_ok()).count();
        assert_eq!(accepted, count, "{profile:?}");
    }
}

#[test]
fn every_operation_of_the_control_plane_has_a_rate() {
    let mut lab = with_consumer();
    for (request, _) in one_of_each(&mut lab) {
        let operation = request.operation();
        let mut lab = lab.clone();
        let is_refused = (0..200).any(|_| lab.call(request.clone()).is_err_and(|error| error.is_call_rate()));
        // Creating and registering too much at once is said in other words.
        let is_counted_elsewhere =
            matches!(operation, Operation::CreateStream | Operation::RegisterStreamConsumer);
        assert_eq!(is_refused, call_rate(operation).is_some() && !is_counted_elsewhere, "{operation}");
    }
}

#[test]
fn a_call_that_is_denied_or_badly_formed_does_not_count() {
    let mut lab = Lab::with_shards(1);
    lab.caller = ana(&[]);
    for _ in 0..20 {
        assert!(lab.refusal(describe()).starts_with("AccessDeniedException"));
    }
    lab.caller = Caller::administrator(ACCOUNT);
    let wrong = DescribeStreamInput { limit: Some(0), ..describe() };
    for _ in 0..20 {
        assert!(lab.refusal(wrong.clone()).starts_with("ValidationException"));
    }
    lab.accepts(describe());
}

#[test]
fn a_dry_run_says_that_it_would_work_and_does_nothing() {
    let mut lab = with_consumer();
    let iterator = lab.iterator(0, ShardIteratorType::Latest);
    let dry_run = Some(true);
    let consumer_arn = text(&format!("{ARN}/consumer/billing:1767225620"));
    let position = Some(StartingPosition { kind: text("LATEST"), ..Default::default() });
    let shard_id = text("shardId-000000000000");
    let requests: [Request; 5] = [
        crate::PutRecordInput { dry_run, ..put("k", "x") }.into(),
        crate::PutRecordsInput { dry_run, ..batch(vec![entry("k", 1)]) }.into(),
        crate::GetRecordsInput { dry_run, ..page_at(&iterator) }.into(),
        crate::GetShardIteratorInput { dry_run, ..get_iterator(0, ShardIteratorType::Latest) }.into(),
        SubscribeToShardInput { consumer_arn, shard_id, starting_position: position, dry_run }.into(),
    ];
    lab.facts.clear();
    for request in requests {
        assert_eq!(
            lab.refusal(request.clone()),
            "DryRunOperationException: Request would have succeeded, but DryRun flag is set."
        );
        lab.caller = ana(&[]);
        assert!(lab.refusal(request).starts_with("AccessDeniedException"));
        lab.caller = Caller::administrator(ACCOUNT);
    }
    assert_eq!(lab.facts, [], "nothing happened");
    let missing = crate::PutRecordInput { stream_name: text("clicks"), dry_run, ..put("k", "x") };
    assert!(lab.refusal(missing).starts_with("ResourceNotFoundException"));
    lab.accepts(crate::PutRecordInput { dry_run: Some(false), ..put("k", "x") });
}
