//! Which functions the first picture needs: the lists in `web/first-load.txt`, for the site, and
//! `web/first-load-of-file.txt`, for the one file, which is built otherwise; and how they are recorded.
//!
//! The list only moves code between the two parts of the module. A function that it does not name, because it is new
//! or because another compiler builds it otherwise, is in the rest: the page works all the same, but waits for the
//! rest before its first picture.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::node::Packages;
use crate::process::read;
use crate::site::{self, Mode};
use crate::split::watch;
use crate::toolchain::WasmToolchain;
use crate::{browser, project};

/// The place in the glue where the module has been started, and what a module in two parts is told there.
const STARTED: &str = "wasm = instance.exports;";
const BEGUN_IN_PARTS: &str = "wasm = instance.exports;\n    wasm.beginInParts();";

/// The list for a way to build the module.
fn list(mode: Mode) -> &'static str {
    match mode {
        Mode::Debug | Mode::Release => "web/first-load.txt",
        Mode::SingleFile => "web/first-load-of-file.txt",
    }
}

/// The part of the site that the page fetches after its first picture.
pub(crate) const REST: &str = "lazy/kinesis_sandbox_rest.wasm";

/// Lines that begin with it are for readers.
const COMMENT: char = '#';

/// The list: marks of the functions that the first picture needs, and the compiler whose functions they are.
pub(crate) struct FirstLoad {
    marks: BTreeSet<String>,
    compiler: String,
}

impl FirstLoad {
    pub(crate) fn read(mode: Mode) -> Result<Self> {
        let list = list(mode);
        let text =
            fs::read_to_string(project::root().join(list)).with_context(|| format!("cannot read {list}"))?;
        let mut lines = text.lines().filter(|line| !line.starts_with(COMMENT)).map(str::to_owned);
        let compiler = lines.next().with_context(|| format!("{list} does not name its compiler"))?;
        Ok(Self { marks: lines.collect(), compiler })
    }

    /// Whether the function with that symbol belongs to the first load.
    pub(crate) fn has(&self, symbol: &str) -> bool {
        self.marks.contains(&mark(symbol))
    }

    /// Whether the list was recorded with the compiler that is used here. Another one's first picture may need
    /// functions that the list does not have.
    pub(crate) fn is_of(&self, toolchain: &WasmToolchain) -> Result<bool> {
        Ok(self.compiler == toolchain.version()?)
    }
}

/// Writes both lists.
pub(crate) fn record() -> Result<()> {
    Packages::install()?;
    let toolchain = WasmToolchain::find()?;
    record_for(&toolchain, Mode::Release)?;
    record_for(&toolchain, Mode::SingleFile)
}

/// Opens the page in Chromium with a module that notes what runs, and writes the list.
fn record_for(toolchain: &WasmToolchain, mode: Mode) -> Result<()> {
    let folder = project::output_dir().join("first-load-site");
    let list = list(mode);
    site::assemble(toolchain, mode, &folder)?;
    let module = site::module_path(&folder);
    fs::write(&module, watch(&fs::read(&module)?)?)?;
    // It is whole, but behaves as one that comes in two parts.
    let glue = module.with_file_name("kinesis_sandbox.js");
    fs::write(&glue, fs::read_to_string(&glue)?.replace(STARTED, BEGUN_IN_PARTS))?;
    let printed = read(
        Command::new("node")
            .arg("tests/browser/first-load.mjs")
            .env("SITE_DIR", &folder)
            .env("CHROMIUM", browser::find()?)
            .current_dir(project::root())
            .stdin(Stdio::null()),
    )?;
    let marks: BTreeSet<String> = printed.lines().map(mark).collect();
    if marks.is_empty() {
        bail!("the page ran no function");
    }
    let mut text = format!(
        "# What the first picture needs of the module: a line for each function, a hash of its name, after the\n\
         # compiler. Written by `cargo xtask first-load`; `cargo xtask size --functions 5000` tells the names.\n\
         {}\n",
        toolchain.version()?
    );
    for mark in &marks {
        let _ = writeln!(text, "{mark}");
    }
    fs::write(project::root().join(list), text)?;
    println!("{list} has {} functions", marks.len());
    Ok(())
}

/// `glue`, as the generator wrote it, with what loads the rest: `web/rest.js`.
pub(crate) fn glue(glue: &str) -> Result<String> {
    let loader = fs::read_to_string(project::web_dir().join("rest.js")).context("cannot read web/rest.js")?;
    let mut glue = glue.to_owned();
    for (before, after) in [
        ("const imports = __wbg_get_imports();", "const imports = withRest(__wbg_get_imports());"),
        (STARTED, &format!("{BEGUN_IN_PARTS}\n    loadRestSoon();")),
    ] {
        if !glue.contains(before) {
            bail!("the glue has no {before:?} any more: another version of its generator?");
        }
        glue = glue.replace(before, after);
    }
    Ok(glue + "\n" + &loader)
}

/// A symbol as its author wrote it, without the compiler's hash.
pub(crate) fn demangle(symbol: &str) -> String {
    format!("{:#}", rustc_demangle::demangle(symbol))
}

/// What the list has for a function: FNV-1a over its name, as names run to two thousand characters.
fn mark(symbol: &str) -> String {
    let hash = demangle(symbol)
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    format!("{hash:08x}")
}
