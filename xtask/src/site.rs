//! Builds the static site: the wasm module with its JavaScript glue, and the hand-written files beside it.
//! Its addresses are all relative, so the folder works from any host and under any path.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::first_load::FirstLoad;
use crate::long_texts::in_one_call;
use crate::node::Packages;
use crate::process::run;
use crate::short_imports::shorten;
use crate::split::{Copies, split};
use crate::toolchain::{WASM_TARGET, WasmToolchain};
use crate::{first_load, offline, project};

/// The module's name in `pkg/`, which embedders import: changing it breaks them.
pub(crate) const OUT_NAME: &str = "kinesis_sandbox";

/// What the release profile does not build for size, but the one file does: it is sent around.
const BUILT_FOR_SPEED: [&str; 6] = ["awsjson", "base64", "kinesis", "md-5", "serde_json", "sim"];

/// Files of `web/` that are for our tools, not for the page.
const TOOL_FILES: [&str; 7] = [
    "node_modules",
    "npm",
    "package.json",
    "package-lock.json",
    "first-load.txt",
    "first-load-of-file.txt",
    "rest.js",
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Quick to build, needs no Node.
    Debug,
    /// What is shipped: optimised and minified.
    Release,
    /// What the one file holds: nothing is built for speed.
    SingleFile,
}

/// Builds the site and puts it in place of `dist` when all of it has succeeded.
pub(crate) fn build_site(toolchain: &WasmToolchain, mode: Mode, dist: &Path) -> Result<()> {
    let staging =
        project::output_dir().join("staging").join(dist.file_name().context("a site needs a name")?);
    match mode {
        Mode::Debug => {
            assemble(toolchain, mode, &staging)?;
            offline::list_nothing(&staging)?;
        }
        Mode::Release | Mode::SingleFile => {
            let packages = Packages::install()?;
            assemble(toolchain, mode, &staging)?;
            split_module(toolchain, &packages, mode, &staging, Names::Stripped)?;
            minify(&packages, &staging)?;
            offline::list_files(&staging)?;
        }
    }
    replace_folder(dist, &staging)
}

/// Puts the module as the compiler made it, its glue and the hand-written files in the folder `site`.
pub(crate) fn assemble(toolchain: &WasmToolchain, mode: Mode, site: &Path) -> Result<()> {
    compile(toolchain, mode)?;
    remove_folder(site)?;
    fs::create_dir_all(site)?;
    generator(&linked_path(toolchain, mode))?
        .generate(site.join("pkg"))
        .context("wasm-bindgen cannot write the JavaScript glue")?;
    fs::copy(project::root().join("index.html"), site.join("index.html"))
        .context("cannot copy index.html")?;
    copy_folder(&project::web_dir(), site)
}

/// Where the module stands in the folder `site`.
pub(crate) fn module_path(site: &Path) -> PathBuf {
    site.join(format!("pkg/{OUT_NAME}_bg.wasm"))
}

/// Whether an optimised module still tells what its functions are called.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Kept,
    Stripped,
}

/// Leaves in the module of `site` what the first picture needs, and puts the rest beside it, with what loads it in
/// the glue; both are optimised.
pub(crate) fn split_module(
    toolchain: &WasmToolchain,
    packages: &Packages,
    mode: Mode,
    site: &Path,
    names: Names,
) -> Result<()> {
    let module = module_path(site);
    let glue = site.join(format!("pkg/{OUT_NAME}.js"));
    let (whole, glue_text) = shorten(&fs::read(&module)?, &fs::read_to_string(&glue)?)?;
    let glue_text = in_one_call(&glue_text)?;
    let linked = fs::read(linked_path(toolchain, mode))?;
    let first_load = FirstLoad::read(mode)?;
    // Calls from part to part are slower, copies are larger.
    let copies = if mode == Mode::SingleFile { Copies::None } else { Copies::Short };
    let parts = split(&whole, &linked, |symbol| first_load.has(symbol), copies)?;
    let rest = rest_path(site);
    fs::create_dir_all(rest.parent().context("the rest stands in a folder")?)?;
    let options: &[&str] = match names {
        Names::Kept => &["--debuginfo"],
        Names::Stripped => &["--strip-producers", "--strip-target-features"],
    };
    for (path, part) in [(&module, parts.first), (&rest, parts.rest)] {
        let whole = path.with_extension("unoptimised");
        fs::write(&whole, part)?;
        if mode == Mode::SingleFile {
            // Again, while it still tells what it is built for: a second time finds another quarter of a per cent.
            let once = path.with_extension("once");
            packages.wasm_opt(&whole, &once, if names == Names::Kept { options } else { &[] })?;
            fs::rename(&once, &whole)?;
        }
        packages.wasm_opt(&whole, path, options)?;
        fs::remove_file(&whole)?;
    }
    fs::write(&glue, first_load::glue(&glue_text)?)?;
    Ok(())
}

/// Where the rest of the module stands in the folder `site`.
pub(crate) fn rest_path(site: &Path) -> PathBuf {
    site.join("pkg").join(first_load::REST)
}

/// Compiles the page's crate.
fn compile(toolchain: &WasmToolchain, mode: Mode) -> Result<()> {
    let mut cargo = toolchain.cargo("build");
    cargo.args(["--package", "page", "--lib", "--profile", profile(mode)]);
    if mode == Mode::SingleFile {
        for name in BUILT_FOR_SPEED {
            cargo.args(["--config", &format!("profile.release.package.{name}.opt-level=\"z\"")]);
        }
    }
    run(&mut cargo)
}

/// The module as the linker wrote it, by the build that came last.
fn linked_path(toolchain: &WasmToolchain, mode: Mode) -> PathBuf {
    toolchain.target_dir().join(WASM_TARGET).join(profile(mode)).join("page.wasm")
}

fn profile(mode: Mode) -> &'static str {
    match mode {
        Mode::Debug => "dev-wasm",
        // Not a profile of its own: what is the same in both is compiled once.
        Mode::Release | Mode::SingleFile => "release",
    }
}

/// What writes the JavaScript glue, the types and the module that belongs to them.
fn generator(wasm: &Path) -> Result<Bindgen> {
    let mut generator = Bindgen::new();
    generator.input_path(wasm).web(true)?.typescript(true).out_name(OUT_NAME);
    // The generator's own way with names leaves the compiler's hashes in them.
    generator.demangle(false);
    // The glue finds the module beside itself, wherever the two stand.
    generator.omit_default_module_path(false);
    Ok(generator)
}

fn minify(packages: &Packages, site: &Path) -> Result<()> {
    for file in files_below(site)? {
        let is_code = file.extension().is_some_and(|extension| extension == "js" || extension == "css");
        if is_code {
            let minified = file.with_extension("minified");
            packages.minify(&file, &minified)?;
            fs::rename(&minified, &file)?;
        }
    }
    Ok(())
}

/// Every file in `folder` and the folders in it, sorted.
pub(crate) fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot read the folder {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot read the folder {}", from.display()))?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let is_hidden = name.to_string_lossy().starts_with('.');
        if is_hidden || TOOL_FILES.iter().any(|tool_file| name == *tool_file) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

/// Puts `fresh` in the place of `folder` with two renames, so that a reader never meets a half-written site.
fn replace_folder(folder: &Path, fresh: &Path) -> Result<()> {
    let old = fresh.with_extension("old");
    remove_folder(&old)?;
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    if folder.exists() {
        fs::rename(folder, &old)?;
    }
    fs::rename(fresh, folder).with_context(|| format!("cannot write {}", folder.display()))?;
    remove_folder(&old)
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    Ok(())
}
