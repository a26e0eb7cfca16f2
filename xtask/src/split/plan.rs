//! Which function goes where, and by what number each part knows it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result};

use super::FUNCTION_TABLE;
use super::source::Source;

/// A function of this many bytes or less is no larger than the door it would leave behind.
const DOOR_BYTES: usize = 12;

pub(super) struct Plan {
    /// The functions that move to the rest.
    pub(super) moved: BTreeSet<u32>,
    /// The moved functions that leave a door behind, with their slots in the function table.
    pub(super) doors: BTreeMap<u32, u64>,
    /// The functions of the first module, imported ones too, that the rest calls.
    pub(super) lent: BTreeSet<u32>,
    /// How many slots the function table had.
    pub(super) n_slots: u64,
}

impl Plan {
    pub(super) fn new(source: &Source, is_first: impl Fn(&str) -> bool) -> Result<Self> {
        let stays =
            |function: u32, n_bytes: usize| n_bytes <= DOOR_BYTES || is_first(&source.names[&function]);
        let moved: BTreeSet<u32> = source
            .defined()
            .filter(|(function, body)| !stays(*function, body.as_bytes().len()))
            .map(|(function, _)| function)
            .collect();
        let mut entered: BTreeSet<u32> = source.referenced.intersection(&moved).copied().collect();
        let mut lent = BTreeSet::new();
        for (function, _) in source.defined() {
            let is_moved = moved.contains(&function);
            for callee in source.callees(function)? {
                match (is_moved, moved.contains(&callee)) {
                    (false, true) => entered.insert(callee),
                    (true, false) => lent.insert(callee),
                    _ => false,
                };
            }
        }
        let table =
            source.tables.get(FUNCTION_TABLE as usize).context("a module without tables cannot be split")?;
        let doors = entered.into_iter().zip(table.initial..).collect();
        Ok(Self { moved, doors, lent, n_slots: table.initial })
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
