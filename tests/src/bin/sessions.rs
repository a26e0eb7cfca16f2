//! Plays random sessions in every way there is: `cargo run --release -p tests --bin sessions -- --sessions 10000 --seed 1`.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::process::ExitCode;
use std::time::Instant as WallClock;

use tests::random_sessions;

const USAGE: &str = "Usage: sessions [--sessions N] [--seed N]";

fn main() -> ExitCode {
    let (mut sessions, mut seed) = (1_000, 1);
    let mut arguments = std::env::args().skip(1);
    while let Some(name) = arguments.next() {
        let value: Option<u64> = arguments.next().and_then(|value| value.parse().ok());
        match (name.as_str(), value) {
            ("--sessions", Some(value)) => sessions = value,
            ("--seed", Some(value)) => seed = value,
            _ => {
                eprintln!("{USAGE}");
                return ExitCode::FAILURE;
            }
        }
    }
    let start = WallClock::now();
    let events: u64 = (seed..seed + sessions).map(random_sessions::check).sum();
    let seconds = start.elapsed().as_secs();
    println!(
        "{sessions} sessions from seed {seed} on, {events} events, in {seconds} s: every way led to one world"
    );
    ExitCode::SUCCESS
}
