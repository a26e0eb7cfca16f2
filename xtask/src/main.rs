//! The project's own commands: `cargo xtask build | serve | test | size | bench | licences`.
//! Everything a developer or the CI does with this checkout goes through here, so that both do the same.

#![allow(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]

mod apt;
mod node;
mod process;
mod project;
mod site;
mod toolchain;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::site::{Mode, build_site};

const HELP: &str = "\
Usage: cargo xtask COMMAND

  build [--release]    Build the static site into dist/
";

fn main() -> std::process::ExitCode {
    match run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    let command = match arguments.next()? {
        Some(Value(name)) => name.string()?,
        Some(Long("help") | Short('h')) | None => {
            print!("{HELP}");
            return Ok(());
        }
        Some(other) => return Err(other.unexpected().into()),
    };
    match command.as_str() {
        "build" => build(arguments),
        _ => bail!("there is no command {command:?}.\n\n{HELP}"),
    }
}

fn build(mut arguments: lexopt::Parser) -> Result<()> {
    let mut mode = Mode::Debug;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("release") => mode = Mode::Release,
            other => return Err(other.unexpected().into()),
        }
    }
    let dist = project::root().join("dist");
    build_site(mode, &dist)?;
    println!("Built {}", dist.display());
    Ok(())
}
