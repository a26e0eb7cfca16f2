//! The form of a new stream, on the stage where the stream will be.

use kinesis::{CreateStreamInput, Request};
use sim::Command;
use yew::prelude::*;

use super::fields::{NumberField, TextField};
use crate::app::{Msg, Send};
use crate::browser::dom::focus_first;
use crate::language;
use crate::selection::{Making, Selection};
use crate::text::{count, thousands};

#[derive(Properties, PartialEq)]
pub(crate) struct StreamFormProps {
    /// Names that are taken.
    pub streams: Vec<String>,
    pub send: Send,
}

#[component]
pub(crate) fn StreamForm(props: &StreamFormProps) -> Html {
    let free = ["clicks", "orders", "sensors", "payments", "logs"];
    let first = free.into_iter().find(|name| !props.streams.iter().any(|taken| taken == name));
    let name = use_state(|| first.unwrap_or("stream").to_owned());
    let shards = use_state(|| 1u64);
    let form = use_node_ref();
    {
        let form = form.clone();
        use_effect_with((), move |()| focus_first(&form, "input"));
    }
    let command = Command::Call(Request::from(CreateStreamInput {
        stream_name: Some((*name).clone()),
        shard_count: Some(*shards as i64),
        ..CreateStreamInput::default()
    }));
    let line = language::render(&command);
    let error = if props.streams.contains(&*name) {
        Some(AttrValue::Static("There is a stream of this name already"))
    } else if name.is_empty() || name.len() > 128 || !name.bytes().all(is_name_byte) {
        Some(AttrValue::Static("1 to 128 letters, digits, '_', '.' or '-'"))
    } else {
        None
    };
    let on_submit = {
        let send = props.send.clone();
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Msg::SubmitForm(command.clone(), Selection::Stream));
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
            <h3 id="stream-form-title">{ "New stream" }</h3>
            <div class="pair">
                <TextField label="Stream name" value={(*name).clone()} {error} on_input={on_name} is_code=true />
                <NumberField label="Shards" value={*shards} min=1 max=500 on_change={on_shards} live=true />
            </div>
            <p class="capacity">
                { count(*shards, "shard") }{ ": " }<b>{ thousands(*shards * 1_000) }{ " records/s" }</b>{ " and " }
                <b title="Exactly 1 MiB (1,048,576 bytes) per second for each shard">{ thousands(*shards) }{ " MB/s" }</b>
                { " in, " }<b>{ thousands(*shards * 2) }{ " MB/s" }</b>{ " out. Records are kept for 24 hours." }
            </p>
            <pre class="line" aria-label="Command line"><code>{ line }</code></pre>
            <div class="actions">
                <button type="submit" class="primary">{ "Create stream" }</button>
                <button type="button" onclick={props.send.reform(|_| Msg::Make(Making::Nothing))}>{ "Cancel" }</button>
            </div>
        </form>
    }
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-')
}
