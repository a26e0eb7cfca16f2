//! The data of a record: bytes that somebody sent, or a recipe from which they are made when somebody reads them.

use std::borrow::Cow;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::Generated;

/// Data of a record.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Blob {
    /// What a learner or a client sent.
    Bytes(Vec<u8>),
    /// What an actor sent: made again on each read, so that an hour of traffic costs no memory.
    Generated(Generated),
}

impl Blob {
    /// Size of the data in bytes.
    pub fn size(&self) -> u64 {
        match self {
            Blob::Bytes(bytes) => bytes.len() as u64,
            Blob::Generated(generated) => u64::from(generated.size),
        }
    }

    /// The bytes that somebody sent; none where a program's recipe makes them.
    pub fn sent(&self) -> Option<&[u8]> {
        match self {
            Blob::Bytes(bytes) => Some(bytes),
            Blob::Generated(_) => None,
        }
    }

    /// Bytes that the data takes in memory.
    pub(crate) fn stored_size(&self) -> u64 {
        match self {
            Blob::Bytes(bytes) => bytes.len() as u64,
            Blob::Generated(generated) => generated.numbers.stored_size(),
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
