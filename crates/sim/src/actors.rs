//! The simulated programs, one file each.

pub(crate) mod agent;
mod calls;
mod copies;
mod delay_meter;
pub(crate) mod dms;
pub(crate) mod firehose;
pub(crate) mod flink;
pub(crate) mod kcl_worker;
pub(crate) mod kpl;
pub(crate) mod lambda;
pub(crate) mod managed;
pub(crate) mod producer;
pub(crate) mod reader;
pub(crate) mod reader_meter;
pub(crate) mod registration;
mod retry;
pub(crate) mod stream_source;
