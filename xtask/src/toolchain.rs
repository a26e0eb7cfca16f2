//! Finds a compiler that can build for wasm32, or installs one.
//!
//! The choice is made by probing, never by a pin in the repository: a pin would break everybody whose network
//! or distribution offers another version.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result};

use crate::process::{read, run_within, succeeds, which};
use crate::{apt, project};

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The standard library for the target is about 20 MB; a server that has sent nothing by then will not.
const RUSTUP_LIMIT: Duration = Duration::from_secs(120);

/// The linker leaves in the page's module which constant is referred to from where: `split.rs` needs it.
const FOR_SPLITTING: &str = "-Clink-arg=--emit-relocs";

/// Debian's newest compiler, its package manager and the standard library's sources. The compiler stands
/// beside rustup's, in `/usr/bin`.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";
const DEBIAN_TARGET_DIR: &str = "wasm-debian";
const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";

/// A compiler that can build for wasm32.
pub(crate) enum WasmToolchain {
    /// The compiler on the `PATH` has the target's standard library.
    Installed,
    /// Debian's compiler builds the target's standard library from its sources.
    Debian { linker: String },
}

impl WasmToolchain {
    /// The first that is there or can be had: the target is installed, rustup installs it, Debian's compiler.
    pub(crate) fn find() -> Result<Self> {
        if has_wasm_library() {
            return Ok(Self::Installed);
        }
        let Some(rustup) = which("rustup") else {
            return Self::debian();
        };
        // Where rustup was once of no use, it is not asked again at every build.
        let debian_target_dir = project::target_dir().join(DEBIAN_TARGET_DIR);
        if let Some(linker) = debian_linker().filter(|_| debian_target_dir.exists()) {
            return Ok(Self::Debian { linker });
        }
        println!("Installing the {WASM_TARGET} target with rustup");
        let added = run_within(
            Command::new(rustup)
                .args(["target", "add", WASM_TARGET])
                .env("RUSTUP_MAX_RETRIES", "0")
                .env_remove("RUST_BACKTRACE")
                .stdin(Stdio::null()),
            RUSTUP_LIMIT,
        );
        match added {
            Ok(()) if has_wasm_library() => Ok(Self::Installed),
            _ => {
                println!("rustup cannot install it here: using Debian's compiler");
                Self::debian()
            }
        }
    }

    fn debian() -> Result<Self> {
        let linker = match debian_linker() {
            Some(linker) => linker,
            None => install_debian().with_context(|| {
                format!(
                    "no compiler for {WASM_TARGET}: run `rustup target add {WASM_TARGET}`, or on Debian \
                     install {} and the lld of the same LLVM version",
                    DEBIAN_PACKAGES.join(", ")
                )
            })?,
        };
        Ok(Self::Debian { linker })
    }

