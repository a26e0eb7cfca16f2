//! Every lesson is proved: the start does not pass, the solutions and alternatives do, near-misses do not and light their
//! chips, and no line of the solution is idle.

mod proof;

use std::collections::BTreeSet;

use course::{Lesson, LessonFiles, Ways, catalog, goals, is_solved, prove, run_script, validate};
use proof::{begin_unrecorded, borrowed, each_lesson, folder, play, play_from, read, scripts};

#[test]
fn the_catalog_lists_every_folder() {
    let folders = std::fs::read_dir(folder("")).unwrap();
    let folders: BTreeSet<String> =
        folders.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
    let listed: BTreeSet<String> = catalog().iter().map(|lesson| lesson.folder.to_owned()).collect();
    assert_eq!(folders, listed);
}

#[test]
fn the_validator_finds_nothing() {
    for lesson in catalog() {
        let (near_misses, alternatives) = (scripts(lesson, "near-misses"), scripts(lesson, "alternatives"));
        let mistakes = validate(&LessonFiles {
            folder: lesson.folder,
            lesson: &read(lesson, "lesson.json"),
            text: &read(lesson, "text.en.md"),
            setup: &lesson.setup,
            solution: &lesson.solution,
            clicks: &read(lesson, "clicks.txt"),
            near_misses: &borrowed(&near_misses),
            alternatives: &borrowed(&alternatives),
        });
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}

/// The whole proof of each lesson.
#[test]
fn every_lesson_is_proved() {
    each_lesson(|lesson| {
        let (near_misses, alternatives) = (scripts(lesson, "near-misses"), scripts(lesson, "alternatives"));
        let ways = Ways {
            clicks: &read(lesson, "clicks.txt"),
            near_misses: &borrowed(&near_misses),
            alternatives: &borrowed(&alternatives),
        };
        let wrong = prove(lesson, &ways);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        if lesson.file.incident.is_some() {
            assert!(
                !alternatives.is_empty(),
                "{}: an incident can be won in more than one way",
                lesson.file.id
            );
            the_debrief_tells_what_happened(lesson);
        }
    });
}

/// A debrief is found in the world: its sign comes before the page, and what happened since comes in order.
fn the_debrief_tells_what_happened(lesson: &Lesson) {
    let id = &lesson.file.id;
    let begun = begin_unrecorded(lesson);
    let solved = &play_from(&begun, lesson, &lesson.solution);
    let took = solved.now().since(begun.now()).seconds();
    let Some(debrief) = course::debrief(solved) else { panic!("{id} has no debrief") };
    let times: Vec<_> = debrief.moments.iter().map(|moment| moment.at).collect();
    assert!(times.is_sorted(), "{id}: {:?}", debrief.moments);
    let (signal, change, repair) = (debrief.signal_to_page, debrief.page_to_change, debrief.page_to_repair);
    assert!(signal.is_some_and(|seconds| seconds > 0), "{id}: no sign before the page");
    assert!(change <= repair && repair.is_some_and(|seconds| seconds <= took), "{id}: {change:?} {repair:?}");
    let mut signs = debrief.moments.iter().filter(|moment| moment.what == "First useful signal");
    assert!(signs.any(|sign| !sign.detail.is_empty()), "{id}");
    assert!(debrief.after.cost > debrief.before.cost, "{id}: time costs money");
    assert_eq!(debrief.after.twice, debrief.before.twice, "{id}: the reference doubles nothing more");
}

#[test]
fn an_answer_that_comes_late_makes_no_repair_late() {
    let lesson = course::lesson("C7").unwrap();
    let late = lesson.solution.replace("sandbox answer", "sandbox clock advance 600s\nsandbox answer");
    let debrief = course::debrief(&play(lesson, &late)).unwrap();
    assert!(debrief.page_to_repair.is_some_and(|seconds| seconds <= 241), "{:?}", debrief.page_to_repair);
}

/// `docs/curriculum.md` ends with what each lesson itself says; `UPDATE=1` renews it.
#[test]
fn what_differs_from_the_plan_of_the_course_is_listed() {
    const TITLE: &str = "## By exercise\n";
    let mut table = "\n| exercise | in what it differs, and why |\n| --- | --- |\n".to_owned();
    for lesson in catalog().iter().filter(|lesson| !lesson.differs.is_empty()) {
        let said = lesson.differs.trim().replace("\n\n", " ").replace('\n', " ").replace('|', "\\|");
        table += &format!("| {} {} | {said} |\n", lesson.file.id, lesson.file.title);
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/curriculum.md");
    let written = std::fs::read_to_string(path).unwrap();
    let (above, _) = written.split_once(TITLE).unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, [above, TITLE, &table].concat()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert_eq!(written.split_once(TITLE).unwrap().1, table, "UPDATE=1 renews docs/curriculum.md");
    // A learner meets the plan nowhere else.
    for lesson in catalog() {
        assert!(
            ![&lesson.task, &lesson.explanation].iter().any(|text| text.contains("study plan")),
            "{}",
            lesson.file.id
        );
    }
}

/// The first argument of each `object(…)` in a check.
fn arguments<'a>(check: &'a str, object: &str) -> Vec<&'a str> {
    let calls = check.match_indices(object).map(|(at, _)| (&check[..at], &check[at + object.len()..]));
    // Not the end of a longer word.
    let calls = calls.filter(|(before, _)| !before.ends_with(|c: char| c.is_alphanumeric() || c == '_'));
    calls.filter_map(|(_, rest)| rest.strip_prefix('(')?.split([',', ')']).next()).collect()
}

