//! Programs that call as a role: what works with the rights that they need, and what breaks without each.

mod support;

use kinesis::ErrorCode;
use sim::{Command, Fact, LostReason, PutCall, Sandbox, Standing};
use support::*;

const DYNAMODB: &str = r#"{"Effect":"Allow","Action":"dynamodb:*","Resource":"*"}"#;
const READING: &str = r#"{"Effect":"Allow","Action":["kinesis:ListShards","kinesis:GetShardIterator",
    "kinesis:GetRecords"],"Resource":"arn:aws:kinesis:us-east-1:123456789012:stream/orders"}"#;

fn policy(sandbox: &mut Sandbox, role: &str, statements: &[&str]) {
    let document = format!(r#"{{"Version":"2012-10-17","Statement":[{}]}}"#, statements.join(","));
    let principal = format!("role/{role}");
    give(sandbox, Command::SetPolicy { principal, name: "own".into(), document: Some(document) });
}

fn as_role(role: &str, start: Command) -> Command {
    Command::StartAttached {
        standing: Standing { role: Some(role.into()), ..Standing::default() },
        start: Box::new(start),
    }
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

#[test]
fn a_producer_without_put_records_loses_everything_and_the_refusal_names_who_what_and_where() {
    let mut sandbox = with_stream(1);
    policy(&mut sandbox, "writer", &[r#"{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}"#]);
    let spec = sim::ProducerSpec { call: PutCall::Batch, ..producer(50) };
    give(&mut sandbox, as_role("writer", Command::StartProducer(spec)));
    seconds(&mut sandbox, 5);
    let producer = &view(&sandbox).producers[0];
    assert_eq!(producer.stored, 0);
    assert!(producer.lost > 200, "{producer:?}");
    let reason = LostReason::Error(ErrorCode::AccessDenied);
    assert!(count(&sandbox, |fact| matches!(fact, Fact::RecordsLost { reason: r, .. } if *r == reason)) > 0);
    assert_eq!(
        denials(&sandbox)[0],
        "User: arn:aws:sts::123456789012:assumed-role/writer/web is not authorized to perform: \
         kinesis:PutRecords on resource: arn:aws:kinesis:us-east-1:123456789012:stream/orders because no \
         identity-based policy allows the kinesis:PutRecords action"
    );
}

/// Documented: IAM permissions required for KCL consumer applications: DescribeTable, CreateTable, Scan and PutItem on the
/// lease table; without `dynamodb:PutItem` no lease is ever written. Ten seconds between two tries are assumed.
#[test]
fn a_kcl_application_needs_its_table_before_anything_else() {
    for missing in ["dynamodb:DescribeTable", "dynamodb:CreateTable", "dynamodb:Scan", "dynamodb:PutItem"] {
        let mut sandbox = with_stream(1);
        let deny = format!(r#"{{"Effect":"Deny","Action":"{missing}","Resource":"*"}}"#);
        policy(&mut sandbox, "kcl", &[DYNAMODB, READING, &deny]);
        give(&mut sandbox, as_role("kcl", Command::StartApplication(application(1))));
        seconds(&mut sandbox, 60);
        let application = &view(&sandbox).applications[0];
        assert!(application.leases.is_empty(), "{missing}: {application:?}");
        let denials = denials(&sandbox);
        assert!((4..=8).contains(&denials.len()), "one try in ten seconds: {denials:?}");
        assert!(
            denials[0].contains(&format!(
                "perform: {missing} on resource: arn:aws:dynamodb:us-east-1:123456789012:table/billing with an \
                 explicit deny"
            )),
            "{denials:?}"
        );
    }
}

#[test]
fn a_kcl_application_starts_by_itself_when_the_missing_right_comes() {
    let mut sandbox = with_stream(2);
    policy(&mut sandbox, "kcl", &[READING]);
    give(&mut sandbox, as_role("kcl", Command::StartApplication(application(1))));
    seconds(&mut sandbox, 30);
    assert!(view(&sandbox).applications[0].leases.is_empty());
    policy(&mut sandbox, "kcl", &[READING, DYNAMODB]);
    seconds(&mut sandbox, 30);
    assert_eq!(owners(&sandbox), [(0, Some("w1".to_owned())), (1, Some("w1".to_owned()))]);
}

/// A KCL 3 application as the role that has the ready policy and loses one right.
fn kcl_3_without(action: &str, resource: &str) -> Sandbox {
    let mut sandbox = with_stream(1);
    let place = sim::PolicyPlace {
        region: "us-east-1",
        account: "123456789012",
        stream: "orders",
        application: "billing",
        bucket: "lake",
    };
    let mut set = |name: &str, document: String| {
        let principal = "role/kcl".to_owned();
        give(&mut sandbox, Command::SetPolicy { principal, name: name.into(), document: Some(document) });
    };
    set("own", sim::ReadyPolicy::Kcl3.document(place));
    if !action.is_empty() {
        let statement = format!(r#"{{"Effect":"Deny","Action":"{action}","Resource":"{resource}"}}"#);
        set("deny", format!(r#"{{"Version":"2012-10-17","Statement":{statement}}}"#));
    }
    let spec = sim::ApplicationSpec { version: Some(sim::KclVersion::Three), ..application(1) };
    give(&mut sandbox, as_role("kcl", Command::StartApplication(spec)));
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 120);
    sandbox
}

/// Documented: IAM permissions of a KCL application. What each is for follows from what the library does with it.
#[test]
fn a_kcl_3_application_needs_its_two_other_tables_and_its_index_too() {
    let reads = |sandbox: &Sandbox| view(sandbox).applications[0].records > 500;
    let sandbox = kcl_3_without("", "");
    assert!(reads(&sandbox) && denials(&sandbox).is_empty(), "{:?}", denials(&sandbox));
    let table = |name: &str| format!("arn:aws:dynamodb:us-east-1:123456789012:table/billing{name}");
    let (metrics, state) = (table("-WorkerMetricStats"), table("-CoordinatorState"));
    let index = table("/index/LeaseOwnerToLeaseKeyIndex");
    // Without these a worker does not come so far as to look for shards.
    for (action, resource) in [
        ("dynamodb:UpdateTable", &table("")),
        ("dynamodb:CreateTable", &state),
        ("dynamodb:PutItem", &state),
        ("dynamodb:CreateTable", &metrics),
    ] {
        let sandbox = kcl_3_without(action, resource);
        assert!(view(&sandbox).applications[0].leases.is_empty(), "{action}");
        assert!(denials(&sandbox)[0].contains(&format!("{action} on resource: {resource}")), "{action}");
    }
    // Nobody finds what is assigned, nobody tells of its load, nobody reads it: nobody reads the shard.
    for (action, resource) in
        [("dynamodb:Query", &index), ("dynamodb:UpdateItem", &metrics), ("dynamodb:Scan", &metrics)]
    {
        let sandbox = kcl_3_without(action, resource);
        let application = &view(&sandbox).applications[0];
        assert_eq!((application.leases.len(), application.records), (1, 0), "{action}");
        assert!(denials(&sandbox)[0].contains(&format!("{action} on resource: {resource}")), "{action}");
    }
    // A leader whose heartbeat is refused leads on until its lock is over by its own clock.
    let sandbox = kcl_3_without("dynamodb:UpdateItem", &state);
    assert!(reads(&sandbox) && !denials(&sandbox).is_empty());
    // The policy for the versions before is not enough.
    let mut sandbox = with_stream(1);
    let place = sim::PolicyPlace {
        region: "us-east-1",
        account: "123456789012",
        stream: "orders",
        application: "billing",
        bucket: "lake",
    };
    let document = Some(sim::ReadyPolicy::Kcl.document(place));
    give(&mut sandbox, Command::SetPolicy { principal: "role/kcl".into(), name: "own".into(), document });
    let spec = sim::ApplicationSpec { version: Some(sim::KclVersion::Three), ..application(1) };
    give(&mut sandbox, as_role("kcl", Command::StartApplication(spec)));
    seconds(&mut sandbox, 30);
    assert!(denials(&sandbox)[0].contains("-CoordinatorState"), "{:?}", denials(&sandbox));
}

#[test]
fn a_role_that_nobody_gave_a_policy_may_do_nothing() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, as_role("nobody", Command::StartProducer(producer(10))));
    seconds(&mut sandbox, 3);
    assert_eq!(view(&sandbox).producers[0].stored, 0);
}

#[test]
fn a_running_program_changes_its_role_and_undo_gives_the_old_one_back() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    seconds(&mut sandbox, 3);
    let attach = Command::Attach {
        program: "web".into(),
        standing: Standing { role: Some("nobody".into()), ..Standing::default() },
    };
    give(&mut sandbox, attach.clone());
    let stored = view(&sandbox).producers[0].stored;
    seconds(&mut sandbox, 3);
    assert!(view(&sandbox).producers[0].stored <= stored + 1);
    assert!(sandbox.undo());
    seconds(&mut sandbox, 3);
    assert!(view(&sandbox).producers[0].stored >= stored + 25);
    assert!(
        sandbox.submit(Command::Attach { program: "nobody".into(), standing: Standing::default() }).is_err()
    );
}

#[test]
fn a_refused_start_changes_no_role() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::StartProducer(producer(10)));
    assert!(sandbox.submit(as_role("nobody", Command::StartProducer(producer(10)))).is_err());
    seconds(&mut sandbox, 3);
    assert!(view(&sandbox).producers[0].stored > 20);
    assert!(sandbox.submit(as_role("no body", Command::StartProducer(producer(10)))).is_err());
}

#[test]
fn a_saved_session_keeps_the_roles() {
    let mut sandbox = with_stream(1);
    policy(&mut sandbox, "writer", &[r#"{"Effect":"Allow","Action":"kinesis:PutRecord","Resource":"*"}"#]);
    give(&mut sandbox, as_role("writer", Command::StartProducer(producer(10))));
    seconds(&mut sandbox, 5);
    let saved = sandbox.save().unwrap();
    let opened = Sandbox::load(&saved, ()).unwrap().0;
    assert_eq!(opened.digest(), sandbox.digest());
    assert_eq!(opened.world().standing("web").role.as_deref(), Some("writer"));
}
