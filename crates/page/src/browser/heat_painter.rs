//! Draws the heat map: one cell for each open shard, row by row in the order of the key space.

use std::cell::Cell as Memory;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::painter_colours::Colours;
use crate::heat::HeatMap;
use crate::selection::Selection;

pub(super) struct Heat {
    pub canvas: HtmlCanvasElement,
    pub context: CanvasRenderingContext2d,
    ratio: f64,
    /// What was painted last: when the map was made, its sum, and the shard that was chosen.
    painted: Memory<Option<(u64, u64, Option<u32>)>>,
}

/// Cells are at most so high, in CSS pixels.
const CELL_MAX: f64 = 26.0;

/// Width and height of a cell.
fn cell_size(map: &HeatMap, width: f64) -> (f64, f64) {
    let cell = width / map.columns() as f64;
    (cell, cell.min(CELL_MAX))
}

/// The place of the cell at a point of the map.
pub(crate) fn cell_at(map: &HeatMap, x: f64, y: f64, width: f64) -> usize {
    let (cell, high) = cell_size(map, width.max(1.0));
    (y / high) as usize * map.columns() + ((x / cell) as usize).min(map.columns() - 1)
}

impl Heat {
    pub(super) fn new(canvas: HtmlCanvasElement, ratio: f64) -> Option<Heat> {
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Heat { canvas, context, ratio, painted: Memory::new(None) })
    }

    pub(super) fn paint(&self, map: &HeatMap, selection: &Selection, colours: &Colours) {
        let chosen = match selection {
            Selection::Shard(shard) | Selection::Record { shard, .. } => Some(*shard),
            Selection::Stream
            | Selection::Producer(_)
            | Selection::Kpl(_)
            | Selection::Agent(_)
            | Selection::Reader(_)
            | Selection::Application(_) => None,
        };
        let key = (map.made_ms, map.records + map.refused, chosen);
        if self.painted.replace(Some(key)) == Some(key) {
            return;
        }
        let width = f64::from(self.canvas.client_width());
        let (cell, high) = cell_size(map, width);
        let height = high * map.rows() as f64;
        let real = ((width * self.ratio) as u32, (height * self.ratio) as u32);
        if (self.canvas.width(), self.canvas.height()) != real {
            self.canvas.set_width(real.0);
            self.canvas.set_height(real.1);
            let _ = self.canvas.style().set_property("height", &((height as u64).to_string() + "px"));
        }
        let _ = self.context.set_transform(self.ratio, 0.0, 0.0, self.ratio, 0.0, 0.0);
        self.context.set_fill_style_str(&colours.lane);
        self.context.fill_rect(0.0, 0.0, width, height);
        let gap = if cell > 8.0 { 1.0 } else { 0.5 };
        let left = |place: usize| (place % map.columns()) as f64 * cell;
        let top = |place: usize| (place / map.columns()) as f64 * high;
        // Cells of one shade are filled together: changing the style costs more than a cell.
        const SHADES: u16 = 8;
        // The least use stands out from none; the key's middle is what half of the budget looks like.
        const FAINTEST: f64 = 0.15;
        self.context.set_fill_style_str(&colours.link);
        for shade in 1..=SHADES {
            let share = f64::from(shade) / f64::from(SHADES);
            self.context.set_global_alpha(FAINTEST + (1.0 - FAINTEST) * share);
            self.context.begin_path();
            for (place, it) in map.cells.iter().enumerate() {
                if it.refused == 0
                    && (u32::from(it.used) * u32::from(SHADES)).div_ceil(1_000) == u32::from(shade)
                {
                    self.context.rect(left(place), top(place), cell - gap, high - gap);
                }
            }
            self.context.fill();
        }
        self.context.set_global_alpha(1.0);
        match &colours.hatch {
            Some(hatch) if cell > 6.0 => self.context.set_fill_style_canvas_pattern(hatch),
            _ => self.context.set_fill_style_str(&colours.throttle),
        }
        self.context.begin_path();
        for (place, _) in map.cells.iter().enumerate().filter(|(_, it)| it.refused > 0) {
            self.context.rect(left(place), top(place), cell - gap, high - gap);
        }
        self.context.fill();
        let chosen = chosen.and_then(|shard| map.cells.iter().position(|cell| cell.shard == shard));
        if let Some(place) = chosen {
            self.context.set_stroke_style_str(&colours.text);
            self.context.set_line_width(2.0);
            self.context.stroke_rect(left(place) - 1.0, top(place) - 1.0, cell + 1.0, high + 1.0);
        }
    }
}
