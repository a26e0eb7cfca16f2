//! How far the learner has come, kept in the browser.

use course::progress::Progress;

use crate::browser::storage;

const PROGRESS_KEY: &str = "kinesis-sandbox.progress";

/// What was kept; nothing where nothing was, or where it cannot be read.
pub(crate) fn load() -> Progress {
    storage::get(PROGRESS_KEY).and_then(|text| Progress::import(&text).ok()).unwrap_or_default()
}

pub(crate) fn save(progress: &Progress) {
    storage::set(PROGRESS_KEY, &progress.export());
}
