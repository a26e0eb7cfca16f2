//! The speeds at which virtual time can run.

/// One of the speeds; the page asks for it and shows what it achieves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Speed(usize);

/// In tenths of real time.
const TENTHS: [u64; 8] = [1, 5, 10, 20, 100, 1_000, 10_000, 100_000];

impl Default for Speed {
    /// Real time.
    fn default() -> Speed {
        Speed(2)
    }
}

impl Speed {
    pub(crate) const COUNT: usize = TENTHS.len();

    /// The speed on offer that is next to a fraction of real time, from above.
    pub(crate) fn nearest(numerator: u32, denominator: u32) -> Speed {
        let tenths = u64::from(numerator) * 10 / u64::from(denominator.max(1));
        Speed::new(TENTHS.iter().position(|offered| *offered >= tenths).unwrap_or(TENTHS.len() - 1))
    }

    /// Place in the list, from the slowest.
    pub(crate) fn new(place: usize) -> Speed {
        Speed(place.min(TENTHS.len() - 1))
    }

    pub(crate) fn place(self) -> usize {
        self.0
    }

    pub(crate) fn slower(self) -> Speed {
        Speed(self.0.saturating_sub(1))
    }

    pub(crate) fn faster(self) -> Speed {
        Speed::new(self.0 + 1)
    }

    pub(crate) fn tenths(self) -> u64 {
        TENTHS[self.0]
    }

    /// Virtual seconds per real second, as numerator and denominator.
    pub(crate) fn fraction(self) -> (u32, u32) {
        match self.tenths() {
            tenths @ 0..10 => (1, (10 / tenths.max(1)) as u32),
            tenths => ((tenths / 10) as u32, 1),
        }
    }

    /// `1/10×`, `1×`, `10,000×`.
    pub(crate) fn name(self) -> String {
        rate_name(self.tenths())
    }
}

/// A rate in tenths of real time as text.
pub(crate) fn rate_name(tenths: u64) -> String {
    match tenths {
        0 => "0×".to_owned(),
        1 => "1/10×".to_owned(),
        5 => "1/2×".to_owned(),
        2..10 => "0.".to_owned() + &tenths.to_string() + "×",
        _ => crate::text::thousands((tenths + 5) / 10) + "×",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speeds_go_from_a_tenth_to_ten_thousand() {
        assert_eq!(Speed::new(0).name(), "1/10×");
        assert_eq!(Speed::new(0).slower(), Speed::new(0));
        assert_eq!(Speed::default().name(), "1×");
        assert_eq!(Speed::nearest(1, 10), Speed::new(0));
        assert_eq!(Speed::nearest(100, 1).name(), "100×");
        assert_eq!(Speed::new(99).name(), "10,000×");
        let fractions: Vec<(u32, u32)> =
            (0..Speed::COUNT).map(|place| Speed::new(place).fraction()).collect();
        assert_eq!(fractions[..3], [(1, 10), (1, 2), (1, 1)]);
        assert!((0..Speed::COUNT).all(|i| Speed::nearest(fractions[i].0, fractions[i].1) == Speed::new(i)));
    }
}
