//! Draws one lane: its records as tokens or as bars of seconds, and the flags of those who read it.

use sim::{RecordView, ShardView};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};

use super::painter_colours::Colours;
use crate::key_bands::TOP;
use crate::letters::STYLES;
use crate::scene::{Flag, FlagKind, LANE_SECONDS, Scene};
use crate::selection::Selection;
use crate::text;
use crate::words::tr;

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

/// What of a flag has its words on it: where it hangs, and what it says.
struct Cloth<'f> {
    flag: &'f Flag,
    words: String,
    left: f64,
    width: f64,
}

/// Space above the tokens for flags, and below for what was refused.
const FLAGS: f64 = 18.0;
const BELOW: f64 = 15.0;
/// Space at the right for the tip, where LATEST stands.
const TIP: f64 = 22.0;
/// Widths of a token: as many as there are records find room, down to the smallest.
const TOKEN_MIN: f64 = 9.0;
const TOKEN_MAX: f64 = 30.0;
/// A token so wide names the beginning of its key.
const TAGGED: f64 = 21.0;
const BETWEEN: f64 = 3.0;
/// Outlines of trimmed records at most: that there were some, not how many.
const GONE_MAX: u64 = 3;
/// How strongly the three most frequent keys are shaded.
const SHADES: [f64; TOP] = [0.45, 0.26, 0.13];

/// Which record stands at `x` on a lane of the given width.
pub(crate) fn record_at(scene: &Scene, shard: &ShardView, width: f64, x: f64) -> Option<u64> {
    if scene.is_strip {
        return None;
    }
    let places = Places::of(shard, width);
    let place = ((x - places.start) / (places.token + BETWEEN)).max(0.0) as usize;
    (place < places.count && x >= places.start).then(|| places.first + place as u64)
}

/// Where the newest records stand that find room on a lane.
#[derive(Clone, Copy)]
struct Places {
    /// Index of the first record that has a place; one past the newest where there is none.
    first: u64,
    count: usize,
    /// Width of a token.
    token: f64,
    /// Outlines of records that retention has taken, before the trim edge.
    gone: usize,
    /// Where the first token stands.
    start: f64,
}

impl Places {
    const LEFT: f64 = 12.0;

    fn of(shard: &ShardView, width: f64) -> Places {
        let gone = shard.first_index.saturating_sub(1).min(GONE_MAX) as usize;
        let start = Places::LEFT + gone as f64 * (TOKEN_MIN + BETWEEN);
        let room = (width - TIP - start - 4.0).max(TOKEN_MIN);
        let most = (room / (TOKEN_MIN + BETWEEN)).max(1.0) as usize;
        let count = shard.records.len().min(most);
        let token = (room / count.max(1) as f64 - BETWEEN).clamp(TOKEN_MIN, TOKEN_MAX);
        let first =
            shard.records.get(shard.records.len() - count).map_or(shard.last_index + 1, |it| it.index);
        // Where older ones are out of sight, so is the trim edge.
        let (gone, start) = if first > shard.first_index { (0, Places::LEFT) } else { (gone, start) };
        Places { first, count, token, gone, start }
    }

    /// The trim edge: what is left of it cannot be read any more.
    fn edge(&self) -> f64 {
        self.start - 8.0
    }

    fn left(&self, place: usize) -> f64 {
        self.start + place as f64 * (self.token + BETWEEN)
    }

