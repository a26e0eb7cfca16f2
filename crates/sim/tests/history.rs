//! Determinism and time travel: the same commands at the same instants make the same world, however one gets there.

mod support;

use kinesis::{Duration, Instant};
use proptest::prelude::*;
use sim::{Command, ReaderSpec, Sandbox, StartingPosition};
use support::steps::{Step, any_session, any_step, play};
use support::*;

fn facts(sandbox: &Sandbox) -> Vec<sim::StampedFact> {
    sandbox.world().facts_since(0).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn how_frames_fall_does_not_matter(steps in any_session(), frame in 1u64..3_000, budget in 1u64..50) {
        let whole = play(&steps, 1_000_000, None);
        let chopped = play(&steps, frame, Some(budget));
        prop_assert_eq!(whole.digest(), chopped.digest());
        prop_assert_eq!(facts(&whole), facts(&chopped));
    }

    #[test]
    fn a_saved_session_opens_as_the_same_world(steps in any_session()) {
        let played = play(&steps, 500, None);
        let text = played.save().unwrap();
        let (loaded, notice) = Sandbox::load(&text, ()).unwrap();
        prop_assert_eq!(notice, None);
        prop_assert_eq!(played.digest(), loaded.digest());
        prop_assert_eq!(played.now(), loaded.now());
        prop_assert_eq!(view(&played), view(&loaded));
        prop_assert_eq!(loaded.save().unwrap(), text);
    }

    #[test]
    fn what_is_undone_has_never_been(steps in any_session(), last in any_step()) {
        let mut sandbox = play(&steps, 1_000, None);
        let before = (sandbox.now(), sandbox.digest(), view(&sandbox));
        let Step::Give(command) = last else { return Ok(()) };
        if command.is_read_only() || sandbox.submit(command).is_err() {
            return Ok(());
        }
        seconds(&mut sandbox, 40);
        let after = (sandbox.now(), sandbox.digest());
        prop_assert!(sandbox.undo());
        prop_assert_eq!(&(sandbox.now(), sandbox.digest()), &(before.0, before.1));
        let mut undone = view(&sandbox);
        undone.can_redo = before.2.can_redo;
        prop_assert_eq!(undone, before.2);
        prop_assert!(sandbox.redo());
        prop_assert_eq!((sandbox.now(), sandbox.digest()), after);
    }

    #[test]
    fn going_to_an_instant_and_back_changes_nothing(steps in any_session(), share in 0u64..=100) {
        let mut sandbox = play(&steps, 1_000, None);
        let (from, end) = sandbox.span();
        let there = (sandbox.now(), sandbox.digest());
        let to = from + Duration::from_micros(end.since(from).micros() / 100 * share);
        sandbox.seek(to).unwrap();
        prop_assert_eq!(sandbox.now(), to);
        let at_the_instant = sandbox.digest();
        sandbox.seek(end).unwrap();
        prop_assert_eq!((sandbox.now(), sandbox.digest()), there);
        sandbox.seek(from).unwrap();
        sandbox.advance(to.since(from), None);
        prop_assert_eq!(sandbox.digest(), at_the_instant);
    }

    #[test]
    fn a_damaged_session_is_refused_with_its_line(steps in any_session(), line in any::<prop::sample::Index>()) {
        let text = play(&steps, 1_000, None).save().unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let hurt = line.index(lines.len());
        let damaged: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(i, line)| if i == hurt { line[..line.len() - 1].to_owned() } else { (*line).to_owned() })
            .collect();
        let error = Sandbox::load(&damaged.join("\n"), ()).err().unwrap();
        prop_assert_eq!(error.line, hurt + 1, "{}", error);
    }
}

#[test]
fn a_new_command_in_the_past_cuts_what_lay_after() {
    let mut sandbox = with_stream(1);
    let early = sandbox.now();
    seconds(&mut sandbox, 10);
    give(&mut sandbox, Command::Call(put_record("orders", "late")));
    seconds(&mut sandbox, 10);
    sandbox.seek(early).unwrap();
    give(&mut sandbox, Command::Call(put_record("orders", "early")));
    seconds(&mut sandbox, 30);
    let view = view(&sandbox);
    let keys: Vec<&str> =
        view.streams[0].shards[0].records.iter().map(|r| r.partition_key.as_str()).collect();
    assert_eq!(keys, ["early"]);
}

#[test]
fn undo_steps_over_what_only_looked() {
    let mut sandbox = with_stream(1);
    give(&mut sandbox, Command::Call(put_record("orders", "a")));
    give(&mut sandbox, Command::Call(kinesis::ListStreamsInput::default().into()));
    assert!(sandbox.undo());
    assert_eq!(view(&sandbox).streams[0].record_count, 0);
    assert!(sandbox.undo());
    assert_eq!(view(&sandbox).streams.len(), 0);
    assert!(!sandbox.undo());
    assert!(sandbox.redo() && sandbox.redo() && !sandbox.redo());
    assert_eq!(view(&sandbox).streams[0].record_count, 1);
}

#[test]
fn a_setup_is_not_undone() {
    let mut sandbox = with_stream(1);
    sandbox.end_setup();
    assert!(!sandbox.undo());
    give(&mut sandbox, Command::Call(put_record("orders", "a")));
    assert!(sandbox.undo() && !sandbox.undo());
}

#[test]
fn one_can_only_go_to_where_one_has_been() {
    let mut sandbox = with_stream(1);
    let (from, end) = sandbox.span();
    assert!(sandbox.seek(end + Duration::from_micros(1)).is_err());
    assert!(sandbox.seek(Instant::from_micros(from.micros() - 1)).is_err());
    assert_eq!(sandbox.now(), end);
}

#[test]
fn one_more_actor_does_not_change_anybody_elses_luck() {
    let run = |with_reader: bool| {
        let mut sandbox = with_stream(2);
        give(&mut sandbox, Command::StartProducer(producer(50)));
        if with_reader {
            let spec = ReaderSpec::new("tail", "orders", StartingPosition::TrimHorizon);
            give(&mut sandbox, Command::StartReader(spec));
        }
        seconds(&mut sandbox, 30);
        view(&sandbox).streams[0].shards.iter().map(|shard| shard.records.clone()).collect::<Vec<_>>()
    };
    assert_eq!(run(false), run(true));
}

#[test]
fn a_history_that_outgrows_its_bound_goes_on_without_its_past() {
    let mut sandbox = with_stream(64);
    let data = kinesis::Blob::Bytes(vec![b'x'; 900_000]);
    for n in 0..60 {
        let request = kinesis::PutRecordInput {
            stream_name: Some("orders".into()),
            partition_key: Some(format!("k{n}").into()),
            data: Some(data.clone()),
            ..Default::default()
        };
        give(&mut sandbox, Command::Call(request.into()));
        seconds(&mut sandbox, 1);
    }
    assert!(sandbox.history_cut().is_some());
    let refusal = sandbox.save().unwrap_err().to_string();
    assert!(refusal.contains("cannot be saved"), "{refusal}");
    let (from, end) = sandbox.span();
    assert!(from < end && sandbox.seek(from).is_ok() && sandbox.seek(end).is_ok());
    assert_eq!(view(&sandbox).streams[0].record_count, 60, "nothing of the world is lost");
}
