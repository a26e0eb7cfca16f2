//! Who may do what, for those who look from outside.

use kinesis::{ApiError, KeyState};

use super::World;
use crate::CallerSpec;

impl World {
    /// Refuses an action of any service on a resource that the caller's policies do not allow.
    pub fn check_right(&self, caller: &CallerSpec, action: &str, resource: &str) -> Result<(), ApiError> {
        self.service.must_allow(&self.identities.caller(caller, self.now), action, resource)
    }

    /// Identity policies: the principal's ARN, the policy's name, the policy.
    pub fn identity_policies(&self) -> impl Iterator<Item = (&str, &str, &kinesis::Policy)> {
        self.identities.policies()
    }

    /// Users and roles by their ARNs, those without policies too; with when and how, where they were made by themselves.
    pub fn identities(&self) -> impl Iterator<Item = (&str, Option<&crate::MadeIdentity>)> {
        self.identities.identities()
    }

    /// What KMS says of a key, by id or alias.
    pub fn key_state(&self, key: &str) -> KeyState {
        self.identities.keys().state(key)
    }

    /// Keys whose state was set, by id or alias.
    pub fn key_states(&self) -> impl Iterator<Item = (&str, KeyState)> {
        self.identities.keys().iter()
    }
}
