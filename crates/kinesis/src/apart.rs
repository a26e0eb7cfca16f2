//! Code that is kept out of its one caller.

/// Does `work` in a function of its own. Built into its one caller, all that a match chooses between would be one piece
/// of code, and a page could not show a picture before it has loaded all of it.
#[inline(never)]
pub fn apart<T>(work: impl FnOnce() -> T) -> T {
    work()
}
