//! Where programs stand, the endpoints of the VPC, keys with policies, and what that lets them do.

mod support;

use kinesis::{ErrorCode, KeyState, Request, StartStreamEncryptionInput};
use sim::{
    AccountCommand, AccountFact, Command, EndpointService, Fact, PolicyPlace, PutCall, ReadyPolicy, Sandbox,
    Standing, StartingPosition, Subnet,
};
use support::*;

fn standing(role: Option<&str>, subnet: Subnet) -> Standing {
    Standing { role: role.map(str::to_owned), subnet }
}

fn start(sandbox: &mut Sandbox, standing: Standing, start: Command) {
    give(sandbox, Command::StartAttached { standing, start: Box::new(start) });
}

fn endpoint(sandbox: &mut Sandbox, service: EndpointService, policy: Option<&str>) {
    let policy = policy.map(str::to_owned);
    give(sandbox, Command::Account(AccountCommand::SetEndpoint { service, policy }));
}

fn time_outs(sandbox: &Sandbox, wanted: EndpointService) -> usize {
    count(
        sandbox,
        |fact| matches!(fact, Fact::Account(AccountFact::ConnectionTimedOut { service, .. }) if *service == wanted),
    )
}

fn denials(sandbox: &Sandbox) -> Vec<String> {
    let mut denials = Vec::new();
    for fact in sandbox.world().facts_since(0) {
        if let Fact::AccessDenied { sentence } = &fact.fact {
            denials.push(sentence.clone());
        }
    }
    denials
}

fn policy(sandbox: &mut Sandbox, role: &str, document: &str) {
    let principal = format!("role/{role}");
    give(sandbox, Command::SetPolicy { principal, name: "own".into(), document: Some(document.to_owned()) });
}

/// Documented: Amazon Kinesis Data Streams with interface VPC endpoints; a subnet without a route reaches nothing.
#[test]
fn a_private_subnet_times_out_until_the_vpc_has_an_endpoint() {
    let mut sandbox = with_stream(1);
    start(&mut sandbox, standing(None, Subnet::Private), Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 30);
    assert_eq!(view(&sandbox).producers[0].stored, 0);
    assert_eq!(denials(&sandbox).len(), 0, "nobody refuses: nothing arrives");
    assert!(time_outs(&sandbox, EndpointService::KinesisStreams) >= 1);
    endpoint(&mut sandbox, EndpointService::KinesisStreams, None);
    seconds(&mut sandbox, 30);
    assert!(view(&sandbox).producers[0].stored > 200);
}

#[test]
fn other_subnets_have_a_way_out() {
    for subnet in [Subnet::Internet, Subnet::Public, Subnet::PrivateNat] {
        let mut sandbox = with_stream(1);
        start(&mut sandbox, standing(None, subnet), Command::StartProducer(producer(10)));
        seconds(&mut sandbox, 10);
        assert!(view(&sandbox).producers[0].stored > 50, "{subnet:?}");
    }
}

#[test]
fn a_reader_goes_on_by_itself_once_there_is_a_route() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    let spec = sim::ReaderSpec::new("audit", "orders", StartingPosition::TrimHorizon);
    start(&mut sandbox, standing(None, Subnet::Private), Command::StartReader(spec));
    seconds(&mut sandbox, 90);
    assert_eq!(view(&sandbox).readers[0].records, 0);
    endpoint(&mut sandbox, EndpointService::KinesisStreams, None);
    seconds(&mut sandbox, 61);
    assert!(view(&sandbox).readers[0].records > 1_000);
}

/// A KCL application talks to DynamoDB and CloudWatch too: the endpoint of Kinesis alone is not enough.
#[test]
fn a_kcl_application_in_a_private_subnet_needs_an_endpoint_for_its_table_too() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    endpoint(&mut sandbox, EndpointService::KinesisStreams, None);
    start(&mut sandbox, standing(None, Subnet::Private), Command::StartApplication(application(1)));
    seconds(&mut sandbox, 120);
    assert_eq!(view(&sandbox).applications[0].records, 0);
    assert!(time_outs(&sandbox, EndpointService::DynamoDb) >= 1);
    endpoint(&mut sandbox, EndpointService::DynamoDb, None);
    seconds(&mut sandbox, 180);
    assert!(view(&sandbox).applications[0].records > 1_000);
    assert!(time_outs(&sandbox, EndpointService::Monitoring) >= 1, "it runs, and reports no metrics");
    assert!(sandbox.world().metrics_list().iter().all(|metric| metric.name.namespace != "billing"));
}

