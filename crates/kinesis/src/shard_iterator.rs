//! Shard iterators: a place in one shard, as an opaque token that lives five minutes.

use serde::{Deserialize, Serialize};

use crate::token::{Token, TokenKind};
use crate::{ApiError, Duration, Instant, ShardId};

/// Where an iterator starts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShardIteratorType {
    AfterSequenceNumber,
    Latest,
    AtTimestamp,
    AtSequenceNumber,
    TrimHorizon,
}

impl ShardIteratorType {
    /// In the order in which AWS lists them in its refusals.
    pub const ALL: [ShardIteratorType; 5] = [
        ShardIteratorType::AfterSequenceNumber,
        ShardIteratorType::Latest,
        ShardIteratorType::AtTimestamp,
        ShardIteratorType::AtSequenceNumber,
        ShardIteratorType::TrimHorizon,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ShardIteratorType::AfterSequenceNumber => "AFTER_SEQUENCE_NUMBER",
            ShardIteratorType::Latest => "LATEST",
            ShardIteratorType::AtTimestamp => "AT_TIMESTAMP",
            ShardIteratorType::AtSequenceNumber => "AT_SEQUENCE_NUMBER",
            ShardIteratorType::TrimHorizon => "TRIM_HORIZON",
        }
    }

    pub fn parse(name: &str) -> Option<ShardIteratorType> {
        ShardIteratorType::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// What an iterator token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ShardIterator {
    pub(crate) issued: Instant,
    pub(crate) stream: String,
    /// Tells a stream from a later one of the same name.
    pub(crate) stream_number: u64,
    pub(crate) shard: ShardId,
    /// Index of the first record that the iterator can return.
    pub(crate) next: u64,
    /// Number of the chain of iterators, handed on from answer to answer.
    pub(crate) reading: u64,
}

/// Index of the first record that an iterator can return, as its text says, whether it has expired or not.
pub fn place_of_iterator(text: &str) -> Option<u64> {
    let [_, _, next, _] = Token::open(text, TokenKind::ShardIterator)?.numbers;
    Some(next)
}

impl ShardIterator {
    pub(crate) fn seal(self) -> String {
        Token {
            kind: TokenKind::ShardIterator,
            issued: self.issued,
            numbers: [self.stream_number, u64::from(self.shard.0), self.next, self.reading],
            stream: self.stream,
        }
        .seal()
    }

    pub(crate) fn open(text: &str, now: Instant, life: Duration) -> Result<ShardIterator, ApiError> {
        let token = Token::open(text, TokenKind::ShardIterator).ok_or_else(ApiError::invalid_iterator)?;
        let [stream_number, shard, next, reading] = token.numbers;
        let shard = ShardId(u32::try_from(shard).map_err(|_| ApiError::invalid_iterator())?);
        if token.issued > now {
            // From a future that was undone: here it was never issued, and it may point past what is here.
            return Err(ApiError::invalid_iterator());
        }
        if now.since(token.issued) > life {
            return Err(ApiError::iterator_expired(token.issued, now, life));
        }
        Ok(ShardIterator { issued: token.issued, stream: token.stream, stream_number, shard, next, reading })
    }
}
