//! The form of a new stream, on the stage where the stream will be.

use course::forms::form as form_of;
use yew::prelude::*;

use super::breakable::unbroken;
use super::fields::{Choice, NumberField, TextField};
use crate::app::{FormAt, Msg, Send};
use crate::browser::focus::focus_first;
use crate::desk::SharedDesk;
use crate::selection::Making;
use crate::text::{count, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct StreamFormProps {
    /// Names that are taken.
    pub streams: Vec<String>,
    pub desk: SharedDesk,
    pub send: Send,
}

const MODES: &[(&str, &str)] = &[("PROVISIONED", "Provisioned"), ("ON_DEMAND", "On demand")];

#[component]
pub(crate) fn StreamForm(props: &StreamFormProps) -> Html {
    let name = {
        let desk = props.desk.clone();
        use_state(move || {
            let desk = desk.0.borrow();
            let defaults = form_of("New stream").map(|form| form.defaults(desk.sandbox.world(), None));
            defaults.unwrap_or_default().into_iter().next().unwrap_or_default()
        })
    };
    let shards = use_state(|| 1u64);
    let is_on_demand = use_state(|| false);
    let on_mode = {
        let is_on_demand = is_on_demand.clone();
        Callback::from(move |mode: String| is_on_demand.set(mode == "ON_DEMAND"))
    };
    let is_on_demand = *is_on_demand;
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with((), move |()| focus_first(&form, "input"));
    }
    let (title, values) = match is_on_demand {
        true => ("New on-demand stream", vec![(*name).clone()]),
        false => ("New stream", vec![(*name).clone(), shards.to_string()]),
    };
    let line =
        form_of(title).map(|form| props.desk.0.borrow().form_line(form, &values, None, &FormAt::default()));
    let line = line.and_then(Result::ok).unwrap_or_default();
    let error = if props.streams.contains(&*name) {
        Some(AttrValue::Static(tr("There is a stream of this name already")))
    } else if name.is_empty() || name.len() > 128 || !name.bytes().all(is_name_byte) {
        Some(AttrValue::Static(tr("1 to 128 letters, digits, '_', '.' or '-'")))
    } else {
        None
    };
    let on_submit = {
        let send = props.send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if let Some(form) = form_of(title) {
                send.emit(Msg::Form(form, values.clone(), FormAt::default()));
            }
        })
    };
    let on_name = {
        let name = name.clone();
        Callback::from(move |text: String| name.set(text))
    };
    let on_shards = {
        let shards = shards.clone();
        Callback::from(move |number| shards.set(number))
    };
    html! {
        <form class="card form" ref={form} onsubmit={on_submit} aria-labelledby="stream-form-title">
            <h3 id="stream-form-title">{ tr("New stream") }</h3>
            <div class="pair">
                <TextField label={tr("Stream name")} value={(*name).clone()} {error} on_input={on_name} is_code=true />
                <NumberField label={tr("Shards")} value={*shards} min=1 max=500 on_change={on_shards} live=true />
            </div>
            <Choice label={tr("Mode")} options={MODES} value={if is_on_demand { "ON_DEMAND" } else { "PROVISIONED" }} on_change={on_mode} />
            <p class="capacity" hidden={!is_on_demand}>{ tr("Starts with room for 4,000 records/s and 4 MB/s, and grows with the traffic.") }</p>
            <p class="capacity" hidden={is_on_demand}>
                { count(*shards, "shard") }{ ": " }<b>{ thousands(*shards * 1_000) }{ tr(" records/s") }</b>{ tr(" and ") }
                <b title={tr("Exactly 1 MiB (1,048,576 bytes) per second for each shard")}>{ thousands(*shards) }{ tr(" MB/s") }</b>
                { tr(" in, ") }<b>{ thousands(*shards * 2) }{ tr(" MB/s") }</b>{ tr(" out. Records are kept for 24 hours.") }
            </p>
            <pre class="line" aria-label={tr("Command line")}><code>{ unbroken(&line) }</code></pre>
            <div class="actions">
                <button type="submit" class="primary">{ tr(if is_on_demand { "Create on-demand stream" } else { "Create stream" }) }</button>
                <button type="button" onclick={props.send.reform(|_| Msg::Make(Making::Nothing))}>{ tr("Cancel") }</button>
            </div>
        </form>
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
