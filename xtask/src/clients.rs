//! The real clients that talk to the sandbox in the tests: boto3 and the AWS CLI v1 from PyPI in an environment of
//! their own, and Debian's AWS CLI v2. (The AWS SDK for JavaScript is one of the npm packages.)

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::process::{read, run, succeeds};
use crate::{apt, project};

/// The clients to start, each under the name of the environment variable by which the tests get it.
pub(crate) struct Clients {
    python: PathBuf,
    cli_1: PathBuf,
    cli_2: PathBuf,
}

impl Clients {
    /// Finds the clients and installs those that are missing.
    pub(crate) fn install() -> Result<Self> {
        let environment = python_environment("clients", "boto3")?;
        Ok(Self {
            python: environment.join("bin/python"),
            cli_1: environment.join("bin/aws"),
            cli_2: find_cli_2()?,
        })
    }

    /// Names the clients in the environment of `tests`.
    pub(crate) fn name_in<'a>(&self, tests: &'a mut Command) -> &'a mut Command {
        tests.env("CLIENTS_PYTHON", &self.python).env("AWS_CLI_1", &self.cli_1).env("AWS_CLI_2", &self.cli_2)
    }
}

/// The Python of an environment with the tools that make documents, MkDocs and Sphinx.
pub(crate) fn documents_python() -> Result<PathBuf> {
    Ok(python_environment("embeds", "sphinx")?.join("bin/python"))
}

/// The Python of an environment with moto, which the peers' benchmark measures ours against.
pub(crate) fn peers_python() -> Result<PathBuf> {
    Ok(python_environment("peers", "moto")?.join("bin/python"))
}

/// The folder of a Python environment that holds exactly what `tests/FOLDER/requirements.txt` names, `module` among it.
fn python_environment(name: &str, module: &str) -> Result<PathBuf> {
    let place = format!("tests/{name}/requirements.txt");
    let requirements = project::root().join(&place);
    let wanted =
        fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    let folder = project::output_dir().join(format!("{name}-python"));
    let stamp = folder.join("installed-requirements.txt");
    let python = folder.join("bin/python");
    // The environment borrows the system's Python, which may have been replaced since.
    let is_usable = || succeeds(Command::new(&python).args(["-c", &format!("import {module}")]));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) && is_usable() {
        return Ok(folder);
    }
    println!("Installing the Python packages of {place}");
    create_environment(&folder)?;
    // Checksums make sure of the files, and wheels run no code of theirs when they are installed.
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--no-deps", "--require-hashes", "--only-binary=:all:", "--requirement"])
        .arg(&requirements)
        .stdin(Stdio::null()))
    .with_context(|| format!("cannot install Python packages from PyPI: {place} lists them"))?;
    fs::write(&stamp, wanted)?;
    Ok(folder)
}

fn create_environment(folder: &Path) -> Result<()> {
    let create = |python: &str| read(Command::new(python).args(["-m", "venv", "--clear"]).arg(folder));
    if create("python3").is_ok() {
        return Ok(());
    }
    // Debian's Python comes without what makes environments.
    apt::install(&["python3-venv"], "the Python clients in the tests")?;
    create("/usr/bin/python3").map(drop)
}

/// The program that `AWS_CLI_2` names, else the first `aws` of version 2 on the `PATH` (PyPI's version 1 has the same
/// name), else Debian's, installed now.
fn find_cli_2() -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("AWS_CLI_2") {
        let named = PathBuf::from(named);
        if is_cli_2(&named) {
            return Ok(named);
        }
        bail!("AWS_CLI_2 names {}, which is no AWS CLI of version 2", named.display());
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut candidates = std::env::split_paths(&path).map(|folder| folder.join("aws"));
    if let Some(found) = candidates.find(|program| is_cli_2(program)) {
        return Ok(found);
    }
    apt::install(&["awscli"], "the AWS CLI v2 in the tests")?;
    let installed = PathBuf::from("/usr/bin/aws");
    if is_cli_2(&installed) {
        return Ok(installed);
    }
    bail!("Debian's package awscli brought no AWS CLI of version 2: install one and name it in AWS_CLI_2")
}

fn is_cli_2(program: &Path) -> bool {
    program.is_file()
        && read(Command::new(program).arg("--version")).is_ok_and(|version| version.starts_with("aws-cli/2."))
}
