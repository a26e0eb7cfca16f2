//! StartStreamEncryption and StopStreamEncryption: whether new records are encrypted at rest, and with which key.

use std::sync::Arc;

use crate::quota::DayCount;
use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Duration, Fact, Operation, Response, Service, Stream, StreamStatus};

input!(StartStreamEncryptionInput {
    stream_name: String,
    encryption_type: String,
    key_id: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

input!(StopStreamEncryptionInput {
    stream_name: String,
    encryption_type: String,
    key_id: String,
    #[serde(rename = "StreamARN")]
    stream_arn: String,
});

pub(crate) fn start_stream_encryption(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &StartStreamEncryptionInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let key = input.key_id.as_deref().map(Arc::from);
    let members = Members {
        operation: Operation::StartStreamEncryption,
        stream_name: input.stream_name.as_deref(),
        stream_arn: input.stream_arn.as_deref(),
        encryption_type: &input.encryption_type,
        key_id: &input.key_id,
    };
    change(service, ctx, members, key, |stream| &mut stream.encryption_starts, facts)?;
    Ok(Response::StartStreamEncryption(()))
}

pub(crate) fn stop_stream_encryption(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &StopStreamEncryptionInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let members = Members {
        operation: Operation::StopStreamEncryption,
        stream_name: input.stream_name.as_deref(),
        stream_arn: input.stream_arn.as_deref(),
        encryption_type: &input.encryption_type,
        key_id: &input.key_id,
    };
    change(service, ctx, members, None, |stream| &mut stream.encryption_stops, facts)?;
    Ok(Response::StopStreamEncryption(()))
}

struct Members<'a> {
    operation: Operation,
    stream_name: Option<&'a str>,
    stream_arn: Option<&'a str>,
    encryption_type: &'a Option<String>,
    key_id: &'a Option<String>,
}

/// Documented: records written before keep their encryption; it may take five seconds after ACTIVE until every new one
/// is encrypted. Here it is the first one after ACTIVE.
/// Assumed: any text is taken for a key, and StopStreamEncryption does not compare it with the one in use; starting
/// twice and stopping what is not encrypted are accepted.
fn change(
    service: &mut Service,
    ctx: &CallContext<'_>,
    members: Members<'_>,
    key: Option<Arc<str>>,
    count: fn(&mut Stream) -> &mut DayCount,
    facts: &mut Vec<Fact>,
) -> Result<(), ApiError> {
    let Members { operation, stream_name, stream_arn, encryption_type, key_id } = members;
    let mut violations = Violations::new();
    violations.name(&stream_name, "streamName");
    violations.required(encryption_type, "encryptionType");
    violations.one_of(encryption_type, "encryptionType", &["NONE", "KMS"]);
    violations.required(key_id, "keyId");
    violations.length(key_id, "keyId", 1, 2_048);
    violations.stream_arn(&stream_arn);
    violations.finish()?;
    service.admit(ctx, operation, Target::Stream(stream_name, stream_arn))?;
    if encryption_type.as_deref() != Some("KMS") {
        return Err(ApiError::encryption_type_must_be_kms(operation.name()));
    }
    let account = service.account.clone();
    let limit = service.limits.encryption_changes;
    let due = ctx.now + Duration::from_seconds(service.limits.encryption_seconds);
    let stream = service.find(stream_name, stream_arn)?;
    stream.must_be_active(&account)?;
    let name = stream.name.clone();
    if let Some(key) = &key {
        service.must_use_key(ctx, "kms:DescribeKey", key, &name)?;
    }
    let stream = service.find_mut(stream_name, stream_arn)?;
    if !count(stream).take(limit, ctx.now) {
        return Err(ApiError::day_limit(operation.name(), limit, &name, &account));
    }
    stream.begin(StreamStatus::Updating, due, Change::Encrypt { key }, facts);
    service.reschedule(&name);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{EncryptionType, ShardIteratorType};

    fn start() -> StartStreamEncryptionInput {
        StartStreamEncryptionInput {
            stream_name: text("orders"),
            encryption_type: text("KMS"),
            key_id: text("alias/aws/kinesis"),
            stream_arn: None,
        }
    }

    fn stop() -> StopStreamEncryptionInput {
        StopStreamEncryptionInput {
            stream_name: text("orders"),
            encryption_type: text("KMS"),
            key_id: text("alias/aws/kinesis"),
            stream_arn: None,
        }
    }

    #[test]
    fn the_stream_is_updating_and_then_shows_its_key() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(start()), "null");
        assert_eq!(lab.stream().status, StreamStatus::Updating);
        assert_eq!(lab.describe().encryption_type, EncryptionType::None);
        lab.wait(SECOND.times(5));
        let description = lab.describe();
        assert_eq!(
            (description.stream_status, description.encryption_type, description.key_id),
            (StreamStatus::Active, EncryptionType::Kms, text("alias/aws/kinesis"))
        );
        assert_eq!(lab.prints(stop()), "null");
        lab.wait(SECOND.times(5));
        let description = lab.describe();
        assert_eq!((description.encryption_type, description.key_id), (EncryptionType::None, None));
    }

    #[test]
    fn a_record_keeps_the_encryption_that_it_was_written_with() {
        let mut lab = Lab::with_shards(1);
        let encryptions = [None, None, Some(EncryptionType::Kms), Some(EncryptionType::Kms), None];
        let put = |lab: &mut Lab| lab.put(put("k", "x")).encryption_type;
        let mut answered = vec![put(&mut lab)];
        lab.accepts(start());
        answered.push(put(&mut lab));
        lab.wait(SECOND.times(5));
        answered.push(put(&mut lab));
        assert_eq!(lab.put_many(batch(vec![entry("k", 1)])).encryption_type, Some(EncryptionType::Kms));
        lab.accepts(stop());
        answered.push(Some(EncryptionType::Kms));
        lab.wait(SECOND.times(5));
        answered.push(put(&mut lab));
        assert_eq!(answered, encryptions);
        let iterator = lab.iterator(0, ShardIteratorType::TrimHorizon);
        let read: Vec<_> = lab.read(&iterator).records.iter().map(|r| r.encryption_type).collect();
        assert_eq!(read, encryptions);
    }

    #[test]
    fn twenty_five_starts_succeed_in_any_24_hours() {
        let mut lab = Lab::with_shards(1);
        for _ in 0..25 {
            lab.accepts(start());
            lab.wait(SECOND.times(5));
        }
        assert_eq!(
            lab.refusal(start()),
            "LimitExceededException: StartStreamEncryption can be called 25 times in 24 hours for stream orders under \
             account 123456789012."
        );
        lab.accepts(stop());
        lab.wait(HOUR.times(24));
        lab.accepts(start());
    }

    #[test]
    fn members_out_of_their_constraints_are_refused() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(
            lab.refusal(StartStreamEncryptionInput { encryption_type: text("NONE"), ..start() }),
            "InvalidArgumentException: EncryptionType of StartStreamEncryption must be KMS."
        );
        assert_eq!(
            lab.refusal(StopStreamEncryptionInput { encryption_type: text("AES"), key_id: None, ..stop() }),
            "ValidationException: 2 validation errors detected: Value 'AES' at 'encryptionType' failed to satisfy \
             constraint: Member must satisfy enum value set: [NONE, KMS]; Value null at 'keyId' failed to satisfy \
             constraint: Member must not be null"
        );
        lab.accepts(start());
        assert_eq!(
            lab.refusal(stop()),
            "ResourceInUseException: Stream orders under account 123456789012 not ACTIVE, instead in state UPDATING"
        );
    }
}
