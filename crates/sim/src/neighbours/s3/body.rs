//! The content of an object.

use std::sync::Arc;

use crc::{CRC_32_ISO_HDLC, Crc, Table};
use kinesis::Blob;

/// The content of an object: records one behind the other, so that what programs made stays a recipe until it is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Body {
    parts: Arc<[Blob]>,
    /// Whether a newline stands behind each part.
    is_delimited: bool,
    form: BodyForm,
}

/// What the records are packed into.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BodyForm {
    Plain,
    Gzip {
        /// Bytes as packed.
        size: u64,
    },
    /// Columns. Simplified: the records stay lines of JSON, and the size is theirs; a real file of columns is smaller
    /// and no text.
    Columns,
}

/// What a part of a body is counted with beside its bytes: the same on every machine.
const PART_BYTES: u64 = 40;
/// Bytes from which the size of a packed body is told. Simplified: a longer one is taken to pack as well as its
/// beginning, so that nobody packs megabytes that nobody reads.
const SAMPLE_BYTES: u64 = 64 << 10;
/// Bytes of a gzip header and trailer.
const GZIP_BYTES: u64 = 18;
/// Documented: RFC 1952.
const CRC: Crc<u32, Table<1>> = Crc::<u32, Table<1>>::new(&CRC_32_ISO_HDLC);
/// As the library's own default.
const LEVEL: u8 = 6;

impl Body {
    /// One piece of bytes.
    pub fn of_bytes(bytes: &[u8]) -> Body {
        Body { parts: Arc::new([Blob::Bytes(bytes.to_vec())]), is_delimited: false, form: BodyForm::Plain }
    }

    /// Records one behind the other, each with a newline behind it where asked for.
    pub fn of_records(records: Vec<Blob>, is_delimited: bool) -> Body {
        Body { parts: Arc::from(records), is_delimited, form: BodyForm::Plain }
    }

    /// The same content as a gzip file.
    #[must_use]
    pub fn gzipped(self) -> Body {
        let sample = self.beginning(SAMPLE_BYTES);
        let packed = miniz_oxide::deflate::compress_to_vec(&sample, LEVEL).len() as u64;
        let (sample, whole) = (sample.len() as u64, self.size());
        let size = if sample >= whole { packed } else { packed * whole / sample.max(1) };
        Body { form: BodyForm::Gzip { size: size + GZIP_BYTES }, ..self }
    }

    /// The same content as a file of columns.
    #[must_use]
    pub fn in_columns(self) -> Body {
        Body { form: BodyForm::Columns, ..self }
    }

    pub fn form(&self) -> BodyForm {
        self.form
    }

    /// Size of the object in bytes.
    pub fn size(&self) -> u64 {
        match self.form {
            BodyForm::Gzip { size } => size,
            BodyForm::Plain | BodyForm::Columns => self.content_size(),
        }
    }

    fn content_size(&self) -> u64 {
        let newlines = if self.is_delimited { self.parts.len() as u64 } else { 0 };
        self.parts.iter().map(Blob::size).sum::<u64>() + newlines
    }

    /// The bytes of the object.
    ///
    /// Documented: RFC 1952 for the file around the deflated content: no name, no time.
    pub fn bytes(&self) -> Vec<u8> {
        let content = self.content();
        match self.form {
            BodyForm::Plain | BodyForm::Columns => content,
            BodyForm::Gzip { .. } => {
                let mut file = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
                file.extend(miniz_oxide::deflate::compress_to_vec(&content, LEVEL));
                file.extend(CRC.checksum(&content).to_le_bytes());
                file.extend((content.len() as u32).to_le_bytes());
                file
            }
        }
    }

    /// What is in it, unpacked.
    pub fn content(&self) -> Vec<u8> {
        self.beginning(u64::MAX)
    }

    /// The first bytes of the unpacked content, at least `count` where there are so many.
    pub fn beginning(&self, count: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        for part in self.parts.iter() {
            if bytes.len() as u64 >= count {
                break;
            }
            bytes.extend_from_slice(&part.bytes());
            if self.is_delimited {
                bytes.push(b'\n');
            }
        }
        bytes
    }

    pub(super) fn kept_bytes(&self) -> u64 {
        let stored = |part: &Blob| match part {
            Blob::Bytes(bytes) => bytes.len() as u64,
            Blob::Generated(_) => 0,
        };
        self.parts.iter().map(|part| PART_BYTES + stored(part)).sum()
    }
}

#[cfg(test)]
mod tests {
    use kinesis::Generated;

    use super::*;

    #[test]
    fn records_become_bytes_when_they_are_read() {
        let records = vec![Blob::from("a"), Blob::Generated(Generated::numbered(7, 20))];
        let body = Body::of_records(records, true);
        assert_eq!(body.bytes(), b"a\n{\"n\":7,\"pad\":\"....\"}\n");
        assert_eq!(body.size(), body.bytes().len() as u64);
    }

    /// The reference is flate2's reader of gzip files.
    #[test]
    fn a_packed_body_is_a_gzip_file_of_the_size_that_it_tells() {
        use std::io::Read as _;

        let records = (0..200).map(|n| Blob::Generated(Generated::numbered(n, 100))).collect();
        let plain = Body::of_records(records, true);
        let packed = plain.clone().gzipped();
        assert_eq!(packed.size(), packed.bytes().len() as u64);
        assert!(packed.size() < plain.size() / 4, "{} of {}", packed.size(), plain.size());
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(&packed.bytes()[..]).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, plain.bytes());
        assert_eq!(packed.content(), plain.bytes());
    }

    #[test]
    fn the_size_of_a_long_packed_body_is_near_to_its_bytes() {
        let records = (0..10_000).map(|n| Blob::Generated(Generated::numbered(n, 100))).collect();
        let packed = Body::of_records(records, true).gzipped();
        let (told, is) = (packed.size(), packed.bytes().len() as u64);
        assert!(told.abs_diff(is) < is / 5, "told {told}, is {is}");
    }
}
