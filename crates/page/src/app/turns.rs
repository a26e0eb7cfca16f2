//! Who shows what while time runs: a picture is taken, and then the page's parts show it by turns, so that no frame has
//! the work of all of them. So what they show of streams and programs is of one instant, at most a round of turns ago;
//! lanes in sight, and what a part reads from the desk itself (time, log, goals), are of the present. Whenever somebody
//! does something, and as soon as time stands, all of it is.

use std::collections::VecDeque;
use std::ops::Range;
use std::rc::Rc;

use super::App;
use crate::components::TimeLine;
use crate::desk::Block;
use crate::lesson::{self, Task};
use crate::scene::{Picture, ROWS_MAX};
use crate::words::{Language, speak};

/// The first turn takes the picture, and shows nothing.
const LOOK_TURNS: usize = 1;
/// The rows of shards have so many turns; every so manyeth row belongs to one.
const ROW_TURNS: usize = 4;
/// Then each of the other parts has one.
const PARTS: [Part; 5] = [Part::Stage, Part::Task, Part::Tabs, Part::Bars, Part::Seldom];
/// In one round every part has had its turn.
pub(super) const TURNS: usize = LOOK_TURNS + ROW_TURNS + PARTS.len();

/// What of the page has a turn of its own, but for rows.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Producers, consumers, and what stands above the rows.
    Stage,
    /// Exercise and inspector.
    Task,
    Tabs,
    /// Terminal, time and the bar at the top.
    Bars,
    /// Key space, and the rows in words.
    Seldom,
}

/// Rows that are scrolled out of sight have their turn in every so manyeth round, not all of them in the same one.
const ROUNDS_UNSEEN: usize = 8;

/// The tabs have their turn in every so manyeth round, and so has each of what changes seldom or is only heard: the key
/// space, and the words for each shard.
const ROUNDS_OF_TABS: usize = 2;
const ROUNDS_SELDOM: usize = 4;

/// What each row shows.
pub(crate) type RowPictures = Rc<[Picture]>;

pub(super) struct Turns {
    /// Turns so far: whose comes next.
    count: usize,
    pub rows: RowPictures,
    pub stage: Picture,
    /// The key space.
    pub seldom: Picture,
    /// The rows in words, where these are only heard.
    pub words: RowPictures,
    pub task: Option<Rc<Task>>,
    pub inspector: Picture,
    pub iterators: Rc<Vec<(u32, String)>>,
    pub tabs: Picture,
    pub tabs_line: Rc<TimeLine>,
    pub bars: Picture,
    pub line: Rc<TimeLine>,
    pub transcript: Rc<VecDeque<Rc<Block>>>,
}

impl Turns {
    pub(super) fn new(picture: &Picture) -> Turns {
        Turns {
            count: 0,
            rows: all_rows(picture),
            stage: picture.clone(),
            seldom: picture.clone(),
            words: all_rows(picture),
            task: None,
            inspector: picture.clone(),
            iterators: Rc::default(),
            tabs: picture.clone(),
            tabs_line: Rc::default(),
            bars: picture.clone(),
            line: Rc::default(),
            transcript: Rc::default(),
        }
    }
}

fn all_rows(picture: &Picture) -> RowPictures {
    std::iter::repeat_n(picture.clone(), ROWS_MAX).collect()
}

impl App {
    /// Lets all parts show the present.
    pub(super) fn show_all(&mut self) {
        self.turns.rows = all_rows(&self.picture);
        PARTS.into_iter().for_each(|part| self.show_part(part));
    }

    /// Has the next turn, and tells whether a part of the page shows something else now; `in_sight` are the places of the
    /// rows that can be seen.
    pub(super) fn show_next(&mut self, in_sight: &Range<usize>) -> bool {
        let (round, turn) = (self.turns.count / TURNS, self.turns.count % TURNS);
        self.turns.count += 1;
        let Some(turn) = turn.checked_sub(LOOK_TURNS) else {
            self.look();
            return false;
        };
        let Some(part) = turn.checked_sub(ROW_TURNS).map(|part| PARTS[part]) else {
            let rows = self.turns.rows.clone();
            self.turns.rows = self.renewed(&rows, |place| {
                let has_round = (place / ROW_TURNS) % ROUNDS_UNSEEN == round % ROUNDS_UNSEEN;
                place % ROW_TURNS == turn && (in_sight.contains(&place) || has_round)
            });
            return true;
        };
        match part {
            Part::Tabs if round % ROUNDS_OF_TABS == 0 => return false,
            Part::Seldom => {
                let due = round % ROUNDS_SELDOM;
                if due == 0 {
                    self.turns.seldom = self.picture.clone();
                }
                let words = self.turns.words.clone();
                self.turns.words = self.renewed(&words, |place| place % ROUNDS_SELDOM == due);
            }
            Part::Stage | Part::Task | Part::Tabs | Part::Bars => self.show_part(part),
        }
        true
    }

    /// Rows of which those that are due show the present.
    fn renewed(&self, rows: &RowPictures, is_due: impl Fn(usize) -> bool) -> RowPictures {
        let rows = rows.iter().enumerate();
        rows.map(|(place, row)| if is_due(place) { &self.picture } else { row }).cloned().collect()
    }

    fn show_part(&mut self, part: Part) {
        speak(Language::of(self.language));
        let picture = self.picture.clone();
        match part {
            Part::Stage => {
                // Where shards have come or gone, key space and rows do so together.
                let shards = |picture: &Picture| picture.stream().map(|it| (it.shards.len(), it.open_shards));
                if shards(&self.turns.seldom) != shards(&picture) {
                    self.turns.seldom = picture.clone();
                }
                self.turns.stage = picture;
            }
            Part::Task => {
                let desk = self.desk.0.borrow();
                self.turns.task = lesson::task(&desk, self.turns.task.as_deref()).map(Rc::new);
                self.turns.iterators = Rc::new(desk.iterators.clone());
                self.turns.inspector = picture;
            }
            Part::Tabs => {
                self.turns.tabs_line = Rc::new(self.time_line());
                self.turns.tabs = picture;
            }
            Part::Bars => {
                self.turns.line = Rc::new(self.time_line());
                self.turns.transcript = Rc::new(self.desk.0.borrow().transcript.clone());
                self.turns.bars = picture;
            }
            Part::Seldom => {
                self.turns.words = all_rows(&picture);
                self.turns.seldom = picture;
            }
        }
    }
}
