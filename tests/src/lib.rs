//! Tests that need more than one crate live in this package.
