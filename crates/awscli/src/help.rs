//! Help, made from the tables that the lines are read with.

mod texts;

use awsjson::{Kind, Member};
use kinesis::Operation;

pub(crate) use texts::{example, member_help, query_example, summary};

use crate::aws::{self, GLOBALS, Service, ServiceCommand, Waiter};
use crate::nearest::nearest;
use crate::shell::TOOLS;
use crate::verbs::{VERBS, Verb};

/// Help on a command, by its words; without any, on everything.
pub fn help(topic: &[String]) -> String {
    let topic: Vec<&str> = topic.iter().map(String::as_str).collect();
    match topic.as_slice() {
        ["aws"] => help_aws(),
        ["aws", "kinesis"] | ["kinesis"] => help_kinesis(),
        ["aws", "s3", ..] | ["s3", ..] => help_s3(),
        ["aws", "sts", ..] | ["sts", ..] => {
            help_of(&[("aws sts get-caller-identity", "Says who is calling.")])
        }
        ["aws", "configure", ..] | ["configure", ..] => help_of(CONFIGURE),
        ["aws", name] | [name] if aws::service(name).is_some() => {
            aws::service(name).map(help_service).unwrap_or_default()
        }
        ["aws", name, command] | [name, command]
            if aws::service(name).is_some_and(|service| command_of(service, command).is_some()) =>
        {
            let service = aws::service(name);
            let found = service.and_then(|service| Some((service, command_of(service, command)?)));
            found.map(|(service, command)| help_command(service, command)).unwrap_or_default()
        }
        ["aws", "kinesis", command] | ["kinesis", command] | [command] | ["aws", command]
            if aws::operation_of_command(command).is_some() =>
        {
            aws::operation_of_command(command).map(help_operation).unwrap_or_default()
        }
        [.., "wait"] | [.., "kinesis", "wait", _] => help_wait(),
        ["shell"] => help_shell(),
        [tool] if TOOLS.iter().any(|(name, _)| name == tool) => help_shell(),
        ["sandbox", rest @ ..] => help_sandbox(rest),
        [] => overview(),
        [first, ..] if VERBS.iter().any(|verb| verb.words.first() == Some(first)) => help_sandbox(&topic),
        other => {
            let near =
                nearest_topic(other).map(|near| format!(" Did you mean: help {near}")).unwrap_or_default();
            format!("There is no help on {:?}.{near}\n\n{}", other.join(" "), overview())
        }
    }
}

/// The nearest word on which there is help.
fn nearest_topic(topic: &[&str]) -> Option<String> {
    let operations = aws::commands().map(aws::command_name);
    let services = aws::services().map(|(name, _)| name.to_owned());
    let verbs = VERBS.iter().filter_map(|verb| verb.words.first()).map(|word| (*word).to_owned());
    let tools = TOOLS.iter().map(|(name, _)| (*name).to_owned());
    let own = ["kinesis", "sandbox", "shell", "wait", "sts", "configure", "s3"].map(str::to_owned);
    let known: Vec<String> =
        own.into_iter().chain(operations).chain(services).chain(verbs).chain(tools).collect();
    nearest(topic.last()?, known.iter().map(String::as_str), 70).into_iter().next()
}

fn overview() -> String {
    let rows = [
        ("aws kinesis …", "calls Kinesis as the AWS CLI does; see: help kinesis"),
        ("aws …", "other services, as far as streams meet them; see: help aws"),
        ("sandbox …", "producers, readers, KCL applications, the clock, undo; see: help sandbox"),
        ("sleep 30", "lets 30 seconds of virtual time pass"),
        ("for, if, |, > …", "a shell with variables, files and small programs; see: help shell"),
        ("clear", "empties the terminal"),
        ("help …", "explains a command"),
    ];
    format!("{}\nTry:\n  {}\n", table(rows), example(Operation::CreateStream))
}

const CONFIGURE: &[(&str, &str)] = &[
    ("aws configure list", "Lists the settings."),
    ("aws configure get region", "Shows one: region, output or cli_binary_format."),
    ("aws configure set output text", "Sets one, for all lines that come."),
];

fn help_of(rows: &[(&str, &str)]) -> String {
    table(rows.iter().copied())
}

