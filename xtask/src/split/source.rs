//! A module as it is read before it is split.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasmparser::{
    DataKind, ElementItems, ExternalKind, FuncType, FunctionBody, GlobalType, KnownCustom, MemoryType, Name,
    Operator, Parser, Payload, TableType, TypeRef, TypeSectionReader,
};

use super::{FEATURES, FUNCTION_TABLE};

/// What splitting needs to know of a module. Functions are named by their index, imported ones first.
pub(crate) struct Source<'a> {
    pub(super) types: Vec<FuncType>,
    pub(super) type_section: Option<TypeSectionReader<'a>>,
    pub(super) n_imported: u32,
    /// The type of each function.
    pub(super) type_indexes: Vec<u32>,
    /// The bodies of the functions that are not imported.
    pub(super) bodies: Vec<FunctionBody<'a>>,
    /// The name of each function that is not imported.
    pub(super) names: BTreeMap<u32, String>,
    pub(super) tables: Vec<TableType>,
    pub(super) memories: Vec<MemoryType>,
    pub(super) globals: Vec<GlobalType>,
    /// What stands in memory at the beginning: addresses and bytes.
    pub(super) segments: Vec<(u32, &'a [u8])>,
    /// The section that tells which features of WebAssembly the module uses.
    pub(super) features: Option<&'a [u8]>,
    /// What is reached from outside or through a pointer: exported, in a table, or started.
    pub(super) referenced: BTreeSet<u32>,
}

impl<'a> Source<'a> {
    pub(super) fn read(module: &'a [u8]) -> Result<Self> {
        let mut source = Self {
            types: Vec::new(),
            type_section: None,
            n_imported: 0,
            type_indexes: Vec::new(),
            bodies: Vec::new(),
            names: BTreeMap::new(),
            tables: Vec::new(),
            memories: Vec::new(),
            globals: Vec::new(),
            segments: Vec::new(),
            features: None,
            referenced: BTreeSet::new(),
        };
        for payload in Parser::new(0).parse_all(module) {
            source.read_payload(payload.context("the module to be split cannot be read")?)?;
        }
        source.name_the_nameless();
        Ok(source)
    }

    /// What the optimiser adds, it may leave without a name: such functions are counted instead.
    fn name_the_nameless(&mut self) {
        let mut count = 0;
        for function in self.n_imported..self.type_indexes.len() as u32 {
            self.names.entry(function).or_insert_with(|| {
                count += 1;
                format!("nameless {count}")
            });
        }
    }

    fn read_payload(&mut self, payload: Payload<'a>) -> Result<()> {
        match payload {
            Payload::TypeSection(section) => {
                for function_type in section.clone().into_iter_err_on_gc_types() {
                    self.types.push(function_type?);
                }
                self.type_section = Some(section);
            }
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    match import?.ty {
                        TypeRef::Func(type_index) => {
                            self.n_imported += 1;
                            self.type_indexes.push(type_index);
                        }
                        other => bail!("a module that imports {other:?} cannot be split"),
                    }
                }
            }
            Payload::FunctionSection(functions) => {
                for type_index in functions {
                    self.type_indexes.push(type_index?);
                }
            }
            Payload::TableSection(tables) => {
                for table in tables {
                    self.tables.push(table?.ty);
                }
            }
            Payload::MemorySection(memories) => {
                for memory in memories {
                    self.memories.push(memory?);
                }
            }
            Payload::GlobalSection(globals) => {
                for global in globals {
                    self.globals.push(global?.ty);
                }
            }
            Payload::ExportSection(exports) => {
                for export in exports {
                    let export = export?;
                    if export.kind == ExternalKind::Func {
                        self.referenced.insert(export.index);
                    }
                }
            }
            Payload::StartSection { func, .. } => {
                self.referenced.insert(func);
            }
            Payload::ElementSection(elements) => {
                for element in elements {
                    let ElementItems::Functions(functions) = element?.items else {
                        bail!("a module with tables of expressions cannot be split");
                    };
                    for function in functions {
                        self.referenced.insert(function?);
                    }
                }
            }
            Payload::CodeSectionEntry(body) => self.bodies.push(body),
            Payload::DataSection(segments) => {
                for segment in segments {
                    let segment = segment?;
                    let DataKind::Active { offset_expr, .. } = segment.kind else {
                        bail!("a module with passive segments cannot be split");
                    };
                    let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                        bail!("a module whose segments have no fixed address cannot be split");
                    };
                    self.segments.push((value as u32, segment.data));
                }
            }
            Payload::CustomSection(section) if section.name() == FEATURES => {
                self.features = Some(section.data());
            }
            Payload::CustomSection(section) => {
                if let KnownCustom::Name(subsections) = section.as_known() {
                    for subsection in subsections {
                        if let Name::Function(map) = subsection? {
                            for naming in map {
                                let naming = naming?;
                                self.names.insert(naming.index, naming.name.to_owned());
                            }
                        }
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// The functions that are not imported, by index.
    pub(super) fn defined(&self) -> impl Iterator<Item = (u32, &FunctionBody<'a>)> {
        (self.n_imported..).zip(&self.bodies)
    }

    pub(super) fn body(&self, function: u32) -> &FunctionBody<'a> {
        &self.bodies[(function - self.n_imported) as usize]
    }

    pub(super) fn type_of(&self, function: u32) -> u32 {
        self.type_indexes[function as usize]
    }

    /// The functions that `function` calls directly.
    pub(super) fn callees(&self, function: u32) -> Result<BTreeSet<u32>> {
        let mut callees = BTreeSet::new();
        for operator in self.body(function).get_operators_reader()? {
            match operator? {
                Operator::Call { function_index } => {
                    callees.insert(function_index);
                }
                // Neither comes out of our compiler; each would need what the rest does not have.
                Operator::RefFunc { .. } => bail!("a function that takes a reference cannot be split"),
                Operator::MemoryInit { .. } | Operator::DataDrop { .. } | Operator::TableInit { .. } => {
                    bail!("a function that uses passive segments cannot be split")
                }
                Operator::CallIndirect { table_index, .. } if table_index != FUNCTION_TABLE => {
                    bail!("a function that calls through table {table_index} cannot be split")
                }
                _ => {}
            }
        }
        Ok(callees)
    }

    /// Whether `function` has a number in `range`: one that may be an address there.
    pub(super) fn has_number_in(&self, function: u32, range: &Range<u32>) -> Result<bool> {
        for operator in self.body(function).get_operators_reader()? {
            if let Operator::I32Const { value } = operator?
                && range.contains(&(value as u32))
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
