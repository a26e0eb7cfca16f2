//! The sandbox's own lines.

use expect_test::expect;

use super::{check, check_mistake, check_orders, session};
use crate::{Effect, run};

#[test]
fn producers_readers_and_applications_are_started_changed_and_stopped() {
    let (sandbox, printed) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 2",
        "sandbox clock advance 30s",
        "sandbox producer start web --stream orders --rate 50 --size 100 --keys zipf:10 --call batch --retry backoff --attempts 3",
        "sandbox producer change web --rate 20",
        "sandbox reader start audit --stream orders --from LATEST --interval 500ms --limit 100",
        "sandbox kcl start billing --stream orders --workers 2 --failover-time-millis 5000 --checkpoint 2s --idle-time-between-reads-in-millis 500",
        "sandbox kcl add-worker billing",
        "sleep 10",
        "sandbox kcl crash billing w1",
        "sandbox kcl restart billing w1",
        "sandbox kcl pause billing w2",
        "sandbox kcl resume billing w2",
        "sandbox kcl stop billing w3",
        "sandbox reader stop audit",
        "sandbox producer stop web",
        "sandbox answer hot-shard shardId-000000000001",
    ]);
    assert_eq!(printed, "");
    assert_eq!(sandbox.entries().len(), 14);
    assert_eq!(sandbox.world().answers().get("hot-shard").map(String::as_str), Some("shardId-000000000001"));
}

