//! What stands for long or earlier text in a written conversation: `${blob 1048577}`, `${iterator}`.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

/// Texts by their names.
pub(crate) type Kept = BTreeMap<String, String>;

/// The text with every `${…}` replaced.
pub(crate) fn fill(text: &str, kept: &Kept) -> Result<String, String> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let (name, after) = after.split_once('}').ok_or("a ${ without its }")?;
        filled.push_str(before);
        filled.push_str(&meaning(name, kept)?);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

fn meaning(name: &str, kept: &Kept) -> Result<String, String> {
    let words: Vec<&str> = name.split(' ').collect();
    match words[..] {
        [name] => kept.get(name).cloned().ok_or_else(|| format!("nothing was kept as {name}")),
        // Base64 of so many bytes.
        ["blob", size] => Ok(BASE64.encode(vec![b'x'; count(size)?])),
        ["repeat", text, times] => Ok(text.repeat(count(times)?)),
        // A list of entries of PutRecords with keys KEY1, KEY2 and so on.
        ["entries", n, key, size] => {
            let data = BASE64.encode(vec![b'x'; count(size)?]);
            let entries: Vec<String> = (1..=count(n)?)
                .map(|i| format!(r#"{{"PartitionKey":"{key}{i}","Data":"{data}"}}"#))
                .collect();
            Ok(format!("[{}]", entries.join(",")))
        }
        // A map of tags whose keys are the numbers from FIRST to LAST.
        ["tags", first, last] => {
            let tags: Vec<String> =
                (count(first)?..=count(last)?).map(|i| format!(r#""{i}":"value""#)).collect();
            Ok(format!("{{{}}}", tags.join(",")))
        }
        _ => Err(format!("${{{name}}} means nothing")),
    }
}

fn count(text: &str) -> Result<usize, String> {
    text.parse().map_err(|_| format!("{text} is no count"))
}
