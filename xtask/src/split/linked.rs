//! What the linker knows of a module's data: which constants there are, and who refers to them.
//!
//! It is read from the module as it was linked, with `--emit-relocs`: each address in the code or in the data then
//! has a relocation that names the constant meant. Later tools keep addresses and functions' names, not relocations.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use anyhow::{Context as _, Result, bail};
use wasmparser::{
    DataKind, ExternalKind, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocationType, SymbolInfo,
};

/// The segment of what is never written to.
const CONSTANTS: &str = ".rodata";

/// Bytes of memory by who needs them.
pub(super) struct Linked {
    /// Where each symbol of the symbol table stands, if it is data.
    symbols: Vec<Option<Range<u32>>>,
    /// The addresses of what is never written to.
    pub(super) constants: Range<u32>,
    /// The symbols that each function refers to, by the function's name and by the name that it is exported under.
    by_function: BTreeMap<String, BTreeSet<usize>>,
    /// The symbols that data refer to, by the address of the reference.
    by_address: BTreeMap<u32, usize>,
}

struct Segment {
    /// Where its bytes stand in the file.
    file: Range<usize>,
    address: u32,
}

impl Linked {
    pub(super) fn read(module: &[u8]) -> Result<Self> {
        let mut segments: Vec<Segment> = Vec::new();
        let mut segment_names = Vec::new();
        let mut symbols = Vec::new();
        let mut places = Vec::new();
        let mut code_start = 0;
        let mut data_start = 0;
        let mut bodies = Vec::new();
        let mut n_imported = 0;
        let mut names: Vec<(u32, String)> = Vec::new();
        let mut relocations = Vec::new();
        let mut sections = Vec::new();
        for payload in Parser::new(0).parse_all(module) {
            let payload = payload.context("the linked module cannot be read")?;
            if let Some((id, range)) = payload.as_section() {
                sections.push((id, range));
            }
            match payload {
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        n_imported += u32::from(matches!(import?.ty, wasmparser::TypeRef::Func(_)));
                    }
                }
                Payload::ExportSection(exports) => {
                    for export in exports {
                        let export = export?;
                        // The JavaScript glue's generator names these functions so.
                        if export.kind == ExternalKind::Func {
                            names.push((export.index, export.name.to_owned()));
                        }
                    }
                }
                Payload::CodeSectionStart { range, .. } => code_start = range.start,
                Payload::CodeSectionEntry(body) => bodies.push(body.range()),
                Payload::DataSection(data) => {
                    data_start = data.range().start;
                    for segment in data {
                        let segment = segment?;
                        let DataKind::Active { offset_expr, .. } = segment.kind else {
                            bail!("a module with passive segments cannot be split");
                        };
                        let Operator::I32Const { value } = offset_expr.get_operators_reader().read()? else {
                            bail!("a module whose segments have no fixed address cannot be split");
                        };
                        let end = segment.range.end;
                        segments.push(Segment { file: end - segment.data.len()..end, address: value as u32 });
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Linking(linking) => {
                        for subsection in linking.subsections() {
                            match subsection? {
                                Linking::SegmentInfo(infos) => {
                                    for info in infos {
                                        segment_names.push(info?.name.to_owned());
                                    }
                                }
                                Linking::SymbolTable(table) => {
                                    for symbol in table {
                                        places.push(match symbol? {
                                            SymbolInfo::Data { symbol, .. } => symbol,
                                            _ => None,
                                        });
                                    }
                                }
                                _ => {}
                            }
                        }
                    }
                    KnownCustom::Reloc(reloc) => relocations.push(reloc),
                    KnownCustom::Name(subsections) => {
                        for subsection in subsections {
                            if let Name::Function(map) = subsection? {
                                for naming in map {
                                    let naming = naming?;
                                    names.push((naming.index, naming.name.to_owned()));
                                }
                            }
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
        }
        for place in &places {
            symbols.push(place.map(|place| {
                let start = segments[place.index as usize].address + place.offset;
                start..start + place.size
            }));
        }
        let constants = segment_names
            .iter()
            .position(|name| name == CONSTANTS)
            .map(|index| &segments[index])
            .with_context(|| format!("the linked module has no segment {CONSTANTS}"))?;
        let constants = constants.address..constants.address + constants.file.len() as u32;

        let mut linked =
            Self { symbols, constants, by_function: BTreeMap::new(), by_address: BTreeMap::new() };
        let mut by_index: BTreeMap<u32, BTreeSet<usize>> = BTreeMap::new();
        for reloc in relocations {
            let (id, _) = sections[reloc.section_index() as usize];
            for entry in reloc.entries() {
                let entry = entry?;
                if !is_address(entry.ty) {
                    continue;
                }
                let symbol = entry.index as usize;
                match id {
                    CODE_SECTION => {
                        let at = code_start + entry.offset as usize;
                        // Bodies stand in the order of the file.
                        let body = bodies.partition_point(|body: &Range<usize>| body.end <= at);
                        by_index.entry(n_imported + body as u32).or_default().insert(symbol);
                    }
                    DATA_SECTION => {
                        let at = data_start + entry.offset as usize;
                        let segment = segments
                            .iter()
                            .find(|segment| segment.file.contains(&at))
                            .context("a reference stands outside of the data")?;
                        let address = segment.address + (at - segment.file.start) as u32;
                        linked.by_address.insert(address, symbol);
                    }
                    // Debug information refers to data too.
                    _ => {}
                }
            }
        }
        if by_index.is_empty() {
            bail!("the linked module has no relocations: was it linked with --emit-relocs?");
        }
        for (function, name) in names {
            let symbols = by_index.get(&function).cloned().unwrap_or_default();
            linked.by_function.entry(name).or_default().extend(symbols);
        }
        Ok(linked)
    }

    /// Whether the linker knew a function of that name.
    pub(super) fn knows(&self, function: &str) -> bool {
        self.by_function.contains_key(function)
    }

    /// The constants that only code outside of `functions` needs: neither they nor any data that can be written to
    /// refer to them, nor do constants that they refer to. In order, without overlaps.
    pub(super) fn constants_not_needed_by<'a>(
        &self,
        functions: impl Iterator<Item = &'a str>,
    ) -> Vec<Range<u32>> {
        let mut needed: BTreeSet<usize> = BTreeSet::new();
        let mut open: Vec<usize> =
            functions.filter_map(|name| self.by_function.get(name)).flatten().copied().collect();
        open.extend(
            self.by_address
                .iter()
                .filter(|(address, _)| !self.constants.contains(address))
                .map(|(_, symbol)| *symbol),
        );
        while let Some(symbol) = open.pop() {
            if !needed.insert(symbol) {
                continue;
            }
            let Some(range) = &self.symbols[symbol] else { continue };
            open.extend(self.by_address.range(range.clone()).map(|(_, symbol)| *symbol));
        }
        // Symbols may share bytes: a byte that anybody needs is needed.
        let mut is_needed = vec![None; self.constants.len()];
        for (symbol, range) in self.symbols.iter().enumerate() {
            let Some(range) = range else { continue };
            for address in range.clone().filter(|address| self.constants.contains(address)) {
                let byte: &mut Option<bool> = &mut is_needed[(address - self.constants.start) as usize];
                *byte = Some(byte.unwrap_or_default() || needed.contains(&symbol));
            }
        }
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for (address, is_needed) in self.constants.clone().zip(is_needed) {
            // What no symbol covers stays where it is.
            if is_needed != Some(false) {
                continue;
            }
            match ranges.last_mut() {
                Some(last) if last.end == address => last.end += 1,
                _ => ranges.push(address..address + 1),
            }
        }
        ranges
    }
}

/// The numbers of sections in a module.
const CODE_SECTION: u8 = 10;
const DATA_SECTION: u8 = 11;

fn is_address(relocation: RelocationType) -> bool {
    use RelocationType::*;
    matches!(
        relocation,
        MemoryAddrLeb
            | MemoryAddrSleb
            | MemoryAddrI32
            | MemoryAddrRelSleb
            | MemoryAddrLeb64
            | MemoryAddrSleb64
            | MemoryAddrI64
            | MemoryAddrRelSleb64
            | MemoryAddrTlsSleb
            | MemoryAddrLocrelI32
            | MemoryAddrTlsSleb64
    )
}
