//! Random input to the wire: requests of all operations, such requests with bytes changed, and bytes alone. Nothing
//! may break the service, every answer has a form that a client can read, and memory stays within its bounds.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use awsjson::{OPERATION_NAMES, Reply};
use kinesis::{Duration, LimitsProfile};
use serde_json::Value;

use crate::dice::Dice;
use crate::requests::{Memory, request};
use crate::wire::Wire;

/// What came of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    pub inputs: u64,
    pub accepted: u64,
    /// How often each exception was answered.
    pub refused: BTreeMap<String, u64>,
    /// The most that a world held of records, in bytes.
    pub stored_bytes_max: u64,
    /// The longest answer, in bytes.
    pub answer_bytes_max: u64,
    /// One number over all answers: the same for the same seed.
    pub digest: u64,
}

/// No answer is longer: 10 MiB of records as Base64, and what stands around 10,000 of them.
const ANSWER_BYTES_MAX: u64 = 24 << 20;

/// The seed of the world that is being played and the number of the input, for whoever reads of a panic.
static WORLD: AtomicU64 = AtomicU64::new(0);
static INPUT: AtomicU64 = AtomicU64::new(0);

/// Plays worlds one after the other until so many inputs were sent.
pub fn run(inputs: u64, seed: u64) -> Tally {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let (world, input) = (WORLD.load(Ordering::Relaxed), INPUT.load(Ordering::Relaxed));
        eprintln!("input {input} of the world with seed {world}: play it with world({world}, {})", input + 1);
        before(panic);
    }));
    let mut seeds = Dice::new(seed);
    let mut tally = Tally::default();
    while tally.inputs < inputs {
        // Mostly short, so that worlds differ; now and then one that lives long.
        let length = if seeds.percent(2) { 20_000 } else { 20 + seeds.below(500) };
        world(seeds.roll(), length.min(inputs - tally.inputs), &mut tally);
    }
    drop(std::panic::take_hook());
    tally
}

