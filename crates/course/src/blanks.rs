//! "Explain it back": sentences about the learner's own world, each with a gap and what may stand in it.
//!
//! No author writes which filling is right. Each one is a check, and a sentence is asked only where exactly one of them
//! holds; so the key cannot be wrong, whatever way the learner went.

use kinesis::Stream;
use sim::{ActorState, World};

use crate::CourseSandbox;
use crate::check::{Check, Tongue, Value};
use crate::observer::{holds, read};

/// Sentences that are asked at most.
pub const BLANKS_MAX: usize = 4;

/// Fillings of one gap at most.
const OPTIONS_MAX: usize = 4;

/// A sentence with a gap.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Blank {
    pub before: String,
    pub after: String,
    /// What may stand in the gap, at least two.
    pub options: Vec<String>,
    /// The place of the right one.
    pub right: usize,
}

/// What may stand in a gap, in each language, and the check that says whether it is so.
struct Filling {
    english: String,
    german: String,
    check: String,
}

impl Filling {
    /// A name or a number, which is the same in every language.
    fn named(text: &str, check: String) -> Filling {
        Filling { english: text.to_owned(), german: text.to_owned(), check }
    }

    fn worded(english: &str, german: &str, check: String) -> Filling {
        Filling { english: english.to_owned(), german: german.to_owned(), check }
    }
}

struct Draft {
    /// The sentence with `__` for the gap, in each language.
    english: String,
    german: String,
    fillings: Vec<Filling>,
}

/// What happened, to be told by the learner: the most telling sentences first.
pub fn blanks(sandbox: &CourseSandbox, tongue: Tongue) -> Vec<Blank> {
    let world = sandbox.world();
    let of_kinds = [
        of_shards(sandbox, world),
        of_producers(world),
        of_applications(sandbox, world),
        of_functions(sandbox, world),
        of_managed(sandbox, world),
        of_readers(sandbox, world),
        of_hands(sandbox, world),
        of_streams(sandbox, world),
        of_trail(sandbox, world),
        vec![count(
            "You called Kinesis __ times.",
            "Du hast Kinesis __-mal aufgerufen.",
            "cmds().aws",
            sandbox,
            &[0],
        )],
    ];
    // One sentence of each kind, then a second one where there is room.
    let (mut first, mut second) = (Vec::new(), Vec::new());
    for drafts in of_kinds {
        let mut asked = drafts.into_iter().filter_map(|draft| blank(sandbox, draft, tongue));
        first.extend(asked.next());
        second.extend(asked.next());
    }
    first.append(&mut second);
    first.truncate(BLANKS_MAX);
    first
}

/// The sentence, if exactly one of its fillings is right.
fn blank(sandbox: &CourseSandbox, draft: Draft, tongue: Tongue) -> Option<Blank> {
    let is_right = |filling: &Filling| Check::parse(&filling.check).is_ok_and(|check| holds(sandbox, &check));
    let mut right = draft.fillings.iter().enumerate().filter(|(_, filling)| is_right(filling));
    let (place, _) = right.next()?;
    if right.next().is_some() || draft.fillings.len() < 2 {
        return None;
    }
    let is_german = tongue == Tongue::German;
    let sentence = if is_german { &draft.german } else { &draft.english };
    let (before, after) = sentence.split_once("__")?;
    let text = |filling: Filling| if is_german { filling.german } else { filling.english };
    Some(Blank {
        before: before.to_owned(),
        after: after.to_owned(),
        options: draft.fillings.into_iter().map(text).collect(),
        right: place,
    })
}

/// A sentence whose gap is a number; `others` are numbers that somebody may take for it.
fn count(english: &str, german: &str, reader: &str, sandbox: &CourseSandbox, others: &[i64]) -> Draft {
    let number = read(sandbox, reader).and_then(|value| value.number());
    let mut numbers: Vec<i64> = number.into_iter().collect();
    let doubled = number.map(|number| number.saturating_mul(2).max(1));
    let more = number.map(|number| number.saturating_add(2));
    for other in others.iter().copied().chain(doubled).chain(more) {
        if numbers.len() < OPTIONS_MAX - 1 && !numbers.contains(&other) {
            numbers.push(other);
        }
    }
    numbers.sort_unstable();
    let filling = |number: &i64| {
        Filling::named(&Value::Number(*number).to_string(), format!("now({reader} == {number})"))
    };
    let fillings = if number.is_some() { numbers.iter().map(filling).collect() } else { Vec::new() };
    Draft { english: english.to_owned(), german: german.to_owned(), fillings }
}

