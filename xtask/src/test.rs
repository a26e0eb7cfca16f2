//! `cargo xtask test`: everything that must hold before a change lands, in stages from quick to slow.
//! Node's tests come last, so that the output ends with a test runner's own summary.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::clients::{Clients, documents_python};
use crate::first_load::FirstLoad;
use crate::node::Packages;
use crate::process::run;
use crate::site::{Mode, build_site, files_below};
use crate::toolchain::WasmToolchain;
use crate::{browser, licences, project, single_file, size, yew_page};

/// Test files of the real clients that run at the same time.
const CLIENTS_AT_ONCE: usize = 4;
/// A file of theirs takes under a minute; one that takes so long waits for something that never comes.
const CLIENTS_LIMIT: Duration = Duration::from_secs(600);

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    Fmt,
    Clippy,
    Licences,
    Native,
    Site,
    Size,
    Wasm,
    Clients,
    Embeds,
    Npm,
    Offline,
    Browser,
}

impl Stage {
    const ALL: [Self; 12] = [
        Self::Fmt,
        Self::Clippy,
        Self::Licences,
        Self::Native,
        Self::Site,
        Self::Size,
        Self::Wasm,
        Self::Clients,
        Self::Embeds,
        Self::Npm,
        Self::Offline,
        Self::Browser,
    ];

    pub(crate) fn parse(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|stage| stage.name() == name);
        found.with_context(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no stage {name:?}; the stages are {names}")
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Clippy => "clippy",
            Self::Licences => "licences",
            Self::Native => "native",
            Self::Site => "site",
            Self::Size => "size",
            Self::Wasm => "wasm",
            Self::Clients => "clients",
            Self::Embeds => "embeds",
            Self::Npm => "npm",
            Self::Offline => "offline",
            Self::Browser => "browser",
        }
    }

    fn needs_site(self) -> bool {
        !matches!(self, Self::Fmt | Self::Clippy | Self::Licences | Self::Native | Self::Site)
    }
}

/// Runs `stages`, or all of them when none is named, and stops at the first that fails. In debug mode the
/// page is the quickly built one, which stands in a folder of its own.
pub(crate) fn run_stages(stages: &[Stage], mode: Mode) -> Result<()> {
    let wanted = |stage: Stage| {
        stages.is_empty()
            || stages.contains(&stage)
            || stage == Stage::Site && stages.iter().any(|stage| stage.needs_site())
    };
    // The sizes of a debug build mean nothing.
    let chosen: Vec<Stage> = Stage::ALL
        .into_iter()
        .filter(|stage| wanted(*stage) && (mode == Mode::Release || *stage != Stage::Size))
        .collect();
    let site = match mode {
        Mode::Release | Mode::SingleFile => project::root().join("dist"),
        Mode::Debug => project::output_dir().join("test-site"),
    };
    let Some(last) = chosen.last().copied() else {
        bail!("a debug build has no sizes to check");
    };
    for (index, stage) in chosen.iter().copied().enumerate() {
        println!("\n== {} ==", stage.name());
        let start = Instant::now();
        if let Err(error) = run_stage(stage, mode, &site) {
            let passed: Vec<&str> = chosen[..index].iter().map(|stage| stage.name()).collect();
            let before = if passed.is_empty() {
                String::new()
            } else {
                format!("; passed before: {}", passed.join(", "))
            };
            bail!("the stage {} failed{before}\n{error:#}", stage.name());
        }
        // Nothing follows the last stage: the test runner's summary is the last thing to read.
        if stage != last {
            println!("== {} took {:.1} s ==", stage.name(), start.elapsed().as_secs_f64());
        }
    }
    Ok(())
}

