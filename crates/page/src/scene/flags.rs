//! Where readers, iterators and applications stand in each shard.

use std::collections::BTreeMap;

use kinesis::{Instant, Shard};
use sim::{ActorState, Application, Checkpoint, ShardView, StartingPosition, World};

use super::ITERATOR_LIFE_MS;

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

/// The flags of these shards.
pub(super) fn flags_of(
    world: &World,
    stream: &str,
    shards: &[ShardView],
    application: Option<&str>,
    preview: Option<StartingPosition>,
) -> BTreeMap<u32, Vec<Flag>> {
    let mut all: BTreeMap<u32, Vec<Flag>> = BTreeMap::new();
    let Some(service) = world.service().stream(stream) else { return all };
    let now = world.now();
    let horizon = service.trim_horizon(now);
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
    for shard in shards.iter().filter_map(|view| service.shards().get(view.number as usize)) {
        let flags = all.entry(shard.id.0).or_default();
        if let Some(from) = preview {
            let index = match from {
                StartingPosition::TrimHorizon => shard.first_retained(horizon),
                StartingPosition::Latest => shard.log.last_index() + 1,
                StartingPosition::AtTimestamp(at) => shard.log.first_at(at.max(horizon)),
            };
            flags.push(flag(FlagKind::Preview, "new reader", shard, index));
        }
        for (_, state, reader) in world.readers() {
            let is_here = reader.spec.stream == stream && reader.failed.is_none();
            let at = reader.shards.get(&shard.id).filter(|at| !at.is_finished);
            if let Some(at) = at.filter(|_| is_here && state == ActorState::Running) {
                flags.push(flag(FlagKind::Reader, &reader.spec.name, shard, at.place()));
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
    for application in applications_of(world, stream, application) {
        for lease in application.table.leases() {
            let Some(flags) = all.get_mut(&lease.shard.0) else { continue };
            let Some(shard) = service.shard(lease.shard) else { continue };
            let start = match lease.checkpoint {
                Checkpoint::Record(at) => Some(at.index + 1),
                Checkpoint::TrimHorizon => Some(shard.first_retained(horizon)),
                Checkpoint::Latest | Checkpoint::AtTimestamp(_) | Checkpoint::ShardEnd => None,
            };
            let processed = application.progress.get(&lease.shard).map(|progress| progress.index() + 1);
            if let Some(index) = processed.or(start) {
                let mut flag = flag(FlagKind::Kcl, &application.spec.name, shard, index);
                flag.checkpoint = start.map(|index| (index, arrival_ms(shard, index, now)));
                flags.push(flag);
            }
        }
    }
    all
}

/// The applications that read the stream, the selected one first.
pub(super) fn applications_of<'w>(
    world: &'w World,
    stream: &str,
    selected: Option<&str>,
) -> Vec<&'w Application> {
    let mut here: Vec<&Application> =
        world.applications().values().filter(|application| application.spec.stream == stream).collect();
    here.sort_by_key(|application| Some(application.spec.name.as_str()) != selected);
    here
}

fn arrival_ms(shard: &Shard, index: u64, now: Instant) -> u64 {
    shard.log.read_from(index).next().map_or(now, |record| record.arrival).millis()
}