fn help_aws() -> String {
    let kinesis = [("kinesis", "Amazon Kinesis Data Streams")];
    let own = [
        ("sts", "who is calling: sts get-caller-identity"),
        ("configure", "settings: configure list, get, set"),
    ];
    let rows = kinesis.into_iter().chain(aws::services()).chain(own);
    format!(
        "aws SERVICE COMMAND [OPTIONS]\n\n{}\nMore on one: aws kinesis help\n\nOptions of every command:\n{}",
        table(rows),
        table(GLOBALS.iter().map(|global| (global.name, global.help)).take(SHOWN_GLOBALS))
    )
}

fn command_of(service: &'static Service, name: &str) -> Option<&'static ServiceCommand> {
    service.commands.iter().find(|command| command.name == name)
}

fn help_service(service: &Service) -> String {
    let rows = service.commands.iter().map(|command| (command.name, command.help));
    let first = service.commands.first().map_or("", |command| command.name);
    format!(
        "aws {} COMMAND [OPTIONS]: {}\n\n{}\nMore on one: aws {} {first} help\n",
        service.name,
        service.help,
        table(rows),
        service.name
    )
}

fn help_command(service: &Service, command: &ServiceCommand) -> String {
    let options = command.options();
    let known = options.iter().filter(|option| option.is_simulated());
    let rows: Vec<(String, &str)> = known
        .filter_map(|option| {
            let member = option.member()?;
            let need = if member.is_required { "needed" } else { "" };
            Some((format!("{} {}", option.name, value_name(member)).trim_end().to_owned(), need))
        })
        .collect();
    format!(
        "{}\n\n  aws {} {} [OPTIONS]\n\n{}\nExample:\n  {}\n",
        command.help,
        service.name,
        command.name,
        table(rows),
        command.example
    )
}

fn help_s3() -> String {
    let rows = aws::S3_COMMANDS.iter().map(|(name, help, _)| (*name, *help));
    let examples: String = aws::S3_COMMANDS.iter().map(|(_, _, example)| format!("  {example}\n")).collect();
    format!("aws s3 COMMAND [PLACE …]\n\n{}\nExamples:\n{examples}", table(rows))
}

fn help_kinesis() -> String {
    let rows: Vec<(String, &str)> = aws::commands()
        .map(|operation| (aws::command_name(operation), summary(operation)))
        .chain([("wait".to_owned(), "Waits until a stream is there, or is gone.")])
        .collect();
    format!(
        "aws kinesis COMMAND [OPTIONS]\n\n{}\nMore on one: help put-record\n\nOptions of every command:\n{}",
        table(rows),
        table(GLOBALS.iter().map(|global| (global.name, global.help)).take(SHOWN_GLOBALS))
    )
}

fn help_shell() -> String {
    let rows = [
        ("A=word", "a variable; $A, ${A:-word}, ${#A}, $? and $((1 + 2)) stand for what they hold"),
        ("A=$(command)", "what a command prints"),
        ("a | b", "what a prints is what b reads; a && b, a || b, a ; b, ! a"),
        ("a > file", "into a file; >> appends, < reads, 2> takes errors, 2>&1 joins them, <<END takes lines"),
        ("for i in 1 2 3; do …; done", "a loop; while, until, if, break and continue too"),
        ("export A=word", "a variable that the AWS CLI sees: AWS_DEFAULT_OUTPUT, AWS_REGION"),
        ("# …", "a comment"),
    ];
    let example = "for i in $(seq 1 5); do aws kinesis put-record --stream-name orders --partition-key user-$i \
                   --data \"$(echo -n $i | base64)\"; done";
    format!("{}\nPrograms:\n{}\nExample:\n  {example}\n", table(rows), table(TOOLS.iter().copied()))
}

/// The global options that a learner needs stand first in their table.
const SHOWN_GLOBALS: usize = 6;

fn help_wait() -> String {
    let rows = Waiter::ALL.map(|waiter| {
        let help = match waiter {
            Waiter::StreamExists => "Until DescribeStream says ACTIVE.",
            Waiter::StreamNotExists => "Until there is no such stream.",
        };
        (waiter.command(), help)
    });
    format!(
        "aws kinesis wait WAITER --stream-name STREAM\n\nAsks every 10 seconds, at most 18 times.\n\n{}",
        table(rows)
    )
}

/// What an option of an operation does.
pub(crate) fn option_help(option: &aws::CallOption) -> &'static str {
    match option.member() {
        Some(_) if option.is_negation() => "Says no, as without it.",
        Some(member) => member_help(member.name),
        None => {
            let own = OF_THE_CLI.iter().find(|(name, ..)| *name == option.name).map(|(.., help)| *help);
            let global =
                || GLOBALS.iter().find(|global| global.name == option.name).map(|global| global.help);
            own.or_else(global).unwrap_or_default()
        }
    }
}

