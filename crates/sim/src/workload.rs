//! What stands in the records: the three kinds of data that streams are most used for, as JSON that a filter, a
//! delivery stream or a table can work with.

use kinesis::{Instant, Numbered};

use crate::dice::Dice;

/// The kind of data that a program writes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Workload {
    /// A number and padding.
    #[default]
    Plain,
    /// Lines of an application's log.
    AppLog,
    /// CloudWatch metrics, with the members of a metric stream in JSON format.
    CloudWatchMetrics,
    /// What visitors do on a web site.
    WebActivity,
}

impl Workload {
    pub const ALL: [Workload; 4] =
        [Workload::Plain, Workload::AppLog, Workload::CloudWatchMetrics, Workload::WebActivity];

    pub const fn name(self) -> &'static str {
        match self {
            Workload::Plain => "plain",
            Workload::AppLog => "app-log",
            Workload::CloudWatchMetrics => "cloudwatch-metrics",
            Workload::WebActivity => "web-activity",
        }
    }

    /// The workload of that name.
    pub fn parse(name: &str) -> Option<Workload> {
        Workload::ALL.into_iter().find(|workload| workload.name() == name)
    }

    /// Bytes of a record where nothing else is said.
    pub const fn size_default(self) -> u32 {
        match self {
            Workload::Plain => 200,
            Workload::AppLog => 300,
            Workload::CloudWatchMetrics => 450,
            Workload::WebActivity => 400,
        }
    }

    /// Bytes that hold every record of the kind with all its members.
    pub const fn size_min(self) -> u32 {
        match self {
            Workload::Plain => 0,
            Workload::AppLog => 250,
            Workload::CloudWatchMetrics => 400,
            Workload::WebActivity => 320,
        }
    }

    /// The data of record `number`, made at `at`, padded to `size` bytes.
    pub(crate) fn payload(self, source: u32, number: u64, at: Instant, size: u32) -> Vec<u8> {
        let mut dice = Dice::new(u64::from(source), 0x6461_7461, number);
        let text = match self {
            Workload::Plain => return Numbered::line(number, size),
            Workload::AppLog => app_log(&mut dice, number, at),
            Workload::CloudWatchMetrics => metric(&mut dice, number, at),
            Workload::WebActivity => web_activity(&mut dice, number, at),
        };
        let mut bytes = text.into_bytes();
        let end = b"\"}";
        bytes.resize((size as usize).saturating_sub(end.len()), b'.');
        bytes.extend_from_slice(end);
        bytes
    }
}

/// One of the words.
pub(crate) fn pick<'w>(dice: &mut Dice, words: &[&'w str]) -> &'w str {
    words.get(dice.below(words.len() as u64) as usize).copied().unwrap_or_default()
}

/// A severity, most often INFO: of a hundred lines four are errors.
pub(crate) fn level(dice: &mut Dice) -> &'static str {
    match dice.below(100) {
        0..4 => "ERROR",
        4..14 => "WARN",
        14..84 => "INFO",
        _ => "DEBUG",
    }
}

/// What an application says at a severity.
pub(crate) fn saying(dice: &mut Dice, level: &str) -> &'static str {
    match level {
        "ERROR" => {
            pick(dice, &["payment refused by the bank", "connection to database lost", "order not found"])
        }
        "WARN" => pick(dice, &["slow answer from inventory", "retrying the payment", "cache is almost full"]),
        "INFO" => pick(dice, &["order accepted", "payment received", "order shipped", "user signed in"]),
        _ => pick(dice, &["cache hit", "cache miss", "entering checkout", "leaving checkout"]),
    }
}

pub(crate) const SERVICES: &[&str] = &["checkout", "cart", "catalog", "payments", "shipping"];
pub(crate) const PAGES: &[&str] = &["/", "/products", "/cart", "/checkout", "/search", "/account"];

/// Milliseconds that an answer took: most are quick, one in twenty is slow.
pub(crate) fn response_millis(dice: &mut Dice) -> u64 {
    let slow = if dice.below(20) == 0 { 2_000 } else { 80 };
    5 + dice.below(slow)
}

fn app_log(dice: &mut Dice, number: u64, at: Instant) -> String {
    let service = pick(dice, SERVICES);
    let level = level(dice);
    let message = saying(dice, level);
    format!(
        "{{\"n\":{number},\"time\":\"{at}\",\"level\":\"{level}\",\"service\":\"{service}\",\"host\":\"ip-10-0-{}-{}\",\
         \"requestId\":\"{:016x}\",\"latencyMs\":{},\"message\":\"{message} ",
        dice.below(4),
        dice.below(250) + 4,
        dice.next(),
        response_millis(dice),
    )
}

