//! What takes the bytes: a table of the files that the first load fetches, one of the crates in the module, and one of the
//! texts of the course.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use cargo_metadata::MetadataCommand;
use wasmparser::{KnownCustom, Name, Parser, Payload, TypeRef};

use crate::first_load::demangle;
use crate::node::Packages;
use crate::site::{self, Mode, Names, files_below};
use crate::toolchain::WasmToolchain;
use crate::{project, table, texts};

/// Bytes that the first load may take, as brotli.
const FIRST_LOAD_BYTES_MAX: usize = 200_000;

/// Bytes of the first load that the language, the crate awscli, may take of it, as brotli.
const LANGUAGE_BYTES_MAX: usize = 60_000;

/// The language's crate, as its functions are named.
const LANGUAGE: &str = "awscli";

/// What no first picture of the page waits for: the rest of the module, what pages of others load, the study guide,
/// and what a service worker, a link with a world or a pack in it or a picture to save needs.
const LATER: [&str; 13] = [
    "embed",
    "embed.html",
    "guide",
    "lazy",
    "offline-files.js",
    "offline.js",
    "pack-page.js",
    "pack.css",
    "pack.js",
    "picture.js",
    "service-worker.js",
    "share.js",
    "shared-session.js",
];

/// When a browser fetches a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Load {
    /// Before a learner sees the first picture.
    First,
    /// After it.
    Later,
}

/// One file of the site.
pub(crate) struct FileSize {
    name: String,
    load: Load,
    raw_bytes: usize,
    gzip_bytes: usize,
    brotli_bytes: usize,
}

/// All code, style and markup of the site.
pub(crate) fn file_sizes(site: &Path) -> Result<Vec<FileSize>> {
    let mut sizes = Vec::new();
    for file in files_below(site)? {
        let name = file.strip_prefix(site)?;
        let is_code = name
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| ["html", "css", "js", "wasm"].contains(&extension));
        if !is_code {
            continue;
        }
        let is_later = name.components().any(|part| LATER.iter().any(|later| part.as_os_str() == *later));
        let bytes = fs::read(&file)?;
        sizes.push(FileSize {
            name: name.display().to_string(),
            load: if is_later { Load::Later } else { Load::First },
            raw_bytes: bytes.len(),
            gzip_bytes: gzip(&bytes)?.len(),
            brotli_bytes: brotli(&bytes)?.len(),
        });
    }
    Ok(sizes)
}

pub(crate) fn brotli_bytes(sizes: &[FileSize], load: Load) -> usize {
    sizes.iter().filter(|size| size.load == load).map(|size| size.brotli_bytes).sum()
}

fn print_file_sizes(sizes: &[FileSize]) {
    let mut rows: Vec<[String; 4]> = Vec::new();
    for (load, total) in [(Load::First, "first load"), (Load::Later, "later")] {
        let of_load = || sizes.iter().filter(|size| size.load == load);
        for size in of_load() {
            let [raw, gzip, brotli] =
                [size.raw_bytes, size.gzip_bytes, size.brotli_bytes].map(|bytes| bytes.to_string());
            rows.push([size.name.clone(), raw, gzip, brotli]);
        }
        rows.push([
            total.to_owned(),
            of_load().map(|size| size.raw_bytes).sum::<usize>().to_string(),
            of_load().map(|size| size.gzip_bytes).sum::<usize>().to_string(),
            brotli_bytes(sizes, load).to_string(),
        ]);
    }
    print!("{}", table::markdown(["file", "bytes", "gzip", "brotli"], &rows));
}

/// Fails when the site in `site` is larger than a first load may be, when a chapter of the course is, or when the first
/// load has texts of lessons.
pub(crate) fn check_first_load(site: &Path) -> Result<()> {
    let sizes = file_sizes(site)?;
    print_file_sizes(&sizes);
    let total = brotli_bytes(&sizes, Load::First);
    if total > FIRST_LOAD_BYTES_MAX {
        bail!(
            "the first load takes {total} bytes as brotli, {} more than the {FIRST_LOAD_BYTES_MAX} it may; \
             `cargo xtask size` shows what takes them",
            total - FIRST_LOAD_BYTES_MAX
        );
    }
    println!("{} of {FIRST_LOAD_BYTES_MAX} bytes are left", FIRST_LOAD_BYTES_MAX - total);
    let [first, _] = named_parts(&WasmToolchain::find()?)?;
    let language = language_bytes(&first)?;
    println!("The language takes {language} of the {LANGUAGE_BYTES_MAX} bytes that it may");
    if language > LANGUAGE_BYTES_MAX {
        bail!(
            "the language adds {language} bytes to the first load, {LANGUAGE_BYTES_MAX} at most are wanted"
        );
    }
    texts::check_sizes()?;
    texts::check_first_load(site)
}

