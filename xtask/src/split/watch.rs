//! Adds to a module that each function notes its first call: how the list of what the first picture needs is made.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    CodeSection, ConstExpr, Encode as _, ExportKind, ExportSection, GlobalSection, GlobalType, Instruction,
    Module, ValType,
};
use wasmparser::{CodeSectionReader, ExportSectionReader, GlobalSectionReader, Parser};

use super::source::Source;

/// What begins the name of the exported global in which a function notes its call.
const EXPORT_PREFIX: &str = "ran:";

/// `module`, in which the first call of each function sets a global of its own, exported as `ran:NAME`, to 1.
/// Functions of one name share it.
pub(crate) fn watch(module: &[u8]) -> Result<Vec<u8>> {
    let source = Source::read(module)?;
    let mut names: Vec<&str> = source.names.values().map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let n_globals = source.globals.len() as u32;
    let mut watch = Watch { source: &source, globals: names.into_iter().zip(n_globals..).collect() };
    let mut watched = Module::new();
    watch
        .parse_core_module(&mut watched, Parser::new(0), module)
        .map_err(|error| anyhow!("the watched module cannot be written: {error}"))?;
    Ok(watched.finish())
}

struct Watch<'a> {
    source: &'a Source<'a>,
    /// The global of each name.
    globals: BTreeMap<&'a str, u32>,
}

type Encoded = Result<(), Error<Infallible>>;

impl Reencode for Watch<'_> {
    type Error = Infallible;

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Encoded {
        utils::parse_global_section(self, globals, section)?;
        let flag = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        for _ in &self.globals {
            globals.global(flag, &ConstExpr::i32_const(0));
        }
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Encoded {
        utils::parse_export_section(self, exports, section)?;
        for (name, global) in &self.globals {
            exports.export(&format!("{EXPORT_PREFIX}{name}"), ExportKind::Global, *global);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: CodeSectionReader<'_>) -> Encoded {
        for (function, body) in self.source.defined() {
            let mut note = Vec::new();
            Instruction::I32Const(1).encode(&mut note);
            Instruction::GlobalSet(self.globals[self.source.names[&function].as_str()]).encode(&mut note);
            let at = body.get_operators_reader()?.original_position() - body.range().start;
            let bytes = body.as_bytes();
            code.raw(&[&bytes[..at], &note, &bytes[at..]].concat());
        }
        Ok(())
    }
}
