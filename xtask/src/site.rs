//! Builds the static site: the wasm module with its JavaScript glue, and the hand-written files beside it.
//! Its addresses are all relative, so the folder works from any host and under any path.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::node::Packages;
use crate::process::run;
use crate::project;
use crate::toolchain::{WASM_TARGET, WasmToolchain};

/// The module's name in `pkg/`, which embedders import: changing it breaks them.
pub(crate) const OUT_NAME: &str = "kinesis_sandbox";

/// Files of `web/` that are for our tools, not for the page.
const TOOL_FILES: [&str; 3] = ["node_modules", "package.json", "package-lock.json"];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Quick to build, needs no Node.
    Debug,
    /// What is shipped: optimised and minified.
    Release,
}

/// Builds the site and puts it in place of `dist` when all of it has succeeded.
pub(crate) fn build_site(toolchain: &WasmToolchain, mode: Mode, dist: &Path) -> Result<()> {
    let wasm = compile(toolchain, mode)?;
    let staging =
        project::output_dir().join("staging").join(dist.file_name().context("a site needs a name")?);
    remove_folder(&staging)?;
    fs::create_dir_all(&staging)?;
    generator(&wasm)?
        .generate(staging.join("pkg"))
        .context("wasm-bindgen cannot write the JavaScript glue")?;
    fs::copy(project::root().join("index.html"), staging.join("index.html"))
        .context("cannot copy index.html")?;
    copy_folder(&project::web_dir(), &staging)?;
    if mode == Mode::Release {
        optimise(&staging)?;
    }
    replace_folder(dist, &staging)
}

/// Compiles the page's crate; returns the module as the compiler made it.
pub(crate) fn compile(toolchain: &WasmToolchain, mode: Mode) -> Result<PathBuf> {
    let profile = match mode {
        Mode::Debug => "dev-wasm",
        Mode::Release => "release",
    };
    run(toolchain.cargo("build").args(["--package", "page", "--lib", "--profile", profile]))?;
    Ok(toolchain.target_dir().join(WASM_TARGET).join(profile).join("page.wasm"))
}

/// What writes the JavaScript glue, the types and the module that belongs to them.
pub(crate) fn generator(wasm: &Path) -> Result<Bindgen> {
    let mut generator = Bindgen::new();
    generator.input_path(wasm).web(true)?.typescript(true).out_name(OUT_NAME);
    // The glue finds the module beside itself, wherever the two stand.
    generator.omit_default_module_path(false);
    Ok(generator)
}

fn optimise(site: &Path) -> Result<()> {
    let packages = Packages::install()?;
    let module = site.join(format!("pkg/{OUT_NAME}_bg.wasm"));
    let optimised = module.with_extension("optimised");
    packages.wasm_opt(&module, &optimised, &["--strip-debug", "--strip-producers"])?;
    fs::rename(&optimised, &module)?;
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
