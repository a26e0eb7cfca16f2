//! Options of every `aws` command.

use sim::VPC_ENDPOINT_ID;

use super::options::{CallOption, Sets};
use super::print::{Format, Printing};
use super::values::BinaryFormat;
use crate::collect::{Arity, Collected};
use crate::nearest::nearest;
use crate::query::Query;
use crate::surroundings::Surroundings;
use crate::{UsageError, UsageKind};

/// A global option.
pub(crate) struct GlobalOption {
    pub(crate) name: &'static str,
    pub(super) meaning: Meaning,
    pub(crate) help: &'static str,
}

/// What the sandbox does with a global option.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meaning {
    Region,
    Profile,
    EndpointUrl,
    Output,
    Query,
    Debug,
    BinaryFormat,
    Color,
    NoPaginate,
    Version,
    /// Changes nothing that could be seen here.
    Harmless(Arity),
    NotSimulated(Arity),
}

impl Meaning {
    pub(super) const fn arity(self) -> Arity {
        match self {
            Meaning::Region
            | Meaning::Profile
            | Meaning::EndpointUrl
            | Meaning::Output
            | Meaning::Query
            | Meaning::BinaryFormat
            | Meaning::Color => Arity::One,
            Meaning::NoPaginate | Meaning::Version | Meaning::Debug => Arity::None,
            Meaning::Harmless(arity) | Meaning::NotSimulated(arity) => arity,
        }
    }
}

const COLORS: [&str; 3] = ["on", "off", "auto"];
pub(crate) const BINARY_FORMATS: [&str; 2] = ["base64", "raw-in-base64-out"];

const fn option(name: &'static str, meaning: Meaning, help: &'static str) -> GlobalOption {
    GlobalOption { name, meaning, help }
}

pub(crate) const GLOBALS: &[GlobalOption] = &[
    option("--region", Meaning::Region, "The AWS Region; the sandbox has one."),
    option(
        "--output",
        Meaning::Output,
        "How the answer is printed: json, text, table, yaml, yaml-stream or off.",
    ),
    option("--query", Meaning::Query, "Picks parts of the answer: JMESPath, as Records[].Data."),
    option(
        "--cli-binary-format",
        Meaning::BinaryFormat,
        "base64 (the default): --data is base64. raw-in-base64-out: --data is the text itself.",
    ),
    option("--no-paginate", Meaning::NoPaginate, "Only the first page of the answer."),
    option("--debug", Meaning::Debug, "Shows the request and the reply as they are on the wire."),
    option(
        "--profile",
        Meaning::Profile,
        "Whose credentials sign the call: default, or a user with policies of its own.",
    ),
    option("--no-cli-pager", Meaning::Harmless(Arity::None), "No pager for long answers."),
    option("--color", Meaning::Color, "Colours: on, off or auto; there are none here."),
    option("--cli-read-timeout", Meaning::Harmless(Arity::One), "Seconds until a read times out."),
    option("--cli-connect-timeout", Meaning::Harmless(Arity::One), "Seconds until a connection times out."),
    option("--version", Meaning::Version, "The version."),
    option(
        "--endpoint-url",
        Meaning::EndpointUrl,
        "Another address of the service: that of the account's VPC endpoint.",
    ),
    option("--no-verify-ssl", Meaning::NotSimulated(Arity::None), "Trusts every certificate."),
    option("--no-sign-request", Meaning::NotSimulated(Arity::None), "Sends no credentials."),
    option("--ca-bundle", Meaning::NotSimulated(Arity::One), "Certificates to trust."),
    option("--cli-auto-prompt", Meaning::NotSimulated(Arity::None), "Asks for what is missing."),
    option("--no-cli-auto-prompt", Meaning::Harmless(Arity::None), "Does not ask for what is missing."),
    option("--cli-error-format", Meaning::NotSimulated(Arity::One), "How errors are printed."),
];

/// What the global options of a line say.
#[derive(Default)]
pub(super) struct Globals {
    pub(super) region: Option<String>,
    pub(super) binary_format: Option<BinaryFormat>,
    pub(super) format: Option<Format>,
    pub(super) query: Option<Query>,
    pub(super) is_one_page: bool,
    pub(super) is_debug: bool,
    pub(super) is_version: bool,
    pub(super) profile: Option<String>,
    pub(super) is_through_endpoint: bool,
}

