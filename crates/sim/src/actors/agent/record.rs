//! From the entries of a log to the records of a flow.

use std::sync::Arc;

use kinesis::{Recipe, hash_key_of};

use super::config::FlowConfig;
use super::log_file::LogFile;
use smol_str::SmolStr;

use crate::dice::Dice;

/// How a flow makes records of a log's lines: the recipe of their data.
///
/// A record's number has the flow, the entry, and in the lowest bits the record's place in the entry.
#[derive(Clone, Debug)]
pub(super) struct RecordMaker {
    pub(super) log: LogFile,
    pub(super) config: Arc<FlowConfig>,
    pub(super) source: u32,
    /// Number of the flow over the life of the server.
    pub(super) flow: u32,
}

/// A record that waits to be sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct AgentRecord {
    pub(super) number: u64,
    /// Bytes of data.
    pub(super) size: u32,
    /// Bytes of data and partition key.
    pub(super) size_with_key: u32,
}

/// What became of a part of an entry.
pub(super) enum Made {
    Record(AgentRecord),
    /// A record that was longer than a record may be.
    Truncated(AgentRecord),
    /// Left out by the processing.
    Skipped,
}

/// Bits of a number for the place within the entry.
const PLACE_BITS: u32 = 5;
const FLOW_BITS: u32 = 10;
/// Observed: `KinesisConstants`, data and partition key together.
pub(super) const RECORD_BYTES_MAX: usize = 1 << 20;

/// The number, without the flow, of the first record of an entry.
pub(super) fn first_of(entry: u64) -> u64 {
    entry << PLACE_BITS
}

/// The entry of a record.
pub(super) fn entry_of(number: u64) -> u64 {
    (number << FLOW_BITS) >> (FLOW_BITS + PLACE_BITS)
}

impl RecordMaker {
    /// The records of an entry.
    ///
    /// Simplified: an entry's lines are written at once, and a record ends with its entry also where a
    /// `multiLineStartPattern` does not match the next one.
    pub(super) fn records(&self, entry: u64) -> Vec<Made> {
        let flow = u64::from(self.flow) << (64 - FLOW_BITS);
        let numbers = (first_of(entry) | flow)..;
        numbers.zip(self.texts(entry)).map(|(number, text)| self.made(number, text)).collect()
    }

    fn made(&self, number: u64, text: String) -> Made {
        let Some((data, is_truncated)) = self.data(number, text) else { return Made::Skipped };
        let size = data.len() as u32;
        let record = AgentRecord { number, size, size_with_key: size + self.key(number, &data).len() as u32 };
        if is_truncated { Made::Truncated(record) } else { Made::Record(record) }
    }

    /// The lines of an entry, put together where the flow does so. Each part ends with its line's end, which the agent
    /// sends along.
    fn texts(&self, entry: u64) -> Vec<String> {
        let skipped = self.header_lines(entry);
        let mut texts: Vec<String> = Vec::new();
        for line in self.log.lines(entry).into_iter().skip(skipped) {
            let is_start = self.config.start_pattern.as_ref().is_none_or(|pattern| pattern.begins(&line));
            match texts.last_mut().filter(|_| !is_start) {
                Some(text) => {
                    text.push_str(&line);
                    text.push('\n');
                }
                None => texts.push(line + "\n"),
            }
        }
        texts.truncate(1 << PLACE_BITS);
        texts
    }

    /// How many of an entry's lines are among the first of their file that the flow leaves out.
    fn header_lines(&self, entry: u64) -> usize {
        let headers = self.config.skip_header_lines;
        let first = self.log.first_of(self.log.file_of(entry));
        if entry - first >= headers {
            return 0;
        }
        let before: u64 = (first..entry).map(|entry| self.log.lines(entry).len() as u64).sum();
        headers.saturating_sub(before) as usize
    }

    fn data(&self, number: u64, text: String) -> Option<(String, bool)> {
        let mut data = self.config.processing.iter().try_fold(text, |text, step| step.apply(text))?;
        let most = RECORD_BYTES_MAX - self.key(number, &data).len();
        let is_truncated = data.len() > most;
        if is_truncated {
            let mut end = most - self.config.terminator.len();
            while !data.is_char_boundary(end) {
                end -= 1;
            }
            data.truncate(end);
            data.push_str(&self.config.terminator);
        }
        Some((data, is_truncated))
    }

    /// Observed: `KinesisRecord`: a random number below a million as text, or the MD5 of the data.
    fn key(&self, number: u64, data: &str) -> String {
        if !self.config.is_key_random {
            return format!("{:032x}", hash_key_of(data));
        }
        let mut dice = Dice::new(u64::from(self.source), 0x6167_656e, number);
        format!("{}.{:010}", dice.below(1_000_000), dice.below(10_000_000_000))
    }

    fn record(&self, number: u64) -> String {
        let place = number & ((1 << PLACE_BITS) - 1);
        let text = self.texts(entry_of(number)).into_iter().nth(place as usize);
        text.and_then(|text| self.data(number, text)).map(|(data, _)| data).unwrap_or_default()
    }
}

impl Recipe for RecordMaker {
    fn source(&self) -> u32 {
        self.source
    }

    fn partition_key(&self, number: u64) -> SmolStr {
        let key = match self.config.is_key_random {
            true => self.key(number, ""),
            false => self.key(number, &self.record(number)),
        };
        key.into()
    }

    fn payload(&self, number: u64) -> Vec<u8> {
        self.record(number).into_bytes()
    }
}
