//! `sandbox fork …`: two worlds at one prompt.

use sim::{Sandbox, SandboxOptions};

use crate::{Effect, run};

fn outputs(lines: &[&str]) -> Vec<String> {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let printed = |output: crate::Output| output.stdout + &output.stderr;
    lines.iter().map(|line| printed(run(&mut sandbox, line))).collect()
}

#[test]
fn a_fork_says_where_the_ways_part_and_which_figures_differ() {
    let outputs = outputs(&[
        "aws kinesis create-stream --stream-name orders --shard-count 1",
        "sandbox clock advance 20s",
        "sandbox producer start web --stream orders --rate 1500",
        "sandbox fork make",
        "sandbox clock advance 10s",
        "sandbox fork difference",
        "sandbox producer change web --retry backoff --attempts 10",
        "sandbox clock advance 10s",
        "sandbox fork difference",
        "sandbox fork switch",
        "sandbox fork difference",
        "sandbox fork drop",
        "sandbox fork switch",
    ]);
    assert!(outputs[3].contains("00:00:20.500  a second world begins here"), "{}", outputs[3]);
    assert_eq!(outputs[5], "the two worlds are the same to the last bit\n");
    let (here, there) = (&outputs[8], &outputs[10]);
    assert!(here.contains("00:00:30.500  the ways part\n  here:   web has new settings"), "{here}");
    assert!(there.contains("  there:  web has new settings"), "{there}");
    let figures = |text: &str| {
        let line = text.lines().find(|line| line.starts_with("web: lost")).map(str::to_owned);
        line.map(|line| line.split_whitespace().rev().take(2).map(str::to_owned).collect::<Vec<String>>())
    };
    let (lost, swapped) = (figures(here).unwrap(), figures(there).unwrap());
    assert_eq!(lost, [&*swapped[1], &*swapped[0]], "the same two worlds, the other way round");
    assert_eq!(outputs[11], "");
    assert_eq!(outputs[12], "sandbox: there is no other world: sandbox fork make makes one\n");
}

#[test]
fn each_world_has_its_own_files_and_history_and_the_page_is_told_of_the_switch() {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    run(&mut sandbox, "sandbox fork make");
    run(&mut sandbox, "echo here > a.txt; name=here");
    let switched = run(&mut sandbox, "sandbox fork switch; echo \"[$name]\"; cat a.txt");
    assert_eq!(switched.effects, [Effect::SwitchedWorlds]);
    assert!(switched.stdout.ends_with("[]\n"), "{}", switched.stdout);
    assert_ne!(switched.exit_code, 0, "there is no such file there");
    run(&mut sandbox, "sandbox fork switch");
    assert_eq!(run(&mut sandbox, "cat a.txt").stdout, "here\n");
    assert!(run(&mut sandbox, "sandbox undo").stdout.contains("undone"));
}
