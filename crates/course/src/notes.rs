//! The outline of the study notes, in words of our own: what each entry means, where it can be seen, and what AWS has
//! changed since the notes were written.

mod table;

/// An entry of the outline.
#[derive(PartialEq, Eq, Debug)]
pub struct NotesEntry {
    /// The section that it belongs to: `N3`.
    pub section: &'static str,
    pub title: &'static str,
    pub text: &'static str,
    /// Exercises, quiz items and predictions that show it.
    pub shown_by: &'static [&'static str],
    /// What is different today; empty where nothing is.
    pub today: &'static str,
}

/// All entries, in the order of the notes.
pub fn notes() -> &'static [NotesEntry] {
    table::NOTES
}