    /// `cargo COMMAND` for wasm32. Each compiler has a target folder of its own, so that native and wasm
    /// builds, and two compilers, never throw away each other's work.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        self.cargo_with(command, &self.target_dir(), FOR_SPLITTING)
    }

    /// The same with the instructions that calculate with several numbers at once, which the page does without, and
    /// with a target folder for what is built so.
    pub(crate) fn cargo_with_simd(&self, command: &str, target_dir: &Path) -> Command {
        self.cargo_with(command, target_dir, "-Ctarget-feature=+simd128")
    }

    fn cargo_with(&self, command: &str, target_dir: &Path, own_flags: &str) -> Command {
        let mut cargo = match self {
            Self::Installed => Command::new("cargo"),
            Self::Debian { .. } => Command::new(DEBIAN_CARGO),
        };
        cargo.arg(command);
        self.aim(&mut cargo, target_dir, own_flags);
        cargo
    }

    /// `cargo clippy` for wasm32; Debian's is installed when it is the one that is needed.
    pub(crate) fn clippy(&self) -> Result<Command> {
        let mut clippy = match self {
            Self::Installed => {
                let mut cargo = Command::new("cargo");
                cargo.arg("clippy");
                cargo
            }
            Self::Debian { .. } => {
                if !Path::new(DEBIAN_CLIPPY).exists() {
                    apt::install(&["rust-web-clippy"], "clippy for the wasm target")?;
                }
                // Started directly: `cargo clippy` would prefer the one in cargo's own folder, that is rustup's.
                let mut clippy = Command::new(DEBIAN_CLIPPY);
                clippy.arg("clippy");
                clippy
            }
        };
        self.aim(&mut clippy, &self.target_dir(), FOR_SPLITTING);
        Ok(clippy)
    }

    /// Where `cargo` puts what it builds.
    pub(crate) fn target_dir(&self) -> PathBuf {
        project::target_dir().join(match self {
            Self::Installed => "wasm",
            Self::Debian { .. } => DEBIAN_TARGET_DIR,
        })
    }

    /// The compiler's name and version in one line.
    pub(crate) fn version(&self) -> Result<String> {
        let rustc = match self {
            Self::Installed => "rustc",
            Self::Debian { .. } => DEBIAN_RUSTC,
        };
        Ok(read(Command::new(rustc).arg("--version").env_remove("LD_LIBRARY_PATH"))?.trim().to_owned())
    }

    fn aim(&self, cargo: &mut Command, target_dir: &Path, own_flags: &str) {
        cargo.current_dir(project::root()).arg("--target").arg(WASM_TARGET);
        cargo.arg("--target-dir").arg(target_dir);
        // Names that tell the instances of a generic function from one another: `first_load.rs` needs them.
        let mut flags = format!("-Csymbol-mangling-version=v0 {own_flags}");
        // Places in other crates are in the module's panics: the same bytes on every machine, and fewer of them.
        for folder in registry_folders() {
            flags += &format!(" --remap-path-prefix={}=", folder.display());
        }
        cargo.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", flags);
        if let Self::Debian { linker } = self {
            cargo
                .arg("-Zbuild-std=std,panic_abort")
                .env("RUSTC", DEBIAN_RUSTC)
                .env("CARGO", DEBIAN_CARGO)
                .env("RUSTC_BOOTSTRAP", "1")
                .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker)
                // The outer `cargo run` points these at its own compiler.
                .env_remove("LD_LIBRARY_PATH")
                .env_remove("RUSTUP_TOOLCHAIN");
        }
    }
}

fn has_wasm_library() -> bool {
    let Ok(folder) = read(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM_TARGET]))
    else {
        return false;
    };
    let Ok(files) = std::fs::read_dir(folder.trim()) else {
        return false;
    };
    files.flatten().any(|file| {
        let name = file.file_name();
        let name = name.to_string_lossy();
        name.starts_with("libstd-") && name.ends_with(".rlib")
    })
}

fn install_debian() -> Result<String> {
    apt::install(&DEBIAN_PACKAGES, "building for wasm")?;
    let linker_package = format!("lld-{}", debian_llvm_version()?);
    apt::install(&[&linker_package], "linking wasm")?;
    debian_linker().with_context(|| format!("{linker_package} brought no wasm linker"))
}

/// The linker that goes with Debian's compiler, if that and its sources are complete.
fn debian_linker() -> Option<String> {
    let complete = Path::new(DEBIAN_CARGO).exists()
        && Path::new("/usr/lib/rustlib/src/rust/library/std/Cargo.toml").exists();
    if !complete {
        return None;
    }
    let linker = format!("wasm-ld-{}", debian_llvm_version().ok()?);
    succeeds(Command::new(&linker).arg("--version")).then_some(linker)
}

/// The main number of the LLVM that Debian's compiler was built with.
fn debian_llvm_version() -> Result<String> {
    let version = read(Command::new(DEBIAN_RUSTC).arg("-vV").env_remove("LD_LIBRARY_PATH"))?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("LLVM version: "))
        .and_then(|version| version.split('.').next())
        .map(str::to_owned)
        .context("Debian's rustc does not name its LLVM version")
}

/// Where cargo unpacks the crates that it downloads; in the order of their names.
fn registry_folders() -> Vec<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cargo")));
    let unpacked = home.and_then(|home| fs::read_dir(home.join("registry/src")).ok());
    let mut folders: Vec<PathBuf> =
        unpacked.into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.sort_unstable();
    folders
}
