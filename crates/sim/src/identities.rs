//! IAM and KMS as far as Kinesis asks them: who has which identity policies, and which keys cannot be used.

use std::sync::Arc;

use kinesis::{Caller, Instant, KeyState, Keys, Policy, SortedMap, Via};

use crate::Standing;
use crate::history::Refusal;

/// Who makes a call.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct CallerSpec {
    /// An ARN, the name of a user of the account, or `role/` and the name of a role; the account's admin where absent.
    pub principal: Option<String>,
    /// Whether the call comes through the account's interface VPC endpoint instead of the internet.
    pub is_through_endpoint: bool,
}

/// What is known of a user or role that was made by itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MadeIdentity {
    pub created: Instant,
    /// `AssumeRolePolicyDocument` of a role.
    pub trust: Option<String>,
}

/// Callers besides the account's admin, and keys that are not simply enabled.
#[derive(Clone, Debug)]
pub(crate) struct Identities {
    admin: Caller,
    /// By the ARN of the user or role, then by the policy's name.
    policies: SortedMap<String, SortedMap<String, Policy>>,
    /// Those that were made before their first policy, by ARN.
    made: SortedMap<String, MadeIdentity>,
    keys: Keys,
}

/// Id of the account's interface VPC endpoint: what a policy compares `aws:sourceVpce` with.
pub const VPC_ENDPOINT_ID: &str = "vpce-0123456789abcdef0";

/// Users and roles with policies of their own.
const IDENTITIES_MAX: usize = 100;
/// Policies of one user or role. Documented: IAM quotas, managed policies attached to one.
const POLICIES_MAX: usize = 10;
/// Characters of a trust policy. Documented: IAM quotas, role trust policy length.
const TRUST_CHARACTERS_MAX: usize = 2_048;
/// Keys whose state was set.
const KEYS_MAX: usize = 100;

impl Identities {
    pub(crate) fn new(account: &str) -> Identities {
        Identities {
            admin: Caller::administrator(account),
            policies: SortedMap::new(),
            made: SortedMap::new(),
            keys: Keys::default(),
        }
    }

    pub(crate) fn admin(&self) -> &Caller {
        &self.admin
    }

    pub(crate) fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The ARN that a principal's name stands for: `ana` is a user, `role/writer` a role.
    fn arn(&self, principal: &str) -> String {
        let account = &self.admin.account;
        match principal.strip_prefix("role/") {
            Some(role) => format!("arn:aws:iam::{account}:role/{role}"),
            None if principal.starts_with("arn:") => principal.to_owned(),
            None => format!("arn:aws:iam::{account}:user/{principal}"),
        }
    }

    /// The caller as which a program calls; none where it is the admin.
    ///
    /// Documented: a program's role is assumed in a session with a name, which AWS shows as the caller.
    pub(crate) fn caller_of_program(&self, program: &str, standing: &Standing) -> Option<Arc<Caller>> {
        let role = standing.role.as_deref()?;
        let session = format!("arn:aws:sts::{}:assumed-role/{role}/{program}", self.admin.account);
        Some(Arc::new(self.with_policies(&session)))
    }

    /// The principal's ARN, the policy's name, the policy.
    pub(crate) fn policies(&self) -> impl Iterator<Item = (&str, &str, &Policy)> {
        self.policies.iter().flat_map(|(principal, policies)| {
            policies.iter().map(|(name, policy)| (principal.as_str(), name.as_str(), policy))
        })
    }

    /// Users and roles by their ARNs, those without policies too; with when and how, where they were made by themselves.
    pub(crate) fn identities(&self) -> impl Iterator<Item = (&str, Option<&MadeIdentity>)> {
        self.policies.keys().map(|arn| (arn.as_str(), self.made.get(arn)))
    }

    /// Whether this user or role was made, or given a policy.
    pub(crate) fn knows(&self, principal: &str) -> bool {
        self.policies.contains_key(&self.arn(principal))
    }

