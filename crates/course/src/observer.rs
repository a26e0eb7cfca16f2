//! The fold over facts that decides goals: run at every instant, kept in the history's copies of the world, so that
//! frames, speed, undo and seek cannot change an answer.

use std::rc::Rc;

use kinesis::{ErrorCode, Instant, Operation, SequenceNumber, ShardId, SortedMap};
use sim::{Cause, Fact, Observer, Sandbox, World};

use crate::check::{Scene, Slot};
use crate::lesson_file::{Goal, LessonFile};
use crate::throttles::{Throttle, Throttles};

/// Watches the goals of a lesson; in free play it watches nothing.
#[derive(Clone, Debug, Default)]
pub struct CourseObserver {
    goals: Rc<Vec<Goal>>,
    /// What each goal's wrappers remember.
    slots: Vec<Vec<Slot>>,
    memory: Memory,
}

/// What a learner's own calls brought, and what was refused to anybody.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    calls: SortedMap<Operation, u64>,
    errors: SortedMap<(Operation, ErrorCode), u64>,
    last_put: Option<(ShardId, SequenceNumber)>,
    throttles: Throttles,
}

impl Memory {
    pub(crate) fn calls(&self, operation: Operation) -> u64 {
        self.calls.get(&operation).copied().unwrap_or(0)
    }

    pub(crate) fn errors(&self, operation: Operation, code: Option<ErrorCode>) -> u64 {
        let wanted =
            self.errors.iter().filter(|((op, c), _)| *op == operation && code.is_none_or(|code| code == *c));
        wanted.map(|(_, count)| count).sum()
    }

    pub(crate) fn last_put(&self) -> Option<(ShardId, SequenceNumber)> {
        self.last_put
    }

    /// See [`Throttles::sum`].
    pub(crate) fn throttled(
        &self,
        throttle: Throttle,
        stream: &str,
        shard: Option<Option<ShardId>>,
        now: Instant,
        last: Option<u64>,
    ) -> u64 {
        self.throttles.sum(throttle, stream, shard, now, last)
    }

    fn note(&mut self, world: &World, fact: &sim::StampedFact) {
        if let Fact::Service(service) = &fact.fact {
            self.throttles.note(fact.at, service);
        }
        let Cause::Command(_) = fact.cause else { return };
        match &fact.fact {
            Fact::CallAnswered { operation, error, .. } => {
                *self.calls.or_insert_with(*operation, Default::default) += 1;
                if let Some(code) = error {
                    *self.errors.or_insert_with((*operation, *code), Default::default) += 1;
                }
            }
            Fact::Service(kinesis::Fact::RecordsAppended { stream, shard, last_index, .. }) => {
                let found = world.service().stream(stream).and_then(|stream| stream.shard(*shard));
                self.last_put = found.map(|found| (*shard, found.sequence_number(*last_index, fact.at)));
            }
            _ => {}
        }
    }
}

/// A goal as the learner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoalState {
    pub text: String,
    pub is_reached: bool,
    /// Why not yet; empty where the goal is reached.
    pub reason: String,
}

impl CourseObserver {
    /// Watches a lesson from its beginning.
    pub fn watching(lesson: &LessonFile) -> CourseObserver {
        CourseObserver {
            slots: lesson.goals.iter().map(|goal| vec![Slot::default(); goal.check.slots]).collect(),
            goals: Rc::new(lesson.goals.clone()),
            memory: Memory::default(),
        }
    }

    fn states(&self, world: &World) -> Vec<GoalState> {
        let scene = Scene { world, memory: &self.memory };
        self.goals
            .iter()
            .zip(&self.slots)
            .map(|(goal, slots)| {
                let judged = goal.check.judge(scene, slots);
                GoalState {
                    text: goal.text.clone(),
                    is_reached: judged.is_ok(),
                    reason: judged.err().unwrap_or_default(),
                }
            })
            .collect()
    }
}

impl Observer for CourseObserver {
    fn observe(&mut self, world: &World, since: u64) {
        for fact in world.facts_since(since) {
            self.memory.note(world, fact);
        }
        let scene = Scene { world, memory: &self.memory };
        for (goal, slots) in self.goals.iter().zip(&mut self.slots) {
            goal.check.observe(scene, slots);
        }
    }
}

/// The goals of the lesson that the sandbox watches, at the present instant.
pub fn goals(sandbox: &Sandbox<CourseObserver>) -> Vec<GoalState> {
    sandbox.observer().states(sandbox.world())
}
