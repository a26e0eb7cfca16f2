//! Refusals of the service: a code and the sentence that AWS says. Every sentence stands in this file.

use std::fmt;

use serde::{Serialize, Serializer};

use crate::authorization::{Denial, PolicyKind};
use crate::policy::Query;
use crate::{Duration, Instant, KeyState, Operation, PolicyError, ShardId, StreamStatus};

/// The name of an exception, as it stands in `__type` and in the command line's error line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ErrorCode {
    AccessDenied,
    DryRunOperation,
    ExpiredIterator,
    ExpiredNextToken,
    InvalidArgument,
    KmsAccessDenied,
    KmsDisabled,
    KmsInvalidState,
    KmsNotFound,
    KmsOptInRequired,
    KmsThrottling,
    LimitExceeded,
    ProvisionedThroughputExceeded,
    ResourceInUse,
    ResourceNotFound,
    Validation,
    /// Ours, not AWS's: the network lost the call or its answer, and the client gave up waiting.
    NoAnswer,
    /// Ours, not AWS's: the operation or option exists in AWS and is not simulated here.
    NotSimulated,
    /// Ours, not AWS's: the sandbox holds as much as it may.
    SandboxFull,
}

impl ErrorCode {
    /// Every code, for tables and look-ups.
    pub const ALL: [ErrorCode; 19] = [
        ErrorCode::AccessDenied,
        ErrorCode::DryRunOperation,
        ErrorCode::ExpiredIterator,
        ErrorCode::ExpiredNextToken,
        ErrorCode::InvalidArgument,
        ErrorCode::KmsAccessDenied,
        ErrorCode::KmsDisabled,
        ErrorCode::KmsInvalidState,
        ErrorCode::KmsNotFound,
        ErrorCode::KmsOptInRequired,
        ErrorCode::KmsThrottling,
        ErrorCode::LimitExceeded,
        ErrorCode::ProvisionedThroughputExceeded,
        ErrorCode::ResourceInUse,
        ErrorCode::ResourceNotFound,
        ErrorCode::Validation,
        ErrorCode::NoAnswer,
        ErrorCode::NotSimulated,
        ErrorCode::SandboxFull,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            ErrorCode::AccessDenied => "AccessDeniedException",
            ErrorCode::DryRunOperation => "DryRunOperationException",
            ErrorCode::ExpiredIterator => "ExpiredIteratorException",
            ErrorCode::ExpiredNextToken => "ExpiredNextTokenException",
            ErrorCode::InvalidArgument => "InvalidArgumentException",
            ErrorCode::KmsAccessDenied => "KMSAccessDeniedException",
            ErrorCode::KmsDisabled => "KMSDisabledException",
            ErrorCode::KmsInvalidState => "KMSInvalidStateException",
            ErrorCode::KmsNotFound => "KMSNotFoundException",
            ErrorCode::KmsOptInRequired => "KMSOptInRequired",
            ErrorCode::KmsThrottling => "KMSThrottlingException",
            ErrorCode::LimitExceeded => "LimitExceededException",
            ErrorCode::ProvisionedThroughputExceeded => "ProvisionedThroughputExceededException",
            ErrorCode::ResourceInUse => "ResourceInUseException",
            ErrorCode::ResourceNotFound => "ResourceNotFoundException",
            ErrorCode::Validation => "ValidationException",
            ErrorCode::NoAnswer => "ReadTimeoutError",
            ErrorCode::NotSimulated => "NotSimulatedException",
            ErrorCode::SandboxFull => "SandboxFullException",
        }
    }

    /// Whether clients back off and try again: the two codes that AWS SDKs treat as throttling.
    pub const fn is_retryable(self) -> bool {
        matches!(
            self,
            ErrorCode::ProvisionedThroughputExceeded | ErrorCode::LimitExceeded | ErrorCode::NoAnswer
        )
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// A refused request. Nothing of the request has taken effect.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ApiError {
    code: ErrorCode,
    message: String,
}

