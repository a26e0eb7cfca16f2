//! How a shard is told from the others: a letter first, then a pattern, then a colour.

/// Patterns and colours; the seventh shard begins again with the first one.
pub(crate) const STYLES: u32 = 6;

/// `A` for shard 0, `Z` for 25, `AA` for 26.
pub(crate) fn letter(shard: u32) -> String {
    let mut text = String::new();
    let mut rest = shard + 1;
    while rest > 0 {
        rest -= 1;
        text.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    text
}

/// Class of a shard's pattern and colour: `s0` to `s5`.
pub(crate) fn style(shard: u32) -> &'static str {
    const CLASSES: [&str; STYLES as usize] = ["s0", "s1", "s2", "s3", "s4", "s5"];
    CLASSES[(shard % STYLES) as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_go_on_after_z() {
        assert_eq!([0, 1, 25, 26, 27, 701, 702].map(letter), ["A", "B", "Z", "AA", "AB", "ZZ", "AAA"]);
    }
}
