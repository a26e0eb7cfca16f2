//! What stands around a line: variables that programs see, files, the input of a pipe, the settings file.

use std::borrow::Cow;

use sim::Home;

/// Where the AWS CLI keeps its settings.
pub(crate) const CONFIG_FILE: &str = ".aws/config";

/// Nothing is known of them where a line is only read, not run.
#[derive(Clone, Copy, Default)]
pub(crate) struct Surroundings<'a> {
    pub(crate) home: Option<&'a Home>,
    pub(crate) input: Option<&'a [u8]>,
}

impl<'a> Surroundings<'a> {
    pub(crate) fn file(&self, path: &str) -> Option<&'a [u8]> {
        match path {
            "/dev/stdin" | "-" => self.input,
            path => self.home?.file(&crate::shell::path(path)).map(|content| &content[..]),
        }
    }

    /// The value of a variable that programs see.
    pub(crate) fn exported(&self, name: &str) -> Option<&'a str> {
        let variable = self.home?.variable(name).filter(|variable| variable.is_exported)?;
        Some(variable.value.as_str()).filter(|value| !value.is_empty())
    }

    pub(crate) fn has_variable(&self, name: &str) -> bool {
        self.home.is_some_and(|home| home.variable(name).is_some())
    }

    /// A setting of the default profile.
    pub(crate) fn setting(&self, key: &str) -> Option<String> {
        settings(&self.config()).into_iter().rev().find(|(own, _)| own == key).map(|(_, value)| value)
    }

    pub(crate) fn config(&self) -> Cow<'a, str> {
        let content = self.home.and_then(|home| home.file(CONFIG_FILE));
        content.map_or(Cow::Borrowed(""), |content| String::from_utf8_lossy(content))
    }
}

/// `key = value` lines of the default profile.
fn settings(config: &str) -> Vec<(String, String)> {
    let mut is_default = false;
    let mut found = Vec::new();
    for line in config.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_default = section.trim_end_matches(']').trim() == "default";
        } else if let Some((key, value)) =
            line.split_once('=').filter(|_| is_default && !line.starts_with('#'))
        {
            found.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
    found
}

/// The settings file with one setting of the default profile changed.
pub(crate) fn with_setting(config: &str, key: &str, value: &str) -> String {
    let mut lines: Vec<String> = config.lines().map(str::to_owned).collect();
    let is_section = |line: &String| line.trim_start().starts_with('[');
    let Some(start) = lines.iter().position(|line| line.trim() == "[default]") else {
        lines.extend(["[default]".to_owned(), format!("{key} = {value}")]);
        return lines.join("\n") + "\n";
    };
    let end =
        lines.iter().skip(start + 1).position(is_section).map_or(lines.len(), |place| start + 1 + place);
    let line = format!("{key} = {value}");
    let own = lines[start..end]
        .iter()
        .position(|line| line.split_once('=').is_some_and(|(own, _)| own.trim() == key));
    match own {
        Some(place) => lines[start + place] = line,
        None => lines.insert(end, line),
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_the_default_profile_are_read_and_changed() {
        let config = "[profile work]\nregion = eu-west-1\n[default]\nregion=us-east-1\n# output = text\n";
        assert_eq!(settings(config), [("region".to_owned(), "us-east-1".to_owned())]);
        let changed = with_setting(config, "output", "table");
        assert!(changed.ends_with("# output = text\noutput = table\n"), "{changed}");
        assert_eq!(with_setting(&changed, "output", "json").matches("output = json").count(), 1);
        assert_eq!(with_setting("", "region", "x"), "[default]\nregion = x\n");
    }
}
