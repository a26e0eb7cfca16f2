//! Values that completion offers: names of what there is, and the choices that AWS and the sandbox give.

use awsjson::Member;
use kinesis::{Operation, ShardIteratorType, ShardLevelMetric, Stream};
use sim::{ActorState, World};

use super::{Around, Offers};
use crate::aws::{BINARY_FORMATS, Format};
use crate::verbs::Kind;

/// Values of a member, the words behind the operation being known.
pub(super) fn offer_member(
    offers: &mut Offers<'_>,
    operation: Operation,
    member: &Member,
    words: &[&str],
    around: Around<'_>,
) {
    let world = around.world;
    let is_reshard = matches!(operation, Operation::SplitShard | Operation::MergeShards);
    match member.name {
        "StreamName" | "ExclusiveStartStreamName" if operation != Operation::CreateStream => {
            world.service().streams().for_each(|stream| offers.add(&stream.name, stream.status.name()));
        }
        "StreamARN" | "ResourceARN" => {
            let (region, account) = (world.service().region(), world.service().account());
            world.service().streams().for_each(|stream| {
                let label = Some(format!("…:stream/{}", stream.name));
                offers.add_labelled(&stream.arn(region, account), label, stream.status.name());
            });
        }
        "ConsumerARN" => {
            for stream in meant_streams(words, world) {
                for consumer in stream.consumers.values() {
                    let arn = consumer.arn(&stream.arn(world.service().region(), world.service().account()));
                    let label = Some(format!("…:stream/{}/consumer/{}", stream.name, consumer.name));
                    offers.add_labelled(&arn, label, consumer.status.name());
                }
            }
        }
        "ShardIterator" => {
            for (name, variable) in world.home().variables() {
                if variable.value.len() >= ITERATOR_LETTERS_MIN {
                    offers.add(format!("\"${name}\""), "a variable");
                }
            }
            for (shard, token) in around.iterators.iter().rev() {
                let label = Some(format!("iterator of {}", kinesis::ShardId(*shard)));
                offers.add_labelled(token, label, "handed out before");
            }
        }
        "ShardId" | "ExclusiveStartShardId" | "ShardToSplit" | "ShardToMerge" | "AdjacentShardToMerge" => {
            for stream in meant_streams(words, world) {
                for shard in stream.shards().iter().filter(|shard| !shard.is_expired()) {
                    if shard.is_open() || !is_reshard {
                        offers.add(shard.id.to_string(), if shard.is_open() { "open" } else { "closed" });
                    }
                }
            }
        }
        "NewStartingHashKey" => {
            for stream in meant_streams(words, world) {
                for shard in
                    stream.open_shards().filter(|shard| words.contains(&shard.id.to_string().as_str()))
                {
                    let range = shard.hash_key_range;
                    let width = range.ending_hash_key - range.starting_hash_key;
                    let middle = range.starting_hash_key + width / 2 + 1;
                    offers.add(middle.to_string(), format!("the middle of {}", shard.id));
                }
            }
        }
        "ShardIteratorType" => {
            ShardIteratorType::ALL.iter().for_each(|kind| offers.add(kind.name(), ""));
        }
        "ShardFilter" => {
            for kind in ["AT_LATEST", "AT_TRIM_HORIZON", "FROM_TRIM_HORIZON"] {
                offers.add(format!("Type={kind}"), "");
            }
        }
        "ConsumerName" if operation != Operation::RegisterStreamConsumer => {
            for stream in meant_streams(words, world) {
                stream
                    .consumers
                    .values()
                    .for_each(|consumer| offers.add(&consumer.name, consumer.status.name()));
            }
        }
        "EncryptionType" => offers.add("KMS", ""),
        "KeyId" => offers.add("alias/aws/kinesis", "the key that AWS manages"),
        "ShardLevelMetrics" => {
            offers.add("ALL", "");
            ShardLevelMetric::ALL.iter().for_each(|metric| offers.add(metric.name(), ""));
        }
        "ScalingType" => offers.add("UNIFORM_SCALING", ""),
        "StreamModeDetails" => {
            offers.add("StreamMode=PROVISIONED", "you choose the number of shards");
            offers.add("StreamMode=ON_DEMAND", "the service chooses the number of shards");
        }
        _ => {}
    }
}

/// The stream that the line names; where it names none yet, all of them.
pub(super) fn meant_streams<'w>(words: &[&str], world: &'w World) -> Vec<&'w Stream> {
    let value_of = |name: &str| {
        let at = words.iter().position(|word| *word == name)?;
        words.get(at + 1).copied()
    };
    let arn = value_of("--stream-arn").or_else(|| value_of("--resource-arn"));
    let from_arn = arn.and_then(|arn| arn.split_once(":stream/")).map(|(_, name)| name);
    match value_of("--stream-name").or(from_arn) {
        Some(name) => world.service().stream(name).into_iter().collect(),
        None => world.service().streams().collect(),
    }
}

/// A variable with fewer letters holds no shard iterator.
const ITERATOR_LETTERS_MIN: usize = 100;

