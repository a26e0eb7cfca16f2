//! Amazon Kinesis Data Streams as a state machine: request in, answer and facts out, time as an argument.