/// Prints the tables for a fresh release build, and the `n_functions` largest functions.
pub(crate) fn report(n_functions: usize) -> Result<()> {
    let dist = project::root().join("dist");
    let toolchain = WasmToolchain::find()?;
    site::build_site(&toolchain, Mode::Release, &dist)?;
    let [first, rest] = named_parts(&toolchain)?;
    let crates = crate_names()?;

    let mut bytes_by_crate: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (part, sections) in [&first, &rest].into_iter().enumerate() {
        for function in &sections.functions {
            bytes_by_crate.entry(owner(&function.name, &crates)).or_default()[part] += function.body.len();
        }
    }
    let mut rows: Vec<(&str, [usize; 2])> = bytes_by_crate.into_iter().collect();
    rows.push(("data: texts and tables of all crates", [first.data_bytes, rest.data_bytes]));
    rows.push(("the module's other sections", [first.other_bytes, rest.other_bytes]));
    rows.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let first_bytes: usize = rows.iter().map(|(_, [first, _])| first).sum();
    let rows: Vec<[String; 4]> = rows
        .iter()
        .map(|(name, [first, later])| {
            [(*name).to_owned(), first.to_string(), share(*first, first_bytes), later.to_string()]
        })
        .collect();
    print!("{}", table::markdown(["what is in the module", "first load", "share", "later"], &rows));
    println!();
    if n_functions > 0 {
        let of = |sections: &Sections, load: &'static str| {
            let rows =
                sections.functions.iter().map(|function| (function.body.len(), function.name.clone(), load));
            rows.collect::<Vec<_>>()
        };
        let mut functions = [of(&first, "first"), of(&rest, "later")].concat();
        functions.sort_by_key(|(bytes, ..)| std::cmp::Reverse(*bytes));
        let rows: Vec<[String; 3]> = functions
            .into_iter()
            .take(n_functions)
            .map(|(bytes, name, load)| [bytes.to_string(), load.to_owned(), name])
            .collect();
        print!("{}", table::markdown(["bytes", "load", "largest functions"], &rows));
        println!();
    }
    print_file_sizes(&file_sizes(&dist)?);
    println!("\nThe language adds {} bytes to the first load, as brotli\n", language_bytes(&first)?);
    texts::check_sizes()
}

/// What the language adds to the first part of the module, as brotli: how much smaller all code is without that of its
/// crate. Constants are not told apart by crates and are not counted.
fn language_bytes(first: &Sections) -> Result<usize> {
    let crates = crate_names()?;
    let code_without = |left_out: &str| {
        let functions = first.functions.iter().filter(|function| owner(&function.name, &crates) != left_out);
        brotli(&functions.flat_map(|function| function.body.iter().copied()).collect::<Vec<u8>>())
    };
    Ok(code_without("no crate")?.len() - code_without(LANGUAGE)?.len())
}

/// The two parts of the shipped module, made the same way but with their functions' names.
fn named_parts(toolchain: &WasmToolchain) -> Result<[Sections; 2]> {
    let folder = project::output_dir().join("size");
    site::assemble(toolchain, Mode::Release, &folder)?;
    site::split_module(toolchain, &Packages::install()?, Mode::Release, &folder, Names::Kept)?;
    let read = |path: PathBuf| {
        Sections::read(&fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?)
    };
    Ok([read(site::module_path(&folder))?, read(site::rest_path(&folder))?])
}

struct Function {
    /// As its author wrote it.
    name: String,
    body: Vec<u8>,
}

