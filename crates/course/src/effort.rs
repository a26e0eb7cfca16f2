//! What a way to the goals took, so that it can be compared with the reference: calls, time, losses.

use crate::{CourseSandbox, Lesson, ScriptError, memory_of, run_script, start_unrecorded};

/// What was spent since the exercise began.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Effort {
    /// Calls to Kinesis by hand.
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
    #[test]
    fn each_command_that_changes_something_is_one_change() {
        let mapping = "aws lambda update-event-source-mapping --uuid $MAP --parallelization-factor";
        let script = [
            ("aws kinesis create-stream --stream-name s --shard-count 1", 1),
            ("sandbox clock advance 30s", 1),
            ("aws kinesis describe-stream-summary --stream-name s", 1),
            ("sandbox producer start p --stream s --rate 1", 2),
            ("sandbox reader start r --stream s --from LATEST", 3),
            ("sandbox reader stop r", 4),
            ("sandbox kcl start app --stream s --workers 1", 5),
            ("sandbox clock advance 60s", 5),
            ("sandbox kcl pause app w1", 6),
            ("sandbox kcl resume app w1", 7),
            ("sandbox fault pause app/w1 --for 5s", 8),
            ("sandbox clock advance 60s", 8),
            ("sandbox kcl crash app w1", 9),
            ("sandbox function create f", 10),
            (
                "MAP=$(aws lambda create-event-source-mapping --function-name f --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/s --starting-position LATEST --query UUID --output text)",
                11,
            ),
            ("sandbox clock advance 30s", 11),
            (&[mapping, " 2"].concat(), 12),
            ("sandbox clock advance 30s", 12),
            ("aws lambda update-event-source-mapping --uuid $MAP --no-enabled", 13),
            ("sandbox clock advance 30s", 13),
            ("aws lambda delete-event-source-mapping --uuid $MAP", 14),
            ("sandbox answer question yes", 14),
        ];
        let mut sandbox = start(lesson("E10.4").unwrap()).unwrap();
        for (line, changes) in script {
            run_script(&mut sandbox, line).unwrap();
            assert_eq!(effort(&sandbox).changes, changes, "{line}");
        }
    }
}
