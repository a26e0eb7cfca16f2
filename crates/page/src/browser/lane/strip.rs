//! Bars of seconds, where more records come than tokens find room.

use sim::ShardView;

use super::super::painter_colours::Colours;
use super::{Lane, TIP};
use crate::key_bands::TOP;
use crate::scene::{LANE_SECONDS, Lanes};
use crate::text;
use crate::words::tr;

/// How strongly the three most frequent keys are shaded.
const SHADES: [f64; TOP] = [0.45, 0.26, 0.13];

impl Lane {
    pub(super) fn strip_x(&self, lanes: Lanes<'_>, at_ms: u64) -> f64 {
        let age = lanes.now_ms().saturating_sub(at_ms) as f64 / 1_000.0;
        let width = self.width - TIP;
        (width - age * width / LANE_SECONDS as f64).max(2.0)
    }

    /// The present second's bar ends at the tip.
    fn bar_width(&self, x: f64, width: f64) -> f64 {
        (width - 1.0).max(1.0).min(self.width - TIP - x)
    }

    /// One bar a second: stored records above the axis, refused ones below it.
    #[inline(never)]
    pub(super) fn paint_strip(
        &self,
        lanes: Lanes<'_>,
        shard: &ShardView,
        colours: &Colours,
        top: f64,
        bottom: f64,
    ) {
        let axis = top + (bottom - top) * 0.68;
        let scale = lanes.picture.strip_scale.max(1) as f64;
        let width = (self.width - TIP) / LANE_SECONDS as f64;
        let from = (lanes.now_ms() / 1_000).saturating_sub(LANE_SECONDS);
        if lanes.picture.strip_scale >= 1_000 {
            let y = axis - (axis - top) * (1_000.0 / scale).min(1.0);
            self.fill(&colours.line);
            self.context.fill_rect(0.0, y, self.width - TIP, 1.0);
        }
        self.paint_fill(shard.number, shard.is_open, colours);
        for second in shard.seconds.iter().filter(|second| second.second > from) {
            let height = ((axis - top - 2.0) * second.records as f64 / scale).min(axis - top - 2.0);
            let x = self.strip_x(lanes, second.second * 1_000);
            self.context.fill_rect(x, axis - height, self.bar_width(x, width), height);
        }
        self.paint_keys(lanes, shard, colours, axis, top, width);
        if let Some(hatch) = &colours.hatch {
            self.context.set_fill_style_canvas_pattern(hatch);
        }
        for second in shard.seconds.iter().filter(|second| second.second > from) {
            let refused = (second.refused_by_records + second.refused_by_bytes) as f64;
            if refused > 0.0 {
                let height = ((bottom - axis - 2.0) * (refused / scale).min(1.0)).max(3.0);
                let x = self.strip_x(lanes, second.second * 1_000);
                self.context.fill_rect(x, axis + 1.0, self.bar_width(x, width), height);
            }
        }
        self.fill(&colours.line);
        self.context.fill_rect(0.0, axis, self.width - TIP, 1.0);
        self.fill(&colours.muted);
        self.context.set_text_align("left");
        let rate = text::thousands(lanes.picture.strip_scale) + "/s";
        let words = tr("full height ").to_owned() + &rate;
        let more = words.clone() + ", 1 bar = 1 s";
        // The darkest shade is the key that comes most often.
        let keys = lanes.picture.key_bands.as_ref().and_then(|bands| bands.shard(shard.number));
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
        lanes: Lanes<'_>,
        shard: &ShardView,
        colours: &Colours,
        axis: f64,
        top: f64,
        width: f64,
    ) {
        let keys = lanes.picture.key_bands.as_ref().and_then(|bands| bands.shard(shard.number));
        let Some(keys) = keys.filter(|keys| !keys.top.is_empty()) else { return };
        let from = (lanes.now_ms() / 1_000).saturating_sub(LANE_SECONDS);
        let scale = lanes.picture.strip_scale.max(1) as f64;
        self.fill(&colours.text);
        for (place, alpha) in SHADES.into_iter().enumerate().take(keys.top.len()) {
            self.context.set_global_alpha(alpha);
            for second in shard.seconds.iter().filter(|second| second.second > from) {
                let whole = ((axis - top - 2.0) * second.records as f64 / scale).min(axis - top - 2.0);
                let shares = keys.shares(second.second);
                let below: u32 = shares[..place].iter().sum();
                let (below, share) = (f64::from(below) / 1_000.0, f64::from(shares[place]) / 1_000.0);
                let x = self.strip_x(lanes, second.second * 1_000);
                let height = whole * share;
                if height >= 1.0 {
                    let y = axis - whole * below - height;
                    self.context.fill_rect(x, y, self.bar_width(x, width), height);
                }
            }
        }
        self.context.set_global_alpha(1.0);
    }
}