/// Sends so many inputs to one world.
pub fn world(seed: u64, inputs: u64, tally: &mut Tally) {
    let mut dice = Dice::new(seed);
    let mut wire = Wire::new(LimitsProfile::ALL[dice.below(3) as usize]);
    let mut memory = Memory::default();
    WORLD.store(seed, Ordering::Relaxed);
    if dice.percent(90) {
        wire.send("CreateStream", r#"{"StreamName":"orders","ShardCount":2}"#);
        wire.send("CreateStream", r#"{"StreamName":"clicks"}"#);
        wire.wait(Duration::from_seconds(20));
    }
    let (mut again, mut last) = (0, (String::new(), String::new()));
    for input in 0..inputs {
        INPUT.store(input, Ordering::Relaxed);
        // Now and then the same many times at once: budgets run out.
        if again == 0 {
            wire.wait(pause(&mut dice));
            last = message(&mut dice, &memory);
            again = if dice.percent(5) { 1 + dice.below(15) } else { 1 };
        }
        again -= 1;
        let (target, body) = &last;
        let reply = wire.send(target, body);
        check(&reply, target, body, tally);
        if reply.status == 200 {
            memory.keep(&reply.body);
        }
        wire.facts.clear();
        tally.inputs += 1;
        tally.stored_bytes_max = tally.stored_bytes_max.max(wire.service.stored_bytes());
        assert!(
            wire.service.stored_bytes() <= wire.service.limits().sandbox_stored_bytes,
            "too much is stored"
        );
    }
}

fn check(reply: &Reply, target: &str, body: &str, tally: &mut Tally) {
    let told = || format!("{target} {body:.2000}\n{} {:.2000}", reply.status, reply.body);
    let size = reply.body.len() as u64;
    assert!(size <= ANSWER_BYTES_MAX, "{size} bytes for {target} {body:.2000}");
    tally.answer_bytes_max = tally.answer_bytes_max.max(size);
    for byte in reply.body.bytes().chain([reply.status as u8]) {
        tally.digest = (tally.digest.rotate_left(5) ^ u64::from(byte)).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    match reply.status {
        200 => tally.accepted += 1,
        400 => {
            let error: Value = serde_json::from_str(&reply.body).unwrap_or_default();
            // AccessDeniedException has its sentence as `Message`.
            let message = error["message"].as_str().or(error["Message"].as_str());
            assert!(message.is_some_and(|message| !message.is_empty()), "{}", told());
            let code =
                error["__type"].as_str().unwrap_or_else(|| panic!("no exception is named: {}", told()));
            *tally.refused.entry(code.to_owned()).or_default() += 1;
        }
        _ => panic!("neither accepted nor refused: {}", told()),
    }
}

fn pause(dice: &mut Dice) -> Duration {
    match dice.below(40) {
        0 => Duration::from_seconds(dice.below(60)),
        1 => Duration::from_hours(dice.below(30)),
        2 => Duration::from_micros(dice.below(1 << 40)),
        3..20 => Duration::from_millis(dice.below(300)),
        _ => Duration::from_micros(0),
    }
}

/// A target and a body.
fn message(dice: &mut Dice, memory: &Memory) -> (String, String) {
    let kind = dice.below(100);
    if kind < 4 {
        return (text(dice, 40), text(dice, 200));
    }
    if kind < 8 {
        let name = OPERATION_NAMES[dice.below(OPERATION_NAMES.len() as u64) as usize];
        return (name.to_owned(), text(dice, 400));
    }
    let (operation, body) = request(dice, memory);
    let mut body = body.to_string();
    if kind < 35 {
        body = damaged(dice, body.into_bytes());
    } else if kind < 37 {
        body = nested(dice, &body);
    }
    (operation.name().to_owned(), body)
}

/// Any bytes that are text, of those that JSON is made of more often.
fn text(dice: &mut Dice, length_max: u64) -> String {
    const PIECES: [&str; 24] = [
        "{",
        "}",
        "[",
        "]",
        "\"",
        ":",
        ",",
        "null",
        "true",
        "-",
        "0",
        "9",
        "1e999",
        ".",
        "\\",
        "\\u",
        "\\ud800",
        " ",
        "\n",
        "\u{0}",
        "é",
        "\u{feff}",
        "Records",
        "StreamName",
    ];
    let length = dice.below(length_max);
    (0..length)
        .map(|_| match dice.percent(80) {
            true => dice.pick(&PIECES).to_owned(),
            false => String::from_utf8_lossy(&dice.roll().to_le_bytes()).into_owned(),
        })
        .collect()
}

/// A body with some bytes changed, left out, doubled or cut off.
pub(crate) fn damaged(dice: &mut Dice, mut bytes: Vec<u8>) -> String {
    for _ in 0..=dice.below(4) {
        let length = bytes.len() as u64;
        if length == 0 {
            break;
        }
        let at = dice.below(length) as usize;
        let end = at + dice.below(length - at as u64 + 1).min(40) as usize;
        match dice.below(6) {
            0 => bytes[at] = dice.roll() as u8,
            1 => {
                bytes[at] =
                    *dice.pick(&[b"\"", b"{", b"}", b"[", b"]", b":", b",", b"\\"]).first().unwrap_or(&b' ')
            }
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = dice.below(bytes.len() as u64) as usize;
                bytes.splice(to..to, piece);
            }
            4 => bytes.truncate(at),
            _ => bytes.insert(at, dice.roll() as u8),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A body below very many brackets, or within a member's value.
fn nested(dice: &mut Dice, body: &str) -> String {
    let depth = 1 + dice.below(400) as usize;
    match dice.below(3) {
        0 => format!("{}{body}{}", "[".repeat(depth), "]".repeat(depth)),
        1 => format!("{}{body}{}", r#"{"StreamName":"#.repeat(depth), "}".repeat(depth)),
        _ => format!("{}{body}", r#"{"Records":["#.repeat(depth)),
    }
}
