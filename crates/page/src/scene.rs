//! What the components and the lanes get to see: the picture of the selected stream, and what the page makes of it.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::rc::Rc;

use kinesis::{Duration, Instant, Shard, apart};
use sim::{
    ApplicationView, Checkpoint, ReaderView, ShardView, StartingPosition, StreamView, ViewQuery, World,
    WorldView,
};

use crate::browser::parts::is_whole;
use crate::desk::PageSandbox;
use crate::heat::HeatMap;
use crate::key_bands::KeyBands;
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
    /// An iterator's life that is left, in thousandths.
    pub life: Option<u16>,
}

/// The lease of a shard in one application.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct LeaseCard {
    pub application: String,
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

/// How somebody gets the records of a shard.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum ReadingWay {
    /// By GetRecords, out of the budget that all such readers of the shard share.
    Polls,
    /// By SubscribeToShard, with a budget of its own.
    IsPushed { left: i64, max: i64, renews_in_ms: Option<u64> },
    /// As a lease that a worker of an application holds.
    Leases(LeaseCard),
}

/// Somebody who reads a shard, and how far that is.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct ShardReader {
    pub name: String,
    pub way: ReadingWay,
    /// Records from its place to the tip.
    pub behind: u64,
    pub millis_behind: u64,
    /// Records between the checkpoint and its place: what a crash would bring again.
    pub uncovered: u64,
    /// Why it does not read now: finished, or waiting for parents.
    pub rests: Option<&'static str>,
}

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

/// What an iterator is worth: where it stands, until when it can be used, and what to write down before that.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Passport {
    pub reading: u64,
    pub kind: &'static str,
    /// Index of the record that comes next.
    pub next: u64,
    /// Records that the reading has brought, and the answers it took.
    pub records: u64,
    pub answers: u64,
    pub issued_ms: u64,
    pub expires_ms: u64,
    /// Sequence number of the last record before its place: what survives the iterator.
    pub last_sequence_number: Option<String>,
    pub is_finished: bool,
}

/// How long an iterator lives.
///
/// Documented: GetShardIterator in the API Reference.
pub(crate) const ITERATOR_LIFE_MS: u64 = 300_000;

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
            // At full traffic nobody looks at single records.
            records: if is_strip_before { 1 } else { LANE_RECORDS },
            seconds: LANE_SECONDS as u32,
            first_shard: if is_wide { place.unwrap_or(0) as u32 } else { 0 },
            shards: if is_wide { 1 } else { ROWS_MAX as u32 },
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
        scene.plant_flags(world, stream, application, preview);
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
                life: None,
            }
        };
        let shown: Vec<u32> = self.stream().iter().flat_map(|it| &it.shards).map(|it| it.number).collect();
        for shard in shown.iter().filter_map(|number| shards.shards().get(*number as usize)) {
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
                let left = reading.expires.since(now).millis();
                let life = Some((left * 1_000 / ITERATOR_LIFE_MS).min(1_000) as u16);
                flags.push(Flag { life, ..flag(FlagKind::Iterator, &label, shard, reading.next) });
            }
        }
        // Each application of the stream has leases of its own; those of the selected one come first.
        let mut here: Vec<&ApplicationView> =
            self.view.applications.iter().filter(|view| view.stream == stream).collect();
        here.sort_by_key(|view| Some(view.name.as_str()) != application);
        let of_shards =
            here.into_iter().filter_map(|view| Some((view, world.applications().get(&view.name)?)));
        for (view, application, lease) in of_shards.flat_map(|(view, application)| {
            application.table.leases().map(move |lease| (view, application, lease))
        }) {
            let Some(shard) = shards.shard(lease.shard).filter(|shard| shown.contains(&shard.id.0)) else {
                continue;
            };
            let start = match lease.checkpoint {
                Checkpoint::Record(at) => Some(at.index + 1),
                Checkpoint::TrimHorizon => Some(shard.first_retained(horizon)),
                Checkpoint::Latest | Checkpoint::AtTimestamp(_) | Checkpoint::ShardEnd => None,
            };
            let processed = application.progress.get(&lease.shard).map(|progress| progress.index() + 1);
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
            self.leases.entry(lease.shard.0).or_default().push(LeaseCard {
                application: view.name.clone(),
                owner: lease.lease_owner.clone(),
                ghosts: ghosts.map(|worker| worker.name.clone()).collect(),
                counter: lease.lease_counter,
                age_ms: now.since(lease.written).millis(),
                failover_ms: view.failover_ms,
                is_done: lease.checkpoint == Checkpoint::ShardEnd,
                is_silent: owner.is_some_and(|worker| worker.state != "running"),
                phase,
            });
        }
    }
}

