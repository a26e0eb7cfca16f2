//! Text to conversations, line by line.

use kinesis::{Duration, KeyState};

use super::{Action, Case, Expected, Step, What};

/// Reads a file of conversations; the error names the line.
pub fn read(text: &str) -> Result<Vec<Case>, String> {
    let mut cases: Vec<Case> = Vec::new();
    // How often the steps from which one on are repeated.
    let mut repeated: Option<(usize, usize)> = None;
    for (line, text) in (1..).zip(text.lines()) {
        let wrong = |why: &str| format!("line {line}: {why}: {text}");
        let (is_indented, words) = (text.starts_with(' '), text.trim());
        if words.is_empty() || words.starts_with('#') {
            continue;
        }
        if let Some(title) = words.strip_prefix("== ") {
            cases.push(Case { title: title.to_owned(), headers: Vec::new(), steps: Vec::new() });
            continue;
        }
        let case = cases.last_mut().ok_or_else(|| wrong("a conversation starts with =="))?;
        let Some(step) = case.steps.last_mut().filter(|_| is_indented) else {
            match words.split_once(": ") {
                Some((name, value)) if case.steps.is_empty() && !name.contains([' ', '{']) => {
                    case.headers.push((name.to_owned(), value.to_owned()));
                }
                _ => match (words.split_once(' '), repeated) {
                    (Some(("repeat", times)), None) => {
                        let times = times.parse().map_err(|_| wrong("no count"))?;
                        repeated = Some((times, case.steps.len()));
                    }
                    (None, Some((times, first))) if words == "end" => {
                        let once = case.steps[first..].to_vec();
                        case.steps.extend((1..times).flat_map(|_| once.clone()));
                        repeated = None;
                    }
                    _ => case.steps.extend(read_step(line, words).ok_or_else(|| wrong("no step"))?),
                },
            }
            continue;
        };
        if let Some(what) = read_expected(words) {
            step.expected.push(Expected { line, what: what.ok_or_else(|| wrong("no expectation"))? });
        } else if let Action::Call { body, .. } = &mut step.action {
            body.push('\n');
            body.push_str(words);
        }
    }
    Ok(cases)
}

fn read_step(line: usize, words: &str) -> Option<Vec<Step>> {
    let step = |times, action| Step { line, times, action, expected: Vec::new() };
    let parts: Vec<&str> = words.split_whitespace().collect();
    match parts[..] {
        ["wait", amount, unit] => Some(vec![step(1, Action::Wait(read_span(amount, unit)?))]),
        ["as", principal, ..] => {
            let policy = words.split_once(" with ").map(|(_, policy)| policy.to_owned());
            Some(vec![step(1, Action::As { principal: principal.to_owned(), policy })])
        }
        ["key", key, state] => {
            Some(vec![step(1, Action::Key { key: key.to_owned(), state: KeyState::parse(state)? })])
        }
        ["stream", name, shards] => {
            let body = format!(r#"{{"StreamName":"{name}","ShardCount":{shards}}}"#);
            let create = Action::Call { operation: "CreateStream".to_owned(), body };
            Some(vec![step(1, create), step(1, Action::Wait(Duration::from_seconds(20)))])
        }
        [times, "times", ..] => {
            let rest = words.split_once(" times ")?.1;
            Some(vec![step(times.parse().ok()?, read_call(rest)?)])
        }
        _ => Some(vec![step(1, read_call(words)?)]),
    }
}

fn read_call(words: &str) -> Option<Action> {
    let (operation, body) = words.split_once(' ').unwrap_or((words, ""));
    operation
        .starts_with(|c: char| c.is_ascii_uppercase())
        .then(|| Action::Call { operation: operation.to_owned(), body: body.trim().to_owned() })
}

fn read_span(amount: &str, unit: &str) -> Option<Duration> {
    let amount: u64 = amount.parse().ok()?;
    match unit {
        "us" => Some(Duration::from_micros(amount)),
        "ms" => Some(Duration::from_millis(amount)),
        "s" => Some(Duration::from_seconds(amount)),
        "min" => Some(Duration::from_seconds(60 * amount)),
        "h" => Some(Duration::from_hours(amount)),
        "d" => Some(Duration::from_hours(24 * amount)),
        _ => None,
    }
}

/// `None` where the line is more of the body, `Some(None)` where it says nothing that can be checked.
fn read_expected(words: &str) -> Option<Option<What>> {
    if let Some(text) = words.strip_prefix("=> ") {
        let is_refusal = text.split(' ').next().is_some_and(|status| status.parse::<u16>().is_ok());
        let text = text.to_owned();
        return Some(Some(if is_refusal { What::Refused { text } } else { What::Body { text } }));
    }
    let rest = words.starts_with('/').then(|| words.split_once(' '))?;
    let read = || {
        let (path, rest) = rest?;
        let path = path.to_owned();
        match rest.split_once(' ')? {
            ("=", value) => Some(What::Equals { path, text: value.to_owned() }),
            ("->", name) => Some(What::Keep { path, name: name.to_owned() }),
            ("has", count) => Some(What::Count { path, count: count.parse().ok()? }),
            ("is", "absent") => Some(What::Absent { path }),
            _ => None,
        }
    };
    Some(read())
}
