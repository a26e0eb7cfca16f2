//! The items that ship, chapter by chapter, and the predictions.

use std::sync::OnceLock;

use super::Item;

macro_rules! deck {
    ($($file:literal),* $(,)?) => {
        static FILES: &[(&str, &str)] = &[$(($file, include_str!(concat!("../../quiz/", $file)))),*];
    };
}

deck! {
    "keys.json", "order.json", "consumers.json", "lambda.json", "security.json", "neighbours.json",
}

static PREDICTIONS: &str = include_str!("../../quiz/predictions.json");

/// All items of the quiz. Those that ship are proved by test; a file that could not be read would be left out.
pub fn items() -> &'static [Item] {
    static ITEMS: OnceLock<Vec<Item>> = OnceLock::new();
    ITEMS.get_or_init(|| {
        let files = FILES.iter().filter_map(|(_, text)| serde_json::from_str::<Vec<Item>>(text).ok());
        files.flatten().collect()
    })
}

/// The predictions: what happens is said before it is run.
pub fn predictions() -> &'static [Item] {
    static ITEMS: OnceLock<Vec<Item>> = OnceLock::new();
    ITEMS.get_or_init(|| serde_json::from_str(PREDICTIONS).unwrap_or_default())
}

/// The item or prediction of that id.
pub fn item(id: &str) -> Option<&'static Item> {
    items().iter().chain(predictions()).find(|item| item.id == id)
}

/// The items that ask for a misconception.
pub fn items_of(misconception: &str) -> impl Iterator<Item = &'static Item> {
    items().iter().chain(predictions()).filter(move |item| item.shows.id == misconception)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_can_be_read() {
        for (file, text) in FILES.iter().chain([&("predictions.json", PREDICTIONS)]) {
            let items = serde_json::from_str::<Vec<Item>>(text);
            assert!(items.as_ref().is_ok_and(|items| !items.is_empty()), "{file}: {:?}", items.err());
        }
    }
}
