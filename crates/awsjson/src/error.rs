//! Errors of the form of a request, before the service sees it.

use std::fmt;

use kinesis::ApiError;

use crate::Reply;

/// Why a body and a target make no request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum WireError {
    /// No operation of the service has that name.
    UnknownOperation { target: String },
    /// The body is not JSON, or a member has the wrong JSON type.
    Serialization { message: String },
    /// The form is right and the answer is known without asking the service: AWS has it, the sandbox has not.
    Refused(ApiError),
}

impl WireError {
    pub(crate) fn serialization(message: impl Into<String>) -> WireError {
        WireError::Serialization { message: message.into() }
    }

    /// The name of the exception, as it stands in `__type`.
    pub fn code(&self) -> &'static str {
        match self {
            WireError::UnknownOperation { .. } => "UnknownOperationException",
            WireError::Serialization { .. } => "SerializationException",
            WireError::Refused(error) => error.code().name(),
        }
    }

    pub fn message(&self) -> String {
        match self {
            // Observed: AWS says no more than the exception's name; the sentence is ours.
            WireError::UnknownOperation { target } => format!("{target:?} names no operation of Kinesis."),
            WireError::Serialization { message } => message.clone(),
            WireError::Refused(error) => error.message().to_owned(),
        }
    }

    /// The answer that says so.
    pub fn to_reply(&self) -> Reply {
        Reply::error(self.code(), &self.message())
    }
}

impl From<ApiError> for WireError {
    fn from(error: ApiError) -> WireError {
        WireError::Refused(error)
    }
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message())
    }
}

impl std::error::Error for WireError {}
