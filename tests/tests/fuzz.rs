//! The share of the fuzzing that every run of the tests does; `cargo run --release -p tests --bin fuzz` does more.

use tests::fuzz;

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
