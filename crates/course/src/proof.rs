//! The proof of a lesson: its start does not pass, its solutions and its alternatives do, near-misses do not and light
//! their chips, no line of the solution is idle, and the sentences behind the goals tell these states apart.

use std::collections::BTreeSet;

use crate::{
    CourseSandbox, GoalState, Lesson, ScriptError, Tongue, blanks, goals, is_solved, near_misses, run_clicks,
    run_script, start_unrecorded,
};

/// What a proof plays besides the lesson's own solution.
#[derive(Clone, Copy, Debug)]
pub struct Ways<'a> {
    pub clicks: &'a str,
    /// Name and script of each near-miss.
    pub near_misses: &'a [(&'a str, &'a str)],
    /// Name and script of each other way that reaches the goals as well.
    pub alternatives: &'a [(&'a str, &'a str)],
}

/// Plays a lesson in every way that it comes with. Returns what is wrong with it.
pub fn prove(lesson: &Lesson, ways: &Ways<'_>) -> Vec<String> {
    let begun = match start_unrecorded(lesson) {
        Ok(sandbox) => sandbox,
        Err(error) => return vec![format!("{}: setup.txt: {error}", lesson.file.id)],
    };
    let mut proof = Proof { lesson, begun, states: Vec::new(), wrong: Vec::new() };
    proof.start();
    proof.solution();
    proof.clicks(ways.clicks);
    proof.near_misses(ways.near_misses);
    proof.alternatives(ways.alternatives);
    proof.idle_lines();
    proof.sentences();
    proof.wrong
}

struct Proof<'a> {
    lesson: &'a Lesson,
    /// The world after the setup, which is run once and copied.
    begun: CourseSandbox,
    /// Each state by its name, with how the goals stand there.
    states: Vec<(String, Vec<GoalState>)>,
    wrong: Vec<String>,
}

