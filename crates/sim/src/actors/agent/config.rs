//! `agent.json`: the flows, by the keys, defaults and ranges of the real agent.
//!
//! Documented: Write to Kinesis Data Streams using Kinesis Agent. Observed: the words of its refusals, and that it knows
//! nothing of keys that it does not read. Simplified: flows to Firehose, `matchPattern`, `fileFooterPattern` and
//! `jsonFormat` are refused; endpoints and credentials are not read.

use kinesis::Duration;
use serde_json::{Map, Value};

use super::log_parser::KnownFormat;
use super::pattern::{Glob, StartPattern};
use super::processing::Processing;

/// The configuration file, understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Config {
    /// `cloudwatch.emitMetrics`.
    pub(super) emits_metrics: bool,
    pub(super) flows: Vec<FlowConfig>,
    /// Keys that the agent reads over: most often mistakes.
    pub(super) unread: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct FlowConfig {
    pub(super) glob: Glob,
    pub(super) stream: String,
    pub(super) is_from_start: bool,
    pub(super) max_buffer_age: Duration,
    pub(super) max_buffer_bytes: u64,
    pub(super) max_buffer_records: u64,
    pub(super) min_time_between_polls: Duration,
    pub(super) start_pattern: Option<StartPattern>,
    pub(super) is_key_random: bool,
    pub(super) skip_header_lines: u64,
    pub(super) terminator: String,
    pub(super) processing: Vec<Processing>,
}

const TEXT_BYTES_MAX: usize = 64 << 10;
const FLOWS_MAX: usize = 20;
/// Keys that are known and mean nothing here.
const TOP_KEYS: [&str; 16] = [
    "cloudwatch.emitMetrics",
    "cloudwatch.endpoint",
    "kinesis.endpoint",
    "firehose.endpoint",
    "sts.endpoint",
    "assumeRoleARN",
    "assumeRoleExternalId",
    "awsAccessKeyId",
    "awsSecretAccessKey",
    "flows",
    "checkpointFile",
    "maxConnections",
    "maxSendingThreads",
    "log.emitMetrics",
    "log.file",
    "log.level",
];
const FLOW_KEYS: [&str; 12] = [
    "filePattern",
    "kinesisStream",
    "initialPosition",
    "maxBufferAgeMillis",
    "maxBufferSizeBytes",
    "maxBufferSizeRecords",
    "minTimeBetweenFilePollsMillis",
    "multiLineStartPattern",
    "partitionKeyOption",
    "skipHeaderLines",
    "truncatedRecordTerminator",
    "dataProcessingOptions",
];
const LONG: &str = "Long";
const INTEGER: &str = "Integer";

type Object = Map<String, Value>;

impl Config {
    pub(super) fn parse(text: &str) -> Result<Config, String> {
        if text.len() > TEXT_BYTES_MAX {
            return Err(format!("an agent.json has at most {TEXT_BYTES_MAX} bytes here"));
        }
        let failed = || "Failed when reading configuration file: /etc/aws-kinesis/agent.json".to_owned();
        let value: Value = serde_json::from_str(text).map_err(|error| format!("{}: {error}", failed()))?;
        let top = value.as_object().ok_or_else(failed)?;
        let flows = match top.get("flows") {
            None => &[],
            Some(Value::Array(flows)) => flows.as_slice(),
            Some(other) => return Err(no_list(other)),
        };
        if flows.is_empty() {
            return Err("There are no flows configured in configuration file.".to_owned());
        }
        if flows.len() > FLOWS_MAX {
            return Err(format!("an agent has at most {FLOWS_MAX} flows here"));
        }
        let mut unread = unread(top, &TOP_KEYS);
        let mut all: Vec<FlowConfig> = Vec::new();
        for value in flows {
            let object = value.as_object().ok_or_else(|| {
                format!("Failed to convert list item ({value}) to desired type (class Configuration): flows")
            })?;
            unread.extend(self::unread(object, &FLOW_KEYS));
            let flow = flow(object)?;
            if all.iter().any(|other| other.stream == flow.stream && other.glob == flow.glob) {
                return Err(format!("Duplicate flow: kinesis:{}:{}", flow.stream, flow.glob.text));
            }
            all.push(flow);
        }
        Ok(Config { emits_metrics: truth(top, "cloudwatch.emitMetrics", true)?, flows: all, unread })
    }
}

