//! Opaque tokens: what the service hands out and takes back, useless and refused when changed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use md5::{Digest as _, Md5};

use crate::{ApiError, Instant, Limits};

/// What a token is for: one kind is refused where the other is wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    ShardIterator = 1,
    ListShards = 2,
    ListStreams = 3,
    ListStreamConsumers = 4,
}

/// What a token says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Token {
    pub(crate) kind: TokenKind,
    pub(crate) issued: Instant,
    /// Numbers whose meaning depends on the kind.
    pub(crate) numbers: [u64; 4],
    pub(crate) stream: String,
}

/// Observed: AWS's iterators begin with these eight bytes, hence with `AAAAAAAAAA`, and have at least 152 bytes.
const PREFIX: [u8; 8] = [0, 0, 0, 0, 0, 0, 0, 1];
const BODY_BYTES_MIN: usize = 128;
const TAG_BYTES: usize = 16;

impl Token {
    pub(crate) fn seal(&self) -> String {
        let mut body = Vec::with_capacity(BODY_BYTES_MIN + 48);
        body.push(self.kind as u8);
        body.extend_from_slice(&self.issued.micros().to_le_bytes());
        for number in self.numbers {
            body.extend_from_slice(&number.to_le_bytes());
        }
        body.push(self.stream.len() as u8);
        body.extend_from_slice(self.stream.as_bytes());
        body.resize(body.len().max(BODY_BYTES_MIN).next_multiple_of(16), 0);
        let tag = tag(&body);
        veil(&mut body, &tag);
        BASE64.encode([&PREFIX[..], &tag, &body].concat())
    }

    /// Reads a token of that kind; `None` where it is not one that `seal` made.
    pub(crate) fn open(text: &str, kind: TokenKind) -> Option<Token> {
        let bytes = BASE64.decode(text).ok()?;
        let rest = bytes.strip_prefix(&PREFIX)?;
        let (claimed, body) = rest.split_at_checked(TAG_BYTES)?;
        let mut body = body.to_vec();
        veil(&mut body, claimed);
        if tag(&body) != claimed {
            return None;
        }
        let (found, rest) = body.split_first()?;
        let mut words = [0; 5];
        let (fixed, rest) = rest.split_at_checked(40)?;
        for (word, bytes) in words.iter_mut().zip(fixed.chunks_exact(8)) {
            *word = u64::from_le_bytes(bytes.try_into().ok()?);
        }
        let (size, rest) = rest.split_first()?;
        let stream = std::str::from_utf8(rest.get(..usize::from(*size))?).ok()?.to_owned();
        (*found == kind as u8).then_some(Token {
            kind,
            issued: Instant::from_micros(words[0]),
            numbers: [words[1], words[2], words[3], words[4]],
            stream,
        })
    }
}

impl Token {
    /// Reads a page token that is not older than it may be.
    pub(crate) fn open_fresh(
        text: &str,
        kind: TokenKind,
        now: Instant,
        limits: &Limits,
    ) -> Result<Token, ApiError> {
        let token = Token::open(text, kind).ok_or_else(ApiError::invalid_next_token)?;
        if token.issued > now {
            // From a future that was undone: here it was never issued.
            return Err(ApiError::invalid_next_token());
        }
        if now.since(token.issued) > limits.token_life() {
            return Err(ApiError::next_token_expired(token.issued, now, limits.token_life()));
        }
        Ok(token)
    }
}

/// Not a secret: it keeps learners from building tokens by hand, as AWS's encryption does.
const KEY: &[u8] = b"kinesis sandbox token";

fn tag(body: &[u8]) -> [u8; TAG_BYTES] {
    Md5::new().chain_update(KEY).chain_update(body).finalize().into()
}

/// Makes the body unreadable, and readable again when applied twice.
fn veil(body: &mut [u8], tag: &[u8]) {
    for (i, block) in body.chunks_mut(16).enumerate() {
        let pad: [u8; 16] =
            Md5::new().chain_update(KEY).chain_update(tag).chain_update([i as u8]).finalize().into();
        for (byte, mask) in block.iter_mut().zip(pad) {
            *byte ^= mask;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(stream: &str) -> Token {
        Token {
            kind: TokenKind::ShardIterator,
            issued: Instant::from_millis(1_767_225_600_000),
            numbers: [1, 2, u64::MAX, 0],
            stream: stream.to_owned(),
        }
    }

    #[test]
    fn a_token_is_read_back_and_looks_like_one_of_aws() {
        for stream in ["s", &"x".repeat(128)] {
            let text = token(stream).seal();
            assert!(text.starts_with("AAAAAAAAAA") && (200..=512).contains(&text.len()), "{}", text.len());
            assert_eq!(Token::open(&text, TokenKind::ShardIterator), Some(token(stream)));
        }
    }

    #[test]
    fn a_changed_token_is_refused() {
        let text = token("orders").seal();
        for i in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[i] = if bytes[i] == b'B' { b'C' } else { b'B' };
            let changed = String::from_utf8(bytes).unwrap();
            assert_eq!(Token::open(&changed, TokenKind::ShardIterator), None, "position {i}");
        }
        assert_eq!(Token::open(&text[..40], TokenKind::ShardIterator), None);
        assert_eq!(Token::open("", TokenKind::ShardIterator), None);
    }

    #[test]
    fn a_token_of_another_kind_is_refused() {
        assert_eq!(Token::open(&token("orders").seal(), TokenKind::ListShards), None);
    }
}
