//! Completion: what may stand at the cursor. The token builder offers the same by touch, with values to try besides.

mod chips;
mod neighbours;
mod samples;
mod values;

use std::ops::Range;

pub use chips::{Chip, is_whole, next_tokens, without_last_word};

use sim::{Variable, World};

use crate::aws::{self, GLOBALS, Waiter};
use crate::collect::Arity;
use crate::help::{option_help, summary};
use crate::line::PROGRAMS;
use crate::shell::scan;
use crate::shell::{BUILTINS, ShellWord, TOOLS};
use crate::verbs::{Kind, VERBS, Verb, VerbOption};
use crate::{Word, quote};

/// A word that may stand at the cursor.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Completion {
    /// The part of the line that it takes the place of, in bytes.
    pub replace: Range<usize>,
    /// As it must be typed, quotes included.
    pub text: String,
    /// What stands for it where it is too long to be read.
    pub label: Option<String>,
    /// What it means; may be empty.
    pub help: String,
}

/// What is known around the prompt.
#[derive(Clone, Copy)]
pub struct Around<'a> {
    pub world: &'a World,
    /// Shard iterators that answers handed out, each with the number of its shard, the newest last.
    pub iterators: &'a [(u32, String)],
}

impl<'a> From<&'a World> for Around<'a> {
    fn from(world: &'a World) -> Around<'a> {
        Around { world, iterators: &[] }
    }
}

/// What begins a loop or a condition.
const CONSTRUCTS: [&str; 4] = ["for", "while", "until", "if"];

/// Words that a list offers at most.
const OFFERED_MAX: usize = 200;

/// What may stand at the cursor, a byte offset, in the order in which it should be offered.
pub fn complete<'a>(line: &str, cursor: usize, around: impl Into<Around<'a>>) -> Vec<Completion> {
    complete_with(line, cursor, around.into(), false)
}

/// As [`complete`]; with samples, also of values that only the learner can choose.
fn complete_with(line: &str, cursor: usize, around: Around<'_>, with_samples: bool) -> Vec<Completion> {
    let world = around.world;
    let Some(before) = line.get(..cursor.min(line.len())) else { return Vec::new() };
    let mut words = typed_words(before);
    let is_inside = words.last().is_some_and(|word| word.span.end == before.len());
    let partial = match words.pop_if(|_| is_inside) {
        Some(word) => word,
        None => Word { text: String::new(), span: before.len()..before.len() },
    };
    let mut offers = Offers { typed: &partial.text, with_samples, found: Vec::new() };
    if is_inside && offers.typed.starts_with(['$', '"']) && offers.typed.contains('$') {
        return variables(&partial, world);
    }
    offer(&mut offers, &words, around);
    if offers.typed.starts_with("file") {
        for (path, _) in world.home().files() {
            offers.add(format!("file://{path}"), "text of a file");
            offers.add(format!("fileb://{path}"), "bytes of a file");
        }
    }
    let replace = partial.span.clone();
    offers
        .found
        .into_iter()
        .map(|Found { text, label, help }| {
            // What is to be expanded stands in its own quotes.
            let text = if text.starts_with("\"$") { text } else { quote(&text).into_owned() };
            Completion { replace: replace.clone(), text, label, help }
        })
        .collect()
}

/// Variables whose name begins as the one that is being typed.
fn variables(typed: &Word, world: &World) -> Vec<Completion> {
    let Some((before, name)) = typed.text.rsplit_once('$') else { return Vec::new() };
    let (brace, name) = match name.strip_prefix('{') {
        Some(name) => ("{", name),
        None => ("", name),
    };
    let close = format!(
        "{}{}",
        if brace.is_empty() { "" } else { "}" },
        if before.starts_with('"') { "\"" } else { "" }
    );
    let found = world.home().variables().filter(|(own, _)| own.starts_with(name)).take(OFFERED_MAX);
    let offer = |(own, variable): (&String, &Variable)| Completion {
        replace: typed.span.clone(),
        text: format!("{before}${brace}{own}{close}"),
        label: None,
        help: variable.value.chars().take(HELP_LETTERS).collect(),
    };
    found.map(offer).collect()
}

/// Letters of a variable's value that are shown beside its name.
const HELP_LETTERS: usize = 24;

