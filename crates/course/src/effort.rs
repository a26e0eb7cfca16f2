//! What a way to the goals took, so that it can be compared with the reference: calls, time, losses.

use crate::{CourseSandbox, Lesson, ScriptError, memory_of, run_script, start_unrecorded};

/// What was spent since the exercise began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Effort {
    /// Calls to AWS by hand.
    pub calls: u64,
    /// Commands that changed something.
    pub changes: u64,
    /// Virtual time.
    pub seconds: u64,
    /// Records that producers gave up.
    pub lost: u64,
    /// Records and reads that shards refused.
    pub refused: u64,
    /// What streams and everything around them cost meanwhile, in billionths of a dollar.
    pub cost: u128,
}

/// What the learner's way has taken so far.
pub fn effort(sandbox: &CourseSandbox) -> Effort {
    let memory = memory_of(sandbox);
    let begun = sandbox.observer().begun().unwrap_or(sandbox.now());
    Effort {
        calls: memory.all_calls(),
        changes: memory.changes(),
        seconds: sandbox.now().since(begun).seconds(),
        lost: sandbox.world().producers().map(|(_, _, producer)| producer.lost).sum(),
        refused: memory.tally().refused(),
        cost: sandbox.world().bill().total.saturating_sub(sandbox.observer().damage_before().cost),
    }
}

/// What the reference solution takes: the par. It is run to know, so that it cannot be wrong.
pub fn par(lesson: &Lesson) -> Result<Effort, ScriptError> {
    let mut sandbox = start_unrecorded(lesson)?;
    run_script(&mut sandbox, &lesson.solution)?;
    Ok(effort(&sandbox))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lesson, start};

    #[test]
    fn the_reference_is_par_and_a_longer_way_is_over_it() {
        let lesson = lesson("E1.2").unwrap();
        let par = par(lesson).unwrap();
        assert_eq!((par.calls, par.lost), (1, 0));
        let mut sandbox = start(lesson).unwrap();
        run_script(&mut sandbox, "aws kinesis list-streams\nsandbox clock advance 1h").unwrap();
        run_script(&mut sandbox, &lesson.solution).unwrap();
        let mine = effort(&sandbox);
        assert_eq!((mine.calls, mine.seconds >= 3_600), (2, true));
        // An hour of one shard is $0.015, in billionths; the reference takes less than a minute.
        assert!(mine.cost >= 15_000_000 && par.cost < 1_000_000, "{} {}", mine.cost, par.cost);
    }
}