    /// The caller with its policies.
    ///
    /// `now` names the session in which a role is assumed.
    pub(crate) fn caller(&self, spec: &CallerSpec, now: Instant) -> Caller {
        let arn = match spec.principal.as_deref().map(|name| self.arn(name)) {
            None => self.admin.principal.clone(),
            Some(arn) => session_of(&arn, now).unwrap_or(arn),
        };
        let mut caller = self.with_policies(&arn);
        if spec.is_through_endpoint {
            caller.via = Via::VpcEndpoint { id: VPC_ENDPOINT_ID.to_owned() };
        }
        caller
    }

    /// A principal with its policies. Assumed: whom nobody gave a policy may do nothing, but that another account lets
    /// its own callers do everything.
    fn with_policies(&self, arn: &str) -> Caller {
        let mut caller = Caller::new(arn, Arc::new([]));
        caller.policies = match self.policies.get(&caller.identity()) {
            Some(policies) => policies.values().cloned().collect(),
            None if arn == self.admin.principal => self.admin.policies.clone(),
            None if caller.account != self.admin.account => Arc::new([Policy::administrator_access()]),
            None => caller.policies,
        };
        caller
    }

    /// The ARN of a user or role that may have policies.
    fn identity(&self, principal: &str) -> Result<String, Refusal> {
        let arn = self.arn(principal);
        let is_identity = arn.contains(":user/") || arn.contains(":role/");
        if is_identity && arn != self.admin.principal {
            return Ok(arn);
        }
        Err(Refusal::new(format!(
            "{principal:?} has no policies here: name a user, or give the ARN of a user or role that is not the admin"
        )))
    }

