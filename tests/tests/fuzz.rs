//! The share of the fuzzing that every run of the tests does; `cargo run --release -p tests --bin fuzz` does more.

use tests::{fuzz, fuzz_language};

#[test]
fn random_input_breaks_nothing_and_is_answered_alike_each_time() {
    let tally = fuzz::run(20_000, 3);
    assert_eq!(tally, fuzz::run(20_000, 3), "the same seed, the same answers");
    // The dice reach what they are meant to reach.
    assert!(tally.accepted > 3_000, "{tally:?}");
    for code in [
        "SerializationException",
        "UnknownOperationException",
        "ValidationException",
        "InvalidArgumentException",
        "ResourceNotFoundException",
        "ResourceInUseException",
        "ProvisionedThroughputExceededException",
        "ExpiredIteratorException",
        "NotSimulatedException",
    ] {
        assert!(tally.refused.contains_key(code), "{code} was never answered: {tally:?}");
    }
}

#[test]
fn random_lines_break_nothing_at_the_prompt_and_are_answered_alike_each_time() {
    let tally = fuzz_language::run(20_000, 5);
    assert_eq!(tally, fuzz_language::run(20_000, 5), "the same seed, the same answers");
    // The dice reach what they are meant to reach.
    assert!(tally.commands > 1_000 && tally.run_well > 50 && tally.completed > 1_000, "{tally:?}");
    assert!(tally.queries_refused > 1_000 && tally.queries - tally.queries_refused > 50, "{tally:?}");
    for kind in [
        "Shell",
        "Incomplete",
        "CommandNotFound",
        "Usage",
        "InvalidChoice",
        "UnknownOptions",
        "Parameter",
        "Sandbox",
    ] {
        assert!(tally.mistakes.contains_key(kind), "{kind} was never said: {tally:?}");
    }
}
