//! When which misconception is asked for again: boxes with growing pauses, in whole numbers.

use kinesis::SortedMap;
use serde::{Deserialize, Serialize};

use super::{Item, items_of};
use crate::misconceptions;

/// How sure somebody is of an answer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Fifty percent: a guess.
    Guess,
    /// Seventy-five percent.
    Likely,
    /// Ninety-five percent.
    Sure,
}

impl Confidence {
    pub const ALL: [Confidence; 3] = [Confidence::Guess, Confidence::Likely, Confidence::Sure];

    pub const fn percent(self) -> u32 {
        match self {
            Confidence::Guess => 50,
            Confidence::Likely => 75,
            Confidence::Sure => 95,
        }
    }
}

/// How a learner stands with one misconception.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// 0 to [`Schedule::BOX_MAX`]: the higher, the longer the pause.
    pub level: u8,
    /// When it is asked again, in seconds since the Unix epoch.
    pub due: u64,
    pub asked: u32,
    pub right: u32,
    /// The item that was asked last, so that another one comes next.
    pub last_item: String,
}

/// Cards by misconception.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Schedule {
    cards: SortedMap<String, Card>,
}

const MINUTE: u64 = 60;
const DAY: u64 = 86_400;

impl Schedule {
    pub const BOX_MAX: u8 = 6;
    /// The pause after each level, in seconds.
    const PAUSES: [u64; 7] = [10 * MINUTE, DAY, 3 * DAY, 7 * DAY, 16 * DAY, 35 * DAY, 80 * DAY];

    pub fn card(&self, misconception: &str) -> Option<&Card> {
        self.cards.get(misconception)
    }

    pub fn cards(&self) -> impl Iterator<Item = (&String, &Card)> {
        self.cards.iter()
    }

    /// Puts a card in, as it was kept. `false` for a misconception that there is not.
    pub fn restore(&mut self, misconception: &str, card: Card) -> bool {
        let is_known = misconceptions::misconception(misconception).is_some();
        if is_known {
            let level = card.level.min(Schedule::BOX_MAX);
            self.cards.insert(misconception.to_owned(), Card { level, ..card });
        }
        is_known
    }

    /// Takes note of an answer. Right and sure moves far, right by a guess does not move; wrong and sure comes back
    /// today, since nobody looks up what they are sure of.
    pub fn answer(&mut self, item: &Item, is_right: bool, confidence: Confidence, now: u64) {
        let new = || Card { level: 0, due: now, asked: 0, right: 0, last_item: String::new() };
        let card = self.cards.or_insert_with(item.shows.id.to_owned(), new);
        card.asked = card.asked.saturating_add(1);
        card.right = card.right.saturating_add(u32::from(is_right));
        card.last_item.clone_from(&item.id);
        card.level = match (is_right, confidence) {
            (true, Confidence::Sure) => card.level + 2,
            (true, Confidence::Likely) => card.level + 1,
            (true, Confidence::Guess) => card.level.max(1),
            (false, Confidence::Sure) => 0,
            (false, Confidence::Likely | Confidence::Guess) => card.level / 2,
        }
        .min(Schedule::BOX_MAX);
        let pause = Schedule::PAUSES.get(usize::from(card.level)).copied().unwrap_or(DAY);
        card.due = now.saturating_add(pause);
    }

    /// Misconceptions that are due, the longest waiting first.
    pub fn due(&self, now: u64) -> Vec<&str> {
        let mut due: Vec<(u64, &str)> = self
            .cards
            .iter()
            .filter(|(_, card)| card.due <= now)
            .map(|(id, card)| (card.due, id.as_str()))
            .collect();
        due.sort_unstable();
        due.into_iter().map(|(_, id)| id).collect()
    }

    /// What to ask next: something due, else something of the chapter that was never asked, else what is due soonest.
    pub fn next(&self, now: u64, chapter: Option<u32>) -> Option<&'static Item> {
        let is_in_chapter = |id: &str| {
            let known = misconceptions::misconception(id);
            chapter.is_none_or(|chapter| known.is_some_and(|known| known.chapter == chapter))
        };
        let due = self.due(now).into_iter().filter(|id| is_in_chapter(id)).find_map(|id| self.fresh_item(id));
        let new = || {
            let all = misconceptions::misconceptions().iter();
            let unasked = all.filter(|known| self.card(known.id).is_none() && is_in_chapter(known.id));
            unasked.filter_map(|known| self.fresh_item(known.id)).next()
        };
        let soonest = || {
            let mut cards: Vec<(u64, &str)> =
                self.cards.iter().map(|(id, card)| (card.due, id.as_str())).collect();
            cards.sort_unstable();
            cards.into_iter().filter(|(_, id)| is_in_chapter(id)).find_map(|(_, id)| self.fresh_item(id))
        };
        due.or_else(new).or_else(soonest)
    }

    /// An item of a misconception, another one than last time where there is one.
    fn fresh_item(&self, misconception: &str) -> Option<&'static Item> {
        let last = self.card(misconception).map_or("", |card| card.last_item.as_str());
        let all: Vec<&Item> = items_of(misconception).collect();
        let place = all.iter().position(|item| item.id == last).map_or(0, |place| place + 1);
        all.get(place % all.len().max(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiz::items;

    fn first() -> &'static Item {
        items().first().unwrap()
    }

    #[test]
    fn right_and_sure_moves_far_and_wrong_and_sure_comes_back_today() {
        let mut schedule = Schedule::default();
        let id = first().shows.id;
        schedule.answer(first(), true, Confidence::Sure, 1_000);
        assert_eq!(schedule.card(id).map(|card| (card.level, card.due)), Some((2, 1_000 + 3 * DAY)));
        schedule.answer(first(), false, Confidence::Sure, 2_000);
        assert_eq!(schedule.card(id).map(|card| (card.level, card.due)), Some((0, 2_000 + 600)));
        assert_eq!(schedule.due(2_599), [] as [&str; 0]);
        assert_eq!(schedule.due(2_600), [id]);
    }

    #[test]
    fn a_guess_does_not_climb() {
        let mut schedule = Schedule::default();
        for _ in 0..5 {
            schedule.answer(first(), true, Confidence::Guess, 0);
        }
        assert_eq!(schedule.card(first().shows.id).map(|card| card.level), Some(1));
    }

    #[test]
    fn a_misconception_that_is_asked_again_gets_another_item() {
        let mut schedule = Schedule::default();
        let of_two = misconceptions::misconceptions().iter().find(|known| items_of(known.id).count() > 1);
        let id = of_two.unwrap().id;
        let one = schedule.fresh_item(id).unwrap();
        schedule.answer(one, false, Confidence::Sure, 0);
        assert_ne!(schedule.fresh_item(id).unwrap().id, one.id);
    }

    #[test]
    fn a_learner_who_knows_all_is_asked_less_and_less() {
        let mut schedule = Schedule::default();
        let mut asked = Vec::new();
        for day in 0..60 {
            let mut today = 0;
            while let Some(item) = schedule.next(day * DAY, None).filter(|item| {
                schedule.card(item.shows.id).is_none_or(|card| card.due <= day * DAY) && today < 20
            }) {
                schedule.answer(item, true, Confidence::Sure, day * DAY);
                today += 1;
            }
            asked.push(today);
        }
        assert!(asked[50..].iter().sum::<u32>() < asked[..10].iter().sum::<u32>(), "{asked:?}");
    }
}
