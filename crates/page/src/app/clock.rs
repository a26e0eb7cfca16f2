//! Time: frames, steps, journeys through the history.

use std::ops::Range;

use kinesis::{Duration, Instant};
use yew::prelude::*;

use super::turns::TURNS;
use super::{App, Msg, shown_application};
use crate::browser::animation_frame::{AnimationFrame, clock_ms};
use crate::desk::Step;
use crate::marks::MarkKind;
use crate::scene::InSight;
use crate::speed::Speed;
use crate::text;
use crate::words::{say, tr};

/// Wall time that one frame may stand for at most: a page in the background does not catch up.
const FRAME_MS_MAX: f64 = 100.0;
/// Wall time that the world may take of one frame.
const WORLD_MS_PER_FRAME: f64 = 5.0;
/// Frames in a row that inputs may have for themselves: whoever draws a slider still sees the world run.
const WAITS_MAX: u32 = 2;
/// The page's numbers change at most so often while time runs, one part after the other; the lanes are drawn on every
/// frame.
const ROUND_MS: f64 = 128.0;
/// What screen readers hear while time runs comes at most so often.
const ANNOUNCE_EVERY_MS: f64 = 2_000.0;
/// What is achieved is measured over so much wall time.
const MEASURE_MS: f64 = 500.0;
/// The host hears so often that time runs.
const TELL_EVERY_MS: f64 = 250.0;

impl App {
    pub(super) fn play(&mut self, ctx: &Context<App>, is_playing: bool) {
        self.clock.is_playing = is_playing;
        self.clock.last_frame_ms = None;
        self.clock.measured_from = None;
        self.clock.achieved = 0;
        if is_playing {
            self.request_frame(ctx);
        } else {
            self.clock.frame = None;
            self.look();
            self.autosave(true);
        }
        self.announcement = tr(if is_playing { "Playing" } else { "Paused" }).into();
    }

    fn request_frame(&mut self, ctx: &Context<App>) {
        let link = ctx.link().clone();
        self.clock.frame = AnimationFrame::request(move |now_ms| link.send_message(Msg::Frame(now_ms)));
    }

    /// Lets the world run for the time of one frame; tells whether the page must be rendered too.
    pub(super) fn on_frame(&mut self, ctx: &Context<App>, now_ms: f64) -> bool {
        if !self.clock.is_playing {
            return false;
        }
        // The frame after an input belongs to what the input changes; what the world misses comes in the next one.
        if self.clock.has_input.take() && self.clock.waits < WAITS_MAX {
            self.clock.waits += 1;
            self.request_frame(ctx);
            return false;
        }
        self.clock.waits = 0;
        let last_ms = self.clock.last_frame_ms.replace(now_ms).unwrap_or(now_ms);
        let wall_ms = (now_ms - last_ms).clamp(0.0, FRAME_MS_MAX);
        let micros = (wall_ms * 1_000.0) as u64 * self.clock.speed.tenths() / 10;
        self.desk.0.borrow_mut().advance(Duration::from_micros(micros), WORLD_MS_PER_FRAME);
        self.measure(now_ms);
        if now_ms - self.told_ms >= TELL_EVERY_MS {
            self.told_ms = now_ms;
            self.tell_step(ctx);
        }
        self.check_solved(ctx);
        if !self.clock.is_playing {
            self.look();
            self.show_all();
            return true;
        }
        // What flies is not on its lane yet.
        self.show_flights(ctx);
        let in_sight = self.draw_in_sight();
        self.request_frame(ctx);
        // A page that draws few frames lets several parts have their turn in one.
        let due = ((now_ms - self.clock.rendered_ms) * TURNS as f64 / ROUND_MS) as usize;
        if due == 0 {
            return false;
        }
        self.clock.rendered_ms = now_ms;
        let mut is_changed = false;
        for _ in 0..due.min(TURNS) {
            is_changed |= self.show_next(&in_sight);
        }
        self.announce(now_ms);
        self.autosave(false);
        is_changed
    }

    /// Draws the lanes that can be seen as they are now, and tells their places.
    fn draw_in_sight(&mut self) -> Range<usize> {
        let desk = self.desk.0.borrow();
        let application = shown_application(&self.selection, &self.stream, &desk.sandbox);
        let (picture, preview) = (&self.picture, self.shown_preview());
        let take =
            |shards: &[u32]| InSight::take(&desk.sandbox, picture, shards, application.as_deref(), preview);
        let places = self.painter.paint_newest(&self.stage, picture, &self.selection, take);
        drop(desk);
        self.draw_fork_in_sight();
        places
    }

    fn measure(&mut self, now_ms: f64) {
        let now = self.desk.0.borrow().sandbox.now();
        let Some((from_ms, from)) = self.clock.measured_from else {
            self.clock.measured_from = Some((now_ms, now));
            return;
        };
        let wall_ms = now_ms - from_ms;
        if wall_ms >= MEASURE_MS {
            let micros = now.since(from).micros();
            self.clock.achieved = (micros as f64 / 100.0 / wall_ms + 0.5) as u64;
            self.clock.measured_from = Some((now_ms, now));
        }
    }

