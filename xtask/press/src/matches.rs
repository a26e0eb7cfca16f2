//! Where what comes now stood before, which foretells how it goes on.

use crate::alphabet::{Alphabet, Path};
use crate::mixer::Logistic;

const PLACES: usize = 1 << 20;
const LENGTHS: usize = 17;
/// No longer match is measured.
const LENGTH_MAX: usize = 40;
/// Bytes that a match must have.
const LENGTH_MIN: usize = 2;
const RATE: u16 = 6;

/// A place in what came before that looks like the present one, and goes on.
pub(crate) struct Match {
    places: Vec<u32>,
    /// Where the byte stands that would come next.
    place: usize,
    /// Bytes that were alike up to here; 0 where nothing is.
    pub(crate) length: usize,
    /// The byte that would come next, counted from 1; 0 where nothing is alike.
    pub(crate) expected: u32,
    /// How often matches of a length were right, for a bit that would be 0 and for one that would be 1.
    right: [u16; LENGTHS * 2],
    /// Which of them the present bit is about.
    foretold: Option<usize>,
    /// The bits of the byte that would come next.
    path: Path,
}

impl Match {
    pub(crate) fn new() -> Match {
        let right = [49_152; LENGTHS * 2];
        Match {
            places: vec![0; PLACES],
            place: 0,
            length: 0,
            expected: 0,
            right,
            foretold: None,
            path: Path::default(),
        }
    }

    pub(crate) fn look(&mut self, came: &[u8], surrounding: u32, alphabet: &Alphabet) {
        let index = surrounding as usize >> 12;
        if self.length > 0 && came[self.place] == came[came.len() - 1] {
            self.length += 1;
            self.place += 1;
        } else {
            self.length = 0;
            let place = self.places[index] as usize;
            let alike = came[..place].iter().rev().zip(came.iter().rev()).take(LENGTH_MAX);
            let length = alike.take_while(|(old, new)| old == new).count();
            if length >= LENGTH_MIN && place < came.len() {
                self.length = length;
                self.place = place;
            }
        }
        self.places[index] = came.len() as u32;
        self.expected = 0;
        if self.length > 0 {
            self.path = alphabet.path(came[self.place]);
            // What stands there may be a byte that never comes here.
            if self.path.length == 0 {
                self.length = 0;
            } else {
                self.expected = u32::from(came[self.place]) + 1;
            }
        }
    }

    pub(crate) fn bucket(&self) -> usize {
        self.length.min(15) + usize::from(self.length >= 32)
    }

    /// The bits of the byte that come before have all been as they are in the path: `learn` ends a match that was wrong.
    pub(crate) fn foretell(&mut self, n_bits: u32, logistic: &Logistic) -> f32 {
        self.foretold = None;
        if self.length == 0 {
            return 0.0;
        }
        let bit = self.path.bits >> (self.path.length - 1 - n_bits) & 1;
        let index = self.bucket() * 2 + bit as usize;
        self.foretold = Some(index);
        let logit = logistic.stretch(f32::from(self.right[index]) / 65_536.0);
        if bit == 1 { logit } else { -logit }
    }

    pub(crate) fn learn(&mut self, bit: bool) {
        let Some(index) = self.foretold else { return };
        let right = &mut self.right[index];
        if (index & 1 == 1) == bit {
            *right += (u16::MAX - *right) >> RATE;
        } else {
            *right -= *right >> RATE;
            self.length = 0;
        }
    }
}