/// Documented: IAM's example of a message for a VPC endpoint policy.
#[test]
fn the_policy_of_an_endpoint_must_allow_too() {
    let mut sandbox = with_stream(1);
    let reading =
        r#"{"Statement":{"Effect":"Allow","Principal":"*","Action":"kinesis:Get*","Resource":"*"}}"#;
    endpoint(&mut sandbox, EndpointService::KinesisStreams, Some(reading));
    start(&mut sandbox, standing(None, Subnet::Public), Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 5);
    assert_eq!(view(&sandbox).producers[0].stored, 0);
    assert!(
        denials(&sandbox)[0].ends_with("because no VPC endpoint policy allows the kinesis:PutRecord action"),
        "{:?}",
        denials(&sandbox)
    );
    // What comes over the internet does not pass the endpoint.
    let attach = Command::Attach { program: "web".into(), standing: standing(None, Subnet::Internet) };
    give(&mut sandbox, attach);
    seconds(&mut sandbox, 5);
    assert!(view(&sandbox).producers[0].stored > 20);
}

#[test]
fn a_policy_can_ask_for_the_endpoint_with_source_vpce() {
    let mut sandbox = with_stream(1);
    policy(
        &mut sandbox,
        "writer",
        r#"{"Statement":{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*",
            "Condition":{"StringEquals":{"aws:SourceVpce":"vpce-0123456789abcdef0"}}}}"#,
    );
    let writer = |subnet| standing(Some("writer"), subnet);
    start(&mut sandbox, writer(Subnet::PrivateNat), Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 5);
    assert_eq!(view(&sandbox).producers[0].stored, 0, "through the NAT gateway");
    endpoint(&mut sandbox, EndpointService::KinesisStreams, None);
    seconds(&mut sandbox, 5);
    assert!(view(&sandbox).producers[0].stored > 20, "private DNS names lead through the endpoint");
}

#[test]
fn an_endpoint_that_is_not_there_cannot_be_deleted_and_bad_policies_are_refused_with_their_place() {
    let mut sandbox = with_stream(1);
    let service = EndpointService::DynamoDb;
    let refusal = |sandbox: &mut Sandbox, command| match sandbox.submit(command) {
        Ok(_) => panic!("not refused"),
        Err(refusal) => refusal.reason().to_owned(),
    };
    let delete = Command::Account(AccountCommand::DeleteEndpoint { service });
    assert_eq!(refusal(&mut sandbox, delete), "the VPC has no endpoint for dynamodb");
    let set = |policy: &str| {
        Command::Account(AccountCommand::SetEndpoint { service, policy: Some(policy.to_owned()) })
    };
    let reason = refusal(&mut sandbox, set("{\n  \"Statement\": [\n}"));
    assert!(reason.contains("line 3 column 1"), "{reason}");
    let reason = refusal(
        &mut sandbox,
        set(r#"{"Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:*","Resource":"*"},
            {"Effect":"Maybe","Principal":"*","Action":"dynamodb:*","Resource":"*"}]}"#),
    );
    assert_eq!(reason, "A statement's Effect must be Allow or Deny. (at Statement[1])");
    assert_eq!(sandbox.world().endpoints().count(), 0);
}

// Keys ------------------------------------------------------------------------------------------------------------------

const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234";

fn encrypted() -> Sandbox {
    let mut sandbox = with_stream(1);
    let input = StartStreamEncryptionInput {
        stream_name: Some("orders".into()),
        encryption_type: Some("KMS".into()),
        key_id: Some(KEY.into()),
        stream_arn: None,
    };
    give(&mut sandbox, Command::Call(Request::StartStreamEncryption(input)));
    seconds(&mut sandbox, 40);
    sandbox
}

/// Documented: KMSDisabledException for puts and gets; only encrypted records need the key.
#[test]
fn a_key_that_is_disabled_in_mid_stream_stops_writers_and_readers() {
    let mut sandbox = encrypted();
    give(&mut sandbox, Command::StartProducer(producer(10)));
    let spec = sim::ReaderSpec::new("audit", "orders", StartingPosition::TrimHorizon);
    give(&mut sandbox, Command::StartReader(spec));
    seconds(&mut sandbox, 30);
    let before = view(&sandbox);
    assert!(before.producers[0].stored > 200 && before.readers[0].records > 200);
    give(&mut sandbox, Command::SetKeyState { key: KEY.into(), state: KeyState::Disabled });
    seconds(&mut sandbox, 30);
    let after = view(&sandbox);
    assert!(after.producers[0].stored <= before.producers[0].stored + 1);
    assert!(after.producers[0].lost > 200);
    let disabled =
        |fact: &Fact| matches!(fact, Fact::CallAnswered { error: Some(ErrorCode::KmsDisabled), .. });
    assert!(count(&sandbox, disabled) > 200);
    give(&mut sandbox, Command::SetKeyState { key: KEY.into(), state: KeyState::Enabled });
    seconds(&mut sandbox, 5);
    assert!(view(&sandbox).producers[0].stored > before.producers[0].stored + 30);
}

