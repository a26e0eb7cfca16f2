//! One number over everything that happened: equal digests mean equal worlds.

use std::hash::{Hash, Hasher};

/// A running 64-bit digest; not cryptographic.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Digest(u64);

impl Digest {
    pub fn add(&mut self, value: &impl Hash) {
        value.hash(self);
    }

    pub const fn value(self) -> u64 {
        self.0
    }
}

/// A number for a value, the same everywhere. Two of a thousand values share one in one of 10^13 worlds.
pub(crate) fn hash_of(value: &impl Hash) -> u64 {
    let mut digest = Digest::default();
    digest.add(value);
    digest.value()
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

/// Every number counts as 64 bits, whatever its width on the machine at hand: `usize` and enum tags are 32 bits wide
/// in wasm and 64 in tests.
impl Hasher for Digest {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        if !rest.is_empty() {
            // What is missing of the last word counts as zeros.
            self.write_u64(rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }

    fn write_u16(&mut self, n: u16) {
        self.write_u64(u64::from(n));
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }

    fn write_u128(&mut self, n: u128) {
        self.write_u64(n as u64);
        self.write_u64((n >> 64) as u64);
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(n as u64);
    }

    fn write_isize(&mut self, n: isize) {
        self.write_u64(n as u64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(value: &impl Hash) -> u64 {
        let mut digest = Digest::default();
        digest.add(value);
        digest.value()
    }

    /// Computed by hand: the value does not depend on the width of a machine's words.
    #[test]
    fn numbers_of_every_width_count_alike() {
        assert_eq!(digest(&1u8), 0x517c_c1b7_2722_0a95);
        assert_eq!(digest(&1usize), digest(&1u64));
        assert_eq!(digest(&1isize), digest(&1u32));
    }

    /// Computed by hand.
    #[test]
    fn bytes_count_as_words_of_eight_with_the_lowest_first() {
        let of = |bytes: &[u8]| {
            let mut digest = Digest::default();
            digest.write(bytes);
            digest
        };
        let words = |words: &[u64]| {
            let mut digest = Digest::default();
            words.iter().for_each(|word| digest.write_u64(*word));
            digest
        };
        assert_eq!(of(b""), words(&[]));
        assert_eq!(of(&[1, 2, 3]), words(&[0x03_02_01]));
        assert_eq!(of(&[1, 2, 3, 4, 5, 6, 7, 8, 9]), words(&[0x0807_0605_0403_0201, 9]));
    }

    #[test]
    fn order_matters() {
        assert_ne!(digest(&(1u8, 2u8)), digest(&(2u8, 1u8)));
        assert_ne!(digest(&("ab", "c")), digest(&("a", "bc")));
    }
}
