//! Splits the page's module in two: what the first picture needs, and the rest, which the browser fetches while a
//! learner already looks at the page.
//!
//! A function that moves to the rest leaves a door behind: a body that makes sure that the rest is there and then
//! calls the function through a slot of the function table, which the rest fills when it is started. So nothing
//! else changes: not the exports, not the function pointers in the table, not the JavaScript glue. The rest takes
//! memory, tables, globals and functions from the first module's exports. `web/rest.js` loads it.

mod data;
mod first;
mod linked;
mod plan;
mod rest;
mod source;
mod watch;

use std::ops::Range;

use anyhow::{Result, bail};

use data::Data;
use linked::Linked;
use plan::Plan;
use source::Source;

pub(crate) use plan::Copies;
pub(crate) use watch::watch;

/// Where the first module imports the function from that loads the rest.
const LOADER: (&str, &str) = ("rest", "load");

/// What begins the names of the exports that are there only for the rest.
const EXPORT_PREFIX: &str = "rest:";

/// What begins the names of the functions that the first part lends; no export of Rust code begins with it.
const LENT_FUNCTION: char = '~';

/// The exported global that says whether the rest is there; `web/rest.js` sets it to 1.
const LOADED_EXPORT: &str = "rest:loaded";

/// The custom section that tells which features of WebAssembly a module uses.
const FEATURES: &str = "target_features";

/// The function table of what Rust compiles to.
const FUNCTION_TABLE: u32 = 0;

/// The two modules that a module was split into.
pub(crate) struct Parts {
    pub(crate) first: Vec<u8>,
    pub(crate) rest: Vec<u8>,
}

/// Splits `module` into what `is_first` says belongs to the first picture and the rest. The module must have its
/// functions' names, and `linked` is the module that it was made from, as the linker wrote it. Constants that only
/// the rest refers to go with it. Both parts have their functions' names.
pub(crate) fn split(
    module: &[u8],
    linked: &[u8],
    is_first: impl Fn(&str) -> bool,
    copies: Copies,
) -> Result<Parts> {
    let source = Source::read(module)?;
    let plan = Plan::new(&source, is_first, copies)?;
    let linked = Linked::read(linked)?;
    let mut staying = Vec::new();
    for (function, _) in source.defined().filter(|(function, _)| !plan.moved.contains(function)) {
        let name = source.names[&function].as_str();
        // What the JavaScript glue's generator adds calls other functions, but has no constants in memory.
        if !linked.knows(name) && source.has_number_in(function, &linked.constants)? {
            bail!("it is not known to which constants the function {name} refers");
        }
        staying.push(name);
    }
    let moved_constants = linked.constants_not_needed_by(staying.into_iter());
    split_as_planned(module, &source, &plan, &moved_constants)
}

fn split_as_planned(
    module: &[u8],
    source: &Source,
    plan: &Plan,
    moved_constants: &[Range<u32>],
) -> Result<Parts> {
    let data = Data::new(source, moved_constants);
    Ok(Parts { first: first::write(module, source, plan, &data)?, rest: rest::write(source, plan, &data)? })
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        CodeSection, ConstExpr, ExportKind, ExportSection, Function, FunctionSection, GlobalSection,
        GlobalType, ImportSection, MemorySection, MemoryType, Module, NameMap, NameSection, RefType,
        TableSection, TableType, TypeSection, ValType,
    };

    use super::plan::{Copies, Plan};
    use super::source::Source;
    use super::{Parts, split_as_planned};

    /// An imported function, and `outer`, which calls `inner`, which calls `helper` and the imported one.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([ValType::I32], [ValType::I32]);
        let mut imports = ImportSection::new();
        imports.import("outside", "noted", wasm_encoder::EntityType::Function(0));
        let mut functions = FunctionSection::new();
        functions.function(0).function(0).function(0);
        let mut tables = TableSection::new();
        tables.table(TableType {
            element_type: RefType::FUNCREF,
            table64: false,
            minimum: 1,
            maximum: Some(1),
            shared: false,
        });
        let mut memories = MemorySection::new();
        memories.memory(MemoryType {
            minimum: 1,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        let mut globals = GlobalSection::new();
        let counter = GlobalType { val_type: ValType::I32, mutable: true, shared: false };
        globals.global(counter, &ConstExpr::i32_const(0));
        let mut exports = ExportSection::new();
        exports.export("outer", ExportKind::Func, 1);
        let mut code = CodeSection::new();
        for callees in [&[2][..], &[3, 0][..], &[][..]] {
            let mut function = Function::new([]);
            let mut body = function.instructions();
            body.local_get(0);
            for callee in callees {
                body.call(*callee);
            }
            // Longer than a door.
            for _ in 0..8 {
                body.i32_const(1).i32_add();
            }
            body.end();
            code.function(&function);
        }
        let mut names = NameMap::new();
        for (index, name) in [(1, "outer"), (2, "inner"), (3, "helper")] {
            names.append(index, name);
        }
        let mut name_section = NameSection::new();
        name_section.functions(&names);
        module.section(&types).section(&imports).section(&functions).section(&tables).section(&memories);
        module.section(&globals).section(&exports).section(&code).section(&name_section);
        module.finish()
    }

    fn split_off(moved: &[&str]) -> Parts {
        let module = module();
        let source = Source::read(&module).unwrap();
        let plan = Plan::new(&source, |name| !moved.contains(&name), Copies::Short).unwrap();
        split_as_planned(&module, &source, &plan, &[]).unwrap()
    }

    #[test]
    fn a_moved_function_leaves_a_door_and_takes_a_slot() {
        let parts = split_off(&["inner"]);
        let first = Source::read(&parts.first).unwrap();
        // The loader is imported too; the door and the gate before it stand beside what stays.
        assert_eq!((first.n_imported, first.bodies.len()), (2, 4));
        assert_eq!(first.tables[0].initial, 2);
        assert_eq!(first.tables[0].maximum, Some(2));
    }

    #[test]
    fn a_function_that_only_the_rest_calls_leaves_nothing_behind() {
        let parts = split_off(&["inner", "helper"]);
        let first = Source::read(&parts.first).unwrap();
        assert_eq!(first.bodies.len(), 3);
        assert_eq!(first.tables[0].initial, 2);
    }

    #[test]
    fn a_short_function_that_the_rest_calls_stands_in_both_parts() {
        let module = module();
        let source = Source::read(&module).unwrap();
        let plan = Plan::new(&source, |name| name != "inner", Copies::Short).unwrap();
        let names: Vec<&str> = plan.in_rest().map(|function| source.names[&function].as_str()).collect();
        assert_eq!(names, ["inner", "helper"]);
        assert!(plan.is_in_first(3), "the first part keeps its own");
        // Only what neither part has is lent: here, the function that was imported.
        assert_eq!(plan.lent.into_iter().collect::<Vec<_>>(), [0]);
    }

    #[test]
    fn without_copies_the_first_part_lends_what_the_rest_calls() {
        let module = module();
        let source = Source::read(&module).unwrap();
        let plan = Plan::new(&source, |name| name != "inner", Copies::None).unwrap();
        let names: Vec<&str> = plan.in_rest().map(|function| source.names[&function].as_str()).collect();
        assert_eq!(names, ["inner"]);
        assert!(plan.lent.contains(&3));
    }

    #[test]
    fn nothing_is_split_off_when_all_is_needed_first() {
        let parts = split_off(&[]);
        assert_eq!(Source::read(&parts.first).unwrap().bodies.len(), 4);
    }
}
