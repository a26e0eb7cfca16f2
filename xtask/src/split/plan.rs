//! Which function goes where, and by what number each part knows it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};

use super::FUNCTION_TABLE;
use super::source::Source;

/// A function of this many bytes or less is no larger than the door it would leave behind.
const DOOR_BYTES: usize = 12;

/// A function of the first module of this many bytes or less is copied into the rest where that calls it: a call within
/// a module is quicker than one from module to module, and may be built in.
const COPY_BYTES: usize = 1_000;

/// Which functions of the first module the rest has too.
#[derive(Clone, Copy)]
pub(crate) enum Copies {
    /// The short ones.
    Short,
    None,
}

pub(super) struct Plan {
    /// The functions that move to the rest.
    pub(super) moved: BTreeSet<u32>,
    /// The moved functions that leave a door behind, with their slots in the function table.
    pub(super) doors: BTreeMap<u32, u64>,
    /// The functions that the rest has too.
    pub(super) copied: BTreeSet<u32>,
    /// The other functions of the first module, imported ones too, that the rest calls.
    pub(super) lent: BTreeSet<u32>,
    /// How many slots the function table had.
    pub(super) n_slots: u64,
}

impl Plan {
    pub(super) fn new(source: &Source, is_first: impl Fn(&str) -> bool, copies: Copies) -> Result<Self> {
        let stays =
            |function: u32, n_bytes: usize| n_bytes <= DOOR_BYTES || is_first(&source.names[&function]);
        let moved: BTreeSet<u32> = source
            .defined()
            .filter(|(function, body)| !stays(*function, body.as_bytes().len()))
            .map(|(function, _)| function)
            .collect();
        let mut entered: BTreeSet<u32> = source.referenced.intersection(&moved).copied().collect();
        for (function, _) in source.defined().filter(|(function, _)| !moved.contains(function)) {
            entered.extend(source.callees(function)?.intersection(&moved));
        }
        let (copied, lent) = called_by(source, &moved, copies)?;
        let table =
            source.tables.get(FUNCTION_TABLE as usize).context("a module without tables cannot be split")?;
        let doors = entered.into_iter().zip(table.initial..).collect();
        Ok(Self { moved, doors, copied, lent, n_slots: table.initial })
    }

    /// The functions that the rest has itself.
    pub(super) fn in_rest(&self) -> impl Iterator<Item = u32> {
        self.moved.union(&self.copied).copied()
    }

    /// Slots that the function table has after the split.
    pub(super) fn n_slots_after(&self) -> u64 {
        self.n_slots + self.doors.len() as u64
    }

    /// Whether the first module has a function in the place of `function`: itself or its door.
    pub(super) fn is_in_first(&self, function: u32) -> bool {
        !self.moved.contains(&function) || self.doors.contains_key(&function)
    }
}

/// What the functions `moved` call of the others, also through copies: what is copied, and what is lent.
fn called_by(
    source: &Source,
    moved: &BTreeSet<u32>,
    copies: Copies,
) -> Result<(BTreeSet<u32>, BTreeSet<u32>)> {
    let bytes_max = match copies {
        Copies::Short => COPY_BYTES,
        Copies::None => 0,
    };
    let (mut copied, mut lent) = (BTreeSet::new(), BTreeSet::new());
    let mut callers: Vec<u32> = moved.iter().copied().collect();
    while let Some(caller) = callers.pop() {
        for callee in source.callees(caller)?.difference(moved) {
            let is_short = *callee >= source.n_imported && source.body(*callee).as_bytes().len() <= bytes_max;
            if !is_short {
                lent.insert(*callee);
            } else if copied.insert(*callee) {
                callers.push(*callee);
            }
        }
    }
    Ok((copied, lent))
}

/// The name under which the first module lends a table, memory or global to the rest.
pub(super) fn lent_name(kind: char, index: u32) -> String {
    format!("{}{kind}{index}", super::EXPORT_PREFIX)
}

/// The names under which it lends its functions, in their order: a thousand names, so they are short.
pub(super) fn lent_function_names() -> impl Iterator<Item = String> {
    const DIGITS: &[u8; 62] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    (0..).map(|place: usize| {
        let mut name = super::LENT_FUNCTION.to_string();
        let mut left = place;
        loop {
            name.push(char::from(DIGITS[left % DIGITS.len()]));
            left /= DIGITS.len();
            if left == 0 {
                return name;
            }
        }
    })
}
