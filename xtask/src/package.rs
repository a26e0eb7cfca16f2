//! `cargo xtask package`: what is released, out of a release build of the site; and whether it comes out the same
//! from another folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::node::Packages;
use crate::process::{read, run};
use crate::site::{Mode, build_site};
use crate::toolchain::WasmToolchain;
use crate::{project, single_file};

const SUMS: &str = "SHA256SUMS";

pub(crate) fn package() -> Result<()> {
    let packages = Packages::install()?;
    let toolchain = WasmToolchain::find()?;
    let dist = project::root().join("dist");
    build_site(&toolchain, Mode::Release, &dist)?;
    let file = single_file::build(&toolchain, &packages)?;
    let script = project::root().join("xtask/scripts/package.mjs");
    run(Command::new("node").arg(script).arg(&dist).arg(file).arg(target()))
}

/// Builds all of it here and once more in a copy of the checkout, where nothing is compiled yet, and compares.
pub(crate) fn check() -> Result<()> {
    package()?;
    let copy = project::output_dir().join("package-elsewhere");
    copy_checkout(&copy)?;
    println!("The same in {}", copy.display());
    let mut cargo = Command::new("cargo");
    cargo.args(["run", "--quiet", "--package", "xtask", "--", "package"]).current_dir(&copy);
    // What the outer cargo set points here.
    cargo.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_MANIFEST_DIR");
    run(&mut cargo)?;
    let [here, elsewhere] = [target(), copy.join("target/package")].map(|folder| {
        fs::read_to_string(folder.join(SUMS)).with_context(|| format!("no {SUMS} in {}", folder.display()))
    });
    let differing = differing(&here?, &elsewhere?);
    if !differing.is_empty() {
        bail!("these came out otherwise in {}: {}", copy.display(), differing.join(", "));
    }
    println!("Every file has the same bytes");
    fs::remove_dir_all(&copy).with_context(|| format!("cannot remove {}", copy.display()))
}

fn target() -> PathBuf {
    project::output_dir().join("package")
}

/// Copies what git knows of, or would add.
fn copy_checkout(copy: &Path) -> Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy).with_context(|| format!("cannot remove {}", copy.display()))?;
    }
    let listed = read(
        Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(project::root()),
    )?;
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let from = project::root().join(name);
        // What was deleted, but not yet from the list.
        if !from.is_file() {
            continue;
        }
        let to = copy.join(name);
        let folder = to.parent().context("a file stands in a folder")?;
        fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
        fs::copy(&from, &to).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}

/// The files of two lists of checksums that are not in both of them with the same sum.
fn differing(here: &str, elsewhere: &str) -> Vec<String> {
    let lines = |one: &str, other: &str| {
        let others: Vec<&str> = other.lines().collect();
        let only = one.lines().filter(|line| !others.contains(line));
        only.map(|line| line.split_whitespace().last().unwrap_or(line).to_owned()).collect::<Vec<_>>()
    };
    let mut names = lines(here, elsewhere);
    names.extend(lines(elsewhere, here));
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    use super::differing;

    #[test]
    fn a_file_with_another_sum_or_only_on_one_side_differs() {
        let here = "aa  page.html\nbb  site.tar.gz\ncc  LICENSE\n";
        assert_eq!(differing(here, here), [""; 0]);
        assert_eq!(differing(here, "aa  page.html\nbd  site.tar.gz\n"), ["LICENSE", "site.tar.gz"]);
        assert_eq!(differing("", here), ["LICENSE", "page.html", "site.tar.gz"]);
    }
}
