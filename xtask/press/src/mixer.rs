//! Weighs what the models say: logistic mixing.

/// Numbers that are added and multiplied at once.
const LANES: usize = 4;
/// What is mixed, in groups of lanes.
pub(crate) const GROUPS: usize = 7;
pub(crate) const INPUTS: usize = LANES * GROUPS;
/// Choices of weights that are asked at the same time.
pub(crate) const SETS: usize = 8;
/// How many weightings each choice has.
pub(crate) const CHOICES: usize = 16_384;
/// The sets' own words are weighed twice, by choices of two kinds, of which there are so many each.
pub(crate) const LAST_SETS: usize = 2;
const LAST_CHOICES: usize = 32_768;

const FIRST_WEIGHT: f32 = 0.2;
/// How fast weights follow: at first, and how much slower with each kibibyte; and what remains.
const FIRST_RATE: f32 = 0.015;
const SLOWER: f32 = 0.9993;
const RATE: f32 = 0.010;
const LAST_RATE: f32 = 0.002;

type Inputs = [[f32; LANES]; GROUPS];

/// Between a probability and its logit, without `exp` and `ln`, which are not the same everywhere.
pub(crate) struct Logistic {
    squash: Vec<f32>,
    stretch: Vec<f32>,
}

/// Logits go from -12 to 12 in steps of 1/128.
const LOGIT_MAX: f32 = 12.0;
const STEPS: usize = 3_072;
const STEPS_IN_ONE: f32 = 128.0;
/// e to the power of 1/128.
const STEP: f64 = 1.007_843_097_206_448;
const PROBABILITIES: usize = 4_096;

impl Logistic {
    pub(crate) fn new() -> Logistic {
        let mut power = 1.0_f64;
        let mut squash = vec![0.5_f32; STEPS + 1];
        for place in 0..=STEPS / 2 {
            let likely = (power / (1.0 + power)) as f32;
            squash[STEPS / 2 + place] = likely;
            squash[STEPS / 2 - place] = 1.0 - likely;
            power *= STEP;
        }
        let mut place = 0;
        let stretch = (0..PROBABILITIES).map(|part| {
            let probability = (part as f32 + 0.5) / PROBABILITIES as f32;
            while place < STEPS && squash[place] < probability {
                place += 1;
            }
            place as f32 / STEPS_IN_ONE - LOGIT_MAX
        });
        let stretch = stretch.collect();
        Logistic { squash, stretch }
    }

    pub(crate) fn squash(&self, logit: f32) -> f32 {
        let place = (bounded(logit) + LOGIT_MAX) * STEPS_IN_ONE;
        let index = place as usize;
        let over = place - index as f32;
        self.squash[index] * (1.0 - over) + self.squash[index + 1] * over
    }

    pub(crate) fn stretch(&self, probability: f32) -> f32 {
        let place = (probability * PROBABILITIES as f32) as usize;
        self.stretch[place.min(PROBABILITIES - 1)]
    }
}

fn bounded(logit: f32) -> f32 {
    logit.clamp(0.01 - LOGIT_MAX, LOGIT_MAX - 0.01)
}

pub(crate) struct Mixer {
    pub(crate) inputs: Inputs,
    weights: Vec<Inputs>,
    chosen: [usize; SETS],
    /// What each set says, as logit and as probability.
    logits: [f32; SETS],
    words: [f32; SETS],
    last_weights: Vec<[f32; SETS]>,
    last_chosen: [usize; LAST_SETS],
    last_words: [f32; LAST_SETS],
    /// What all say together.
    word: f32,
    rate_more: f32,
}

impl Mixer {
    pub(crate) fn new() -> Mixer {
        Mixer {
            inputs: [[0.0; LANES]; GROUPS],
            weights: vec![[[FIRST_WEIGHT; LANES]; GROUPS]; SETS * CHOICES],
            chosen: [0; SETS],
            logits: [0.0; SETS],
            words: [0.5; SETS],
            last_weights: vec![[1.0 / SETS as f32; SETS]; LAST_SETS * LAST_CHOICES],
            last_chosen: [0; LAST_SETS],
            last_words: [0.5; LAST_SETS],
            word: 0.5,
            rate_more: FIRST_RATE,
        }
    }

    pub(crate) fn set(&mut self, input: usize, logit: f32) {
        self.inputs[input / LANES][input % LANES] = logit;
    }

    /// The logit of all inputs, weighed as it did well with these choices.
    pub(crate) fn mix(
        &mut self,
        logistic: &Logistic,
        choices: [usize; SETS],
        last_choices: [usize; LAST_SETS],
    ) -> f32 {
        for (set, choice) in choices.into_iter().enumerate() {
            let index = set * CHOICES + choice % CHOICES;
            let mut sums = [0.0_f32; LANES];
            for (inputs, weights) in self.inputs.iter().zip(&self.weights[index]) {
                for lane in 0..LANES {
                    sums[lane] += inputs[lane] * weights[lane];
                }
            }
            let logit = bounded((sums[0] + sums[2]) + (sums[1] + sums[3]));
            self.chosen[set] = index;
            self.logits[set] = logit;
            self.words[set] = logistic.squash(logit);
        }
        let mut logit = 0.0;
        for (set, choice) in last_choices.into_iter().enumerate() {
            let index = set * LAST_CHOICES + choice % LAST_CHOICES;
            let weighed = self.logits.iter().zip(&self.last_weights[index]);
            let last = bounded(weighed.fold(0.0, |sum, (logit, weight)| sum + logit * weight));
            self.last_chosen[set] = index;
            self.last_words[set] = logistic.squash(last);
            logit += last / LAST_SETS as f32;
        }
        self.word = logistic.squash(logit);
        logit
    }

    /// What the last `mix` said, as a probability.
    pub(crate) fn word(&self) -> f32 {
        self.word
    }

    pub(crate) fn learn(&mut self, bit: bool) {
        let target = if bit { 1.0 } else { 0.0 };
        for (index, word) in self.last_chosen.into_iter().zip(self.last_words) {
            let error = (target - word) * LAST_RATE;
            for (weight, logit) in self.last_weights[index].iter_mut().zip(self.logits) {
                *weight += error * logit;
            }
        }
        for set in 0..SETS {
            let error = (target - self.words[set]) * (RATE + self.rate_more);
            for (weights, inputs) in self.weights[self.chosen[set]].iter_mut().zip(&self.inputs) {
                for lane in 0..LANES {
                    weights[lane] += error * inputs[lane];
                }
            }
        }
    }

    pub(crate) fn slow_down(&mut self) {
        self.rate_more *= SLOWER;
    }
}

#[cfg(test)]
mod tests {
    use super::Logistic;

    #[test]
    fn stretching_is_the_reverse_of_squashing() {
        let logistic = Logistic::new();
        assert_eq!(logistic.squash(0.0), 0.5);
        // e / (1 + e)
        assert!((logistic.squash(1.0) - 0.731_058_6).abs() < 1e-5);
        for logit in [-6.0, -3.0, -1.0, 0.0, 1.0, 3.0, 6.0] {
            let back = logistic.stretch(logistic.squash(logit));
            assert!((back - logit).abs() < 0.2, "{logit} came back as {back}");
        }
    }
}
