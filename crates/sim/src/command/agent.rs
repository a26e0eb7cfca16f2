//! What can be said of a server with log files and the Kinesis Agent that sends them.

use kinesis::Duration;

use crate::Traffic;
use crate::actors::agent::check_configuration;
use crate::history::Refusal;

/// A change of servers with the Kinesis Agent; looking needs no command.
#[allow(clippy::large_enum_variant)] // Commands carry it in a box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AgentCommand {
    Start(AgentSpec),
    /// Another configuration, with which the agent is started again, or another rate of a log.
    Change(AgentChange),
    /// Lets programs of the server write one more log.
    AddLog {
        name: String,
        log: LogSpec,
    },
    /// `service aws-kinesis-agent stop`.
    Stop {
        name: String,
    },
    /// `service aws-kinesis-agent restart`, also after a crash.
    Restart {
        name: String,
    },
}

impl From<AgentCommand> for crate::Command {
    fn from(command: AgentCommand) -> crate::Command {
        crate::Command::Agent(Box::new(command))
    }
}

/// A server on which a program writes a log and the Kinesis Agent sends it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AgentSpec {
    pub name: String,
    /// The text of `/etc/aws-kinesis/agent.json`, or `file://` and the name of a file of the prompt that has it.
    pub configuration: String,
    pub log: LogSpec,
}

/// What becomes different; what is `None` stays.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct AgentChange {
    pub name: String,
    pub configuration: Option<String>,
    /// Path of the log whose rate or traffic changes; the first one where absent.
    pub log: Option<String>,
    pub rate: Option<u32>,
    pub traffic: Option<Traffic>,
}

/// A log file that a program of the server writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LogSpec {
    pub path: String,
    pub format: LogFormat,
    /// Entries per second.
    pub rate: u32,
    pub traffic: Traffic,
    /// Bytes of each entry, the ends of its lines included.
    pub size: u32,
    /// The file is renamed (to `….1`, and that to `….2`) and a new one begun before it gets larger, in bytes.
    pub rotate_size: u64,
    /// Renamed files that are kept.
    pub keep: u32,
    /// For how long it has been written already.
    pub age: Duration,
}

/// What a log's lines look like.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum LogFormat {
    /// An application's log; an error brings a stack trace, so that its entry has several lines.
    AppLog,
    /// What visitors do, an object of JSON in each line.
    WebActivity,
    /// A web server's log, in the common format of Apache.
    CommonApacheLog,
    /// A web server's log, in the combined format of Apache.
    CombinedApacheLog,
    ApacheErrorLog,
    Syslog,
    /// Readings of sensors, with a header line in each file.
    Csv,
}

impl LogFormat {
    pub const ALL: [LogFormat; 7] = [
        LogFormat::AppLog,
        LogFormat::WebActivity,
        LogFormat::CommonApacheLog,
        LogFormat::CombinedApacheLog,
        LogFormat::ApacheErrorLog,
        LogFormat::Syslog,
        LogFormat::Csv,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            LogFormat::AppLog => "app-log",
            LogFormat::WebActivity => "web-activity",
            LogFormat::CommonApacheLog => "common-apache-log",
            LogFormat::CombinedApacheLog => "combined-apache-log",
            LogFormat::ApacheErrorLog => "apache-error-log",
            LogFormat::Syslog => "syslog",
            LogFormat::Csv => "csv",
        }
    }

    /// The format of that name.
    pub fn parse(name: &str) -> Option<LogFormat> {
        LogFormat::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Bytes of an entry where nothing else is said.
    pub const fn size_default(self) -> u32 {
        match self {
            LogFormat::AppLog => 300,
            LogFormat::WebActivity => 400,
            LogFormat::CommonApacheLog => 180,
            LogFormat::CombinedApacheLog => 280,
            LogFormat::ApacheErrorLog => 220,
            LogFormat::Syslog => 150,
            LogFormat::Csv => 120,
        }
    }

    /// Bytes that hold every entry of the format.
    pub const fn size_min(self) -> u32 {
        match self {
            LogFormat::AppLog => 230,
            LogFormat::WebActivity => 330,
            LogFormat::CommonApacheLog => 150,
            LogFormat::CombinedApacheLog => 220,
            LogFormat::ApacheErrorLog => 190,
            LogFormat::Syslog => 120,
            LogFormat::Csv => 100,
        }
    }
}

impl LogSpec {
    pub const RATE_MAX: u32 = 10_000;
    /// An entry may become a record that is too large for the stream, which the agent cuts.
    pub const SIZE_MAX: u32 = 2 << 20;
    pub const KEEP_MAX: u32 = 100;
    /// Logs of one server.
    pub const LOGS_MAX: usize = 20;

    pub fn new(path: impl Into<String>) -> LogSpec {
        LogSpec {
            path: path.into(),
            format: LogFormat::AppLog,
            rate: 10,
            traffic: Traffic::Steady,
            size: LogFormat::AppLog.size_default(),
            rotate_size: 10 << 20,
            keep: 5,
            age: Duration::ZERO,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        let is_path = self.path.starts_with('/') && !name.is_empty() && self.path.len() <= 1_024;
        if !is_path || self.path.contains(['*', '?', '[', '{', '\n']) {
            return Err(Refusal::new(format!(
                "{:?} is no path of a log, as /var/log/app.log is one",
                self.path
            )));
        }
        if !(1..=Self::RATE_MAX).contains(&self.rate) || self.traffic.peak(self.rate) > Self::RATE_MAX {
            return Err(Refusal::new(format!("a log gets 1 to {} entries per second", Self::RATE_MAX)));
        }
        let min = self.format.size_min();
        if !(min..=Self::SIZE_MAX).contains(&self.size) {
            return Err(Refusal::new(format!(
                "an entry of {} has {min} to {} bytes",
                self.format.name(),
                Self::SIZE_MAX
            )));
        }
        // Room for a header line.
        if self.rotate_size < u64::from(self.size) + 100 || self.rotate_size > 1 << 40 {
            return Err(Refusal::new(format!(
                "a log is rotated at {} bytes, one entry, to 1 TiB",
                u64::from(self.size) + 100
            )));
        }
        if self.keep > Self::KEEP_MAX {
            return Err(Refusal::new(format!("a log keeps at most {} renamed files", Self::KEEP_MAX)));
        }
        if self.age > Duration::from_hours(24 * 30) {
            return Err(Refusal::new("a log is at most 30 days old when it comes here"));
        }
        Ok(())
    }
}

impl AgentSpec {
    /// A server whose agent sends `/var/log/app.log` to a stream, with the settings that an agent has by itself.
    pub fn new(name: impl Into<String>, stream: &str) -> AgentSpec {
        let log = LogSpec::new("/var/log/app.log");
        AgentSpec { name: name.into(), configuration: AgentSpec::configuration_for(&log.path, stream), log }
    }

    /// The shortest `agent.json` that sends a log and what it is renamed to.
    pub fn configuration_for(path: &str, stream: &str) -> String {
        serde_json::json!({"flows": [{"filePattern": format!("{path}*"), "kinesisStream": stream}]})
            .to_string()
    }

    pub(crate) fn check(&self) -> Result<(), Refusal> {
        self.log.check()?;
        check_configuration(&self.configuration, [self.log.path.as_str()])
    }
}