/// The settings of `aws configure`.
pub(super) fn offer_setting(offers: &mut Offers<'_>, command: &str, words: &[&str], world: &World) {
    match (command, words) {
        ("get" | "set", []) => {
            for (name, help) in [
                ("region", "the AWS Region"),
                ("output", "how answers are printed"),
                ("cli_binary_format", "whether --data is base64 or the text itself"),
            ] {
                offers.add(name, help);
            }
        }
        ("set", [key]) => offer_global(offers, &format!("--{}", key.replace('_', "-")), world),
        _ => {}
    }
}

/// Values of a global option.
pub(super) fn offer_global(offers: &mut Offers<'_>, option: &str, world: &World) {
    match option {
        "--region" => offers.add(world.service().region(), ""),
        "--output" => Format::ALL.iter().for_each(|format| offers.add(format.name(), "")),
        "--profile" => offers.add("default", ""),
        "--cli-binary-format" => {
            offers.add(BINARY_FORMATS[1], "--data is the text itself");
            offers.add(BINARY_FORMATS[0], "--data is base64");
        }
        _ => {}
    }
}

/// Values of a place or an option of a sandbox verb; `places` stand before it.
pub(super) fn offer_kind(offers: &mut Offers<'_>, kind: Kind, places: &[&str], world: &World) {
    match kind {
        Kind::Stream => {
            world.service().streams().for_each(|stream| offers.add(&stream.name, stream.status.name()));
        }
        Kind::Producer => {
            for (_, state, producer) in
                world.producers().filter(|(_, state, _)| *state != ActorState::Stopped)
            {
                let _ = state;
                offers.add(&producer.spec.name, format!("to {}", producer.spec.stream));
            }
        }
        Kind::Kpl => {
            for (_, state, kpl) in world.kpls().filter(|(_, state, _)| *state != ActorState::Stopped) {
                let _ = state;
                offers.add(&kpl.spec.name, format!("to {}", kpl.spec.stream));
            }
        }
        Kind::Agent => {
            for (_, state, agent) in world.agents() {
                offers.add(&agent.spec.name, state_text(state));
            }
        }
        Kind::Reader => {
            for (_, _, reader) in world.readers().filter(|(_, state, _)| *state != ActorState::Stopped) {
                offers.add(&reader.spec.name, format!("of {}", reader.spec.stream));
            }
        }
        Kind::Program => {
            for (_, _, producer) in world.producers() {
                offers.add(&producer.spec.name, format!("producer of {}", producer.spec.stream));
            }
            for (_, _, kpl) in world.kpls() {
                offers.add(&kpl.spec.name, format!("KPL program of {}", kpl.spec.stream));
            }
            for (_, _, agent) in world.agents() {
                offers.add(&agent.spec.name, "server with the Kinesis Agent");
            }
            for (_, _, reader) in world.readers() {
                offers.add(&reader.spec.name, format!("reader of {}", reader.spec.stream));
            }
            for (name, application) in world.applications().iter() {
                offers.add(name, format!("application of {}", application.spec.stream));
            }
        }
        Kind::Process => {
            for (name, state) in world.programs() {
                offers.add(name, state_text(state));
            }
            world.functions().keys().for_each(|name| offers.add(name, "function"));
        }
        Kind::Application => {
            for (name, application) in world.applications().iter() {
                offers.add(name, format!("of {}", application.spec.stream));
            }
        }
        Kind::Processor => {
            for (name, application) in world.applications().iter() {
                offers.add(name, format!("of {}", application.spec.stream));
            }
            world.functions().keys().for_each(|name| offers.add(name, "function"));
        }
        Kind::Worker => {
            let application = places.last().and_then(|name| world.applications().get(*name));
            for id in application.into_iter().flat_map(|application| &application.workers) {
                if let Some((state, worker)) = world.worker(*id) {
                    offers.add(&worker.name, state_text(state));
                }
            }
        }
        Kind::OneOf(words) => words.iter().for_each(|word| offers.add(word, "")),
        Kind::File => world.home().files().for_each(|(path, _)| offers.add(path, "")),
        Kind::Bucket => world.s3().buckets().for_each(|(name, _)| offers.add(name, "")),
        Kind::Function => world.functions().keys().for_each(|name| offers.add(name, "")),
        Kind::Mapping => {
            world.mappings().for_each(|(_, mapping)| offers.add(&mapping.uuid, &mapping.spec.function));
        }
        Kind::DeliveryStream => {
            world
                .delivery_streams()
                .for_each(|(_, stream)| offers.add(&stream.spec.name, &stream.spec.bucket));
        }
        Kind::Flink => {
            world.flink_applications().for_each(|(_, app)| offers.add(&app.spec.name, &app.spec.stream));
        }
        Kind::DmsTask => {
            world.dms_tasks().for_each(|(_, task)| offers.add(&task.spec.task, &task.spec.stream))
        }
        Kind::SourceArn => {
            let service = world.service();
            for stream in service.streams() {
                let arn = stream.arn(service.region(), service.account());
                offers.add(&arn, "");
                for consumer in stream.consumers.values() {
                    let created = consumer.created.seconds();
                    offers.add(format!("{arn}/consumer/{}:{created}", consumer.name), "enhanced fan-out");
                }
            }
        }
        Kind::Free => {}
    }
}

fn state_text(state: ActorState) -> &'static str {
    match state {
        ActorState::Running => "running",
        ActorState::Paused => "paused",
        ActorState::Stopped => "stopped",
        ActorState::Crashed => "crashed",
    }
}
