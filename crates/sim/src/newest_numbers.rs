//! The newest number of each of many keys: what tells whether records come in order, looked up for each record.

/// Numbers by the hashes of their keys, of a bounded count of keys. A key that comes when there is no room is not
/// watched.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewestNumbers {
    /// Pairs of hash and number, or nothing, which is the hash 0; a hash lies at the place that its highest bits name, or
    /// at the next free one. At most half of the places are taken.
    places: Vec<(u64, u64)>,
    count: usize,
}

/// Keys that are watched.
pub(crate) const KEYS_MAX: usize = 1_000;
const PLACES_MIN: usize = 16;

impl NewestNumbers {
    /// The newest number of the key with that hash, which begins with `number`; none where there is no room for it.
    pub(crate) fn entry(&mut self, hash: u64, number: u64) -> Option<&mut u64> {
        // One hash in 2^64 shares the place of another.
        let hash = hash.max(1);
        if self.places.is_empty() {
            self.places = vec![(0, 0); PLACES_MIN];
        }
        let mut place = self.place_of(hash);
        if self.places[place].0 == 0 {
            if self.count == KEYS_MAX {
                return None;
            }
            if (self.count + 1) * 2 > self.places.len() {
                self.grow();
                place = self.place_of(hash);
            }
            self.count += 1;
            self.places[place] = (hash, number);
        }
        Some(&mut self.places[place].1)
    }

    /// Where the hash lies, or would lie.
    fn place_of(&self, hash: u64) -> usize {
        let mask = self.places.len() - 1;
        // The highest bits of a digest are its best.
        let mut place = (hash >> (64 - self.places.len().ilog2())) as usize;
        loop {
            match self.places[place].0 {
                other if other == hash || other == 0 => return place,
                _ => place = (place + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let n_places = self.places.len() * 2;
        let old = std::mem::replace(&mut self.places, vec![(0, 0); n_places]);
        for pair in old.into_iter().filter(|(hash, _)| *hash != 0) {
            let place = self.place_of(pair.0);
            self.places[place] = pair;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_has_its_own_number_and_the_thousand_and_first_none() {
        let mut numbers = NewestNumbers::default();
        // Hashes that begin at the same few places.
        let hash = |key: u64| (key % 7) << 61 | key;
        for key in 0..KEYS_MAX as u64 {
            *numbers.entry(hash(key), 0).unwrap() = key + 1;
        }
        for key in 0..KEYS_MAX as u64 {
            assert_eq!(numbers.entry(hash(key), 0), Some(&mut (key + 1)), "{key}");
        }
        assert_eq!(numbers.entry(hash(5_000), 0), None);
    }
}
