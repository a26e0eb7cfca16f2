//! Draws the lanes: one canvas a shard, outside of the virtual DOM, on every frame that changes something.

use sim::ShardView;
use wasm_bindgen::JsCast;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, Element, HtmlCanvasElement};
use yew::NodeRef;

use crate::letters::STYLES;
use crate::scene::{Flag, FlagKind, LANE_SECONDS, Scene};
use crate::selection::Selection;
use crate::text;

/// The canvases of the stage and the colours of the theme.
#[derive(Default)]
pub(crate) struct LanePainter {
    lanes: Vec<Lane>,
    colours: Option<Colours>,
}

struct Lane {
    shard: u32,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    /// In CSS pixels.
    width: f64,
    height: f64,
}

struct Colours {
    text: String,
    muted: String,
    line: String,
    replay: String,
    focus: String,
    panel: String,
    lane: String,
    closed: String,
    fills: Vec<String>,
    patterns: Vec<Option<CanvasPattern>>,
    hatch: Option<CanvasPattern>,
}

/// Space above the tokens for flags, and below for what was refused.
const FLAGS: f64 = 18.0;
const BELOW: f64 = 15.0;
/// Space at the right for the tip, where LATEST stands.
const TIP: f64 = 22.0;
const TOKEN: f64 = 15.0;
const FONT: &str = "11px system-ui, sans-serif";

impl LanePainter {
    /// Finds the canvases anew, after the page was rendered.
    pub(crate) fn collect(&mut self, stage: &NodeRef) {
        self.lanes.clear();
        let Some(stage) = stage.cast::<Element>() else { return };
        let Ok(found) = stage.query_selector_all("canvas[data-shard]") else { return };
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        for i in 0..found.length() {
            let Some(canvas) = found.get(i).and_then(|node| node.dyn_into::<HtmlCanvasElement>().ok()) else {
                continue;
            };
            let shard = canvas.get_attribute("data-shard").and_then(|text| text.parse().ok());
            let context = canvas.get_context("2d").ok().flatten();
            let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
            let (Some(shard), Some(context)) = (shard, context) else { continue };
            let (width, height) = (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
            let (real_width, real_height) = ((width * ratio) as u32, (height * ratio) as u32);
            if canvas.width() != real_width || canvas.height() != real_height {
                canvas.set_width(real_width);
                canvas.set_height(real_height);
            }
            // A canvas whose size was set has forgotten its scale.
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            if self.colours.is_none() {
                self.colours = Colours::read(&canvas, &context);
            }
            self.lanes.push(Lane { shard, canvas, context, width, height });
        }
    }

    /// The theme has changed.
    pub(crate) fn forget_colours(&mut self) {
        self.colours = None;
    }

    pub(crate) fn paint(&self, scene: &Scene, selection: &Selection) {
        let Some(colours) = &self.colours else { return };
        for lane in &self.lanes {
            if !lane.canvas.is_connected() {
                continue;
            }
            lane.context.clear_rect(0.0, 0.0, lane.width, lane.height);
            if let Some(shard) = scene.shard(lane.shard) {
                lane.paint(scene, shard, selection, colours);
            }
        }
    }
}

/// Which record stands at `x` on a lane of the given width.
pub(crate) fn record_at(scene: &Scene, shard: &ShardView, width: f64, x: f64) -> Option<u64> {
    if scene.is_strip {
        return None;
    }
    let places = places(shard, width);
    places.iter().find(|(_, left)| (*left..left + TOKEN + 2.0).contains(&x)).map(|(index, _)| *index)
}

/// The records that find room on a lane, newest at the tip, with their left edges.
fn places(shard: &ShardView, width: f64) -> Vec<(u64, f64)> {
    let room = ((width - TIP - 16.0) / (TOKEN + 3.0)).max(1.0) as usize;
    let shown = shard.records.len().min(room);
    let skip = shard.records.len() - shown;
    shard.records[skip..]
        .iter()
        .enumerate()
        .map(|(i, record)| (record.index, 12.0 + i as f64 * (TOKEN + 3.0)))
        .collect()
}

impl Lane {
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

