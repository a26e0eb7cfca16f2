//! Sequence numbers: allocated by a shard, ordered within it, printed as 56 decimal digits.
//!
//! Assumed: the layout is the one that kinesalite found by taking AWS's numbers apart (2015-2020); AWS documents
//! them as opaque.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::ShardId;

/// Where a record stands: printed, it is one number whose order within a shard is the order of the records.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct SequenceNumber {
    /// When the shard was created, in seconds since the Unix epoch (36 bits).
    pub shard_created: u64,
    /// Place of the record within its shard; 0 is the shard's own starting number (63 bits).
    pub index: u64,
    /// When the record arrived, in seconds since the Unix epoch (36 bits).
    pub recorded: u64,
    pub shard: ShardId,
}

const DECIMAL_DIGITS: usize = 56;
const MASK_36: u64 = (1 << 36) - 1;
const MASK_28: u64 = (1 << 28) - 1;
const MASK_48: u64 = (1 << 48) - 1;

impl SequenceNumber {
    /// The index in the number that a closed shard ends with.
    pub const ENDING_INDEX: u64 = 0x7fff_ffff_ffff_ffff;
    /// The last second that the layout has room for: in the year 4147.
    pub const LAST_SECOND: u64 = MASK_36;

    /// The number as 188 bits in three words, most significant first (47 hexadecimal digits: 15, 16 and 16).
    fn words(self) -> [u64; 3] {
        let shard = u64::from(self.shard.0);
        [
            2 << 56 | (self.shard_created & MASK_36) << 20 | (shard & 0xf) << 16 | self.index >> 48,
            (self.index & MASK_48) << 16 | (self.recorded & MASK_36) >> 28,
            (self.recorded & MASK_28) << 36 | shard << 4 | 2,
        ]
    }

    /// The 56 decimal digits.
    fn decimal(self) -> [u8; DECIMAL_DIGITS] {
        // Long division by 10^9 on 32-bit limbs: 64-bit arithmetic only, which wasm has natively.
        let words = self.words();
        let mut limbs = [0u64; 6];
        for (i, word) in words.into_iter().enumerate() {
            limbs[2 * i] = word >> 32;
            limbs[2 * i + 1] = word & 0xffff_ffff;
        }
        let mut digits = [b'0'; DECIMAL_DIGITS];
        let mut end = DECIMAL_DIGITS;
        let mut first = 0;
        while end > 0 {
            let mut remainder = 0u64;
            for limb in &mut limbs[first..] {
                let value = remainder << 32 | *limb;
                *limb = value / 1_000_000_000;
                remainder = value % 1_000_000_000;
            }
            while first < limbs.len() && limbs[first] == 0 {
                first += 1;
            }
            // Below 10^9: wasm divides 32 bits by a constant much faster than 64.
            let mut group = remainder as u32;
            for _ in 0..9.min(end) {
                end -= 1;
                digits[end] = b'0' + (group % 10) as u8;
                group /= 10;
            }
        }
        digits
    }

    /// Prints the number at the end of `text`.
    pub fn write_to(self, text: &mut String) {
        text.push_str(std::str::from_utf8(&self.decimal()).unwrap_or_default());
    }

    /// Reads a printed number; `None` where the text is no number of the layout.
    ///
    /// Assumed: AWS also reads the shorter numbers that it gave out before 2014; here they are no numbers.
    pub fn parse(text: &str) -> Option<SequenceNumber> {
        if text.len() != DECIMAL_DIGITS || !text.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let mut limbs = [0u64; 6];
        for digit in text.bytes() {
            let mut carry = u64::from(digit - b'0');
            for limb in limbs.iter_mut().rev() {
                let value = *limb * 10 + carry;
                *limb = value & 0xffff_ffff;
                carry = value >> 32;
            }
        }
        let words = [limbs[0] << 32 | limbs[1], limbs[2] << 32 | limbs[3], limbs[4] << 32 | limbs[5]];
        let number = SequenceNumber {
            shard_created: words[0] >> 20 & MASK_36,
            index: (words[0] & 0xffff) << 48 | words[1] >> 16,
            recorded: (words[1] & 0xff) << 28 | words[2] >> 36,
            shard: ShardId((words[2] >> 4) as u32),
        };
        // Whatever does not print as it was read (another version digit, a set reserved byte) is not of this layout.
        (number.words() == words && number.index <= SequenceNumber::ENDING_INDEX).then_some(number)
    }
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.decimal()).unwrap_or_default())
    }
}

