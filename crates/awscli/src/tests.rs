//! Lines as they are typed, with what they print: the whole language against a whole sandbox.

mod account;
mod aws_answers;
mod aws_mistakes;
mod aws_output;
mod chips;
mod completing;
mod every_command;
mod forks;
mod hints;
mod neighbours;
mod policies;
mod recorded_lines;
mod rendering;
mod sandbox_verbs;
mod shell;
mod study_notes;
mod verbs_help;

use expect_test::Expect;
use sim::{Sandbox, SandboxOptions};

use crate::run;

/// Runs the lines one after the other in a new sandbox and returns it with what the last one printed: standard
/// output, standard error with `! ` before each line, and the exit code where it is not 0.
fn session(lines: &[&str]) -> (Sandbox, String) {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut printed = String::new();
    for line in lines {
        let output = run(&mut sandbox, line);
        printed = output.stdout;
        for line in output.stderr.lines() {
            printed.push_str(format!("! {line}").trim_end());
            printed.push('\n');
        }
        if output.exit_code != 0 {
            printed.push_str(&format!("exit {}\n", output.exit_code));
        }
    }
    (sandbox, printed)
}

/// Checks what the last of the lines prints.
fn check(lines: &[&str], expected: Expect) {
    expected.assert_eq(&session(lines).1);
}

/// A stream of two shards that is ACTIVE.
const ORDERS: [&str; 2] =
    ["aws kinesis create-stream --stream-name orders --shard-count 2", "sandbox clock advance 30s"];

/// As [`check`], in a sandbox that has the stream `orders`.
fn check_orders(lines: &[&str], expected: Expect) {
    check(&[&ORDERS[..], lines].concat(), expected);
}

const USAGE_LINES: &str = "\
! usage: aws [options] <command> <subcommand> [<subcommand> ...] [parameters]
! To see help text, you can run:
!
!   aws help
!   aws <command> help
!   aws <command> <subcommand> help
";

/// As [`check_orders`], with `! USAGE` for the AWS CLI's usage lines.
fn check_mistake(line: &str, expected: Expect) {
    let (sandbox, printed) = session(&[ORDERS[0], ORDERS[1], line]);
    expected.assert_eq(&printed.replace(USAGE_LINES, "! USAGE\n"));
    assert_eq!(sandbox.entries().len(), 1, "nothing runs of a line that is wrong");
}
