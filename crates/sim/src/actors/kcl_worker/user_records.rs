//! What an application sees of a Kinesis record: the library takes the KPL's aggregates apart.

use kinesis::{HashKeyRange, StoredData, deaggregate, known_hash_key};

/// User records in a record; none where an aggregate holds one that does not belong to the lease, so that all of it is
/// thrown away.
///
/// Documented: `AggregatorUtil.deaggregate` in the library's source. After a reshard the producer notices that a user
/// record came to an unexpected shard and sends it again.
pub(super) fn count(data: StoredData<'_>, range: HashKeyRange) -> u64 {
    let is_inside = |hash: u128| (range.starting_hash_key..=range.ending_hash_key).contains(&hash);
    match data {
        StoredData::Generated(recipe) if !recipe.is_aggregate() => 1,
        StoredData::Generated(stored) => {
            let hash = |number| known_hash_key(&stored.recipe.partition_key(number));
            if stored.numbers().all(|number| is_inside(hash(number))) { stored.count() } else { 0 }
        }
        StoredData::Bytes(bytes) => match deaggregate(bytes) {
            None => 1,
            Some(users) => {
                let hash = |user: &kinesis::UserRecord| {
                    let explicit = user.explicit_hash_key.as_ref().and_then(|key| key.parse().ok());
                    explicit.unwrap_or_else(|| known_hash_key(&user.partition_key))
                };
                if users.iter().all(|user| is_inside(hash(user))) { users.len() as u64 } else { 0 }
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use kinesis::{UserRecord, aggregate};

    use super::*;

    const WHOLE: HashKeyRange = HashKeyRange { starting_hash_key: 0, ending_hash_key: u128::MAX };
    const UPPER: HashKeyRange = HashKeyRange { starting_hash_key: 1 << 127, ending_hash_key: u128::MAX };

    fn user(key: &str, explicit_hash_key: Option<&str>) -> UserRecord {
        let explicit_hash_key = explicit_hash_key.map(str::to_owned);
        UserRecord { partition_key: key.into(), explicit_hash_key, data: b"x".to_vec() }
    }

    /// MD5 of `us` begins with 0b, of `1` with c4.
    #[test]
    fn an_aggregate_with_one_foreign_record_is_thrown_away() {
        let count = |users: &[UserRecord], range| count(StoredData::Bytes(&aggregate(users)), range);
        assert_eq!(count(&[user("us", None), user("1", None)], WHOLE), 2);
        assert_eq!(count(&[user("1", None), user("1", None)], UPPER), 2);
        assert_eq!(count(&[user("1", None), user("us", None)], UPPER), 0);
        let top = u128::MAX.to_string();
        assert_eq!(count(&[user("us", Some(&top))], UPPER), 1, "the explicit hash key counts");
    }

    #[test]
    fn what_is_no_aggregate_is_one_record() {
        let mut broken = aggregate(&[user("1", None), user("1", None)]);
        assert_eq!(count(StoredData::Bytes(&broken), WHOLE), 2);
        *broken.last_mut().unwrap() ^= 1;
        assert_eq!(count(StoredData::Bytes(&broken), WHOLE), 1);
        assert_eq!(count(StoredData::Bytes(b"hello"), UPPER), 1);
    }
}