impl Proof<'_> {
    fn wrong(&mut self, what: impl AsRef<str>) {
        self.wrong.push(format!("{}: {}", self.lesson.file.id, what.as_ref()));
    }

    fn keep(&mut self, state: &str, sandbox: &CourseSandbox) {
        self.states.push((state.to_owned(), goals(sandbox)));
    }

    fn play(&self, script: &str) -> Result<CourseSandbox, ScriptError> {
        let mut sandbox = self.begun.clone();
        run_script(&mut sandbox, script).map(|_| sandbox)
    }

    fn start(&mut self) {
        let begun = self.begun.clone();
        if is_solved(&begun) {
            self.wrong("it is solved at its start");
        }
        let lit = near_misses(&begun);
        if !lit.is_empty() {
            self.wrong(format!("chips {lit:?} are lit at the start"));
        }
        self.keep("start", &begun);
    }

    fn solution(&mut self) {
        match self.play(&self.lesson.solution) {
            Err(error) => self.wrong(format!("solution.txt: {error}")),
            Ok(solved) => {
                self.must_be_solved("solution.txt", &solved);
                let lit = near_misses(&solved);
                if !lit.is_empty() {
                    self.wrong(format!("chips {lit:?} are lit where it is solved"));
                }
                self.keep("solved", &solved);
                self.explanation_back(&solved);
            }
        }
    }

    /// What the learner is asked to tell back has gaps whose fillings can be told apart.
    fn explanation_back(&mut self, solved: &CourseSandbox) {
        let blanks = blanks(solved, Tongue::English);
        if blanks.is_empty() {
            self.wrong("there is nothing to explain back");
        }
        for blank in blanks {
            let sentence = [&blank.before, "__", &blank.after].concat();
            let different: BTreeSet<&String> = blank.options.iter().collect();
            if different.len() != blank.options.len() || blank.right >= blank.options.len() {
                self.wrong(format!("{sentence} has {:?}", blank.options));
            }
        }
    }

    fn clicks(&mut self, clicks: &str) {
        let mut clicked = self.begun.clone();
        match run_clicks(&mut clicked, clicks) {
            Err(error) => self.wrong(format!("clicks.txt: {error}")),
            Ok(_) => self.must_be_solved("clicks.txt", &clicked),
        }
    }

    fn must_be_solved(&mut self, file: &str, sandbox: &CourseSandbox) {
        for goal in goals(sandbox).into_iter().filter(|goal| !goal.is_reached) {
            self.wrong(format!("{file} leaves open: {}: {}", goal.text, goal.reason));
        }
        let took = sandbox.now().since(self.begun.now()).seconds();
        if took > self.lesson.file.within_seconds {
            self.wrong(format!("{file} took {took} s"));
        }
    }

    fn near_misses(&mut self, scripts: &[(&str, &str)]) {
        for (index, near_miss) in self.lesson.file.near_misses.iter().enumerate() {
            let name = &near_miss.name;
            let Some((_, script)) = scripts.iter().find(|(known, _)| known == name) else {
                self.wrong(format!("there is no near-misses/{name}.txt"));
                continue;
            };
            if !script.starts_with("# ") {
                self.wrong(format!("near-misses/{name}.txt does not name its wrong idea"));
            }
            match self.play(script) {
                Err(error) => self.wrong(format!("near-misses/{name}.txt: {error}")),
                Ok(missed) => {
                    if is_solved(&missed) {
                        self.wrong(format!("{name} passes"));
                    }
                    let lit = near_misses(&missed);
                    if !lit.contains(&index) {
                        self.wrong(format!("{name} lights {lit:?} instead of {index}"));
                    }
                    self.keep(name, &missed);
                }
            }
        }
    }

    /// Another way is no worse than the reference: it reaches the goals, and nobody is told that it is a mistake.
    fn alternatives(&mut self, scripts: &[(&str, &str)]) {
        for (name, script) in scripts {
            let file = format!("alternatives/{name}.txt");
            if !script.starts_with("# ") {
                self.wrong(format!("{file} does not say what it does otherwise"));
            }
            match self.play(script) {
                Err(error) => self.wrong(format!("{file}: {error}")),
                Ok(reached) => {
                    self.must_be_solved(&file, &reached);
                    let lit = near_misses(&reached);
                    if !lit.is_empty() {
                        self.wrong(format!("{file} lights {lit:?}"));
                    }
                }
            }
        }
    }

    /// A line that only looks, or that another line can replace, is marked `# optional`.
    fn idle_lines(&mut self) {
        let lines: Vec<&str> = self.lesson.solution.lines().collect();
        let counts = |line: &str| !line.contains("# optional") && !line.starts_with('#') && !line.is_empty();
        for (left_out, line) in lines.iter().enumerate().filter(|(_, line)| counts(line)) {
            let others = lines.iter().enumerate().filter(|(place, _)| *place != left_out);
            let script: Vec<&str> = others.map(|(_, line)| *line).collect();
            let mut sandbox = self.begun.clone();
            // Without the line, a later one may fail: that too leaves the goals open.
            let ran = run_script(&mut sandbox, &script.join("\n"));
            if ran.is_ok() && is_solved(&sandbox) {
                self.wrong(format!("{line} is idle"));
            }
        }
        // Before the last line that counts, where something has come of the lines before it by then.
        if let Some(last) = lines.iter().rposition(|line| counts(line))
            && let Ok(half_way) = self.play(&lines[..last].join("\n"))
            && half_way.now() > self.begun.now()
        {
            self.keep("half-way", &half_way);
        }
    }

    /// Each goal says why it is reached or not; no two goals say the same; a goal that is reached says something else
    /// than where it is not; and neither the start nor the end looks like any other state.
    fn sentences(&mut self) {
        let states = std::mem::take(&mut self.states);
        for (state, goals) in &states {
            for (place, goal) in goals.iter().enumerate() {
                if goal.reason.is_empty() {
                    self.wrong(format!("{state}: {:?} says nothing", goal.text));
                }
                if goals.iter().skip(place + 1).any(|other| other.reason == goal.reason) {
                    self.wrong(format!("{state}: twice {:?}", goal.reason));
                }
            }
        }
        for (place, (state, goals)) in states.iter().enumerate() {
            for (other, goals_there) in states.iter().skip(place + 1) {
                let pairs = || goals.iter().zip(goals_there);
                for (here, _) in pairs().filter(|(a, b)| a.is_reached != b.is_reached && a.reason == b.reason)
                {
                    self.wrong(format!("{state} and {other}: both say {:?}", here.reason));
                }
                let is_end = |state: &str| state == "start" || state == "solved";
                if (is_end(state) || is_end(other)) && pairs().all(|(a, b)| a.reason == b.reason) {
                    self.wrong(format!("{state} and {other} say the same"));
                }
            }
        }
    }
}
