//! The way out: what stands in the simulated account, as a script for the real AWS CLI, or as a template for
//! CloudFormation or Terraform. Records are not taken along: a stream's data is its producers' affair.

mod cloudformation;
mod neighbours;
mod script;
mod terraform;

use kinesis::{Stream, StreamStatus};
use sim::{World, dollars};

/// Into what a world is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ExportForm {
    /// A script of AWS CLI commands for bash.
    Cli,
    /// A CloudFormation template in JSON.
    CloudFormation,
    /// A Terraform configuration in its JSON syntax.
    Terraform,
}

impl ExportForm {
    pub const ALL: [ExportForm; 3] = [ExportForm::Cli, ExportForm::CloudFormation, ExportForm::Terraform];

    /// As it stands in `sandbox export NAME`.
    pub const fn name(self) -> &'static str {
        match self {
            ExportForm::Cli => "cli",
            ExportForm::CloudFormation => "cloudformation",
            ExportForm::Terraform => "terraform",
        }
    }
}

/// The world's streams with what belongs to them, written in `form`.
pub fn export(world: &World, form: ExportForm) -> String {
    match form {
        ExportForm::Cli => script::write(world),
        ExportForm::CloudFormation => pretty(&cloudformation::template(world)),
        ExportForm::Terraform => pretty(&terraform::configuration(world)),
    }
}

/// Streams that are there to stay: one that is being deleted is not taken along.
fn streams(world: &World) -> impl Iterator<Item = &Stream> {
    world.service().streams().filter(|stream| stream.status != StreamStatus::Deleting)
}

/// Open shards whose ranges are not the even ones that AWS gives a new stream of so many shards.
fn has_uneven_shards(stream: &Stream) -> bool {
    let count = u128::from(stream.open_shard_count());
    let width = u128::MAX / count.max(1);
    // Each even range is as wide as the others, to the last few hash keys.
    let is_even = |width_here: u128| width_here.abs_diff(width) <= count;
    !stream.open_shards().all(|shard| {
        let range = shard.hash_key_range;
        is_even(range.ending_hash_key - range.starting_hash_key)
    })
}

/// What a month of it costs, as sentences.
fn month(world: &World) -> Vec<String> {
    let bill = world.bill();
    let money = |amount: u128| dollars(i128::try_from(amount).unwrap_or(i128::MAX), 2);
    let mut told = vec![format!(
        "A month (730 hours) of the streams with the traffic of the last minute costs {} USD in us-east-1.",
        money(bill.month_total)
    )];
    told.extend(bill.streams.iter().map(|stream| {
        format!(
            "{}: {} USD as it is; {} USD provisioned with {} shards, {} USD on demand.",
            stream.stream,
            money(stream.month_total),
            money(stream.month_provisioned),
            stream.provisioned_shards,
            money(stream.month_on_demand)
        )
    }));
    told.push(
        "Not in it: KMS, DynamoDB, CloudWatch, CloudTrail's data events, Lambda, Firehose, S3, data that leaves the Region."
            .to_owned(),
    );
    told
}

/// What will be different in reality, as sentences.
fn differences(world: &World) -> Vec<String> {
    let mut told = vec![
        "AWS takes the time that it takes: streams are ACTIVE after some 10 to 60 seconds, and waits poll every 10."
            .to_owned(),
        "Every shard-hour, PUT payload unit and consumer-hour is billed from the moment it exists until it is deleted."
            .to_owned(),
        "Records, iterators and leases stay behind: the streams begin empty.".to_owned(),
    ];
    for stream in streams(world) {
        if has_uneven_shards(stream) {
            told.push(format!(
                "{} has shards of uneven ranges here, from splits and merges; AWS makes {} even ones.",
                stream.name,
                stream.open_shard_count()
            ));
        }
        if let Some(key) = &stream.encryption_key
            && !key.starts_with("alias/aws/")
        {
            told.push(format!(
                "{} is encrypted with the key {key}: it must exist in your account, with a policy that lets \
                 producers and consumers use it.",
                stream.name
            ));
        }
        if stream.policy_document().is_some() {
            told.push(format!(
                "The resource policy of {} names account {}: put your own account ids in.",
                stream.name,
                world.service().account()
            ));
        }
    }
    for application in world.applications().keys() {
        told.push(format!(
            "The KCL application {application} makes its lease table of the same name by itself, billed in DynamoDB; \
             delete it with the rest."
        ));
    }
    told.extend(neighbours::Neighbours::of(world).differences(world));
    told
}

/// A name for a resource inside of a template: letters and digits only, none twice.
fn logical_names<'a>(names: impl Iterator<Item = &'a str>, separator: &str) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    for name in names {
        let words = name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let words: Vec<String> = words
            .map(|word| match separator {
                "" => word[..1].to_ascii_uppercase() + &word[1..],
                _ => word.to_ascii_lowercase(),
            })
            .collect();
        let plain = words.join(separator);
        let plain = if plain.is_empty() || plain.starts_with(|c: char| c.is_ascii_digit()) {
            format!("{}{plain}", if separator.is_empty() { "Stream" } else { "stream_" })
        } else {
            plain
        };
        let free = (1..).map(|n| if n == 1 { plain.clone() } else { format!("{plain}{separator}{n}") });
        let free = free.into_iter().find(|name| !taken.contains(name));
        taken.extend(free);
    }
    taken
}

fn pretty(value: &serde_json::Value) -> String {
    // A value made of texts and numbers can be written.
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests;
