//! Every lesson is proved: the start does not pass, the solution does, near-misses do not, and no line of the solution
//! is idle.

use std::collections::BTreeSet;
use std::path::Path;

use course::{CourseSandbox, GoalState, Lesson, catalog, goals, run_script, start};

fn begin(lesson: &Lesson) -> CourseSandbox {
    match start(lesson) {
        Ok(sandbox) => sandbox,
        Err(error) => panic!("{}: setup.txt: {error}", lesson.file.id),
    }
}

fn is_solved(sandbox: &CourseSandbox) -> bool {
    goals(sandbox).iter().all(|goal| goal.is_reached)
}

fn play(lesson: &Lesson, script: &str) -> CourseSandbox {
    let mut sandbox = begin(lesson);
    if let Err(error) = run_script(&mut sandbox, script) {
        panic!("{}: {error}", lesson.file.id);
    }
    sandbox
}

#[test]
fn the_catalog_lists_every_folder() {
    let folders = std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("lessons")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let listed: BTreeSet<String> = catalog().iter().map(|lesson| lesson.folder.to_owned()).collect();
    assert_eq!(folders, listed);
}

#[test]
fn no_lesson_is_solved_at_its_start() {
    for lesson in catalog() {
        let states = goals(&begin(lesson));
        assert!(states.iter().any(|goal| !goal.is_reached), "{}", lesson.file.id);
        for goal in states.iter().filter(|goal| !goal.is_reached) {
            assert!(!goal.reason.is_empty(), "{}: {}", lesson.file.id, goal.text);
        }
    }
}

#[test]
fn every_solution_reaches_the_goals_in_its_time() {
    for lesson in catalog() {
        let begun = begin(lesson).now();
        let sandbox = play(lesson, lesson.solution);
        let open: Vec<GoalState> = goals(&sandbox).into_iter().filter(|goal| !goal.is_reached).collect();
        assert!(open.is_empty(), "{}: {open:?}", lesson.file.id);
        let took = sandbox.now().since(begun).seconds();
        assert!(took <= lesson.file.within_seconds, "{} took {took} s", lesson.file.id);
    }
}

#[test]
fn no_near_miss_passes() {
    for lesson in catalog() {
        assert!(!lesson.near_misses.is_empty(), "{}", lesson.file.id);
        for near_miss in lesson.near_misses {
            assert!(!is_solved(&play(lesson, near_miss.script)), "{}: {}", lesson.file.id, near_miss.name);
            assert!(near_miss.script.starts_with("# "), "{} names its wrong idea", near_miss.name);
        }
    }
}

/// A line that only looks, or that another line can replace, is marked `# optional`.
#[test]
fn no_line_of_a_solution_is_idle() {
    for lesson in catalog() {
        let lines: Vec<&str> = lesson.solution.lines().collect();
        for left_out in 0..lines.len() {
            if lines[left_out].contains("# optional") {
                continue;
            }
            let script: Vec<&str> =
                lines.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, line)| *line).collect();
            let mut sandbox = begin(lesson);
            // Without the line, a later one may fail: that too leaves the goals open.
            let ran = run_script(&mut sandbox, &script.join("\n"));
            assert!(ran.is_err() || !is_solved(&sandbox), "{}: {}", lesson.file.id, lines[left_out]);
        }
    }
}

/// The first argument of each `object(…)` in a check.
fn arguments<'a>(check: &'a str, object: &str) -> Vec<&'a str> {
    let calls = check.match_indices(object).map(|(at, _)| &check[at + object.len()..]);
    calls.filter_map(|rest| rest.strip_prefix('(')?.split([',', ')']).next()).collect()
}

#[test]
fn the_text_names_what_the_checks_ask_for() {
    for lesson in catalog() {
        let path = format!("{}/lessons/{}/lesson.json", env!("CARGO_MANIFEST_DIR"), lesson.folder);
        let file: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let checks: Vec<&str> =
            file["goals"].as_array().unwrap().iter().map(|goal| goal["check"].as_str().unwrap()).collect();
        let mut named = 0;
        for check in checks {
            for stream in ["stream", "shard", "key", "rec", "readings", "put", "reader"]
                .iter()
                .flat_map(|object| arguments(check, object))
            {
                assert!(lesson.task.contains(&format!("`{stream}`")), "{}: {stream}", lesson.file.id);
                named += 1;
            }
            for answer in arguments(check, "answer") {
                let asked = lesson.file.questions.iter().any(|question| question.name == answer);
                assert!(asked, "{}: nobody asks for {answer}", lesson.file.id);
            }
        }
        assert!(named > 0, "{}: no check names a stream", lesson.file.id);
        assert!(!lesson.explanation.is_empty(), "{}", lesson.file.id);
    }
}

#[test]
fn undo_takes_a_goal_back_and_redo_brings_it_again() {
    let lesson = course::lesson("E1.2").unwrap();
    let mut sandbox = play(lesson, lesson.solution);
    assert!(is_solved(&sandbox));
    assert!(sandbox.undo() && !is_solved(&sandbox));
    assert!(sandbox.redo() && is_solved(&sandbox));
}

#[test]
fn what_ever_held_stays_reached_also_after_going_back_and_forth() {
    let lesson = course::lesson("E1.3").unwrap();
    let mut sandbox = play(lesson, lesson.solution);
    let (from, end) = sandbox.span();
    sandbox.seek(from).unwrap();
    assert!(!is_solved(&sandbox), "in the past it was not reached yet");
    sandbox.seek(end).unwrap();
    assert!(is_solved(&sandbox));
}

#[test]
fn using_one_iterator_twice_is_reading_twice() {
    let lesson = course::lesson("E1.3").unwrap();
    let again = lesson.solution.lines().take(2).chain(lesson.solution.lines().skip(1).take(1));
    assert!(is_solved(&play(lesson, &again.collect::<Vec<_>>().join("\n"))));
}

#[test]
fn readers_started_on_the_page_count_as_readings() {
    let lesson = course::lesson("E1.3").unwrap();
    let script = "sandbox reader start a --stream clicks --from TRIM_HORIZON\n\
                  sandbox reader start b --stream clicks --from TRIM_HORIZON\n\
                  sandbox clock advance 10s";
    assert!(is_solved(&play(lesson, script)));
}
