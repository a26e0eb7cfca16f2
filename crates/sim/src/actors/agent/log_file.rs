//! Log files of a simulated server. Nothing is stored: the number of an entry makes its lines, and all entries of a log
//! have the same size, so that its number also says in which file an entry stands and where.

use std::sync::Arc;

use kinesis::Instant;

use super::pattern::Glob;
use super::text::{Text, header};
use crate::traffic::Schedule;
use crate::{LogSpec, Traffic};

/// A log that is being written: the file that is written now, and the renamed ones before it.
#[derive(Clone, Debug)]
pub(super) struct LogFile {
    pub(super) spec: LogSpec,
    /// When entries are written, one schedule for each change of the rate, the oldest first. Invariant: never empty.
    schedules: Arc<Vec<Schedule>>,
    /// Number of the server in the world.
    source: u32,
    /// Place among the server's logs.
    place: u32,
}

/// A file as it stands in its folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FileState {
    pub path: String,
    /// Its inode: the same under each name.
    pub id: u64,
    /// In bytes.
    pub size: u64,
}

/// Changes of a log's rate that its entries remember; what is older is written when the oldest of them begins.
const SCHEDULES_MAX: usize = 100;
/// Inodes of one log.
const FILES_OF_LOG: u64 = 1 << 24;

impl LogFile {
    pub(super) fn new(spec: LogSpec, now: Instant, source: u32, place: u32) -> LogFile {
        let schedule =
            Schedule { base: now.back(spec.age), base_count: 0, rate: spec.rate, traffic: spec.traffic };
        LogFile { spec, schedules: Arc::new(vec![schedule]), source, place }
    }

    /// Another rate from `now` on.
    pub(super) fn change(&mut self, rate: Option<u32>, traffic: Option<Traffic>, now: Instant) {
        self.spec.rate = rate.unwrap_or(self.spec.rate);
        self.spec.traffic = traffic.unwrap_or(self.spec.traffic);
        let schedule = Schedule {
            base: now,
            base_count: self.written_by(now),
            rate: self.spec.rate,
            traffic: self.spec.traffic,
        };
        let skip = (self.schedules.len() + 1).saturating_sub(SCHEDULES_MAX);
        self.schedules = Arc::new(self.schedules.iter().skip(skip).copied().chain([schedule]).collect());
    }

    /// Entries that are written by an instant.
    pub(super) fn written_by(&self, at: Instant) -> u64 {
        self.schedules.last().map_or(0, |schedule| schedule.due_by(at))
    }

    /// When an entry is written.
    pub(super) fn written_at(&self, entry: u64) -> Instant {
        let later = self.schedules.partition_point(|schedule| schedule.base_count <= entry);
        let schedule = self.schedules.get(later.saturating_sub(1)).or(self.schedules.last());
        schedule.map_or(Instant::MAX, |schedule| schedule.due_at(entry))
    }

    fn header_size(&self) -> u64 {
        header(self.spec.format).map_or(0, |line| line.len() as u64 + 1)
    }

    fn entries_of_file(&self) -> u64 {
        ((self.spec.rotate_size - self.header_size()) / u64::from(self.spec.size)).max(1)
    }

    /// The file, counted from 0, in which an entry stands.
    pub(super) fn file_of(&self, entry: u64) -> u64 {
        entry / self.entries_of_file()
    }

    /// The first entry of a file.
    pub(super) fn first_of(&self, file: u64) -> u64 {
        file * self.entries_of_file()
    }

    /// The file that is written at an instant: a new one begins with its first entry.
    pub(super) fn file_at(&self, at: Instant) -> u64 {
        self.file_of(self.written_by(at).saturating_sub(1))
    }

    /// The name that a file has; none where it is deleted.
    pub(super) fn path_of(&self, file: u64, now: Instant) -> Option<String> {
        match self.file_at(now).saturating_sub(file) {
            0 => Some(self.spec.path.clone()),
            age if age <= u64::from(self.spec.keep) => Some(format!("{}.{age}", self.spec.path)),
            _ => None,
        }
    }

    /// Whether a file is there under a name that a pattern matches.
    pub(super) fn is_matched(&self, file: u64, glob: &Glob, now: Instant) -> bool {
        self.path_of(file, now).is_some_and(|path| glob.matches(&path))
    }

