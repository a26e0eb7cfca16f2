//! Names of the objects that Firehose writes.
//!
//! Documented: Amazon Data Firehose Developer Guide, Amazon S3 object name format, and Custom prefixes.

use kinesis::Instant;

/// What a prefix can speak of.
pub(super) struct Terms<'a> {
    /// Arrival of the oldest record in the object.
    pub(super) at: Instant,
    /// The dynamic partition's key.
    pub(super) partition: Option<&'a str>,
    /// `processing-failed` and its like, for what failed.
    pub(super) error: Option<&'a str>,
}

/// The prefix with its expressions worked out. One without `!{timestamp:…}` ends in `YYYY/MM/dd/HH/`; the kind of error
/// stands before that where the prefix does not speak of it.
pub(super) fn evaluate(prefix: &str, terms: &Terms<'_>) -> String {
    let mut text = String::new();
    let mut rest = prefix;
    while let Some((before, after)) = rest.split_once("!{") {
        text.push_str(before);
        let Some((expression, behind)) = after.split_once('}') else {
            text.push_str("!{");
            rest = after;
            continue;
        };
        let (namespace, argument) = expression.split_once(':').unwrap_or((expression, ""));
        match namespace {
            "timestamp" => text.push_str(&timestamp(argument, terms.at)),
            "partitionKeyFromQuery" => text.push_str(terms.partition.unwrap_or_default()),
            "firehose" => text.push_str(terms.error.unwrap_or_default()),
            _ => {}
        }
        rest = behind;
    }
    text.push_str(rest);
    if let Some(error) = terms.error.filter(|_| !prefix.contains("!{firehose:error-output-type}")) {
        text.push_str(error);
        text.push('/');
    }
    if !prefix.contains("!{timestamp:") {
        text.push_str(&timestamp("yyyy/MM/dd/HH/", terms.at));
    }
    text
}

/// The letters of Java's date formats that the guide uses; others stand for themselves.
fn timestamp(format: &str, at: Instant) -> String {
    let iso = at.to_iso8601();
    let part = |from: usize, to: usize| iso.get(from..to).unwrap_or_default();
    let mut text = format.replace("yyyy", part(0, 4)).replace("YYYY", part(0, 4));
    for (letters, from) in [("MM", 5), ("dd", 8), ("HH", 11), ("mm", 14), ("ss", 17)] {
        text = text.replace(letters, part(from, from + 2));
    }
    text
}

/// `name-version-YYYY-MM-DD-HH-MM-SS-uuid`.
pub(super) fn object_name(name: &str, at: Instant, uuid: &str) -> String {
    let time = timestamp("yyyy-MM-dd-HH-mm-ss", at);
    format!("{name}-1-{time}-{uuid}")
}

/// Whether the expressions of a prefix are of kinds that Firehose knows.
pub(crate) fn is_prefix(prefix: &str, is_error_prefix: bool) -> bool {
    prefix.split("!{").skip(1).all(|after| match after.split_once('}') {
        Some((expression, _)) => match expression.split_once(':') {
            Some(("timestamp", format)) => !format.is_empty(),
            Some(("partitionKeyFromQuery", key)) => !key.is_empty() && !is_error_prefix,
            Some(("firehose", "error-output-type")) => is_error_prefix,
            _ => false,
        },
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evaluated(prefix: &str, partition: Option<&str>, error: Option<&str>) -> String {
        let at = Instant::from_seconds(1_767_225_600 + 3_723);
        evaluate(prefix, &Terms { at, partition, error })
    }

    #[test]
    fn a_prefix_ends_in_the_hour_where_it_names_no_time() {
        assert_eq!(evaluated("", None, None), "2026/01/01/01/");
        assert_eq!(evaluated("clicks/", None, None), "clicks/2026/01/01/01/");
        assert_eq!(evaluated("year=!{timestamp:yyyy}/day=!{timestamp:dd}/", None, None), "year=2026/day=01/");
    }

    #[test]
    fn a_prefix_takes_the_partition_key_and_the_kind_of_error() {
        assert_eq!(
            evaluated("c=!{partitionKeyFromQuery:customer}/", Some("ana"), None),
            "c=ana/2026/01/01/01/"
        );
        assert_eq!(evaluated("", None, Some("processing-failed")), "processing-failed/2026/01/01/01/");
        assert_eq!(
            evaluated("bad/!{firehose:error-output-type}/", None, Some("processing-failed")),
            "bad/processing-failed/2026/01/01/01/"
        );
    }

    #[test]
    fn an_object_is_named_as_firehose_names_it() {
        let at = Instant::from_seconds(1_767_225_600);
        assert_eq!(object_name("clicks", at, "u"), "clicks-1-2026-01-01-00-00-00-u");
    }

    #[test]
    fn prefixes_of_unknown_form_are_found() {
        assert!(is_prefix("a/!{timestamp:yyyy}/!{partitionKeyFromQuery:c}/", false));
        for prefix in ["!{timestamp:}", "!{nonsense:x}", "!{timestamp:yyyy", "!{firehose:error-output-type}"]
        {
            assert!(!is_prefix(prefix, false), "{prefix}");
        }
        assert!(is_prefix("!{firehose:error-output-type}/", true));
    }
}
