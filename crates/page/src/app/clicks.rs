//! The lines that clicks on the clock, the history and the second world stand for: they are printed as those of all
//! other clicks are.

use awscli::{Effect, Fork, Line, SeekTo};
use kinesis::Instant;

use super::Msg;
use crate::scene::Picture;
use crate::speed::Speed;

/// A click that moves time, or goes to another world.
pub(super) enum Clicked {
    Undo,
    Redo,
    Effect(Effect),
    /// Time passes: the line says how much.
    Passes,
    /// Time is gone to: the line says where.
    Goes,
    /// Time is gone to, and runs on slowly from there.
    GoesSlowly,
    /// A second world is made, changes places with this one, or is let go.
    Fork(Fork),
}

impl Clicked {
    pub(super) fn of(msg: &Msg, is_playing: bool, picture: &Picture) -> Option<Clicked> {
        let clicked = match msg {
            Msg::TogglePlay if is_playing => Clicked::Effect(Effect::Pause),
            Msg::Play(false) => Clicked::Effect(Effect::Pause),
            Msg::TogglePlay | Msg::Play(true) => Clicked::Effect(Effect::Play),
            Msg::SetSpeed(speed) => {
                let (numerator, denominator) = speed.fraction();
                Clicked::Effect(Effect::Speed { numerator, denominator })
            }
            Msg::Undo if picture.undo.is_some() => Clicked::Undo,
            Msg::Redo if picture.redo.is_some() => Clicked::Redo,
            Msg::StepForward(_) | Msg::Skip(_) => Clicked::Passes,
            Msg::StepBack(_) | Msg::Seek(_) | Msg::NextMark | Msg::PreviousMark => Clicked::Goes,
            Msg::SlowToRefusal => Clicked::GoesSlowly,
            Msg::Fork => Clicked::Fork(Fork::Make),
            Msg::SwapWorlds => Clicked::Fork(Fork::Switch),
            Msg::CloseFork => Clicked::Fork(Fork::Drop),
            _ => return None,
        };
        Some(clicked)
    }

    /// The lines; none where nothing happened.
    pub(super) fn lines(self, before: Instant, after: Instant) -> Vec<Line> {
        let to = Line::Seek(SeekTo::Instant(after));
        match self {
            Clicked::Undo => vec![Line::Undo],
            Clicked::Redo => vec![Line::Redo],
            Clicked::Effect(effect) => vec![Line::Effect(effect)],
            Clicked::Fork(fork) => vec![Line::Fork(fork)],
            Clicked::Passes if after > before => vec![Line::Advance(after.since(before))],
            Clicked::Goes if after != before => vec![to],
            Clicked::GoesSlowly if after != before => {
                let (numerator, denominator) = Speed::new(0).fraction();
                let slow = Effect::Speed { numerator, denominator };
                vec![to, Line::Effect(slow), Line::Effect(Effect::Play)]
            }
            Clicked::Passes | Clicked::Goes | Clicked::GoesSlowly => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_goes_slowly_to_a_moment_sees_the_lines_that_do_so() {
        let (before, after) = (Instant::from_seconds(1_767_225_630), Instant::from_seconds(1_767_225_600));
        let lines = Clicked::GoesSlowly.lines(before, after);
        let lines: Vec<String> = lines.iter().filter_map(awscli::render_line).collect();
        assert_eq!(
            lines,
            ["sandbox seek 2026-01-01T00:00:00Z", "sandbox clock speed 1/10x", "sandbox clock play"]
        );
        assert_eq!(Clicked::GoesSlowly.lines(before, before), []);
    }
}
