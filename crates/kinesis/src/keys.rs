//! KMS keys as far as Kinesis meets them: whether a key can be used. Keys themselves are KMS's, outside of this crate.

use std::sync::Arc;

use crate::{Policy, SortedMap};

/// The key that AWS manages for Kinesis; using it takes no permission.
pub(crate) const MANAGED_KEY: &str = "alias/aws/kinesis";

/// What KMS says of a key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeyState {
    Enabled,
    Disabled,
    PendingDeletion,
    /// There is no such key.
    NotFound,
    /// The account has no subscription for KMS.
    OptInRequired,
    /// KMS takes no more requests for the moment.
    Throttling,
}

impl KeyState {
    pub const ALL: [KeyState; 6] = [
        KeyState::Enabled,
        KeyState::Disabled,
        KeyState::PendingDeletion,
        KeyState::NotFound,
        KeyState::OptInRequired,
        KeyState::Throttling,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            KeyState::Enabled => "enabled",
            KeyState::Disabled => "disabled",
            KeyState::PendingDeletion => "pending-deletion",
            KeyState::NotFound => "not-found",
            KeyState::OptInRequired => "opt-in-required",
            KeyState::Throttling => "throttling",
        }
    }

    /// The state of that name.
    pub fn parse(name: &str) -> Option<KeyState> {
        KeyState::ALL.into_iter().find(|state| state.name() == name)
    }
}

/// The keys that something is known of. Assumed: any other key exists and is enabled.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keys {
    /// By what stands behind `:key/` of an ARN, or the id or alias as it stands.
    states: SortedMap<String, KeyState>,
    /// Key policies, likewise. Documented: the default one lets the account decide by identity policies.
    policies: SortedMap<String, Arc<Policy>>,
}

impl Keys {
    pub fn set(&mut self, key: &str, state: KeyState) {
        self.states.insert(short_id(key).to_owned(), state);
    }

    /// Gives a key a policy, or the default one again.
    pub fn set_policy(&mut self, key: &str, policy: Option<Policy>) {
        let key = short_id(key);
        match policy {
            Some(policy) => self.policies.insert(key.to_owned(), Arc::new(policy)),
            None => drop(self.policies.remove(key)),
        }
    }

    pub(crate) fn policy(&self, key: &str) -> Option<&Policy> {
        self.policies.get(short_id(key)).map(|policy| &**policy)
    }

    /// Keys whose state or policy was set.
    pub fn count(&self) -> usize {
        self.states.len() + self.policies.len()
    }

    /// Keys whose state was set, by id or alias.
    pub fn iter(&self) -> impl Iterator<Item = (&str, KeyState)> {
        self.states.iter().map(|(key, state)| (key.as_str(), *state))
    }

    pub fn state(&self, key: &str) -> KeyState {
        self.states.get(short_id(key)).copied().unwrap_or(KeyState::Enabled)
    }
}

/// Without what an ARN has before the id or alias.
pub(crate) fn short_id(key: &str) -> &str {
    match key.splitn(6, ':').nth(5) {
        Some(resource) if key.starts_with("arn:") => resource.strip_prefix("key/").unwrap_or(resource),
        _ => key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_by_its_id_and_by_its_arn() {
        let mut keys = Keys::default();
        keys.set("arn:aws:kms:us-east-1:123456789012:key/1234", KeyState::Disabled);
        keys.set("alias/mine", KeyState::NotFound);
        assert_eq!(keys.state("1234"), KeyState::Disabled);
        assert_eq!(keys.state("arn:aws:kms:us-east-1:123456789012:alias/mine"), KeyState::NotFound);
        assert_eq!(keys.state("alias/aws/kinesis"), KeyState::Enabled);
    }

    #[test]
    fn a_state_is_found_by_the_name_it_prints() {
        for state in KeyState::ALL {
            assert_eq!(KeyState::parse(state.name()), Some(state));
        }
    }
}