fn run_stage(stage: Stage, mode: Mode, site: &Path) -> Result<()> {
    match stage {
        Stage::Fmt => run(cargo("fmt").args(["--all", "--check"])),
        Stage::Clippy => {
            run(cargo("clippy").args(["--workspace", "--all-targets", "--", "--deny", "warnings"]))?;
            let mut for_wasm = WasmToolchain::find()?.clippy()?;
            run(for_wasm.args(["--package", "page", "--lib", "--", "--deny", "warnings"]))
        }
        Stage::Licences => licences::check(),
        Stage::Native => run(cargo("test").arg("--workspace")),
        Stage::Site => build_site(&WasmToolchain::find()?, mode, site),
        Stage::Size => size::check_first_load(site),
        Stage::Wasm => {
            Packages::install()?;
            let mut files = test_files("wasm")?;
            // The digest test compares saved sessions, natively and in the module: it needs some.
            if !has_sessions() {
                files.retain(|file| !file.ends_with("digest.test.mjs"));
            }
            run_node(&files, &mut node_tests(site))
        }
        Stage::Clients => {
            Packages::install()?;
            let mut node = node_tests(site);
            // A client mostly waits: for its interpreter, for the other side, for its own next attempt.
            node.arg(format!("--test-concurrency={CLIENTS_AT_ONCE}"));
            node.arg(format!("--test-timeout={}", CLIENTS_LIMIT.as_millis()));
            node.env("CHROMIUM", browser::find()?);
            run_node(&test_files("clients")?, Clients::install()?.name_in(&mut node))
        }
        Stage::Embeds => {
            Packages::install()?;
            let mut node = node_tests(site);
            node.env("CHROMIUM", browser::find()?).env("DOCUMENTS_PYTHON", documents_python()?);
            node.env("COUNTER_PAGE_DIR", yew_page::build("counter-page")?);
            run_node(&test_files("embeds")?, &mut node)
        }
        Stage::Npm => {
            Packages::install()?;
            run_node(&test_files("npm")?, node_tests(site).env("CHROMIUM", browser::find()?))
        }
        Stage::Offline => {
            let packages = Packages::install()?;
            let mut node = node_tests(site);
            // Only the files of a released site are listed for the service worker, and made into one.
            match mode {
                Mode::Debug => node.env("SITE_IS_QUICKLY_BUILT", "1"),
                Mode::Release | Mode::SingleFile => {
                    node.env("SINGLE_FILE", single_file::build(&WasmToolchain::find()?, &packages)?)
                }
            };
            run_node(&test_files("offline")?, node.env("CHROMIUM", browser::find()?))
        }
        Stage::Browser => {
            Packages::install()?;
            let chromium = browser::find()?;
            let mut node = node_tests(site);
            // Told only where it must hold: a quickly built page is in one piece.
            if mode == Mode::Release && FirstLoad::read(mode)?.is_of(&WasmToolchain::find()?)? {
                node.env("FIRST_LOAD_IS_RECORDED", "1");
            }
            run_node(&test_files("browser")?, node.env("CHROMIUM", chromium))
        }
    }
}

fn cargo(command: &str) -> Command {
    let mut cargo = Command::new("cargo");
    cargo.arg(command).current_dir(project::root());
    cargo
}

/// `node --test`, told where the site under test stands.
fn node_tests(site: &Path) -> Command {
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec"]).env("SITE_DIR", site).stdin(Stdio::null());
    node.current_dir(project::root());
    node
}

fn run_node(files: &[PathBuf], node: &mut Command) -> Result<()> {
    run(node.args(files))
}

/// The files named `*.test.mjs` in `tests/FOLDER`. They are named one by one, because versions of Node differ
/// in what they take a folder for.
fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let folder = project::root().join("tests").join(folder);
    let mut files: Vec<PathBuf> = files_below(&folder)?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.mjs"));
    if files.is_empty() {
        bail!("there is no test in {}", folder.display());
    }
    Ok(files)
}

fn has_sessions() -> bool {
    files_below(&project::root().join("tests/sessions"))
        .is_ok_and(|files| files.iter().any(|file| file.extension().is_some_and(|ending| ending == "jsonl")))
}