/// A sentence whose gap is one of some words, each with its check.
fn choice(english: String, german: String, fillings: impl IntoIterator<Item = Filling>) -> Draft {
    Draft { english, german, fillings: fillings.into_iter().take(OPTIONS_MAX).collect() }
}

/// Which shard refused the most, and where the last put went.
fn of_shards(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for stream in world.service().streams() {
        let name = &*stream.name;
        let refused =
            |shard: &str| format!("metric(WriteProvisionedThroughputExceeded, {name}, shard={shard}).sum");
        let shards = ids(stream);
        let busiest = shards.iter().max_by_key(|shard| {
            read(sandbox, &refused(shard)).and_then(|value| value.number()).unwrap_or_default()
        });
        let Some(busiest) = busiest else { continue };
        // The busiest one and the first others.
        let others = shards.iter().filter(|shard| *shard != busiest).take(OPTIONS_MAX - 1);
        let mut asked: Vec<&String> = others.chain([busiest]).collect();
        asked.sort_unstable();
        let most = |shard: &str| {
            let others = shards.iter().filter(|other| *other != shard);
            let more = others.map(|other| format!(" and {} > {}", refused(shard), refused(other)));
            format!("now({} > 0{})", refused(shard), more.collect::<String>())
        };
        let fillings = asked.iter().map(|shard| Filling::named(shard, most(shard)));
        drafts.push(choice(
            format!("Of the shards of {name}, __ refused the most records."),
            format!("Von den Shards von {name} wies __ die meisten Records ab."),
            fillings,
        ));
    }
    drafts
}

/// The ids of a stream's shards, in their order.
fn ids(stream: &Stream) -> Vec<String> {
    stream.shards().iter().map(|shard| shard.id.to_string()).collect()
}

/// What producers gave up, of those that were refused.
fn of_producers(world: &World) -> Vec<Draft> {
    let sdk = world.producers().map(|(_, _, it)| (it.spec.name.as_str(), it.refused, it.lost));
    let kpl = world.kpls().map(|(_, _, it)| (it.spec.name.as_str(), it.kinesis_records_refused, it.lost));
    let met_refusals = sdk.chain(kpl).filter(|(_, refused, _)| *refused > 0);
    met_refusals
        .map(|(name, refused, lost)| {
            let check = |number: u64| format!("now(put({name}).lost == {number})");
            let mut numbers = vec![0, lost, refused, lost.saturating_mul(2)];
            numbers.sort_unstable();
            numbers.dedup();
            let filling = |number| Filling::named(&Value::count(number).to_string(), check(number));
            let refused = Value::count(refused);
            choice(
                format!("Records of {name} were refused {refused} times, and it gave up __ of them."),
                format!("Records von {name} wurden {refused}-mal abgewiesen; aufgegeben hat es __ davon."),
                numbers.into_iter().map(filling),
            )
        })
        .collect()
}

fn of_applications(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for app in world.applications().values() {
        let name = &app.spec.name;
        if app.again > 0
            || read(sandbox, &format!("app({name}).crashes")).is_some_and(|it| it.number() > Some(0))
        {
            let processed = read(sandbox, &format!("app({name}).processed")).and_then(|it| it.number());
            drafts.push(count(
                &format!("{name} processed __ records a second time."),
                &format!("{name} hat __ Records ein zweites Mal verarbeitet."),
                &format!("app({name}).dups"),
                sandbox,
                &[0, processed.unwrap_or(1)],
            ));
        }
        let workers: Vec<&str> = app
            .workers
            .iter()
            .filter_map(|id| world.worker(*id))
            .filter(|(state, _)| *state == ActorState::Running)
            .map(|(_, worker)| worker.name.as_str())
            .collect();
        if workers.len() > 1 {
            drafts.push(count(
                &format!("{} workers of {name} run, and __ of them own no lease.", workers.len()),
                &format!("{} Worker von {name} laufen, und __ davon haben kein Lease.", workers.len()),
                &format!("app({name}).idle"),
                sandbox,
                &[0, 1, i64::try_from(workers.len()).unwrap_or_default()],
            ));
        }
        if let Some(first) = workers.first() {
            let rows = read(sandbox, &format!("table({name}).rows")).and_then(|rows| rows.number());
            drafts.push(count(
                &format!("The worker {first} of {name} owns __ leases."),
                &format!("Dem Worker {first} von {name} gehören __ Leases."),
                &format!("app({name}, {first}).leases_of"),
                sandbox,
                &[0, rows.unwrap_or(1)],
            ));
        }
    }
    drafts
}

