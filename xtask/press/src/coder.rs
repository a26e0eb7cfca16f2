//! An arithmetic coder for bits: what was foretold well takes little room.

/// How likely it is that the next bit is set, in parts of 65,536; neither 0 nor all of them.
#[derive(Clone, Copy)]
pub(crate) struct Chance(u32);

impl Chance {
    pub(crate) fn new(probability: f32) -> Chance {
        Chance(((probability * 65_536.0) as u32).clamp(1, 65_535))
    }
}

/// The range of numbers that still stand for all that was coded, both ends within.
struct Range {
    low: u32,
    high: u32,
}

impl Range {
    const ALL: Range = Range { low: 0, high: u32::MAX };

    /// The last number that stands for a set bit.
    fn middle(&self, chance: Chance) -> u32 {
        let width = u64::from(self.high - self.low);
        self.low + ((width * u64::from(chance.0)) >> 16) as u32
    }

    fn choose(&mut self, bit: bool, middle: u32) {
        if bit {
            self.high = middle;
        } else {
            self.low = middle + 1;
        }
    }

    /// Drops the first byte where both ends agree on it.
    fn settle(&mut self) -> Option<u8> {
        if (self.low ^ self.high) >> 24 != 0 {
            return None;
        }
        let byte = (self.high >> 24) as u8;
        self.low <<= 8;
        self.high = self.high << 8 | 255;
        Some(byte)
    }
}

pub(crate) struct Encoder {
    range: Range,
    written: Vec<u8>,
}

impl Default for Encoder {
    fn default() -> Encoder {
        Encoder { range: Range::ALL, written: Vec::new() }
    }
}

impl Encoder {
    pub(crate) fn write(&mut self, bit: bool, chance: Chance) {
        let middle = self.range.middle(chance);
        self.range.choose(bit, middle);
        while let Some(byte) = self.range.settle() {
            self.written.push(byte);
        }
    }

    pub(crate) fn finish(mut self) -> Vec<u8> {
        // Enough to lie in the range whatever is read after the end.
        self.written.extend(self.range.high.to_be_bytes());
        self.written
    }
}

pub(crate) struct Decoder {
    range: Range,
    packed: Vec<u8>,
    place: usize,
    number: u32,
}

impl Decoder {
    pub(crate) fn new(packed: Vec<u8>) -> Decoder {
        let mut decoder = Decoder { range: Range::ALL, packed, place: 0, number: 0 };
        for _ in 0..4 {
            decoder.take_byte();
        }
        decoder
    }

    pub(crate) fn read(&mut self, chance: Chance) -> bool {
        let middle = self.range.middle(chance);
        let bit = self.number <= middle;
        self.range.choose(bit, middle);
        while self.range.settle().is_some() {
            self.take_byte();
        }
        bit
    }

    fn take_byte(&mut self) {
        let byte = self.packed.get(self.place).copied().unwrap_or(0);
        self.place += 1;
        self.number = self.number << 8 | u32::from(byte);
    }
}
