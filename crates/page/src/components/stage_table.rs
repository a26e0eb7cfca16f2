//! The stage as a table: the same facts for those who would rather read.

use yew::prelude::*;

use super::shard_row::{range_words, refused};
use crate::letters::letter;
use crate::scene::{FlagKind, Picture};
use crate::text::{bytes, count, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct StageTableProps {
    pub picture: Picture,
}

#[component]
pub(crate) fn StageTable(props: &StageTableProps) -> Html {
    let shards = props.picture.stream().map_or(&[][..], |stream| stream.shards.as_slice());
    let used = |max: i64, left: i64| max.saturating_sub(left).max(0).unsigned_abs();
    let rows = shards.iter().map(|shard| {
        let flags = props.picture.flags.get(&shard.number).into_iter().flatten();
        let readers: Vec<String> = flags
            .filter(|flag| flag.kind != FlagKind::Preview)
            .map(|flag| flag.label.clone() + ": " + &count(flag.behind, "record") + tr(" before the tip"))
            .collect();
        let leases = props.picture.leases.get(&shard.number).map_or(&[][..], Vec::as_slice);
        let owners: Vec<String> = leases
            .iter()
            .map(|lease| {
                let owner = lease.owner.clone().unwrap_or_else(|| tr("nobody").to_owned());
                if leases.len() > 1 { lease.application.clone() + ": " + &owner } else { owner }
            })
            .collect();
        html! {
            <tr key={shard.number}>
                <th scope="row">{ letter(shard.number) }<small>{ &shard.id }</small></th>
                <td>{ tr(if shard.is_open { "open" } else { "closed" }) }</td>
                <td class="whole">{ range_words(shard) }</td>
                <td class="figure">{ thousands(shard.record_count) }</td>
                <td class="whole">
                    { thousands(used(shard.write_records_max, shard.write_records_left)) }{ tr(" records, ") }
                    { bytes(used(shard.write_bytes_max, shard.write_bytes_left)) }
                </td>
                <td class="figure">{ thousands(refused(shard)) }</td>
                <td class="how-far">{ readers.join("; ") }</td>
                <td>{ owners.join("; ") }</td>
            </tr>
        }
    });
    html! {
        <div class="table-box" tabindex="0" role="region" aria-label={tr("Shards as a table")}>
            <table>
                <caption class="visually-hidden">{ tr("Shards") }</caption>
                <thead>
                    <tr>
                        <th>{ tr("Shard") }</th><th>{ tr("State") }</th><th>{ tr("Range") }</th><th class="figure">{ tr("Records") }</th>
                        <th>{ tr("Used in this second") }</th><th class="figure">{ tr("Refused") }</th><th>{ tr("Readers") }</th><th>{ tr("Lease owner") }</th>
                    </tr>
                </thead>
                <tbody>{ for rows }</tbody>
            </table>
        </div>
    }
}
