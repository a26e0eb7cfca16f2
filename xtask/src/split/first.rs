//! Writes the first part: the module as it was, with doors in the places of what has moved.

use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode, utils};
use wasm_encoder::{
    BlockType, CodeSection, ConstExpr, DataSection, EntityType, ExportKind, ExportSection, Function,
    FunctionSection, GlobalSection, GlobalType, ImportSection, Module, NameMap, NameSection, TableSection,
    TypeSection, ValType,
};
use wasmparser::{
    CodeSectionReader, CustomSectionReader, DataSectionReader, ExportSectionReader, FunctionSectionReader,
    GlobalSectionReader, ImportSectionReader, Parser, TableSectionReader, TypeSectionReader,
};

use super::data::{Data, write_runs};
use super::plan::{Plan, lent_function_names, lent_name};
use super::source::Source;
use super::{FEATURES, FUNCTION_TABLE, LOADED_EXPORT, LOADER};

pub(super) fn write(module: &[u8], source: &Source, plan: &Plan, data: &Data) -> Result<Vec<u8>> {
    let mut written = Module::new();
    let mut first = First::new(source, plan, data);
    first
        .parse_core_module(&mut written, Parser::new(0), module)
        .map_err(|error| anyhow!("the first part cannot be written: {error}"))?;
    let mut names = NameMap::new();
    for (function, _) in source.defined() {
        if let Some(index) = first.indexes[function as usize] {
            names.append(index, &source.names[&function]);
        }
    }
    let mut section = NameSection::new();
    section.functions(&names);
    written.section(&section);
    Ok(written.finish())
}

struct First<'a> {
    source: &'a Source<'a>,
    plan: &'a Plan,
    data: &'a Data<'a>,
    /// The new number of each old function that is still there; imported functions keep theirs, and the loader
    /// comes between them and the others.
    indexes: Vec<Option<u32>>,
    n_functions: u32,
}

type Encoded = Result<(), Error<Infallible>>;

impl<'a> First<'a> {
    fn new(source: &'a Source<'a>, plan: &'a Plan, data: &'a Data<'a>) -> Self {
        let mut next = 0;
        let mut indexes = Vec::new();
        for function in 0..source.type_indexes.len() as u32 {
            if function == source.n_imported {
                next += 1;
            }
            indexes.push(plan.is_in_first(function).then_some(next));
            next += u32::from(plan.is_in_first(function));
        }
        Self { source, plan, data, indexes, n_functions: next }
    }

    fn loader(&self) -> u32 {
        self.source.n_imported
    }

    /// The function that loads the rest unless it is there. It comes after all others.
    fn gate(&self) -> u32 {
        self.n_functions
    }

    fn loaded_global(&self) -> u32 {
        self.source.globals.len() as u32
    }

    /// The type of a function without parameters and results. It comes after all others.
    fn plain_type(&self) -> u32 {
        self.source.types.len() as u32
    }

    fn door(&self, function: u32, slot: u64) -> Function {
        let type_index = self.source.type_of(function);
        let n_parameters = self.source.types[type_index as usize].params().len() as u32;
        let mut door = Function::new([]);
        let mut body = door.instructions();
        body.call(self.gate());
        for parameter in 0..n_parameters {
            body.local_get(parameter);
        }
        body.i32_const(slot as i32).call_indirect(FUNCTION_TABLE, type_index).end();
        door
    }
}

impl Reencode for First<'_> {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.indexes[function as usize].expect("what the first part refers to is in it"))
    }

    fn parse_type_section(&mut self, types: &mut TypeSection, section: TypeSectionReader<'_>) -> Encoded {
        utils::parse_type_section(self, types, section)?;
        types.ty().function([], []);
        Ok(())
    }

    fn parse_import_section(
        &mut self,
        imports: &mut ImportSection,
        section: ImportSectionReader<'_>,
    ) -> Encoded {
        utils::parse_import_section(self, imports, section)?;
        imports.import(LOADER.0, LOADER.1, EntityType::Function(self.plain_type()));
        Ok(())
    }

    fn parse_function_section(
        &mut self,
        functions: &mut FunctionSection,
        _: FunctionSectionReader<'_>,
    ) -> Encoded {
        for (function, _) in self.source.defined().filter(|(function, _)| self.plan.is_in_first(*function)) {
            functions.function(self.source.type_of(function));
        }
        functions.function(self.plain_type());
        Ok(())
    }

    fn parse_table_section(&mut self, tables: &mut TableSection, section: TableSectionReader<'_>) -> Encoded {
        for (index, table) in (0..).zip(section) {
            let table = table?;
            let mut table_type = self.table_type(table.ty)?;
            if index == FUNCTION_TABLE {
                let n_slots = self.plan.n_slots_after();
                table_type.minimum = n_slots;
                table_type.maximum = table_type.maximum.map(|maximum| maximum.max(n_slots));
            }
            tables.table(table_type);
        }
        Ok(())
    }

    fn parse_global_section(
        &mut self,
        globals: &mut GlobalSection,
        section: GlobalSectionReader<'_>,
    ) -> Encoded {
        utils::parse_global_section(self, globals, section)?;
        let flag = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(flag, &ConstExpr::i32_const(0));
        Ok(())
    }

    fn parse_export_section(
        &mut self,
        exports: &mut ExportSection,
        section: ExportSectionReader<'_>,
    ) -> Encoded {
        utils::parse_export_section(self, exports, section)?;
        exports.export(LOADED_EXPORT, ExportKind::Global, self.loaded_global());
        for (function, name) in self.plan.lent.iter().zip(lent_function_names()) {
            let index = self.function_index(*function)?;
            exports.export(&name, ExportKind::Func, index);
        }
        for index in 0..self.source.tables.len() as u32 {
            exports.export(&lent_name('t', index), ExportKind::Table, index);
        }
        for index in 0..self.source.memories.len() as u32 {
            exports.export(&lent_name('m', index), ExportKind::Memory, index);
        }
        for index in 0..self.source.globals.len() as u32 {
            exports.export(&lent_name('g', index), ExportKind::Global, index);
        }
        Ok(())
    }

    fn parse_code_section(&mut self, code: &mut CodeSection, _: CodeSectionReader<'_>) -> Encoded {
        let source = self.source;
        for (function, body) in source.defined() {
            if !self.plan.moved.contains(&function) {
                self.parse_function_body(code, body.clone())?;
            } else if let Some(slot) = self.plan.doors.get(&function) {
                code.function(&self.door(function, *slot));
            }
        }
        let mut gate = Function::new([]);
        gate.instructions()
            .global_get(self.loaded_global())
            .i32_eqz()
            .if_(BlockType::Empty)
            .call(self.loader())
            .end()
            .end();
        code.function(&gate);
        Ok(())
    }

    fn data_count(&mut self, _: u32) -> Result<u32, Error<Infallible>> {
        Ok(self.data.first.len() as u32)
    }

    fn parse_data_section(&mut self, section: &mut DataSection, _: DataSectionReader<'_>) -> Encoded {
        write_runs(section, &self.data.first);
        Ok(())
    }

    fn parse_custom_section(&mut self, module: &mut Module, section: CustomSectionReader<'_>) -> Encoded {
        // All others speak of the whole module.
        if section.name() == FEATURES {
            utils::parse_custom_section(self, module, section)?;
        }
        Ok(())
    }
}
