//! The fold over facts that decides goals: run at every instant, kept in the history's copies of the world, so that
//! frames, speed, undo and seek cannot change an answer.

use std::cell::OnceCell;
use std::rc::Rc;

use kinesis::Instant;
use sim::{Bill, Observer, Sandbox, World};

use crate::check::{Check, CheckError, Scene, Slot, Tongue, Value};
use crate::debrief::{Damage, Watch};
use crate::lesson_file::LessonFile;
use crate::memory::Memory;

/// Watches the goals of a lesson and its near-misses; in free play it watches nothing.
#[derive(Clone, Debug, Default)]
pub struct CourseObserver {
    watched: Rc<Watched>,
    /// How the world was when the setup was over, once it is: what happened before is not the learner's doing. All
    /// copies share it, and it is set once.
    begun: Rc<OnceCell<Begun>>,
    /// What each check's wrappers remember, goals first.
    slots: Vec<Vec<Slot>>,
    memory: Memory,
    /// In an incident: what its debrief is made of.
    watch: Watch,
}

/// The world at the learner's first instant, as far as checks compare with it.
#[derive(Clone, Debug)]
pub(crate) struct Begun {
    pub(crate) at: Instant,
    /// What a month of it costs.
    pub(crate) bill: Bill,
    /// What each check's `at_start(…)` stands for, goals first.
    starts: Vec<Vec<Value>>,
    damage: Damage,
}

#[derive(Debug, Default)]
struct Watched {
    goals: Vec<(String, Check)>,
    chips: Vec<Check>,
    /// The first sign of an incident.
    signal: Option<Check>,
}

impl Watched {
    fn checks(&self) -> impl Iterator<Item = &Check> {
        self.goals.iter().map(|(_, check)| check).chain(&self.chips)
    }
}

/// A goal as the learner sees it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GoalState {
    pub text: String,
    pub is_reached: bool,
    /// It cannot be reached any more, except by going back in time.
    pub is_broken: bool,
    /// Why it is reached, or why not yet; never empty.
    pub reason: String,
    /// How far a check has come that is a matter of more: what is, and what is wanted.
    pub progress: Option<(u64, u64)>,
}

impl CourseObserver {
    /// Watches a lesson whose setup is still to come; [`CourseObserver::begin`] ends the setup.
    pub fn watching(lesson: &LessonFile) -> CourseObserver {
        let goals = lesson.goals.iter().map(|goal| (goal.text.clone(), goal.check.clone())).collect();
        let chips = lesson.near_misses.iter().map(|miss| miss.chip.clone()).collect();
        let signal = lesson.incident.as_ref().map(|incident| incident.signal.clone());
        CourseObserver::of(goals, chips, signal)
    }

    pub(crate) fn of(
        goals: Vec<(String, Check)>,
        chips: Vec<Check>,
        signal: Option<Check>,
    ) -> CourseObserver {
        let watched = Watched { goals, chips, signal };
        CourseObserver {
            slots: watched.checks().map(|check| vec![Slot::default(); check.slots]).collect(),
            watched: Rc::new(watched),
            begun: Rc::default(),
            memory: Memory::default(),
            watch: Watch::default(),
        }
    }

    /// Says that the learner's turn begins with this world; the first time counts.
    pub fn begin(&self, world: &World) {
        let scene = self.scene(world);
        let _ = self.begun.set(Begun {
            at: world.now(),
            bill: world.bill(),
            starts: self.watched.checks().map(|check| check.read_starts(scene)).collect(),
            damage: Damage::of(world, &self.memory),
        });
    }

    /// When the learner's turn began.
    pub fn begun(&self) -> Option<Instant> {
        self.begun.get().map(|begun| begun.at)
    }

    fn scene<'a>(&'a self, world: &'a World) -> Scene<'a> {
        Scene { world, memory: &self.memory, begun: self.begun.get(), tongue: Tongue::English, starts: &[] }
    }

    /// What was lost and doubled before the learner's turn began.
    pub(crate) fn damage_before(&self) -> Damage {
        self.begun.get().map(|begun| begun.damage).unwrap_or_default()
    }

    pub(crate) fn memory(&self) -> &Memory {
        &self.memory
    }

    pub(crate) fn watch(&self) -> &Watch {
        &self.watch
    }

    /// The scene of each check, goals first.
    fn scenes<'a>(&'a self, world: &'a World) -> impl Iterator<Item = Scene<'a>> {
        let starts = self.begun.get().map(|begun| begun.starts.as_slice()).unwrap_or_default();
        let none: &[Value] = &[];
        let starts = starts.iter().map(Vec::as_slice).chain(std::iter::repeat(none));
        starts.map(move |starts| Scene { starts, ..self.scene(world) })
    }