/// The words of the command that is being typed at the end of a text.
fn typed_words(text: &str) -> Vec<Word> {
    let mut start = 0;
    let mut typed = Vec::new();
    while start < text.len() {
        let scan = scan(text, start);
        typed = if text[..scan.end].ends_with('\n') { Vec::new() } else { scan.typed };
        start = scan.end.max(start + 1);
    }
    // What a `$` begins is completed as it is typed.
    let text_of = |word: &ShellWord| {
        let raw = &text[word.span.clone()];
        let is_open = raw.contains('$') && !raw.starts_with('\'');
        word.literal().filter(|_| !is_open).unwrap_or_else(|| raw.to_owned())
    };
    typed.iter().map(|word| Word { text: text_of(word), span: word.span.clone() }).collect()
}

/// Words that begin as the typed one does.
pub(crate) struct Offers<'a> {
    typed: &'a str,
    /// Whether values are offered that only the learner can choose.
    with_samples: bool,
    found: Vec<Found>,
}

struct Found {
    text: String,
    label: Option<String>,
    help: String,
}

impl Offers<'_> {
    pub(crate) fn add(&mut self, text: impl AsRef<str>, help: impl AsRef<str>) {
        self.add_labelled(text.as_ref(), None, help.as_ref());
    }

    fn add_labelled(&mut self, text: &str, label: Option<String>, help: &str) {
        let is_wanted = self.found.len() < OFFERED_MAX && text.starts_with(self.typed);
        if is_wanted && !self.found.iter().any(|found| found.text == text) {
            self.found.push(Found { text: text.to_owned(), label, help: help.to_owned() });
        }
    }

    /// A value to try, which the learner will often replace.
    fn sample(&mut self, text: impl AsRef<str>) {
        if self.with_samples {
            self.add(text, "");
        }
    }

    /// The same question without anything typed and found.
    fn blank(&self) -> Offers<'static> {
        Offers { typed: "", with_samples: self.with_samples, found: Vec::new() }
    }

    fn has_begun(&self) -> bool {
        !self.typed.is_empty()
    }
}

fn offer(offers: &mut Offers<'_>, words: &[Word], around: Around<'_>) {
    let world = around.world;
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    match texts.as_slice() {
        [] => {
            PROGRAMS.iter().for_each(|program| offers.add(program, ""));
            // Once something is typed, what is less often meant.
            if offers.has_begun() {
                TOOLS.iter().for_each(|(name, help)| offers.add(name, help));
                BUILTINS.iter().chain(&CONSTRUCTS).for_each(|name| offers.add(name, ""));
            }
        }
        [tool, ..] if *tool != "echo" && TOOLS.iter().any(|(name, _)| name == tool) => {
            world.home().files().for_each(|(path, _)| offers.add(path, ""));
        }
        ["aws", rest @ ..] => offer_aws(offers, rest, around),
        ["sandbox", rest @ ..] => offer_sandbox(offers, rest, world),
        ["sleep"] => ["1", "10", "60"].iter().for_each(|seconds| offers.sample(seconds)),
        ["help"] => {
            ["aws", "sandbox"].iter().for_each(|topic| offers.add(topic, ""));
            offer_operations(offers);
        }
        ["help", "aws"] => {
            offers.add("kinesis", "Amazon Kinesis Data Streams");
            aws::services().for_each(|(name, help)| offers.add(name, help));
        }
        ["help", "aws", "kinesis"] => offer_operations(offers),
        ["help", "sandbox", rest @ ..] => offer_verbs(offers, rest, world),
        _ => {}
    }
}

/// Apart, so that their names are not part of the first picture.
#[inline(never)]
fn offer_other_services(offers: &mut Offers<'_>) {
    let simulated: Vec<&str> =
        aws::services().map(|(name, _)| name).chain(["kinesis", "sts", "configure"]).collect();
    for service in aws::services_of_aws().filter(|name| !simulated.contains(name)) {
        offers.add(service, "not simulated here");
    }
}

fn offer_operations(offers: &mut Offers<'_>) {
    for operation in aws::commands() {
        offers.add(aws::command_name(operation), summary(operation));
    }
    offers.add("wait", "Waits until a stream is there, or is gone.");
}

