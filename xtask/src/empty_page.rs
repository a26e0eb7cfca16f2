//! Builds the page of Yew with nothing on it, which the page's time to its first picture is measured against.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::node::Packages;
use crate::process::run;
use crate::project;
use crate::toolchain::{WASM_TARGET, WasmToolchain};

/// Builds it as the page is shipped, optimised, and returns its folder.
pub(crate) fn build() -> Result<PathBuf> {
    let toolchain = WasmToolchain::find()?;
    run(toolchain.cargo("build").args(["--package", "empty-page", "--lib", "--release"]))?;
    let site = project::output_dir().join("empty-page");
    if site.exists() {
        fs::remove_dir_all(&site).context("cannot remove the last empty page")?;
    }
    fs::create_dir_all(site.join("pkg"))?;
    let linked = toolchain.target_dir().join(WASM_TARGET).join("release/empty_page.wasm");
    let mut generator = Bindgen::new();
    generator.input_path(&linked).web(true)?.out_name("empty_page").omit_default_module_path(false);
    generator.generate(site.join("pkg")).context("wasm-bindgen cannot write the JavaScript glue")?;
    let module = site.join("pkg/empty_page_bg.wasm");
    let whole = module.with_extension("unoptimised");
    fs::rename(&module, &whole)?;
    Packages::install()?.wasm_opt(&whole, &module, &["--strip-producers", "--strip-target-features"])?;
    fs::remove_file(&whole)?;
    for name in ["index.html", "boot.js"] {
        fs::copy(project::root().join("tests/empty-page").join(name), site.join(name))
            .with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(site)
}
