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
    /// What the value is, with its unit, as it stands in a sentence; `{0}` is the first argument. Of a condition, what
    /// is so where it is true: `reader {0} runs`.
    pub phrase: &'static str,
    /// Whether the value is true or false.
    pub is_condition: bool,
    pub(crate) read: fn(Scene<'_>, &Args) -> Value,
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
    ($object:literal . $field:literal ($($arg:literal),*), whether $phrase:literal, $read:expr) => {
        crate::readers::reader!(@ $object, $field, [$($arg),*], $phrase, true, $read)
    };
    ($object:literal . $field:literal ($($arg:literal),*), $phrase:literal, $read:expr) => {
        crate::readers::reader!(@ $object, $field, [$($arg),*], $phrase, false, $read)
    };
    (@ $object:literal, $field:literal, $args:expr, $phrase:literal, $is_condition:literal, $read:expr) => {
        crate::readers::Reader {
            object: $object,
            field: $field,
            args: &$args,
            phrase: $phrase,
            is_condition: $is_condition,
            read: $read,
        }
    };
}
pub(crate) use reader;

/// `10s` as seconds.
pub(crate) fn seconds(text: &str) -> Option<u64> {
    text.strip_suffix('s')?.parse().ok()
}

#[cfg(test)]
mod tests {
    use sim::{Sandbox, SandboxOptions};

    use super::*;
    use crate::memory::Memory;
    use crate::{CourseObserver, Tongue, run_script};

    #[test]
    fn those_that_ask_whether_something_is_so_say_yes_or_no_and_no_other_does() {
        let mut sandbox = Sandbox::with_observer(SandboxOptions::default(), CourseObserver::default());
        let script = "aws kinesis create-stream --stream-name x --shard-count 1\n\
             sandbox clock advance 30s\n\
             sandbox producer start p --stream x --rate 5 --keys random\n\
             sandbox reader start r --stream x --from TRIM_HORIZON\n\
             sandbox kcl start a --stream x --workers 1\n\
             sandbox function create f\n\
             aws lambda create-event-source-mapping --function-name f --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/x --starting-position LATEST\n\
             sandbox clock advance 60s";
        run_script(&mut sandbox, script).unwrap_or_else(|error| panic!("{error}"));
        let memory = Memory::default();
        let (world, tongue) = (sandbox.world(), Tongue::English);
        let scene = Scene { world, memory: &memory, begun: None, tongue, starts: &[] };
        let mut told = 0;
        for reader in readers() {
            let name = match reader.object {
                "put" | "agent" => "p",
                "reader" => "r",
                "app" | "table" => "a",
                "fn" => "f",
                _ => "x",
            };
            let args = Args { plain: vec![name.to_owned(), "0".to_owned()], named: Vec::new() };
            let value = (reader.read)(scene, &args);
            let Reader { object, field, is_condition, .. } = reader;
            if value != Value::Missing {
                assert_eq!(matches!(value, Value::Bool(_)), *is_condition, "{object}.{field} says {value}");
                told += u32::from(*is_condition);
            }
        }
        assert!(told > 10, "{told} conditions were told");
    }
}
