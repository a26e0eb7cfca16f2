//! Who reads a shard, how, and how far that is.

use kinesis::{Duration, ShardId};
use sim::{ApplicationView, Checkpoint, ReaderView, WorkerView, World};

use super::flags::applications_of;
use super::{Flag, FlagKind, ITERATOR_LIFE_MS, Scene};

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

impl Scene {
    /// The leases of each shard, those of the selected application first.
    pub(super) fn deal_leases(&mut self, world: &World, stream: &str, application: Option<&str>) {
        let now = world.now();
        for application in applications_of(world, stream, application) {
            let is_its = |view: &&ApplicationView| view.name == application.spec.name;
            let Some(view) = self.view.applications.iter().find(is_its) else { continue };
            // The view has them in the order of the table.
            for (lease, lease_view) in application.table.leases().zip(&view.leases) {
                if !self.flags.contains_key(&lease.shard.0) {
                    continue;
                }
                let is_owner = |worker: &&WorkerView| Some(&worker.name) == lease.lease_owner.as_ref();
                let owner = view.workers.iter().find(is_owner);
                let others = view.workers.iter().filter(|worker| !is_owner(worker));
                let ghosts = others.filter(|worker| worker.believes.contains(&lease.shard.0));
                self.leases.entry(lease.shard.0).or_default().push(LeaseCard {
                    application: view.name.clone(),
                    owner: lease.lease_owner.clone(),
                    ghosts: ghosts.map(|worker| worker.name.clone()).collect(),
                    counter: lease.lease_counter,
                    age_ms: now.since(lease.written).millis(),
                    failover_ms: view.failover_ms,
                    is_done: lease.checkpoint == Checkpoint::ShardEnd,
                    is_silent: owner.is_some_and(|worker| worker.state != "running"),
                    phase: lease_view.phase,
                });
            }
        }
    }

    /// Who reads each shard that is shown, in the order in which they stand beside the stage.
    pub(super) fn name_readers(&mut self, world: &World, stream: &str) {
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
                        let place = consumer.and_then(|it| it.subscriptions.get(&ShardId(number)));
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
    pub(super) fn write_passports(&mut self, world: &World, stream: &str) {
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
