//! The lines of simulated logs. The number of an entry and its time decide everything.

use kinesis::Instant;

use crate::dice::Dice;
use crate::workload::{PAGES, SERVICES, level, pick, response_millis, saying};
use crate::{LogFormat, Workload};

/// What an entry is made with.
pub(super) struct Text {
    pub(super) format: LogFormat,
    /// Bytes of the entry, the ends of its lines included.
    pub(super) size: usize,
    pub(super) source: u32,
    pub(super) place: u32,
}

/// The first line of each file.
pub(super) fn header(format: LogFormat) -> Option<&'static str> {
    (format == LogFormat::Csv).then_some("n,time,sensor,temperature,status,note")
}

/// Lines of a stack trace.
const FRAMES_MAX: usize = 8;

impl Text {
    /// The lines of an entry, without their ends.
    pub(super) fn lines(&self, entry: u64, at: Instant) -> Vec<String> {
        let mut dice = Dice::new(u64::from(self.source) << 32 | u64::from(self.place), 0x6c69_6e65, entry);
        let dice = &mut dice;
        let (before, after) = match self.format {
            LogFormat::AppLog => return self.app_log(dice, entry, at),
            LogFormat::WebActivity => {
                let bytes = Workload::WebActivity.payload(self.source, entry, at, self.size as u32 - 1);
                return vec![String::from_utf8_lossy(&bytes).into_owned()];
            }
            LogFormat::CommonApacheLog => common(dice, entry, at),
            LogFormat::CombinedApacheLog => {
                let (before, after) = common(dice, entry, at);
                let referer = pick(dice, &["-", "https://search.example/", "https://news.example/"]);
                let agent =
                    pick(dice, &["Mozilla/5.0 (X11; Linux x86_64)", "Mozilla/5.0 (iPhone)", "curl/8.5.0"]);
                (before, format!("{after} \"{referer}\" \"{agent}\""))
            }
            LogFormat::ApacheErrorLog => (apache_error(dice, entry, at), String::new()),
            LogFormat::Syslog => (syslog(dice, entry, at), String::new()),
            LogFormat::Csv => (csv(dice, entry, at), String::new()),
        };
        let padding = self.size.saturating_sub(before.len() + after.len() + 1);
        vec![before + &".".repeat(padding) + &after]
    }

    /// As log4j writes it; an error brings its stack trace, one line for each frame.
    fn app_log(&self, dice: &mut Dice, entry: u64, at: Instant) -> Vec<String> {
        let level = level(dice);
        let service = pick(dice, SERVICES);
        let time = at.to_iso8601().replace('T', " ").replace('Z', "");
        let mut first = format!("{time} {level} [{service}] n={entry} {} ", saying(dice, level));
        let mut more = Vec::new();
        let mut left = self.size.saturating_sub(first.len() + 1);
        if level == "ERROR" {
            let mut line = "java.lang.IllegalStateException: no answer".to_owned();
            while left > line.len() && more.len() <= FRAMES_MAX {
                left -= line.len() + 1;
                more.push(line);
                let number = dice.below(400) + 1;
                line = format!("\tat com.example.{service}.Handler.handle(Handler.java:{number})");
            }
        }
        first.push_str(&".".repeat(left));
        more.insert(0, first);
        more
    }
}

/// `07/Mar/2004:16:10:02 +0000`.
fn apache_time(at: Instant) -> String {
    let java = at.to_java_text();
    match java.split(' ').collect::<Vec<&str>>().as_slice() {
        [_, month, day, time, _, year] => format!("{day}/{month}/{year}:{time} +0000"),
        _ => String::new(),
    }
}

fn host(dice: &mut Dice) -> String {
    format!("10.{}.{}.{}", dice.below(4), dice.below(256), dice.below(254) + 1)
}

/// What stands before the padding of a line, which is part of the request, and what stands behind it.
fn common(dice: &mut Dice, entry: u64, at: Instant) -> (String, String) {
    let host = host(dice);
    let user = match dice.below(3) {
        0 => format!("user-{}", dice.below(1_000) + 1),
        _ => "-".to_owned(),
    };
    let page = pick(dice, PAGES);
    let method = pick(dice, &["GET", "GET", "GET", "POST"]);
    let response = pick(dice, &["200", "200", "200", "200", "304", "404", "500"]);
    let before = format!("{host} - {user} [{}] \"{method} {page}?n={entry}&q=", apache_time(at));
    (before, format!(" HTTP/1.1\" {response} {}", dice.below(50_000) + 200))
}

fn apache_error(dice: &mut Dice, entry: u64, at: Instant) -> String {
    let time = at.to_java_text().replace("UTC ", "");
    let (module, severity) = match dice.below(3) {
        0 => ("core", "error"),
        1 => ("proxy_http", "error"),
        _ => ("ssl", "warn"),
    };
    let (pid, tid) = (dice.below(30_000) + 100, dice.below(900_000) + 100_000);
    let (host, port) = (host(dice), dice.below(50_000) + 10_000);
    format!(
        "[{time}] [{module}:{severity}] [pid {pid}:tid {tid}] [client {host}:{port}] n={entry} File does not exist: \
         /var/www/html/"
    )
}

fn syslog(dice: &mut Dice, entry: u64, at: Instant) -> String {
    let java = at.to_java_text();
    let time = match java.split(' ').collect::<Vec<&str>>().as_slice() {
        [_, month, day, time, ..] => format!("{month} {day} {time}"),
        _ => String::new(),
    };
    let program = pick(dice, &["sshd", "cron", "systemd", "kernel"]);
    let message = pick(dice, &["session opened", "session closed", "job started", "job finished"]);
    format!("{time} web-1 {program}[{}]: {message} n={entry} ", dice.below(30_000) + 100)
}

fn csv(dice: &mut Dice, entry: u64, at: Instant) -> String {
    let sensor = dice.below(20) + 1;
    let status = pick(dice, &["ok", "ok", "ok", "ok", "low-battery"]);
    let (whole, tenth) = (dice.below(25) + 5, response_millis(dice) % 10);
    format!("{entry},{},sensor-{sensor},{whole}.{tenth},{status},", at.to_iso8601())
}
