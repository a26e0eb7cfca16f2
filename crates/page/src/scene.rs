//! What the components and the lanes get to see: the picture of the selected stream, and what the page makes of it.

mod flags;
mod lanes;
mod reading;

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use flags::flags_of;
use kinesis::{Shard, apart};
use sim::{ShardView, StartingPosition, StreamView, ViewQuery, World, WorldView};

use crate::browser::parts::is_whole;
use crate::desk::PageSandbox;
use crate::heat::HeatMap;
use crate::key_bands::KeyBands;
use crate::spread::{OpenRange, open_ranges};

pub(crate) use flags::{Flag, FlagKind};
pub(crate) use lanes::{InSight, Lanes};
pub(crate) use reading::{LeaseCard, Passport, ReadingWay, ShardReader};

/// What the last step or command did to a shard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Fresh {
    /// Index of the first new record; one past the newest where none was stored.
    pub first_index: u64,
    /// Whether something was refused.
    pub is_refused: bool,
    /// Whether that was an even or an odd time, so that the same can show again.
    pub turn: u64,
}

pub(crate) struct Scene {
    pub view: WorldView,
    /// Names of all streams.
    pub streams: Vec<String>,
    /// Of all open shards, also of those that have no row.
    pub ranges: Rc<Vec<OpenRange>>,
    /// By shard.
    pub flags: BTreeMap<u32, Vec<Flag>>,
    /// Who reads each shard.
    pub shard_readers: BTreeMap<u32, Vec<ShardReader>>,
    /// Shards that the last step or command put something into, or refused.
    pub fresh: BTreeMap<u32, Fresh>,
    /// Iterators that were issued by hand, void ones included, by shard.
    pub passports: BTreeMap<u32, Vec<Passport>>,
    /// In place of rows where there are too many shards for them.
    pub heat: Option<Rc<HeatMap>>,
    /// The leases of each shard, those of the selected application first.
    pub leases: BTreeMap<u32, Vec<LeaseCard>>,
    /// The keys that the traffic is made of, where lanes show bars.
    pub key_bands: Option<Rc<KeyBands>>,
    /// Whether lanes show one bar a second instead of one token a record.
    pub is_strip: bool,
    /// Records per second that a full bar stands for.
    pub strip_scale: u64,
    /// What an hour costs as it is, and what the last change added.
    pub cost: String,
    pub undo: Option<String>,
    pub redo: Option<String>,
    /// Whether the present is behind the end of the history.
    pub is_past: bool,
}

/// How long an iterator lives.
///
/// Documented: GetShardIterator in the API Reference.
pub(crate) const ITERATOR_LIFE_MS: u64 = 300_000;

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
/// Shards that the stage draws as rows; where a stream has more, a heat map shows them and one row the chosen one.
pub(crate) const ROWS_MAX: usize = 64;

/// What a picture should show.
pub(crate) struct Look<'a> {
    pub stream: &'a str,
    pub application: Option<&'a str>,
    /// Plants flags where a new reader would begin.
    pub preview: Option<StartingPosition>,
    /// The shard that has a row where there are too many for all.
    pub shard: Option<u32>,
    /// Facts from this number on are shown as what just happened; none while time runs.
    pub fresh_since: Option<u64>,
    /// The picture before: what has not changed since is taken over.
    pub before: Option<&'a Picture>,
    /// Whether even what is slow to make is made anew.
    pub is_thorough: bool,
}

