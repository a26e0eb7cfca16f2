//! UpdateMaxRecordSize: how large one record of a stream may be.

use crate::service::Target;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Fact, Operation, Response, Service, StreamSetting};

input!(UpdateMaxRecordSizeInput {
    #[serde(rename = "StreamARN")]
    stream_arn: String,
    #[serde(rename = "MaxRecordSizeInKiB")]
    max_record_size_in_kib: i64,
});

/// Documented: 1,024 to 10,240 KiB. Assumed: it takes effect at once and the stream stays ACTIVE; records that are
/// there already stay readable.
pub(crate) fn update_max_record_size(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &UpdateMaxRecordSizeInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.stream_arn(&input.stream_arn);
    violations.required(&input.max_record_size_in_kib, "maxRecordSizeInKiB");
    violations.max_record_size(input.max_record_size_in_kib);
    violations.finish()?;
    service.admit(ctx, Operation::UpdateMaxRecordSize, Target::Stream(None, input.stream_arn.as_deref()))?;
    let account = service.account.clone();
    let burst = service.limits.shard_write_burst;
    let stream = service.find_mut(None, input.stream_arn.as_deref())?;
    stream.must_be_active(&account)?;
    if let Some(size) = input.max_record_size_in_kib.and_then(|size| u32::try_from(size).ok()) {
        stream.set_max_record_size(size, burst, ctx.now);
    }
    facts.push(Fact::SettingChanged { stream: stream.name.clone(), setting: StreamSetting::MaxRecordSize });
    Ok(Response::UpdateMaxRecordSize(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{CreateStreamInput, DescribeStreamSummaryInput, LimitsProfile, PutRecordInput};

    fn to(size: i64) -> UpdateMaxRecordSizeInput {
        UpdateMaxRecordSizeInput { stream_arn: text(ARN), max_record_size_in_kib: Some(size) }
    }

    /// A record whose data and one-letter key have so many bytes.
    fn record(size: usize) -> PutRecordInput {
        PutRecordInput { data: bytes(size - 1), ..put("k", "") }
    }

    #[test]
    fn a_larger_record_fits_once_the_stream_allows_it_and_its_shard_has_saved_up_for_it() {
        for profile in LimitsProfile::ALL {
            let mut lab = Lab::with_shards_under(profile, 1);
            assert!(lab.call(record(MIB + 1)).is_err(), "{profile:?}");
            assert_eq!(lab.prints(to(2_048)), "null");
            lab.wait(SECOND);
            lab.accepts(record(2 * MIB));
            assert!(lab.call(record(2 * MIB + 1)).is_err(), "{profile:?}");
        }
    }

    #[test]
    fn a_shard_still_takes_one_mib_a_second_on_average() {
        let mut lab = Lab::with_shards_under(LimitsProfile::AwsToday, 1);
        lab.accepts(to(10_240));
        lab.accepts(record(10 * MIB));
        lab.wait(SECOND.times(9));
        assert!(lab.refusal(record(10 * MIB)).starts_with("ProvisionedThroughputExceededException"));
        lab.wait(SECOND);
        lab.accepts(record(10 * MIB));
    }

    #[test]
    fn new_shards_take_large_records_too() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(to(2_048));
        lab.splits(0, 1 << 127);
        lab.accepts(record(2 * MIB));
    }

    #[test]
    fn a_stream_may_be_created_with_a_larger_size_and_shows_it() {
        let mut lab = Lab::empty();
        lab.accepts(CreateStreamInput { max_record_size_in_kib: Some(5_000), ..create("orders", 1) });
        lab.wait(SECOND.times(20));
        let summary = DescribeStreamSummaryInput { stream_name: text("orders"), ..Default::default() };
        let printed = lab.prints(summary);
        assert!(printed.contains(r#""ConsumerCount":0,"MaxRecordSizeInKiB":5000"#), "{printed}");
        lab.accepts(record(5_000 << 10));
    }

    #[test]
    fn sizes_out_of_range_are_refused() {
        for (size, rule) in
            [(1_023, "greater than or equal to 1024"), (10_241, "less than or equal to 10240")]
        {
            assert_eq!(
                Lab::with_shards(1).refusal(to(size)),
                format!(
                    "ValidationException: 1 validation error detected: Value '{size}' at 'maxRecordSizeInKiB' failed to \
                     satisfy constraint: Member must have value {rule}"
                )
            );
        }
    }

    #[test]
    fn a_stream_that_is_not_active_refuses() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        assert_eq!(
            lab.refusal(to(2_048)),
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state CREATING"
        );
    }
}