fn unread(object: &Object, known: &[&str]) -> Vec<String> {
    object.keys().filter(|key| !known.contains(&key.as_str())).cloned().collect()
}

fn flow(flow: &Object) -> Result<FlowConfig, String> {
    if flow.contains_key("deliveryStream") {
        return Err(
            "deliveryStream: agents of this sandbox send to Kinesis Data Streams only, so that a flow has a \
                    kinesisStream"
                .to_owned(),
        );
    }
    if !flow.contains_key("kinesisStream") {
        return Err(
            "Could not create flow from the given configuration. Could not recognize flow type.".to_owned()
        );
    }
    if flow.contains_key("fileFooterPattern") {
        return Err("fileFooterPattern is not simulated".to_owned());
    }
    let start_pattern = match text(flow, "multiLineStartPattern").filter(|pattern| !pattern.is_empty()) {
        None => None,
        Some(pattern) => Some(StartPattern::parse(&pattern).ok_or_else(|| {
            format!(
                "multiLineStartPattern {pattern:?} is not understood here: use characters, ., \\d, \\w, \\s, classes as \
                 [0-9] and *, +, ? and {{4}} behind them"
            )
        })?),
    };
    let terminator = text(flow, "truncatedRecordTerminator").unwrap_or_else(|| "\n".to_owned());
    if terminator.len() >= super::record::RECORD_BYTES_MAX {
        return Err("Record terminator not specified or exceeds the maximum record size".to_owned());
    }
    let options = match flow.get("dataProcessingOptions") {
        Some(Value::Array(options)) => options.as_slice(),
        // Observed: what is no list counts as none.
        Some(_) | None => &[],
    };
    let millis =
        |key, default, min, max| number(flow, key, LONG, default, min, max).map(Duration::from_millis);
    Ok(FlowConfig {
        glob: Glob::parse(&required(flow, "filePattern")?)?,
        stream: required(flow, "kinesisStream")?,
        is_from_start: choice(flow, "initialPosition", &["START_OF_FILE", "END_OF_FILE"], 1)? == 0,
        max_buffer_age: millis("maxBufferAgeMillis", 60_000, 1_000, 900_000)?,
        // Documented: up to 4 MB; the agent's source takes 5 MB.
        max_buffer_bytes: number(flow, "maxBufferSizeBytes", INTEGER, 4_194_304, 1, 4_194_304)?,
        max_buffer_records: number(flow, "maxBufferSizeRecords", INTEGER, 500, 1, 500)?,
        // The agent looks at no range; a file is not looked at more often than every millisecond here.
        min_time_between_polls: millis("minTimeBetweenFilePollsMillis", 100, 1, 86_400_000)?,
        start_pattern,
        is_key_random: choice(flow, "partitionKeyOption", &["RANDOM", "DETERMINISTIC"], 0)? == 0,
        skip_header_lines: number(flow, "skipHeaderLines", INTEGER, 0, 0, 1_000)?,
        terminator,
        processing: options.iter().map(processing).collect::<Result<_, _>>()?,
    })
}