fn offer_aws(offers: &mut Offers<'_>, words: &[&str], around: Around<'_>) {
    let world = around.world;
    // Global options may stand anywhere before the operation; each of these takes a value.
    let takes_value =
        |name: &str| ["--region", "--output", "--profile", "--cli-binary-format", "--query"].contains(&name);
    let mut rest = words;
    let mut path = Vec::new();
    while path.len() < 2 {
        match rest {
            [option] if takes_value(option) => return values::offer_global(offers, option, world),
            [option, _, after @ ..] if takes_value(option) => rest = after,
            [option, after @ ..] if option.starts_with('-') => rest = after,
            [word, after @ ..] => {
                path.push(*word);
                rest = after;
            }
            [] => break,
        }
    }
    match path.as_slice() {
        [] => {
            offers.add("kinesis", "Amazon Kinesis Data Streams");
            offers.add("help", "");
            offers.add("configure", "settings: configure list, get, set");
            offers.add("sts", "who is calling: sts get-caller-identity");
            aws::services().for_each(|(name, help)| offers.add(name, help));
            if offers.has_begun() && !offers.with_samples {
                offer_other_services(offers);
            }
            // By touch they are taken where most people type them: at the end.
            if !offers.with_samples {
                GLOBALS.iter().for_each(|global| offers.add(global.name, global.help));
            }
        }
        ["kinesis"] => {
            offer_operations(offers);
            offers.add("help", "");
        }
        ["configure"] => ["list", "get", "set"].iter().for_each(|command| offers.add(command, "")),
        ["configure", command] => values::offer_setting(offers, command, rest, world),
        ["sts"] => offers.add("get-caller-identity", ""),
        ["s3"] => {
            for (name, help, _) in aws::S3_COMMANDS {
                if !offers.with_samples || neighbours::s3_can_be_finished(name, world) {
                    offers.add(name, help);
                }
            }
        }
        ["s3", command] => neighbours::offer_s3(offers, command, rest, world),
        ["kinesis", "wait"] => match rest {
            [] => Waiter::ALL.iter().for_each(|waiter| offers.add(waiter.command(), "")),
            [_, rest @ ..] => {
                offer_options(offers, kinesis::Operation::DescribeStream, (words, rest), around);
            }
        },
        ["kinesis", command] => {
            if let Some(operation) = aws::operation_of_command(command) {
                offer_options(offers, operation, (words, rest), around);
            }
        }
        [name] => {
            for command in aws::service(name).into_iter().flat_map(|service| service.commands) {
                if !offers.with_samples || neighbours::can_be_finished(offers, command, world) {
                    offers.add(command.name, command.help);
                }
            }
        }
        [name, command] => {
            let commands = aws::service(name).map_or(&[][..], |service| service.commands);
            if let Some(command) = commands.iter().find(|own| own.name == *command) {
                neighbours::offer_options(offers, command, rest, world);
            }
        }
        _ => {}
    }
}

/// Options and their values; `words` are all behind `aws`, and those behind the command.
fn offer_options(
    offers: &mut Offers<'_>,
    operation: kinesis::Operation,
    (all, words): (&[&str], &[&str]),
    around: Around<'_>,
) {
    let options = aws::options_of(operation);
    let last = words.iter().rposition(|word| word.starts_with("--"));
    let open = last.and_then(|at| {
        let option = options.iter().find(|option| option.name == words[at])?;
        let is_open = match option.arity() {
            Arity::None | Arity::Optional => false,
            Arity::One => at + 1 == words.len(),
            Arity::Many => true,
        };
        is_open.then_some(option)
    });
    let offer_values = |offers: &mut Offers<'_>, option: &aws::CallOption| {
        match option.member() {
            Some(member) => values::offer_member(offers, operation, member, words, around),
            None => values::offer_global(offers, &option.name, around.world),
        }
        if offers.with_samples {
            samples::sample_option(offers, operation, option, all, around.world);
        }
    };
    let values = words.get(last.map_or(words.len(), |last| last + 1)..).unwrap_or_default();
    if let Some(option) = open {
        // By touch a list that has an item is gone on with last.
        let is_begun_list = offers.with_samples && !values.is_empty();
        if !is_begun_list {
            offer_values(offers, option);
        }
        if option.arity() == Arity::One || offers.with_samples && values.is_empty() {
            return;
        }
    }
    let is_given = |name: &str| all.iter().any(|word| word.split('=').next() == Some(name));
    // By touch only what can be finished by touch is offered, and nothing that the line forbids.
    let can_be_taken = |offers: &Offers<'_>, option: &aws::CallOption| {
        let mut values = offers.blank();
        match option.arity() {
            Arity::None | Arity::Optional => {}
            Arity::One | Arity::Many => offer_values(&mut values, option),
        }
        let has_value = matches!(option.arity(), Arity::None | Arity::Optional) || !values.found.is_empty();
        has_value && !samples::is_forbidden(&option.name, is_given)
    };
    // What must be given comes first; either form of a stream's name is enough.
    let has_stream = is_given("--stream-name") || is_given("--stream-arn");
    let rank = |option: &aws::CallOption| match option.member() {
        Some(member) if member.is_required => 0,
        Some(member) if member.name == "StreamName" && !has_stream => 0,
        Some(member) if member.name == "StreamARN" || member.name == "StreamName" => 2,
        Some(_) => 1,
        None if option.name == "--cli-binary-format" && is_given("--data") => 1,
        None => 3,
    };
    for wanted in 0..4 {
        let left = options.iter().filter(|option| option.is_simulated() && !is_given(&option.name));
        for option in left.filter(|option| rank(option) == wanted) {
            if offers.with_samples && !can_be_taken(offers, option) {
                continue;
            }
            offers.add(&option.name, option_help(option));
        }
    }
    if let Some(option) = open.filter(|_| offers.with_samples) {
        offer_values(offers, option);
        offers.found.retain(|found| !values.contains(&found.text.as_str()));
    }
}

