//! The options of each operation, made from the table of its members.

use awsjson::{Kind, Member, members};
use kinesis::Operation;

use super::globals::{GLOBALS, Meaning};
use crate::collect::Arity;
use crate::names::hyphenated;

/// An option that may stand behind an operation.
#[derive(Clone, Debug)]
pub(crate) struct CallOption {
    /// With its hyphens: `--stream-name`.
    pub(crate) name: String,
    pub(super) sets: Sets,
}

/// What an option sets.
#[derive(Clone, Copy, Debug)]
pub(super) enum Sets {
    Member(&'static Member),
    /// `--no-x`: the member is false.
    MemberFalse(&'static Member),
    /// All members at once, as JSON.
    InputJson,
    /// Prints what could stand behind `--cli-input-json`, and calls nothing.
    Skeleton,
    StartingToken,
    PageSize,
    MaxItems,
    Global(Meaning),
    NotSimulated,
}

impl CallOption {
    pub(super) fn of_global(global: &super::globals::GlobalOption) -> CallOption {
        CallOption { name: global.name.to_owned(), sets: Sets::Global(global.meaning) }
    }

    pub(crate) fn arity(&self) -> Arity {
        match self.sets {
            Sets::Member(member) => match member.kind {
                Kind::Boolean => Arity::None,
                Kind::StructureList(_) | Kind::StringList => Arity::Many,
                Kind::String
                | Kind::Integer
                | Kind::Timestamp
                | Kind::Blob
                | Kind::Structure(_)
                | Kind::Map
                | Kind::Document => Arity::One,
            },
            Sets::MemberFalse(_) => Arity::None,
            Sets::Skeleton => Arity::Optional,
            Sets::Global(meaning) => meaning.arity(),
            Sets::InputJson | Sets::StartingToken | Sets::PageSize | Sets::MaxItems | Sets::NotSimulated => {
                Arity::One
            }
        }
    }

    /// The member that the option sets.
    pub(crate) fn member(&self) -> Option<&'static Member> {
        match self.sets {
            Sets::Member(member) | Sets::MemberFalse(member) => Some(member),
            Sets::InputJson
            | Sets::Skeleton
            | Sets::StartingToken
            | Sets::PageSize
            | Sets::MaxItems
            | Sets::Global(_)
            | Sets::NotSimulated => None,
        }
    }

    /// Whether it says no: `--no-dry-run`.
    pub(crate) fn is_negation(&self) -> bool {
        matches!(self.sets, Sets::MemberFalse(_))
    }

    /// Whether the sandbox does something with it.
    pub(crate) fn is_simulated(&self) -> bool {
        match self.sets {
            Sets::Member(member) => member.is_simulated,
            Sets::MemberFalse(member) => member.is_simulated,
            Sets::InputJson | Sets::Skeleton | Sets::StartingToken | Sets::PageSize | Sets::MaxItems => true,
            Sets::Global(meaning) => !matches!(meaning, Meaning::NotSimulated(_)),
            Sets::NotSimulated => false,
        }
    }
}

/// The options of an operation in the order of the model, then those of every command.
pub(crate) fn options_of(operation: Operation) -> Vec<CallOption> {
    options_from(members(operation), super::paging::pager(operation).is_some())
}

/// The options that set these members, then those of every command.
pub(crate) fn options_from(members: &'static [Member], is_paged: bool) -> Vec<CallOption> {
    let mut options = Vec::new();
    for member in members {
        let name = hyphenated(member.name);
        options.push(CallOption { name: format!("--{name}"), sets: Sets::Member(member) });
        if member.kind == Kind::Boolean {
            options.push(CallOption { name: format!("--no-{name}"), sets: Sets::MemberFalse(member) });
        }
    }
    let mut more = vec![
        ("--cli-input-json", Sets::InputJson),
        ("--cli-input-yaml", Sets::NotSimulated),
        ("--generate-cli-skeleton", Sets::Skeleton),
    ];
    if is_paged {
        more.extend([
            ("--starting-token", Sets::StartingToken),
            ("--page-size", Sets::PageSize),
            ("--max-items", Sets::MaxItems),
        ]);
    }
    let globals = GLOBALS.iter().map(|global| (global.name, Sets::Global(global.meaning)));
    options.extend(
        more.into_iter().chain(globals).map(|(name, sets)| CallOption { name: name.to_owned(), sets }),
    );
    options
}

/// The name at the prompt: `put-record`.
pub(crate) fn command_name(operation: Operation) -> String {
    hyphenated(operation.name())
}

/// The operations that have a command.
///
/// Documented: SubscribeToShard answers with a stream of events, and `awscli/customizations/removals.py` of AWS CLI 2.36
/// takes it away.
pub(crate) fn commands() -> impl Iterator<Item = Operation> {
    Operation::ALL.iter().copied().filter(|operation| *operation != Operation::SubscribeToShard)
}

/// The operation of that name at the prompt.
pub(crate) fn operation_of_command(name: &str) -> Option<Operation> {
    commands().find(|operation| command_name(*operation) == name)
}