    fn paint(&self, scene: &Scene, shard: &ShardView, selection: &Selection, colours: &Colours) {
        let (top, bottom) = (self.flags(), self.height - self.below());
        self.context.set_font(FONT);
        self.context.set_text_baseline("middle");
        self.context.set_text_align("left");
        self.fill(&colours.lane);
        self.rounded(0.0, top, self.width, bottom - top, 5.0);
        self.context.fill();
        let flags = scene.flags.get(&shard.number).map_or(&[][..], Vec::as_slice);
        if scene.is_strip {
            self.paint_strip(scene, shard, colours, top, bottom);
            let x_of = |at_ms: u64| self.strip_x(scene, at_ms);
            self.paint_flags(flags, colours, |flag| x_of(flag.at_ms), |_, at_ms| x_of(at_ms));
        } else {
            let x_of = self.paint_tokens(scene, shard, selection, colours, top, bottom);
            self.paint_flags(flags, colours, |flag| x_of(flag.index), |index, _| x_of(index));
        }
    }

    // Tokens ----------------------------------------------------------------------------------------------------------

    /// Draws the newest records; returns where the record with an index stands.
    fn paint_tokens(
        &self,
        scene: &Scene,
        shard: &ShardView,
        selection: &Selection,
        colours: &Colours,
        top: f64,
        bottom: f64,
    ) -> impl Fn(u64) -> f64 + use<> {
        let places = places(shard, self.width);
        let first = places.first().map_or(shard.last_index + 1, |(index, _)| *index);
        let hidden = first.saturating_sub(shard.first_index);
        let middle = (top + bottom) / 2.0;
        // The trim edge: a solid line where the oldest record that can be read is in sight.
        self.fill(if hidden == 0 { &colours.text } else { &colours.line });
        self.context.fill_rect(4.0, top + 4.0, 2.0, bottom - top - 8.0);
        for ((index, left), record) in places.iter().zip(&shard.records[shard.records.len() - places.len()..])
        {
            // Longer for larger records, on a logarithmic scale: 1 B to 1 MiB.
            let log = f64::from(64 - record.size.leading_zeros()) / 21.0;
            let height = (bottom - top - 10.0) * (0.45 + 0.55 * log.min(1.0));
            self.paint_fill(shard.number, shard.is_open, colours);
            self.rounded(*left, middle - height / 2.0, TOKEN, height, 3.0);
            self.context.fill();
            let chosen = Selection::Record { shard: shard.number, index: *index };
            if *selection == chosen {
                self.context.set_stroke_style_str(&colours.focus);
                self.context.set_line_width(2.0);
                self.rounded(left - 2.0, middle - height / 2.0 - 2.0, TOKEN + 4.0, height + 4.0, 5.0);
                self.context.stroke();
            }
        }
        let end = places.last().map_or(12.0, |(_, left)| left + TOKEN + 3.0);
        self.fill(&colours.muted);
        if shard.record_count == 0 {
            self.text(if shard.is_open { "no records yet" } else { "no records" }, 30.0, middle);
            if shard.is_open {
                self.caption("TRIM_HORIZON and LATEST: same place", 4.0);
            }
        } else if hidden > 0 {
            let words = "◂ ".to_owned() + &text::thousands(hidden) + " older";
            self.caption(&words, 8.0);
        } else {
            self.caption("TRIM_HORIZON", 4.0);
        }
        self.paint_tip(scene, shard, colours, end, top, bottom);
        move |index: u64| match places.iter().find(|(place, _)| *place >= index) {
            Some((_, left)) if index >= first => left - 1.5,
            Some(_) => 4.0,
            None => end,
        }
    }

    fn paint_tip(&self, _scene: &Scene, shard: &ShardView, colours: &Colours, x: f64, top: f64, bottom: f64) {
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
            if left > 92.0 {
                self.caption("LATEST", left);
            }
        }
    }

    // Strips ----------------------------------------------------------------------------------------------------------

