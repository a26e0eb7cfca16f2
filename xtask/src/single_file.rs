//! One HTML file with the whole sandbox in it, which opens from a disk with the network off.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::node::Packages;
use crate::process::run;
use crate::project;
use crate::site::{Mode, build_site};
use crate::toolchain::{WASM_TARGET, WasmToolchain};

/// Makes the file, of a site built for it, in our output folder. Returns where it stands.
pub(crate) fn build(toolchain: &WasmToolchain, packages: &Packages) -> Result<PathBuf> {
    let folder = project::output_dir().join("single-file");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let site = folder.join("site");
    build_site(toolchain, Mode::SingleFile, &site)?;
    let [press, spread] = ["press", "spread"].map(|name| folder.join(name));
    build_press(toolchain, packages, &press, &["--features", "press"])?;
    build_press(toolchain, packages, &spread, &[])?;
    let file = folder.join("kinesis-sandbox.html");
    let script = project::root().join("xtask/scripts/single-file.mjs");
    run(Command::new("node").arg(script).arg(site).arg(press).arg(spread).arg(&file))?;
    Ok(file)
}

/// Compiles what spreads and, by its features, presses into the folder `press`: the module and its glue.
fn build_press(
    toolchain: &WasmToolchain,
    packages: &Packages,
    press: &Path,
    features: &[&str],
) -> Result<()> {
    let target_dir = toolchain.target_dir().join("simd");
    let mut cargo = toolchain.cargo_with_simd("build", &target_dir);
    run(cargo.args(["--package", "press", "--lib", "--profile", "release"]).args(features))?;
    let linked = target_dir.join(WASM_TARGET).join("release/press.wasm");
    Bindgen::new()
        .input_path(linked)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .generate(press)
        .context("wasm-bindgen cannot write the glue of what presses")?;
    // The glue is a module, whatever a package.json above it says of files named .js.
    fs::write(press.join("package.json"), "{ \"type\": \"module\" }\n")?;
    let module = press.join("press_bg.wasm");
    let whole = module.with_extension("unoptimised");
    fs::rename(&module, &whole)?;
    packages.wasm_opt(&whole, &module, &["--strip-producers", "--strip-target-features", "--strip-debug"])?;
    fs::remove_file(&whole)?;
    Ok(())
}