#[test]
fn why_says_what_led_to_a_fact_down_to_the_line_that_was_typed() {
    let begin = [
        "aws kinesis create-stream --stream-name orders --shard-count 1",
        "sandbox clock advance 30s",
        "sandbox kcl start billing --stream orders --workers 2",
        "sandbox clock advance 60s",
        "sandbox kcl crash billing w1",
        "sandbox clock advance 40s",
    ];
    let asking = |line| begin.iter().copied().chain([line]).collect::<Vec<&str>>();
    let (_, printed) = session(&asking("sandbox facts --last 1 --kind LeaseTaken"));
    let facts = printed.lines().last().unwrap_or_default();
    let number = facts.split_whitespace().next().unwrap_or_default();
    let (_, printed) = session(&asking(&format!("sandbox why {number}")));
    let printed: Vec<&str> = printed.lines().rev().take(5).collect();
    expect![[r#"
        133  2026-01-01 00:01:50.840  billing: billing/w2 took shardId-000000000000 from w1, counter 20
            because the owner did not renew: the lease's counter was the same for longer than failoverTimeMillis
        132  2026-01-01 00:01:30.500  billing/w1 crashed
            because a command asked for it
        2026-01-01 00:01:30.500  command 3: sandbox kcl crash billing w1
    "#]]
    .assert_eq(&printed.into_iter().rev().map(|line| format!("{line}\n")).collect::<String>());
    check(
        &["sandbox why 0"],
        expect![[r#"
        ! sandbox: there is no fact 0 yet: there are 0, counted from 0
        exit 1
    "#]],
    );
    check_mistake(
        "sandbox why yesterday",
        expect![[r#"
        ! sandbox: "yesterday" is no number of a fact: sandbox facts prints them with their numbers
        exit 252
    "#]],
    );
}

#[test]
fn the_clock_says_what_time_it_is() {
    check(
        &["sandbox clock advance 1.5m"],
        expect![[r#"
        2026-01-01 00:01:30.000
    "#]],
    );
    check(
        &["sleep 30"],
        expect![[r#"
        2026-01-01 00:00:30.000
    "#]],
    );
    check(
        &["aws kinesis create-stream --stream-name a --shard-count 1", "sandbox clock step"],
        expect![[r#"
        2026-01-01 00:00:20.000
    "#]],
    );
    check(
        &["sandbox clock step"],
        expect![[r#"
        ! sandbox: nothing is going to happen by itself
        exit 1
    "#]],
    );
}

#[test]
fn what_a_page_has_to_do_is_an_effect() {
    let (mut sandbox, _) = session(&[]);
    for (line, effect) in [
        ("sandbox clock play", Effect::Play),
        ("sandbox clock pause", Effect::Pause),
        ("sandbox clock speed 10x", Effect::Speed { numerator: 10, denominator: 1 }),
        ("sandbox clock speed 1/10x", Effect::Speed { numerator: 1, denominator: 10 }),
        ("clear", Effect::Clear),
    ] {
        let output = run(&mut sandbox, line);
        assert_eq!((output.effects.as_slice(), output.exit_code), (&[effect][..], 0), "{line}");
    }
}

#[test]
fn the_history_can_be_walked() {
    check_orders(
        &["aws kinesis list-streams", "sandbox undo"],
        expect![[r#"
        undone: aws kinesis create-stream --stream-name orders --shard-count 2
        2026-01-01 00:00:00.000
    "#]],
    );
    check_orders(
        &["sandbox undo", "sandbox redo"],
        expect![[r#"
        done again: aws kinesis create-stream --stream-name orders --shard-count 2
        2026-01-01 00:00:30.500
    "#]],
    );
    check(
        &["sandbox undo"],
        expect![[r#"
        ! sandbox: there is nothing to undo
        exit 1
    "#]],
    );
    check(
        &["sandbox redo"],
        expect![[r#"
        ! sandbox: there is nothing to redo
        exit 1
    "#]],
    );
    check_orders(
        &["sandbox seek 10s"],
        expect![[r#"
        2026-01-01 00:00:10.000
    "#]],
    );
    check_orders(
        &["sandbox seek 2026-01-01T00:00:05Z"],
        expect![[r#"
        2026-01-01 00:00:05.000
    "#]],
    );
    check_orders(
        &["sandbox seek 2h"],
        expect![[r#"
        ! sandbox: 2026-01-01T02:00:00.000Z is outside the time that can be gone to: 2026-01-01T00:00:00.000Z to 2026-01-01T00:00:30.500Z
        exit 1
    "#]],
    );
}

#[test]
fn a_session_is_printed() {
    let (_, printed) =
        session(&["aws kinesis create-stream --stream-name a --shard-count 1", "sandbox save"]);
    assert_eq!(printed.lines().count(), 2, "{printed}");
    assert!(printed.contains(r#""CreateStream":{"StreamName":"a","ShardCount":1}"#), "{printed}");
}

#[test]
fn mistakes_say_what_was_expected() {
    check_mistake(
        "sandbox producer",
        expect![[r#"
        ! sandbox: sandbox producer what? start, change, stop
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox prodcer start web",
        expect![[r#"
            ! sandbox: sandbox has no "prodcer": it has producer, kpl, agent, reader, kcl, policy, identity, attach, key, function, mapping, firehose, flink, dms, fault, bucket, object, endpoint, cost, plan, metrics, metric, alarm, alarms, trail, clock, undo, redo, seek, fork, save, facts, why, export, answer, file, help
            ! sandbox: did you mean producer?
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer begin web",
        expect![[r#"
        ! sandbox: sandbox producer has no "begin": it has start, change, stop
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox producer start",
        expect![[r#"
            ! sandbox: NAME is missing: sandbox producer start NAME --stream STREAM [--rate RECORDS] [--traffic SHAPE] [--workload KIND] [--size BYTES] [--keys RECIPE] [--call KIND] [--retry POLICY] [--attempts COUNT] [--concurrency CALLS] [--request-timeout TIME] [--ordering KIND] [--role ROLE] [--subnet SUBNET]
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer start web",
        expect![[r#"
            ! sandbox: --stream STREAM is missing: sandbox producer start NAME --stream STREAM [--rate RECORDS] [--traffic SHAPE] [--workload KIND] [--size BYTES] [--keys RECIPE] [--call KIND] [--retry POLICY] [--attempts COUNT] [--concurrency CALLS] [--request-timeout TIME] [--ordering KIND] [--role ROLE] [--subnet SUBNET]
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer start web --stream orders --rato 5",
        expect![[r#"
            ! sandbox: sandbox producer start takes no --rato: it takes --stream, --rate, --traffic, --workload, --size, --keys, --call, --retry, --attempts, --concurrency, --request-timeout, --ordering, --role, --subnet
            ! sandbox: did you mean --rate?
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer start web --stream orders --rate fast",
        expect![[r#"
        ! sandbox: --rate: "fast" is no whole number
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox producer start web --stream orders --keys zip:3",
        expect![[r#"
            ! sandbox: "zip:3" is no key recipe: use random, uniform:1000, zipf:1000, fixed:us,eu,ap, hot:90:celebrity or composite:fixed:us,eu+uniform:1000
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer start web --stream orders --retry back-off",
        expect![[r#"
            ! sandbox: --retry is none, immediate, backoff, standard, legacy, not "back-off"
            ! sandbox: did you mean backoff?
            exit 252
        "#]],
    );
    check_mistake(
        "sandbox producer start web --stream orders --size",
        expect![[r#"
        ! sandbox: --size needs BYTES
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox producer stop web now",
        expect![[r#"
        ! sandbox: "now" is one word too many: sandbox producer stop NAME
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox reader start r --stream orders --from AT_TIMESTAMP",
        expect![[r#"
        ! sandbox: --from AT_TIMESTAMP needs --timestamp TIME
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox reader start r --stream orders --timestamp 5",
        expect![[r#"
        ! sandbox: --timestamp goes with --from AT_TIMESTAMP only
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox reader start r --stream orders --from AT_TIMESTAMP --timestamp noon",
        expect![[r#"
        ! sandbox: "noon" is no time: use 2026-01-01T00:00:30Z or seconds since 1970
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox clock advance 5",
        expect![[r#"
        ! sandbox: "5" is no time: use a number and a unit, as 500ms, 30s, 5m or 2h
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox clock speed 0x",
        expect![[r#"
        ! sandbox: "0x" is no speed: use 1/10x to 10000x
        exit 252
    "#]],
    );
    check_mistake(
        "sandbox seek noon",
        expect![[r#"
        ! sandbox: "noon" is no time: use 2026-01-01T00:00:30Z, or 500ms, 30s, 5m or 2h from the start
        exit 252
    "#]],
    );
    check_mistake(
        "sleep",
        expect![[r#"
        ! sandbox: sleep takes one time: sleep 30
        exit 252
    "#]],
    );
}

#[test]
fn what_the_world_refuses_ends_with_1() {
    check(
        &["sandbox producer stop web"],
        expect![[r#"
        ! sandbox: there is no running producer web
        exit 1
    "#]],
    );
    check(
        &["sandbox kcl crash billing w1"],
        expect![[r#"
        ! sandbox: there is no KCL application billing
        exit 1
    "#]],
    );
}

#[test]
fn a_name_that_is_taken_says_what_to_do() {
    let stream = "aws kinesis create-stream --stream-name clicks --shard-count 1";
    let reader = "sandbox reader start web --stream clicks";
    let producer = "sandbox producer start web --stream clicks";
    let pause = "sandbox fault pause web";
    check(
        &[stream, "sleep 30", producer, reader],
        expect![[r#"
        ! sandbox: web runs already: choose another name, or stop it first with sandbox producer stop web
        exit 1
    "#]],
    );
    check(&[stream, "sleep 30", producer, "sandbox producer stop web", reader], expect![[r#""#]]);
    check(
        &[stream, "sleep 30", "sandbox kcl start web --stream clicks", reader],
        expect![[r#"
        ! sandbox: there is a KCL application web already: choose another name
        exit 1
    "#]],
    );
    check(
        &[stream, "sleep 30", producer, pause, pause],
        expect![[r#"
        ! sandbox: web stands still already: sandbox fault clear lets it go on
        exit 1
    "#]],
    );
    check(&[stream, "sleep 30", producer, pause, "sandbox fault clear", pause], expect![[r#""#]]);
}
