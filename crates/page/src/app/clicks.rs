//! The lines that clicks on the clock and the history stand for: they are printed as those of all other clicks are.

use awscli::{Effect, Line, SeekTo};
use kinesis::Instant;

use super::Msg;
use crate::scene::Picture;

/// A click that moves time.
pub(super) enum Clicked {
    Undo,
    Redo,
    Effect(Effect),
    /// Time passes: the line says how much.
    Passes,
    /// Time is gone to: the line says where.
    Goes,
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
            Msg::StepBack(_) | Msg::Seek(_) | Msg::NextMark | Msg::PreviousMark | Msg::SlowToRefusal => {
                Clicked::Goes
            }
            _ => return None,
        };
        Some(clicked)
    }

    /// The line; none where nothing happened.
    pub(super) fn line(self, before: Instant, after: Instant) -> Option<Line> {
        match self {
            Clicked::Undo => Some(Line::Undo),
            Clicked::Redo => Some(Line::Redo),
            Clicked::Effect(effect) => Some(Line::Effect(effect)),
            Clicked::Passes if after > before => Some(Line::Advance(after.since(before))),
            Clicked::Goes if after != before => Some(Line::Seek(SeekTo::Instant(after))),
            Clicked::Passes | Clicked::Goes => None,
        }
    }
}