/// A module's sections as far as their sizes go; the names themselves are not counted, as they do not ship.
struct Sections {
    functions: Vec<Function>,
    data_bytes: usize,
    other_bytes: usize,
}

impl Sections {
    fn read(module: &[u8]) -> Result<Self> {
        let mut n_imported = 0;
        let mut bodies: Vec<Range<usize>> = Vec::new();
        let mut names: BTreeMap<u32, String> = BTreeMap::new();
        let mut data_bytes = 0;
        let mut name_bytes = 0;
        for payload in Parser::new(0).parse_all(module) {
            match payload.context("wasm-opt wrote a module that cannot be read")? {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        n_imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(data) => data_bytes = data.range().len(),
                Payload::CustomSection(section) => {
                    if let KnownCustom::Name(subsections) = section.as_known() {
                        name_bytes = section.range().len();
                        for subsection in subsections {
                            if let Name::Function(map) = subsection? {
                                for naming in map {
                                    let naming = naming?;
                                    names.insert(naming.index, naming.name.to_owned());
                                }
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        let functions: Vec<Function> = (n_imported..)
            .zip(bodies)
            .map(|(index, body)| {
                let symbol = names.remove(&index).unwrap_or_else(|| "(no name)".to_owned());
                Function { name: demangle(&symbol), body: module[body].to_vec() }
            })
            .collect();
        let code_bytes: usize = functions.iter().map(|function| function.body.len()).sum();
        Ok(Self { functions, data_bytes, other_bytes: module.len() - code_bytes - data_bytes - name_bytes })
    }
}

/// Every crate that may be in the module, as Rust code names it, but for the standard library's own.
fn crate_names() -> Result<BTreeSet<String>> {
    let metadata =
        MetadataCommand::new().current_dir(project::root()).exec().context("cannot list the crates")?;
    Ok(metadata.packages.iter().map(|package| package.name.replace('-', "_")).collect())
}

/// The crate that a function is there for: the first in its name that is not the standard library, so that
/// `drop_in_place<sim::World>` counts for `sim`.
fn owner<'a>(function: &str, crates: &'a BTreeSet<String>) -> &'a str {
    const STANDARD: [&str; 5] = ["std", "core", "alloc", "compiler_builtins", "dlmalloc"];
    let mut is_standard = false;
    let mut before = "";
    for part in function.split("::") {
        // What stands before a `::` begins after the last character that cannot be in a name.
        let start = before.rfind(|c: char| !c.is_alphanumeric() && c != '_').map_or(0, |at| at + 1);
        let name = &before[start..];
        let starts_a_path = start > 0 || std::ptr::eq(before.as_ptr(), function.as_ptr());
        if starts_a_path && !name.is_empty() {
            if let Some(found) = crates.get(name) {
                return found;
            }
            is_standard |= STANDARD.contains(&name);
        }
        before = part;
    }
    if is_standard { "the standard library" } else { "exports, intrinsics and shims" }
}

fn share(bytes: usize, all_bytes: usize) -> String {
    let tenths = bytes * 1000 / all_bytes.max(1);
    let mut text = String::new();
    // Writing to a string cannot fail.
    let _ = write!(text, "{}.{} %", tenths / 10, tenths % 10);
    text
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?)
}

/// As a static host compresses ahead of time: the best quality, a window that holds the whole file.
pub(crate) fn brotli(bytes: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

#[cfg(test)]
mod tests {
    use super::owner;

    fn check(function: &str, expected: &str) {
        let crates = ["kinesis", "sim", "yew"].map(str::to_owned).into();
        assert_eq!(owner(function, &crates), expected);
    }

    #[test]
    fn a_function_belongs_to_the_first_crate_in_its_name_that_is_not_the_standard_library() {
        check("kinesis::shard::Shard::put", "kinesis");
        check("<sim::world::World as core::ops::Drop>::drop", "sim");
        check("core::ptr::drop_in_place<sim::world::World>", "sim");
        check("<alloc::vec::Vec<T> as yew::Something>::go", "yew");
        check("alloc::raw_vec::finish_grow", "the standard library");
        check("page::sim::run", "exports, intrinsics and shims");
        check("__wbindgen_malloc", "exports, intrinsics and shims");
    }
}