impl ApiError {
    pub fn code(&self) -> ErrorCode {
        self.code
    }

    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether only the rate of calls was too high, so that the same call may succeed a second later.
    pub fn is_call_rate(&self) -> bool {
        self.code == ErrorCode::LimitExceeded && self.message.starts_with(CALL_RATE_EXCEEDED)
    }

    fn new(code: ErrorCode, message: String) -> ApiError {
        ApiError { code, message }
    }

    fn not_found(message: String) -> ApiError {
        ApiError::new(ErrorCode::ResourceNotFound, message)
    }

    fn limit(message: String) -> ApiError {
        ApiError::new(ErrorCode::LimitExceeded, message)
    }

    fn invalid(message: impl Into<String>) -> ApiError {
        ApiError::new(ErrorCode::InvalidArgument, message.into())
    }

    pub(crate) fn violations(items: &[String]) -> ApiError {
        let noun = if items.len() == 1 { "error" } else { "errors" };
        ApiError::new(
            ErrorCode::Validation,
            format!("{} validation {noun} detected: {}", items.len(), items.join("; ")),
        )
    }

    // Authorization and keys --------------------------------------------------------------------------------------

    /// Observed: of an identity that nothing allows (users' logs of 2022 to 2026 for several operations, also for a
    /// stream that is not there), with HTTP status 400. Documented for IAM in general: the other endings.
    /// Assumed: actions that have no resource name none.
    pub(crate) fn access_denied(query: Query<'_>, denial: Denial) -> ApiError {
        ApiError::new(ErrorCode::AccessDenied, denial_text(query, denial))
    }

    /// Observed: with the text of a denied action of KMS, in a user's report of 2020 that ends with the resource.
    /// Assumed: since then with the reason, as all denials.
    pub(crate) fn kms_access_denied(query: Query<'_>, denial: Denial) -> ApiError {
        ApiError::new(ErrorCode::KmsAccessDenied, denial_text(query, denial))
    }

    /// Assumed: the sentences are those that KMS says to its own callers.
    pub(crate) fn key_unusable(key_arn: &str, state: KeyState) -> Option<ApiError> {
        let (code, message) = match state {
            KeyState::Enabled => return None,
            KeyState::Disabled => (ErrorCode::KmsDisabled, format!("{key_arn} is disabled.")),
            KeyState::PendingDeletion => {
                (ErrorCode::KmsInvalidState, format!("{key_arn} is pending deletion."))
            }
            KeyState::NotFound => (ErrorCode::KmsNotFound, format!("Key '{key_arn}' does not exist")),
            KeyState::OptInRequired => (
                ErrorCode::KmsOptInRequired,
                "The AWS Access Key Id needs a subscription for the service".to_owned(),
            ),
            KeyState::Throttling => (
                ErrorCode::KmsThrottling,
                "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls."
                    .to_owned(),
            ),
        };
        Some(ApiError::new(code, message))
    }

    /// Documented: the exception. Assumed: the text, which is what EC2 says of the same.
    pub(crate) fn dry_run() -> ApiError {
        ApiError::new(
            ErrorCode::DryRunOperation,
            "Request would have succeeded, but DryRun flag is set.".to_owned(),
        )
    }

    /// Documented: wildcards and other actions are not supported. Assumed: the code and the texts.
    pub(crate) fn resource_policy(error: &PolicyError) -> ApiError {
        match error {
            PolicyError::Malformed(sentence) => ApiError::invalid(sentence.as_str()),
            PolicyError::NotSimulated(what) => ApiError::not_simulated(what),
        }
    }

    // Streams and shards ------------------------------------------------------------------------------------------

    pub(crate) fn stream_not_found(stream: &str, account: &str) -> ApiError {
        ApiError::not_found(format!("Stream {stream} under account {account} not found."))
    }

