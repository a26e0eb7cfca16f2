//! The members of a call to a service beside Kinesis, checked as AWS's front ends check them: all at once, in their
//! words.
//!
//! Observed: the sentences are those that Kinesis and Lambda send for the same kinds of constraint.

use crate::history::Refusal;

/// What is wrong with the members of one call.
#[derive(Default)]
pub(super) struct Constraints {
    broken: Vec<String>,
}

impl Constraints {
    fn fail(&mut self, value: &str, member: &str, constraint: &str) {
        self.broken.push(format!(
            "Value '{value}' at '{member}' failed to satisfy constraint: Member must {constraint}"
        ));
    }

    pub(super) fn range(&mut self, member: &str, value: i64, least: i64, most: i64) {
        if value < least {
            let constraint = format!("have value greater than or equal to {least}");
            self.fail(&value.to_string(), member, &constraint);
        } else if value > most {
            let constraint = format!("have value less than or equal to {most}");
            self.fail(&value.to_string(), member, &constraint);
        }
    }

    pub(super) fn length(&mut self, member: &str, value: &str, least: usize, most: usize) {
        let length = value.chars().count();
        if length < least {
            self.fail(value, member, &format!("have length greater than or equal to {least}"));
        } else if length > most {
            self.fail(value, member, &format!("have length less than or equal to {most}"));
        }
    }

    /// Of a list; AWS prints what is in it, which is left out here.
    pub(super) fn items(&mut self, member: &str, count: usize, least: usize, most: usize) {
        let value = format!("[{count} items]");
        if count < least {
            self.fail(&value, member, &format!("have length greater than or equal to {least}"));
        } else if count > most {
            self.fail(&value, member, &format!("have length less than or equal to {most}"));
        }
    }

    /// Of a blob, as Java prints its buffer.
    pub(super) fn bytes(&mut self, member: &str, size: u64, most: u64) {
        if size > most {
            let value = format!("java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]");
            self.fail(&value, member, &format!("have length less than or equal to {most}"));
        }
    }

    pub(super) fn pattern(&mut self, member: &str, value: &str, pattern: &str, fits: bool) {
        if !fits {
            let constraint = format!("satisfy regular expression pattern: {pattern}");
            self.fail(value, member, &constraint);
        }
    }

    pub(super) fn check(self) -> Result<(), Refusal> {
        if self.broken.is_empty() {
            return Ok(());
        }
        let (count, errors) = match self.broken.len() {
            1 => (1, "error"),
            count => (count, "errors"),
        };
        let message = format!("{count} validation {errors} detected: {}", self.broken.join("; "));
        Err(Refusal::of_service("ValidationException", message))
    }
}

/// Documented: the pattern of a role's ARN, `arn:aws:iam::123456789012:role/name`.
pub(super) fn is_role_arn(arn: &str) -> bool {
    let mut parts = arn.splitn(6, ':');
    let rest = (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next());
    let (Some("arn"), Some(partition), Some("iam"), Some(""), Some(account), Some(resource)) = rest else {
        return false;
    };
    let is_name = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_+=,.@-/".contains(&b))
    };
    partition.starts_with("aws")
        && account.len() == 12
        && account.bytes().all(|b| b.is_ascii_digit())
        && resource.strip_prefix("role/").is_some_and(is_name)
}