impl Serialize for SequenceNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(std::str::from_utf8(&self.decimal()).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(shard: u32, index: u64, recorded: u64) -> SequenceNumber {
        SequenceNumber { shard_created: 1_700_000_000, index, recorded, shard: ShardId(shard) }
    }

    /// Vectors computed outside this project from kinesalite's layout.
    #[test]
    fn numbers_print_as_the_published_vectors() {
        for (sequence_number, text) in [
            (number(0, 0, 1_700_000_000), "49646437577108476416916876405825929425585429676275269634"),
            (number(1, 0, 1_700_000_000), "49646437577130777162115407028967465143858078037781250066"),
            (number(0, 0, 1_700_000_003), "49646437577108476416916876405825929425585429882433699842"),
            (number(0, 1, 1_700_000_003), "49646437577108476416916876405827138351405044511608406018"),
            (
                number(0, SequenceNumber::ENDING_INDEX, 1_700_000_100),
                "49646437577119626789516141717395488358902146099801227266",
            ),
        ] {
            assert_eq!(sequence_number.to_string(), text);
            assert_eq!(SequenceNumber::parse(text), Some(sequence_number));
        }
    }

    #[test]
    fn a_number_of_an_aws_sample_is_taken_apart() {
        let sample =
            SequenceNumber::parse("49590338271490256608559692538361571095921575989136588898").unwrap();
        assert_eq!((sample.shard, sample.index), (ShardId(6), 1_734_642_199));
        assert_eq!(sample.recorded, 1_545_084_650, "2018-12-17T22:10:50Z");
        let sample =
            SequenceNumber::parse("49546986683135544286507457936321625675700192471156785154").unwrap();
        assert_eq!((sample.shard, sample.index, sample.shard_created), (ShardId(0), 469, 1_421_279_230));
    }

    #[test]
    fn other_texts_are_no_sequence_numbers() {
        for text in
            ["", "0", "4964643757710847641691687640582592942558542967627526963", "x".repeat(56).as_str()]
        {
            assert_eq!(SequenceNumber::parse(text), None, "{text}");
        }
        let next_integer = "49646437577108476416916876405825929425585429676275269635";
        assert_eq!(SequenceNumber::parse(next_integer), None);
    }

    /// kinesalite's tests had AWS refuse these.
    #[test]
    fn numbers_outside_the_layout_are_no_sequence_numbers() {
        for (text, what) in [
            ("49039857307708443467467104868809893875799651909875269632", "version 0"),
            ("49039857307708443467467104868809893875799651909875269635", "version 3"),
            ("73559785961562665201200657303214840813699477864812904449", "a leading 3"),
            ("49039857307719593840066370180380661734935976090628259842", "an index of 64 bits"),
        ] {
            assert_eq!(SequenceNumber::parse(text), None, "{what}");
        }
    }

    #[test]
    fn numbers_at_the_ends_of_the_layout_are_read() {
        let last = SequenceNumber {
            shard_created: SequenceNumber::LAST_SECOND,
            index: SequenceNumber::ENDING_INDEX,
            recorded: SequenceNumber::LAST_SECOND,
            shard: ShardId(u32::MAX),
        };
        assert_eq!(SequenceNumber::parse(&last.to_string()), Some(last));
        let first = SequenceNumber { shard_created: 0, index: 0, recorded: 0, shard: ShardId(0) };
        assert_eq!(first.to_string(), "49039857307708443467467104868809893875799651909875269634");
        assert_eq!(SequenceNumber::parse(&first.to_string()), Some(first));
    }

    proptest::proptest! {
        #[test]
        fn what_is_printed_is_read_back(
            shard_created in 0u64..1 << 36,
            index in 0u64..=SequenceNumber::ENDING_INDEX,
            recorded in 0u64..1 << 36,
            shard in 0u32..=u32::MAX,
        ) {
            let number = SequenceNumber { shard_created, index, recorded, shard: ShardId(shard) };
            let text = number.to_string();
            proptest::prop_assert_eq!(text.len(), 56);
            proptest::prop_assert_eq!(SequenceNumber::parse(&text), Some(number));
        }
    }
}
