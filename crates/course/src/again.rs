//! "Break it again": something goes wrong in a world that was just put right. Which thing it is follows from the world
//! and from how often it was asked for, so that a session replays.

use sim::{ActorState, World};

/// Something that goes wrong, as a line of the sandbox, and what it was in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Breakage {
    pub line: String,
    pub what: String,
}

/// What goes wrong in this world the `round`-th time, from 0; none where there is no stream.
pub fn breakage(world: &World, round: usize) -> Option<Breakage> {
    let all = breakages(world);
    let place = round.checked_rem(all.len())?;
    all.into_iter().nth(place)
}

fn breakages(world: &World) -> Vec<Breakage> {
    let mut all = Vec::new();
    let mut add = |line: &[&str], what: &[&str]| {
        all.push(Breakage { line: line.concat(), what: what.concat() });
    };
    for app in world.applications().values() {
        let workers = app.workers.iter().filter_map(|id| world.worker(*id));
        let mut running = workers.filter(|(state, _)| *state == ActorState::Running);
        let Some((_, worker)) = running.next() else { continue };
        let (name, worker) = (awscli::quote(&app.spec.name), awscli::quote(&worker.name));
        add(
            &["sandbox fault pause ", &name, "/", &worker, " --for 25s"],
            &[&worker, " of ", &name, " stood still for 25 seconds, as in a long garbage collection"],
        );
        add(
            &["sandbox kcl crash ", &name, " ", &worker],
            &[&worker, " of ", &name, " died, and nobody restarts it"],
        );
        add(
            &["sandbox fault slow-sink ", &name, "/", &worker, " --per-record 200ms --for 3m"],
            &[
                "what ",
                &worker,
                " of ",
                &name,
                " writes its results to takes 200 ms a record for three minutes",
            ],
        );
    }
    for (_, state, producer) in world.producers() {
        if state != ActorState::Running {
            continue;
        }
        let name = awscli::quote(&producer.spec.name);
        let twice = producer.spec.rate.saturating_mul(2).min(100_000).to_string();
        add(
            &["sandbox fault loss --percent 30 --way answers --program ", &name, " --for 1m"],
            &["three of ten answers to ", &name, " got lost for a minute: it could not know what was stored"],
        );
        add(
            &["sandbox producer change ", &name, " --keys hot:90:celebrity"],
            &["nine of ten records of ", &name, " have one key now"],
        );
        add(
            &["sandbox producer change ", &name, " --rate ", &twice],
            &[&name, " makes twice as many records now: ", &twice, " a second"],
        );
    }
    for (_, state, reader) in world.readers() {
        if state == ActorState::Running {
            let name = awscli::quote(&reader.spec.name);
            add(
                &["sandbox fault slow ", &name, " --factor 500 --for 2m"],
                &[&name, " takes 500 times longer for everything, for two minutes"],
            );
        }
    }
    let is_quiet = world.producers().all(|(_, state, _)| state != ActorState::Running);
    for stream in world.service().streams().filter(|_| is_quiet) {
        let name = awscli::quote(&stream.name);
        add(
            &["sandbox producer start again-1 --stream ", &name, " --rate 1500 --keys fixed:celebrity"],
            &["a new producer, again-1, sends 1,500 records a second under one key"],
        );
        add(
            &["sandbox producer start again-2 --stream ", &name, " --rate 30 --size 100000 --keys random"],
            &["a new producer, again-2, sends 30 records of 100 KB a second"],
        );
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog, run_script, start_unrecorded};

    /// Every line is one that the solved worlds of the course take, and no two rounds are the same.
    #[test]
    fn solved_worlds_can_be_broken_again() {
        for id in ["E1.1", "E3.3", "E6.2", "E5.4", "C4"] {
            let lesson = crate::lesson(id).unwrap();
            let mut sandbox = start_unrecorded(lesson).unwrap();
            run_script(&mut sandbox, &lesson.solution).unwrap();
            let all = breakages(sandbox.world());
            assert!(all.len() >= 2, "{id}: {all:?}");
            for round in 0..all.len() {
                let broken = breakage(sandbox.world(), round).unwrap();
                assert_eq!(breakage(sandbox.world(), round + all.len()), Some(broken.clone()));
                let mut tried = sandbox.clone();
                run_script(&mut tried, &broken.line).unwrap_or_else(|error| panic!("{id}: {error}"));
            }
        }
        assert!(catalog().len() > 5);
    }

    #[test]
    fn an_empty_account_has_nothing_to_break() {
        let sandbox = sim::Sandbox::new(sim::SandboxOptions::default());
        assert_eq!(breakage(sandbox.world(), 3), None);
    }
}
