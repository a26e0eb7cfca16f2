//! Sentences that are put together elsewhere, in German: what happened, why, and what stands in words beside the picture.
//!
//! A pattern has `{}` where a name, a number or another sentence stands; those are translated in their turn. Among the
//! patterns that fit a text, the one with most letters of its own is the right one.

mod patterns;

use patterns::SENTENCES;

/// A text in German, as far as there is a pattern for it.
pub(super) fn in_german(text: &str) -> String {
    let found = SENTENCES.iter().filter_map(|(english, german)| {
        let own = english.len() - 2 * english.matches("{}").count();
        Some((own, pieces(english, text)?, german))
    });
    let Some((_, pieces, german)) = found.max_by_key(|(own, ..)| *own) else {
        return super::in_german_or_none(text).map_or_else(|| text.to_owned(), str::to_owned);
    };
    let mut pieces = pieces.into_iter();
    let mut words = String::with_capacity(text.len() + 16);
    for (i, part) in german.split("{}").enumerate() {
        if i > 0 {
            words += &in_german(pieces.next().unwrap_or_default());
        }
        words += part;
    }
    words
}

/// English patterns beside German ones.
#[cfg(test)]
pub(super) fn patterns() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    SENTENCES.iter()
}

/// What stands in a text where a pattern has `{}`; nothing where the text is another one.
fn pieces<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty().then_some(found);
    }
    while let Some(part) = parts.next() {
        let end = match parts.peek() {
            // The last part ends the text.
            None => rest.len().checked_sub(part.len()).filter(|end| rest.get(*end..) == Some(part))?,
            Some(_) => rest.find(part)?,
        };
        let piece = rest.get(..end)?;
        if piece.is_empty() {
            return None;
        }
        found.push(piece);
        rest = rest.get(end + part.len()..)?;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use awscli::Shell;
    use sim::{SandboxOptions, fact_view};

    use super::*;
    use crate::desk::first_world;

    #[test]
    fn a_sentence_is_translated_with_the_sentences_in_it() {
        for (english, german) in [
            ("clicks is ACTIVE", "clicks ist ACTIVE"),
            (
                "clicks: shardId-000000000001 refused 412 records: 1,000 records per second are used up",
                "clicks: shardId-000000000001 wies 412 Records ab: 1.000 Records je Sekunde sind aufgebraucht",
            ),
            (
                "web lost 1 record (first key us): refused, and not tried again",
                "web verlor 1 Record (erster Schlüssel us): abgewiesen und nicht noch einmal versucht",
            ),
            ("command 3", "Befehl 3"),
            ("PutRecord: OK", "PutRecord: OK"),
            (
                "billing: at the tip, lease of w1, counter 41, w2 still thinks it owns it",
                "billing: an der Spitze, Lease von w1, Zähler 41, w2 glaubt noch, sie zu besitzen",
            ),
            (
                "50 – 100 % of the key space, record limit of this second used up, 3 refused so far, 7 records.",
                "50 – 100 % des Schlüsselraums, Record-Grenze dieser Sekunde aufgebraucht, bisher 3 abgewiesen, 7 Records.",
            ),
        ] {
            assert_eq!(in_german(english), german);
        }
    }

    #[test]
    fn each_pattern_has_as_many_places_in_german_as_in_english() {
        for (english, german) in SENTENCES {
            assert_eq!(english.matches("{}").count(), german.matches("{}").count(), "{english}");
        }
    }

    #[test]
    fn what_happens_in_a_busy_world_is_told_in_german() {
        let (mut shell, mut sandbox) = (Shell::default(), first_world(SandboxOptions::default()));
        let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
        let lines = [
            "sandbox producer start web --stream clicks --rate 1500 --keys hot:100:celebrity --retry backoff",
            "sandbox producer start mobile --stream clicks --rate 10 --keys fixed:celebrity",
            "sleep 2",
            "sandbox producer change web --rate 5",
            "sandbox kpl start packed --stream clicks --rate 20 --size 40",
            "sandbox reader start audit --stream clicks --from TRIM_HORIZON",
            "sandbox kcl start billing --stream clicks --workers 2",
            "sandbox bucket create archive",
            "sandbox function create agg --count-by partition-key",
            "sandbox mapping create agg --event-source-arn ARN --from LATEST --batch-size 100",
            "sandbox firehose create to-s3 --kinesis-stream-arn ARN --bucket archive --interval-in-seconds 15",
            "sandbox flink create totals --stream clicks --window 10s",
            "aws kinesis register-stream-consumer --stream-arn ARN --consumer-name fraud",
            "sleep 20",
            "sandbox reader start fraud --stream clicks --consumer fraud",
            "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592",
            "sleep 40",
            "sandbox kcl pause billing w1",
            "sandbox fault loss --percent 30 --way answers --program web --for 10s",
            "sandbox fault clock mobile --behind 10m --for 10s",
            "sleep 40",
            "aws kinesis increase-stream-retention-period --stream-name clicks --retention-period-hours 48",
            "sandbox producer stop mobile",
            "sleep 20",
        ];
        for line in lines {
            let output =
                crate::language::run(&mut shell, &mut sandbox, &line.replace("ARN", arn), &mut |_| {});
            assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
        }
        let world = sandbox.world();
        let mut told = 0;
        for stamped in world.facts_since(0) {
            let fact = fact_view(world, stamped);
            // What the wire says is the same in every language.
            if fact.kind == "CallAnswered" {
                continue;
            }
            told += 1;
            assert_ne!(in_german(&fact.text), fact.text);
            assert!(fact.because.is_empty() || in_german(&fact.because) != fact.because, "{}", fact.because);
        }
        assert!(told > 500, "{told} sentences");
    }
}
