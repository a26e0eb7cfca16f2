//! A second world beside the first: the same history up to an instant, then a life of its own on the same clock.

use awscli::Effect;
use kinesis::Instant;
use yew::prelude::*;

use super::{App, shown_application};
use crate::browser::lane_painter::LanePainter;
use crate::desk::{Desk, PageSandbox, SharedDesk};
use crate::scene::{InSight, Look, Picture};
use crate::selection::Selection;

/// Wall time that bringing the second world to the first one's instant may take in a frame while time runs. Where time
/// stands it takes what it takes: two worlds are compared at one instant.
const SYNC_MS: f64 = 200.0;

pub(super) struct Fork {
    pub desk: SharedDesk,
    pub picture: Picture,
    pub painter: LanePainter,
    /// The instant up to which both are one.
    pub at: Instant,
}

/// What a comparison shows of two worlds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Difference {
    pub name: &'static str,
    pub this: u64,
    pub other: u64,
}

impl App {
    /// Begins a second world where the first one stands.
    pub(super) fn fork(&mut self, ctx: &Context<App>) {
        self.pause();
        let desk = self.desk.0.borrow();
        let sandbox = desk.sandbox.fork();
        drop(desk);
        self.keep_fork(sandbox);
        self.after_change(ctx);
    }

    fn keep_fork(&mut self, sandbox: PageSandbox) {
        let at = sandbox.now();
        let lesson = self.desk.0.borrow().lesson;
        self.fork = Some(Fork {
            desk: SharedDesk::from(Desk::new(sandbox, lesson)),
            picture: self.picture.clone(),
            painter: LanePainter::of_other_world(),
            at,
        });
        self.announcement = AttrValue::Static(crate::words::tr("A second world runs beside the first"));
    }

    /// Lets the prompt have the other world for the lines that it is to run.
    pub(super) fn lend_other_world(&self) {
        if let Some(fork) = &self.fork {
            let other = fork.desk.0.borrow().sandbox.fork();
            self.desk.0.borrow_mut().sandbox.put_other(other);
        }
    }

    /// Shows the other world as the prompt left it.
    pub(super) fn take_other_world_back(&mut self, ctx: &Context<App>, effects: &[Effect]) {
        let other = self.desk.0.borrow_mut().sandbox.take_other();
        let switches = effects.iter().filter(|effect| **effect == Effect::SwitchedWorlds).count();
        let Some(mut other) = other else {
            self.fork = None;
            return;
        };
        let is_switched = switches % 2 == 1;
        if is_switched {
            // Each world stays on its own desk, and the desks change places.
            std::mem::swap(&mut self.desk.0.borrow_mut().sandbox, &mut other);
        }
        match &self.fork {
            Some(fork) => fork.desk.0.borrow_mut().sandbox = other,
            None => self.keep_fork(other),
        }
        if is_switched {
            self.swap_worlds(ctx);
        }
    }

    /// The other world takes the commands from now on.
    pub(super) fn swap_worlds(&mut self, ctx: &Context<App>) {
        if let Some(fork) = &self.fork {
            std::mem::swap(&mut *self.desk.0.borrow_mut(), &mut *fork.desk.0.borrow_mut());
        }
        self.after_change(ctx);
    }

    /// Brings the second world to the instant of the first, and takes its picture.
    pub(super) fn look_at_fork(&mut self) {
        self.bring_fork_along();
        let Some(fork) = &mut self.fork else { return };
        let desk = fork.desk.0.borrow();
        let application = shown_application(&self.selection, &self.stream, &desk.sandbox);
        let look = Look {
            stream: &self.stream,
            application: application.as_deref(),
            preview: None,
            shard: None,
            fresh_since: None,
            before: Some(&fork.picture),
            is_thorough: true,
        };
        let picture = Picture::take(&desk.sandbox, &look);
        drop(desk);
        fork.picture = picture;
        fork.painter.forget_newer();
    }

    /// Draws the lanes of the second world that can be seen as they are at the instant of the first.
    pub(super) fn draw_fork_in_sight(&mut self) {
        self.bring_fork_along();
        let Some(fork) = &mut self.fork else { return };
        let desk = fork.desk.0.borrow();
        let application = shown_application(&self.selection, &self.stream, &desk.sandbox);
        let picture = &fork.picture;
        let take =
            |shards: &[u32]| InSight::take(&desk.sandbox, picture, shards, application.as_deref(), None);
        fork.painter.paint_newest(&self.stage, picture, &Selection::Stream, take);
    }

    fn bring_fork_along(&mut self) {
        let Some(fork) = &mut self.fork else { return };
        let now = self.desk.0.borrow().sandbox.now();
        let mut desk = fork.desk.0.borrow_mut();
        let there = desk.sandbox.now();
        if now > there {
            let wall_ms = if self.clock.is_playing { SYNC_MS } else { f64::INFINITY };
            desk.advance(now.since(there), wall_ms);
        } else if now < there {
            desk.seek(now);
        }
    }

    /// Where the two worlds differ, in numbers; empty where they are one, fact by fact.
    pub(super) fn differences(&self) -> Vec<Difference> {
        let Some(fork) = &self.fork else { return Vec::new() };
        if self.desk.0.borrow().sandbox.digest() == fork.desk.0.borrow().sandbox.digest() {
            return Vec::new();
        }
        let of = |picture: &Picture| {
            let shards = picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
            let refused =
                shards.iter().map(|it| it.total.refused_by_records + it.total.refused_by_bytes).sum();
            let view = &picture.view;
            [
                picture.stream().map_or(0, |stream| u64::from(stream.open_shards)),
                shards.iter().map(|shard| shard.total.records).sum(),
                refused,
                view.producers.iter().map(|producer| producer.lost).sum(),
                view.readers
                    .iter()
                    .map(|it| it.records)
                    .chain(view.applications.iter().map(|it| it.records))
                    .sum(),
                view.readers
                    .iter()
                    .map(|it| it.again)
                    .chain(view.applications.iter().map(|it| it.again))
                    .sum(),
            ]
        };
        let names = [
            "Open shards",
            "Records stored",
            "Records refused",
            "Records lost",
            "Records processed",
            "Processed again",
        ];
        let (this, other) = (of(&self.picture), of(&fork.picture));
        let rows = names.into_iter().zip(this.into_iter().zip(other));
        rows.map(|(name, (this, other))| Difference { name, this, other }).collect()
    }
}
