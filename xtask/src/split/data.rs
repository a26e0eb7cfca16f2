//! Which bytes of memory each part brings.

use std::ops::Range;

use wasm_encoder::{ConstExpr, DataSection};

use super::source::Source;

/// Bytes that another segment would take: a gap that is not longer is written with what stands around it.
const SEGMENT_BYTES: usize = 8;

/// A run of bytes and where it belongs in memory.
pub(super) struct Run<'a> {
    pub(super) address: u32,
    pub(super) bytes: &'a [u8],
}

pub(super) struct Data<'a> {
    pub(super) first: Vec<Run<'a>>,
    pub(super) rest: Vec<Run<'a>>,
}

impl<'a> Data<'a> {
    /// `moved` are the addresses whose bytes only the rest needs, in order.
    pub(super) fn new(source: &Source<'a>, moved: &[Range<u32>]) -> Self {
        let mut data = Self { first: Vec::new(), rest: Vec::new() };
        for (address, bytes) in &source.segments {
            let is_moved = |index: usize| {
                let here = address + index as u32;
                let at = moved.partition_point(|range| range.end <= here);
                moved.get(at).is_some_and(|range| range.contains(&here))
            };
            // Memory is zero at the beginning.
            let wanted = |index: usize, by_rest: bool| bytes[index] != 0 && is_moved(index) == by_rest;
            data.first.extend(runs(*address, bytes, |index| wanted(index, false)));
            data.rest.extend(runs(*address, bytes, |index| wanted(index, true)));
        }
        data
    }
}

/// The runs of bytes that `is_wanted`, with short gaps between them filled.
fn runs<'a>(address: u32, bytes: &'a [u8], is_wanted: impl Fn(usize) -> bool) -> Vec<Run<'a>> {
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for index in (0..bytes.len()).filter(|index| is_wanted(*index)) {
        match ranges.last_mut() {
            Some(last) if index - last.end <= SEGMENT_BYTES => last.end = index + 1,
            _ => ranges.push(index..index + 1),
        }
    }
    ranges
        .into_iter()
        .map(|range| Run { address: address + range.start as u32, bytes: &bytes[range] })
        .collect()
}

pub(super) fn write_runs(section: &mut DataSection, runs: &[Run]) {
    for run in runs {
        section.active(0, &ConstExpr::i32_const(run.address as i32), run.bytes.iter().copied());
    }
}
