//! Two worlds of one seed beside each other: "same seed, one change", and what came of it.

use kinesis::{Duration, Instant};

use crate::{Observer, Sandbox, StampedFact, World};

/// How two worlds differ.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// The first thing that happened in one world and not, or otherwise, in the other. None where it lies so far back
    /// that neither world keeps it.
    pub first: Option<FirstDifference>,
    /// Figures that differ, by name.
    pub figures: Vec<FigureDifference>,
}

/// Where the ways part: fact by fact both worlds are the same up to here.
#[derive(Clone, PartialEq, Debug)]
pub struct FirstDifference {
    pub at: Instant,
    pub here: Option<StampedFact>,
    pub there: Option<StampedFact>,
}

/// One figure in both worlds; none where there is nothing of that name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FigureDifference {
    /// `web: lost`, `orders: stored`.
    pub name: String,
    pub here: Option<u64>,
    pub there: Option<u64>,
}

impl<O: Observer> Sandbox<O> {
    /// A second world that has been through the same up to now, and goes its own way from here. It shares what both
    /// have in common, so that it costs little.
    pub fn fork(&self) -> Sandbox<O> {
        let mut fork = self.clone();
        fork.other = None;
        fork
    }

    /// How another world differs from this one; `None` where they are the same to the last bit.
    pub fn difference(&self, other: &Sandbox<O>) -> Option<Difference> {
        let is_same = self.digest() == other.digest()
            && self.now() == other.now()
            && self.world().fact_count() == other.world().fact_count();
        if is_same {
            return None;
        }
        let first = first_difference(self.world(), other.world())
            .or_else(|| self.look_back(other).and_then(|(here, there)| first_difference(&here, &there)));
        Some(Difference { first, figures: figure_differences(self.world(), other.world()) })
    }

    /// Both worlds shortly after their ways parted, where both histories reach back so far.
    fn look_back(&self, other: &Sandbox<O>) -> Option<(World, World)> {
        let (mut here, mut there) = (self.clone(), other.clone());
        let mut same = here.span().0.max(there.span().0);
        let mut differs = self.now().min(other.now());
        let mut is_same_at = |at: Instant| {
            let both = here.seek(at).is_ok() && there.seek(at).is_ok();
            both.then(|| (here.digest() == there.digest(), here.world().clone(), there.world().clone()))
        };
        if !is_same_at(same)?.0 {
            return None;
        }
        let mut found = None;
        // The digest runs over all facts: once it differs it does so for ever.
        while differs.since(same) > Duration::from_millis(100) {
            let middle = same + Duration::from_micros(differs.since(same).micros() / 2);
            let (is_same, here, there) = is_same_at(middle)?;
            if is_same {
                same = middle;
            } else {
                differs = middle;
                found = Some((here, there));
            }
        }
        found
    }
}

/// The first fact that differs, where both worlds still keep it and the one before.
fn first_difference(here: &World, there: &World) -> Option<FirstDifference> {
    let from = here.first_kept_fact().max(there.first_kept_fact());
    let (mut ours, mut theirs) = (here.facts_since(from), there.facts_since(from));
    let mut is_first = true;
    loop {
        let (a, b) = (ours.next(), theirs.next());
        match (a, b) {
            (None, None) => return None,
            (Some(x), Some(y)) if x == y => is_first = false,
            _ if is_first && from > 0 => return None,
            (x, y) => {
                let at = [x, y].into_iter().flatten().map(|fact| fact.at).min()?;
                return Some(FirstDifference { at, here: x.cloned(), there: y.cloned() });
            }
        }
    }
}

fn figure_differences(here: &World, there: &World) -> Vec<FigureDifference> {
    let (ours, theirs) = (figures(here), figures(there));
    let find = |list: &[(String, u64)], name: &str| {
        list.iter().find(|(known, _)| known == name).map(|(_, figure)| *figure)
    };
    let only_there = theirs.iter().filter(|(name, _)| find(&ours, name).is_none());
    ours.iter()
        .chain(only_there)
        .map(|(name, _)| FigureDifference {
            name: name.clone(),
            here: find(&ours, name),
            there: find(&theirs, name),
        })
        .filter(|figure| figure.here != figure.there)
        .collect()
}

/// What can be counted in a world.
fn figures(world: &World) -> Vec<(String, u64)> {
    let mut figures = vec![("facts".to_owned(), world.fact_count())];
    let mut add = |whose: &str, what: &str, figure: u64| figures.push(([whose, ": ", what].concat(), figure));
    for stream in world.service().streams() {
        let name = &*stream.name;
        add(name, "open shards", u64::from(stream.open_shard_count()));
        let totals = stream.shards().iter().filter_map(|shard| world.metrics.shard(&stream.name, shard.id));
        let total = |what: fn(&crate::SecondCounts) -> u64| totals.clone().map(|it| what(&it.total)).sum();
        add(name, "stored", total(|counts| counts.records));
        add(name, "refused", total(|counts| counts.refused_by_records + counts.refused_by_bytes));
        add(name, "read", total(|counts| counts.read_records + counts.pushed_records));
        add(name, "refused reads", total(|counts| counts.refused_reads));
    }
    for (_, _, producer) in world.producers() {
        let name = &producer.spec.name;
        add(name, "made", producer.made);
        add(name, "stored", producer.stored);
        add(name, "refused", producer.refused);
        add(name, "retried", producer.retried);
        add(name, "lost", producer.lost);
    }
    for (_, _, kpl) in world.kpls() {
        let name = &kpl.spec.name;
        add(name, "user records made", kpl.made);
        add(name, "user records stored", kpl.stored);
        add(name, "user records lost", kpl.lost);
        add(name, "Kinesis records refused", kpl.kinesis_records_refused);
    }
    for (_, _, agent) in world.agents() {
        let sum = |of: fn(&crate::Flow) -> u64| agent.flows.iter().map(of).sum::<u64>();
        let name = &agent.spec.name;
        add(name, "read", sum(|flow| flow.made));
        add(name, "stored", sum(|flow| flow.stored));
        add(name, "refused", sum(|flow| flow.refused));
        add(name, "lost", sum(|flow| flow.lost));
        add(name, "stored again", sum(crate::Flow::stored_again));
    }
    for (_, _, reader) in world.readers() {
        add(&reader.spec.name, "processed", reader.records);
        add(&reader.spec.name, "processed again", reader.again);
    }
    for (name, application) in world.applications().iter() {
        add(name, "processed", application.records);
        add(name, "processed again", application.again);
        add(name, "missed", application.missed);
    }
    for (name, function) in world.functions().iter() {
        add(name, "invocations", function.invocations);
        add(name, "errors", function.errors);
        add(name, "records", function.records);
    }
    figures
}
