//! Plays random sessions in every way there is: `cargo run --release -p tests --bin sessions -- --sessions 10000 --seed 1`.
//!
//! With `--save FILE` it writes each instead, a line of JSON with its digest, for `node tests/wasm/sessions.mjs FILE`,
//! which asks the shipped module for the same digests.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::ops::Range;
use std::process::ExitCode;
use std::time::Instant as WallClock;

use serde_json::json;
use tests::random_sessions;

const USAGE: &str = "Usage: sessions [--sessions N] [--seed N] [--save FILE]";

fn main() -> ExitCode {
    let (mut sessions, mut seed, mut save) = (1_000, 1, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value = arguments.next().unwrap_or_default();
        match (name.as_str(), value.parse()) {
            ("--sessions", Ok(value)) => sessions = value,
            ("--seed", Ok(value)) => seed = value,
            ("--save", _) if !value.is_empty() => save = Some(value),
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    if let Some(path) = save {
        return match write_all(&path, seed..seed + sessions) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("{path}: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let start = WallClock::now();
    let events: u64 = (seed..seed + sessions).map(random_sessions::check).sum();
    let seconds = start.elapsed().as_secs();
    println!(
        "{sessions} sessions from seed {seed} on, {events} events, in {seconds} s: every way led to one world"
    );
    ExitCode::SUCCESS
}

fn write_all(path: &str, seeds: Range<u64>) -> Result<(), Box<dyn Error>> {
    let mut file = BufWriter::new(File::create(path)?);
    for seed in seeds {
        let sandbox = random_sessions::played(seed);
        let line =
            json!({ "seed": seed, "digest": sandbox.digest().to_string(), "session": sandbox.save()? });
        writeln!(file, "{line}")?;
    }
    Ok(file.flush()?)
}
