//! What the sandbox adds where the AWS CLI is silent: what was expected, and the nearest right word.

use super::{ORDERS, session};
use crate::parse;

/// Checks the hints of a line, and the word that its mistake points at where it cannot be read.
fn check(line: &str, word: &str, hints: &[&str]) {
    let (_, printed) = session(&[ORDERS[0], ORDERS[1], line]);
    let found: Vec<&str> = printed.lines().filter_map(|line| line.strip_prefix("! sandbox: ")).collect();
    assert_eq!(found, hints, "{line}\n{printed}");
    let pointed_at = parse(line).map_or_else(|error| line[error.position].to_owned(), |_| String::new());
    assert_eq!(pointed_at, word, "{line}");
}

#[test]
fn a_value_without_its_option_or_its_quotes_is_told_how_to_stand() {
    check(
        "aws kinesis put-record --stream-name orders --partition-key user-1 --data hello big world",
        "big",
        &["did you mean --data 'hello big world'?"],
    );
    check(
        "aws kinesis put-record --stream-name orders --data hello world --partition-key user-1",
        "world",
        &["did you mean --data 'hello world'?"],
    );
    check(
        "aws kinesis put-record --stream-name orders --data hello world",
        "world",
        &["did you mean --data 'hello world'?"],
    );
    check("aws kinesis create-stream orders", "orders", &["did you mean --stream-name orders?"]);
    check("aws kinesis delete-stream orders", "orders", &["did you mean --stream-name orders?"]);
    check("aws kinesis get-records AAAA --limit 5", "AAAA", &["did you mean --shard-iterator AAAA?"]);
    check("aws kinesis list-streams orders", "orders", &[]);
}

#[test]
fn a_needed_option_that_is_written_wrong_is_pointed_at() {
    check(
        "aws kinesis split-shard --stream-name orders --shard-to-split shardId-000000000000 --starting-hash-key 5",
        "--starting-hash-key",
        &["did you mean --new-starting-hash-key?"],
    );
    check(
        "aws kinesis put-record --stream-name orders --data YQ== --partition-kye k",
        "--partition-kye",
        &["did you mean --partition-key?"],
    );
    check("aws kinesis put-record --stream-name orders --data YQ== --x k", "", &[]);
}

#[test]
fn choices_are_listed_where_the_aws_cli_names_the_wrong_one_only() {
    check(
        "aws kinesis list-streams --output xml",
        "xml",
        &["--output is json, text, table, yaml, yaml-stream or off"],
    );
    check(
        "aws kinesis list-streams --cli-binary-format raw",
        "raw",
        &["--cli-binary-format is base64 or raw-in-base64-out"],
    );
    check("aws", "", &["aws help lists the services"]);
    check("aws kinesis", "", &["aws kinesis help lists the commands"]);
    check("aws dynamodb", "", &["aws dynamodb help lists the commands"]);
    check("aws foo", "foo", &["aws help lists the services"]);
    check("aws kinesis foo", "foo", &["aws kinesis help lists the commands"]);
    check("aws kinesis wait", "", &["aws kinesis wait has stream-exists and stream-not-exists"]);
    check(
        "aws kinesis wait active --stream-name orders",
        "active",
        &["aws kinesis wait has stream-exists and stream-not-exists"],
    );
    check(
        "aws kinesis list-streams --generate-cli-skeleton imput",
        "imput",
        &[
            "--generate-cli-skeleton is input; output and yaml-input exist in the AWS CLI but are not simulated here",
        ],
    );
    check(
        "aws kinesis put-records --generate-cli-skeleton yaml-input",
        "yaml-input",
        &[
            "--generate-cli-skeleton yaml-input exists in the AWS CLI but is not simulated here; without yaml-input it prints the request.",
        ],
    );
}

