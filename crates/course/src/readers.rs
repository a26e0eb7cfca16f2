//! Readers: everything that a check can ask of the world. One row each, which serves the checker, the author's
//! reference and the sentence "not yet, because …".

use crate::check::{Args, Scene, Value};

mod account;
mod applications;
mod calls;
mod functions;
mod managed;
mod nearby;
mod producers;
mod records;
mod sdk_readers;
mod service;

pub(crate) use nearby::nearby;

/// One reader: `stream(S).status`.
#[derive(Debug)]
pub struct Reader {
    pub object: &'static str,
    /// What follows the dot; empty for `answer(N)`.
    pub field: &'static str,
    /// Names of the arguments; those with `=` are optional and given by name.
    pub args: &'static [&'static str],
    /// What the value is, with its unit, as it stands in a sentence; `{0}` is the first argument.
    pub phrase: &'static str,
    pub(crate) read: fn(Scene<'_>, &Args) -> Value,
}

impl Reader {
    /// Whether the value is true or false.
    pub fn is_bool(&self) -> bool {
        self.phrase.starts_with("whether ")
    }
}

/// All readers, those of one object together.
pub fn readers() -> impl Iterator<Item = &'static Reader> {
    [
        service::READERS,
        records::READERS,
        calls::READERS,
        sdk_readers::READERS,
        producers::READERS,
        applications::READERS,
        functions::READERS,
        managed::READERS,
        account::READERS,
    ]
    .into_iter()
    .flatten()
}

macro_rules! reader {
    ($object:literal . $field:literal ($($arg:literal),*), $phrase:literal, $read:expr) => {
        crate::readers::Reader { object: $object, field: $field, args: &[$($arg),*], phrase: $phrase, read: $read }
    };
}
pub(crate) use reader;

/// `10s` as seconds.
fn seconds(text: &str) -> Option<u64> {
    text.strip_suffix('s')?.parse().ok()
}