    pub(super) fn id_of(&self, file: u64) -> u64 {
        u64::from(self.place + 1) * FILES_OF_LOG + file
    }

    /// Bytes before an entry in a file; of one that stands further on, the file's size.
    pub(super) fn offset_of(&self, file: u64, entry: u64) -> u64 {
        let before = (entry - self.first_of(file).min(entry)).min(self.entries_of_file());
        self.header_size() + before * u64::from(self.spec.size)
    }

    /// The files that there are, the one that is written first.
    pub(super) fn files(&self, now: Instant) -> Vec<FileState> {
        let (newest, written) = (self.file_at(now), self.written_by(now));
        let oldest = newest.saturating_sub(u64::from(self.spec.keep));
        let files = (oldest..=newest).rev();
        files
            .filter_map(|file| {
                let (path, id) = (self.path_of(file, now)?, self.id_of(file));
                Some(FileState { path, id, size: self.offset_of(file, written) })
            })
            .collect()
    }

    /// The lines of an entry, without their ends; before the first one of a file its header.
    pub(super) fn lines(&self, entry: u64) -> Vec<String> {
        let text = Text {
            format: self.spec.format,
            size: self.spec.size as usize,
            source: self.source,
            place: self.place,
        };
        let mut lines = text.lines(entry, self.written_at(entry));
        if let Some(header) = header(self.spec.format).filter(|_| entry == self.first_of(self.file_of(entry)))
        {
            lines.insert(0, header.to_owned());
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use kinesis::Duration;

    use super::*;
    use crate::LogFormat;

    const START: Instant = Instant::from_seconds(1_767_225_600);

    fn at(seconds: u64) -> Instant {
        START + Duration::from_seconds(seconds)
    }

    /// Ten entries in each file, one entry a second.
    fn log(format: LogFormat) -> LogFile {
        let size = format.size_default();
        let rotate_size = u64::from(size) * 10 + 100;
        let spec = LogSpec { format, size, rate: 1, rotate_size, keep: 2, ..LogSpec::new("/var/log/a.log") };
        LogFile::new(spec, START, 7, 0)
    }

    #[test]
    fn an_entry_has_the_bytes_that_its_place_in_the_file_counts_on() {
        for format in LogFormat::ALL {
            for size in [format.size_min(), format.size_default(), 5_000] {
                let spec = LogSpec { format, size, ..LogSpec::new("/var/log/a.log") };
                let log = LogFile::new(spec, START, u32::MAX, 0);
                for entry in (1..2_000).chain([u64::from(u32::MAX) << 16]) {
                    let lines = log.lines(entry);
                    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
                    assert_eq!(bytes, size as usize, "{} {entry}: {lines:?}", format.name());
                }
            }
        }
    }

    #[test]
    fn a_file_is_renamed_twice_and_then_deleted() {
        let log = log(LogFormat::Csv);
        let paths = |seconds| log.files(at(seconds)).into_iter().map(|f| f.path).collect::<Vec<_>>();
        assert_eq!(paths(10), ["/var/log/a.log"], "the tenth entry fills the file");
        assert_eq!(paths(11), ["/var/log/a.log", "/var/log/a.log.1"]);
        assert_eq!(paths(35), ["/var/log/a.log", "/var/log/a.log.1", "/var/log/a.log.2"]);
        let ids = |seconds| log.files(at(seconds)).into_iter().map(|f| f.id).collect::<Vec<_>>();
        assert_eq!(ids(11)[1], ids(10)[0], "a renamed file is the same one");
        let header = "n,time,sensor,temperature,status,note\n".len() as u64;
        assert_eq!(log.files(at(13))[0].size, header + 3 * 120);
        assert_eq!(log.files(at(13))[1].size, header + 10 * 120);
        assert_eq!(log.lines(10).len(), 2, "each file begins with the header");
    }

    #[test]
    fn entries_keep_their_time_when_the_rate_changes() {
        let mut log = log(LogFormat::AppLog);
        let before = log.lines(4);
        log.change(Some(100), None, at(10));
        assert_eq!(log.lines(4), before);
        assert_eq!((log.written_by(at(11)), log.written_at(10)), (110, at(10) + Duration::from_millis(10)));
    }
}
