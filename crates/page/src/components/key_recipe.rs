//! How a producer chooses keys, with a preview of the spread before anything is sent.

use sim::KeyRecipe;
use yew::prelude::*;

use super::fields::{NumberField, TextField};
use super::key_column::histogram_of;
use crate::browser::dom::value_of;
use crate::scene::Picture;
use crate::spread::preview;
use crate::text::{count, percent_of};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct KeyRecipeEditorProps {
    /// As text, like `uniform:1000`.
    pub recipe: AttrValue,
    pub picture: Picture,
    /// Called with each recipe that can be read.
    pub on_change: Callback<KeyRecipe>,
}

/// Kinds with what stands for them in the list and a first recipe.
const KINDS: &[(&str, &str, &str)] = &[
    ("uniform", "Many users, evenly", "uniform:1000"),
    ("hot", "One hot key", "hot:90:celebrity"),
    ("zipf", "Popular users more often", "zipf:1000"),
    ("fixed", "A few fixed keys", "fixed:us,eu,ap"),
    ("random", "A new key each time", "random"),
    ("composite", "Joined keys", "composite:fixed:us,eu,ap+uniform:1000"),
];

#[component]
pub(crate) fn KeyRecipeEditor(props: &KeyRecipeEditorProps) -> Html {
    let text = use_state(|| props.recipe.to_string());
    {
        let text = text.clone();
        use_effect_with(props.recipe.clone(), move |recipe| text.set(recipe.to_string()));
    }
    let enter = {
        let (text, on_change) = (text.clone(), props.on_change.clone());
        Callback::from(move |new: String| {
            if let Ok(recipe) = new.parse() {
                on_change.emit(recipe);
            }
            text.set(new);
        })
    };
    let read = text.parse::<KeyRecipe>();
    let kind = text.split(':').next().unwrap_or_default().to_owned();
    let options = KINDS.iter().map(|(value, name, _)| {
        html! { <option key={*value} value={*value} selected={*value == kind}>{ tr(name) }</option> }
    });
    let on_kind = enter.reform(|event: Event| {
        let kind = value_of(&event);
        KINDS.iter().find(|(value, ..)| *value == kind).map_or(kind, |(.., first)| (*first).to_owned())
    });
    let details = match &read {
        Ok(KeyRecipe::Uniform { count } | KeyRecipe::Zipf { count }) => {
            let prefix = kind.clone() + ":";
            let on_change = enter.reform(move |count: u64| prefix.clone() + &count.to_string());
            html! { <NumberField label={tr("Different keys")} value={u64::from(*count)} min=1 max=1_000_000 {on_change} live=true /> }
        }
        Ok(KeyRecipe::Hot { percent, key }) => {
            let (now, hot) = (key.clone(), percent.to_string());
            let on_percent =
                enter.reform(move |percent: u64| "hot:".to_owned() + &percent.to_string() + ":" + &now);
            let on_key = enter.reform(move |key: String| "hot:".to_owned() + &hot + ":" + &key);
            html! {
                <div class="pair">
                    <NumberField label={tr("Hot share")} value={u64::from(*percent)} min=0 max=100 unit="%" on_change={on_percent} live=true />
                    <TextField label={tr("Hot key")} value={key.clone()} on_input={on_key} is_code=true />
                </div>
            }
        }
        Ok(KeyRecipe::Random) => html! { <span hidden=true /> },
        Ok(KeyRecipe::Fixed { .. } | KeyRecipe::Composite { .. }) | Err(_) => {
            let error = read.as_ref().err().map(|reason| AttrValue::from(reason.clone()));
            html! { <TextField label={tr("Recipe")} value={(*text).clone()} on_input={enter.clone()} {error} is_code=true /> }
        }
    };
    let ranges = props.picture.ranges.clone();
    let spread = use_memo((text.to_string(), ranges), |(text, ranges)| {
        text.parse().ok().map(|recipe| preview(&recipe, ranges))
    });
    let histogram = match &*spread {
        Some(spread) if !spread.by_shard.is_empty() => {
            let heavy = if spread.heavy.is_empty() {
                tr("No key has more than 5 % of the records.").to_owned()
            } else {
                let named = spread.heavy.iter().map(|(key, records)| {
                    key.clone() + " " + &percent_of(*records, spread.records).to_string() + " %"
                });
                tr("Heavy keys: ").to_owned() + &named.collect::<Vec<_>>().join(", ") + "."
            };
            let most_shards = match spread.shards_max {
                Some(1) => tr("One key can only ever use one shard.").to_owned(),
                Some(keys) => tr("It can never use more than ").to_owned() + &count(keys, "shard") + ".",
                None => tr("It can use any number of shards.").to_owned(),
            };
            html! {
                <div class="preview">
                    <h4>{ tr("Of 1,000 records") }</h4>
                    { histogram_of(&spread.by_shard, spread.records) }
                    <p>{ heavy }{ " " }{ most_shards }</p>
                </div>
            }
        }
        _ => html! { <div class="preview" hidden=true /> },
    };
    html! {
        <div class="recipe">
            <label class="field">
                <span class="field-label">{ tr("Partition keys") }</span>
                <select aria-label={tr("Partition keys")} onchange={on_kind}>{ for options }</select>
            </label>
            <div class="recipe-details">{ details }</div>
            { histogram }
        </div>
    }
}