impl Scene {
    /// Who reads each shard that is shown, in the order in which they stand beside the stage.
    fn name_readers(&mut self, world: &World, stream: &str) {
        let Some(service) = world.service().stream(stream) else { return };
        let now = world.now();
        let shown: Vec<(u32, u64)> =
            self.stream().iter().flat_map(|it| &it.shards).map(|it| (it.number, it.last_index)).collect();
        for (number, last_index) in shown {
            let mut found = Vec::new();
            let here = |reader: &&ReaderView| reader.is_running && reader.stream == stream;
            for reader in self.view.readers.iter().filter(here) {
                let Some(at) = reader.shards.iter().find(|at| at.shard == number) else { continue };
                let way = match &reader.consumer {
                    None => ReadingWay::Polls,
                    Some(consumer) => {
                        let consumer = service.consumers.get(consumer);
                        let place = consumer.and_then(|it| it.subscriptions.get(&kinesis::ShardId(number)));
                        ReadingWay::IsPushed {
                            left: place.map_or(0, |place| place.bytes.level(now)),
                            max: place.map_or(0, |place| place.bytes.capacity()),
                            renews_in_ms: place.filter(|place| place.is_live()).map(|place| {
                                (place.started + Duration::from_millis(ITERATOR_LIFE_MS)).since(now).millis()
                            }),
                        }
                    }
                };
                found.push(ShardReader {
                    name: reader.name.clone(),
                    way,
                    behind: if at.is_finished { 0 } else { (last_index + 1).saturating_sub(at.next.max(1)) },
                    millis_behind: at.millis_behind,
                    uncovered: 0,
                    rests: match (at.is_finished, at.waits_for.is_empty()) {
                        (true, _) => Some("finished"),
                        (false, false) => Some("waits for its parents"),
                        (false, true) => None,
                    },
                });
            }
            for card in self.leases.get(&number).into_iter().flatten() {
                let is_its = |flag: &&Flag| flag.kind == FlagKind::Kcl && flag.label == card.application;
                let flag = self.flags.get(&number).and_then(|flags| flags.iter().find(is_its));
                let application = self.view.applications.iter().find(|it| card.application == it.name);
                let lease = application.and_then(|it| it.leases.iter().find(|lease| lease.shard == number));
                found.push(ShardReader {
                    name: card.application.clone(),
                    way: ReadingWay::Leases(card.clone()),
                    behind: flag.map_or(0, |flag| flag.behind),
                    millis_behind: lease.map_or(0, |lease| lease.millis_behind),
                    uncovered: flag
                        .and_then(|flag| flag.checkpoint.map(|(from, _)| flag.index.saturating_sub(from)))
                        .unwrap_or(0),
                    rests: card.is_done.then_some("finished"),
                });
            }
            if !found.is_empty() {
                self.shard_readers.insert(number, found);
            }
        }
    }

    /// The iterators that were issued by hand, with what each is worth now.
    fn write_passports(&mut self, world: &World, stream: &str) {
        let Some(service) = world.service().stream(stream) else { return };
        for reading in world.readings().filter(|reading| *reading.stream == *stream) {
            let Some(shard) = service.shard(reading.shard) else { continue };
            let before = reading.next.checked_sub(1).filter(|index| *index > 0);
            let last = before.and_then(|index| {
                let record = shard.log.read_from(index).next().filter(|record| record.index == index)?;
                Some(shard.sequence_number(record.index, record.arrival).to_string())
            });
            let expires_ms = reading.expires.millis();
            self.passports.entry(reading.shard.0).or_default().push(Passport {
                reading: reading.number,
                kind: reading.kind.name(),
                next: reading.next,
                records: reading.records,
                answers: reading.answers,
                issued_ms: expires_ms.saturating_sub(ITERATOR_LIFE_MS),
                expires_ms,
                last_sequence_number: last,
                is_finished: reading.is_finished,
            });
        }
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

    /// Readers that share the GetRecords budget of a shard.
    pub(crate) fn polls(&self, shard: u32) -> u32 {
        let readers = self.shard_readers.get(&shard).into_iter().flatten();
        let polling = readers.filter(|reader| match &reader.way {
            ReadingWay::Polls => reader.rests.is_none(),
            ReadingWay::IsPushed { .. } => false,
            ReadingWay::Leases(card) => !card.is_done && card.owner.is_some(),
        });
        polling.count() as u32
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
