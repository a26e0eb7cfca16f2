//! What the components and the lanes get to see: the picture of the selected stream, and what the page makes of it.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use kinesis::{Instant, Shard};
use sim::{Checkpoint, ShardView, StartingPosition, StreamView, ViewQuery, World, WorldView};

use crate::desk::PageSandbox;
use crate::spread::{OpenRange, open_ranges};

/// Whose place in a shard a flag marks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum FlagKind {
    Reader,
    Iterator,
    Kcl,
    /// Where a reader would begin that is not started yet.
    Preview,
}

/// A reading position on a lane.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Flag {
    pub kind: FlagKind,
    pub label: String,
    /// Index of the record that comes next.
    pub index: u64,
    /// When that record arrived; now where there is none yet.
    pub at_ms: u64,
    /// Records from here to the tip.
    pub behind: u64,
    /// A KCL application's checkpoint: the record after the last one that it covers, and its arrival.
    pub checkpoint: Option<(u64, u64)>,
}

/// The lease of a shard in the application that the stage shows.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LeaseCard {
    pub owner: Option<String>,
    /// Workers other than the owner that believe to own it.
    pub ghosts: Vec<String>,
    pub counter: u64,
    pub age_ms: u64,
    pub failover_ms: u64,
    /// Whether the shard is processed to its end: nobody renews the lease any more.
    pub is_done: bool,
    /// Whether the owner is dead or stands still.
    pub is_silent: bool,
    pub phase: Option<&'static str>,
}

pub(crate) struct Scene {
    pub view: WorldView,
    /// Names of all streams.
    pub streams: Vec<String>,
    pub ranges: Vec<OpenRange>,
    /// By shard.
    pub flags: BTreeMap<u32, Vec<Flag>>,
    pub leases: BTreeMap<u32, LeaseCard>,
    /// Whether lanes show one bar a second instead of one token a record.
    pub is_strip: bool,
    /// Records per second that a full bar stands for.
    pub strip_scale: u64,
    pub undo: Option<String>,
    pub redo: Option<String>,
    /// Whether the present is behind the end of the history.
    pub is_past: bool,
}

/// A scene that many hold: compared by identity.
#[derive(Clone)]
pub(crate) struct Picture(Rc<Scene>);

impl PartialEq for Picture {
    fn eq(&self, other: &Picture) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl Deref for Picture {
    type Target = Scene;
    fn deref(&self) -> &Scene {
        &self.0
    }
}

/// Records of one shard that a lane shows as tokens at most.
pub(crate) const LANE_RECORDS: u32 = 60;
/// Seconds that a lane shows as bars.
pub(crate) const LANE_SECONDS: u64 = 60;
/// Above so many records in one second a lane shows bars.
const TOKENS_PER_SECOND_MAX: u64 = 20;
/// Shards that the stage draws.
const SHARDS_MAX: u32 = 64;

impl Picture {
    /// The picture of a stream; `preview` plants flags where a new reader would begin.
    pub(crate) fn take(
        sandbox: &PageSandbox,
        stream: &str,
        application: Option<&str>,
        preview: Option<StartingPosition>,
        is_strip_before: bool,
    ) -> Picture {
        let world = sandbox.world();
        let query = ViewQuery {
            stream: Some(stream.to_owned()),
            // At full traffic nobody looks at single records.
            records: if is_strip_before { 1 } else { LANE_RECORDS },
            seconds: LANE_SECONDS as u32,
            first_shard: 0,
            shards: SHARDS_MAX,
        };
        let mut view = sandbox.view(&query);
        let (is_strip, strip_scale) = strip(&view);
        if is_strip_before && !is_strip {
            view = sandbox.view(&ViewQuery { records: LANE_RECORDS, ..query });
        }
        if let Some(stream) = view.streams.first_mut() {
            // Rows stand in the order of the key space, parents above their children.
            stream.shards.sort_by_key(|shard| (shard.range_start, shard.number));
        }
        let mut scene = Scene {
            streams: world.service().streams().map(|stream| stream.name.to_string()).collect(),
            ranges: view.streams.first().map(open_ranges).unwrap_or_default(),
            flags: BTreeMap::new(),
            leases: BTreeMap::new(),
            is_strip,
            strip_scale,
            undo: sandbox.undo_label().map(|label| crate::language::line_name(&label)),
            redo: sandbox.redo_label().map(|label| crate::language::line_name(&label)),
            is_past: sandbox.span().1 > sandbox.now(),
            view,
        };
        scene.plant_flags(world, stream, application, preview);
        Picture(Rc::new(scene))
    }
}

impl Scene {
    /// The selected stream.
    pub(crate) fn stream(&self) -> Option<&StreamView> {
        self.view.streams.first()
    }

    pub(crate) fn shard(&self, number: u32) -> Option<&ShardView> {
        self.stream()?.shards.iter().find(|shard| shard.number == number)
    }

