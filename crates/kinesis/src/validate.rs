//! Constraints of the service model, checked over the members of a request, all of them at once.
//!
//! Observed: kinesalite's tests against AWS gave the wording, that at most ten violations are listed, and that a
//! text that breaks both its pattern and its length is listed for the pattern first.
//! Assumed: members are listed in the order of the service model; AWS's own order has changed over the years.

use crate::{ApiError, Blob, RecordDistribution, Tags};

/// What is wrong with a request, collected member by member.
pub(crate) struct Violations {
    items: Vec<String>,
}

const LISTED_MAX: usize = 10;

const TAG_KEY_LENGTH_MAX: usize = 128;

impl Violations {
    pub(crate) fn new() -> Violations {
        Violations { items: Vec::new() }
    }

    pub(crate) fn finish(self) -> Result<(), ApiError> {
        if self.items.is_empty() { Ok(()) } else { Err(ApiError::violations(&self.items)) }
    }

    fn add(&mut self, value: &str, path: &str, rule: &str) {
        self.add_printed(&format!("'{value}'"), path, rule);
    }

    fn add_printed(&mut self, value: &str, path: &str, rule: &str) {
        if self.items.len() < LISTED_MAX {
            self.items.push(format!("Value {value} at '{path}' failed to satisfy constraint: {rule}"));
        }
    }

    /// Whether as many violations are known as are listed: what a longer search finds would not be said.
    pub(crate) fn is_full(&self) -> bool {
        self.items.len() == LISTED_MAX
    }

    pub(crate) fn required<T>(&mut self, value: &Option<T>, path: &str) {
        if value.is_none() {
            self.add_printed("null", path, "Member must not be null");
        }
    }

    /// Length in Unicode characters, as AWS counts it.
    pub(crate) fn length(&mut self, value: &Option<impl AsRef<str>>, path: &str, min: usize, max: usize) {
        if let Some(value) = value {
            self.length_of(value.as_ref(), path, min, max);
        }
    }

    fn length_of(&mut self, value: &str, path: &str, min: usize, max: usize) {
        // Most values are short: the byte count settles those without counting characters.
        let count = if value.len() <= max && value.len() >= min.max(1) * 4 {
            value.len()
        } else {
            value.chars().count()
        };
        if count < min {
            self.add(value, path, &format!("Member must have length greater than or equal to {min}"));
        }
        if count > max {
            self.add(value, path, &format!("Member must have length less than or equal to {max}"));
        }
    }

    /// A map of at least one tag, its keys and values within their lengths.
    pub(crate) fn tags(&mut self, value: &Option<Tags>) {
        let Some(tags) = value else { return };
        let printed = if tags.is_empty() { "{}".to_owned() } else { format!("{{{} entries}}", tags.len()) };
        self.count(&printed, "tags", tags.len(), 1, 200);
        for (what, texts, min, max) in [
            ("Map keys", tags.keys().collect::<Vec<_>>(), 1, TAG_KEY_LENGTH_MAX),
            ("Map value", tags.values().collect(), 0, 256),
        ] {
            self.each_length(&printed, "tags", what, texts, min, max);
        }
    }

    /// A list of up to 50 keys of tags.
    pub(crate) fn tag_keys(&mut self, value: &Option<Vec<String>>) {
        self.list_length(value, "tagKeys", 1, 50);
        if let Some(keys) = value {
            self.each_length(&list_text(keys), "tagKeys", "Member", keys, 1, TAG_KEY_LENGTH_MAX);
        }
    }

    /// A list of which every item is one of the members.
    pub(crate) fn each_one_of(&mut self, value: &Option<Vec<String>>, path: &str, members: &[&str]) {
        if let Some(items) = value
            && items.iter().any(|item| !members.contains(&item.as_str()))
        {
            let rule = format!(
                "Member must satisfy constraint: [Member must satisfy enum value set: [{}]]",
                members.join(", ")
            );
            self.add(&list_text(items), path, &rule);
        }
    }

