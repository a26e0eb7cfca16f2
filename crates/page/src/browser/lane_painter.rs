//! Which lanes are painted when: one canvas a shard, outside of the virtual DOM, on every frame that changes something.

use std::ops::Range;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement};
use yew::NodeRef;

use super::heat_painter::Heat;
pub(crate) use super::heat_painter::cell_at;
use super::lane::Lane;
pub(crate) use super::lane::record_at;
use super::painter_colours::Colours;
use crate::scene::{InSight, Lanes, Scene};
use crate::selection::Selection;

/// The canvases of the stage and the colours of the theme.
#[derive(Default)]
pub(crate) struct LanePainter {
    lanes: Vec<Lane>,
    heat: Option<Heat>,
    colours: Option<Colours>,
    /// Shards whose records from an index on are still on their way, and so not drawn.
    held: Vec<(u32, u64)>,
    /// What lanes in sight show that is newer than the picture.
    newer: Option<InSight>,
    /// When the canvases were last measured.
    collected_ms: f64,
    is_of_other: bool,
}

/// While time runs, the sizes of the canvases are looked at so often: each look lays the page out before its time.
const MEASURE_EVERY_MS: f64 = 1_000.0;

impl LanePainter {
    /// Paints the lanes of the other of two worlds, which stand among those of the first.
    pub(crate) fn of_other_world() -> LanePainter {
        LanePainter { is_of_other: true, ..LanePainter::default() }
    }

    /// Paints what the page shows after it was rendered; while time runs, each frame has painted what can be seen already.
    pub(crate) fn repaint(
        &mut self,
        stage: &NodeRef,
        scene: &Scene,
        selection: &Selection,
        is_playing: bool,
        now_ms: f64,
    ) {
        if !is_playing || self.is_stale(scene, now_ms) {
            self.collect(stage, now_ms);
            let in_sight = self.in_sight(stage);
            self.measure(in_sight.clone());
            if is_playing {
                self.paint_some(scene, selection, in_sight);
            } else {
                // The others can be scrolled to, or printed.
                self.guess(scene);
                self.paint(scene, selection);
            }
        }
    }

    /// Paints the lanes that can be seen as `take` finds their shards now, and tells their places.
    pub(crate) fn paint_newest(
        &mut self,
        stage: &NodeRef,
        scene: &Scene,
        selection: &Selection,
        take: impl FnOnce(&[u32]) -> InSight,
    ) -> Range<usize> {
        let in_sight = self.in_sight(stage);
        self.measure(in_sight.clone());
        let lanes = self.lanes.get(in_sight.clone()).unwrap_or_default();
        let shards: Vec<u32> = lanes.iter().map(|lane| lane.shard).collect();
        self.newer = Some(take(&shards));
        self.paint_some(scene, selection, in_sight.clone());
        in_sight
    }

    /// What the lanes show.
    pub(crate) fn lanes<'s>(&'s self, scene: &'s Scene) -> Lanes<'s> {
        Lanes::new(scene, self.newer.as_ref())
    }

    /// The picture was taken anew.
    pub(crate) fn forget_newer(&mut self) {
        self.newer = None;
    }

    /// Lanes have come in sight while time stands.
    pub(crate) fn scrolled(&mut self, stage: &NodeRef, scene: &Scene, selection: &Selection) {
        let in_sight = self.in_sight(stage);
        if self.measure(in_sight.clone()) {
            self.paint_some(scene, selection, in_sight);
        }
    }

    /// Whether the canvases must be found anew: while the page is rendered over and over, they are the same ones
    /// unless shards have come or gone, and keep their sizes for a while.
    fn is_stale(&self, scene: &Scene, now_ms: f64) -> bool {
        let shards = scene.stream().map_or(&[][..], |stream| stream.shards.as_slice());
        now_ms - self.collected_ms >= MEASURE_EVERY_MS
            || !shards.iter().map(|shard| shard.number).eq(self.lanes.iter().map(|lane| lane.shard))
            || self.lanes.iter().any(|lane| !lane.canvas.is_connected())
    }

