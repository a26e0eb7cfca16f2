//! Installing Debian packages where the user may.

use std::process::Command;

use anyhow::{Result, bail};

use crate::process::{read, succeeds, which};

/// Installs `packages`, or says in one sentence what the user should install and what for.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Result<()> {
    let names = packages.join(" ");
    let Some(mut prefix) = root_prefix() else {
        bail!("for {purpose}, install the Debian packages {names}: as root, run `apt-get install {names}`");
    };
    println!("Installing {names} ({purpose})");
    prefix.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"]);
    let apt_get = |arguments: &[&str]| read(Command::new(prefix[0]).args(&prefix[1..]).args(arguments));
    // An old package list can name versions that are no longer served, or compilers too old for us. When it
    // cannot be renewed, the one that is there may still do.
    let update = apt_get(&["update"]);
    if let Err(install_error) =
        apt_get(&[&["install", "--yes", "--no-install-recommends"], packages].concat())
    {
        update?;
        return Err(install_error);
    }
    Ok(())
}

/// What to put before a command to run it as root: nothing for root, `sudo` where it asks for no password.
fn root_prefix() -> Option<Vec<&'static str>> {
    which("apt-get")?;
    if read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0") {
        return Some(Vec::new());
    }
    succeeds(Command::new("sudo").args(["-n", "true"])).then(|| vec!["sudo", "-n"])
}
