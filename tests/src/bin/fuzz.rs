//! Sends random input to the wire: `cargo run --release -p tests --bin fuzz -- --inputs 10000000 --seed 1`; with
//! `--language` to the prompt.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::process::ExitCode;
use std::time::Instant as WallClock;

use tests::{fuzz, fuzz_language};

const USAGE: &str = "Usage: fuzz [--language] [--inputs N] [--seed N]";

fn main() -> ExitCode {
    let (mut inputs, mut seed) = (1_000_000, 1);
    let mut arguments = std::env::args().skip(1).peekable();
    let is_language = arguments.next_if(|name| name == "--language").is_some();
    while let Some(name) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse().ok());
        match (name.as_str(), value) {
            ("--inputs", Some(value)) => inputs = value,
            ("--seed", Some(value)) => seed = value,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    let start = WallClock::now();
    if is_language {
        let tally = fuzz_language::run(inputs, seed);
        println!("{} inputs of seed {seed} in {} s, nothing broke", tally.inputs, start.elapsed().as_secs());
        println!("{tally:#?}");
        return ExitCode::SUCCESS;
    }
    let tally = fuzz::run(inputs, seed);
    println!("{} inputs of seed {seed} in {} s, nothing broke", tally.inputs, start.elapsed().as_secs());
    println!("{} accepted, refused by:", tally.accepted);
    for (code, count) in &tally.refused {
        println!("  {code}: {count}");
    }
    println!("longest answer {} bytes, most stored {} bytes", tally.answer_bytes_max, tally.stored_bytes_max);
    if let Some(memory) = memory_peak() {
        println!("the process took {memory} at most");
    }
    println!("digest {:016x}", tally.digest);
    ExitCode::SUCCESS
}

/// The most memory that this process ever had, where the system tells it.
fn memory_peak() -> Option<String> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    Some(status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?.trim().to_owned())
}