fn offer_verbs(offers: &mut Offers<'_>, words: &[&str], world: &World) {
    for verb in VERBS.iter().filter(|verb| verb.words.starts_with(words)) {
        if offers.with_samples && !can_be_filled(offers, verb, world) {
            continue;
        }
        if let Some(next) = verb.words.get(words.len()) {
            let is_last = verb.words.len() == words.len() + 1;
            offers.add(next, if is_last { verb.summary } else { "" });
        }
    }
}

fn offer_sandbox(offers: &mut Offers<'_>, words: &[&str], world: &World) {
    offer_verbs(offers, words, world);
    let Some(verb) = VERBS.iter().find(|verb| words.starts_with(verb.words)) else { return };
    let rest = &words[verb.words.len()..];
    if let Some((last, before)) = rest.split_last()
        && let Some(option) = verb.options.iter().find(|option| option.name == *last)
    {
        values::offer_kind(offers, option.kind, before, world);
        return samples::sample_verb(offers, verb, Slot::Option(option), world);
    }
    let places = places_given(verb, rest);
    if let Some((_, kind)) = verb.places.get(places.len())
        && !offers.typed.starts_with('-')
    {
        values::offer_kind(offers, *kind, &places, world);
        samples::sample_verb(offers, verb, Slot::Place(places.len()), world);
        if offers.with_samples {
            return;
        }
        if *kind != Kind::Free || !offers.has_begun() {
            return;
        }
    }
    let mut options: Vec<&VerbOption> =
        verb.options.iter().filter(|option| !rest.contains(&option.name)).collect();
    if offers.with_samples {
        // A time is asked for where it means something, and there it is needed.
        let is_timed = rest.contains(&"AT_TIMESTAMP");
        options.retain(|option| option.name != "--timestamp" || is_timed);
        options.sort_by_key(|option| !(option.is_required || option.name == "--timestamp"));
    }
    for option in options {
        let mut values = offers.blank();
        if offers.with_samples {
            values::offer_kind(&mut values, option.kind, &places, world);
            samples::sample_verb(&mut values, verb, Slot::Option(option), world);
        }
        // What excludes something that was given would lead nowhere.
        let fits = |found: &Found| reads(words, &[option.name, &found.text]);
        let can_be_taken = !reads(words, &[]) || values.found.iter().any(fits);
        if !offers.with_samples || !values.found.is_empty() && can_be_taken {
            offers.add(option.name, option.help);
        }
    }
}

/// Whether a verb's line can be read as far as it stands, with some words more.
fn reads(words: &[&str], more: &[&str]) -> bool {
    let all = ["sandbox"].iter().chain(words).chain(more);
    let line: Vec<Word> = all.map(|text| Word { text: (*text).to_owned(), span: 0..0 }).collect();
    crate::verbs::parse(&line, 0).is_ok()
}

/// Where a value of a verb stands.
#[derive(Clone, Copy)]
enum Slot {
    Place(usize),
    Option(&'static VerbOption),
}

/// Whether there is what the verb must be given: nothing can be stopped where nothing runs.
fn can_be_filled(offers: &Offers<'_>, verb: &Verb, world: &World) -> bool {
    let places = verb.places.iter().map(|(_, kind)| *kind);
    let needed = verb.options.iter().filter(|option| option.is_required).map(|option| option.kind);
    let is_there = |kind: Kind| {
        let mut found = offers.blank();
        values::offer_kind(&mut found, kind, &[], world);
        // Where there is an application, it has a worker.
        kind == Kind::Worker || !found.found.is_empty()
    };
    places.chain(needed).filter(|kind| kind.is_of_world()).all(is_there)
}

/// The words that are no options and no values of options.
fn places_given<'a>(verb: &Verb, rest: &[&'a str]) -> Vec<&'a str> {
    let mut places = Vec::new();
    let mut words = rest.iter();
    while let Some(word) = words.next() {
        if verb.options.iter().any(|option| option.name == *word) {
            words.next();
        } else if !word.starts_with('-') {
            places.push(*word);
        }
    }
    places
}
