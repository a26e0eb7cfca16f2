//! Wrong ideas about Kinesis, each with the right one: the unit in which the course remembers what a learner knows.

mod table;

/// A wrong idea that lessons correct and quiz items ask for.
#[derive(PartialEq, Eq, Debug)]
pub struct Misconception {
    /// `latest-is-last`.
    pub id: &'static str,
    /// The idea, as somebody would say it.
    pub wrong: &'static str,
    /// How it is.
    pub right: &'static str,
    /// The chapter that corrects it.
    pub chapter: u32,
}

/// All misconceptions, chapter by chapter.
pub fn misconceptions() -> &'static [Misconception] {
    table::MISCONCEPTIONS
}

/// The misconception of that id.
pub fn misconception(id: &str) -> Option<&'static Misconception> {
    misconceptions().iter().find(|known| known.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_wrong_idea_stands_once_with_the_right_one() {
        for (i, known) in misconceptions().iter().enumerate() {
            assert!(misconceptions().iter().skip(i + 1).all(|other| other.id != known.id), "{}", known.id);
            assert!(known.wrong.ends_with('.') && known.right.ends_with('.'), "{}", known.id);
            assert!((1..=10).contains(&known.chapter), "{}", known.id);
        }
    }
}
