//! Draws one lane: its records as tokens or as bars of seconds, and the flags of those who read it.

mod flags;
mod strip;
mod tokens;

use sim::ShardView;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use super::painter_colours::Colours;
use crate::letters::STYLES;
use crate::scene::Lanes;
use crate::selection::Selection;

pub(crate) use tokens::record_at;

/// A shard's canvas.
pub(super) struct Lane {
    pub(super) shard: u32,
    pub(super) canvas: HtmlCanvasElement,
    /// The shard's row, which the browser lays out also where it leaves what is in it alone.
    pub(super) row: Element,
    pub(super) context: CanvasRenderingContext2d,
    /// In CSS pixels; 0 as long as it is not known.
    pub(super) width: f64,
    pub(super) height: f64,
    /// Whether that is as the page has it, not as lanes in sight have it.
    pub(super) is_measured: bool,
}

/// Space above the tokens for flags, and below for what was refused.
const FLAGS: f64 = 18.0;
const BELOW: f64 = 15.0;
/// Space at the right for the tip, where LATEST stands.
const TIP: f64 = 22.0;

impl Lane {
    /// Gives the canvas as many pixels as the screen has for it.
    pub(super) fn fit(&self) {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let (real_width, real_height) = ((self.width * ratio) as u32, (self.height * ratio) as u32);
        if self.canvas.width() != real_width || self.canvas.height() != real_height {
            self.canvas.set_width(real_width);
            self.canvas.set_height(real_height);
        }
        // A canvas whose size was set has forgotten its scale.
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
    }

    fn fill(&self, colour: &str) {
        self.context.set_fill_style_str(colour);
    }

    fn text(&self, text: &str, x: f64, y: f64) {
        // Text that cannot be drawn is in the table too.
        let _ = self.context.fill_text(text, x, y);
    }

    /// Whether there is room for nothing but the lane.
    fn is_low(&self) -> bool {
        self.height < 50.0
    }

    fn flags(&self) -> f64 {
        if self.is_low() { 0.0 } else { FLAGS }
    }

    fn below(&self) -> f64 {
        if self.is_low() { 0.0 } else { BELOW }
    }

    /// Writes under the lane.
    fn caption(&self, text: &str, x: f64) {
        if !self.is_low() {
            self.text(text, x, self.height - BELOW / 2.0);
        }
    }

    fn text_width(&self, text: &str) -> f64 {
        self.context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }

    /// Draws the lane; records from `held` on are still on their way.
    pub(super) fn paint(
        &self,
        lanes: Lanes<'_>,
        shard: &ShardView,
        selection: &Selection,
        colours: &Colours,
        held: u64,
    ) {
        let (top, bottom) = (self.flags(), self.height - self.below());
        self.context.set_font(&colours.font);
        self.context.set_text_baseline("middle");
        self.context.set_text_align("left");
        self.fill(&colours.lane);
        self.rounded(0.0, top, self.width, bottom - top, 5.0);
        self.context.fill();
        let flags = lanes.flags(shard.number);
        if lanes.picture.is_strip {
            self.paint_strip(lanes, shard, colours, top, bottom);
            self.paint_flags(flags, colours, &|_, at_ms| self.strip_x(lanes, at_ms));
        } else {
            let places = self.paint_tokens(lanes, shard, selection, colours, (top, bottom), held);
            self.paint_flags(flags, colours, &|index, _| places.flag(index));
        }
    }

    /// The tip at `x`, and its name where the caption, so wide, leaves room for it.
    fn paint_tip(
        &self,
        shard: &ShardView,
        colours: &Colours,
        (x, caption): (f64, f64),
        top: f64,
        bottom: f64,
    ) {
        if !shard.is_open {
            return;
        }
        let middle = (top + bottom) / 2.0;
        let x = x + 2.0;
        self.fill(&colours.muted);
        self.context.begin_path();
        self.context.move_to(x, middle - 5.0);
        self.context.line_to(x + 7.0, middle);
        self.context.line_to(x, middle + 5.0);
        self.context.fill();
        if shard.record_count > 0 {
            let width = self.text_width("LATEST");
            let left = (x - 2.0).min(self.width - width - 2.0);
            if left > 4.0 + caption + 12.0 {
                self.caption("LATEST", left);
            }
        }
    }

    fn paint_fill(&self, shard: u32, is_open: bool, colours: &Colours) {
        let style = (shard % STYLES) as usize;
        match colours.patterns.get(style) {
            Some(Some(pattern)) if is_open => self.context.set_fill_style_canvas_pattern(pattern),
            _ if !is_open => self.fill(&colours.closed),
            _ => self.fill(colours.fills.get(style).map_or("gray", String::as_str)),
        }
    }

    fn rounded(&self, x: f64, y: f64, width: f64, height: f64, radius: f64) {
        self.context.begin_path();
        if self.context.round_rect_with_f64(x, y, width, height, radius).is_err() {
            self.context.rect(x, y, width, height);
        }
    }
}