    /// Makes a user or role. Documented: IAM API Reference, CreateRole: the name's characters, and the codes.
    #[inline(never)]
    pub(crate) fn create(
        &mut self,
        principal: &str,
        trust: Option<&str>,
        now: Instant,
    ) -> Result<String, Refusal> {
        let arn = self.identity(principal)?;
        let (kind, name) = kind_and_name(&arn);
        let is_name = (1..=64).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"+=,.@_-".contains(&b));
        if !is_name {
            let message = "The specified value for roleName is invalid. It must contain only alphanumeric characters \
                           and/or the following: +=,.@_-";
            let message = message.replace("role", kind);
            return Err(Refusal::of_service("ValidationError", message));
        }
        if let Some(document) = trust {
            let is_document =
                serde_json::from_str::<serde_json::Value>(document).is_ok_and(|v| v.is_object());
            if !is_document || document.chars().count() > TRUST_CHARACTERS_MAX {
                let message = "This policy contains invalid Json";
                return Err(Refusal::of_service("MalformedPolicyDocument", message));
            }
        }
        if self.policies.contains_key(&arn) {
            let kind = if kind == "role" { "Role" } else { "User" };
            let message = format!("{kind} with name {name} already exists.");
            return Err(Refusal::of_service("EntityAlreadyExists", message));
        }
        if self.policies.len() >= IDENTITIES_MAX {
            return Err(Refusal::new(format!("at most {IDENTITIES_MAX} users and roles are there")));
        }
        self.policies.insert(arn.clone(), SortedMap::new());
        self.made.insert(arn.clone(), MadeIdentity { created: now, trust: trust.map(str::to_owned) });
        Ok(arn)
    }

    /// Takes a user or role away. Documented: DeleteRole: its policies must be gone before.
    #[inline(never)]
    pub(crate) fn delete(&mut self, principal: &str) -> Result<String, Refusal> {
        let arn = self.identity(principal)?;
        let (kind, name) = kind_and_name(&arn);
        match self.policies.get(&arn) {
            None => {
                let message = format!("The {kind} with name {name} cannot be found.");
                Err(Refusal::of_service("NoSuchEntity", message))
            }
            Some(policies) if policies.keys().any(|name| name.starts_with("arn:")) => {
                let message = "Cannot delete entity, must detach all policies first.";
                Err(Refusal::of_service("DeleteConflict", message))
            }
            Some(policies) if !policies.is_empty() => {
                let message = "Cannot delete entity, must delete policies first.";
                Err(Refusal::of_service("DeleteConflict", message))
            }
            Some(_) => {
                self.policies.remove(&arn);
                self.made.remove(&arn);
                Ok(arn)
            }
        }
    }

    /// Gives a user or role a policy under a name, or takes it away.
    pub(crate) fn set_policy(
        &mut self,
        principal: &str,
        name: &str,
        document: Option<&str>,
    ) -> Result<(), Refusal> {
        let arn = self.identity(principal)?;
        let Some(document) = document else {
            let policies = self.policies.get_mut(&arn);
            return match policies.and_then(|policies| policies.remove(name)) {
                Some(_) => Ok(()),
                None => Err(Refusal::new(format!("{arn} has no policy {name}"))),
            };
        };
        let policy = Policy::of_identity(document).map_err(|error| Refusal::new(error.to_string()))?;
        if self.policies.len() >= IDENTITIES_MAX && !self.policies.contains_key(&arn) {
            return Err(Refusal::new(format!("at most {IDENTITIES_MAX} users and roles have policies")));
        }
        let policies = self.policies.or_insert_with(arn, SortedMap::new);
        if policies.len() >= POLICIES_MAX && !policies.contains_key(name) {
            return Err(Refusal::new(format!("a user or role has at most {POLICIES_MAX} policies")));
        }
        policies.insert(name.to_owned(), policy);
        Ok(())
    }

    /// Gives a key a policy, or the default one again.
    pub(crate) fn set_key_policy(&mut self, key: &str, document: Option<&str>) -> Result<(), Refusal> {
        self.check_key(key)?;
        let policy = document.map(Policy::of_key).transpose();
        self.keys.set_policy(key, policy.map_err(|error| Refusal::new(error.to_string()))?);
        Ok(())
    }

    /// Policies of a user or role that the account knows.
    pub(crate) fn policies_of(&self, principal: &str) -> impl Iterator<Item = (&String, &Policy)> {
        self.policies.get(&self.arn(principal)).into_iter().flat_map(|policies| policies.iter())
    }

    pub(crate) fn set_key_state(&mut self, key: &str, state: KeyState) -> Result<(), Refusal> {
        self.check_key(key)?;
        self.keys.set(key, state);
        Ok(())
    }

    fn check_key(&self, key: &str) -> Result<(), Refusal> {
        if key.is_empty() || key.len() > 2_048 {
            return Err(Refusal::new("a key is named by 1 to 2048 characters: an id, an ARN or an alias"));
        }
        if self.keys.count() >= KEYS_MAX {
            return Err(Refusal::new(format!(
                "at most {KEYS_MAX} keys have states or policies of their own"
            )));
        }
        Ok(())
    }
}

/// `role` or `user`, and its name behind its path.
fn kind_and_name(arn: &str) -> (&'static str, &str) {
    let kind = if arn.contains(":role/") { "role" } else { "user" };
    (kind, arn.rsplit('/').next().unwrap_or_default())
}
/// The session in which the role of that ARN is assumed, as AWS shows the caller; none where it is no role.
///
/// Documented: a principal of an assumed role is `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION` (IAM User Guide, "IAM
/// identifiers"), and a profile with `role_arn` names its session by the time (botocore 1.44, `credentials.py`).
/// Simplified: each call stands in a session of its own.
pub fn session_of(arn: &str, now: Instant) -> Option<String> {
    let (account, role) = arn.strip_prefix("arn:aws:iam::")?.split_once(":role/")?;
    Some(format!("arn:aws:sts::{account}:assumed-role/{role}/botocore-session-{}", now.seconds()))
}