    /// Where a flag stands whose next record is this one: before it.
    fn flag(&self, index: u64) -> f64 {
        match index.checked_sub(self.first) {
            None => self.edge(),
            Some(place) => self.left((place as usize).min(self.count)) - BETWEEN / 2.0,
        }
    }
}

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
        scene: &Scene,
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
        let flags = scene.flags.get(&shard.number).map_or(&[][..], Vec::as_slice);
        if scene.is_strip {
            self.paint_strip(scene, shard, colours, top, bottom);
            self.paint_flags(flags, colours, &|_, at_ms| self.strip_x(scene, at_ms));
        } else {
            let places = self.paint_tokens(scene, shard, selection, colours, (top, bottom), held);
            self.paint_flags(flags, colours, &|index, _| places.flag(index));
        }
    }

    // Tokens ----------------------------------------------------------------------------------------------------------

    /// Draws the newest records; returns their places.
    fn paint_tokens(
        &self,
        scene: &Scene,
        shard: &ShardView,
        selection: &Selection,
        colours: &Colours,
        (top, bottom): (f64, f64),
        held: u64,
    ) -> Places {
        let places = Places::of(shard, self.width);
        let hidden = places.first.saturating_sub(shard.first_index);
        let middle = (top + bottom) / 2.0;
        // The trim edge: a solid line where the oldest record that can be read is in sight.
        self.fill(if hidden == 0 { &colours.text } else { &colours.line });
        self.context.fill_rect(places.edge(), top + 4.0, 2.0, bottom - top - 8.0);
        self.context.set_stroke_style_str(&colours.line);
        self.context.set_line_width(1.0);
        for place in 0..places.gone {
            let left = 2.5 + place as f64 * (TOKEN_MIN + BETWEEN);
            let height = (bottom - top - 10.0) * 0.6;
            self.rounded(left, middle - height / 2.0, TOKEN_MIN - 2.0, height, 3.0);
            self.context.stroke();
        }
        for (place, record) in shard.records[shard.records.len() - places.count..].iter().enumerate() {
            if record.index >= held {
                break;
            }
            let at = (places.left(place), places.token, middle);
            self.paint_token(scene, shard, record, selection, colours, at);
        }
        let end = places.left(places.count);
        self.fill(&colours.muted);
        let trimmed = shard.first_index.saturating_sub(1);
        if shard.record_count == 0 {
            let words = match (shard.is_open, shard.last_index) {
                (true, 0) => tr("no records yet"),
                (true, _) => tr("all trimmed by age"),
                (false, _) => tr("no records"),
            };
            self.text(words, places.start + 18.0, middle);
        }
        // The more room, the more it says.
        let edge = "TRIM_HORIZON";
        let captions = match (shard.record_count, trimmed) {
            (0, 0) if shard.is_open => {
                vec![
                    tr("TRIM_HORIZON and LATEST: same place").to_owned(),
                    edge.to_owned() + " = LATEST",
                    edge.to_owned(),
                ]
            }
            (0, 0) => Vec::new(),
            _ => oldest_words(scene, shard, edge, hidden),
        };
        let fits = |words: &&String| self.text_width(words) < self.width - 8.0;
        let caption = captions.iter().find(fits).or(captions.last()).map_or("", String::as_str);
        self.caption(caption, 4.0);
        self.paint_tip(shard, colours, (end, self.text_width(caption)), top, bottom);
        places
    }

    /// Draws one record: from `left` on, so wide, around the lane's middle.
    #[inline(never)]
    fn paint_token(
        &self,
        scene: &Scene,
        shard: &ShardView,
        record: &RecordView,
        selection: &Selection,
        colours: &Colours,
        (left, width, middle): (f64, f64, f64),
    ) {
        let style = (shard.number % STYLES) as usize;
        // Longer for larger records, on a logarithmic scale: 1 B to 1 MiB.
        let log = f64::from(64 - record.size.leading_zeros()) / 21.0;
        let height = (self.height - self.below() - self.flags() - 10.0) * (0.5 + 0.5 * log.min(1.0));
        self.paint_fill(shard.number, shard.is_open, colours);
        self.rounded(left, middle - height / 2.0, width, height, 3.0);
        self.context.fill();
        self.paint_ticks(record.user_records, left, width, middle + height / 2.0, colours);
        if width >= TAGGED && !self.is_low() {
            self.fill(if shard.is_open { &colours.fills[style] } else { &colours.closed });
            self.rounded(left + 2.0, middle - 7.0, width - 4.0, 14.0, 2.0);
            self.context.fill();
            self.fill(if shard.is_open { &colours.labels[style] } else { &colours.panel });
            self.context.set_text_align("center");
            let words = match record.user_records {
                1 => tag(&record.partition_key),
                many => "×".to_owned() + &text::short(many, false),
            };
            self.text(&words, left + width / 2.0, middle + 0.5);
            self.context.set_text_align("left");
        }
        let is_fresh = scene.fresh.get(&shard.number).is_some_and(|it| record.index >= it.first_index);
        if is_fresh {
            self.context.set_stroke_style_str(&colours.text);
            self.context.set_line_width(1.5);
            self.rounded(left - 1.0, middle - height / 2.0 - 1.0, width + 2.0, height + 2.0, 4.0);
            self.context.stroke();
        }
        let chosen = Selection::Record { shard: shard.number, index: record.index };
        if *selection == chosen {
            self.context.set_stroke_style_str(&colours.focus);
            self.context.set_line_width(2.0);
            self.rounded(left - 2.0, middle - height / 2.0 - 2.0, width + 4.0, height + 4.0, 5.0);
            self.context.stroke();
        }
    }

    /// User records inside a Kinesis record: a tick each, as many as find room.
    fn paint_ticks(&self, user_records: u64, left: f64, width: f64, bottom: f64, colours: &Colours) {
        if user_records < 2 {
            return;
        }
        let most = ((width - 2.0) / 3.0).max(1.0) as u64;
        let ticks = user_records.min(most);
        self.fill(&colours.panel);
        for i in 0..ticks {
            let x = left + width * (i as f64 + 0.5) / ticks as f64;
            self.context.fill_rect(x - 0.5, bottom - 7.0, 1.5, 5.0);
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
    #[inline(never)]
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
        self.paint_keys(scene, shard, colours, axis, top, width);
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
        let rate = text::thousands(scene.strip_scale) + "/s";
        let words = tr("full height ").to_owned() + &rate;
        let more = words.clone() + ", 1 bar = 1 s";
        // The darkest shade is the key that comes most often.
        let keys = scene.key_bands.as_ref().and_then(|bands| bands.shard(shard.number));
        let hottest = keys.and_then(|keys| keys.top.first());
        let with_key = hottest.map(|(key, share)| {
            more.clone() + tr(" · dark: ") + key + " " + &(share / 10).to_string() + " %"
        });
        let all = [with_key.as_ref(), Some(&more), Some(&words)];
        let caption = all.into_iter().flatten().find(|it| self.text_width(it) + 70.0 < self.width);
        let is_wide = self.text_width(&words) + 4.0 < self.width;
        let caption = caption.unwrap_or(if is_wide { &words } else { &rate });
        self.caption(caption, 4.0);
        self.paint_tip(shard, colours, (self.width - TIP, self.text_width(caption)), top, axis);
    }

    /// Shades in each bar the share of the three keys that the shard gets most often, the first one darkest.
    fn paint_keys(
        &self,
        scene: &Scene,
        shard: &ShardView,
        colours: &Colours,
        axis: f64,
        top: f64,
        width: f64,
    ) {
        let keys = scene.key_bands.as_ref().and_then(|bands| bands.shard(shard.number));
        let Some(keys) = keys.filter(|keys| !keys.top.is_empty()) else { return };
        let from = (scene.view.now_ms / 1_000).saturating_sub(LANE_SECONDS);
        let scale = scene.strip_scale.max(1) as f64;
        self.fill(&colours.text);
        for (place, alpha) in SHADES.into_iter().enumerate().take(keys.top.len()) {
            self.context.set_global_alpha(alpha);
            for second in shard.seconds.iter().filter(|second| second.second > from) {
                let whole = ((axis - top - 2.0) * second.records as f64 / scale).min(axis - top - 2.0);
                let shares = keys.shares(second.second);
                let below: u32 = shares[..place].iter().sum();
                let (below, share) = (f64::from(below) / 1_000.0, f64::from(shares[place]) / 1_000.0);
                let x = self.strip_x(scene, second.second * 1_000);
                let height = whole * share;
                if height >= 1.0 {
                    let y = axis - whole * below - height;
                    self.context.fill_rect(x, y, self.bar_width(x, width), height);
                }
            }
        }
        self.context.set_global_alpha(1.0);
    }

    // Flags -----------------------------------------------------------------------------------------------------------

    /// Draws flags where the record with an index, stored at a time in milliseconds, stands.
    fn paint_flags(&self, flags: &[Flag], colours: &Colours, place: &dyn Fn(u64, u64) -> f64) {
        if !flags.is_empty() {
            self.paint_poles_and_cloths(flags, colours, place);
        }
    }

    #[inline(never)]
    fn paint_poles_and_cloths(&self, flags: &[Flag], colours: &Colours, place: &dyn Fn(u64, u64) -> f64) {
        let bottom = self.height - self.below();
        let x_of = |flag: &Flag| place(flag.index, flag.at_ms);
        // All poles come before the first cloth: a pole that is drawn later would go through words.
        for flag in flags {
            let x = x_of(flag);
            if let Some((index, at_ms)) = flag.checkpoint {
                let again = flag.index.saturating_sub(index);
                self.paint_checkpoint(place(index, at_ms), x, again, colours, bottom);
            }
            self.context.set_stroke_style_str(flag_colour(flag, colours));
            self.context.set_line_width(1.5);
            self.context.begin_path();
            self.context.move_to(x, 4.0);
            self.context.line_to(x, bottom);
            self.context.stroke();
        }
        if self.is_low() {
            return;
        }
        let mut cloths: Vec<Cloth> = Vec::new();
        for flag in flags {
            let x = x_of(flag);
            let words = if flag.behind > 0 {
                flag.label.clone() + " −" + &text::thousands(flag.behind)
            } else {
                flag.label.clone()
            };
            let width = self.text_width(&words) + 8.0 + ring_width(flag);
            // The cloth hangs to the right of its pole, or to the left where there is no room.
            let is_free = |left: f64| {
                left >= 0.0
                    && left + width <= self.width
                    && cloths
                        .iter()
                        .all(|other| left >= other.left + other.width || left + width <= other.left)
            };
            match [x, x - width].into_iter().find(|left| is_free(*left)) {
                Some(left) => cloths.push(Cloth { flag, words, left, width }),
                None => {
                    // A knob says that somebody stands here; the list beside the lane says who.
                    self.fill(flag_colour(flag, colours));
                    self.context.begin_path();
                    let _ = self.context.arc(x, 6.0, 3.5, 0.0, std::f64::consts::TAU);
                    self.context.fill();
                }
            }
        }
        // All knobs come before the first cloth, as the poles do.
        for cloth in &cloths {
            self.paint_cloth(cloth, colours);
        }
    }

    fn paint_cloth(&self, cloth: &Cloth, colours: &Colours) {
        let Cloth { flag, words, left, width } = cloth;
        let colour = flag_colour(flag, colours);
        self.fill(colour);
        self.rounded(*left, 1.0, *width, 15.0, 3.0);
        if flag.kind == FlagKind::Preview {
            self.fill(&colours.panel);
            self.context.fill();
            self.context.set_stroke_style_str(colour);
            self.context.set_line_width(1.5);
            self.context.stroke();
            self.fill(colour);
        } else {
            self.context.fill();
            self.fill(&colours.panel);
        }
        self.text(words, left + 4.0 + ring_width(flag), 9.0);
        if let Some(life) = flag.life {
            self.paint_ring(left + 8.0, 8.5, life, colours);
        }
    }

    /// An iterator's five minutes: the part that is left.
    fn paint_ring(&self, x: f64, y: f64, life: u16, colours: &Colours) {
        let turn = std::f64::consts::TAU;
        self.context.set_stroke_style_str(&colours.panel);
        self.context.set_line_width(2.0);
        self.context.begin_path();
        let end = -turn / 4.0 + turn * f64::from(life) / 1_000.0;
        let _ = self.context.arc(x, y, 4.0, -turn / 4.0, end);
        self.context.stroke();
    }

    /// A pin where the checkpoint stands, and the stretch that a crash would bring `again`.
    fn paint_checkpoint(&self, x: f64, position: f64, again: u64, colours: &Colours, bottom: f64) {
        if position > x {
            self.context.set_global_alpha(0.22);
            self.fill(&colours.replay);
            self.context.fill_rect(x, self.flags(), position - x, bottom - self.flags());
            self.context.set_global_alpha(1.0);
            let words = text::thousands(again) + tr(" again after a crash");
            let room = position - x - 6.0;
            if self.text_width(&words) < room && !self.is_low() {
                self.fill(&colours.panel);
                self.rounded(x + 2.0, bottom - 17.0, self.text_width(&words) + 8.0, 15.0, 3.0);
                self.context.fill();
                self.fill(&colours.replay);
                self.text(&words, x + 6.0, bottom - 9.0);
            }
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

/// What stands at the oldest record in sight, with so many before it, in fewer and fewer words.
#[inline(never)]
fn oldest_words(scene: &Scene, shard: &ShardView, edge: &str, hidden: u64) -> Vec<String> {
    let trimmed = shard.first_index.saturating_sub(1);
    let gone = || text::thousands(trimmed) + tr(" trimmed");
    let older = || "◂ ".to_owned() + &text::thousands(hidden) + tr(" older");
    let age = || age(scene, shard);
    match (shard.record_count, hidden, trimmed) {
        (0, ..) => vec![gone()],
        (_, 1.., _) => vec![older() + &age(), older()],
        (_, 0, 1..) => vec![gone() + " · " + edge + &age(), gone() + " · " + edge, gone()],
        (_, 0, 0) => vec![edge.to_owned() + &age(), edge.to_owned()],
    }
}

/// The beginning of a key: as much as finds room on a token.
fn tag(key: &str) -> String {
    let mut letters = key.chars();
    let start: String = letters.by_ref().take(2).collect();
    // Keys of a kind end differently: `user-1`, `user-2`.
    match letters.next_back() {
        Some(last) => start.chars().take(1).collect::<String>() + "…" + &last.to_string(),
        None => start,
    }
}

/// Room on a cloth for what an iterator has left of its five minutes.
fn ring_width(flag: &Flag) -> f64 {
    if flag.life.is_some() { 12.0 } else { 0.0 }
}

/// How old the oldest record is that can be read.
fn age(scene: &Scene, shard: &ShardView) -> String {
    let oldest = shard.oldest_ms.map(|at| scene.view.now_ms.saturating_sub(at));
    oldest.map_or_else(String::new, |age| ", ".to_owned() + &text::span_ms(age / 1_000 * 1_000) + tr(" old"))
}

/// Whose flag it is: readers of a learner's own have the colour of reading again, applications that of text.
fn flag_colour<'c>(flag: &Flag, colours: &'c Colours) -> &'c str {
    match flag.kind {
        FlagKind::Reader | FlagKind::Iterator | FlagKind::Preview => &colours.replay,
        FlagKind::Kcl => &colours.text,
    }
}