/// Documented: CloudWatch User Guide, metric streams in JSON format; `n` and `pad` are ours.
fn metric(dice: &mut Dice, number: u64, at: Instant) -> String {
    let (namespace, name, dimension, unit, most) = match dice.below(4) {
        0 => ("AWS/EC2", "CPUUtilization", "InstanceId", "Percent", 100),
        1 => ("AWS/EC2", "NetworkIn", "InstanceId", "Bytes", 50_000_000),
        2 => ("AWS/Lambda", "Duration", "FunctionName", "Milliseconds", 3_000),
        _ => ("AWS/ApplicationELB", "RequestCount", "LoadBalancer", "Count", 5_000),
    };
    let (a, b) = (dice.below(most), dice.below(most));
    let (min, max) = (a.min(b), a.max(b));
    let count = 1 + dice.below(5);
    format!(
        "{{\"n\":{number},\"metric_stream_name\":\"all-metrics\",\"account_id\":\"123456789012\",\"region\":\"us-east-1\",\
         \"namespace\":\"{namespace}\",\"metric_name\":\"{name}\",\"dimensions\":{{\"{dimension}\":\"{:012x}\"}},\
         \"timestamp\":{},\"value\":{{\"count\":{count}.0,\"sum\":{}.0,\"max\":{max}.0,\"min\":{min}.0}},\
         \"unit\":\"{unit}\",\"pad\":\"",
        dice.below(20),
        at.millis() / 60_000 * 60_000,
        min + max * (count - 1),
    )
}

fn web_activity(dice: &mut Dice, number: u64, at: Instant) -> String {
    let user = dice.below(1_000) + 1;
    let page = pick(dice, PAGES);
    let action = pick(dice, &["view", "view", "view", "click", "click", "search", "add-to-cart", "purchase"]);
    let referrer =
        pick(dice, &["", "https://search.example/", "https://news.example/", "https://mail.example/"]);
    let device = pick(dice, &["mobile", "mobile", "desktop", "tablet"]);
    let country = pick(dice, &["DE", "US", "JP", "BR", "IN", "FR"]);
    format!(
        "{{\"n\":{number},\"time\":\"{at}\",\"userId\":\"user-{user}\",\"sessionId\":\"{:08x}\",\"page\":\"{page}\",\
         \"action\":\"{action}\",\"referrer\":\"{referrer}\",\"device\":\"{device}\",\"country\":\"{country}\",\
         \"loadMs\":{},\"pad\":\"",
        dice.below(1 << 32),
        response_millis(dice),
    )
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn records(workload: Workload, size: u32) -> Vec<(u64, Value)> {
        let numbers = (0..2_000).chain([u64::MAX - 1, u64::MAX]);
        numbers
            .map(|number| {
                let bytes = workload.payload(u32::MAX, number, Instant::MAX, size);
                assert_eq!(bytes.len(), size as usize, "{}", String::from_utf8_lossy(&bytes));
                (number, serde_json::from_slice(&bytes).unwrap())
            })
            .collect()
    }

    #[test]
    fn the_smallest_and_the_usual_record_of_each_workload_is_json_with_its_number() {
        for workload in [Workload::AppLog, Workload::CloudWatchMetrics, Workload::WebActivity] {
            for size in [workload.size_min(), workload.size_default(), 5_000] {
                for (number, value) in records(workload, size) {
                    assert_eq!(value["n"], number, "{value}");
                }
            }
        }
    }

    #[test]
    fn a_workload_has_the_members_that_filters_look_for() {
        let first = |workload: Workload| records(workload, workload.size_default()).remove(0).1;
        assert!(first(Workload::AppLog)["level"].is_string());
        assert!(first(Workload::WebActivity)["action"].is_string());
        let metric = first(Workload::CloudWatchMetrics);
        assert!(metric["value"]["sum"].is_number() && metric["dimensions"].is_object(), "{metric}");
    }

    #[test]
    fn of_a_hundred_log_lines_about_four_are_errors() {
        let records = records(Workload::AppLog, 300);
        let errors = records.iter().filter(|(_, value)| value["level"] == "ERROR").count();
        assert!((50..120).contains(&errors), "{errors} of 2,002");
    }

    #[test]
    fn a_workload_is_found_by_the_name_it_prints() {
        for workload in Workload::ALL {
            assert_eq!(Workload::parse(workload.name()), Some(workload));
        }
        assert_eq!(Workload::parse("app"), None);
    }
}