    fn plant_flags(
        &mut self,
        world: &World,
        stream: &str,
        application: Option<&str>,
        preview: Option<StartingPosition>,
    ) {
        let Some(shards) = world.service().stream(stream) else { return };
        let now = world.now();
        let horizon = shards.trim_horizon(now);
        let flag = |kind, label: &str, shard: &Shard, index: u64| {
            let index = index.max(shard.first_retained(horizon));
            Flag {
                kind,
                label: label.to_owned(),
                index,
                at_ms: arrival_ms(shard, index, now),
                behind: (shard.log.last_index() + 1).saturating_sub(index),
                checkpoint: None,
            }
        };
        for shard in shards.shards().iter().filter(|shard| !shard.is_expired()) {
            let flags = self.flags.entry(shard.id.0).or_default();
            if let Some(from) = preview {
                let index = match from {
                    StartingPosition::TrimHorizon => shard.first_retained(horizon),
                    StartingPosition::Latest => shard.log.last_index() + 1,
                    StartingPosition::AtTimestamp(at) => shard.log.first_at(at.max(horizon)),
                };
                flags.push(flag(FlagKind::Preview, "new reader", shard, index));
            }
            for reader in
                self.view.readers.iter().filter(|reader| reader.is_running && reader.stream == stream)
            {
                if let Some(at) = reader.shards.iter().find(|at| at.shard == shard.id.0 && !at.is_finished) {
                    flags.push(flag(FlagKind::Reader, &reader.name, shard, at.next));
                }
            }
            for reading in world.readings().filter(|reading| {
                *reading.stream == *stream
                    && reading.shard == shard.id
                    && !reading.is_finished
                    && reading.expires >= now
            }) {
                let label = "iterator ".to_owned() + &reading.number.to_string();
                flags.push(flag(FlagKind::Iterator, &label, shard, reading.next));
            }
        }
        let Some(application) = application.and_then(|name| world.applications().get(name)) else { return };
        let view = self.view.applications.iter().find(|view| view.name == application.spec.name);
        let Some(view) = view.filter(|view| view.stream == stream) else { return };
        for lease in application.table.leases() {
            let Some(shard) = shards.shard(lease.shard).filter(|shard| !shard.is_expired()) else { continue };
            let start = match lease.checkpoint {
                Checkpoint::Record(at) => Some(at.index + 1),
                Checkpoint::TrimHorizon => Some(shard.first_retained(horizon)),
                Checkpoint::Latest | Checkpoint::AtTimestamp(_) | Checkpoint::ShardEnd => None,
            };
            let processed = application.progress.get(&lease.shard).map(|index| index + 1);
            if let Some(index) = processed.or(start) {
                let mut flag = flag(FlagKind::Kcl, &view.name, shard, index);
                flag.checkpoint = start.map(|index| (index, arrival_ms(shard, index, now)));
                self.flags.entry(lease.shard.0).or_default().push(flag);
            }
            let owner = view.workers.iter().find(|worker| Some(&worker.name) == lease.lease_owner.as_ref());
            let ghosts = view.workers.iter().filter(|worker| {
                worker.believes.contains(&lease.shard.0) && Some(&worker.name) != lease.lease_owner.as_ref()
            });
            let phase = view.leases.iter().find(|at| at.shard == lease.shard.0).and_then(|at| at.phase);
            self.leases.insert(
                lease.shard.0,
                LeaseCard {
                    owner: lease.lease_owner.clone(),
                    ghosts: ghosts.map(|worker| worker.name.clone()).collect(),
                    counter: lease.lease_counter,
                    age_ms: now.since(lease.written).millis(),
                    failover_ms: view.failover_ms,
                    is_done: lease.checkpoint == Checkpoint::ShardEnd,
                    is_silent: owner.is_some_and(|worker| worker.state != "running"),
                    phase,
                },
            );
        }
    }
}

fn arrival_ms(shard: &Shard, index: u64, now: Instant) -> u64 {
    shard.log.read_from(index).next().map_or(now, |record| record.arrival).millis()
}

/// Whether there is too much traffic for tokens, and the scale that fits the busiest second.
fn strip(view: &WorldView) -> (bool, u64) {
    let from = (view.now_ms / 1_000).saturating_sub(LANE_SECONDS);
    let seconds = view.streams.iter().flat_map(|stream| &stream.shards).flat_map(|shard| &shard.seconds);
    let recent = seconds.filter(|second| second.second >= from);
    let (stored, refused) = recent.fold((0, 0), |(stored, refused), second| {
        (second.records.max(stored), (second.refused_by_records + second.refused_by_bytes).max(refused))
    });
    // Refusals have a space of their own under the axis: they do not press the bars above it down.
    let scale = [50, 100, 250, 500, 1_000].into_iter().find(|scale| *scale >= stored);
    (stored.max(refused) > TOKENS_PER_SECOND_MAX, scale.unwrap_or(stored))
}
