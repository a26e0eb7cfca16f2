//! A share of the random sessions; `cargo run --release -p tests --bin sessions` plays as many as are asked for.

use tests::random_sessions::check;

#[test]
fn however_one_gets_to_an_instant_the_world_there_is_the_same() {
    assert!((1..=6).map(check).sum::<u64>() > 1_000, "something happens in them");
}