fn processing(value: &Value) -> Result<Processing, String> {
    let option = value.as_object().ok_or_else(|| {
        format!("Failed to convert list item ({value}) to desired type (class Configuration): dataProcessingOptions")
    })?;
    if choice(option, "jsonFormat", &["COMPACT", "PRETTYPRINT"], 0)? == 1 {
        return Err("jsonFormat PRETTYPRINT is not simulated".to_owned());
    }
    let name = required(option, "optionName")?;
    match name.as_str() {
        "SINGLELINE" => Ok(Processing::SingleLine),
        "CSVTOJSON" => {
            let names = names(option)?.ok_or("Required list missing: customFieldNames")?;
            Ok(Processing::CsvToJson { names, delimiter: delimiter(option)? })
        }
        "LOGTOJSON" => {
            if option.contains_key("matchPattern") {
                return Err("matchPattern is not simulated: use the pattern that a logFormat has by itself"
                    .to_owned());
            }
            let known = KnownFormat::NAMES.map(|(name, _)| name);
            let name = required(option, "logFormat")?;
            let Some((_, format)) = KnownFormat::NAMES.into_iter().find(|(known, _)| *known == name) else {
                return Err(illegal(&name, "logFormat", &known));
            };
            let names = names(option)?;
            if names.as_ref().is_some_and(|names| names.len() != format.fields().len()) {
                return Err("Invalid custom field names for the selected log format. Please modify the field names or \
                            specify the matchPattern"
                    .to_owned());
            }
            Ok(Processing::LogToJson { format, names })
        }
        _ => Err(illegal(&name, "optionName", &["SINGLELINE", "CSVTOJSON", "LOGTOJSON"])),
    }
}

fn names(option: &Object) -> Result<Option<Vec<String>>, String> {
    match option.get("customFieldNames") {
        None => Ok(None),
        Some(Value::Array(names)) => Ok(Some(names.iter().map(plain).collect())),
        Some(other) => Err(no_list(other)),
    }
}

/// The delimiter is a regular expression, of which a text with escapes is taken here.
fn delimiter(option: &Object) -> Result<String, String> {
    let text = text(option, "delimiter").unwrap_or_else(|| ",".to_owned());
    let mut delimiter = String::new();
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        delimiter.push(match letter {
            '\\' => match letters.next() {
                Some('t') => '\t',
                Some(letter) if !letter.is_ascii_alphanumeric() => letter,
                _ => return Err(format!("delimiter {text:?} is not understood here")),
            },
            '|' | '.' | '*' | '+' | '?' | '(' | ')' | '[' | ']' | '{' | '}' | '^' | '$' => {
                return Err(format!(
                    "delimiter is a regular expression, in which {letter} has a meaning of its own: write \\\\{letter}"
                ));
            }
            letter => letter,
        });
    }
    match delimiter.is_empty() {
        true => Err("delimiter is empty: each character would be a column".to_owned()),
        false => Ok(delimiter),
    }
}

fn no_list(value: &Value) -> String {
    format!("Configuration value is not a list: {}", plain(value))
}

fn illegal(value: &str, key: &str, legal: &[&str]) -> String {
    format!("Value({value}) is not legally accepted by key: {key}. Legal values are {}", legal.join(","))
}

/// A value as Java's `toString` has it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn text(object: &Object, key: &str) -> Option<String> {
    object.get(key).filter(|value| !value.is_null()).map(plain)
}

fn required(object: &Object, key: &str) -> Result<String, String> {
    text(object, key).ok_or_else(|| format!("Required configuration value missing: {key}"))
}

fn unconverted(value: &Value, class: &str, key: &str) -> String {
    format!("Failed to convert value ({}) to desired type (class java.lang.{class}): {key}", plain(value))
}

fn number(object: &Object, key: &str, class: &str, default: u64, min: u64, max: u64) -> Result<u64, String> {
    let Some(value) = object.get(key) else { return Ok(default) };
    let number: i64 = plain(value).parse().map_err(|_| unconverted(value, class, key))?;
    match u64::try_from(number).ok().filter(|number| (min..=max).contains(number)) {
        Some(number) => Ok(number),
        None => Err(format!("'{key}' value {number} is outside of valid range ([{min}..{max}])")),
    }
}

fn truth(object: &Object, key: &str, default: bool) -> Result<bool, String> {
    match object.get(key) {
        None => Ok(default),
        Some(value) => plain(value).parse().map_err(|_| unconverted(value, "Boolean", key)),
    }
}

