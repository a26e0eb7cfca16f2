//! The wire: AWS JSON 1.1 to a typed request and back, with the errors as AWS words them.
