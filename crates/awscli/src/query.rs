//! JMESPath, the language of `--query`: as the Python library reads it that the AWS CLI v2 uses.
//!
//! Documented: jmespath.org/specification.html; the sentences of its errors observed with AWS CLI 2.9.19 (jmespath
//! 1.0.1). Ours because members must keep their order: the AWS CLI prints what a query picks in the order of the
//! answer, and the library that was measured against (jmespath 0.5, which the tests compare with) sorts them.

mod evaluate;
mod functions;
mod parse;
mod tokens;

#[cfg(test)]
mod tests;

use serde_json::Value;

pub(crate) use evaluate::is_true;
use parse::Node;

/// An expression that was read.
#[derive(Clone, PartialEq, Debug)]
pub struct Query {
    root: Node,
}

impl Query {
    /// Reads an expression; the error is the Python library's sentence, a caret line below it.
    pub fn parse(text: &str) -> Result<Query, String> {
        parse::parse(text).map(|root| Query { root })
    }

    /// What the expression picks out of a value; the error is the Python library's sentence.
    pub fn search(&self, value: &Value) -> Result<Value, String> {
        evaluate::evaluate(&self.root, value, &evaluate::Work::new())
    }
}
