//! The second world that a prompt keeps beside the first: made by a fork, on the same clock, and switched to and fro.

use kinesis::Duration;

use crate::{Observer, Sandbox};

/// Events that bringing the other world to this instant may take at one time.
const EVENTS_MAX: u64 = 5_000_000;

impl<O: Observer> Sandbox<O> {
    /// Keeps a second world that has been through the same up to now; one that was kept before is let go.
    pub fn begin_fork(&mut self) {
        let other = self.fork();
        self.put_other(other);
    }

    /// The other world, as it was when it was last looked at.
    pub fn other(&self) -> Option<&Sandbox<O>> {
        self.other.as_deref()
    }

    /// Keeps this one as the other world.
    pub fn put_other(&mut self, mut other: Sandbox<O>) {
        other.other = None;
        self.other = Some(Box::new(other));
    }

    /// Lets go of the other world.
    pub fn take_other(&mut self) -> Option<Sandbox<O>> {
        self.other.take().map(|other| *other)
    }

    /// Brings the other world to this instant, forwards by itself and back by its history; `false` where there is none
    /// or it does not get there.
    pub fn bring_other(&mut self) -> bool {
        let now = self.now();
        let Some(other) = self.other.as_deref_mut() else { return false };
        match other.now() > now {
            true => other.seek(now).is_ok(),
            false => other.advance(now.since(other.now()), Some(EVENTS_MAX)) == Duration::ZERO,
        }
    }

    /// The other world becomes this one, at the same instant, and this one the other; `false` as above.
    pub fn switch_worlds(&mut self) -> bool {
        if !self.bring_other() {
            return false;
        }
        let Some(mut other) = self.other.take() else { return false };
        std::mem::swap(self, &mut other);
        // The line that is being run goes on here.
        std::mem::swap(&mut self.line, &mut other.line);
        self.other = Some(other);
        true
    }
}