impl Globals {
    /// These, and where these say nothing, the others: what stands later in a line wins.
    pub(super) fn or(self, later: Globals) -> Globals {
        Globals {
            region: later.region.or(self.region),
            binary_format: later.binary_format.or(self.binary_format),
            format: later.format.or(self.format),
            query: later.query.or(self.query),
            is_one_page: later.is_one_page || self.is_one_page,
            is_debug: later.is_debug || self.is_debug,
            is_version: later.is_version || self.is_version,
            profile: later.profile.or(self.profile),
            is_through_endpoint: later.is_through_endpoint || self.is_through_endpoint,
        }
    }

    /// How texts for blobs are meant: as the line says, or else the settings.
    pub(super) fn binary_format(&self, surroundings: &Surroundings<'_>) -> BinaryFormat {
        let is_raw = || surroundings.setting("cli_binary_format").as_deref() == Some(BINARY_FORMATS[1]);
        self.binary_format.unwrap_or_else(|| if is_raw() { BinaryFormat::Raw } else { BinaryFormat::Base64 })
    }

    /// Whose credentials sign, where it is not the admin.
    pub(super) fn profile(&self, surroundings: &Surroundings<'_>) -> Option<String> {
        let chosen = self.profile.clone().or_else(|| surroundings.exported("AWS_PROFILE").map(str::to_owned));
        chosen.filter(|name| name != "default")
    }

    pub(super) fn printing(&self) -> Printing {
        Printing { format: self.format, query: self.query.clone() }
    }
}

/// What the global options among the words say.
pub(super) fn read_globals(collected: &Collected<'_>, options: &[CallOption]) -> Result<Globals, UsageError> {
    let mut globals = Globals::default();
    for (index, values) in &collected.options {
        let Some(option) = options.get(*index) else { continue };
        let (text, span) = values.first().map_or(("", 0..0), |value| (value.text, value.span.clone()));
        let choice = |choices: &[&str]| match choices.iter().position(|choice| *choice == text) {
            Some(place) => Ok(place),
            None => {
                let message = format!("argument {}: Found invalid choice '{text}'", option.name);
                let near = nearest(text, choices.iter().copied(), 80);
                let (last, first) = choices.split_last().unwrap_or((&"", &[]));
                let expected = format!("{} is {} or {last}", option.name, first.join(", "));
                let error = UsageError::new(UsageKind::InvalidChoice, span.clone(), message);
                Err(error.suggesting(near).hinting(expected))
            }
        };
        match option.sets {
            Sets::Global(Meaning::Region) => globals.region = Some(text.to_owned()),
            Sets::Global(Meaning::NoPaginate) => globals.is_one_page = true,
            Sets::Global(Meaning::Version) => globals.is_version = true,
            Sets::Global(Meaning::Debug) => globals.is_debug = true,
            Sets::Global(Meaning::BinaryFormat) => {
                let formats = [BinaryFormat::Base64, BinaryFormat::Raw];
                globals.binary_format = Some(formats[choice(&BINARY_FORMATS)?]);
            }
            Sets::Global(Meaning::Color) => {
                choice(&COLORS)?;
            }
            Sets::Global(Meaning::Output) => {
                globals.format = Some(Format::ALL[choice(&Format::ALL.map(Format::name))?]);
            }
            Sets::Global(Meaning::Query) => {
                globals.query = Some(Query::parse(text).map_err(|problem| {
                    let message = format!("Bad value for --query {text}: {problem}");
                    UsageError::new(UsageKind::Parameter, span.clone(), message)
                })?);
            }
            Sets::Global(Meaning::Profile) => {
                globals.profile = Some(text.to_owned());
            }
            Sets::Global(Meaning::EndpointUrl) if text.contains(VPC_ENDPOINT_ID) => {
                globals.is_through_endpoint = true;
            }
            Sets::Global(Meaning::NotSimulated(_) | Meaning::EndpointUrl) | Sets::NotSimulated => {
                let message = format!("{} exists in the AWS CLI but is not simulated here yet.", option.name);
                return Err(UsageError::sandbox(span, message));
            }
            Sets::Global(Meaning::Harmless(_))
            | Sets::Member(_)
            | Sets::MemberFalse(_)
            | Sets::InputJson
            | Sets::Skeleton
            | Sets::StartingToken
            | Sets::PageSize
            | Sets::MaxItems => {}
        }
    }
    Ok(globals)
}
