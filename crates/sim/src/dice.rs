//! A small seeded generator: whole numbers only, the same on every machine.

/// Numbers that look random and depend on nothing but three numbers given at the start.
///
/// Each actor and each call has dice of its own, so that one more actor does not change anybody else's luck.
#[derive(Clone, Debug)]
pub(crate) struct Dice {
    state: u64,
}

const STEP: u64 = 0x9e37_79b9_7f4a_7c15;

impl Dice {
    pub(crate) fn new(seed: u64, stream: u64, number: u64) -> Dice {
        let mut dice = Dice { state: seed };
        for salt in [stream, number] {
            dice.state = dice.next() ^ salt.wrapping_mul(STEP);
        }
        dice
    }

    /// The next 64 bits (the SplitMix64 sequence).
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(STEP);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from 0 to `bound`-1, each as likely as the others to one part in 2^64; 0 where `bound` is 0.
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first outputs of SplitMix64 for seed 1234567, as published with the algorithm.
    #[test]
    fn the_sequence_is_the_published_one() {
        let mut dice = Dice { state: 1_234_567 };
        let expected = [6457827717110365317, 3203168211198807973, 9817491932198370423];
        assert_eq!([dice.next(), dice.next(), dice.next()], expected);
    }

    #[test]
    fn numbers_stay_below_their_bound_and_reach_it() {
        let mut dice = Dice::new(1, 2, 3);
        let rolls: Vec<u64> = (0..1_000).map(|_| dice.below(6)).collect();
        assert!((0..6).all(|n| rolls.contains(&n)) && rolls.iter().all(|n| *n < 6));
        assert_eq!(dice.below(0), 0);
    }
}
