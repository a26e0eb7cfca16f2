//! Options of every `aws` command.

use crate::collect::Arity;

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
    /// One of the values; all but the first of them are not simulated yet.
    Output,
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
            Meaning::Region | Meaning::Profile | Meaning::Output | Meaning::BinaryFormat | Meaning::Color => {
                Arity::One
            }
            Meaning::NoPaginate | Meaning::Version => Arity::None,
            Meaning::Harmless(arity) | Meaning::NotSimulated(arity) => arity,
        }
    }
}

pub(crate) const OUTPUTS: [&str; 6] = ["json", "text", "table", "yaml", "yaml-stream", "off"];
pub(super) const COLORS: [&str; 3] = ["on", "off", "auto"];
pub(crate) const BINARY_FORMATS: [&str; 2] = ["base64", "raw-in-base64-out"];

const fn option(name: &'static str, meaning: Meaning, help: &'static str) -> GlobalOption {
    GlobalOption { name, meaning, help }
}

pub(crate) const GLOBALS: &[GlobalOption] = &[
    option("--region", Meaning::Region, "The AWS Region; the sandbox has one."),
    option("--output", Meaning::Output, "How the answer is printed: json."),
    option(
        "--cli-binary-format",
        Meaning::BinaryFormat,
        "base64 (the default): --data is base64. raw-in-base64-out: --data is the text itself.",
    ),
    option("--no-paginate", Meaning::NoPaginate, "Only the first page of the answer."),
    option("--profile", Meaning::Profile, "Whose credentials sign the call: default."),
    option("--no-cli-pager", Meaning::Harmless(Arity::None), "No pager for long answers."),
    option("--color", Meaning::Color, "Colours: on, off or auto; there are none here."),
    option("--cli-read-timeout", Meaning::Harmless(Arity::One), "Seconds until a read times out."),
    option("--cli-connect-timeout", Meaning::Harmless(Arity::One), "Seconds until a connection times out."),
    option("--version", Meaning::Version, "The version."),
    option("--query", Meaning::NotSimulated(Arity::One), "Picks parts of the answer (JMESPath)."),
    option("--debug", Meaning::NotSimulated(Arity::None), "Shows what the tool does."),
    option("--endpoint-url", Meaning::NotSimulated(Arity::One), "Another address of the service."),
    option("--no-verify-ssl", Meaning::NotSimulated(Arity::None), "Trusts every certificate."),
    option("--no-sign-request", Meaning::NotSimulated(Arity::None), "Sends no credentials."),
    option("--ca-bundle", Meaning::NotSimulated(Arity::One), "Certificates to trust."),
    option("--cli-auto-prompt", Meaning::NotSimulated(Arity::None), "Asks for what is missing."),
    option("--no-cli-auto-prompt", Meaning::Harmless(Arity::None), "Does not ask for what is missing."),
    option("--cli-error-format", Meaning::NotSimulated(Arity::One), "How errors are printed."),
];