    /// Finds the canvases anew, after the page was rendered.
    fn collect(&mut self, stage: &NodeRef, now_ms: f64) {
        self.collected_ms = now_ms;
        self.lanes.clear();
        self.heat = None;
        let Some(stage) = stage.cast::<Element>() else { return };
        let lanes = if self.is_of_other {
            ".of-other canvas[data-shard]"
        } else {
            ":not(.of-other) > * > canvas[data-shard]"
        };
        let Ok(found) = stage.query_selector_all(lanes) else { return };
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        let heat = stage.query_selector("canvas[data-heat]").ok().flatten();
        let heat = heat.and_then(|canvas| canvas.dyn_into::<HtmlCanvasElement>().ok());
        if let Some(canvas) = heat {
            self.heat = Heat::new(canvas, ratio);
        }
        for i in 0..found.length() {
            let Some(canvas) = found.get(i).and_then(|node| node.dyn_into::<HtmlCanvasElement>().ok()) else {
                continue;
            };
            let shard = canvas.get_attribute("data-shard").and_then(|text| text.parse().ok());
            let context = canvas.get_context("2d").ok().flatten();
            let context = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
            let row = canvas.closest("li").ok().flatten();
            let (Some(shard), Some(context), Some(row)) = (shard, context, row) else { continue };
            self.lanes.push(Lane {
                shard,
                canvas,
                row,
                context,
                width: 0.0,
                height: 0.0,
                is_measured: false,
            });
        }
        if self.colours.is_none() {
            let lane = self.lanes.first().map(|lane| (&lane.canvas, &lane.context));
            let canvas = lane.or_else(|| self.heat.as_ref().map(|heat| (&heat.canvas, &heat.context)));
            self.colours = canvas.and_then(|(canvas, context)| Colours::read(canvas, context));
        }
    }

    /// Takes the sizes of lanes that can be seen, unless they were taken since the canvases were found, and tells whether
    /// there were such. All are taken before a canvas is changed: the browser lays the page out anew for a size that is
    /// asked for after a change, and for each one of a lane out of sight.
    fn measure(&mut self, places: Range<usize>) -> bool {
        let Some(lanes) = self.lanes.get_mut(places) else { return false };
        let mut is_new = false;
        for lane in lanes.iter_mut().filter(|lane| !lane.is_measured) {
            lane.width = f64::from(lane.canvas.client_width());
            lane.height = f64::from(lane.canvas.client_height());
            (lane.is_measured, is_new) = (true, true);
        }
        if is_new {
            lanes.iter().for_each(Lane::fit);
        }
        is_new
    }

    /// Lanes out of sight are as large as one that is in sight, of those that are open or closed as they are.
    fn guess(&mut self, scene: &Scene) {
        let is_open = |lane: &Lane| scene.shard(lane.shard).is_some_and(|shard| shard.is_open);
        for place in 0..self.lanes.len() {
            let lane = &self.lanes[place];
            let known = self.lanes.iter().filter(|it| it.is_measured);
            let Some(like) = known.max_by_key(|it| is_open(it) == is_open(lane)) else { return };
            let (width, height) = (like.width, like.height);
            let lane = &mut self.lanes[place];
            if !lane.is_measured {
                (lane.width, lane.height) = (width, height);
                lane.fit();
            }
        }
    }

    /// Leaves records out from this one on, until they have landed.
    pub(crate) fn hold(&mut self, shard: u32, from: u64) {
        self.held.push((shard, from));
    }

    /// The canvases are to be measured again after the next rendering.
    pub(crate) fn forget_sizes(&mut self) {
        self.collected_ms = f64::NEG_INFINITY;
    }

    /// All have landed.
    pub(crate) fn release(&mut self) {
        self.held.clear();
    }

    /// The theme has changed.
    pub(crate) fn forget_colours(&mut self) {
        self.colours = None;
    }

    /// Places of the lanes that can be seen. They stand one below the other.
    fn in_sight(&self, stage: &NodeRef) -> Range<usize> {
        let Some(stage) = stage.cast::<Element>() else { return 0..self.lanes.len() };
        // As much of the stage as the window shows: it scrolls, and so may the page around it.
        let height = web_sys::window().and_then(|window| window.inner_height().ok()?.as_f64());
        let place = stage.get_bounding_client_rect();
        let (top, bottom) = (place.top().max(0.0), place.bottom().min(height.unwrap_or(f64::MAX)));
        let from = self.lanes.partition_point(|lane| lane.row.get_bounding_client_rect().bottom() < top);
        let to = self.lanes.partition_point(|lane| lane.row.get_bounding_client_rect().top() <= bottom);
        from..to
    }

    pub(crate) fn paint(&self, scene: &Scene, selection: &Selection) {
        self.paint_some(scene, selection, 0..self.lanes.len());
    }

    /// Paints the lanes in these places.
    fn paint_some(&self, scene: &Scene, selection: &Selection, places: Range<usize>) {
        let Some(colours) = &self.colours else { return };
        let lanes = self.lanes(scene);
        if let (Some(heat), Some(map)) = (&self.heat, &scene.heat) {
            heat.paint(map, selection, colours);
        }
        for lane in self.lanes.get(places).unwrap_or_default() {
            if lane.width == 0.0 || !lane.canvas.is_connected() {
                continue;
            }
            lane.context.clear_rect(0.0, 0.0, lane.width, lane.height);
            if let Some(shard) = lanes.shard(lane.shard) {
                let held = self.held.iter().filter(|(of, _)| *of == lane.shard).map(|(_, from)| *from).min();
                lane.paint(lanes, shard, selection, colours, held.unwrap_or(u64::MAX));
            }
        }
    }
}
