//! Records as tokens: the newest ones that find room on a lane, and the edge where older ones are trimmed.

use sim::{RecordView, ShardView};

use super::super::painter_colours::Colours;
use super::{Lane, TIP};
use crate::letters::STYLES;
use crate::scene::Lanes;
use crate::selection::Selection;
use crate::text;
use crate::words::tr;

/// Widths of a token: as many as there are records find room, down to the smallest.
const TOKEN_MIN: f64 = 9.0;
const TOKEN_MAX: f64 = 30.0;
/// A token so wide names the beginning of its key.
const TAGGED: f64 = 21.0;
const BETWEEN: f64 = 3.0;
/// Outlines of trimmed records at most: that there were some, not how many.
const GONE_MAX: u64 = 3;

/// Which record stands at `x` on a lane of the given width.
pub(crate) fn record_at(lanes: Lanes<'_>, shard: &ShardView, width: f64, x: f64) -> Option<u64> {
    if lanes.picture.is_strip {
        return None;
    }
    let places = Places::of(shard, width);
    let place = ((x - places.start) / (places.token + BETWEEN)).max(0.0) as usize;
    (place < places.count && x >= places.start).then(|| places.first + place as u64)
}

/// Where the newest records stand that find room on a lane.
#[derive(Clone, Copy)]
pub(super) struct Places {
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
    pub(super) fn flag(&self, index: u64) -> f64 {
        match index.checked_sub(self.first) {
            None => self.edge(),
            Some(place) => self.left((place as usize).min(self.count)) - BETWEEN / 2.0,
        }
    }
}

impl Lane {
    /// Draws the newest records; returns their places.
    pub(super) fn paint_tokens(
        &self,
        lanes: Lanes<'_>,
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
            self.paint_token(lanes, shard, record, selection, colours, at);
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
            _ => oldest_words(lanes, shard, edge, hidden),
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
        lanes: Lanes<'_>,
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
        let is_fresh =
            lanes.picture.fresh.get(&shard.number).is_some_and(|it| record.index >= it.first_index);
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
}

/// What stands at the oldest record in sight, with so many before it, in fewer and fewer words.
#[inline(never)]
fn oldest_words(lanes: Lanes<'_>, shard: &ShardView, edge: &str, hidden: u64) -> Vec<String> {
    let trimmed = shard.first_index.saturating_sub(1);
    let gone = || text::thousands(trimmed) + tr(" trimmed");
    let older = || "◂ ".to_owned() + &text::thousands(hidden) + tr(" older");
    let age = || age(lanes, shard);
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

/// How old the oldest record is that can be read.
fn age(lanes: Lanes<'_>, shard: &ShardView) -> String {
    let oldest = shard.oldest_ms.map(|at| lanes.now_ms().saturating_sub(at));
    oldest.map_or_else(String::new, |age| ", ".to_owned() + &text::span_ms(age / 1_000 * 1_000) + tr(" old"))
}
