//! Gives what the module imports from its glue short names. The generator's names are unique by a long number each,
//! which takes five kilobytes of the first load, in the module and once more in the glue.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Context as _, Result, anyhow, bail};
use wasm_encoder::reencode::{Error, Reencode, RoundtripReencoder};
use wasm_encoder::{ImportSection, Module};
use wasmparser::{ImportSectionReader, Parser, Payload};

/// `module` and `glue` with the imports' names replaced.
pub(crate) fn shorten(module: &[u8], glue: &str) -> Result<(Vec<u8>, String)> {
    let mut short = Short { names: BTreeMap::new() };
    let mut glue = glue.to_owned();
    for (index, name) in imported_names(module)?.into_iter().enumerate() {
        let short_name = format!("i{index}");
        let (long, brief) = (format!(" {name}: "), format!(" {short_name}: "));
        if glue.matches(&long).count() != 1 {
            bail!(
                "the glue does not define the import {name} once, as {long:?}: another version of its generator?"
            );
        }
        glue = glue.replace(&long, &brief);
        short.names.insert(name, short_name);
    }
    let mut shortened = Module::new();
    short
        .parse_core_module(&mut shortened, Parser::new(0), module)
        .map_err(|error| anyhow!("the module cannot be written: {error}"))?;
    Ok((shortened.finish(), glue))
}

fn imported_names(module: &[u8]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::ImportSection(imports) = payload.context("the module cannot be read")? {
            for import in imports.into_imports() {
                names.push(import?.name.to_owned());
            }
        }
    }
    Ok(names)
}

struct Short {
    /// The short name of each import.
    names: BTreeMap<String, String>,
}

impl Reencode for Short {
    type Error = Infallible;

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Result<(), Error<Infallible>> {
        for import in section.into_imports() {
            let import = import?;
            let name = self.names.get(import.name).map_or(import.name, String::as_str);
            imports.import(import.module, name, RoundtripReencoder.entity_type(import.ty)?);
        }
        Ok(())
    }
}