/// Documented: producers need kms:GenerateDataKey; a key's policy decides before those of users and roles.
#[test]
fn a_key_policy_that_does_not_name_the_account_shuts_even_the_admin_out() {
    let mut sandbox = encrypted();
    let document = r#"{"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:role/writer"},
        "Action":"kms:GenerateDataKey","Resource":"*"}}"#;
    let set = AccountCommand::SetKeyPolicy { key: KEY.into(), document: Some(document.to_owned()) };
    give(&mut sandbox, Command::Account(set));
    let write = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}}"#;
    policy(&mut sandbox, "writer", write);
    start(&mut sandbox, standing(Some("writer"), Subnet::Internet), Command::StartProducer(producer(10)));
    let admin = sim::ProducerSpec::new("by-admin", "orders");
    give(&mut sandbox, Command::StartProducer(admin));
    seconds(&mut sandbox, 5);
    let view = view(&sandbox);
    assert!(view.producers[0].stored > 20, "named by the key's policy, it needs no policy of its own");
    assert_eq!(view.producers[1].stored, 0);
    let sentence = &denials(&sandbox)[0];
    assert!(
        sentence.starts_with(
            "User: arn:aws:iam::123456789012:user/admin is not authorized to perform: kms:GenerateDataKey"
        ) && sentence.ends_with("because no resource-based policy allows the kms:GenerateDataKey action"),
        "{sentence}"
    );
}

// Ready policies --------------------------------------------------------------------------------------------------------

fn ready(kind: ReadyPolicy) -> String {
    kind.document(PolicyPlace {
        region: "us-east-1",
        account: "123456789012",
        stream: "orders",
        application: "billing",
        bucket: "lake",
    })
}

#[test]
fn the_ready_policies_are_enough() {
    let mut sandbox = with_stream(2);
    for (role, kind) in
        [("writer", ReadyPolicy::Producer), ("reader", ReadyPolicy::Consumer), ("kcl", ReadyPolicy::Kcl)]
    {
        policy(&mut sandbox, role, &ready(kind));
    }
    let at = |role| standing(Some(role), Subnet::Internet);
    let batch = sim::ProducerSpec { call: PutCall::Batch, ..producer(50) };
    start(&mut sandbox, at("writer"), Command::StartProducer(batch));
    let spec = sim::ReaderSpec::new("audit", "orders", StartingPosition::TrimHorizon);
    start(&mut sandbox, at("reader"), Command::StartReader(spec));
    start(&mut sandbox, at("kcl"), Command::StartApplication(application(2)));
    seconds(&mut sandbox, 120);
    assert_eq!(denials(&sandbox), [""; 0]);
    let view = view(&sandbox);
    assert!(view.producers[0].stored > 5_000);
    assert!(view.readers[0].records > 5_000);
    assert!(view.applications[0].records > 3_000);
}

#[test]
fn a_role_is_asked_what_it_may_and_how_wide_its_policies_are() {
    let mut sandbox = with_stream(1);
    policy(&mut sandbox, "writer", &ready(ReadyPolicy::Producer));
    let world = sandbox.world();
    let stream = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
    assert!(world.may("role/writer", "kinesis:PutRecords", stream));
    assert!(!world.may("role/writer", "kinesis:GetRecords", stream));
    assert!(!world.may("role/nobody", "kinesis:PutRecords", stream));
    assert_eq!(world.wildcards_of("role/writer"), 0);
    let wide = r#"{"Statement":{"Effect":"Allow","Action":"kinesis:*","Resource":"*"}}"#;
    policy(&mut sandbox, "writer", wide);
    assert_eq!(sandbox.world().wildcards_of("role/writer"), 2);
}

// DynamoDB ----------------------------------------------------------------------------------------------------------------

#[test]
fn the_table_of_an_application_is_described_and_scanned_as_dynamodb_shows_it() {
    let mut sandbox = with_stream(1);
    assert_eq!(sandbox.world().table_description("billing"), None);
    give(&mut sandbox, Command::StartApplication(application(1)));
    seconds(&mut sandbox, 60);
    let world = sandbox.world();
    assert_eq!(world.table_names(), ["billing"]);
    let table = world.table_description("billing").unwrap();
    assert_eq!(table["TableStatus"], "ACTIVE");
    assert_eq!(table["KeySchema"], serde_json::json!([{"AttributeName": "leaseKey", "KeyType": "HASH"}]));
    let items = world.table_items("billing").unwrap();
    let item = &items[0];
    assert_eq!(item["leaseKey"], serde_json::json!({"S": "shardId-000000000000"}));
    assert_eq!(item["leaseOwner"], serde_json::json!({"S": "w1"}));
    assert_eq!(item["checkpoint"], serde_json::json!({"S": "TRIM_HORIZON"}));
    assert_eq!(item["startingHashKey"], serde_json::json!({"S": "0"}));
    assert!(item["leaseCounter"]["N"].as_str().unwrap().parse::<u64>().unwrap() > 5);
    assert_eq!(item.get("parentShardId"), None, "absent where there is none");
    assert_eq!(world.table_item("billing", "shardId-000000000000").as_ref(), Some(item));
    assert_eq!(world.table_item("billing", "shardId-000000000007"), None);
}