fn of_functions(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (_, mapping) in world.mappings() {
        let name = &mapping.spec.function;
        if mapping.counts.errors > 0 {
            let failed = i64::try_from(mapping.counts.errors).unwrap_or(i64::MAX);
            drafts.push(count(
                &format!("Invocations of {name} failed {failed} times, and __ records were given up."),
                &format!("Aufrufe von {name} schlugen {failed}-mal fehl; aufgegeben wurden __ Records."),
                &format!("fn({name}).discarded"),
                sandbox,
                &[0, failed],
            ));
        }
        drafts.push(choice(
            format!("Records come to {name} because its mapping __."),
            format!("Records kommen zu {name}, weil sein Mapping __."),
            [
                Filling::worded(
                    "polls the stream",
                    "den Stream abfragt",
                    format!("now(not fn({name}).pushed)"),
                ),
                Filling::worded("is pushed to", "sie zugestellt bekommt", format!("now(fn({name}).pushed)")),
            ],
        ));
    }
    drafts
}

fn of_managed(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let hoses = world.delivery_streams().map(|(_, hose)| {
        let name = &hose.spec.name;
        count(
            &format!("The Firehose stream {name} wrote its records as __ objects."),
            &format!("Der Firehose-Stream {name} schrieb seine Records in __ Objekte."),
            &format!("hose({name}).objects"),
            sandbox,
            &[0, 1],
        )
    });
    let tasks = world.dms_tasks().map(|(_, task)| {
        let name = &task.spec.task;
        choice(
            format!("The partition keys that {name} puts are __."),
            format!("Die Partition Keys, die {name} setzt, sind __."),
            [
                Filling::worded(
                    "schema and table",
                    "Schema und Tabelle",
                    format!("now(dms({name}).key == schema-table)"),
                ),
                Filling::worded(
                    "the primary key of each row",
                    "der Primärschlüssel jeder Zeile",
                    format!("now(dms({name}).key == primary-key)"),
                ),
            ],
        )
    });
    hoses.chain(tasks).collect()
}

fn of_readers(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for (_, _, reader) in world.readers() {
        let name = &reader.spec.name;
        let polls = || format!("now(reader({name}).mode == polling)");
        let is_pushed_to = || format!("now(reader({name}).mode == fan-out)");
        if reader.throttled > 0 {
            drafts.push(choice(
                format!("Reads of {name} were refused because the limit of __ is shared."),
                format!("Leseaufrufe von {name} wurden abgewiesen, weil das Limit __ geteilt wird."),
                [
                    Filling::worded("the shard", "des Shards", polls()),
                    Filling::worded("the consumer", "des Consumers", is_pushed_to()),
                ],
            ));
        }
        drafts.push(count(
            &format!("The reader {name} got __ records."),
            &format!("Der Reader {name} bekam __ Records."),
            &format!("reader({name}).seen"),
            sandbox,
            &[0],
        ));
        drafts.push(choice(
            format!("The reader {name} __."),
            format!("Der Reader {name} __."),
            [
                Filling::worded("polls", "fragt die Shards ab", polls()),
                Filling::worded("is pushed to", "bekommt Records zugestellt", is_pushed_to()),
            ],
        ));
    }
    drafts
}

/// What the learner put and read by hand.
fn of_hands(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for stream in world.service().streams() {
        let name = &*stream.name;
        let number =
            |reader: String| read(sandbox, &reader).and_then(|value| value.number()).unwrap_or_default();
        let (seen, kept) = (number(format!("hand({name}).seen")), number(format!("rec({name}).count")));
        if seen > 0 {
            drafts.push(count(
                &format!("You read {seen} records of {name} by hand. Now it holds __."),
                &format!("Du hast {seen} Records aus {name} von Hand gelesen. Jetzt enthält er __."),
                &format!("rec({name}).count"),
                sandbox,
                &[0, kept.saturating_sub(seen).max(0)],
            ));
        }
        if let Some(put) = read(sandbox, "api(PutRecord).last.ShardId").filter(|put| *put != Value::Missing) {
            let shards = ids(stream);
            let took = put.to_string();
            // The one that took it and the first others.
            let others = shards.iter().filter(|shard| **shard != took).take(OPTIONS_MAX - 1);
            let mut asked: Vec<&String> =
                others.chain(shards.iter().filter(|shard| **shard == took)).collect();
            asked.sort_unstable();
            let fillings = asked
                .iter()
                .map(|shard| Filling::named(shard, format!("now(api(PutRecord).last.ShardId == {shard})")));
            drafts.push(choice(
                "Your last PutRecord was stored in __, by the MD5 of its partition key.".to_owned(),
                "Dein letztes PutRecord liegt in __, nach dem MD5 seines Partition Key.".to_owned(),
                fillings,
            ));
        }
    }
    drafts
}

