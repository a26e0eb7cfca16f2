//! What the real AWS CLI knows: its services, and the commands and options of those that are simulated in part, so
//! that what is right in AWS is never taken for a mistake.
//!
//! Observed: the choices that the AWS CLI 2.9.19 and the one of botocore 1.44.5 list; the tests of the clients compare.

/// The services, `configure` and other commands beside them included.
pub(crate) fn services_of_aws() -> impl Iterator<Item = &'static str> {
    include_str!("names/services.txt").lines()
}

/// The commands of a service of which some are simulated.
pub(crate) fn commands_of_aws(service: &str) -> impl Iterator<Item = &'static str> {
    let names = match service {
        "cloudtrail" => include_str!("names/cloudtrail.txt"),
        "cloudwatch" => include_str!("names/cloudwatch.txt"),
        "dms" => include_str!("names/dms.txt"),
        "dynamodb" => include_str!("names/dynamodb.txt"),
        "firehose" => include_str!("names/firehose.txt"),
        "iam" => include_str!("names/iam.txt"),
        "kms" => include_str!("names/kms.txt"),
        "lambda" => include_str!("names/lambda.txt"),
        "s3" => include_str!("names/s3.txt"),
        "sts" => include_str!("names/sts.txt"),
        _ => "",
    };
    names.lines()
}

/// The options of a command that is simulated, but for those that every command has.
pub(crate) fn options_of_aws(service: &str, command: &str) -> impl Iterator<Item = &'static str> {
    let mut lines = include_str!("names/options.txt").lines().map(|line| line.split(' '));
    let mut found = lines.find_map(|mut words| {
        (words.next() == Some(service) && words.next() == Some(command)).then_some(words)
    });
    std::iter::from_fn(move || found.as_mut()?.next())
}

/// Whether a word as it was typed is an option that this command has in AWS; it may be shortened, as long as only one
/// begins so.
pub(super) fn option_of_aws(service: &str, command: &str, typed: &str) -> Option<&'static str> {
    let name = typed.split_once('=').map_or(typed, |(name, _)| name);
    let is_option = name.len() > "--".len() && name.starts_with("--");
    let options = options_of_aws(service, command).filter(|option| is_option && option.starts_with(name));
    match options.collect::<Vec<_>>().as_slice() {
        [only] => Some(only),
        several => several.iter().copied().find(|option| *option == name),
    }
}
