//! Where things stand in this checkout.

use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask stands in a folder of the workspace")
}

/// What we write beside `dist/`. It is in the checkout, so that a finished site can be renamed into its place.
pub(crate) fn output_dir() -> PathBuf {
    root().join("target")
}

/// What cargo builds goes here: `CARGO_TARGET_DIR` where a developer has set it, else `target/`.
pub(crate) fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// Hand-written files of the page, and the npm packages of its tools.
pub(crate) fn web_dir() -> PathBuf {
    root().join("web")
}
