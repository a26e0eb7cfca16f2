//! `aws configure` and `aws sts`: what can be known without a service.

use std::sync::Arc;

use serde_json::json;
use sim::{Command, Observer, Sandbox};

use super::globals::Globals;
use super::print::Printing;
use super::services::commands_of_aws;
use super::{call, check_region, missing, values};
use crate::nearest::nearest;
use crate::run::Output;
use crate::surroundings::{CONFIG_FILE, Surroundings, with_setting};
use crate::{Line, UsageError, UsageKind, Word};

/// A command that needs no service.
#[derive(Clone, PartialEq, Debug)]
pub enum Local {
    /// `aws configure list`
    ConfigureList,
    /// `aws configure get KEY`
    ConfigureGet(String),
    /// `aws configure set KEY VALUE`
    ConfigureSet(String, String),
    /// `aws sts get-caller-identity`
    CallerIdentity { printing: Printing, region: Option<String>, profile: Option<String> },
}

const CONFIGURE: [&str; 3] = ["list", "get", "set"];
/// Subcommands of `aws configure` that the sandbox has no use for.
const CONFIGURE_BY_HAND: [&str; 7] =
    ["add-model", "export-credentials", "import", "list-profiles", "mfa-login", "sso", "sso-session"];

pub(super) fn parse(
    service: &str,
    rest: &[Word],
    words: &[Word],
    globals: Globals,
) -> Result<Line, UsageError> {
    let (more, rest) = super::leading_globals(rest, words)?;
    let mut globals = globals.or(more);
    let Some((command, rest)) = rest.split_first() else {
        if service == "configure" {
            let message = "aws configure asks questions; here settings are given at once: aws configure set output text";
            return Err(UsageError::sandbox(words[words.len() - 1].span.clone(), message));
        }
        return Err(missing("operation", words));
    };
    if command.text == "help" || matches!(rest, [word] if word.text == "help") {
        return Ok(Line::Help(vec!["aws".to_owned(), service.to_owned()]));
    }
    let wrong_count = |form: &str| UsageError::sandbox(values::end_of(words), format!("the form is: {form}"));
    let texts: Vec<&str> = rest.iter().map(|word| word.text.as_str()).collect();
    match (service, command.text.as_str(), texts.as_slice()) {
        ("configure", "list", []) => Ok(Line::Local(Local::ConfigureList)),
        ("configure", "get", [key]) => Ok(Line::Local(Local::ConfigureGet(default_key(key)))),
        ("configure", "set", [key, value]) => {
            Ok(Line::Local(Local::ConfigureSet(default_key(key), (*value).to_owned())))
        }
        ("configure", "list" | "get", _) => Err(wrong_count("aws configure list, aws configure get region")),
        ("configure", "set", _) => Err(wrong_count("aws configure set cli_binary_format raw-in-base64-out")),
        ("sts", "get-caller-identity", _) => {
            let (last, after) = super::leading_globals(rest, words)?;
            globals = globals.or(last);
            if let Some(word) = after.first() {
                let message = format!("Unknown options: {}", word.text);
                return Err(UsageError::new(UsageKind::UnknownOptions, word.span.clone(), message));
            }
            let (region, profile) = (globals.region.clone(), globals.profile.clone());
            Ok(Line::Local(Local::CallerIdentity { printing: globals.printing(), region, profile }))
        }
        ("sts", other, _) if commands_of_aws("sts").any(|command| command == other) => {
            let message = format!(
                "aws sts {other} exists in AWS but is not simulated here. Simulated: aws sts get-caller-identity."
            );
            Err(UsageError::sandbox(command.span.clone(), message))
        }
        ("configure", other, _) if CONFIGURE_BY_HAND.contains(&other) => {
            let message = format!(
                "aws configure {other} exists in AWS but is not simulated here. Simulated: aws configure {}.",
                CONFIGURE.join(", ")
            );
            Err(UsageError::sandbox(command.span.clone(), message))
        }
        (_, other, _) => {
            let is_sts = service == "sts";
            let known: Vec<&str> = if is_sts { commands_of_aws("sts").collect() } else { CONFIGURE.to_vec() };
            let argument = if is_sts { "operation" } else { "subcommand" };
            let message = format!("argument {argument}: Found invalid choice '{other}'");
            Err(UsageError::new(UsageKind::InvalidChoice, command.span.clone(), message)
                .suggesting(nearest(other, known, 60)))
        }
    }
}

