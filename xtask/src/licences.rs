//! Checks that everything we depend on may be used and passed on, and keeps `THIRD-PARTY.md` true, and the licences'
//! own texts beside it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package, PackageId, TargetKind};
use spdx::{Expression, LicenseReq, ParseMode};

use crate::project;
use crate::toolchain::WASM_TARGET;

/// Licences that ask for no more than their notice.
const PERMISSIVE: [&str; 12] = [
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Also fine for tools that run here and are never shipped: changes to such files stay open.
const TOOLS_ONLY: [&str; 1] = ["MPL-2.0"];

const THIRD_PARTY: &str = "THIRD-PARTY.md";
const TEXTS: &str = "THIRD-PARTY-LICENCES.txt";

/// How the files begin in which crates carry their licences.
const LICENCE_FILES: [&str; 4] = ["COPYING", "LICENCE", "LICENSE", "NOTICE"];

/// Fails on the first dependency, crate or npm package, whose licence is not in the lists, and when
/// `THIRD-PARTY.md` no longer lists exactly what ships.
pub(crate) fn check() -> Result<()> {
    let metadata = metadata(None)?;
    let mut n_checked = 0;
    for package in &metadata.packages {
        let Some(licence) = &package.license else {
            bail!("the crate {} {} names no licence", package.name, package.version);
        };
        check_one(&format!("the crate {} {}", package.name, package.version), licence, &PERMISSIVE)?;
        n_checked += 1;
    }
    for place in ["web", "tests/peers"] {
        n_checked += check_npm(place)?;
    }
    for (name, text) in files()? {
        if fs::read_to_string(project::root().join(name)).unwrap_or_default() != text {
            bail!("{name} does not tell what ships: run `cargo xtask licences --write` and commit it");
        }
    }
    println!("{n_checked} packages may be used");
    Ok(())
}

/// Writes the list and the texts anew.
pub(crate) fn write() -> Result<()> {
    for (name, text) in files()? {
        fs::write(project::root().join(name), text).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// The names and texts of the files that tell whose code ships.
fn files() -> Result<[(&'static str, String); 2]> {
    let metadata = metadata(Some(WASM_TARGET))?;
    let shipped = shipped(&metadata)?;
    Ok([(THIRD_PARTY, third_party(&shipped)), (TEXTS, texts(&shipped)?)])
}

fn check_one(name: &str, licence: &str, allowed: &[&str]) -> Result<()> {
    let expression = Expression::parse_mode(licence, ParseMode::LAX)
        .with_context(|| format!("{name} has a licence that cannot be read: {licence:?}"))?;
    let is_allowed = |wanted: &LicenseReq| {
        wanted.license.id().is_some_and(|id| allowed.contains(&id.name)) && wanted.addition.is_none()
    };
    if expression.evaluate(is_allowed) {
        return Ok(());
    }
    bail!("{name} is under {licence}, which is not in xtask's list of licences that we may use")
}

fn check_npm(place: &str) -> Result<usize> {
    let path = project::root().join(place).join("package-lock.json");
    let unreadable = || format!("cannot read {place}/package-lock.json");
    let text = fs::read_to_string(path).with_context(unreadable)?;
    let lock: serde_json::Value = serde_json::from_str(&text).with_context(unreadable)?;
    let packages = lock["packages"]
        .as_object()
        .with_context(|| format!("{place}/package-lock.json lists no packages"))?;
    let allowed = [&PERMISSIVE[..], &TOOLS_ONLY[..]].concat();
    for (path, package) in packages {
        let name = format!("the npm package {}", path.trim_start_matches("node_modules/"));
        if path.is_empty() {
            continue;
        }
        if package["dev"] != true {
            bail!("{name} would ship with the page: the list of what ships does not know npm packages yet");
        }
        let licence = package["license"].as_str().with_context(|| format!("{name} names no licence"))?;
        check_one(&name, licence, &allowed)?;
    }
    Ok(packages.len() - 1)
}

/// The text of `THIRD-PARTY.md`: the crates whose code is in the shipped module.
fn third_party(shipped: &[&Package]) -> String {
    let mut text = "\
# Third-party code in the shipped page

The wasm module contains code of the crates below and of the Rust standard library (MIT OR Apache-2.0).
Their licences' texts are in `THIRD-PARTY-LICENCES.txt`.
`cargo xtask licences --write` writes both files; the tests fail when they are out of date.

| crate | version | licence | source |
| --- | --- | --- | --- |
"
    .to_owned();
    for package in shipped {
        let licence = package.license.as_deref().unwrap_or("none named");
        let source = package.repository.as_deref().unwrap_or("");
        text.push_str(&format!("| {} | {} | {licence} | {source} |\n", package.name, package.version));
    }
    text
}

/// The licences as the crates carry them, each text once, with the crates that it came with.
fn texts(shipped: &[&Package]) -> Result<String> {
    let mut crates_by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut without = Vec::new();
    for package in shipped {
        let name = format!("{} {}", package.name, package.version);
        let found = licence_files(package)?;
        if found.is_empty() {
            let authors = if package.authors.is_empty() {
                "its authors".to_owned()
            } else {
                package.authors.join(", ")
            };
            let licence = package.license.as_deref().unwrap_or("none named");
            without.push(format!("{name} by {authors}: {licence}"));
        }
        for file in found {
            let text =
                fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let crates = crates_by_text.entry(text.replace("\r\n", "\n").trim().to_owned()).or_default();
            if crates.last() != Some(&name) {
                crates.push(name.clone());
            }
        }
    }
    let mut by_crate: Vec<(Vec<String>, String)> =
        crates_by_text.into_iter().map(|(text, crates)| (crates, text)).collect();
    by_crate.sort();
    let mut text =
        "The licences of the code of others in the Kinesis Sandbox, as it came with them.\n".to_owned();
    for (crates, licence) in by_crate {
        text.push_str(&format!("\n{}\n{}\n\n{licence}\n", "=".repeat(80), crates.join(", ")));
    }
    text.push_str(&format!("\n{}\nWithout a text of their own:\n\n{}\n", "=".repeat(80), without.join("\n")));
    Ok(text)
}

fn licence_files(package: &Package) -> Result<Vec<PathBuf>> {
    let folder = package.manifest_path.parent().context("a manifest stands in a folder")?;
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read the folder {folder}"))? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_ascii_uppercase();
        if entry.file_type()?.is_file() && LICENCE_FILES.iter().any(|begin| name.starts_with(begin)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// What the page's crate links, our own crates left out. Macros and build scripts run here and do not ship.
fn shipped(metadata: &Metadata) -> Result<Vec<&Package>> {
    let packages: BTreeMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let resolve = metadata.resolve.as_ref().context("cargo metadata resolved nothing")?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let page = metadata
        .packages
        .iter()
        .find(|package| package.name == "page")
        .context("the workspace has no crate named page")?;
    let mut seen = BTreeSet::from([&page.id]);
    let mut open = vec![&page.id];
    while let Some(id) = open.pop() {
        let node = nodes.get(id).context("cargo metadata left out a dependency")?;
        for dependency in &node.deps {
            let is_linked = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            let is_macro = packages[&dependency.pkg]
                .targets
                .iter()
                .any(|target| target.kind.contains(&TargetKind::ProcMacro));
            if is_linked && !is_macro && seen.insert(&dependency.pkg) {
                open.push(&dependency.pkg);
            }
        }
    }
    let mut shipped: Vec<&Package> =
        seen.into_iter().map(|id| packages[id]).filter(|package| package.source.is_some()).collect();
    shipped.sort_by_key(|package| (package.name.to_string(), package.version.clone()));
    Ok(shipped)
}

fn metadata(platform: Option<&str>) -> Result<Metadata> {
    let mut command = MetadataCommand::new();
    command.current_dir(project::root()).features(CargoOpt::AllFeatures);
    if let Some(platform) = platform {
        command.other_options(["--filter-platform".to_owned(), platform.to_owned()]);
    }
    command.exec().context("cannot list the dependencies")
}
