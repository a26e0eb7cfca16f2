//! After an incident: when its first sign could have been seen, when somebody did something, when the harm ended, what
//! was lost and doubled, and what it costs. All of it is found in the world; nothing is written by an author.

use kinesis::Instant;
use sim::World;

use crate::CourseSandbox;
use crate::check::{Check, Scene};
use crate::memory::Memory;

/// What went wrong so far, counted over all programs that ever ran.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Damage {
    /// Records that producers gave up.
    pub lost: u64,
    /// Records that readers and applications went past.
    pub missed: u64,
    /// Records that event source mappings gave up.
    pub discarded: u64,
    /// Records that were processed or read again.
    pub again: u64,
    /// Of these, records whose effect was had twice.
    pub twice: u64,
    /// The bill, in billionths of a dollar.
    pub cost: u128,
    /// What a month would cost as things stand.
    pub month: u128,
}

impl Damage {
    pub(crate) fn of(world: &World, memory: &Memory) -> Damage {
        let [lost, missed, discarded, again, twice] = harm(world, memory);
        let bill = world.bill();
        Damage { lost, missed, discarded, again, twice, cost: bill.total, month: bill.month_total }
    }
}

/// What was lost, missed, discarded, done again and done twice.
fn harm(world: &World, memory: &Memory) -> [u64; 5] {
    let producers = world.producers().map(|(_, _, producer)| producer.lost).sum::<u64>();
    let kpls = world.kpls().map(|(_, _, kpl)| kpl.lost).sum::<u64>();
    let by_hand = memory.all_by_hand();
    let mut harm = [producers + kpls, by_hand.missed, 0, by_hand.again, 0];
    for application in world.applications().values() {
        harm[1] += application.missed;
        harm[3] += application.again;
        harm[4] += application.processed_twice;
    }
    for (_, _, reader) in world.readers() {
        harm[1] += reader.missed;
        harm[3] += reader.again;
    }
    for (_, mapping) in world.mappings() {
        harm[2] += mapping.counts.discarded;
        harm[3] += mapping.counts.again;
    }
    harm
}

/// What is noted while an incident lasts.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct Watch {
    /// When the first sign showed, and what it said.
    signal: Option<(Instant, String)>,
    /// When something was last lost or doubled.
    harmed: Option<Instant>,
    repaired: Option<Instant>,
    harm: Option<[u64; 5]>,
    /// The newest second that was looked at.
    second: Option<u64>,
}

impl Watch {
    pub(crate) fn look_for_signal(&mut self, signal: &Check, scene: Scene<'_>) {
        if self.signal.is_none() {
            let verdict = signal.judge(scene, &[]);
            self.signal = verdict.is_reached.then(|| (scene.world.now(), verdict.because));
        }
    }

    /// The goals of an incident are looked at once in a second of virtual time.
    pub(crate) fn is_due(&self, now: Instant) -> bool {
        self.second.is_none_or(|second| now.seconds() > second)
    }

    pub(crate) fn note(&mut self, world: &World, memory: &Memory, is_repaired: bool) {
        let now = world.now();
        self.second = Some(now.seconds());
        let harm = harm(world, memory);
        if self.harm.is_some_and(|before| before != harm) {
            self.harmed = Some(now);
        }
        self.harm = Some(harm);
        if is_repaired && self.repaired.is_none() {
            self.repaired = Some(now);
        }
    }
}

/// One moment of an incident.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Moment {
    pub at: Instant,
    pub what: &'static str,
    /// What the world said then; may be empty.
    pub detail: String,
}

/// How an incident went.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Debrief {
    /// In the order of time.
    pub moments: Vec<Moment>,
    /// Seconds from the first sign to the page, from the page to the first change, and from the page to the repair.
    pub signal_to_page: Option<u64>,
    pub page_to_change: Option<u64>,
    pub page_to_repair: Option<u64>,
    /// What was lost and doubled when the page came, and by now.
    pub before: Damage,
    pub after: Damage,
}

/// The debrief of the incident that the sandbox watches, as far as it has come.
pub fn debrief(sandbox: &CourseSandbox) -> Option<Debrief> {
    let observer = sandbox.observer();
    let (page, watch, memory) = (observer.begun()?, observer.watch(), observer.memory());
    let mut moments = Vec::new();
    let mut moment = |at: Option<Instant>, what: &'static str, detail: &str| {
        moments.extend(at.map(|at| Moment { at, what, detail: detail.to_owned() }));
    };
    let signal = watch.signal.as_ref();
    moment(signal.map(|(at, _)| *at), "First useful signal", signal.map_or("", |(_, because)| because));
    moment(Some(page), "The page", "");
    let change = memory.first_change();
    moment(change, "Your first change", "");
    moment(watch.harmed, "The last loss or duplicate", "");
    // The last goal may have been reached since the second was looked at.
    let repaired = watch.repaired.or(observer.is_repaired(sandbox.world()).then(|| sandbox.now()));
    moment(repaired, "Repaired", "");
    moments.sort_by_key(|moment| moment.at);
    Some(Debrief {
        moments,
        signal_to_page: signal.map(|(at, _)| page.since(*at).seconds()),
        page_to_change: change.map(|at| at.since(page).seconds()),
        page_to_repair: repaired.map(|at| at.since(page).seconds()),
        before: observer.damage_before(),
        after: Damage::of(sandbox.world(), memory),
    })
}
