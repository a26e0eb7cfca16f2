//! `LOGTOJSON`: lines of well-known logs, taken apart.
//!
//! Observed: `PatternConstants`, `ApacheLogParser` and `SysLogParser` of the agent, which are regular expressions; read by
//! hand here. Simplified: times are looked at for their shape, not for hours and days that there are.

/// `logFormat`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum KnownFormat {
    CommonApacheLog,
    CombinedApacheLog,
    ApacheErrorLog,
    Syslog,
}

const COMBINED_FIELDS: [&str; 9] =
    ["host", "ident", "authuser", "datetime", "request", "response", "bytes", "referer", "agent"];
const ERROR_FIELDS: [&str; 7] =
    ["timestamp", "module", "severity", "processid", "threadid", "client", "message"];
const SYSLOG_FIELDS: [&str; 5] = ["timestamp", "hostname", "program", "processid", "message"];

type Fields<'l> = Vec<Option<&'l str>>;

impl KnownFormat {
    pub(super) const NAMES: [(&'static str, KnownFormat); 4] = [
        ("COMMONAPACHELOG", KnownFormat::CommonApacheLog),
        ("COMBINEDAPACHELOG", KnownFormat::CombinedApacheLog),
        ("APACHEERRORLOG", KnownFormat::ApacheErrorLog),
        ("SYSLOG", KnownFormat::Syslog),
    ];

    pub(super) fn fields(self) -> &'static [&'static str] {
        match self {
            KnownFormat::CommonApacheLog => &COMBINED_FIELDS[..7],
            KnownFormat::CombinedApacheLog => &COMBINED_FIELDS,
            KnownFormat::ApacheErrorLog => &ERROR_FIELDS,
            KnownFormat::Syslog => &SYSLOG_FIELDS,
        }
    }

    /// The fields of a line; none where it is of another format.
    pub(super) fn parse(self, line: &str) -> Option<Fields<'_>> {
        let fields = match self {
            // What stands behind the fields is left out.
            KnownFormat::CommonApacheLog => common(line)?.0,
            KnownFormat::CombinedApacheLog => {
                let (mut fields, rest) = common(line)?;
                let (referer, rest) = quoted(rest.strip_prefix(' ')?)?;
                let (agent, _) = quoted(rest.strip_prefix(' ')?)?;
                fields.extend([Some(referer), Some(agent)]);
                fields
            }
            KnownFormat::ApacheErrorLog => error(line)?,
            KnownFormat::Syslog => return syslog(line),
        };
        // Observed: a dash stands for nothing in Apache's logs.
        Some(fields.into_iter().map(|field| field.filter(|field| *field != "-")).collect())
    }
}

fn common(line: &str) -> Option<(Fields<'_>, &str)> {
    let (host, rest) = word(line)?;
    let (ident, rest) = word(rest)?;
    let (user, rest) = word(rest)?;
    let (time, rest) = rest.strip_prefix('[')?.split_once("] ")?;
    let (request, rest) = quoted(rest)?;
    let (response, rest) = word(rest.strip_prefix(' ')?)?;
    let end = rest.find(|c: char| !c.is_ascii_digit() && c != '-' && c != '+').unwrap_or(rest.len());
    let (bytes, rest) = rest.split_at(end);
    let is_host = !host.is_empty() && host.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b));
    let is_whole = is_host && is_user(ident) && is_user(user) && is_http_date(time);
    let fields = [host, ident, user, time, request, response, bytes];
    (is_whole && is_number(response) && is_number(bytes)).then(|| (fields.map(Some).to_vec(), rest))
}

fn error(line: &str) -> Option<Fields<'_>> {
    let (time, rest) = line.strip_prefix('[')?.split_once("] [")?;
    let (source, rest) = rest.split_once("] [pid ")?;
    let (process, rest) = rest.split_once("] [client ")?;
    let (client, message) = rest.split_once("] ")?;
    let (module, severity) = match source.split_once(':') {
        Some((module, severity)) => (Some(module), severity),
        None => (None, source),
    };
    let (process, thread) = match process.split_once(":tid ") {
        Some((process, thread)) => (process, Some(thread)),
        None => (process, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_time = time.split_ascii_whitespace().count() == 5;
    let is_whole = is_time && is_word(severity) && module.is_none_or(is_word) && is_digits(process);
    let is_whole = is_whole && thread.is_none_or(is_digits) && !client.is_empty();
    is_whole
        .then(|| vec![Some(time), module, Some(severity), Some(process), thread, Some(client), Some(message)])
}

fn syslog(line: &str) -> Option<Fields<'_>> {
    let time_end = line.match_indices(' ').filter(|(at, _)| !line[..*at].ends_with(' ')).nth(2)?.0;
    let (timestamp, rest) = line.split_at(time_end);
    let rest = rest.strip_prefix(' ')?;
    let rest = match rest.strip_prefix('<') {
        Some(facility) => facility.split_once("> ")?.1,
        None => rest,
    };
    let (hostname, rest) = word(rest)?;
    let (program, message) = rest.split_once(": ")?;
    let (program, id) = match program.strip_suffix(']').and_then(|p| p.split_once('[')) {
        Some((program, id)) => (program, Some(id)),
        None => (program, None),
    };
    let is_program = !program.is_empty() && !program.contains([' ', '[', ']']);
    let is_time = timestamp.bytes().filter(|byte| *byte == b':').count() == 2;
    (is_time && is_user(hostname) && is_program)
        .then(|| vec![Some(timestamp), Some(hostname), Some(program), id, Some(message)])
}