    /// Refusals in the background, merged and now and then.
    fn announce(&mut self, now_ms: f64) {
        if now_ms - self.clock.announced_ms < ANNOUNCE_EVERY_MS {
            return;
        }
        self.clock.announced_ms = now_ms;
        let shards = self.picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
        let refused: u64 =
            shards.iter().map(|shard| shard.total.refused_by_records + shard.total.refused_by_bytes).sum();
        let new = refused.saturating_sub(self.clock.announced_refused);
        self.clock.announced_refused = refused;
        if new > 0 {
            self.announcement = (text::count(new, "record") + tr(" refused since the last report")).into();
        }
    }

    pub(super) fn set_speed(&mut self, speed: Speed) {
        self.clock.speed = speed;
        self.clock.measured_from = None;
        self.clock.achieved = 0;
        self.announcement = (tr("Speed ").to_owned() + &speed.name()).into();
    }

    pub(super) fn step(&mut self, ctx: &Context<App>, step: Step) {
        self.pause();
        let happened = self.desk.0.borrow_mut().step(step);
        self.announce_step(happened, tr("Nothing is going to happen by itself"));
        self.after_change(ctx);
    }

    pub(super) fn step_back(&mut self, ctx: &Context<App>, step: Step) {
        self.pause();
        let happened = self.desk.0.borrow_mut().step_back(step);
        self.announce_step(happened, tr("This is the beginning"));
        self.after_change(ctx);
    }

    fn announce_step(&mut self, happened: bool, otherwise: &str) {
        let desk = self.desk.0.borrow();
        let world = desk.sandbox.world();
        let newest = world.facts_since(0).rev().find(|fact| crate::marks::is_change(&fact.fact));
        self.announcement = match newest {
            Some(fact) if happened => {
                let fact = sim::fact_view(world, fact);
                (text::clock_ms(fact.at_ms) + " " + &say(fact.text)).into()
            }
            _ => otherwise.to_owned().into(),
        };
    }

    pub(super) fn pause(&mut self) {
        self.clock.is_playing = false;
        self.clock.frame = None;
        self.clock.achieved = 0;
    }

    pub(super) fn seek(&mut self, ctx: &Context<App>, to: Instant) {
        self.pause();
        self.desk.0.borrow_mut().seek(to);
        self.notice = None;
        self.look();
        self.tell_step(ctx);
    }

    /// Goes back to two seconds before the first refusal that is marked, and lets time run slowly from there.
    pub(super) fn slow_to_refusal(&mut self, ctx: &Context<App>) {
        let first = self.desk.0.borrow().marks.of_kind(MarkKind::Throttle).next();
        let Some(first) = first else { return };
        self.seek(ctx, Instant::from_millis(first.saturating_sub(2_000)));
        self.set_speed(Speed::new(0));
        self.play(ctx, true);
    }

    /// Lets time pass without watching it.
    pub(super) fn skip(&mut self, ctx: &Context<App>, ms: u64) {
        let end = clock_ms() + 2_000.0;
        let mut left = Duration::from_millis(ms);
        while left > Duration::ZERO && clock_ms() < end {
            left = self.desk.0.borrow_mut().advance(left, 100.0);
        }
        self.after_change(ctx);
    }

    /// Marks the present instant as one to come back to.
    pub(super) fn bookmark(&mut self) {
        let mut desk = self.desk.0.borrow_mut();
        let at = desk.sandbox.now().millis();
        let is_set = desk.toggle_bookmark();
        drop(desk);
        self.autosave(true);
        let words = tr(if is_set { "Bookmark set at " } else { "Bookmark taken away at " });
        self.announcement = (words.to_owned() + &text::clock_ms(at)).into();
    }

    pub(super) fn go_to_mark(&mut self, ctx: &Context<App>, is_forward: bool) {
        let desk = self.desk.0.borrow();
        let now = desk.sandbox.now().millis();
        let end = desk.sandbox.span().1;
        let commands = desk.sandbox.entries().iter().map(|entry| entry.at.millis());
        let kinds =
            MarkKind::ALL.into_iter().filter(|kind| self.jumps_to.is_none_or(|wanted| wanted == *kind));
        let marks = kinds.clone().flat_map(|kind| desk.marks.of_kind(kind));
        let has_commands = kinds.clone().any(|kind| kind == MarkKind::Command);
        let marks = commands.filter(|_| has_commands).chain(marks);
        let to = if is_forward {
            marks.filter(|at| *at > now).min().map_or(end, Instant::from_millis)
        } else {
            marks.filter(|at| *at < now).max().map_or(desk.sandbox.span().0, Instant::from_millis)
        };
        drop(desk);
        self.seek(ctx, to);
    }
}
