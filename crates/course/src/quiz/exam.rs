//! A trial exam: 30 items in 45 minutes, with flags, a review, and a result that says where and how sure.

use kinesis::SortedMap;

use super::{Confidence, ExamTag, Item, items};

/// One exam, from its first minute to its result. Times are seconds since the Unix epoch; the caller has the clock.
#[derive(Clone, Debug)]
pub struct Exam {
    answers: Vec<ExamAnswer>,
    started: u64,
    /// Seconds that it may take.
    allowed: u64,
    finished: Option<u64>,
}

/// An item of an exam and what was said to it.
#[derive(Clone, Debug)]
pub struct ExamAnswer {
    pub item: &'static Item,
    /// Place of the option that was chosen.
    pub chosen: Option<usize>,
    pub confidence: Confidence,
    /// To be looked at again.
    pub is_flagged: bool,
}

/// How an exam ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExamResult {
    pub right: u32,
    pub count: u32,
    /// By section of the study notes: `N5`. An item of two sections counts in both.
    pub sections: Vec<(String, SectionResult)>,
    /// How often an answer of each confidence was right: in percent and out of how many.
    pub calibration: Vec<(Confidence, u32, u32)>,
    pub took_seconds: u64,
    pub is_in_time: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SectionResult {
    pub right: u32,
    pub count: u32,
}

impl Exam {
    pub const ITEM_COUNT: usize = 30;
    pub const SECONDS: u64 = 45 * 60;
    /// What may be added at a time, and how often: who reads slowly or in another language shall not fail by the clock.
    pub const EXTENSION_SECONDS: u64 = 15 * 60;
    pub const EXTENSIONS_MAX: u64 = 3;