    fn each_length<'t>(
        &mut self,
        printed: &str,
        path: &str,
        what: &str,
        texts: impl IntoIterator<Item = &'t String>,
        min: usize,
        max: usize,
    ) {
        if texts.into_iter().any(|text| !(min..=max).contains(&text.chars().count())) {
            self.add(
                printed,
                path,
                &format!(
                    "{what} must satisfy constraint: [Member must have length less than or equal to {max}, Member must \
                     have length greater than or equal to {min}]"
                ),
            );
        }
    }

    fn count(&mut self, printed: &str, path: &str, count: usize, min: usize, max: usize) {
        if count < min {
            self.add(printed, path, &format!("Member must have length greater than or equal to {min}"));
        }
        if count > max {
            self.add(printed, path, &format!("Member must have length less than or equal to {max}"));
        }
    }

    pub(crate) fn list_length<T>(&mut self, value: &Option<Vec<T>>, path: &str, min: usize, max: usize) {
        if let Some(value) = value {
            self.count(&list_text(value), path, value.len(), min, max);
        }
    }

    /// Data of at most `max` bytes.
    pub(crate) fn blob(&mut self, value: &Option<Blob>, path: &str, max: u64) {
        if let Some(value) = value
            && value.size() > max
        {
            let n = value.size();
            self.add(
                &format!("java.nio.HeapByteBuffer[pos=0 lim={n} cap={n}]"),
                path,
                &format!("Member must have length less than or equal to {max}"),
            );
        }
    }

    pub(crate) fn range(&mut self, value: Option<i64>, path: &str, min: i64, max: i64) {
        if let Some(value) = value {
            if value < min {
                self.add(
                    &value.to_string(),
                    path,
                    &format!("Member must have value greater than or equal to {min}"),
                );
            }
            if value > max {
                self.add(
                    &value.to_string(),
                    path,
                    &format!("Member must have value less than or equal to {max}"),
                );
            }
        }
    }

    pub(crate) fn max_record_size(&mut self, value: Option<i64>) {
        self.range(value, "maxRecordSizeInKiB", 1_024, 10_240);
    }

    pub(crate) fn record_distribution(&mut self, value: &Option<String>) {
        let strategies = RecordDistribution::ALL.map(RecordDistribution::name);
        self.one_of(value, "recordDistributionStrategy", &strategies);
    }

    pub(crate) fn one_of(&mut self, value: &Option<String>, path: &str, members: &[&str]) {
        if let Some(value) = value
            && !members.contains(&value.as_str())
        {
            self.add(value, path, &format!("Member must satisfy enum value set: [{}]", members.join(", ")));
        }
    }

    fn pattern(&mut self, value: Option<&str>, path: &str, matches: fn(&str) -> bool, pattern: &str) {
        if let Some(value) = value
            && !matches(value)
        {
            self.add(value, path, &format!("Member must satisfy regular expression pattern: {pattern}"));
        }
    }

    /// Names of streams and shards.
    pub(crate) fn name(&mut self, value: &Option<impl AsRef<str>>, path: &str) {
        self.pattern(value.as_ref().map(AsRef::as_ref), path, is_name, "[a-zA-Z0-9_.-]+");
        self.length(value, path, 1, 128);
    }

    pub(crate) fn stream_arn(&mut self, value: &Option<impl AsRef<str>>) {
        self.pattern(
            value.as_ref().map(AsRef::as_ref),
            "streamARN",
            is_stream_arn,
            r"arn:aws.*:kinesis:.*:\d{12}:stream/\S+",
        );
        self.length(value, "streamARN", 1, 2_048);
    }

    /// ARNs of streams and of what belongs to them.
    pub(crate) fn resource_arn(&mut self, value: &Option<String>) {
        self.required(value, "resourceARN");
        self.pattern(
            value.as_deref(),
            "resourceARN",
            is_resource_arn,
            r"arn:aws.*:kinesis:.*:\d{12}:.*(stream|channel|queue)/\S+",
        );
        self.length(value, "resourceARN", 1, 2_048);
    }

    pub(crate) fn consumer_arn(&mut self, value: &Option<String>) {
        self.pattern(
            value.as_deref(),
            "consumerARN",
            is_consumer_arn,
            r"^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+",
        );
        self.length(value, "consumerARN", 1, 2_048);
    }

    pub(crate) fn hash_key(&mut self, value: &Option<String>, path: &str) {
        self.pattern(value.as_deref(), path, |text| is_decimal(text, 39), r"^(0|([1-9]\d{0,38}))$");
    }

    pub(crate) fn sequence_number(&mut self, value: &Option<String>, path: &str) {
        self.pattern(value.as_deref(), path, |text| is_decimal(text, 129), r"^(0|([1-9]\d{0,128}))$");
    }
}