#[test]
fn a_value_of_a_wrong_kind_is_told_its_kind() {
    check(
        "aws kinesis update-shard-count --stream-name orders --target-shard-count four --scaling-type UNIFORM_SCALING",
        "four",
        &["--target-shard-count is a whole number"],
    );
    check(
        "aws kinesis get-shard-iterator --stream-name orders --shard-id 0 --shard-iterator-type AT_TIMESTAMP --timestamp yesterday",
        "yesterday",
        &["a time is 2026-01-01T00:00:30Z or seconds since 1970"],
    );
    check(
        "aws kinesis create-stream --stream-name o --stream-mode-details ON_DEMAND",
        "ON_DEMAND",
        &["did you mean StreamMode=ON_DEMAND?"],
    );
    check(
        "aws kinesis add-tags-to-stream --stream-name orders --tags team",
        "team",
        &["--tags takes NAME=VALUE,…"],
    );
    check(
        "aws kinesis put-records --stream-name orders --records hello",
        "hello",
        &["--records takes Data=…,PartitionKey=…"],
    );
    check(
        "aws kinesis put-records --stream-name orders --records Data=YQ==,PartitonKey=k",
        "Data=YQ==,PartitonKey=k",
        &["did you mean PartitionKey?"],
    );
    check(
        "aws kinesis create-stream --cli-input-json '{\"StreamName\":\"b\"'",
        "'{\"StreamName\":\"b\"'",
        &["Expecting ',' delimiter: line 1 column 18 (char 17)"],
    );
    check(
        "aws lambda create-event-source-mapping --function-name f --batch-size many",
        "many",
        &["--batch-size is a whole number"],
    );
    check("aws lambda create-event-source-mapping --function-name ''", "''", &[]);
}

#[test]
fn a_wrong_choice_that_only_the_service_refuses_is_told_the_nearest_right_one() {
    let iterator = "aws kinesis get-shard-iterator --stream-name orders --shard-id 0 --shard-iterator-type";
    check(&format!("{iterator} latest"), "", &["did you mean LATEST?"]);
    check(&format!("{iterator} TRIM_HORIZN"), "", &["did you mean TRIM_HORIZON?"]);
    check(&format!("{iterator} NOW"), "", &[]);
    check(
        "aws kinesis update-shard-count --stream-name orders --target-shard-count 3 --scaling-type UNIFORM",
        "",
        &["did you mean UNIFORM_SCALING?"],
    );
    check(
        "aws kinesis create-stream --stream-name e --stream-mode-details StreamMode=ON-DEMAND",
        "",
        &["did you mean ON_DEMAND?"],
    );
}

#[test]
fn a_stream_that_is_not_there_is_told_the_nearest_one() {
    check("aws kinesis describe-stream --stream-name order", "", &["did you mean orders?"]);
    check("aws kinesis describe-stream --stream-name ORDERS", "", &["did you mean orders?"]);
    check("aws kinesis describe-stream --stream-name clicks", "", &[]);
    check(
        "sandbox producer start web --stream ordes",
        "",
        &["there is no stream ordes yet: did you mean orders?"],
    );
    check("sandbox reader start tail --stream clicks", "", &["there is no stream clicks yet"]);
    check("sandbox producer start web --stream orders", "", &[]);
}

#[test]
fn a_variable_that_is_not_set_or_lacks_its_dollar_is_named() {
    let hints = |line: &str| {
        let (_, printed) = session(&[ORDERS[0], ORDERS[1], "ITER=abc", line]);
        let hints = printed.lines().filter_map(|line| line.strip_prefix("! sandbox: "));
        hints.map(str::to_owned).collect::<Vec<String>>()
    };
    assert_eq!(
        hints("aws kinesis get-records --shard-iterator $ITTER"),
        ["$ITTER is not set: did you mean $ITER?"]
    );
    assert_eq!(hints("aws kinesis get-records --shard-iterator \"$X\""), ["$X is not set"]);
    assert_eq!(
        hints("aws kinesis get-records --shard-iterator ITER"),
        ["ITER is the name of a variable: did you mean $ITER?"]
    );
    // What a shell does without a word, it does so here.
    assert_eq!(hints("echo [$X]"), [""; 0]);
    assert_eq!(hints("[ \"$X\" = a ]"), [""; 0]);
    assert_eq!(hints("aws kinesis list-streams $X"), [""; 0]);
}

#[test]
fn a_command_that_lacks_its_first_words_is_told_them() {
    check("kinesis list-streams", "kinesis", &["did you mean aws kinesis?"]);
    check("list-streams", "list-streams", &["did you mean aws kinesis list-streams?"]);
    check("put-recrod --stream-name orders", "put-recrod", &["did you mean aws kinesis put-record?"]);
    check("dynamodb scan --table-name x", "dynamodb", &["did you mean aws dynamodb?"]);
    check("producer start web --stream orders", "producer", &["did you mean sandbox producer?"]);
    check("undo", "undo", &["did you mean sandbox undo?"]);
    check("AWS kinesis list-streams", "AWS", &["did you mean aws?"]);
    check("Echo x", "Echo", &["did you mean echo?"]);
    check("nonsense", "nonsense", &["help lists what there is"]);
}

