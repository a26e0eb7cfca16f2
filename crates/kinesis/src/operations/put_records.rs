//! PutRecords: up to 500 records, each of which succeeds or fails by itself.

use serde::{Deserialize, Serialize};

use super::write::{Write, must_take_records};
use crate::validate::Violations;
use crate::{
    ApiError, Blob, CallContext, ErrorCode, Fact, Limits, Response, SequenceNumber, Service, ShardId,
    StreamName, WriteLimit,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsInput {
    pub records: Option<Vec<PutRecordsRequestEntry>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutRecordsRequestEntry {
    pub data: Option<Blob>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit_hash_key: Option<String>,
    pub partition_key: Option<String>,
}

/// HTTP 200 even where every record was refused: `failed_record_count` tells.
#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PutRecordsOutput {
    pub failed_record_count: u32,
    /// In the order of the request.
    pub records: Vec<PutRecordsResultEntry>,
}

#[derive(Clone, PartialEq, Debug, Serialize)]
#[serde(rename_all = "PascalCase", untagged)]
pub enum PutRecordsResultEntry {
    #[serde(rename_all = "PascalCase")]
    Stored { sequence_number: SequenceNumber, shard_id: ShardId },
    #[serde(rename_all = "PascalCase")]
    Refused { error_code: ErrorCode, error_message: String },
}

/// What one call put into one shard, and what of it was refused.
struct Run {
    shard: ShardId,
    stored: Total,
    first_index: u64,
    last_index: u64,
    /// By budget, in the order of `WriteLimit::ALL`.
    refused: [Total; WriteLimit::ALL.len()],
}

#[derive(Clone, Copy, Default)]
struct Total {
    count: u32,
    bytes: u64,
}

/// The runs of one call. A table instead of a map: this is looked into for every record of every producer.
struct Runs {
    runs: Vec<Run>,
    /// For each shard of the stream, its place in `runs`, or `NONE`.
    places: Vec<u32>,
}

const NONE: u32 = u32::MAX;

pub(crate) fn put_records(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &PutRecordsInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let entries = check(input, &service.limits)?;
    let account = service.account.clone();
    let stream = service.find(&input.stream_name, &input.stream_arn)?;
    must_take_records(stream, &account)?;
    let name = stream.name.clone();

    let writes = entries
        .iter()
        .filter_map(|entry| match (&entry.partition_key, &entry.data) {
            (Some(key), Some(data)) => Some(Write::new(key, entry.explicit_hash_key.as_deref(), data)),
            _ => None,
        })
        .collect::<Result<Vec<Write<'_>>, ApiError>>()?;
    let record_limit = service.limits.record_bytes;
    if writes.iter().any(|write| write.size() > record_limit) {
        return Err(ApiError::record_too_large(record_limit));
    }
    let total: u64 = writes.iter().map(Write::size).sum();
    if total > service.limits.put_records_bytes {
        return Err(ApiError::records_too_large(service.limits.put_records_bytes));
    }
    service.make_room(writes.iter().map(Write::stored_size).sum(), ctx.now)?;

    let not_found = || ApiError::stream_not_found(&name, &account);
    let stream = service.streams.get_mut(&name).ok_or_else(not_found)?;
    let mut runs = Runs { runs: Vec::new(), places: vec![NONE; stream.shards().len()] };
    let mut records = Vec::with_capacity(writes.len());
    let mut failed_record_count = 0;
    for write in &writes {
        let (id, stored) = write.store(stream, ctx.now).ok_or_else(not_found)?;
        let run = runs.of(id);
        records.push(match stored {
            Ok(index) => {
                run.stored.add(write.size());
                run.first_index = run.first_index.min(index);
                run.last_index = index;
                let sequence_number = stream.shards[id.0 as usize].sequence_number(index, ctx.now);
                PutRecordsResultEntry::Stored { sequence_number, shard_id: id }
            }
            Err(limit) => {
                failed_record_count += 1;
                run.refused[limit as usize].add(write.size());
                let refused = ApiError::write_throttled(id, &name, &account);
                PutRecordsResultEntry::Refused {
                    error_code: refused.code(),
                    error_message: refused.message().to_owned(),
                }
            }
        });
    }
    runs.tell(&name, facts);
    Ok(Response::PutRecords(PutRecordsOutput { failed_record_count, records }))
}

impl Total {
    fn add(&mut self, size: u64) {
        self.count += 1;
        self.bytes += size;
    }
}

impl Runs {
    fn of(&mut self, shard: ShardId) -> &mut Run {
        let place = &mut self.places[shard.0 as usize];
        if *place == NONE {
            *place = self.runs.len() as u32;
            self.runs.push(Run {
                shard,
                stored: Total::default(),
                first_index: u64::MAX,
                last_index: 0,
                refused: Default::default(),
            });
        }
        &mut self.runs[*place as usize]
    }

    /// One fact for what each shard took and one for each budget that refused, in the order of the shards.
    fn tell(mut self, name: &StreamName, facts: &mut Vec<Fact>) {
        self.runs.sort_unstable_by_key(|run| run.shard);
        for Run { shard, stored, first_index, last_index, refused } in self.runs {
            if stored.count > 0 {
                let Total { count, bytes } = stored;
                let stream = name.clone();
                facts.push(Fact::RecordsAppended { stream, shard, count, bytes, first_index, last_index });
            }
            for (limit, Total { count, bytes }) in WriteLimit::ALL.into_iter().zip(refused) {
                if count > 0 {
                    facts.push(Fact::WriteThrottled { stream: name.clone(), shard, limit, count, bytes });
                }
            }
        }
    }
}

fn check<'a>(input: &'a PutRecordsInput, limits: &Limits) -> Result<&'a [PutRecordsRequestEntry], ApiError> {
    let mut violations = Violations::new();
    violations.required(&input.records, "records");
    violations.list_length(&input.records, "records", 1, limits.put_records_count as usize);
    let entries = input.records.as_deref().unwrap_or_default();
    for (i, entry) in entries.iter().enumerate() {
        // The path is made only where something may be wrong: this runs for every record of every producer.
        let is_plain = entry.explicit_hash_key.is_none()
            && entry.data.as_ref().is_some_and(|data| data.size() <= limits.record_bytes)
            && entry.partition_key.as_ref().is_some_and(|key| (1..=256).contains(&key.len()));
        if !is_plain && !violations.is_full() {
            let path = |member| format!("records.{}.member.{member}", i + 1);
            violations.required(&entry.data, &path("data"));
            violations.blob(&entry.data, &path("data"), limits.record_bytes);
            violations.hash_key(&entry.explicit_hash_key, &path("explicitHashKey"));
            violations.required(&entry.partition_key, &path("partitionKey"));
            violations.length(&entry.partition_key, &path("partitionKey"), 1, 256);
        }
    }
    violations.name(&input.stream_name, "streamName");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LimitsProfile;
    use crate::testing::*;

    const THROTTLED: &str =
        "Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.";

    fn stored_count(output: &PutRecordsOutput) -> usize {
        output.records.iter().filter(|entry| is_stored(entry)).count()
    }

    /// Five shards take a MiB each, less `spared` bytes of the last one.
    fn five_mib_less(spared: usize) -> PutRecordsInput {
        let ranges = crate::HashKeyRange::evenly(5);
        let records = ranges.iter().enumerate().map(|(i, range)| PutRecordsRequestEntry {
            explicit_hash_key: text(&range.starting_hash_key.to_string()),
            ..entry("k", MIB - 1 - if i == 4 { spared } else { 0 })
        });
        batch(records.collect())
    }

    #[test]
    fn the_answer_lists_what_was_stored_and_what_was_refused_in_the_order_of_the_request() {
        let mut lab = Lab::with_shards(1);
        let records = vec![entry("a", 1), entry("a", MIB - 1), entry("a", 1)];
        expect_test::expect![[r#"{"FailedRecordCount":1,"Records":[{"SequenceNumber":"49670424472731169861061894383144094351084856727964745730","ShardId":"shardId-000000000000"},{"ErrorCode":"ProvisionedThroughputExceededException","ErrorMessage":"Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012."},{"SequenceNumber":"49670424472731169861061894383145303276904471357139451906","ShardId":"shardId-000000000000"}]}"#]]
        .assert_eq(&lab.prints(batch(records)));
    }

    #[test]
    fn no_records_are_refused() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.refusal(batch(vec![])),
            "ValidationException: 1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: \
             Member must have length greater than or equal to 1"
        );
        assert_eq!(
            lab.refusal(PutRecordsInput { stream_name: text("orders"), ..Default::default() }),
            "ValidationException: 1 validation error detected: Value null at 'records' failed to satisfy constraint: \
             Member must not be null"
        );
    }

    #[test]
    fn five_hundred_records_are_accepted_and_one_more_is_not() {
        let mut lab = Lab::with_shards(1);
        let request = |n| batch(vec![entry("a", 1); n]);
        assert_eq!(stored_count(&lab.put_many(request(500))), 500);
        assert_eq!(
            lab.refusal(request(501)),
            "ValidationException: 1 validation error detected: Value '[501 items]' at 'records' failed to satisfy \
             constraint: Member must have length less than or equal to 500"
        );
        assert_eq!(lab.stream().shards()[0].log.last_index(), 500);
    }

    #[test]
    fn what_is_wrong_with_a_record_is_said_with_its_place_from_one() {
        let mut lab = Lab::with_shards(1);
        let bad = PutRecordsRequestEntry {
            data: bytes(MIB + 1),
            explicit_hash_key: text("-1"),
            partition_key: Some("k".repeat(257)),
        };
        let said = lab.refusal(batch(vec![entry("a", 1), bad, Default::default()]));
        assert_eq!(
            said.replace(&"k".repeat(257), "KEY").replace("; ", "\n"),
            r"ValidationException: 5 validation errors detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=1048577 cap=1048577]' at 'records.2.member.data' failed to satisfy constraint: Member must have length less than or equal to 1048576
Value '-1' at 'records.2.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(0|([1-9]\d{0,38}))$
Value 'KEY' at 'records.2.member.partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256
Value null at 'records.3.member.data' failed to satisfy constraint: Member must not be null
Value null at 'records.3.member.partitionKey' failed to satisfy constraint: Member must not be null"
        );
    }

    #[test]
    fn five_mib_are_accepted_and_one_byte_more_is_not() {
        assert_eq!(stored_count(&Lab::with_shards(5).put_many(five_mib_less(0))), 5);
        let mut too_much = five_mib_less(1);
        if let Some(records) = &mut too_much.records {
            records.push(entry("k", 1));
        }
        assert_eq!(
            Lab::with_shards(5).refusal(too_much),
            "InvalidArgumentException: Records size exceeds 5 MB limit"
        );
    }

    #[test]
    fn today_ten_mib_are_accepted_in_one_call() {
        let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 1);
        let request = |n| batch(vec![entry("k", MIB - 1); n]);
        assert_eq!(lab.refusal(request(11)), "InvalidArgumentException: Records size exceeds 10 MB limit");
        assert_eq!(stored_count(&lab.put_many(request(10))), 10);
    }

    #[test]
    fn a_record_whose_key_makes_it_too_large_refuses_the_whole_call() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.refusal(batch(vec![entry("a", 1), entry("a", MIB)])),
            "InvalidArgumentException: Record size (data and partition key) exceeds 1048576 bytes"
        );
        assert_eq!(lab.stream().shards()[0].log.last_index(), 0);
    }

    #[test]
    fn a_hash_key_past_the_key_space_refuses_the_whole_call() {
        let mut lab = Lab::with_shards(1);
        let bad = PutRecordsRequestEntry {
            explicit_hash_key: text("340282366920938463463374607431768211456"),
            ..entry("a", 1)
        };
        assert_eq!(
            lab.refusal(batch(vec![entry("a", 1), bad])),
            "InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. \
             Specified value was 340282366920938463463374607431768211456"
        );
        assert_eq!(lab.stream().shards()[0].log.last_index(), 0);
    }

    #[test]
    fn the_stream_is_looked_for_before_the_records_are_judged() {
        let too_large = batch(vec![entry("a", MIB)]);
        let not_found = "ResourceNotFoundException: Stream orders under account 123456789012 not found.";
        assert_eq!(Lab::empty().refusal(too_large.clone()), not_found);
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(lab.refusal(too_large), not_found);
    }

    #[test]
    fn of_fifteen_hundred_records_in_a_second_five_hundred_are_refused() {
        let mut lab = Lab::with_shards(1);
        let failed: Vec<u32> =
            (0..3).map(|_| lab.put_many(batch(vec![entry("a", 1); 500])).failed_record_count).collect();
        assert_eq!(failed, [0, 0, 500]);
    }

    /// Reported against AWS: kinesalite, pull request 87.
    #[test]
    fn of_several_records_of_a_mib_for_one_shard_the_first_is_stored() {
        let mut lab = Lab::with_shards(1);
        let output = lab.put_many(batch(vec![entry("a", MIB - 1); 3]));
        assert_eq!(output.records.iter().map(is_stored).collect::<Vec<_>>(), [true, false, false]);
    }

    #[test]
    fn a_refused_record_does_not_hold_back_the_ones_after_it() {
        let mut lab = Lab::with_shards(1);
        let output = lab.put_many(batch(vec![entry("a", MIB - 100), entry("b", 100), entry("c", 50)]));
        assert_eq!(output.failed_record_count, 1);
        assert_eq!(lab.keys_in(0), ["a", "c"]);
    }

    #[test]
    fn a_call_is_accepted_even_where_every_record_is_refused() {
        let mut lab = Lab::with_shards(1);
        lab.put_many(batch(vec![entry("a", MIB - 1)]));
        let output = lab.put_many(batch(vec![entry("a", 1); 2]));
        assert_eq!(output.failed_record_count, 2);
        let refused = PutRecordsResultEntry::Refused {
            error_code: ErrorCode::ProvisionedThroughputExceeded,
            error_message: THROTTLED.to_owned(),
        };
        assert_eq!(output.records, [refused.clone(), refused]);
    }

    #[test]
    fn a_throttled_shard_does_not_hurt_the_others() {
        let mut lab = Lab::with_shards(2);
        // "a" belongs to the first shard, "b" to the second.
        lab.put_many(batch(vec![entry("a", MIB - 1)]));
        let output = lab.put_many(batch(vec![entry("a", 1), entry("b", 1)]));
        assert_eq!(output.records.iter().map(is_stored).collect::<Vec<_>>(), [false, true]);
    }

    #[test]
    fn each_shard_is_told_of_once_for_what_it_took_and_once_for_each_budget_that_refused() {
        let mut lab = Lab::with_shards(2);
        let mut records = vec![entry("b", 9), entry("a", 2), entry("b", 9)];
        records.extend([entry("a", MIB - 1), entry("a", 4), entry("a", MIB - 1)]);
        lab.put_many(batch(records));
        let stream: StreamName = "orders".into();
        let appended = |shard, count, bytes, last_index| Fact::RecordsAppended {
            stream: stream.clone(),
            shard: ShardId(shard),
            count,
            bytes,
            first_index: 1,
            last_index,
        };
        let throttled = Fact::WriteThrottled {
            stream: stream.clone(),
            shard: ShardId(0),
            limit: WriteLimit::Bytes,
            count: 2,
            bytes: 2 << 20,
        };
        assert_eq!(lab.facts, [appended(0, 2, 8, 2), throttled, appended(1, 2, 20, 2)]);
    }
}
