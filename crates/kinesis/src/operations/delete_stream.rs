//! DeleteStream: DELETING now, gone after a while, with every record.

use serde::{Deserialize, Serialize};

use crate::stream::Change;
use crate::validate::Violations;
use crate::{ApiError, CallContext, Duration, Fact, Response, Service, StreamStatus};

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
    let due = ctx.now + Duration::from_seconds(service.limits.delete_seconds);
    let stream = service.find_mut(&input.stream_name, &input.stream_arn)?;
    // Assumed: deleting a stream that is being deleted is answered like the first time and changes nothing.
    if stream.status != StreamStatus::Deleting {
        let name = stream.name.clone();
        stream.begin(StreamStatus::Deleting, due, Change::Delete, facts);
        service.reschedule(&name);
    }
    Ok(Response::DeleteStream(()))
}