    fn strip_x(&self, scene: &Scene, at_ms: u64) -> f64 {
        let age = scene.view.now_ms.saturating_sub(at_ms) as f64 / 1_000.0;
        let width = self.width - TIP;
        (width - age * width / LANE_SECONDS as f64).max(2.0)
    }

    /// The present second's bar ends at the tip.
    fn bar_width(&self, x: f64, width: f64) -> f64 {
        (width - 1.0).max(1.0).min(self.width - TIP - x)
    }

    /// One bar a second: stored records above the axis, refused ones below it.
    fn paint_strip(&self, scene: &Scene, shard: &ShardView, colours: &Colours, top: f64, bottom: f64) {
        let axis = top + (bottom - top) * 0.68;
        let scale = scene.strip_scale.max(1) as f64;
        let width = (self.width - TIP) / LANE_SECONDS as f64;
        let from = (scene.view.now_ms / 1_000).saturating_sub(LANE_SECONDS);
        if scene.strip_scale >= 1_000 {
            let y = axis - (axis - top) * (1_000.0 / scale).min(1.0);
            self.fill(&colours.line);
            self.context.fill_rect(0.0, y, self.width - TIP, 1.0);
        }
        self.paint_fill(shard.number, shard.is_open, colours);
        for second in shard.seconds.iter().filter(|second| second.second > from) {
            let height = ((axis - top - 2.0) * second.records as f64 / scale).min(axis - top - 2.0);
            let x = self.strip_x(scene, second.second * 1_000);
            self.context.fill_rect(x, axis - height, self.bar_width(x, width), height);
        }
        if let Some(hatch) = &colours.hatch {
            self.context.set_fill_style_canvas_pattern(hatch);
        }
        for second in shard.seconds.iter().filter(|second| second.second > from) {
            let refused = (second.refused_by_records + second.refused_by_bytes) as f64;
            if refused > 0.0 {
                let height = ((bottom - axis - 2.0) * (refused / scale).min(1.0)).max(3.0);
                let x = self.strip_x(scene, second.second * 1_000);
                self.context.fill_rect(x, axis + 1.0, self.bar_width(x, width), height);
            }
        }
        self.fill(&colours.line);
        self.context.fill_rect(0.0, axis, self.width - TIP, 1.0);
        self.fill(&colours.muted);
        self.context.set_text_align("left");
        let words = "full height ".to_owned() + &text::thousands(scene.strip_scale) + "/s";
        let more = words.clone() + ", 1 bar = 1 s";
        let fits = self.text_width(&more) + 70.0 < self.width;
        self.caption(if fits { &more } else { &words }, 4.0);
        self.paint_tip(scene, shard, colours, self.width - TIP, top, axis);
    }

    // Flags -----------------------------------------------------------------------------------------------------------

    fn paint_flags(
        &self,
        flags: &[Flag],
        colours: &Colours,
        x_of: impl Fn(&Flag) -> f64,
        x_of_index: impl Fn(u64, u64) -> f64,
    ) {
        let bottom = self.height - self.below();
        let mut taken: Vec<(f64, f64)> = Vec::new();
        for flag in flags {
            let x = x_of(flag);
            let colour = match flag.kind {
                FlagKind::Reader | FlagKind::Iterator | FlagKind::Preview => &colours.replay,
                FlagKind::Kcl => &colours.text,
            };
            if let Some((index, at_ms)) = flag.checkpoint {
                self.paint_checkpoint(x_of_index(index, at_ms), x, colours, bottom);
            }
            self.fill(colour);
            self.context.set_stroke_style_str(colour);
            self.context.set_line_width(1.5);
            self.context.begin_path();
            self.context.move_to(x, 4.0);
            self.context.line_to(x, bottom);
            self.context.stroke();
            let words = if flag.behind > 0 {
                flag.label.clone() + " −" + &text::thousands(flag.behind)
            } else {
                flag.label.clone()
            };
            let width = self.text_width(&words) + 8.0;
            // The cloth hangs to the right of its pole, or to the left where the lane ends.
            let left = if x + width > self.width { (x - width).max(0.0) } else { x };
            let is_free = taken.iter().all(|(from, to)| left >= *to || left + width <= *from);
            if is_free {
                taken.push((left, left + width));
                self.rounded(left, 1.0, width, 14.0, 3.0);
                if flag.kind == FlagKind::Preview {
                    self.fill(&colours.panel);
                    self.context.fill();
                    self.context.stroke();
                    self.fill(colour);
                } else {
                    self.context.fill();
                    self.fill(&colours.panel);
                }
                self.text(&words, left + 4.0, 8.5);
            }
        }
    }

