//! `cargo xtask bench`: the project's figures, as a table to read and as `target/bench.json` to compare.
//!
//! A benchmark is a program that prints lines of the form NAME, tab, VALUE, tab, UNIT. Each is run several times
//! and the median counts. Figures of one name in several suites are the same work done in different places, so
//! the table sets them in relation.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::json;

use crate::clients::peers_python;
use crate::node::{Packages, install_packages};
use crate::process::read;
use crate::site::{Mode, build_site};
use crate::size::Load;
use crate::toolchain::WasmToolchain;
use crate::{browser, project, size, table, yew_page};

const FIRST_LOAD: &str = "first-load";
const NATIVE: &str = "native";
const WASM: &str = "wasm";
const BROWSER: &str = "browser";
const SUITES: [&str; 4] = [FIRST_LOAD, NATIVE, WASM, BROWSER];

/// Simulations that do the same work with the same client, the one to compare with first; `tests/peers` knows them.
const PEERS: [&str; 3] = ["kinesalite", "moto", "sandbox"];

/// Figures in the order in which they first came up, each with the values of all runs.
#[derive(Default)]
struct Figures(Vec<Figure>);

struct Figure {
    suite: &'static str,
    name: String,
    unit: String,
    values: Vec<f64>,
}

/// Runs the named suites, or all, and prints the medians of `n_runs` runs.
pub(crate) fn run_suites(names: &[String], n_runs: usize) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| !SUITES.contains(&name.as_str())) {
        bail!("there is no suite {unknown:?}; the suites are {}", SUITES.join(", "));
    }
    check_runs(n_runs)?;
    let dist = build_release()?;
    let mut figures = Figures::default();
    for suite in SUITES.into_iter().filter(|suite| names.is_empty() || names.iter().any(|name| name == suite))
    {
        if suite == FIRST_LOAD {
            let sizes = size::file_sizes(&dist)?;
            for (name, load) in [
                ("wasm, js, css and html as brotli", Load::First),
                ("fetched after the first picture", Load::Later),
            ] {
                figures.add(suite, name, size::brotli_bytes(&sizes, load) as f64, "bytes");
            }
            continue;
        }
        let Some(mut command) = command(suite)? else {
            println!("{suite}: no benchmark yet");
            continue;
        };
        for run in 1..=n_runs {
            println!("{suite}: run {run} of {n_runs}");
            let printed = read(command.env("SITE_DIR", &dist).current_dir(project::root()))?;
            figures.add_lines(suite, &printed)?;
        }
    }
    figures.publish()
}

/// Measures our sandbox beside other simulations of the service, by turns, so that both meet the same machine.
pub(crate) fn run_peers(n_runs: usize) -> Result<()> {
    check_runs(n_runs)?;
    install_packages("tests/peers")?;
    let python = peers_python()?;
    let dist = build_release()?;
    let mut figures = Figures::default();
    for run in 1..=n_runs {
        for peer in PEERS {
            println!("{peer}: run {run} of {n_runs}");
            let mut node = Command::new("node");
            node.arg(project::root().join("tests/peers/bench.mjs")).arg(peer);
            node.env("SITE_DIR", &dist).env("PEERS_PYTHON", &python);
            figures.add_lines(peer, &read(&mut node)?)?;
        }
    }
    figures.publish()
}

fn check_runs(n_runs: usize) -> Result<()> {
    if n_runs == 0 {
        bail!("no run gives no figure: --runs must be at least 1");
    }
    Ok(())
}

fn build_release() -> Result<PathBuf> {
    let dist = project::root().join("dist");
    build_site(&WasmToolchain::find()?, Mode::Release, &dist)?;
    Ok(dist)
}

/// What runs a suite once; none when its program has not been written.
fn command(suite: &str) -> Result<Option<Command>> {
    let source = project::root().join(match suite {
        NATIVE => "tests/src/bin/bench.rs",
        WASM => "tests/wasm/bench.mjs",
        _ => "tests/browser/bench.mjs",
    });
    if !source.exists() {
        return Ok(None);
    }
    if suite == NATIVE {
        // Built before the first run, so that its compiler's messages are seen as they come.
        let build = ["build", "--package", "tests", "--bin", "bench", "--profile", "native-bench"];
        crate::process::run(Command::new("cargo").args(build).current_dir(project::root()))?;
        return Ok(Some(Command::new(project::target_dir().join("native-bench/bench"))));
    }
    let mut node = Command::new("node");
    node.arg(source).stdin(Stdio::null());
    if suite == BROWSER {
        Packages::install()?;
        node.env("CHROMIUM", browser::find()?).env("EMPTY_PAGE_DIR", yew_page::build("empty-page")?);
    }
    Ok(Some(node))
}

impl Figures {
    fn add(&mut self, suite: &'static str, name: &str, value: f64, unit: &str) {
        match self.0.iter_mut().find(|figure| figure.suite == suite && figure.name == name) {
            Some(figure) => figure.values.push(value),
            None => self.0.push(Figure {
                suite,
                name: name.to_owned(),
                unit: unit.to_owned(),
                values: vec![value],
            }),
        }
    }