/// The word that a line's mistake points at, read or run.
#[test]
fn a_mistake_of_a_verb_a_shell_or_a_program_points_at_its_word() {
    for (line, word) in [
        ("sandbox prodcer start web", "prodcer"),
        ("sandbox producer strat web", "strat"),
        ("sandbox producer start web --stream orders --rato 5", "--rato"),
        ("sandbox producer start web --stream orders --rate fast", "fast"),
        ("sandbox producer start web --stream orders --keys zip:3", "zip:3"),
        ("sandbox producer start web --stream orders --retry often", "often"),
        ("sandbox producer stop web now", "now"),
        ("sandbox producer start web", ""),
        ("sandbox clock advance 5", "5"),
        ("sandbox clock speed 0x", "0x"),
        ("sandbox seek noon", "noon"),
        ("sandbox why yesterday", "yesterday"),
        ("sleep long", "long"),
        ("aws lambda create-event-source-mapping --function-name ''", "''"),
        ("aws dynamodb scn", "scn"),
        ("aws s3 sl", "sl"),
        ("aws sqs list-queues", "sqs"),
        ("aws firehose put-record --delivery-stream-name x --record Data=hello", "Data=hello"),
        ("true | jqq .", "jqq"),
        ("echo \"x", "\""),
        ("echo x &", "&"),
        ("head --lnes 3", "--lnes"),
        ("printf '%f' 1", "'%f'"),
    ] {
        let (mut sandbox, _) = session(&ORDERS);
        let entries = sandbox.entries().len();
        let error = crate::run(&mut sandbox, line).error.expect(line);
        assert_eq!(&line[error.position], word, "{line}");
        assert_eq!(sandbox.entries().len(), entries, "{line}");
    }
}

#[test]
fn what_a_terminal_has_besides_says_what_is_here_instead() {
    for (line, hint) in [
        ("history", "history is not here: the arrow keys go through earlier lines, Ctrl R searches them."),
        ("man aws", "man is not here: help explains: help put-record."),
        ("cd /tmp", "cd is not here: files here stand in one place."),
        ("pwd", "pwd is not here: files here stand in one place."),
        ("whoami", "whoami is not here: aws sts get-caller-identity says who is calling."),
        ("sudo aws kinesis list-streams", "sudo is not here: type the line without it."),
        ("tee x", "tee is not here: a > file keeps what a prints."),
    ] {
        check(line, "", &[hint]);
    }
}

#[test]
fn who_asks_for_help_by_an_option_is_told_the_word() {
    let hint = "help is a word here, not an option: aws kinesis put-record help";
    check("aws kinesis list-streams --help", "--help", &[hint]);
    check("aws kinesis --help", "--help", &[hint]);
    check("aws dynamodb scan --table-name x -h", "-h", &[hint]);
    for line in ["aws help kinesis", "sandbox producer --help", "sandbox producer start -h", "sandbox --help"]
    {
        let (_, printed) = session(&[line]);
        assert!(printed.len() > 200 && !printed.contains('!'), "{line}: {printed}");
    }
    check("aws s3 sl", "sl", &["Simulated: aws s3 ls, cp, mb, rb, rm."]);
}

#[test]
fn help_on_a_word_that_is_none_suggests_one() {
    let help = |line: &str| session(&[line]).1.lines().take(2).collect::<Vec<&str>>().join("|");
    for (line, first) in [
        ("help put-recrod", "There is no help on \"put-recrod\". Did you mean: help put-record|"),
        ("help kineses", "There is no help on \"kineses\". Did you mean: help kinesis|"),
        (
            "help aws kinesis put-recrod",
            "There is no help on \"aws kinesis put-recrod\". Did you mean: help put-record|",
        ),
        ("help prodcer", "There is no help on \"prodcer\". Did you mean: help producer|"),
        ("help gerp", "There is no help on \"gerp\". Did you mean: help grep|"),
        ("help qqq", "There is no help on \"qqq\".|"),
    ] {
        assert_eq!(help(line), first, "{line}");
    }
}
