//! Flags of those who read: where each stands, and what a crash would bring again.

use super::super::painter_colours::Colours;
use super::Lane;
use crate::scene::{Flag, FlagKind};
use crate::text;
use crate::words::tr;

/// What of a flag has its words on it: where it hangs, and what it says.
struct Cloth<'f> {
    flag: &'f Flag,
    words: String,
    left: f64,
    width: f64,
}

impl Lane {
    /// Draws flags where the record with an index, stored at a time in milliseconds, stands.
    pub(super) fn paint_flags(&self, flags: &[Flag], colours: &Colours, place: &dyn Fn(u64, u64) -> f64) {
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
}

/// Room on a cloth for what an iterator has left of its five minutes.
fn ring_width(flag: &Flag) -> f64 {
    if flag.life.is_some() { 12.0 } else { 0.0 }
}

/// Whose flag it is: readers of a learner's own have the colour of reading again, applications that of text.
fn flag_colour<'c>(flag: &Flag, colours: &'c Colours) -> &'c str {
    match flag.kind {
        FlagKind::Reader | FlagKind::Iterator | FlagKind::Preview => &colours.replay,
        FlagKind::Kcl => &colours.text,
    }
}
