//! Where reading starts in a shard: what GetShardIterator and SubscribeToShard have in common.

use crate::{ApiError, Instant, Operation, Seconds, SequenceNumber, Shard, ShardIteratorType, Stream};

/// A starting position as a request gives it.
pub(super) struct Start<'a> {
    pub(super) operation: Operation,
    pub(super) kind: ShardIteratorType,
    pub(super) number: Option<&'a str>,
    pub(super) timestamp: Option<Seconds>,
}

impl Start<'_> {
    /// Index of the first record that is read.
    pub(super) fn index(
        &self,
        stream: &Stream,
        shard: &Shard,
        now: Instant,
        account: &str,
    ) -> Result<u64, ApiError> {
        let kind = self.kind;
        let horizon = stream.trim_horizon(now);
        let end = shard.log.last_index() + 1;
        let refuse_number = || match self.number {
            None => Ok(()),
            Some(_) => {
                let what = format!("{} and also a StartingSequenceNumber", kind.name());
                Err(ApiError::iterator_type_and_number(&what))
            }
        };
        let named_record = || {
            let what = || format!("{} and no StartingSequenceNumber", kind.name());
            let number = self.number.ok_or_else(|| ApiError::iterator_type_and_number(&what()))?;
            self.read_number(number, stream, shard, now, account)
        };
        match kind {
            ShardIteratorType::TrimHorizon => refuse_number().map(|()| shard.first_retained(horizon)),
            ShardIteratorType::Latest => refuse_number().map(|()| end),
            ShardIteratorType::AtTimestamp => {
                // Assumed: a sequence number beside a timestamp is ignored.
                let at = self.timestamp.ok_or_else(ApiError::timestamp_missing)?.0;
                if at.millis() > now.millis() {
                    return Err(ApiError::timestamp_in_the_future(at, now));
                }
                Ok(shard.log.first_at(at.max(horizon)))
            }
            ShardIteratorType::AtSequenceNumber => {
                named_record().map(|number| end.min(number.index + u64::from(is_past_record(number, shard))))
            }
            ShardIteratorType::AfterSequenceNumber => named_record().map(|number| end.min(number.index + 1)),
        }
    }

    fn read_number(
        &self,
        text: &str,
        stream: &Stream,
        shard: &Shard,
        now: Instant,
        account: &str,
    ) -> Result<SequenceNumber, ApiError> {
        let invalid = || ApiError::starting_number(text, self.operation, shard.id, &stream.name, account);
        let number = SequenceNumber::parse(text).ok_or_else(invalid)?;
        if number.shard != shard.id {
            return Err(ApiError::starting_number_of_other_shard(number.shard, shard.id));
        }
        if number.shard_created != shard.starting_sequence_number().shard_created {
            let (operation, name) = (self.operation, &stream.name);
            return Err(ApiError::starting_number_of_other_stream(text, operation, shard.id, name, account));
        }
        let is_future = number.recorded > now.max(shard.created).seconds()
            || (number.index > shard.log.last_index() && shard.ending_sequence_number() != Some(number));
        if is_future { Err(invalid()) } else { Ok(number) }
    }
}

/// Whether the number lies between a record and the next, as a ContinuationSequenceNumber does.
fn is_past_record(number: SequenceNumber, shard: &Shard) -> bool {
    shard
        .log
        .read_from(number.index)
        .next()
        .is_some_and(|record| record.index == number.index && record.arrival.seconds() < number.recorded)
}
