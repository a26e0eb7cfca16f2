//! Near misses: which of the known words somebody may have meant.
//!
//! Documented: the AWS CLI asks Python's `difflib` for at most three words of a likeness of 0.8 or more; so do we,
//! with the same measure, so that both suggest the same.

/// At most three of the words, the likest first, that are at least `percent` like the typed one.
pub(crate) fn nearest<'a>(
    typed: &str,
    words: impl IntoIterator<Item = &'a str>,
    percent: usize,
) -> Vec<String> {
    let typed: Vec<char> = typed.chars().take(LENGTH_MAX).collect();
    let mut found: Vec<(usize, &str)> = Vec::new();
    for word in words {
        let other: Vec<char> = word.chars().take(LENGTH_MAX).collect();
        let length = typed.len() + other.len();
        let score = 200 * matching(&typed, &other);
        if length > 0 && score >= percent * length {
            // Put in its place by hand: the library's sorting costs more of the page than all of this file.
            let candidate = (score / length, word);
            let place = found.partition_point(|better| *better >= candidate);
            found.insert(place, candidate);
            found.truncate(3);
        }
    }
    found.into_iter().map(|(_, word)| word.to_owned()).collect()
}

/// The word that is nearest, however its letters are written: a choice in capitals, a name.
pub(crate) fn nearest_choice<'a>(typed: &str, words: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let words: Vec<(String, &str)> =
        words.into_iter().map(|word| (word.to_lowercase().replace('_', "-"), word)).collect();
    let typed = typed.to_lowercase().replace('_', "-");
    let near =
        nearest(&typed, words.iter().map(|(lower, _)| lower.as_str()), NEAR_PERCENT).into_iter().next()?;
    words.into_iter().find(|(lower, _)| *lower == near).map(|(_, word)| word.to_owned())
}

/// Likeness from which on a word of ours is suggested.
const NEAR_PERCENT: usize = 60;

/// Nobody means a longer word.
const LENGTH_MAX: usize = 64;

/// Characters in common: those of the longest common piece, and of what stands on either side of it.
fn matching(a: &[char], b: &[char]) -> usize {
    let mut longest = (0, 0, 0);
    for i in 0..a.len() {
        for j in 0..b.len() {
            let length = a[i..].iter().zip(&b[j..]).take_while(|(x, y)| x == y).count();
            if length > longest.2 {
                longest = (i, j, length);
            }
        }
    }
    let (i, j, length) = longest;
    if length == 0 {
        return 0;
    }
    matching(&a[..i], &b[..j]) + length + matching(&a[i + length..], &b[j + length..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_that_python_suggests_are_suggested() {
        let words = [
            "create-stream",
            "delete-stream",
            "stream-exists",
            "stream-not-exists",
            "put-record",
            "put-records",
        ];
        // Computed with difflib.get_close_matches(…, cutoff=0.8).
        assert_eq!(nearest("create-strem", words, 80), ["create-stream"]);
        assert_eq!(nearest("stream-exist", words, 80), ["stream-exists", "stream-not-exists"]);
        assert_eq!(nearest("put-recrod", words, 80), ["put-record", "put-records"]);
        assert_eq!(nearest("putrecord", words, 80), ["put-record", "put-records"]);
        assert_eq!(nearest("foo", words, 80), [""; 0]);
        assert_eq!(nearest("", words, 80), [""; 0]);
    }
}