#[test]
fn the_text_names_what_the_checks_ask_for() {
    for lesson in catalog() {
        let file: serde_json::Value = serde_json::from_str(&read(lesson, "lesson.json")).unwrap();
        let checks: Vec<&str> =
            file["goals"].as_array().unwrap().iter().map(|goal| goal["check"].as_str().unwrap()).collect();
        let mut named = 0;
        for check in checks {
            for object in [
                "stream", "shard", "key", "rec", "readings", "put", "agent", "reader", "app", "table", "fn",
                "in_order", "apps", "iam", "net", "hose", "dms", "role",
            ] {
                for name in arguments(check, object) {
                    assert!(lesson.task.contains(&format!("`{name}`")), "{}: {name}", lesson.file.id);
                    named += 1;
                }
            }
            for answer in arguments(check, "answer") {
                let asked = lesson.file.questions.iter().any(|question| question.name == answer);
                assert!(asked, "{}: nobody asks for {answer}", lesson.file.id);
                named += 1;
            }
        }
        assert!(named > 0, "{}: no check names anything", lesson.file.id);
        assert!(!lesson.explanation.is_empty(), "{}", lesson.file.id);
    }
}

#[test]
fn undo_takes_a_goal_back_and_redo_brings_it_again() {
    let lesson = course::lesson("E1.2").unwrap();
    let mut sandbox = play(lesson, &lesson.solution);
    assert!(is_solved(&sandbox));
    assert!(sandbox.undo() && !is_solved(&sandbox));
    assert!(sandbox.redo() && is_solved(&sandbox));
}

#[test]
fn what_ever_held_stays_reached_also_after_going_back_and_forth() {
    let lesson = course::lesson("E1.3").unwrap();
    let mut sandbox = play(lesson, &lesson.solution);
    let (from, end) = sandbox.span();
    sandbox.seek(from).unwrap();
    assert!(!is_solved(&sandbox), "in the past it was not reached yet");
    sandbox.seek(end).unwrap();
    assert!(is_solved(&sandbox));
}

#[test]
fn a_saved_session_opens_with_the_same_goals() {
    let lesson = course::lesson("E4.1").unwrap();
    let solved = play(lesson, &lesson.solution);
    let (again, note) = course::resume(Some(lesson), &solved.save().unwrap()).unwrap();
    assert_eq!((goals(&again), note), (goals(&solved), None));
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

#[test]
fn a_mistake_is_told_with_its_file_and_line() {
    let lesson = course::lesson("E1.1").unwrap();
    let file = read(lesson, "lesson.json").replace("\"chapter\": 1", "\"chapter\": 11");
    let files = LessonFiles {
        folder: "mine",
        lesson: &file,
        text: "no rule",
        setup: "aws kinesis create-stream\naws kinesis make-coffee",
        solution: "sandbox producer begin web",
        clicks: "open New stream\nopen Old stream\nhope",
        near_misses: &[("not-waiting", ""), ("two-shards", ""), ("surprise", "")],
        alternatives: &[("by-hand", "sandbox hand wave")],
    };
    let told: Vec<String> = validate(&files).iter().map(ToString::to_string).collect();
    for expected in [
        "mine/lesson.json:4: expected a chapter from 1 to 10",
        "expected a script near-misses/another-name.txt",
        "near-misses/surprise.txt is not listed",
        "mine/text.en.md:1: expected a line `---`",
        "mine/setup.txt:2: ",
        "mine/solution.txt:1: ",
        "mine/alternatives/by-hand.txt:1: ",
        "mine/clicks.txt:2: there is no form \"Old stream\"",
        "mine/clicks.txt:3: expected open, set, press",
    ] {
        assert!(told.iter().any(|mistake| mistake.contains(expected)), "{expected}: {told:#?}");
    }
}

/// What somebody may do who does not know the exercise: in a world of other names. `RANDOM_SESSIONS=1000` plays as many
/// for each lesson.
#[test]
fn no_exercise_passes_by_chance() {
    let sessions = std::env::var("RANDOM_SESSIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let lines = [
        "aws kinesis create-stream --stream-name elsewhere --shard-count 2",
        "aws kinesis list-streams",
        "aws kinesis put-record --stream-name elsewhere --partition-key somebody --data aGk=",
        "aws kinesis get-shard-iterator --stream-name elsewhere --shard-id shardId-000000000000 --shard-iterator-type LATEST",
        "aws kinesis describe-stream-summary --stream-name elsewhere",
        "aws kinesis increase-stream-retention-period --stream-name elsewhere --retention-period-hours 48",
        "sandbox producer start somebody --stream elsewhere --rate 2",
        "sandbox producer stop somebody",
        "sandbox reader start anybody --stream elsewhere --from TRIM_HORIZON",
        "sandbox kcl start nobody --stream elsewhere --workers 1",
        "sandbox answer something yes",
        "sandbox clock advance 1s",
        "sandbox clock advance 4s",
    ];
    each_lesson(|lesson| {
        let begun = begin_unrecorded(lesson);
        for seed in 0..sessions {
            let mut sandbox = begun.clone();
            let mut dice: u64 = 0x9e37_79b9_7f4a_7c15 ^ (seed + 1);
            for _ in 0..8 {
                // xorshift
                dice ^= dice << 13;
                dice ^= dice >> 7;
                dice ^= dice << 17;
                let line = lines[(dice % lines.len() as u64) as usize];
                // Whether it is refused does not matter here.
                let _ = run_script(&mut sandbox, line);
            }
            assert!(!is_solved(&sandbox), "{} passes by chance with seed {seed}", lesson.file.id);
        }
    });
}
