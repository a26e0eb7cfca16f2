//! The shell around the commands: what a script prints here is what it prints in a real one.

use expect_test::expect;
use proptest::prelude::*;
use sim::{Sandbox, SandboxOptions};

use super::{ORDERS, check, check_orders, session};
use crate::{Shell, UsageKind, parse, run};

fn printed(line: &str) -> String {
    session(&[line]).1
}

const ITERATOR: &str = "ITER=$(aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000001 \
                        --shard-iterator-type TRIM_HORIZON --query ShardIterator --output text)";
const HELLO: &str = "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8=";

#[test]
fn a_record_is_read_with_a_variable_and_a_pipe() {
    check_orders(
        &[
            HELLO,
            ITERATOR,
            "aws kinesis get-records --shard-iterator \"$ITER\" --query 'Records[].Data' --output text | base64 --decode",
        ],
        expect!["hello"],
    );
}

#[test]
fn each_call_of_a_line_is_a_command_of_the_history() {
    let (sandbox, _) = session(&[
        ORDERS[0],
        ORDERS[1],
        "for i in $(seq 1 5); do aws kinesis put-record --stream-name orders --partition-key user-$i --data \"$(echo -n $i | base64)\" > /dev/null; done",
    ]);
    let lines: Vec<String> = sandbox.entries().iter().map(|entry| crate::render(&entry.command)).collect();
    assert_eq!(lines.len(), 7);
    assert_eq!(
        lines[5],
        "aws kinesis put-record --stream-name orders --data 5 --partition-key user-5 --cli-binary-format \
         raw-in-base64-out"
    );
    assert_eq!(lines[6], "i=5");
    assert!(sandbox.entries()[2].at < sandbox.entries()[3].at, "each has its own time");
    let (loaded, _) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    assert_eq!(loaded.world().digest(), sandbox.world().digest());
}

#[test]
fn a_whole_line_is_undone_and_done_again() {
    let count = |sandbox: &Sandbox| {
        sandbox
            .world()
            .service()
            .stream("orders")
            .unwrap()
            .shards()
            .iter()
            .map(|shard| shard.record_count(kinesis::Instant::default()))
            .sum::<u64>()
    };
    let put = "aws kinesis put-record --stream-name orders --partition-key $i --data eA== > /dev/null";
    let (mut sandbox, _) = session(&[ORDERS[0], ORDERS[1], &HELLO.replace("user-1", "user-2")]);
    let before = sandbox.now();
    run(&mut sandbox, &format!("A=$(aws kinesis list-streams); for i in 1 2 3; do {put}; sleep 1; done"));
    run(&mut sandbox, "aws kinesis list-streams");
    assert_eq!(count(&sandbox), 4);
    // A session that was saved knows its lines too.
    let (mut loaded, _) = Sandbox::load(&sandbox.save().unwrap(), ()).unwrap();
    for sandbox in [&mut sandbox, &mut loaded] {
        let undone = run(sandbox, "sandbox undo").stdout;
        assert!(undone.starts_with("undone: aws kinesis put-record"), "{undone}");
        assert!(undone.contains(" (and 2 more commands of its line)\n"), "{undone}");
        assert_eq!((count(sandbox), sandbox.now()), (1, before));
    }
    let redone = run(&mut sandbox, "sandbox redo").stdout;
    assert!(redone.starts_with("done again: ") && redone.contains("(and 2 more"), "{redone}");
    assert_eq!(count(&sandbox), 4);
    run(&mut sandbox, "sandbox undo");
    let undone = run(&mut sandbox, "sandbox undo").stdout;
    assert!(undone.contains("--partition-key user-2") && !undone.contains("more"), "{undone}");
    assert_eq!(count(&sandbox), 0);
}

#[test]
fn undo_inside_a_line_takes_back_what_the_line_did_and_a_second_one_what_was_before() {
    let (mut sandbox, _) = session(&ORDERS);
    let create = |name: &str| format!("aws kinesis create-stream --stream-name {name} --shard-count 1");
    run(&mut sandbox, &format!("{}; sandbox undo; {}", create("a"), create("b")));
    let names = |sandbox: &Sandbox| {
        sandbox.world().service().streams().map(|stream| stream.name.to_string()).collect::<Vec<String>>()
    };
    assert_eq!(names(&sandbox), ["b", "orders"]);
    run(&mut sandbox, "sandbox undo");
    assert_eq!(names(&sandbox), ["orders"]);
    run(&mut sandbox, "sandbox undo");
    assert_eq!(names(&sandbox), [""; 0]);
}