/// Options that the AWS CLI gives an operation besides those of the model: name, value, meaning.
const OF_THE_CLI: &[(&str, &str, &str)] = &[
    ("--cli-input-json", "JSON", "All members at once, as JSON; what is typed besides wins."),
    ("--generate-cli-skeleton", "", "Prints that JSON with nothing in it, and calls nothing."),
    ("--starting-token", "TEXT", "Goes on where --max-items has cut: the NextToken of that answer."),
    ("--page-size", "NUMBER", "Items that each call asks for; all pages are printed as one answer."),
    ("--max-items", "NUMBER", "Items that are printed at most, of all pages."),
];

fn help_operation(operation: Operation) -> String {
    let mut required = Vec::new();
    let mut rows = Vec::new();
    for option in aws::options_of(operation) {
        if let Some((name, value, help)) = OF_THE_CLI.iter().find(|(name, ..)| *name == option.name) {
            rows.push((format!("{name} {value}").trim_end().to_owned(), *help));
        }
        let Some(member) = option.member().filter(|_| option.is_simulated()) else { continue };
        let form = match value_name(member) {
            "" => option.name.clone(),
            value => format!("{} {value}", option.name),
        };
        if member.is_required {
            required.push(form.clone());
        }
        rows.push((form, option_help(&option)));
    }
    required.push("[OPTIONS]".to_owned());
    format!(
        "{}\n\n  aws kinesis {} {}\n\n{}\nExample:\n  {}\n",
        summary(operation),
        aws::command_name(operation),
        required.join(" "),
        table(rows),
        example(operation)
    )
}

/// What stands for a value in help.
pub(crate) fn value_name(member: &Member) -> &'static str {
    match member.kind {
        Kind::String => "TEXT",
        Kind::Integer => "NUMBER",
        Kind::Boolean => "",
        Kind::Timestamp => "TIME",
        Kind::Blob => "BASE64",
        Kind::StructureList(_) => "JSON",
        Kind::StringList => "TEXT …",
        Kind::Structure(_) | Kind::Map => "NAME=VALUE,…",
        Kind::Document => "JSON",
    }
}

fn help_sandbox(topic: &[&str]) -> String {
    let verbs: Vec<&Verb> = VERBS.iter().filter(|verb| verb.words.starts_with(topic)).collect();
    match verbs.as_slice() {
        [] => help_sandbox(&[]),
        [verb] => {
            let rows: Vec<(String, &str)> =
                verb.options.iter().map(|o| (format!("{} {}", o.name, o.value), o.help)).collect();
            format!(
                "{}\n\n  {}\n\n{}\nExample:\n  {}\n",
                verb.summary,
                verb.synopsis(),
                table(rows),
                verb.example
            )
        }
        verbs => {
            let rows: Vec<(String, &str)> = verbs.iter().map(|verb| (verb.name(), verb.summary)).collect();
            format!("{}\nMore on one: help sandbox producer start\n", table(rows))
        }
    }
}

/// Two columns; the first one is as wide as its widest row.
fn table<A: AsRef<str>, B: AsRef<str>>(rows: impl IntoIterator<Item = (A, B)>) -> String {
    let rows: Vec<(A, B)> = rows.into_iter().collect();
    let width = rows.iter().map(|(name, _)| name.as_ref().chars().count()).max().unwrap_or(0);
    rows.iter().map(|(name, help)| format!("  {:width$}  {}\n", name.as_ref(), help.as_ref())).collect()
}
