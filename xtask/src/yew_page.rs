//! Builds small pages of Yew for tests: one with nothing on it, which the page's time to its first picture is measured
//! against, and one of somebody else, in which a sandbox stands.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::node::Packages;
use crate::process::run;
use crate::project;
use crate::toolchain::{WASM_TARGET, WasmToolchain};

/// Builds `tests/NAME` as the page is shipped, optimised, and returns its folder.
pub(crate) fn build(name: &str) -> Result<PathBuf> {
    let toolchain = WasmToolchain::find()?;
    run(toolchain.cargo("build").args(["--package", name, "--lib", "--release"]))?;
    let site = project::output_dir().join(name);
    if site.exists() {
        fs::remove_dir_all(&site).with_context(|| format!("cannot remove the last {name}"))?;
    }
    fs::create_dir_all(site.join("pkg"))?;
    let stem = name.replace('-', "_");
    let linked = toolchain.target_dir().join(WASM_TARGET).join("release").join(&stem).with_extension("wasm");
    let mut generator = Bindgen::new();
    generator.input_path(&linked).web(true)?.out_name(&stem).omit_default_module_path(false);
    generator.generate(site.join("pkg")).context("wasm-bindgen cannot write the JavaScript glue")?;
    let module = site.join("pkg").join(format!("{stem}_bg.wasm"));
    let whole = module.with_extension("unoptimised");
    fs::rename(&module, &whole)?;
    Packages::install()?.wasm_opt(&whole, &module, &["--strip-producers", "--strip-target-features"])?;
    fs::remove_file(&whole)?;
    for file in ["index.html", "boot.js"] {
        fs::copy(project::root().join("tests").join(name).join(file), site.join(file))
            .with_context(|| format!("cannot copy {file} of {name}"))?;
    }
    Ok(site)
}
