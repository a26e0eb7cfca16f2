//! As whom a program calls AWS, and from where.

use crate::Subnet;

/// The role that a program's calls are made as, and the subnet that they come from.
///
/// By default a program calls as the account's admin: what rights it needs shows as soon as it has a role of its own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Name of a role of the account; the account's admin where absent.
    pub role: Option<String>,
    pub subnet: Subnet,
}
