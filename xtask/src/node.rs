//! Node and the pinned npm packages that optimise and test the page.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process::{read, run, which};
use crate::project;

/// The first version in which a module can read a file without waiting for an import.
const OLDEST_NODE: (u32, u32) = (20, 16);
const OLDEST_NODE_NAME: &str = "version 20.16";

/// The npm packages of `web/package-lock.json`, installed.
pub(crate) struct Packages {
    folder: PathBuf,
}

impl Packages {
    /// Installs the packages that are not there yet.
    pub(crate) fn install() -> Result<Self> {
        Ok(Self { folder: install_packages("web")? })
    }

    /// `wasm-opt` for what is shipped. It gets no feature flags: it reads the features from the module, and
    /// `--all-features` would write encodings that browsers do not know yet.
    pub(crate) fn wasm_opt(&self, input: &Path, output: &Path, options: &[&str]) -> Result<()> {
        run(Command::new("node")
            .arg(self.folder.join("binaryen/bin/wasm-opt"))
            .arg(input)
            .arg("-o")
            .arg(output)
            // One copy of a function with one caller is smaller when it is built into the caller, but compresses worse.
            .args(["-Oz", "--one-caller-inline-max-function-size=20", "--skip-pass=local-cse"])
            .args(options))
    }

    /// Writes `input`, a JavaScript module or a style sheet, without what only people read.
    pub(crate) fn minify(&self, input: &Path, output: &Path) -> Result<()> {
        run(Command::new(self.folder.join(".bin/esbuild"))
            .arg(input)
            .args(["--minify", "--charset=utf8", "--target=es2022", "--log-level=warning"])
            .arg(format!("--outfile={}", output.display())))
    }
}

/// Installs what the lock file in `place`, a folder of the checkout, names, unless exactly that is there already.
/// Returns the folder of the packages.
pub(crate) fn install_packages(place: &str) -> Result<PathBuf> {
    check_node()?;
    let home = project::root().join(place);
    let lock = std::fs::read(home.join("package-lock.json"))
        .with_context(|| format!("cannot read {place}/package-lock.json"))?;
    let folder = home.join("node_modules");
    let stamp = folder.join(".installed-lock.json");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(folder);
    }
    let npm = which("npm").context("npm is not installed: it comes with Node, or as Debian's package npm")?;
    println!("Installing the npm packages of {place}/package-lock.json");
    run(Command::new(npm)
        .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
        .current_dir(&home)
        .stdin(Stdio::null()))?;
    std::fs::write(&stamp, lock)?;
    Ok(folder)
}

fn check_node() -> Result<()> {
    let version = read(Command::new("node").arg("--version")).with_context(|| {
        format!("Node is not installed: release builds and tests need {OLDEST_NODE_NAME} or newer")
    })?;
    let mut parts =
        version.trim().trim_start_matches('v').split('.').map_while(|part| part.parse::<u32>().ok());
    let [main, minor] = [parts.next().unwrap_or_default(), parts.next().unwrap_or_default()];
    if (main, minor) >= OLDEST_NODE {
        return Ok(());
    }
    bail!("Node {} is too old: {OLDEST_NODE_NAME} or newer is needed", version.trim())
}
