//! SubscribeToShard: five minutes of records of one shard, pushed to one consumer. What is pushed stands in `pushes`.

use serde::Serialize;

use super::start::Start;
use super::write::must_not_be_dry;
use crate::consumer::ConsumerArn;
use crate::service::Target;
use crate::subscription::Place;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, ConsumerStatus, Duration, Fact, Operation, Response, Seconds, Service, ShardId,
    ShardIteratorType, StreamStatus,
};

input!(SubscribeToShardInput {
    #[serde(rename = "ConsumerARN")]
    consumer_arn: String,
    shard_id: String,
    starting_position: StartingPosition,
    dry_run: bool,
});

input!(StartingPosition {
    #[serde(rename = "Type")]
    kind: String,
    sequence_number: String,
    timestamp: Seconds,
});

/// The answer says that events will come; they come by themselves.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct SubscribeToShardOutput {
    /// Number of the subscription. Ours, not AWS's, which has the connection for that.
    #[serde(skip)]
    pub subscription: u64,
}

pub(crate) fn subscribe_to_shard(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &SubscribeToShardInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let position = input.starting_position.clone().unwrap_or_default();
    let mut violations = Violations::new();
    violations.required(&input.consumer_arn, "consumerARN");
    violations.consumer_arn(&input.consumer_arn);
    violations.required(&input.shard_id, "shardId");
    violations.name(&input.shard_id, "shardId");
    violations.required(&input.starting_position, "startingPosition");
    if input.starting_position.is_some() {
        violations.required(&position.kind, "startingPosition.type");
        let kinds = ShardIteratorType::ALL.map(ShardIteratorType::name);
        violations.one_of(&position.kind, "startingPosition.type", &kinds);
        violations.sequence_number(&position.sequence_number, "startingPosition.sequenceNumber");
    }
    violations.finish()?;
    let target = Target::Arn(input.consumer_arn.as_deref().unwrap_or_default());
    service.admit(ctx, Operation::SubscribeToShard, target)?;

    let (now, account) = (ctx.now, &service.account);
    let arn = ConsumerArn::parse(input.consumer_arn.as_deref().unwrap_or_default())
        .ok_or_else(ApiError::no_consumer_given)?;
    let (stream, consumer) = service.find_consumer(&arn)?;
    match stream.status {
        StreamStatus::Active | StreamStatus::Updating => {}
        // Assumed: what ListShards says, since the stream must be readable.
        StreamStatus::Creating | StreamStatus::Deleting => {
            return Err(ApiError::stream_not_listable(&stream.name, account, stream.status));
        }
    }
    if consumer.status != ConsumerStatus::Active {
        let created = consumer.created.seconds();
        return Err(ApiError::consumer_not_active(&consumer.name, created, &stream.name, account));
    }
    let text = input.shard_id.as_deref().unwrap_or_default();
    // Assumed: the sentences are those of GetShardIterator.
    let id =
        ShardId::parse(text).ok_or_else(|| ApiError::could_not_find_shard(text, &stream.name, account))?;
    let shard = stream
        .shard(id)
        .filter(|shard| !shard.is_expired())
        .ok_or_else(|| ApiError::shard_does_not_exist(id, &stream.name, account))?;
    let kind =
        position.kind.as_deref().and_then(ShardIteratorType::parse).unwrap_or(ShardIteratorType::TrimHorizon);
    let start = Start {
        operation: Operation::SubscribeToShard,
        kind,
        number: position.sequence_number.as_deref(),
        timestamp: position.timestamp,
    };
    let next = start.index(stream, shard, now, account)?;
    // Documented: within five seconds of a successful call the next one is refused, whether or not the subscription
    // is still live. The rate of one call per second is not reached beside that: refused calls do not count.
    let pause = Duration::from_seconds(service.limits.resubscribe_seconds);
    if consumer.subscriptions.get(&id).is_some_and(|known| now.since(known.started) < pause) {
        return Err(ApiError::active_subscription(account, &stream.name, id, &consumer.name));
    }

    // Assumed: KMS is asked when a subscription begins, and not again until it ends.
    if let Some(key) = &stream.decryption_key {
        service.must_use_key(ctx, "kms:Decrypt", key, &stream.name)?;
    }
    must_not_be_dry(input.dry_run)?;
    let place = Place { stream: stream.name.clone(), shard: id, consumer: consumer.name.clone() };
    let subscription = service.subscribe(&place, next, now, facts);
    facts.push(Fact::Subscribed {
        stream: place.stream,
        consumer: place.consumer,
        shard: id,
        subscription,
        kind,
        next,
        expires: now + Duration::from_seconds(service.limits.subscription_seconds),
    });
    Ok(Response::SubscribeToShard(SubscribeToShardOutput { subscription }))
}

#[cfg(test)]
mod tests;