    /// An exam of items in an order that the seed decides; of one exam's topics, or of all.
    pub fn start(tag: Option<ExamTag>, seed: u64, now: u64) -> Exam {
        let fitting = items().iter().filter(|item| tag.is_none_or(|tag| item.exams.contains(&tag)));
        let mut order: Vec<(u64, &'static Item)> =
            fitting.enumerate().map(|(place, item)| (mix(seed, place as u64), item)).collect();
        order.sort_by_key(|(dice, _)| *dice);
        let mut chosen: Vec<&'static Item> = Vec::new();
        // One of each topic first, so that the sections are spread as the topics are.
        for is_first_round in [true, false] {
            for (_, item) in &order {
                let is_topic_new = chosen.iter().all(|known| known.topic != item.topic);
                let is_new = chosen.iter().all(|known| known.id != item.id);
                if chosen.len() < Exam::ITEM_COUNT && is_new && (is_topic_new || !is_first_round) {
                    chosen.push(item);
                }
            }
        }
        let answer =
            |item| ExamAnswer { item, chosen: None, confidence: Confidence::Likely, is_flagged: false };
        Exam {
            answers: chosen.into_iter().map(answer).collect(),
            started: now,
            allowed: Exam::SECONDS,
            finished: None,
        }
    }

    pub fn answers(&self) -> &[ExamAnswer] {
        &self.answers
    }

    pub fn is_finished(&self) -> bool {
        self.finished.is_some()
    }

    /// Seconds that are left.
    pub fn left(&self, now: u64) -> u64 {
        (self.started + self.allowed).saturating_sub(self.finished.unwrap_or(now))
    }

    /// Gives more time; `false` where it has been given as often as it may be.
    pub fn extend(&mut self) -> bool {
        let most = Exam::SECONDS + Exam::EXTENSIONS_MAX * Exam::EXTENSION_SECONDS;
        let is_possible = self.allowed < most && !self.is_finished();
        if is_possible {
            self.allowed += Exam::EXTENSION_SECONDS;
        }
        is_possible
    }

    /// Chooses an option; before the end it may be changed as often as one likes.
    pub fn choose(&mut self, place: usize, option: usize, confidence: Confidence) {
        if self.is_finished() {
            return;
        }
        if let Some(answer) = self.answers.get_mut(place).filter(|answer| option < answer.item.options.len())
        {
            answer.chosen = Some(option);
            answer.confidence = confidence;
        }
    }

    pub fn flag(&mut self, place: usize) {
        if let Some(answer) = self.answers.get_mut(place).filter(|_| self.finished.is_none()) {
            answer.is_flagged = !answer.is_flagged;
        }
    }

    /// Places that are flagged or not answered: what the review goes through.
    pub fn open(&self) -> Vec<usize> {
        let open = self.answers.iter().enumerate().filter(|(_, it)| it.is_flagged || it.chosen.is_none());
        open.map(|(place, _)| place).collect()
    }

    /// Ends the exam. The keys are computed now.
    pub fn finish(&mut self, now: u64) -> ExamResult {
        let finished = *self.finished.get_or_insert(now);
        let mut right = 0;
        let mut sections: SortedMap<String, SectionResult> = SortedMap::new();
        let mut sure: SortedMap<Confidence, (u32, u32)> = SortedMap::new();
        for answer in &self.answers {
            let is_right = answer.chosen.is_some() && answer.item.key().ok() == answer.chosen;
            right += u32::from(is_right);
            for section in &answer.item.notes {
                let result = sections.or_insert_with(section.clone(), SectionResult::default);
                result.right += u32::from(is_right);
                result.count += 1;
            }
            if answer.chosen.is_some() {
                let (hits, count) = sure.or_insert_with(answer.confidence, Default::default);
                *hits += u32::from(is_right);
                *count += 1;
            }
        }
        let mut sections: Vec<(String, SectionResult)> =
            sections.iter().map(|(tag, result)| (tag.clone(), *result)).collect();
        sections.sort_by_key(|(tag, _)| tag.trim_start_matches('N').parse::<u32>().unwrap_or(0));
        let calibration =
            sure.iter().map(|(confidence, (hits, count))| (*confidence, hits * 100 / count, *count));
        ExamResult {
            right,
            count: self.answers.len() as u32,
            sections,
            calibration: calibration.collect(),
            took_seconds: finished.saturating_sub(self.started),
            is_in_time: finished <= self.started + self.allowed,
        }
    }
}

/// A number that looks like chance and is the same for the same two numbers (splitmix64).
fn mix(seed: u64, number: u64) -> u64 {
    let mut z = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exam_has_thirty_items_of_different_topics_and_the_same_seed_gives_the_same() {
        let exam = Exam::start(None, 7, 0);
        let ids =
            |exam: &Exam| exam.answers().iter().map(|answer| answer.item.id.clone()).collect::<Vec<_>>();
        assert_eq!(exam.answers().len(), 30);
        let mut topics: Vec<u32> = exam.answers().iter().map(|answer| answer.item.topic).collect();
        topics.sort_unstable();
        topics.dedup();
        assert_eq!(topics.len(), 30);
        assert_eq!(ids(&exam), ids(&Exam::start(None, 7, 0)));
        assert_ne!(ids(&exam), ids(&Exam::start(None, 8, 0)));
    }

    #[test]
    fn each_exam_has_enough_items_of_its_own() {
        for tag in ExamTag::ALL {
            let exam = Exam::start(Some(tag), 1, 0);
            assert_eq!(exam.answers().len(), 30, "{}", tag.name());
            assert!(exam.answers().iter().all(|answer| answer.item.exams.contains(&tag)));
        }
    }

    #[test]
    fn time_runs_out_and_can_be_extended_three_times() {
        let mut exam = Exam::start(None, 1, 1_000);
        assert_eq!((exam.left(1_000), exam.left(1_000 + 2_700), exam.left(9_000)), (2_700, 0, 0));
        assert!(exam.extend() && exam.extend() && exam.extend() && !exam.extend());
        assert_eq!(exam.left(1_000), 5_400);
    }

    #[test]
    fn the_result_says_where_and_how_sure() {
        let mut exam = Exam::start(None, 3, 0);
        for place in 0..10 {
            let key = exam.answers()[place].item.key().unwrap();
            exam.choose(place, key, Confidence::Sure);
        }
        for place in 10..20 {
            let key = exam.answers()[place].item.key().unwrap();
            exam.choose(place, (key + 1) % exam.answers()[place].item.options.len(), Confidence::Guess);
        }
        exam.flag(0);
        assert_eq!(exam.open(), [[0].as_slice(), &(20..30).collect::<Vec<_>>()].concat());
        let result = exam.finish(600);
        assert_eq!((result.right, result.count, result.took_seconds), (10, 30, 600));
        assert_eq!(result.calibration, [(Confidence::Guess, 0, 10), (Confidence::Sure, 100, 10)]);
        assert!(result.sections.iter().map(|(_, section)| section.right).sum::<u32>() >= 10);
        exam.choose(0, 0, Confidence::Guess);
        assert_eq!(exam.finish(9_999), result, "an exam that is over does not change");
    }
}
