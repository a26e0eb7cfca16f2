//! Names on the wire and names at the prompt: `StreamARN` is `--stream-arn`, `PutRecord` is `put-record`.

/// The name in small letters with hyphens.
///
/// Documented: botocore's `xform_name`, whose results are mechanical: `MaxRecordSizeInKiB` is
/// `max-record-size-in-ki-b`.
pub(crate) fn hyphenated(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut result = String::with_capacity(name.len() + 8);
    for (i, letter) in letters.iter().enumerate() {
        if letter.is_ascii_uppercase() && i > 0 {
            let is_before_small = letters.get(i + 1).is_some_and(char::is_ascii_lowercase);
            let is_after_small = letters[i - 1].is_ascii_lowercase() || letters[i - 1].is_ascii_digit();
            if is_before_small || is_after_small {
                result.push('-');
            }
        }
        result.push(letter.to_ascii_lowercase());
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_the_real_command_line() {
        for (name, expected) in [
            ("PutRecord", "put-record"),
            ("StreamARN", "stream-arn"),
            ("ShardIteratorType", "shard-iterator-type"),
            ("MaxRecordSizeInKiB", "max-record-size-in-ki-b"),
            ("WarmThroughputMiBps", "warm-throughput-mi-bps"),
            ("S3TablesDestinationConfiguration", "s3-tables-destination-configuration"),
        ] {
            assert_eq!(hyphenated(name), expected);
        }
    }
}
