//! `cargo xtask package`: what is released, out of a release build of the site.

use std::process::Command;

use anyhow::Result;

use crate::node::Packages;
use crate::process::run;
use crate::site::{Mode, build_site};
use crate::toolchain::WasmToolchain;
use crate::{project, single_file};

pub(crate) fn package() -> Result<()> {
    let packages = Packages::install()?;
    let toolchain = WasmToolchain::find()?;
    let dist = project::root().join("dist");
    build_site(&toolchain, Mode::Release, &dist)?;
    let file = single_file::build(&toolchain, &packages)?;
    let script = project::root().join("xtask/scripts/package.mjs");
    let target = project::output_dir().join("package");
    run(Command::new("node").arg(script).arg(&dist).arg(file).arg(target))
}
