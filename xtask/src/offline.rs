//! The list by which the service worker keeps a version of the site whole.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::site::files_below;

const LIST: &str = "offline-files.js";
/// Not kept: what the browser looks at by itself, and what nobody opens without a network.
const LEFT_OUT: [&str; 4] = [LIST, "service-worker.js", "embed.html", "embed/loader.js"];

/// Writes the list of a released site: its files, and a version that is another one when any of them is.
pub(crate) fn list_files(site: &Path) -> Result<()> {
    let mut names = vec!["./".to_owned()];
    let mut content = Fingerprint::new();
    for file in files_below(site)? {
        let name = file.strip_prefix(site).context("a file of the site stands in it")?;
        let name = name.to_string_lossy().replace('\\', "/");
        let is_for_programs = name.ends_with(".d.ts");
        if is_for_programs || LEFT_OUT.contains(&name.as_str()) {
            continue;
        }
        content.add(name.as_bytes());
        content.add(&fs::read(&file)?);
        names.push(name);
    }
    write(site, &content.text(), &names)
}

/// Writes the list of a quickly built site, which changes too often to be kept.
pub(crate) fn list_nothing(site: &Path) -> Result<()> {
    write(site, "none", &[])
}

fn write(site: &Path, version: &str, names: &[String]) -> Result<()> {
    let names = serde_json::to_string(names)?;
    let text = format!("self.offlineFiles = {{ version: \"{version}\", files: {names} }};\n");
    fs::write(site.join(LIST), text).context("cannot write the list of files")
}

/// FNV-1a with 64 bits: enough to tell versions of the same site apart.
struct Fingerprint(u64);

impl Fingerprint {
    fn new() -> Fingerprint {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }

    fn text(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_other_byte_is_another_version() {
        let text = |bytes: &[u8]| {
            let mut fingerprint = Fingerprint::new();
            fingerprint.add(bytes);
            fingerprint.text()
        };
        // The reference value of the algorithm's authors for "foobar".
        assert_eq!(text(b"foobar"), "85944171f73967e8");
        assert_ne!(text(b"foobas"), text(b"foobar"));
    }
}
