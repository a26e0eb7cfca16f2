//! One's own keys: a column that is pasted in, and where its records would fall. It is looked at here and kept nowhere.

use yew::prelude::*;

use super::shard_badge::ShardBadge;
use crate::browser::dom::value_of;
use crate::letters::style;
use crate::scene::Picture;
use crate::spread::{KeyColumn, read_column};
use crate::text::{count, percent_of, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct KeyColumnProps {
    pub picture: Picture,
}

/// Shards that a histogram names one by one; of more the fullest ones.
const BARS_MAX: usize = 16;

#[component]
pub(crate) fn KeyColumnBox(props: &KeyColumnProps) -> Html {
    let was_opened = use_state(|| false);
    let on_toggle = {
        let was_opened = was_opened.clone();
        Callback::from(move |_: Event| was_opened.set(true))
    };
    let content = match *was_opened {
        true => html! { <KeyColumnForm picture={props.picture.clone()} /> },
        false => html! { <div hidden=true /> },
    };
    html! {
        <details class="own-keys" ontoggle={on_toggle}>
            <summary>{ tr("Try your own keys") }</summary>
            { content }
        </details>
    }
}

#[component]
fn KeyColumnForm(props: &KeyColumnProps) -> Html {
    let text = use_state(|| AttrValue::Static(""));
    let on_input = {
        let text = text.clone();
        Callback::from(move |event: InputEvent| text.set(value_of(&event).into()))
    };
    let column = use_memo(((*text).clone(), props.picture.ranges.clone()), |(text, ranges)| {
        (!text.trim().is_empty()).then(|| read_column(text, ranges))
    });
    let result = match &*column {
        Some(column) => findings(column, props.picture.ranges.len() as u64),
        None => {
            html! { <p class="hint">{ tr("One key a line; of a table the first column. Nothing leaves this page.") }</p> }
        }
    };
    html! {
        <div>
            <label class="field">
                <span class="field-label">{ tr("Paste a column of keys") }</span>
                <textarea class="code" rows="3" spellcheck="false" autocomplete="off" oninput={on_input} />
            </label>
            { result }
        </div>
    }
}

fn findings(column: &KeyColumn, shards: u64) -> Html {
    let heaviest = column.heaviest.iter().map(|(key, records)| {
        html! {
            <tr key={key.clone()}>
                <td class="code">{ key }</td>
                <td class="figure">{ thousands(*records) }</td>
                <td class="figure">{ percent_of(*records, column.records) }{ " %" }</td>
            </tr>
        }
    });
    let most = column.by_shard.iter().map(|(_, records)| *records).max().unwrap_or(0);
    let used = column.by_shard.iter().filter(|(_, records)| *records > 0).count() as u64;
    let best = column.distinct.min(shards);
    let words = count(column.records, "record")
        + ", "
        + &count(column.distinct, "key")
        + ": "
        + &thousands(used)
        + " of "
        + &count(shards, "shard")
        + " used, at best "
        + &thousands(best)
        + ". The fullest shard gets "
        + &percent_of(most, column.records).to_string()
        + " %; evenly it would be "
        + &percent_of(1, shards).to_string()
        + " %.";
    let left_out = match (column.left_out, column.is_cut) {
        (0, false) => String::new(),
        (0, true) => tr("Only the first 4 MB were looked at.").to_owned(),
        (lines, _) => count(lines, "line") + tr(" without a key of 1 to 256 characters left out."),
    };
    html! {
        <div class="preview">
            <p>{ words }</p>
            { histogram_of(&column.by_shard, column.records) }
            <h4>{ tr("Heaviest keys") }</h4>
            <table class="heavy">
                <thead><tr><th>{ tr("Key") }</th><th class="figure">{ tr("Records") }</th><th class="figure">{ tr("Share") }</th></tr></thead>
                <tbody>{ for heaviest }</tbody>
            </table>
            <p class="hint" hidden={left_out.is_empty()}>{ left_out }</p>
        </div>
    }
}

/// Records by shard as bars; where there are many shards, the fullest ones.
pub(super) fn histogram_of(by_shard: &[(u32, u64)], records: u64) -> Html {
    let most = by_shard.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
    let mut shown = by_shard.to_vec();
    if shown.len() > BARS_MAX {
        shown.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
        shown.truncate(BARS_MAX);
    }
    let rows = shown.iter().map(|(shard, part)| {
        html! {
            <li key={*shard} title={percent_of(*part, records).to_string() + " %"}>
                <ShardBadge shard={*shard} />
                <svg class="bar-box" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="glass" width="100" height="10" />
                    <rect class={classes!("slice", style(*shard))} width={(part * 100 / most).to_string()} height="10" />
                </svg>
                <span class="figure">{ thousands(*part) }</span>
            </li>
        }
    });
    let rest = by_shard.len() - shown.len();
    html! {
        <div class="histogram-box">
            <ul class="histogram">{ for rows }</ul>
            <small hidden={rest == 0}>{ tr("The fullest of ") }{ count(by_shard.len() as u64, "shard") }</small>
        </div>
    }
}