fn word(text: &str) -> Option<(&str, &str)> {
    text.split_once(' ')
}

fn quoted(text: &str) -> Option<(&str, &str)> {
    text.strip_prefix('"')?.split_once('"').filter(|(inner, _)| !inner.is_empty())
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

fn is_user(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    text == "-" || (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// `07/Mar/2004:16:10:02 -0800`.
fn is_http_date(text: &str) -> bool {
    let Some((time, zone)) = text.split_once(' ') else { return false };
    let parts: Vec<&str> = time.split(['/', ':']).collect();
    parts.len() == 6 && parts.iter().all(|part| !part.is_empty()) && zone != "-" && is_number(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A line of Apache's own manual, and the agent's fields for it.
    #[test]
    fn a_line_in_the_common_format_has_seven_fields() {
        let line = r#"127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326"#;
        let fields = KnownFormat::CommonApacheLog.parse(line).unwrap();
        let expected = [
            Some("127.0.0.1"),
            None,
            Some("frank"),
            Some("10/Oct/2000:13:55:36 -0700"),
            Some("GET /apache_pb.gif HTTP/1.0"),
            Some("200"),
            Some("2326"),
        ];
        assert_eq!(fields, expected);
        let combined =
            line.to_owned() + r#" "http://www.example.com/start.html" "Mozilla/4.08 [en] (Win98; I ;Nav)""#;
        assert_eq!(KnownFormat::CommonApacheLog.parse(&combined).unwrap(), expected, "the rest is left out");
        assert_eq!(KnownFormat::CombinedApacheLog.parse(line), None);
        let fields = KnownFormat::CombinedApacheLog.parse(&combined).unwrap();
        assert_eq!(
            &fields[7..],
            [Some("http://www.example.com/start.html"), Some("Mozilla/4.08 [en] (Win98; I ;Nav)")]
        );
    }

    #[test]
    fn lines_of_other_logs_do_not_match() {
        for line in [
            "",
            "2026-01-01 ERROR no answer",
            r#"127.0.0.1 - - [10/Oct/2000] "GET / HTTP/1.0" 200 1"#,
            r#"127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "" 200 1"#,
            r#"127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET / HTTP/1.0" ok 1"#,
        ] {
            for (name, format) in KnownFormat::NAMES {
                assert_eq!(format.parse(line), None, "{name}: {line}");
            }
        }
    }

    #[test]
    fn errors_of_apache_and_syslog_have_fields_that_may_be_missing() {
        let line = "[Wed Oct 11 14:32:52 2000] [core:error] [pid 35708:tid 4328636416] [client 127.0.0.1] no such file";
        let fields = KnownFormat::ApacheErrorLog.parse(line).unwrap();
        assert_eq!(
            fields[1..6],
            [Some("core"), Some("error"), Some("35708"), Some("4328636416"), Some("127.0.0.1")]
        );
        let line = "[Wed Oct 11 14:32:52 2000] [error] [pid 35708] [client 127.0.0.1:80] denied";
        let fields = KnownFormat::ApacheErrorLog.parse(line).unwrap();
        assert_eq!(fields[1..5], [None, Some("error"), Some("35708"), None]);
        let fields =
            KnownFormat::Syslog.parse("Mar  7 16:10:02 web-1 sshd[4242]: session opened: ana").unwrap();
        let expected =
            [Some("Mar  7 16:10:02"), Some("web-1"), Some("sshd"), Some("4242"), Some("session opened: ana")];
        assert_eq!(fields, expected);
        assert_eq!(KnownFormat::Syslog.parse("Mar 07 16:10:02 web-1 cron: done").unwrap()[3], None);
    }
}
