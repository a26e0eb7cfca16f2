//! What came in one context, as one byte, and what such a past foretells.
//!
//! 0 is a context never met. Up to 127 the bits themselves, at most six of the newest, behind a 1 that marks where they
//! begin. From 128 on a run of zeros, from 160 on a run of ones; the low bits say how long, in steps that grow.

/// A run's length is kept in so many steps.
const STEPS_MAX: u8 = 15;
/// So many of the steps are of one bit each; the later ones are taken by the throw of dice.
const SINGLE_STEPS: u8 = 4;

#[derive(Default)]
pub(crate) struct Dice(u32);

impl Dice {
    /// Sixteen bits, always the same ones.
    pub(crate) fn throw(&mut self) -> u16 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 16) as u16
    }
}

/// What follows each history when a bit comes, as a table: nobody can foretell the branches.
pub(crate) struct Histories(Vec<[Step; 2]>);

/// The next history, and the bits of a throw that must be 0 for it to be taken.
struct Step {
    next: u8,
    needs: u16,
}

impl Histories {
    pub(crate) fn new() -> Histories {
        Histories((0..=u8::MAX).map(|state| [false, true].map(|bit| step(state, bit))).collect())
    }

    pub(crate) fn after(&self, state: u8, bit: bool, thrown: u16) -> u8 {
        let step = &self.0[usize::from(state)][usize::from(bit)];
        if thrown & step.needs == 0 { step.next } else { state }
    }
}

fn step(state: u8, bit: bool) -> Step {
    let certain = |next| Step { next, needs: 0 };
    let bits = if bit { 63 } else { 0 };
    let newest = u8::from(bit);
    if state >= 128 {
        let step = state & 31;
        if (state >= 160) == bit {
            let needs = if step < SINGLE_STEPS { 0 } else { (1 << ((step - 2) / 2)) - 1 };
            return Step { next: if step < STEPS_MAX { state + 1 } else { state }, needs };
        }
        // The run is broken: it stands as bits of its kind with one of the other.
        return certain(64 | (bits ^ 63) & 62 | newest);
    }
    let state = state.max(1);
    if state < 64 {
        return certain(state << 1 | newest);
    }
    if state & 63 == bits {
        return certain(if bit { 160 } else { 128 });
    }
    certain(64 | (state << 1 | newest) & 63)
}

/// How much it would cost to forget it: which of two contexts has to make room.
pub(crate) fn worth(state: u8) -> u8 {
    if state >= 128 { 10 + (state & 31) } else { 8 - state.leading_zeros() as u8 }
}

/// What each history foretells before anything was learned, in parts of 65,536.
pub(crate) fn first_guess(state: u8) -> u16 {
    let set = match state {
        0 => 0.5,
        160.. => 1.0 - 1.0 / (16.0 + 3.0 * f32::from(state & 31)),
        128.. => 1.0 / (16.0 + 3.0 * f32::from(state & 31)),
        _ => {
            let n_bits = 7 - state.leading_zeros();
            let [mut zeros, mut ones] = [0.0_f32; 2];
            for place in (0..n_bits).rev() {
                zeros *= 0.8;
                ones *= 0.8;
                if state >> place & 1 == 1 {
                    ones += 1.0;
                } else {
                    zeros += 1.0;
                }
            }
            (ones + 0.3) / (zeros + ones + 0.6)
        }
    };
    (set * 65_535.0) as u16
}

#[cfg(test)]
mod tests {
    use super::{Dice, Histories, first_guess};

    fn of(bits: &str) -> u8 {
        let histories = Histories::new();
        let mut dice = Dice::default();
        bits.bytes().fold(0, |state, bit| histories.after(state, bit == b'1', dice.throw()))
    }

    #[test]
    fn a_history_keeps_its_newest_bits_and_long_runs() {
        assert_eq!(of(""), 0);
        assert_eq!(of("0"), 0b10);
        assert_eq!(of("101101"), 0b110_1101);
        assert_eq!(of("1011010"), 0b101_1010);
        assert_eq!(of("0000000"), 128);
        assert_eq!(of("1111111"), 160);
        assert_eq!(of("11111111"), 161);
        assert_eq!(of("11111110"), 0b111_1110);
        assert_eq!(of("00000001"), 0b100_0001);
        assert_eq!(of(&"1".repeat(1_000_000)), 160 + 15);
    }

    #[test]
    fn more_of_a_kind_makes_it_likelier() {
        let guesses =
            ["0000000", "000", "0", "", "1", "111", "1111111", "11111111"].map(|bits| first_guess(of(bits)));
        assert!(guesses.is_sorted(), "{guesses:?}");
    }
}
