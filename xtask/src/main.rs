//! The project's own commands: `cargo xtask build | serve | test | size | bench | licences | model`.
//! Everything a developer or the CI does with this checkout goes through here, so that both do the same.

#![allow(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]

mod apt;
mod bench;
mod browser;
mod clients;
mod first_load;
mod lesson;
mod licences;
mod long_texts;
mod model;
mod node;
mod offline;
mod package;
mod process;
mod project;
mod serve;
mod short_imports;
mod single_file;
mod site;
mod size;
mod split;
mod table;
mod test;
mod texts;
mod toolchain;
mod yew_page;

use std::path::PathBuf;

use anyhow::{Result, bail};
use lexopt::prelude::*;

use crate::node::Packages;
use crate::site::{Mode, build_site};
use crate::test::Stage;
use crate::toolchain::WasmToolchain;

const HELP: &str = "\
Usage: cargo xtask COMMAND

  serve [--port N]           Build the page, serve it on this machine and rebuild it on every change
  build [--release]          Build the static site into dist/
  test [--quick] [STAGE]...  Run every check, or only the named stages: fmt, clippy, licences, native, site,
                             size, wasm, clients, embeds, npm, offline, browser; --quick takes a quickly built page and
                             leaves sizes out
  bench [--runs N] [SUITE]...
                             Measure, print a table and write target/bench.json; the suites are first-load,
                             native, wasm and browser
  bench --peers [--runs N]   The same for the sandbox beside kinesalite, in process and over HTTP
  size [--functions N]       Show what takes the bytes of the first load, by file and by crate
  single-file                Make one file with everything in it, in target/single-file
  package [--check]          Build what is released into target/package: the site, one file with everything in
                             it, the npm package, and their checksums; --check builds it all once more in a
                             copy of the checkout and compares
  model --from FILE --source TEXT
                             Write the service model that the tests compare with, from a service-2.json of
                             botocore (plain or .gz); TEXT names the release
  first-load                 Record in Chromium which functions the first picture needs: web/first-load*.txt
  new-lesson NAME            Make the folder of a new lesson, which can be played at once
  play NAME                  Look a lesson over and play it here, with its goals after each line
  prove NAME...              Prove lessons from their files: nothing is compiled for it
  licences [--write]         Check the licences of all we depend on; --write renews THIRD-PARTY.md
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
        "serve" => serve(arguments),
        "test" => test(arguments),
        "bench" => bench(arguments),
        "size" => size(arguments),
        "single-file" => single_file(arguments),
        "package" => package(arguments),
        "licences" => licences(arguments),
        "model" => model(arguments),
        "first-load" => first_load(arguments),
        "new-lesson" => lesson::new_lesson(&lesson_name(arguments)?),
        "play" => lesson::play(&lesson_name(arguments)?),
        "prove" => prove(arguments),
        _ => bail!("there is no command {command:?}.\n\n{HELP}"),
    }
}

fn package(mut arguments: lexopt::Parser) -> Result<()> {
    match arguments.next()? {
        None => package::package(),
        Some(Long("check")) => package::check(),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn single_file(mut arguments: lexopt::Parser) -> Result<()> {
    if let Some(other) = arguments.next()? {
        return Err(other.unexpected().into());
    }
    let file = single_file::build(&WasmToolchain::find()?, &Packages::install()?)?;
    println!("{} has {} bytes", file.display(), std::fs::metadata(&file)?.len());
    Ok(())
}

fn prove(mut arguments: lexopt::Parser) -> Result<()> {
    let mut names = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Value(name) => names.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    if names.is_empty() {
        bail!("which lessons? Their folders: e5-1-the-reading-loop");
    }
    lesson::prove(&names)
}

fn lesson_name(mut arguments: lexopt::Parser) -> Result<String> {
    match arguments.next()? {
        Some(Value(name)) => Ok(name.string()?),
        Some(other) => Err(other.unexpected().into()),
        None => bail!("which lesson? Its folder: e5-1-the-reading-loop"),
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
    build_site(&WasmToolchain::find()?, mode, &dist)?;
    println!("Built {}", dist.display());
    Ok(())
}

fn serve(mut arguments: lexopt::Parser) -> Result<()> {
    let mut port = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("port") => port = Some(arguments.value()?.parse()?),
            other => return Err(other.unexpected().into()),
        }
    }
    serve::serve(port)
}

fn bench(mut arguments: lexopt::Parser) -> Result<()> {
    let mut n_runs = 5;
    let mut is_for_peers = false;
    let mut suites = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("runs") => n_runs = arguments.value()?.parse()?,
            Long("peers") => is_for_peers = true,
            Value(name) => suites.push(name.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match (is_for_peers, suites.first()) {
        (false, _) => bench::run_suites(&suites, n_runs),
        (true, None) => bench::run_peers(n_runs),
        (true, Some(suite)) => bail!("--peers has figures of its own: leave {suite:?} away"),
    }
}

fn test(mut arguments: lexopt::Parser) -> Result<()> {
    let mut mode = Mode::Release;
    let mut stages = Vec::new();
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("quick") => mode = Mode::Debug,
            Value(name) => stages.push(Stage::parse(&name.string()?)?),
            other => return Err(other.unexpected().into()),
        }
    }
    test::run_stages(&stages, mode)
}

fn size(mut arguments: lexopt::Parser) -> Result<()> {
    let mut n_functions = 0;
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("functions") => n_functions = arguments.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    size::report(n_functions)
}

fn licences(mut arguments: lexopt::Parser) -> Result<()> {
    match arguments.next()? {
        Some(Long("write")) => licences::write(),
        Some(other) => Err(other.unexpected().into()),
        None => licences::check(),
    }
}

fn model(mut arguments: lexopt::Parser) -> Result<()> {
    let (mut from, mut source) = (None, None);
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("from") => from = Some(PathBuf::from(arguments.value()?)),
            Long("source") => source = Some(arguments.value()?.string()?),
            other => return Err(other.unexpected().into()),
        }
    }
    match (from, source) {
        (Some(from), Some(source)) => model::write(&from, &source),
        _ => bail!("model needs --from FILE and --source TEXT.\n\n{HELP}"),
    }
}

fn first_load(mut arguments: lexopt::Parser) -> Result<()> {
    match arguments.next()? {
        Some(other) => Err(other.unexpected().into()),
        None => first_load::record(),
    }
}