    pub(crate) fn stream_exists(stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!("Stream {stream} under account {account} already exists."),
        )
    }

    pub(crate) fn stream_not_active(stream: &str, account: &str, status: StreamStatus) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!("Stream {stream} under account {account} not ACTIVE, instead in state {status}"),
        )
    }

    /// ListShards. Observed: in the log of an integration test of the AWS SDK for Java (pull request 5949); the Kinesis
    /// Client Library waits until the stream is "in Active or Updating" when ListShards says so.
    pub(crate) fn stream_not_listable(stream: &str, account: &str, status: StreamStatus) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!(
                "Stream {stream} under account {account} not ACTIVE or UPDATING, instead in state {status}"
            ),
        )
    }

    /// GetShardIterator and GetRecords, also where there is no such stream.
    /// Observed: kinesalite's tests against AWS, and users' logs.
    pub(crate) fn shard_does_not_exist(shard: ShardId, stream: &str, account: &str) -> ApiError {
        ApiError::not_found(format!(
            "Shard {shard} in stream {stream} under account {account} does not exist"
        ))
    }

    /// SplitShard, MergeShards and texts that name no shard.
    pub(crate) fn could_not_find_shard(shard: &str, stream: &str, account: &str) -> ApiError {
        ApiError::not_found(format!(
            "Could not find shard {shard} in stream {stream} under account {account}."
        ))
    }

    /// Assumed: the text for a provisioned stream without a number of shards is not known.
    pub(crate) fn shard_count_missing() -> ApiError {
        ApiError::invalid("ShardCount must be provided when StreamMode is PROVISIONED.")
    }

    /// Assumed: the service's own sentence for a request with neither a name nor an ARN is not known.
    pub(crate) fn no_stream_given() -> ApiError {
        ApiError::invalid("Either StreamARN or StreamName must be provided.")
    }

    /// Assumed: as above, for a name and an ARN of different streams.
    pub(crate) fn name_and_arn_differ(stream: &str, arn: &str) -> ApiError {
        ApiError::invalid(format!("StreamName {stream} and StreamARN {arn} do not name the same stream."))
    }

    /// Seen in a public test and as a substring match in a Terraform provider.
    pub(crate) fn too_many_creating(limit: u64) -> ApiError {
        ApiError::new(
            ErrorCode::LimitExceeded,
            format!(
                "This request would have exceed the limit on the number of streams that can simultaneously be in \
                 CREATING or DELETING. Limit: {limit}"
            ),
        )
    }

    pub(crate) fn shard_limit(
        account: &str,
        region: &str,
        count: u64,
        limit: u64,
        additional: u64,
    ) -> ApiError {
        ApiError::new(
            ErrorCode::LimitExceeded,
            format!(
                "This request would exceed the shard limit for the account {account} in {region}. Current shard \
                 count for the account: {count}. Limit: {limit}. Number of additional shards that would have \
                 resulted from this request: {additional}. Refer to the AWS Service Limits page \
                 (http://docs.aws.amazon.com/general/latest/gr/aws_service_limits.html) for current limits and how \
                 to request higher limits."
            ),
        )
    }

    // Resharding --------------------------------------------------------------------------------------------------

    pub(crate) fn split_key_outside(
        key: &str,
        shard: ShardId,
        stream: &str,
        account: &str,
        start: u128,
        end: u128,
    ) -> ApiError {
        ApiError::invalid(format!(
            "NewStartingHashKey {key} used in SplitShard() on shard {shard} in stream {stream} under account \
             {account} is not both greater than one plus the shard's StartingHashKey {start} and less than the \
             shard's EndingHashKey {end}."
        ))
    }

    pub(crate) fn not_adjacent(first: ShardId, second: ShardId, stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "Shards {first} and {second} in stream {stream} under account {account} are not an adjacent pair of \
             shards eligible for merging"
        ))
    }

    pub(crate) fn already_resharded(shard: ShardId, stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "Shard {shard} in stream {stream} under account {account} has already been merged or split, and thus is \
             not eligible for merging or splitting."
        ))
    }

    /// Seen in public issues; below for "down below half".
    pub(crate) fn scale_too_far(how: &str, open: u64, target: i64) -> ApiError {
        ApiError::limit(format!(
            "UpdateShardCount cannot scale {how} your current open shard count. Current open shard count: {open}, \
             Target shard count: {target}"
        ))
    }

    pub(crate) fn too_many_shards_of_stream(limit: u64, open: u64, target: i64) -> ApiError {
        ApiError::limit(format!(
            "Target shard count or number of open shards cannot be greater than {limit}. Current open shard count: \
             {open}, Target shard count: {target}"
        ))
    }

    /// Observed: with the stream, in a response that botocore's developers published; with the account alone, in a
    /// user's log of many ListStreams calls.
    pub(crate) fn call_rate(stream: Option<&str>, account: &str) -> ApiError {
        ApiError::limit(match stream {
            Some(stream) => format!("{CALL_RATE_EXCEEDED} stream {stream} under account {account}."),
            None => format!("{CALL_RATE_EXCEEDED} account {account}."),
        })
    }

    /// Assumed: the text for the limits per 24 hours is not known.
    pub(crate) fn day_limit(operation: &str, limit: u64, stream: &str, account: &str) -> ApiError {
        ApiError::limit(format!(
            "{operation} can be called {limit} times in 24 hours for stream {stream} under account {account}."
        ))
    }

    // Encryption and monitoring -----------------------------------------------------------------------------------

    /// Assumed: the text for a type that cannot be started or stopped is not known.
    pub(crate) fn encryption_type_must_be_kms(operation: &str) -> ApiError {
        ApiError::invalid(format!("EncryptionType of {operation} must be KMS."))
    }

    // Consumers ---------------------------------------------------------------------------------------------------

    /// Observed by moto's maintainers.
    pub(crate) fn consumer_not_found(consumer: &str, account: &str) -> ApiError {
        ApiError::not_found(format!("Consumer {consumer}, account {account} not found."))
    }

    /// Observed: in an issue of the Kinesis hot shard advisor (number 37).
    pub(crate) fn consumer_not_active(consumer: &str, created: u64, stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!(
                "Consumer {consumer} with creation timestamp {created} under stream: {stream} , account {account} is \
                 not in ACTIVE status."
            ),
        )
    }

    /// Observed: in an issue of the Kinesis Client Library (number 391).
    pub(crate) fn active_subscription(
        account: &str,
        stream: &str,
        shard: ShardId,
        consumer: &str,
    ) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!(
                "Another active subscription exists for this consumer: {account}:{stream}:{shard}:{consumer}"
            ),
        )
    }

    /// Assumed: the sentence for a name that is taken was not found in public material.
    pub(crate) fn consumer_exists(consumer: &str, stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!("Consumer {consumer} under stream {stream} already exists for account {account}."),
        )
    }

    /// Assumed: the texts for too many consumers are not known.
    pub(crate) fn too_many_consumers(what: &str, stream: &str, account: &str, limit: u64) -> ApiError {
        ApiError::limit(format!(
            "This request would exceed the limit on the number of {what} of stream {stream} under account {account}. \
             Limit: {limit}"
        ))
    }

    /// Assumed: the text for a request that names no consumer is not known.
    pub(crate) fn no_consumer_given() -> ApiError {
        ApiError::invalid("Either ConsumerARN or both StreamARN and ConsumerName must be provided.")
    }

    /// Assumed: the text is not known; the API Reference names the exception and the way out.
    pub(crate) fn stream_has_consumers(stream: &str, account: &str, count: usize) -> ApiError {
        ApiError::new(
            ErrorCode::ResourceInUse,
            format!(
                "Stream {stream} under account {account} has {count} registered consumers. Deregister them or set \
                 EnforceConsumerDeletion."
            ),
        )
    }

    /// Observed by moto's maintainers.
    pub(crate) fn on_demand_mode(stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::Validation,
            format!("Request is invalid. Stream {stream} under account {account} is in On-Demand mode."),
        )
    }

    /// Assumed: as above, of the other mode.
    pub(crate) fn provisioned_mode(stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::Validation,
            format!("Request is invalid. Stream {stream} under account {account} is in Provisioned mode."),
        )
    }

    /// Documented: InvalidArgumentException. Assumed: its text.
    pub(crate) fn distribution_needs_on_demand(stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "RecordDistributionStrategy is supported for streams in On-Demand mode only. Stream {stream} under account \
             {account} is in Provisioned mode."
        ))
    }

    /// Assumed: the code and the text for an account without On-demand Advantage are not known.
    pub(crate) fn no_commitment(account: &str) -> ApiError {
        ApiError::invalid(format!(
            "Warm throughput needs MinimumThroughputBillingCommitment to be enabled for account {account}."
        ))
    }

    /// Assumed: as above, for an account that still has warm throughput.
    pub(crate) fn warm_throughput_left(stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "MinimumThroughputBillingCommitment cannot be disabled while stream {stream} under account {account} has \
             warm throughput."
        ))
    }

    /// Assumed: as above, for more than the account's on-demand streams can have.
    pub(crate) fn warm_throughput_too_high(asked: i64, limit: u64) -> ApiError {
        ApiError::limit(format!(
            "Warm throughput cannot be greater than {limit} MiBps. Requested: {asked} MiBps"
        ))
    }

    /// Assumed: the text for a number of shards of an on-demand stream is not known.
    pub(crate) fn shard_count_not_wanted() -> ApiError {
        ApiError::invalid("ShardCount must not be provided when StreamMode is ON_DEMAND.")
    }

    /// Assumed: the text for too many on-demand streams is not known.
    pub(crate) fn too_many_on_demand_streams(account: &str, limit: u64) -> ApiError {
        ApiError::limit(format!(
            "This request would exceed the limit on the number of on-demand streams for the account {account}. Limit: \
             {limit}"
        ))
    }

    // Records -----------------------------------------------------------------------------------------------------

    pub(crate) fn hash_key_too_large(key: &str) -> ApiError {
        ApiError::invalid(format!(
            "Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was {key}"
        ))
    }

    pub(crate) fn ordering_number(number: &str, stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "ExclusiveMinimumSequenceNumber {number} used in PutRecord on stream {stream} under account {account} \
             is invalid."
        ))
    }

    pub(crate) fn records_too_large(limit: u64) -> ApiError {
        ApiError::invalid(format!("Records size exceeds {} MB limit", limit >> 20))
    }

    /// Assumed: the text for data that fits and a key that makes the record too large is not known.
    pub(crate) fn record_too_large(limit: u64) -> ApiError {
        ApiError::invalid(format!("Record size (data and partition key) exceeds {limit} bytes"))
    }

    pub(crate) fn write_throttled(shard: ShardId, stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::ProvisionedThroughputExceeded,
            format!("Rate exceeded for shard {shard} in stream {stream} under account {account}."),
        )
    }

    pub(crate) fn read_throttled(shard: ShardId, stream: &str, account: &str) -> ApiError {
        ApiError::new(
            ErrorCode::ProvisionedThroughputExceeded,
            format!("Rate exceeded for Shard - {account}/{stream}/{shard}"),
        )
    }

    // Iterators ---------------------------------------------------------------------------------------------------

    pub(crate) fn invalid_iterator() -> ApiError {
        ApiError::invalid("Invalid ShardIterator.")
    }

    pub(crate) fn iterator_expired(issued: Instant, now: Instant, tolerated: Duration) -> ApiError {
        ApiError::new(
            ErrorCode::ExpiredIterator,
            format!(
                "Iterator expired. The iterator was created at time {} while right now it is {} which is further in \
                 the future than the tolerated delay of {} milliseconds.",
                issued.to_java_text(),
                now.to_java_text(),
                tolerated.millis()
            ),
        )
    }

    pub(crate) fn iterator_type_and_number(what: &str) -> ApiError {
        ApiError::invalid(format!(
            "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) \
             TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified {what}."
        ))
    }

    pub(crate) fn timestamp_missing() -> ApiError {
        ApiError::invalid(
            "Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no \
             timestamp parameter.",
        )
    }

    pub(crate) fn timestamp_in_the_future(timestamp: Instant, now: Instant) -> ApiError {
        ApiError::invalid(format!(
            "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. \
             timestampInMillis: {}, currentTimestampInMillis: {}",
            timestamp.millis(),
            now.millis()
        ))
    }

    /// Assumed: SubscribeToShard says it like GetShardIterator, with its own name.
    pub(crate) fn starting_number(
        number: &str,
        operation: Operation,
        shard: ShardId,
        stream: &str,
        account: &str,
    ) -> ApiError {
        ApiError::invalid(format!(
            "StartingSequenceNumber {number} used in {operation} on shard {shard} in stream {stream} under \
             account {account} is invalid."
        ))
    }

    pub(crate) fn starting_number_of_other_stream(
        number: &str,
        operation: Operation,
        shard: ShardId,
        stream: &str,
        account: &str,
    ) -> ApiError {
        ApiError::invalid(format!(
            "StartingSequenceNumber {number} used in {operation} on shard {shard} in stream {stream} under \
             account {account} is invalid because it did not come from this stream."
        ))
    }

    /// Observed for both: GetShardIterator in kinesalite's tests, SubscribeToShard in an issue of the Kinesis Client
    /// Library (number 391).
    pub(crate) fn starting_number_of_other_shard(encoded: ShardId, used: ShardId) -> ApiError {
        ApiError::invalid(format!(
            "Invalid StartingSequenceNumber. It encodes {encoded}, while it was used in a call to a shard with {used}"
        ))
    }

    // Paging ------------------------------------------------------------------------------------------------------

    pub(crate) fn token_or_stream() -> ApiError {
        ApiError::invalid("Either NextToken or StreamName should be provided.")
    }

    /// Seen in users' logs for StreamName, StreamARN and ExclusiveStartShardId. Assumed: the others read alike.
    pub(crate) fn not_with_next_token(member: &str) -> ApiError {
        ApiError::invalid(format!("NextToken and {member} cannot be provided together."))
    }

    /// Assumed: the text for a token that the service did not issue is not known.
    pub(crate) fn invalid_next_token() -> ApiError {
        ApiError::invalid("Invalid NextToken.")
    }

    /// Assumed: the text is modelled on the one for iterators.
    pub(crate) fn next_token_expired(issued: Instant, now: Instant, tolerated: Duration) -> ApiError {
        ApiError::new(
            ErrorCode::ExpiredNextToken,
            format!(
                "NextToken expired. The token was created at time {} while right now it is {} which is further in \
                 the future than the tolerated delay of {} milliseconds.",
                issued.to_java_text(),
                now.to_java_text(),
                tolerated.millis()
            ),
        )
    }

    /// Assumed: the text for a shard filter without its companion is not known.
    pub(crate) fn shard_filter_needs(kind: &str, member: &str) -> ApiError {
        ApiError::invalid(format!("ShardFilter of type {kind} must specify {member}."))
    }

    // Tags --------------------------------------------------------------------------------------------------------

    pub(crate) fn tag_characters() -> ApiError {
        ApiError::invalid(
            "Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - \
             % @.",
        )
    }

    /// Observed: kinesalite's runs against AWS; a percent sign passes the check above and is refused here.
    pub(crate) fn tag_percent(verb: &str, stream: &str, account: &str) -> ApiError {
        ApiError::invalid(format!(
            "Failed to {verb} stream {stream} under account {account} because some tags contained illegal characters. \
             The allowed characters are Unicode letters, white-spaces, '_',',','/','=','+','-','@',':'."
        ))
    }

    /// Observed with another number: the text of 2015 speaks of ten tags. Assumed: today's differs in nothing else.
    pub(crate) fn too_many_tags(stream: &str, account: &str, limit: u64) -> ApiError {
        ApiError::invalid(format!(
            "Failed to add tags to stream {stream} under account {account} because a given stream cannot have more \
             than {limit} tags associated with it."
        ))
    }

    /// Assumed: the text for the prefix that AWS keeps for itself is not known.
    pub(crate) fn reserved_tag(key: &str) -> ApiError {
        ApiError::invalid(format!(
            "Tag key {key} is invalid: keys that begin with aws: are reserved for AWS."
        ))
    }

    // Retention ---------------------------------------------------------------------------------------------------

    pub(crate) fn retention_too_short(hours: i64, minimum: u64) -> ApiError {
        ApiError::invalid(format!(
            "Minimum allowed retention period is {minimum} hours. Requested retention period ({hours} hours) is too \
             short."
        ))
    }

    pub(crate) fn retention_too_long(hours: i64, maximum: u64) -> ApiError {
        ApiError::invalid(format!(
            "Maximum allowed retention period is {maximum} hours. Requested retention period ({hours} hours) is too \
             long."
        ))
    }

    pub(crate) fn retention_not_longer(hours: i64, stream: &str, existing: u64) -> ApiError {
        ApiError::invalid(format!(
            "Requested retention period ({hours} hours) for stream {stream} can not be shorter than existing \
             retention period ({existing} hours). Use DecreaseRetentionPeriod API."
        ))
    }

    pub(crate) fn retention_not_shorter(hours: i64, stream: &str, existing: u64) -> ApiError {
        ApiError::invalid(format!(
            "Requested retention period ({hours} hours) for stream {stream} can not be longer than existing \
             retention period ({existing} hours). Use IncreaseRetentionPeriod API."
        ))
    }

    // Ours --------------------------------------------------------------------------------------------------------

    /// What a client says that gave up waiting for an answer.
    ///
    /// Observed: botocore's words are `Read timeout on endpoint URL`.
    pub fn no_answer() -> ApiError {
        let message = "Read timeout on endpoint URL".to_owned();
        ApiError::new(ErrorCode::NoAnswer, message)
    }

    /// An operation or option of AWS that this sandbox does not simulate: said plainly, never pretended.
    pub fn not_simulated(what: &str) -> ApiError {
        ApiError::new(ErrorCode::NotSimulated, format!("{what} exists in AWS but is not simulated here."))
    }

    /// A member that AWS documents as not implemented: there is nothing that could be simulated.
    pub fn reserved_member(name: &str) -> ApiError {
        ApiError::new(
            ErrorCode::NotSimulated,
            format!(
                "{name} is reserved by AWS for future use; leave it away and name the stream by its name or its ARN."
            ),
        )
    }

    pub(crate) fn sandbox_full(limit: u64) -> ApiError {
        ApiError::new(
            ErrorCode::SandboxFull,
            format!(
                "The sandbox holds at most {} MiB of record data; delete a stream or start fresh. AWS has no such \
                 limit.",
                limit >> 20
            ),
        )
    }
}

/// How refusals begin for which the operation was called too often.
const CALL_RATE_EXCEEDED: &str = "Rate exceeded for";

fn denial_text(query: Query<'_>, denial: Denial) -> String {
    let Query { caller, action, resource, .. } = query;
    let on = if resource == "*" { String::new() } else { format!(" on resource: {resource}") };
    let kind = |kind| match kind {
        PolicyKind::Identity => "identity-based",
        PolicyKind::Resource => "resource-based",
        // Documented: IAM's examples of access denied messages.
        PolicyKind::Endpoint => "VPC endpoint",
    };
    let why = match denial {
        Denial::Implicit(of) => format!("because no {} policy allows the {action} action", kind(of)),
        Denial::Explicit(of @ PolicyKind::Identity) => {
            format!("with an explicit deny in an {} policy", kind(of))
        }
        Denial::Explicit(of @ (PolicyKind::Resource | PolicyKind::Endpoint)) => {
            format!("with an explicit deny in a {} policy", kind(of))
        }
    };
    format!("User: {} is not authorized to perform: {action}{on} {why}", caller.principal)
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)
    }
}

impl std::error::Error for ApiError {}
