//! Writes the second part: what has moved and what was copied, with everything else imported from the first.

use std::collections::BTreeMap;
use std::convert::Infallible;

use anyhow::{Result, anyhow};
use wasm_encoder::reencode::{Error, Reencode};
use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataSection, ElementSection, Elements, EntityType,
    FunctionSection, ImportSection, Module, NameMap, NameSection, TypeSection,
};

use super::data::{Data, write_runs};
use super::plan::{Plan, lent_function_names, lent_name};
use super::source::Source;
use super::{FEATURES, FUNCTION_TABLE, LOADER};

pub(super) fn write(source: &Source, plan: &Plan, data: &Data) -> Result<Vec<u8>> {
    write_module(source, plan, data).map_err(|error| anyhow!("the rest cannot be written: {error}"))
}

/// Functions by their numbers in the rest: the lent ones first, as they are imported, then its own.
struct Rest {
    indexes: BTreeMap<u32, u32>,
}

impl Reencode for Rest {
    type Error = Infallible;

    fn function_index(&mut self, function: u32) -> Result<u32, Error<Infallible>> {
        Ok(*self.indexes.get(&function).expect("what the rest calls is lent, moved or copied"))
    }
}

fn write_module(source: &Source, plan: &Plan, data: &Data) -> Result<Vec<u8>, Error<Infallible>> {
    let mut rest = Rest { indexes: plan.lent.iter().copied().chain(plan.in_rest()).zip(0..).collect() };
    let mut module = Module::new();

    let mut types = TypeSection::new();
    if let Some(section) = &source.type_section {
        rest.parse_type_section(&mut types, section.clone())?;
    }
    module.section(&types);

    let mut imports = ImportSection::new();
    for (function, name) in plan.lent.iter().zip(lent_function_names()) {
        imports.import(LOADER.0, &name, EntityType::Function(source.type_of(*function)));
    }
    let mut import = |kind, index, entity| {
        imports.import(LOADER.0, &lent_name(kind, index), entity);
    };
    for (index, table) in (0..).zip(&source.tables) {
        let mut table = rest.table_type(*table)?;
        if index == FUNCTION_TABLE {
            table.minimum = plan.n_slots_after();
            table.maximum = table.maximum.map(|maximum| maximum.max(plan.n_slots_after()));
        }
        import('t', index, EntityType::Table(table));
    }
    for (index, memory) in (0..).zip(&source.memories) {
        import('m', index, EntityType::Memory(rest.memory_type(*memory)?));
    }
    for (index, global) in (0..).zip(&source.globals) {
        import('g', index, EntityType::Global(rest.global_type(*global)?));
    }
    module.section(&imports);

    let mut functions = FunctionSection::new();
    for function in plan.in_rest() {
        functions.function(source.type_of(function));
    }
    module.section(&functions);

    let mut slots = Vec::new();
    for function in plan.doors.keys() {
        slots.push(rest.function_index(*function)?);
    }
    let mut elements = ElementSection::new();
    let first_slot = ConstExpr::i32_const(plan.n_slots as i32);
    elements.active(Some(FUNCTION_TABLE), &first_slot, Elements::Functions(slots.into()));
    module.section(&elements);

    let mut code = CodeSection::new();
    for function in plan.in_rest() {
        rest.parse_function_body(&mut code, source.body(function).clone())?;
    }
    module.section(&code);

    let mut section = DataSection::new();
    write_runs(&mut section, &data.rest);
    module.section(&section);
    if let Some(features) = source.features {
        module.section(&CustomSection { name: FEATURES.into(), data: features.into() });
    }
    let mut names = NameMap::new();
    for function in plan.in_rest() {
        names.append(rest.function_index(function)?, &source.names[&function]);
    }
    let mut section = NameSection::new();
    section.functions(&names);
    module.section(&section);
    Ok(module.finish())
}