    /// A pin where the checkpoint stands, and the stretch that a crash would have processed again.
    fn paint_checkpoint(&self, x: f64, position: f64, colours: &Colours, bottom: f64) {
        if position > x {
            self.context.set_global_alpha(0.22);
            self.fill(&colours.replay);
            self.context.fill_rect(x, self.flags(), position - x, bottom - self.flags());
            self.context.set_global_alpha(1.0);
        }
        self.fill(&colours.replay);
        self.context.begin_path();
        let y = bottom - 1.0;
        self.context.move_to(x, y - 6.0);
        self.context.line_to(x + 5.0, y);
        self.context.line_to(x, y + 6.0);
        self.context.line_to(x - 5.0, y);
        self.context.fill();
    }

    // Shapes ----------------------------------------------------------------------------------------------------------

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

impl Colours {
    /// Reads the theme's custom properties where the canvas stands.
    fn read(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d) -> Option<Colours> {
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let get = |name: &str| style.get_property_value(name).unwrap_or_default().trim().to_owned();
        let panel = get("--ks-panel");
        let throttle = get("--ks-throttle");
        let fills: Vec<String> = (0..STYLES).map(|i| get(&("--ks-s".to_owned() + &i.to_string()))).collect();
        let patterns = fills
            .iter()
            .enumerate()
            .map(|(i, fill)| pattern(context, fill, &panel, PATTERNS.get(i).copied().unwrap_or(&[])))
            .collect();
        let hatch = pattern(context, &throttle, &panel, PATTERNS[1]);
        Some(Colours {
            text: get("--ks-text"),
            muted: get("--ks-muted"),
            line: get("--ks-line"),
            replay: get("--ks-replay"),
            focus: get("--ks-focus"),
            lane: get("--ks-lane"),
            closed: get("--ks-closed"),
            panel,
            fills,
            patterns,
            hatch,
        })
    }
}

/// Lines of each pattern within a tile of eight pixels: solid, diagonal, dots, bars, cross-hatch, vertical.
const PATTERNS: [&[[f64; 4]]; STYLES as usize] = [
    &[],
    &[[-2.0, 2.0, 2.0, -2.0], [-2.0, 10.0, 10.0, -2.0], [6.0, 10.0, 10.0, 6.0]],
    &[[1.0, 2.0, 3.0, 2.0], [5.0, 6.0, 7.0, 6.0]],
    &[[0.0, 2.0, 8.0, 2.0], [0.0, 6.0, 8.0, 6.0]],
    &[[0.0, 0.0, 8.0, 8.0], [0.0, 8.0, 8.0, 0.0]],
    &[[2.0, 0.0, 2.0, 8.0], [6.0, 0.0, 6.0, 8.0]],
];

fn pattern(
    context: &CanvasRenderingContext2d,
    fill: &str,
    gap: &str,
    lines: &[[f64; 4]],
) -> Option<CanvasPattern> {
    let document = web_sys::window()?.document()?;
    let tile: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    tile.set_width(8);
    tile.set_height(8);
    let on: CanvasRenderingContext2d = tile.get_context("2d").ok()??.dyn_into().ok()?;
    on.set_fill_style_str(fill);
    on.fill_rect(0.0, 0.0, 8.0, 8.0);
    on.set_stroke_style_str(gap);
    on.set_global_alpha(0.55);
    on.set_line_width(1.6);
    on.begin_path();
    for [x1, y1, x2, y2] in lines {
        on.move_to(*x1, *y1);
        on.line_to(*x2, *y2);
    }
    on.stroke();
    context.create_pattern_with_html_canvas_element(&tile, "repeat").ok()?
}
