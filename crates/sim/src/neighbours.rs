//! Services beside Kinesis, one file each: what programs deliver to and read from.

pub(crate) mod account;
pub(crate) mod cloudtrail;
pub(crate) mod cloudwatch;
pub(crate) mod condition;
pub(crate) mod cost;
pub(crate) mod decimal;
pub(crate) mod dynamodb;
pub(crate) mod function;
pub(crate) mod managed_policies;
pub(crate) mod messages;
pub(crate) mod network;
pub(crate) mod pattern;
pub(crate) mod ready_policies;
pub(crate) mod s3;

use crate::dice::Dice;

/// A random UUID (version 4), as AWS names things that nobody names.
pub(crate) fn uuid(dice: &mut Dice) -> String {
    let (high, low) = (dice.next(), dice.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff
    )
}