fn of_streams(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for stream in world.service().streams() {
        let name = &*stream.name;
        drafts.push(count(
            &format!("The stream {name} has __ open shards."),
            &format!("Der Stream {name} hat __ offene Shards."),
            &format!("stream({name}).open_shards"),
            sandbox,
            &[],
        ));
        drafts.push(count(
            &format!("Records of {name} are kept for __ hours."),
            &format!("Records von {name} werden __ Stunden aufbewahrt."),
            &format!("stream({name}).retention_h"),
            sandbox,
            &[24, 168],
        ));
    }
    drafts
}

/// Who deleted a stream, where the trail shows it.
fn of_trail(sandbox: &CourseSandbox, world: &World) -> Vec<Draft> {
    let Some(Value::Text(who)) = read(sandbox, "audit(DeleteStream).principal") else { return Vec::new() };
    let others = world.identities().map(|(name, _)| name).filter(|name| *name != who).take(OPTIONS_MAX - 1);
    let mut names: Vec<&str> = others.chain([who.as_str()]).collect();
    names.sort_unstable();
    let is = |name: &str| format!("now(audit(DeleteStream).principal == '{name}')");
    vec![choice(
        "CloudTrail shows that the last call of DeleteStream was made by __.".to_owned(),
        "CloudTrail zeigt, dass der letzte Aufruf von DeleteStream von __ kam.".to_owned(),
        names.into_iter().map(|name| Filling::named(name, is(name))),
    )]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lesson, run_script, start};

    fn after(id: &str, script: &str) -> Vec<Blank> {
        let mut sandbox = start(lesson(id).unwrap()).unwrap();
        run_script(&mut sandbox, script).unwrap();
        blanks(&sandbox, Tongue::English)
    }

    fn told(blanks: &[Blank]) -> Vec<String> {
        blanks
            .iter()
            .map(|blank| [&blank.before, "[", &blank.options[blank.right], "]", &blank.after].concat())
            .collect()
    }

    #[test]
    fn what_is_asked_is_about_the_way_that_was_gone() {
        let put = "aws kinesis put-record --stream-name s2 --data aGk= --partition-key ";
        let with = |key: &str| told(&after("E2.1", &[put, key].concat()));
        assert!(with("user-2")[0].contains("stored in [shardId-000000000000]"), "{:?}", with("user-2"));
        assert!(with("user-1")[0].contains("stored in [shardId-000000000001]"), "{:?}", with("user-1"));
    }

    #[test]
    fn a_reading_takes_nothing_away() {
        let all = after("E1.3", &lesson("E1.3").unwrap().solution);
        let holds = all.iter().find(|blank| blank.before.contains("Now it holds")).unwrap();
        assert_eq!(holds.options[holds.right], "5");
        assert!(holds.options.contains(&"0".to_owned()));
    }

    #[test]
    fn what_may_stand_in_a_gap_is_in_the_language_of_its_sentence() {
        let mut sandbox = start(lesson("E2.1").unwrap()).unwrap();
        run_script(&mut sandbox, "sandbox reader start audit --stream s2").unwrap();
        let german = blanks(&sandbox, Tongue::German);
        let told = told(&german);
        let polls = "Der Reader audit [fragt die Shards ab].".to_owned();
        assert!(told.contains(&polls), "{told:?}");
        assert!(!german.iter().any(|blank| blank.options.iter().any(|option| option.contains("push"))));
    }

    #[test]
    fn the_hot_shard_is_the_one_that_refused() {
        let all = after("E3.4", &lesson("E3.4").unwrap().solution);
        assert!(
            told(&all)[0].starts_with("Of the shards of hot, [shardId-000000000000] refused"),
            "{:?}",
            told(&all)
        );
    }
}
