//! DeleteStream: DELETING now, gone after a while, with every record.

use serde::{Deserialize, Serialize};

use crate::service::Target;
use crate::stream::Change;
use crate::validate::Violations;
use crate::{
    ApiError, CallContext, Duration, Fact, Operation, Response, Service, StreamStatus, SubscriptionEnd,
};

#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeleteStreamInput {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stream_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enforce_consumer_deletion: Option<bool>,
    #[serde(rename = "StreamARN", skip_serializing_if = "Option::is_none")]
    pub stream_arn: Option<String>,
}

pub(crate) fn delete_stream(
    service: &mut Service,
    ctx: &CallContext<'_>,
    input: &DeleteStreamInput,
    facts: &mut Vec<Fact>,
) -> Result<Response, ApiError> {
    let mut violations = Violations::new();
    violations.name(&input.stream_name, "streamName");
    violations.stream_arn(&input.stream_arn);
    violations.finish()?;
    service.admit(
        ctx,
        Operation::DeleteStream,
        Target::Stream(input.stream_name.as_deref(), input.stream_arn.as_deref()),
    )?;
    let due = ctx.now + Duration::from_seconds(service.limits.delete_seconds);
    let account = service.account.clone();
    let stream = service.find_mut(input.stream_name.as_deref(), input.stream_arn.as_deref())?;
    if !stream.consumers.is_empty() && input.enforce_consumer_deletion != Some(true) {
        return Err(ApiError::stream_has_consumers(&stream.name, &account, stream.consumers.len()));
    }
    // Observed: kinesalite's tests had AWS delete a stream that was being created. Assumed: one that is being updated,
    // too; the API Reference speaks of ACTIVE streams only.
    // Assumed: deleting a stream that is being deleted is answered like the first time and changes nothing.
    if stream.status != StreamStatus::Deleting {
        let name = stream.name.clone();
        stream.begin(StreamStatus::Deleting, due, Change::Delete, facts);
        // Assumed: the connections of its consumers end when the deletion begins.
        service.end_subscriptions(&name, None, SubscriptionEnd::StreamDeleted, facts);
        service.reschedule(&name);
    }
    Ok(Response::DeleteStream(()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::*;
    use crate::{StreamName, WriteLimit};

    fn delete() -> DeleteStreamInput {
        DeleteStreamInput { stream_name: text("orders"), ..Default::default() }
    }

    #[test]
    fn a_stream_is_deleting_for_twenty_seconds_and_then_gone() {
        let mut lab = Lab::with_shards(1);
        assert_eq!(lab.prints(delete()), "null");
        assert_eq!(lab.stream().status, StreamStatus::Deleting);
        lab.wait(SECOND.times(20));
        assert!(lab.service.stream("orders").is_none());
        let stream: StreamName = "orders".into();
        assert_eq!(
            lab.facts,
            [
                Fact::StreamStatusChanged { stream: stream.clone(), status: StreamStatus::Deleting },
                Fact::StreamDeleted { stream },
            ]
        );
        assert_eq!(lab.service.next_deadline(), None);
    }

    #[test]
    fn an_unknown_stream_is_not_found() {
        assert_eq!(
            Lab::empty().refusal(delete()),
            "ResourceNotFoundException: Stream orders under account 123456789012 not found."
        );
    }

    #[test]
    fn a_request_that_names_no_stream_is_refused() {
        assert_eq!(
            Lab::empty().refusal(DeleteStreamInput::default()),
            "InvalidArgumentException: Either StreamARN or StreamName must be provided."
        );
    }

    #[test]
    fn deleting_twice_is_answered_alike_and_takes_no_longer() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(delete());
        lab.wait(SECOND.times(19));
        lab.accepts(delete());
        lab.wait(SECOND);
        assert!(lab.service.stream("orders").is_none());
    }

    /// kinesalite's tests had AWS do so.
    #[test]
    fn a_stream_may_be_deleted_while_it_is_being_created() {
        let mut lab = Lab::empty();
        lab.accepts(create("orders", 1));
        lab.wait(SECOND.times(10));
        lab.accepts(delete());
        lab.wait(SECOND.times(10));
        assert_eq!(lab.stream().status, StreamStatus::Deleting);
        assert_eq!(lab.stream().shards().len(), 0);
        lab.wait(SECOND.times(10));
        assert!(lab.service.stream("orders").is_none());
    }

    #[test]
    fn a_split_that_is_under_way_is_overtaken() {
        let mut lab = Lab::with_shards(1);
        lab.accepts(split(0, 2));
        lab.accepts(delete());
        lab.wait(SECOND.times(60));
        assert!(lab.service.stream("orders").is_none());
        assert!(!lab.facts.iter().any(|fact| matches!(fact, Fact::ShardOpened { .. })));
    }

    #[test]
    fn a_stream_of_the_same_name_starts_anew() {
        let mut lab = Lab::with_shards(2);
        for _ in 0..1_000 {
            lab.put_at(0);
        }
        lab.accepts(delete());
        lab.wait(SECOND.times(20));
        lab.accepts(create("orders", 1));
        lab.wait(SECOND.times(20));
        assert_eq!(lab.keys_in(0), [""; 0]);
        assert_eq!(lab.put_at(0).index, 1);
        assert_eq!(lab.service.stored_bytes(), 2);
        let throttled = |fact: &Fact| matches!(fact, Fact::WriteThrottled { limit: WriteLimit::Records, .. });
        assert!(!lab.facts.iter().any(throttled));
    }
}
