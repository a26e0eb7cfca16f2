//! Finds the Chromium that the browser tests drive, or installs Debian's.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use crate::apt;
use crate::process::which;

const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// The program to start: what `CHROMIUM` names, else the first on the `PATH`, else Debian's, installed now.
pub(crate) fn find() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM") {
        let named = PathBuf::from(named);
        if named.is_file() {
            return Ok(named);
        }
        bail!("CHROMIUM names {}, which is not there", named.display());
    }
    if let Some(found) = NAMES.iter().find_map(which) {
        return Ok(found);
    }
    // Without a font the page would be measured and photographed with empty boxes for letters.
    apt::install(&["chromium", "fonts-dejavu-core"], "the browser tests")?;
    which("chromium").context("Debian's package chromium brought no program of that name")
}
