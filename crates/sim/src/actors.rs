//! The simulated programs, one file each.

mod calls;
mod copies;
pub(crate) mod kcl_worker;
pub(crate) mod producer;
pub(crate) mod reader;
pub(crate) mod registration;
mod retry;