impl Picture {
    pub(crate) fn take(sandbox: &PageSandbox, look: &Look<'_>) -> Picture {
        let world = sandbox.world();
        let Look { stream, application, preview, before, .. } = *look;
        let is_strip_before = before.is_some_and(|before| before.is_strip);
        let shards = world.service().stream(stream).map_or(&[][..], |stream| stream.shards());
        let present = shards.iter().filter(|shard| !shard.is_expired());
        let is_wide = present.clone().nth(ROWS_MAX).is_some();
        let place = look.shard.and_then(|number| present.clone().position(|shard| shard.id.0 == number));
        let query = ViewQuery {
            stream: Some(stream.to_owned()),
            records: lanes::records_of(is_strip_before),
            seconds: LANE_SECONDS as u32,
            first_shard: if is_wide { place.unwrap_or(0) as u32 } else { 0 },
            shards: if is_wide { 1 } else { ROWS_MAX as u32 },
        };
        let mut view = sandbox.view(&query);
        let (is_strip, strip_scale) = strip(&view);
        if is_strip_before && !is_strip {
            view = sandbox.view(&ViewQuery { records: lanes::records_of(false), ..query });
        }
        if let Some(stream) = view.streams.first_mut() {
            // Rows stand in the order of the key space, parents above their children.
            stream.shards.sort_by_key(|shard| (shard.range_start, shard.number));
        }
        let before_of_stream = before.filter(|before| before.stream().is_some_and(|it| it.name == stream));
        let ranges = before_of_stream
            .map(|before| before.ranges.clone())
            .filter(|ranges| {
                let open = world.service().stream(stream).map_or(0, |stream| stream.open_shard_count());
                ranges.len() == open as usize
                    && ranges.iter().all(|range| shards.get(range.shard as usize).is_some_and(Shard::is_open))
            })
            .unwrap_or_else(|| Rc::new(open_ranges(shards)));
        let heat = is_wide.then(|| {
            let kept = before_of_stream.and_then(|before| before.heat.clone());
            kept.filter(|_| !look.is_thorough).unwrap_or_else(|| Rc::new(HeatMap::of(world, stream, &ranges)))
        });
        let mut scene = Scene {
            streams: world.service().streams().map(|stream| stream.name.to_string()).collect(),
            ranges,
            heat,
            flags: BTreeMap::new(),
            shard_readers: BTreeMap::new(),
            fresh: BTreeMap::new(),
            passports: BTreeMap::new(),
            leases: BTreeMap::new(),
            key_bands: None,
            is_strip,
            strip_scale,
            cost: match before {
                _ if !is_whole() => String::new(),
                Some(before) if !look.is_thorough => before.cost.clone(),
                _ => apart(|| crate::components::cost_ticker(&world.bill())),
            },
            undo: sandbox.undo_label().map(|label| crate::language::line_name(&label)),
            redo: sandbox.redo_label().map(|label| crate::language::line_name(&label)),
            is_past: sandbox.span().1 > sandbox.now(),
            view,
        };
        let shards = scene.stream().map_or(&[][..], |view| view.shards.as_slice());
        scene.flags = flags_of(world, stream, shards, application, preview);
        scene.deal_leases(world, stream, application);
        scene.name_readers(world, stream);
        scene.write_passports(world, stream);
        if scene.is_strip {
            let known = before.and_then(|before| before.key_bands.as_ref());
            scene.key_bands = scene.stream().map(|view| KeyBands::of(world, view, known));
        }
        if let Some(since) = look.fresh_since {
            scene.show_fresh(world, stream, since);
        }
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

    /// What happened to each shard since a fact.
    fn show_fresh(&mut self, world: &World, stream: &str, since: u64) {
        const FACTS_MAX: usize = 5_000;
        for stamped in world.facts_since(since).take(FACTS_MAX) {
            let sim::Fact::Service(fact) = &stamped.fact else { continue };
            if **fact.stream() != *stream {
                continue;
            }
            let (shard, first_index, is_refused) = match fact {
                kinesis::Fact::RecordsAppended { shard, first_index, .. } => (*shard, *first_index, false),
                kinesis::Fact::WriteThrottled { shard, .. } => (*shard, u64::MAX, true),
                _ => continue,
            };
            let fresh = Fresh { first_index, is_refused, turn: since % 2 };
            let known = self.fresh.entry(shard.0).or_insert(fresh);
            known.first_index = known.first_index.min(first_index);
            known.is_refused |= is_refused;
        }
    }
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
