//! `cargo xtask package`: what is released, out of a release build of the site.

use std::process::Command;

use anyhow::Result;

use crate::node::Packages;
use crate::process::run;
use crate::project;
use crate::site::{Mode, build_site};
use crate::toolchain::WasmToolchain;

pub(crate) fn package() -> Result<()> {
    Packages::install()?;
    let dist = project::root().join("dist");
    build_site(&WasmToolchain::find()?, Mode::Release, &dist)?;
    let script = project::root().join("xtask/scripts/package.mjs");
    run(Command::new("node").arg(script).arg(&dist).arg(project::output_dir().join("package")))
}
