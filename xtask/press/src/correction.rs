//! Puts right what was mixed, by how often such a word was right.

use crate::mixer::Logistic;

/// Steps over the logits from -12 to 12.
const STEPS: usize = 33;
const CHOICES: usize = 1 << 16;
const RATE: u16 = 6;

/// Puts a probability right by what came when such a one was said in the same surroundings.
pub(crate) struct Correction {
    steps: Vec<u16>,
    place: usize,
}

impl Correction {
    pub(crate) fn new() -> Correction {
        let logistic = Logistic::new();
        let steps: Vec<u16> =
            (0..STEPS).map(|step| (logistic.squash((step as f32 - 16.0) * 0.75) * 65_535.0) as u16).collect();
        Correction { steps: steps.repeat(CHOICES), place: 0 }
    }

    pub(crate) fn correct(&mut self, surrounding: usize, logit: f32) -> f32 {
        let step = (logit + 12.0) * (4.0 / 3.0);
        let index = step as usize;
        let over = step - index as f32;
        let place = surrounding % CHOICES * STEPS + index;
        self.place = place + usize::from(over > 0.5);
        let [low, high] = [self.steps[place], self.steps[place + 1]].map(f32::from);
        (low * (1.0 - over) + high * over) / 65_536.0
    }

    pub(crate) fn learn(&mut self, bit: bool) {
        let step = &mut self.steps[self.place];
        if bit {
            *step += (u16::MAX - *step) >> RATE;
        } else {
            *step -= *step >> RATE;
        }
    }
}