/// What dash and GNU coreutils print of each.
#[test]
fn scripts_print_what_they_print_in_a_real_shell() {
    for (script, expected) in [
        ("echo a  b 'c  d'", "a b c  d\n"),
        ("A=1; echo $A\"$A\"'$A'", "11$A\n"),
        ("A='x  y'; echo $A; echo \"$A\"", "x y\nx  y\n"),
        ("A=; echo [$A] \"[$A]\" [${A:-none}] [${B-unset}]", "[] [] [none] [unset]\n"),
        ("A=abc; echo ${#A} ${A}d", "3 abcd\n"),
        ("echo $(echo a; echo b)", "a b\n"),
        ("echo \"$(echo a; echo b)\"", "a\nb\n"),
        ("echo $((1 + 2 * 3)) $((7 / 2))", "7 3\n"),
        ("i=1; while [ $i -le 3 ]; do echo $i; i=$((i + 1)); done", "1\n2\n3\n"),
        ("until false; do echo once; break; done", "once\n"),
        (
            "for i in 1 2 3 4; do if [ $i = 2 ]; then continue; elif [ $i = 4 ]; then break; fi; echo $i; done",
            "1\n3\n",
        ),
        ("for i in {1..3} x; do echo -n $i; done", "123x"),
        ("if true; then echo yes; else echo no; fi", "yes\n"),
        ("if false; then echo yes; else echo no; fi", "no\n"),
        ("true && echo a || echo b; false && echo a || echo b", "a\nb\n"),
        ("! true; echo $?; ! false; echo $?", "1\n0\n"),
        ("false; echo $?", "1\n"),
        ("if false; then :; else echo $?; fi; if false; then :; fi; echo $?", "1\n0\n"),
        ("false; for i in 1 2; do echo $?; done; false; for i in; do :; done; echo $?", "1\n0\n0\n"),
        ("printf '%s|' '\\n' \"a\\tb\"; printf '\\t%s\\n' '\\x'", "\\n|a\\tb|\t\\x\n"),
        ("(A=2; echo $A); echo \"[$A]\"", "2\n[]\n"),
        ("{ A=2; echo $A; }; echo \"[$A]\"", "2\n[2]\n"),
        ("echo a | cat | tr a b", "b\n"),
        ("printf 'a\\nb\\na\\n' | sort | uniq -c", "      2 a\n      1 b\n"),
        ("printf '%s-%03d\\n' a 7 b 12", "a-007\nb-012\n"),
        ("printf '10\\n9\\n-1\\n' | sort -n", "-1\n9\n10\n"),
        ("printf '10\\n9\\n' | sort -rn | head -n 1", "10\n"),
        ("printf 'b 1\\na 2\\n' | sort -k2 -r", "a 2\nb 1\n"),
        ("seq 5 | tail -n 2", "4\n5\n"),
        ("seq 5 | tail -n +4", "4\n5\n"),
        ("seq 0 5 12", "0\n5\n10\n"),
        ("seq 3 -1 1", "3\n2\n1\n"),
        ("seq 5 | head -2 | wc -l", "2\n"),
        ("printf 'a b\\nc\\n' | wc", "      2       3       6\n"),
        ("printf 'a\\tb\\tc\\n' | cut -f 2", "b\n"),
        ("echo a,b,c | cut -d, -f1,3", "a,c\n"),
        ("echo abcdef | cut -c2-4", "bcd\n"),
        ("echo 'a b' | tr ' ' '\\n'", "a\nb\n"),
        ("echo hello | tr a-y b-z", "ifmmp\n"),
        ("echo aabbc | tr -d b", "aac\n"),
        ("echo aabbc | tr -s ab", "abc\n"),
        ("printf 'one\\ntwo\\nthree\\n' | grep -c e", "2\n"),
        ("printf 'one\\ntwo\\nthree\\n' | grep -v '^t'", "one\n"),
        ("echo shardId-000000000012 | grep -o '[1-9][0-9]*$'", "12\n"),
        ("echo ABC | grep -i abc", "ABC\n"),
        ("echo hello | base64", "aGVsbG8K\n"),
        ("echo -n hello | base64", "aGVsbG8=\n"),
        ("echo aGVsbG8= | base64 -d", "hello"),
        ("echo -n user-1 | md5sum", "d6d7705392bc7af633328bea8c4c6904  -\n"),
        ("echo a > f; echo b >> f; cat f", "a\nb\n"),
        ("echo a > f; cat < f; rm f; ls", "a\n"),
        ("cat <<END\na $((1 + 1))\nb\nEND", "a 2\nb\n"),
        ("cat <<'END'\na $A\nEND", "a $A\n"),
        ("cat <<< \"a b\"", "a b\n"),
        ("printf 'a 1\\nb 2\\n' | while read -r name number; do echo $number$name; done", "1a\n2b\n"),
        ("cat none 2> /dev/null || echo failed", "failed\n"),
        ("{ echo out; cat none; } 2>&1 | grep -c .", "2\n"),
        ("echo 'echo $1x' > s; echo 'A=5' > t; . ./t; echo $A", "5\n"),
        ("echo 'A=5; echo in $A' > t; bash t; echo \"out $A\"", "in 5\nout \n"),
        ("export A=1; unset A; echo \"[$A]\"", "[]\n"),
        ("X=1 true; echo \"[$X]\"", "[]\n"),
        ("[ -f none ] || echo missing; [ -n \"\" ] || echo empty", "missing\nempty\n"),
        ("echo a; exit 0; echo b", "a\n"),
        ("echo 'a # b' # c", "a # b\n"),
        ("A=a; B=$A$A; echo $B", "aa\n"),
        ("for f in *.none; do echo $f; done; echo > a.txt; echo *.txt", "*.none\na.txt\n"),
        ("echo a\\\nb", "ab\n"),
    ] {
        assert_eq!(printed(script), expected, "{script}");
    }
}