/// `default.region` is `region`.
fn default_key(key: &str) -> String {
    key.strip_prefix("default.").unwrap_or(key).to_owned()
}

impl Local {
    /// The command of the history that it is: settings are a file.
    pub(crate) fn command(&self, surroundings: &Surroundings<'_>) -> Option<Command> {
        let Local::ConfigureSet(key, value) = self else { return None };
        let config = with_setting(&surroundings.config(), key, value);
        let content = Some(Arc::from(config.into_bytes()));
        Some(Command::WriteFile { path: CONFIG_FILE.to_owned(), content })
    }

    pub(crate) fn run<O: Observer>(
        &self,
        sandbox: &mut Sandbox<O>,
        surroundings: &Surroundings<'_>,
    ) -> Output {
        match self {
            Local::ConfigureList => Output::printed(list(sandbox, surroundings)),
            Local::ConfigureGet(key) => match surroundings.setting(key) {
                Some(value) => Output::printed(format!("{value}\n")),
                None => Output::failed(1, String::new()),
            },
            Local::ConfigureSet(..) => {
                match self.command(surroundings).map(|command| sandbox.submit_by_hand(command)) {
                    Some(Err(refusal)) => Output::failed(1, format!("sandbox: {}\n", refusal.reason())),
                    Some(Ok(_)) | None => Output::default(),
                }
            }
            Local::CallerIdentity { printing, region, profile } => {
                if let Err(message) = check_region(sandbox, region.as_deref(), surroundings) {
                    return Output::not_here(&message);
                }
                let profile = profile.as_deref().or(surroundings.exported("AWS_PROFILE"));
                let user = profile.filter(|name| *name != "default").unwrap_or("admin");
                if user != "admin" && !sandbox.world().knows_identity(user) {
                    return call::unknown_profile(sandbox, user);
                }
                let account = &sandbox.options().account;
                // Assumed: the ids are those of the AWS documentation's examples.
                let role = format!("arn:aws:iam::{account}:{user}");
                let (id, arn) = match sim::session_of(&role, sandbox.now()) {
                    Some(arn) => {
                        let session = arn.rsplit('/').next().unwrap_or_default();
                        (format!("AROADBQP57FF2AEXAMPLE:{session}"), arn)
                    }
                    None => {
                        let arn = format!("arn:aws:iam::{account}:user/{user}");
                        ("AIDACKCEVSQ6C2EXAMPLE".to_owned(), arn)
                    }
                };
                let answer = json!({ "UserId": id, "Account": account, "Arn": arn });
                super::neighbours::print(printing, "GetCallerIdentity", &answer, surroundings)
            }
        }
    }
}

/// Observed: AWS CLI 2.9.19 prints four columns, keys shortened to their last four letters.
fn list<O: Observer>(sandbox: &Sandbox<O>, surroundings: &Surroundings<'_>) -> String {
    let own_region = sandbox.options().region.clone();
    let (region, kind, place) = match (call::region_setting(surroundings), surroundings.setting("region")) {
        (Some(region), Some(setting)) if region == setting => (region, "config-file", "~/.aws/config"),
        (Some(region), _) => (region, "env", "['AWS_REGION', 'AWS_DEFAULT_REGION']"),
        // Assumed: the sandbox is set up for its own Region.
        (None, _) => (own_region, "config-file", "~/.aws/config"),
    };
    let row = |name: &str, value: &str, kind: &str, place: &str| {
        format!("{name:>10} {value:>24} {kind:>16}    {place}\n")
    };
    [
        row("Name", "Value", "Type", "Location"),
        row("----", "-----", "----", "--------"),
        row("profile", "<not set>", "None", "None"),
        row("access_key", "****************MPLE", "shared-credentials-file", ""),
        row("secret_key", "****************EKEY", "shared-credentials-file", ""),
        row("region", &region, kind, place),
    ]
    .concat()
}