    /// Whether the world is as the goals want it, whatever was answered by then.
    pub(crate) fn is_repaired(&self, world: &World) -> bool {
        let goals = self.watched.goals.iter().zip(&self.slots).zip(self.scenes(world));
        let mut goals = goals.filter(|(((_, check), _), _)| !check.asks_only());
        !self.watched.goals.is_empty()
            && goals.all(|(((_, check), slots), scene)| check.judge(scene, slots).is_reached)
    }

    fn states(&self, world: &World, tongue: Tongue) -> Vec<GoalState> {
        let scenes = self.scenes(world).map(|scene| Scene { tongue, ..scene });
        let goals = self.watched.goals.iter().zip(&self.slots).zip(scenes);
        goals
            .map(|(((text, check), slots), scene)| {
                let verdict = check.judge(scene, slots);
                GoalState {
                    text: text.clone(),
                    is_reached: verdict.is_reached,
                    is_broken: verdict.is_broken,
                    reason: verdict.because,
                    progress: verdict.progress,
                }
            })
            .collect()
    }

    fn lit(&self, world: &World) -> Vec<usize> {
        let places = self.slots.iter().zip(self.scenes(world)).skip(self.watched.goals.len());
        let chips = self.watched.chips.iter().zip(places);
        let judged = chips.map(|(check, (slots, scene))| check.judge(scene, slots).is_reached);
        judged.enumerate().filter(|(_, is_lit)| *is_lit).map(|(index, _)| index).collect()
    }
}

impl Observer for CourseObserver {
    fn observe(&mut self, world: &World, since: u64) {
        if let Some(signal) = &self.watched.signal {
            let scene =
                Scene { world, memory: &self.memory, begun: None, tongue: Tongue::English, starts: &[] };
            self.watch.look_for_signal(signal, scene);
        }
        let turn = self.begun();
        for fact in world.facts_since(since) {
            match turn {
                Some(turn) if fact.at >= turn => self.memory.note(world, fact),
                // Where reading by hand goes on from counts, whenever it was.
                _ => self.memory.note_reading(fact),
            }
        }
        let begun = Rc::clone(&self.begun);
        let Some(begun) = begun.get().filter(|begun| world.now() >= begun.at) else { return };
        let checks = self.watched.checks().zip(&mut self.slots).zip(&begun.starts);
        for ((check, slots), starts) in checks.filter(|((_, slots), _)| !slots.is_empty()) {
            let tongue = Tongue::English;
            check.observe(Scene { world, memory: &self.memory, begun: Some(begun), tongue, starts }, slots);
        }
        if self.watched.signal.is_some() && self.watch.is_due(world.now()) {
            let is_repaired = self.is_repaired(world);
            self.watch.note(world, &self.memory, is_repaired);
        }
    }
}

/// The goals of the lesson that the sandbox watches, at the present instant.
pub fn goals(sandbox: &Sandbox<CourseObserver>) -> Vec<GoalState> {
    goals_in(sandbox, Tongue::English)
}

/// The same; why they are reached or not is told in that language, the goals themselves are the lesson's.
pub fn goals_in(sandbox: &Sandbox<CourseObserver>, tongue: Tongue) -> Vec<GoalState> {
    sandbox.observer().states(sandbox.world(), tongue)
}

/// Which near-misses of the lesson the world is in, by their place in the lesson's list.
pub fn near_misses(sandbox: &Sandbox<CourseObserver>) -> Vec<usize> {
    sandbox.observer().lit(sandbox.world())
}

/// Whether there are goals and all are reached.
pub fn is_solved(sandbox: &Sandbox<CourseObserver>) -> bool {
    let goals = goals(sandbox);
    !goals.is_empty() && goals.iter().all(|goal| goal.is_reached)
}

/// Whether a check that nobody watched holds at the present instant, as quiz items ask.
pub(crate) fn holds(sandbox: &Sandbox<CourseObserver>, check: &Check) -> bool {
    check.holds(sandbox.observer().scene(sandbox.world()))
}

pub(crate) fn memory_of(sandbox: &Sandbox<CourseObserver>) -> &Memory {
    sandbox.observer().memory()
}

/// What a reader of the check language says at the present instant; none where there is no such reader.
pub(crate) fn read(sandbox: &Sandbox<CourseObserver>, reader: &str) -> Option<Value> {
    let check = Check::parse(&["now(", reader, " == 0)"].concat()).ok()?;
    check.left().map(|term| term.read(sandbox.observer().scene(sandbox.world())))
}

/// What a check says of the present instant, in words: for those who write lessons.
pub fn ask(sandbox: &Sandbox<CourseObserver>, check: &str) -> Result<String, CheckError> {
    let check = Check::parse(check)?;
    let mut slots = vec![Slot::default(); check.slots];
    let scene = sandbox.observer().scene(sandbox.world());
    // Nobody kept what it was: the present stands for it.
    let starts = check.read_starts(scene);
    let scene = Scene { starts: &starts, ..scene };
    check.observe(scene, &mut slots);
    Ok(check.judge(scene, &slots).because)
}
