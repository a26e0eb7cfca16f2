//! The wire: AWS JSON 1.1 to a typed request and back, with the errors as AWS words them.
//!
//! The crate knows no clock, no actors and no browser. What is wrong with a well-formed request is for the service
//! to say; here stand the errors of the form alone: not JSON, the wrong JSON type, an unknown operation.

mod decode;
mod encode;
mod error;
mod event_stream;
mod get_records;
mod inputs;
mod model;
mod operation_names;
mod put_records;
mod sample;
mod types;

pub use decode::{decode, decode_members};
pub use encode::{CONTENT_TYPE, Reply, encode};
pub use error::WireError;
pub use event_stream::{EVENT_STREAM_CONTENT_TYPE, initial_response_frame, push_frame};
pub use inputs::members_of;
pub use model::{Kind, Member, members};
pub use operation_names::OPERATION_NAMES;
pub use sample::sample_of;