fn choice(object: &Object, key: &str, words: &[&str], default: usize) -> Result<usize, String> {
    let Some(word) = text(object, key) else { return Ok(default) };
    words.iter().position(|known| *known == word).ok_or_else(|| illegal(&word, key, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(flow: &str) -> String {
        Config::parse(&format!("{{\"flows\":[{flow}]}}")).unwrap_err()
    }

    /// Defaults of the developer guide's table.
    #[test]
    fn a_flow_has_the_defaults_of_the_real_one() {
        let config = Config::parse(
            "{\"flows\":[{\"filePattern\":\"/tmp/app.log*\",\"kinesisStream\":\"s\",\"partitionKeyOptions\":\"RANDOM\"}]}",
        );
        let config = config.unwrap();
        let flow = &config.flows[0];
        assert_eq!(
            (flow.max_buffer_age, flow.max_buffer_bytes, flow.max_buffer_records),
            (Duration::from_seconds(60), 4_194_304, 500)
        );
        assert!(
            flow.is_key_random && !flow.is_from_start && flow.processing.is_empty() && config.emits_metrics
        );
        assert_eq!(flow.min_time_between_polls, Duration::from_millis(100));
        assert_eq!((flow.skip_header_lines, flow.terminator.as_str()), (0, "\n"));
        assert_eq!(config.unread, ["partitionKeyOptions"], "the agent says nothing of it");
    }

    #[test]
    fn what_the_agent_does_not_start_with_is_refused_in_its_words() {
        let with = |more: &str| format!("{{\"filePattern\":\"/a\",\"kinesisStream\":\"s\",{more}}}");
        let step = |step: &str| with(&format!("\"dataProcessingOptions\":[{{{step}}}]"));
        for (flow, words) in [
            ("{\"kinesisStream\":\"s\"}".to_owned(), "Required configuration value missing: filePattern"),
            ("{\"filePattern\":\"/a\"}".to_owned(), "Could not recognize flow type."),
            ("7".to_owned(), "Failed to convert list item (7)"),
            (
                with("\"maxBufferAgeMillis\":999"),
                "'maxBufferAgeMillis' value 999 is outside of valid range ([1000..900000])",
            ),
            (with("\"maxBufferAgeMillis\":\"900001\""), "value 900001"),
            (
                with("\"maxBufferAgeMillis\":1.5"),
                "Failed to convert value (1.5) to desired type (class java.lang.Long)",
            ),
            (with("\"maxBufferSizeRecords\":501"), "[1..500]"),
            (with("\"maxBufferSizeBytes\":0"), "[1..4194304]"),
            (
                with("\"initialPosition\":\"LATEST\""),
                "Value(LATEST) is not legally accepted by key: initialPosition. Legal values are START_OF_FILE,END_OF_FILE",
            ),
            (with("\"partitionKeyOption\":\"HASH\""), "Legal values are RANDOM,DETERMINISTIC"),
            (step("\"optionName\":\"XML\""), "Value(XML) is not legally accepted by key: optionName"),
            (step("\"optionName\":\"CSVTOJSON\""), "Required list missing: customFieldNames"),
            (step("\"optionName\":\"CSVTOJSON\",\"customFieldNames\":[\"a\"],\"delimiter\":\"|\""), "\\\\|"),
            (step("\"optionName\":\"LOGTOJSON\""), "Required configuration value missing: logFormat"),
            (
                step("\"optionName\":\"LOGTOJSON\",\"logFormat\":\"SYSLOG\",\"customFieldNames\":[\"a\"]"),
                "Invalid custom",
            ),
            (with("\"multiLineStartPattern\":\"(a\""), "not understood"),
            (with("\"deliveryStream\":\"d\""), "kinesisStream"),
            (
                with("\"x\":1}, {\"filePattern\":\"/a\",\"kinesisStream\":\"s\""),
                "Duplicate flow: kinesis:s:/a",
            ),
        ] {
            assert!(refused(&flow).contains(words), "{flow}: {}", refused(&flow));
        }
        assert!(Config::parse("{}").unwrap_err().contains("There are no flows"));
        assert!(Config::parse("{\"flows\":\"x\"}").unwrap_err().contains("not a list: x"));
        assert!(Config::parse("x").unwrap_err().contains("Failed when reading configuration file"));
    }
}