#[test]
fn exit_codes_are_those_of_the_last_command() {
    let code = |line: &str| run(&mut Sandbox::new(SandboxOptions::default()), line).exit_code;
    for (line, expected) in [
        ("true", 0),
        ("false", 1),
        ("false; true", 0),
        ("true | false", 1),
        ("false | true", 0),
        ("exit 7", 7),
        ("aws kinesis describe-stream --stream-name none; true", 0),
        ("true; aws kinesis describe-stream --stream-name none", 254),
        ("A=$(aws kinesis describe-stream --stream-name none)", 254),
        ("echo $(aws kinesis describe-stream --stream-name none)", 0),
        ("A=$(false) || true", 0),
        ("echo x | grep y", 1),
        ("[ 1 -eq x ]", 2),
        ("cat none", 1),
    ] {
        assert_eq!(code(line), expected, "{line}");
    }
}

#[test]
fn the_exit_code_of_a_line_is_known_to_the_next() {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut shell = Shell::default();
    let mut run = |line: &str| shell.run(&mut sandbox, line, &mut |_| {}).stdout;
    run("aws kinesis describe-stream --stream-name none");
    assert_eq!(run("echo $?"), "254\n");
    assert_eq!(run("echo $?"), "0\n");
}

#[test]
fn files_are_read_as_the_aws_cli_reads_them() {
    check_orders(
        &[
            "echo '[{\"Data\":\"YQ==\",\"PartitionKey\":\"a\"},{\"Data\":\"Yg==\",\"PartitionKey\":\"b\"}]' > records.json",
            "aws kinesis put-records --stream-name orders --records file://records.json --query FailedRecordCount",
        ],
        expect![[r#"
            0
        "#]],
    );
    check_orders(
        &[
            "cat > input.json <<END\n{\"StreamName\": \"orders\"}\nEND",
            "aws kinesis describe-stream-summary --cli-input-json file://input.json --query StreamDescriptionSummary.OpenShardCount",
        ],
        expect![[r#"
            2
        "#]],
    );
    // Bytes are sent as they are, text as it is meant.
    for (file, expected) in
        [("fileb://x", "aGVsbG8K\n"), ("file://x --cli-binary-format raw-in-base64-out", "aGVsbG8K\n")]
    {
        let line = format!(
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data {file} --query ShardId > /dev/null; \
             {ITERATOR}; aws kinesis get-records --shard-iterator $ITER --query Records[].Data --output text"
        );
        assert_eq!(session(&[ORDERS[0], ORDERS[1], "echo hello > x", &line]).1, expected, "{file}");
    }
    check_orders(
        &[
            "echo -n hello | aws kinesis put-record --stream-name orders --partition-key user-1 --data fileb:///dev/stdin --query ShardId",
        ],
        expect![[r#"
            "shardId-000000000001"
        "#]],
    );
    check_orders(
        &["aws kinesis put-record --stream-name orders --partition-key user-1 --data file://none"],
        expect![[r#"
            !
            ! aws: [ERROR]: An error occurred (ParamValidation): Error parsing parameter '--data': Unable to load paramfile file://none: [Errno 2] No such file or directory: 'none'
            ! sandbox: files here are written with echo … > file or cat > file <<END; ls lists them
            exit 252
        "#]],
    );
}

#[test]
fn nothing_runs_of_a_line_that_cannot_be_read() {
    for (line, word) in [
        ("aws kinesis create-stream --stream-name a --shard-count 1; aws kinesis lst-streams", "lst-streams"),
        ("aws kinesis create-stream --stream-name a --shard-count 1 && awss x", "awss"),
        (
            "for i in 1 2; do aws kinesis create-stream --stream-name a$i --shard-cuont 1; done",
            "--shard-cuont",
        ),
        ("A=$(aws kinesis list-streams --outptu text)", "--outptu"),
        ("aws kinesis create-stream --stream-name a --shard-count 1; case x in y) ;; esac", "case"),
        ("aws kinesis create-stream --stream-name a --shard-count 1 | jqq .", "jqq"),
        ("aws kinesis create-stream --stream-name a --shard-count 1; echo 'x", "'"),
    ] {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        let output = run(&mut sandbox, line);
        let error = output.error.expect(line);
        assert_eq!(&line[error.position.start..error.position.end], word, "{line}");
        assert_eq!(sandbox.entries().len(), 0, "{line}");
    }
}

#[test]
fn what_people_have_beside_the_aws_cli_says_what_is_here_instead() {
    check(
        &["aws kinesis list-streams | jq ."],
        expect![[r#"
            ! sandbox: jq is not here: --query of the AWS CLI picks parts of an answer: --query 'Records[].Data' --output text.
            exit 252
        "#]],
    );
    check(
        &["grpe x"],
        expect![[r#"
            ! grpe: command not found
            ! sandbox: did you mean grep?
            exit 127
        "#]],
    );
    check(
        &["head --lnes 3"],
        expect![[r#"
            ! sandbox: head --lnes is not simulated here: it takes -q, -n, -c
            ! sandbox: did you mean --lines?
            exit 252
        "#]],
    );
}

#[test]
fn a_loop_without_an_end_is_stopped() {
    check(
        &["while true; do true; done"],
        expect![[r#"
            ! sandbox: stopped after 10000 commands of one line
            exit 1
        "#]],
    );
    let text = printed("A=aaaaaaaaaaaaaaaa; while true; do A=$A$A; done");
    assert!(text.contains("sandbox:") && text.ends_with("exit 1\n"), "{}", text.len());
    assert!(printed("while true; do seq 100000; done").ends_with("exit 1\n"));
}

#[test]
fn a_pause_takes_virtual_time_and_prints_nothing_beside_other_commands() {
    let (sandbox, text) = session(&["for i in 1 2 3; do sleep 10; date +%s; done"]);
    assert_eq!(text, "1767225610\n1767225620\n1767225630\n");
    assert_eq!(sandbox.now().seconds(), 1_767_225_630);
    assert_eq!(printed("date"), "Thu Jan  1 00:00:00 UTC 2026\n");
    assert_eq!(printed("sleep 90; date -u +%Y-%m-%dT%H:%M:%SZ"), "2026-01-01T00:01:30Z\n");
}

#[test]
fn variables_that_programs_see_are_settings_of_the_aws_cli() {
    check_orders(
        &["export AWS_DEFAULT_OUTPUT=text", "aws kinesis list-streams --query StreamNames"],
        expect![[r#"
            orders
        "#]],
    );
    // Not exported, it is the shell's alone.
    check_orders(
        &["AWS_DEFAULT_OUTPUT=text", "aws kinesis list-streams --query StreamNames[0]"],
        expect![[r#"
            "orders"
        "#]],
    );
    check_orders(
        &["AWS_REGION=eu-west-1 aws kinesis list-streams"],
        expect![[r#"
            ! sandbox: your streams are in us-east-1, the only Region that is simulated here; in eu-west-1 there are none. Each Region has streams of its own.
            exit 252
        "#]],
    );
    check_orders(
        &[
            "aws configure set cli_binary_format raw-in-base64-out",
            "aws configure set output text",
            "aws kinesis put-record --stream-name orders --partition-key user-1 --data 'hello world' --query ShardId",
        ],
        expect![[r#"
            shardId-000000000001
        "#]],
    );
    check(
        &["aws configure set region eu-west-1", "aws configure get region; cat ~/.aws/config"],
        expect![[r#"
            eu-west-1
            [default]
            region = eu-west-1
        "#]],
    );
    check(
        &["aws configure get output"],
        expect![[r#"
            exit 1
        "#]],
    );
}

#[test]
fn the_caller_is_the_accounts_admin() {
    check(
        &["aws sts get-caller-identity"],
        expect![[r#"
            {
                "UserId": "AIDACKCEVSQ6C2EXAMPLE",
                "Account": "123456789012",
                "Arn": "arn:aws:iam::123456789012:user/admin"
            }
        "#]],
    );
    assert_eq!(printed("aws sts get-caller-identity --query Account --output text"), "123456789012\n");
    check(
        &["aws configure list"],
        expect![[r#"
                  Name                    Value             Type    Location
                  ----                    -----             ----    --------
               profile                <not set>             None    None
            access_key     ****************MPLE shared-credentials-file    
            secret_key     ****************EKEY shared-credentials-file    
                region                us-east-1      config-file    ~/.aws/config
        "#]],
    );
}

#[test]
fn words_that_only_look_alike_are_one_call_or_the_other() {
    for line in ["aws kinesis list-streams", "sleep 5", "sandbox undo", "A=1", "export A='b c'", "unset A"] {
        assert!(!matches!(parse(line), Ok(crate::Line::Script(_)) | Err(_)), "{line}");
    }
    for line in ["A=$B", "echo", "aws kinesis list-streams | cat", "aws kinesis list-streams > x", "A=1 B=2"]
    {
        assert!(matches!(parse(line), Ok(crate::Line::Script(_))), "{line}");
    }
    assert_eq!(parse("for i in 1").unwrap_err().kind, UsageKind::Incomplete);
}

#[test]
fn a_thousand_lines_are_run_one_after_the_other() {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    run(&mut sandbox, ORDERS[0]);
    run(&mut sandbox, ORDERS[1]);
    let text: String =
        (0..1_000).map(|i| format!("N={i}; {HELLO} --query ShardId > last; cat last\n")).collect();
    for line in crate::commands(&text) {
        assert_eq!(run(&mut sandbox, line).stdout, "\"shardId-000000000001\"\n");
    }
    assert_eq!(sandbox.world().home().variable("N").map(|n| n.value.as_str()), Some("999"));
}

/// Lines made of pieces that mean something to a shell.
fn script() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("echo a "),
        Just("A=b "),
        Just("$A "),
        Just("\"$A\" "),
        Just("$(echo x) "),
        Just("$((1+2)) "),
        Just("| "),
        Just("; "),
        Just("&& "),
        Just("|| "),
        Just("> f "),
        Just(">> f "),
        Just("< f "),
        Just("2>&1 "),
        Just("cat "),
        Just("for i in 1 2; do "),
        Just("done "),
        Just("while false; do "),
        Just("if true; then "),
        Just("else "),
        Just("fi "),
        Just("( "),
        Just(") "),
        Just("{ "),
        Just("} "),
        Just("! "),
        Just("grep a "),
        Just("read x "),
        Just("aws kinesis list-streams "),
        Just("--query @ "),
        Just("cat <<E\nx\nE\n"),
        Just("\n"),
        Just("'"),
        Just("\""),
        Just("sort -n "),
        Just("head -1 "),
        Just("cut -f1 "),
        Just("tr a b "),
        Just("base64 "),
        Just("[ a = b ] "),
        Just("break "),
        Just("continue 2 "),
        Just("exit 3 "),
        Just("export A "),
        Just("unset A "),
        Just("seq 3 "),
        Just("printf %s "),
        Just("wc "),
        Just("uniq "),
        Just("tail -n +2 "),
        Just("date "),
        Just("ls "),
        Just("rm f "),
    ];
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_script_makes_it_panic(text in script()) {
        let mut sandbox = Sandbox::new(SandboxOptions::default());
        let output = run(&mut sandbox, &text);
        if let Some(error) = output.error {
            prop_assert!(text.get(error.position.clone()).is_some(), "{:?}", error);
        }
        let _ = crate::complete(&text, text.len(), sandbox.world());
    }
}

#[test]
fn a_word_that_begins_with_a_letter_beyond_ascii_is_a_word() {
    for line in ["head é", "tail \u{feff}", "cut é", "sort é", "uniq é"] {
        let printed = super::session(&[line]).1;
        assert!(printed.contains("exit"), "{line}: {printed}");
    }
}
