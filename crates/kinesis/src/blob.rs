//! The data of a record: bytes that somebody sent, or a recipe from which they are made when somebody reads them.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Data of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Blob {
    /// What a learner or a client sent.
    Bytes(Vec<u8>),
    /// What an actor sent: made again on each read, so that an hour of traffic costs no memory.
    Generated(Generated),
}

/// A recipe for a payload: the same recipe makes the same bytes everywhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Generated {
    /// The number that the producer gave the record; readers recognise the record by it.
    pub number: u64,
    /// Size in bytes.
    pub size: u32,
}

impl Generated {
    /// A line of JSON, padded to the size; where the size is too small for it, its beginning.
    pub fn bytes(&self) -> Vec<u8> {
        let size = self.size as usize;
        let mut text = format!("{{\"n\":{},\"pad\":\"", self.number).into_bytes();
        let end = b"\"}";
        if text.len() + end.len() <= size {
            text.resize(size - end.len(), b'.');
            text.extend_from_slice(end);
        } else {
            text.resize(size, b' ');
        }
        text
    }
}

impl Blob {
    /// Size of the data in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Blob::Bytes(bytes) => bytes.len() as u64,
            Blob::Generated(generated) => u64::from(generated.size),
        }
    }

    /// Bytes that the data takes in memory.
    pub(crate) fn stored_size(&self) -> u64 {
        match self {
            Blob::Bytes(bytes) => bytes.len() as u64,
            Blob::Generated(generated) => size_of_val(&generated.number) as u64,
        }
    }

    /// The data itself.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Blob::Bytes(bytes) => Cow::Borrowed(bytes),
            Blob::Generated(generated) => Cow::Owned(generated.bytes()),
        }
    }
}

impl From<&str> for Blob {
    fn from(text: &str) -> Blob {
        Blob::Bytes(text.as_bytes().to_vec())
    }
}

/// Base64 text, as every JSON form of the service has it.
impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64.encode(self.bytes()))
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        struct Base64Text;
        impl Visitor<'_> for Base64Text {
            type Value = Blob;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Blob, E> {
                BASE64
                    .decode(text)
                    .map(Blob::Bytes)
                    .map_err(|_| E::custom(format_args!("{text:?} is not base64")))
            }
        }
        deserializer.deserialize_str(Base64Text).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_payload_is_json_of_the_asked_size() {
        for size in [20, 100, 1_000] {
            let bytes = Generated { number: 42, size }.bytes();
            assert_eq!(bytes.len(), size as usize);
            assert!(bytes.starts_with(b"{\"n\":42,\"pad\":\"") && bytes.ends_with(b"\"}"), "{bytes:?}");
        }
    }

    #[test]
    fn a_tiny_generated_payload_has_its_size() {
        for size in [0, 1, 5, 16] {
            assert_eq!(Generated { number: 42, size }.bytes().len(), size as usize);
        }
    }
}
