//! The words of the sentences that say how a check stands, in each language.

use super::{Op, Term, Value};
use crate::readers::{Reader, seconds};

/// A language in which checks can speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tongue {
    #[default]
    English,
    German,
}

/// Pieces that sentences are put together from.
pub(super) struct Words {
    pub(super) is: &'static str,
    pub(super) missing: &'static str,
    pub(super) yes: &'static str,
    pub(super) no: &'static str,
    pub(super) not_given: &'static str,
    pub(super) quotes: [&'static str; 2],
    pub(super) should: &'static str,
    pub(super) from: &'static str,
    pub(super) to: &'static str,
    pub(super) to_go: &'static str,
    pub(super) over: [&'static str; 2],
    pub(super) and: &'static str,
    pub(super) but: &'static str,
    pub(super) or: &'static str,
    pub(super) not: &'static str,
    pub(super) less: &'static str,
    pub(super) plus: &'static str,
    pub(super) percent_of: &'static str,
    pub(super) of: &'static str,
    pub(super) wrong: &'static str,
    pub(super) nothing_to_compare: &'static str,
    pub(super) not_there_yet: &'static str,
    pub(super) should_not: &'static str,
    pub(super) at: &'static str,
    pub(super) not_so_far: &'static str,
    pub(super) at_start: &'static str,
    /// Before when, before what, and what can be done about it.
    pub(super) happened: [&'static str; 3],
    pub(super) hold_for: [&'static str; 2],
    pub(super) held: [&'static str; 3],
    pub(super) broken: &'static str,
    pub(super) in_order: &'static str,
    pub(super) then: &'static str,
    pub(super) step: [&'static str; 3],
    pub(super) one_more: &'static str,
    pub(super) there_is: &'static str,
    /// Arguments that are given by name, as they stand in a sentence; others are named as in a check.
    named: [(&'static str, [&'static str; 2]); 5],
    ops: [&'static str; 6],
}

const ENGLISH: Words = Words {
    is: " is ",
    missing: "not there yet",
    yes: "yes",
    no: "no",
    not_given: " is not given yet",
    quotes: ["“", "”"],
    should: "; it should be ",
    from: "from ",
    to: " to ",
    to_go: " to go",
    over: ["over by ", ""],
    and: ", and ",
    but: ", but ",
    or: ", or ",
    not: "not ",
    less: " less ",
    plus: " plus ",
    percent_of: " % of ",
    of: " of ",
    wrong: ", and that is not right",
    nothing_to_compare: ", and there is nothing yet to compare it with",
    not_there_yet: " is not there yet",
    should_not: "it should not be so: ",
    at: "at ",
    not_so_far: "never so far: ",
    at_start: " at the start",
    happened: ["it happened at ", ", and must not: ", "; undo it, or start over"],
    hold_for: ["; it must hold for ", " s without a break"],
    held: ["it has held for ", " s of ", " s: "],
    broken: "; last broken at ",
    in_order: "in this order, the last at ",
    then: ", then ",
    step: ["step ", " of ", " comes next: "],
    one_more: "one more in ",
    there_is: " (there is ",
    named: [
        ("older", ["older than ", ""]),
        ("newer", ["newer than ", ""]),
        ("last", ["in the last ", ""]),
        ("records", ["records: ", " or more"]),
        ("empty", ["empty: ", ""]),
    ],
    ops: ["exactly", "other than", "less than", "at most", "more than", "at least"],
};

const GERMAN: Words = Words {
    is: ": ",
    missing: "noch nicht da",
    yes: "ja",
    no: "nein",
    not_given: " fehlt noch",
    quotes: ["„", "“"],
    should: "; nötig ist ",
    from: "von ",
    to: " bis ",
    to_go: " fehlen",
    over: ["", " zu viel"],
    and: ", und ",
    but: ", aber ",
    or: ", oder ",
    not: "nicht: ",
    less: " weniger ",
    plus: " plus ",
    percent_of: " % von ",
    of: " von ",
    wrong: ", und das stimmt nicht",
    nothing_to_compare: ", und es gibt noch nichts zum Vergleichen",
    not_there_yet: " ist noch nicht da",
    should_not: "das soll nicht so sein: ",
    at: "um ",
    not_so_far: "bisher nie: ",
    at_start: " am Anfang",
    happened: ["es geschah um ", " und darf nicht sein: ", "; mach es rückgängig oder fang von vorn an"],
    hold_for: ["; das muss ", " s lang ohne Unterbrechung gelten"],
    held: ["es gilt seit ", " s von ", " s: "],
    broken: "; zuletzt unterbrochen um ",
    in_order: "in dieser Reihenfolge, das Letzte um ",
    then: ", dann ",
    step: ["Schritt ", " von ", " kommt als Nächstes: "],
    one_more: "eins mehr: ",
    there_is: " (es gibt ",
    named: [
        ("older", ["älter als ", ""]),
        ("newer", ["jünger als ", ""]),
        ("last", ["in den letzten ", ""]),
        ("records", ["Records: ", " oder mehr"]),
        ("empty", ["leer: ", ""]),
    ],
    ops: ["genau", "etwas anderes als", "weniger als", "höchstens", "mehr als", "mindestens"],
};

impl Tongue {
    /// What is said where there is nothing of the kind that a reader of this object asks for.
    pub(super) fn there_is_none(self, object: &str) -> &'static str {
        let german = self == Tongue::German;
        match object {
            "reader" if german => " (es läuft kein Reader)",
            "reader" => " (no reader was started)",
            "put" if german => " (es läuft kein Producer)",
            "put" => " (no producer was started)",
            "agent" if german => " (es gibt keinen Agent)",
            "agent" => " (there is no agent)",
            "app" | "table" if german => " (es gibt keine KCL-Anwendung)",
            "app" | "table" => " (there is no KCL application)",
            "fn" if german => " (es gibt keine Funktion)",
            "fn" => " (there is no function)",
            "hose" if german => " (es gibt keinen Firehose-Stream)",
            "hose" => " (there is no Firehose stream)",
            "dms" if german => " (es gibt keinen DMS-Task)",
            "dms" => " (there is no DMS task)",
            _ if german => " (es gibt keinen Stream)",
            _ => " (there is no stream)",
        }
    }

    pub(super) const fn words(self) -> &'static Words {
        match self {
            Tongue::English => &ENGLISH,
            Tongue::German => &GERMAN,
        }
    }

    /// What a reader's value is; in English where it has no words in this language.
    pub(super) fn phrase(self, reader: &Reader) -> &'static str {
        match self {
            Tongue::English => reader.phrase,
            Tongue::German => german_phrase(reader).unwrap_or(reader.phrase),
        }
    }
}

impl Words {
    /// An argument that is given by name: `in the last 10 s`, `key user-1`.
    pub(super) fn named(&self, name: &str, value: &str) -> String {
        let span = seconds(value).map(span);
        let value = span.as_deref().unwrap_or(value);
        match self.named.iter().find(|(known, _)| *known == name) {
            Some((_, [before, after])) => [before, value, after].concat(),
            None => [name, " ", value].concat(),
        }
    }

    /// What is wanted, with how it is compared: `at least 3`, and `fan-out` alone, since a word is what it is.
    pub(super) fn target(&self, op: Op, wanted: &Term, words: &str) -> String {
        let is_word = op == Op::Equal && matches!(wanted, Term::Literal(Value::Text(_)));
        if is_word { words.to_owned() } else { [self.op(op), " ", words].concat() }
    }

    pub(super) const fn op(&self, op: Op) -> &'static str {
        self.ops[match op {
            Op::Equal => 0,
            Op::NotEqual => 1,
            Op::Less => 2,
            Op::LessOrEqual => 3,
            Op::Greater => 4,
            Op::GreaterOrEqual => 5,
        }]
    }
}

/// German words of the readers that lessons with a German text use.
pub(crate) fn german_phrase(reader: &Reader) -> Option<&'static str> {
    Some(match (reader.object, reader.field) {
        ("stream", "status") => "der Status des Streams {0}",
        ("stream", "open_shards") => "die Zahl der offenen Shards von {0}",
        ("stream", "retention_h") => "die Aufbewahrung von {0} in Stunden",
        ("rec", "count") => "die Zahl der Records in {0}",
        ("readings", "count") => "die Zahl der getrennten Lesungen von {0}",
        ("reader", "seen") => "die Zahl der Records, die Reader {0} bekam",
        ("reader", "running") => "Reader {0} läuft",
        ("api", "calls") => "die Zahl deiner Aufrufe von {0}",
        ("api", "last.ShardId") => "die ShardId in der letzten Antwort auf {0}",
        ("api", "last.SequenceNumber") => "die SequenceNumber in der letzten Antwort auf {0}",
        ("answer", "") => "deine Antwort {0}",
        _ => return None,
    })
}

/// `23 h 30 min`.
fn span(seconds: u64) -> String {
    let parts = [(seconds / 3_600, " h"), (seconds / 60 % 60, " min"), (seconds % 60, " s")];
    let told = parts.iter().filter(|(count, _)| *count > 0);
    let told: Vec<String> = told.map(|(count, unit)| count.to_string() + unit).collect();
    if told.is_empty() { "0 s".to_owned() } else { told.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_by_name_are_told_as_people_say_them() {
        let english = |name, value| ENGLISH.named(name, value);
        assert_eq!(english("older", "84600s"), "older than 23 h 30 min");
        assert_eq!(english("last", "1s"), "in the last 1 s");
        assert_eq!(english("key", "user-1"), "key user-1");
        assert_eq!(english("records", "300"), "records: 300 or more");
        assert_eq!(GERMAN.named("newer", "60s"), "jünger als 1 min");
    }
}
