//! Prints the digest of each saved session that is named: one `PATH DIGEST` line a file. The shipped wasm must come
//! to the same digests.

#![allow(clippy::print_stdout)] // The printed lines are what this program is for.

use std::process::ExitCode;

use sim::Sandbox;

fn main() -> ExitCode {
    for path in std::env::args().skip(1) {
        let loaded = std::fs::read_to_string(&path)
            .map_err(|error| error.to_string())
            .and_then(|text| Sandbox::load(&text, ()).map_err(|error| error.to_string()));
        match loaded {
            Ok((sandbox, _)) => println!("{path} {}", sandbox.digest()),
            Err(error) => {
                eprintln!("{path}: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}