    fn add_lines(&mut self, suite: &'static str, printed: &str) -> Result<()> {
        for line in printed.lines().filter(|line| line.contains('\t')) {
            let parts: Vec<&str> = line.split('\t').collect();
            let [name, value, unit] = parts[..] else {
                bail!("the {suite} benchmark printed {line:?}, which is not NAME, tab, VALUE, tab, UNIT");
            };
            let value = value
                .parse()
                .with_context(|| format!("the {suite} benchmark printed {value:?}, which is no number"))?;
            self.add(suite, name, value, unit);
        }
        Ok(())
    }

    fn table(&self) -> String {
        // The first suite that has a figure is what the others of its name are compared with.
        let mut firsts: BTreeMap<&str, &Figure> = BTreeMap::new();
        let mut n_suites: BTreeMap<&str, usize> = BTreeMap::new();
        for figure in &self.0 {
            firsts.entry(&figure.name).or_insert(figure);
            *n_suites.entry(&figure.name).or_default() += 1;
        }
        let rows: Vec<[String; 6]> = self
            .0
            .iter()
            .map(|figure| {
                let first = firsts[figure.name.as_str()];
                let ratio = if n_suites[figure.name.as_str()] > 1 && first.unit == figure.unit {
                    format!("{:.2} x", figure.median() / first.median())
                } else {
                    String::new()
                };
                let spread = format!("{} to {}", number(figure.lowest()), number(figure.highest()));
                let spread = if figure.lowest() == figure.highest() { String::new() } else { spread };
                [
                    figure.name.clone(),
                    figure.suite.to_owned(),
                    number(figure.median()),
                    figure.unit.clone(),
                    spread,
                    ratio,
                ]
            })
            .collect();
        table::markdown(["figure", "where", "median", "unit", "lowest to highest", "ratio"], &rows)
    }

    /// Prints the table and writes the file.
    fn publish(&self) -> Result<()> {
        print!("\n{}", self.table());
        let path = project::output_dir().join("bench.json");
        fs::write(&path, self.json()?).with_context(|| format!("cannot write {}", path.display()))?;
        println!("\nWritten to {}", path.display());
        Ok(())
    }

    fn json(&self) -> Result<String> {
        let figures: Vec<_> = self
            .0
            .iter()
            .map(|figure| {
                json!({
                    "name": figure.name,
                    "suite": figure.suite,
                    "unit": figure.unit,
                    "median": figure.median(),
                    "values": figure.values,
                })
            })
            .collect();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let commit = read(Command::new("git").args(["rev-parse", "HEAD"]).current_dir(project::root()));
        let report = json!({
            "commit": commit.as_deref().map_or("", str::trim),
            "machine": { "cores": cores, "os": std::env::consts::OS, "arch": std::env::consts::ARCH },
            "figures": figures,
        });
        Ok(serde_json::to_string_pretty(&report)? + "\n")
    }
}

impl Figure {
    fn median(&self) -> f64 {
        let mut sorted = self.values.clone();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 }
    }

    fn lowest(&self) -> f64 {
        self.values.iter().copied().fold(f64::INFINITY, f64::min)
    }

    fn highest(&self) -> f64 {
        self.values.iter().copied().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// A figure as people read it: 3,120,000 or 7.25.
fn number(value: f64) -> String {
    if value.abs() < 1000.0 {
        let text = format!("{value:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        let n_left = digits.len() - index;
        if index > 0 && n_left % 3 == 0 && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{Figures, NATIVE, WASM, number};

    #[test]
    fn the_median_counts_and_the_same_work_elsewhere_is_set_in_relation() {
        let mut figures = Figures::default();
        for printed in
            ["put\t4000000\trecords/s\n", "put\t1000000\trecords/s", "notes\nput\t2000000\trecords/s\n"]
        {
            figures.add_lines(NATIVE, printed).unwrap();
        }
        figures.add_lines(WASM, "put\t500000\trecords/s\nalone\t7.25\tms\n").unwrap();
        assert_eq!(
            figures.table(),
            "\
| figure |  where |    median |      unit |      lowest to highest |  ratio |
| ------ | -----: | --------: | --------: | ---------------------: | -----: |
| put    | native | 2,000,000 | records/s | 1,000,000 to 4,000,000 | 1.00 x |
| put    |   wasm |   500,000 | records/s |                        | 0.25 x |
| alone  |   wasm |      7.25 |        ms |                        |        |
"
        );
    }

    #[test]
    fn a_line_that_is_no_figure_is_an_error() {
        assert!(Figures::default().add_lines(NATIVE, "put\tmany\trecords").is_err());
        assert!(Figures::default().add_lines(NATIVE, "put\t1").is_err());
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(
            [0.0, 7.254, 999.0, 1000.4, 1234567.0, -1234.0].map(number),
            ["0", "7.25", "999", "1,000", "1,234,567", "-1,234"]
        );
    }
}
