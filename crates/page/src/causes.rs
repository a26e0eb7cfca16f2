//! What an error of AWS means here, and what to try: plain words for those who ask.

/// Cause and way out of an error.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cause {
    pub why: &'static str,
    pub then: &'static str,
}

/// By the name of the error.
const CAUSES: &[(&str, Cause)] = &[
    (
        "AccessDeniedException",
        Cause {
            why: "No policy allows this action to the one who called, or one denies it. An action that nobody mentions is denied.",
            then: "Give the role the action that the message names, on the ARN that it names; look at the resource policy and the endpoint's policy too.",
        },
    ),
    (
        "ExpiredIteratorException",
        Cause {
            why: "A shard iterator lives for five minutes, whether it was used or not.",
            then: "Take a new one with AFTER_SEQUENCE_NUMBER and the sequence number of the last record that you read.",
        },
    ),
    (
        "ExpiredNextTokenException",
        Cause { why: "A token for the next page lives for five minutes.", then: "Begin the list again." },
    ),
    (
        "InvalidArgumentException",
        Cause {
            why: "A value is well formed, and means nothing here: a hash key outside of the shard's range, an iterator of another stream, a shard that is closed.",
            then: "Compare the value with what describe-stream or list-shards says.",
        },
    ),
    (
        "KMSAccessDeniedException",
        Cause {
            why: "The records are encrypted, and the caller may not use the key: a producer needs kms:GenerateDataKey, a consumer kms:Decrypt.",
            then: "Allow the action in the caller's policy and in the key's.",
        },
    ),
    (
        "KMSDisabledException",
        Cause {
            why: "The KMS key is disabled: what was encrypted with it can neither be written nor read.",
            then: "Enable the key. Nothing is lost meanwhile, but retention goes on.",
        },
    ),
    (
        "LimitExceededException",
        Cause {
            why: "Too many calls of this kind in a second, or a limit of the account or of scaling is reached.",
            then: "Wait and call again more slowly; the Limits tab has the number that counts.",
        },
    ),
    (
        "ProvisionedThroughputExceededException",
        Cause {
            why: "One shard has no more for this second: 1,000 records or 1 MB in, 2 MB or five GetRecords calls out. Other shards do not lend theirs.",
            then: "Spread the keys, batch or aggregate, back off and retry, or split the hot shard. For readers: poll less often, or use enhanced fan-out.",
        },
    ),
    (
        "ReadTimeoutError",
        Cause {
            why: "No answer came in time. The call may have been carried out all the same.",
            then: "Call again, and expect records that are stored twice.",
        },
    ),
    (
        "ResourceInUseException",
        Cause {
            why: "The stream is not ACTIVE yet, or the name is taken: one change at a time.",
            then: "Wait until the stream is ACTIVE (aws kinesis wait stream-exists), then call again.",
        },
    ),
    (
        "ResourceNotFoundException",
        Cause {
            why: "Nothing has this name in this account and Region, or it is still CREATING.",
            then: "Look at the spelling with list-streams, and let time run until the stream is ACTIVE.",
        },
    ),
    (
        "SandboxFullException",
        Cause {
            why: "This is the sandbox's own limit, not one of AWS: the browser's memory is bounded.",
            then: "Delete a stream, or start fresh.",
        },
    ),
    (
        "NotSimulatedException",
        Cause {
            why: "AWS has this; the sandbox does not simulate it.",
            then: "The help lists what is simulated.",
        },
    ),
    (
        "ValidationException",
        Cause {
            why: "A value breaks a rule of the API before anything else is looked at: its size, its pattern, or a member that is missing.",
            then: "The message names the member and the rule.",
        },
    ),
];

/// The cause of the error that a text names.
pub(crate) fn cause_of(text: &str) -> Option<Cause> {
    // The name of one error can be the end of another's.
    let named = CAUSES.iter().filter(|(name, _)| text.contains(name));
    named.max_by_key(|(name, _)| name.len()).map(|(_, cause)| *cause)
}

#[cfg(test)]
mod tests {
    use kinesis::ErrorCode;

    use super::*;

    #[test]
    fn what_the_service_can_answer_has_a_cause() {
        // KMS names its exceptions after what is wrong with the key; the plain ones stand for their kind.
        for code in ErrorCode::ALL.into_iter().filter(|code| !code.name().starts_with("KMS")) {
            if code != ErrorCode::DryRunOperation {
                assert!(cause_of(code.name()).is_some(), "{}", code.name());
            }
        }
        assert_eq!(cause_of("all is well"), None);
        let of_kms = cause_of("An error occurred (KMSAccessDeniedException)");
        assert!(of_kms.is_some_and(|cause| cause.why.contains("kms:Decrypt")));
    }
}
