//! Hash keys of partition keys that came up a moment ago: programs use the same keys again and again, and each reader
//! asks anew where a key falls.
//!
//! Not part of any state: what stands here is only what MD5 would say again.

use std::cell::RefCell;

use smol_str::SmolStr;

use crate::hash_key_of;

/// Keys that are known at a time at most.
const KNOWN_MAX: usize = 4_096;

thread_local! {
    static KNOWN: RefCell<Vec<Option<(SmolStr, u128)>>> = const { RefCell::new(Vec::new()) };
}

/// Where a partition key falls; quicker than [`hash_key_of`] for keys that come again and again.
pub fn known_hash_key(partition_key: &str) -> u128 {
    KNOWN.with_borrow_mut(|known| {
        if known.is_empty() {
            known.resize(KNOWN_MAX, None);
        }
        let Some(slot) = known.get_mut(place(partition_key)) else { return hash_key_of(partition_key) };
        match slot {
            Some((key, hash_key)) if key == partition_key => *hash_key,
            _ => {
                let hash_key = hash_key_of(partition_key);
                *slot = Some((partition_key.into(), hash_key));
                hash_key
            }
        }
    })
}

/// FNV-1a.
fn place(partition_key: &str) -> usize {
    let hash = partition_key
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ hash >> 16) as usize % KNOWN_MAX
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_is_what_md5_says() {
        for _ in 0..2 {
            for number in 0..5_000 {
                let key = format!("user-{number}");
                assert_eq!(known_hash_key(&key), hash_key_of(&key));
            }
        }
    }
}