/// AWS prints every item here; their number says as much in less space.
fn list_text<T>(items: &[T]) -> String {
    if items.is_empty() { "[]".to_owned() } else { format!("[{} items]", items.len()) }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'))
}

fn is_decimal(text: &str, digits_max: usize) -> bool {
    text == "0"
        || (!text.is_empty()
            && text.len() <= digits_max
            && !text.starts_with('0')
            && text.bytes().all(|b| b.is_ascii_digit()))
}

/// `arn:aws*:kinesis:REGION:ACCOUNT:stream/NAME`.
fn is_stream_arn(text: &str) -> bool {
    is_arn(text, &["stream/"])
}

fn is_resource_arn(text: &str) -> bool {
    is_arn(text, &["stream/", "channel/", "queue/"])
}

fn is_consumer_arn(text: &str) -> bool {
    let Some((stream, consumer)) = text.split_once("/consumer/") else { return false };
    let Some((name, created)) = consumer.split_once(':') else { return false };
    let stream_name = stream.split_once(":stream/").map_or("", |(_, name)| name);
    is_stream_arn(stream)
        && is_name(stream_name)
        && is_name(name)
        && !created.is_empty()
        && created.bytes().all(|b| b.is_ascii_digit())
}

fn is_arn(text: &str, kinds: &[&str]) -> bool {
    let mut parts = text.splitn(6, ':');
    let mut next = || parts.next().unwrap_or_default();
    let (arn, partition, service, _region, account, resource) =
        (next(), next(), next(), next(), next(), next());
    arn == "arn"
        && partition.starts_with("aws")
        && service == "kinesis"
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && kinds
            .iter()
            .find_map(|kind| resource.strip_prefix(kind))
            .is_some_and(|name| !name.is_empty() && !name.contains(char::is_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is listed of the checks, one violation a line.
    fn listed(check: impl FnOnce(&mut Violations)) -> String {
        let mut violations = Violations::new();
        check(&mut violations);
        match violations.finish() {
            Ok(()) => String::new(),
            Err(refused) => refused.message().replace("detected: ", "detected:\n").replace("; ", "\n"),
        }
    }

    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn an_empty_name_breaks_its_pattern_and_its_length_in_this_order() {
        assert_eq!(
            listed(|v| v.name(&text(""), "streamName")),
            "2 validation errors detected:\n\
             Value '' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: \
             [a-zA-Z0-9_.-]+\n\
             Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
    }

    #[test]
    fn the_published_example_is_worded_as_published() {
        assert_eq!(
            listed(|v| v.name(&text("my stream"), "streamName")),
            "1 validation error detected:\n\
             Value 'my stream' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression \
             pattern: [a-zA-Z0-9_.-]+"
        );
    }

    #[test]
    fn a_missing_value_is_printed_as_null_without_quotes() {
        assert_eq!(
            listed(|v| v.required::<u8>(&None, "records")),
            "1 validation error detected:\n\
             Value null at 'records' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn ten_violations_are_listed_of_however_many() {
        let mut violations = Violations::new();
        for _ in 0..25 {
            violations.required::<u8>(&None, "x");
        }
        let refused = violations.finish().unwrap_err();
        assert!(refused.message().starts_with("10 validation errors detected: "), "{refused}");
        assert_eq!(refused.message().matches("must not be null").count(), 10);
    }

    #[test]
    fn a_name_has_between_one_and_128_characters() {
        for (name, is_accepted) in [("a".repeat(128), true), ("a".repeat(129), false), ("a".to_owned(), true)]
        {
            assert_eq!(
                listed(|v| v.name(&Some(name.clone()), "streamName")).is_empty(),
                is_accepted,
                "{name}"
            );
        }
    }

    #[test]
    fn length_counts_characters_and_not_bytes() {
        for (count, is_accepted) in [(1, true), (256, true), (257, false)] {
            for character in ["a", "é", "日", "😀"] {
                let key = Some(character.repeat(count));
                let said = listed(|v| v.length(&key, "partitionKey", 1, 256));
                assert_eq!(said.is_empty(), is_accepted, "{count} of {character}");
            }
        }
    }

    #[test]
    fn length_agrees_with_counting_for_every_mix_of_short_and_long_characters() {
        for short in 0..=24 {
            for long in 0..=24 {
                for (min, max) in [(0, 8), (1, 8), (3, 20), (5, 24)] {
                    let value = Some("a".repeat(short) + &"😀".repeat(long));
                    let is_accepted = (min..=max).contains(&(short + long));
                    let said = listed(|v| v.length(&value, "x", min, max));
                    assert_eq!(said.is_empty(), is_accepted, "{short} short, {long} long, {min} to {max}");
                }
            }
        }
    }

    #[test]
    fn a_range_holds_its_ends_and_refuses_the_extremes() {
        for (value, is_accepted) in
            [(1, true), (10_000, true), (0, false), (10_001, false), (i64::MIN, false), (i64::MAX, false)]
        {
            assert_eq!(
                listed(|v| v.range(Some(value), "limit", 1, 10_000)).is_empty(),
                is_accepted,
                "{value}"
            );
        }
    }

    #[test]
    fn a_list_prints_as_empty_or_by_its_size() {
        assert_eq!(
            listed(|v| v.list_length::<u8>(&Some(vec![]), "records", 1, 2)),
            "1 validation error detected:\n\
             Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1"
        );
        assert_eq!(
            listed(|v| v.list_length(&Some(vec![1, 2, 3]), "records", 1, 2)),
            "1 validation error detected:\n\
             Value '[3 items]' at 'records' failed to satisfy constraint: Member must have length less than or equal \
             to 2"
        );
    }

    #[test]
    fn numbers_have_no_sign_and_no_leading_zero() {
        let longest = "9".repeat(39);
        for (number, is_accepted) in [
            ("0", true),
            ("1", true),
            (longest.as_str(), true),
            (&(longest.clone() + "9"), false),
            ("", false),
            ("00", false),
            ("01", false),
            ("+1", false),
            ("-1", false),
            ("1.5", false),
            (" 1", false),
            ("١", false),
        ] {
            assert_eq!(listed(|v| v.hash_key(&text(number), "x")).is_empty(), is_accepted, "{number:?}");
        }
    }

    #[test]
    fn a_sequence_number_has_at_most_129_digits() {
        assert_eq!(listed(|v| v.sequence_number(&Some("1".repeat(129)), "x")), "");
        assert_eq!(
            listed(|v| v.sequence_number(&text("x"), "startingSequenceNumber")),
            "1 validation error detected:\n\
             Value 'x' at 'startingSequenceNumber' failed to satisfy constraint: Member must satisfy regular \
             expression pattern: ^(0|([1-9]\\d{0,128}))$"
        );
        assert_ne!(listed(|v| v.sequence_number(&Some("1".repeat(130)), "x")), "");
    }

    #[test]
    fn an_arn_has_six_parts_and_a_name() {
        for (arn, is_accepted) in [
            ("arn:aws:kinesis:us-east-1:123456789012:stream/orders", true),
            ("arn:aws-cn:kinesis:cn-north-1:123456789012:stream/a.b_c-d", true),
            ("arn:aws:kinesis:us-east-1:12345678901:stream/orders", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/", false),
            ("arn:aws:kinesis:us-east-1:123456789012:stream/two words", false),
            ("arn:aws:sqs:us-east-1:123456789012:stream/orders", false),
            ("orders", false),
            ("", false),
            (":::::", false),
        ] {
            assert_eq!(listed(|v| v.stream_arn(&text(arn))).is_empty(), is_accepted, "{arn}");
        }
    }
}
