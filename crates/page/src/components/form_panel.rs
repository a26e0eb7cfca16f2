//! The forms of `course::forms` on the page: fields, the line that they stand for, and the button that runs it. Click
//! solutions of lessons fill in the same forms.

use std::cell::RefCell;

use course::forms::{Form, Place, form, forms};
use kinesis::{apart, ring_share};
use sim::StartingPosition;
use yew::prelude::*;

use super::breakable::unbroken;
use super::form_fields::form_field;
use super::shard_badge::ShardBadge;
use crate::app::{FormAt, Msg, Send};
use crate::browser::focus::focus_first_by_keyboard;
use crate::browser::parts::use_whole;
use crate::desk::SharedDesk;
use crate::scene::{FlagKind, Picture};
use crate::selection::Making;
use crate::text::{clock, count, thousands};
use crate::words::tr;

/// Titles of forms that stand somewhere by themselves, or are a button there.
const ELSEWHERE: [&str; 27] = [
    "New stream",
    "Put a record",
    "New producer",
    "New reader",
    "New KCL application",
    "Delete stream",
    "Split in the middle",
    "Merge with the next",
    "TRIM_HORIZON",
    "LATEST",
    "AT_TIMESTAMP",
    "AT_SEQUENCE_NUMBER",
    "AFTER_SEQUENCE_NUMBER",
    "New one from there",
    "Get next page",
    "Change producer",
    "Stop producer",
    "Stop program",
    "Restart the agent",
    "Stop the agent",
    "Stop reader",
    "Add worker",
    "Crash",
    "Pause",
    "Resume",
    "Restart",
    "Stop",
];

/// A button that stands for a form as it is at first.
pub(super) fn form_button(title: &'static str, at: &FormAt, send: &Send) -> Html {
    let Some(form) = form(title) else { return html! { <span hidden=true /> } };
    let values: Vec<String> = form.fields.iter().map(|field| field.default.to_owned()).collect();
    let at = at.clone();
    let on_click = send.reform(move |_: MouseEvent| Msg::Form(form, values.clone(), at.clone()));
    html! { <button type="button" onclick={on_click}>{ tr(form.button) }</button> }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ActionFormsProps {
    pub place: Place,
    pub at: FormAt,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

/// The forms of a place that stand nowhere else, folded.
#[component]
pub(crate) fn ActionForms(props: &ActionFormsProps) -> Html {
    if !use_whole() {
        return html! { <div class="action-forms" /> };
    }
    apart(|| folded_forms(props))
}

fn folded_forms(props: &ActionFormsProps) -> Html {
    let is_here = |form: &&Form| {
        form.place == props.place || (form.place == Place::Page && props.place == Place::Stream)
    };
    let shown: Vec<&Form> = forms().filter(is_here).filter(|form| !ELSEWHERE.contains(&form.title)).collect();
    let folded = |form: &&Form| {
        html! {
            <FoldedForm
                key={form.title}
                title={form.title}
                at={props.at.clone()}
                picture={props.picture.clone()}
                desk={props.desk.clone()}
                send={props.send.clone()}
                first={(form.title == "Split elsewhere").then(|| middle(props)).flatten()}
            />
        }
    };
    if props.place != Place::Stream && props.place != Place::Page {
        return html! { <div class="action-forms">{ for shown.iter().map(folded) }</div> };
    }
    let groups = GROUPS.into_iter().map(|group| {
        let items: Vec<Html> =
            shown.iter().filter(|form| group_of(form.title) == group).map(folded).collect();
        html! {
            <section key={group} class="form-group" hidden={items.is_empty()}>
                <h3>{ tr(group) }</h3>
                <div class="action-forms">{ for items }</div>
            </section>
        }
    });
    html! { <div class="form-groups">{ for groups }</div> }
}

/// The middle of the shard, in percent of the ring: a place in it to begin with.
fn middle(props: &ActionFormsProps) -> Option<String> {
    let shard = props.picture.shard(props.at.shard?)?;
    let (start, end) =
        (shard.starting_hash_key.parse::<u128>().ok()?, shard.ending_hash_key.parse::<u128>().ok()?);
    let thousandths = (u64::from(ring_share(start + (end - start) / 2 + 1)) * 1_000 + (1 << 31)) >> 32;
    let tenths = Some(thousandths % 10).filter(|tenths| *tenths > 0);
    Some(
        (thousandths / 10).to_string()
            + &tenths.map_or_else(String::new, |tenths| ".".to_owned() + &tenths.to_string()),
    )
}

const THE_STREAM: &str = "The stream";
const BEFORE: &str = "Before the stream";
const BEHIND: &str = "Behind the stream";
const RIGHTS: &str = "Who may do what";
const AROUND: &str = "Around it";

/// What the forms of a stream are about, in the order in which a learner needs them.
const GROUPS: [&str; 5] = [THE_STREAM, BEFORE, BEHIND, RIGHTS, AROUND];

/// The group of a form, by its title.
fn group_of(title: &str) -> &'static str {
    match title {
        "Put many records"
        | "New program with the KPL"
        | "New server with the Kinesis Agent"
        | "New DMS task" => BEFORE,
        "New consumer"
        | "Deregister a consumer"
        | "New Firehose stream"
        | "New function"
        | "Change a function"
        | "Map a function"
        | "Change a mapping" => BEHIND,
        "Identity policy" | "Remove a policy" | "Role of a program" | "VPC endpoint" | "Ready policy" => {
            RIGHTS
        }
        "New bucket" | "New object" => AROUND,
        _ => THE_STREAM,
    }
}

/// A form that is made when it is unfolded for the first time.
#[component]
fn FoldedForm(props: &FormPanelProps) -> Html {
    let was_opened = use_state(|| false);
    let on_toggle = {
        let was_opened = was_opened.clone();
        Callback::from(move |_: Event| was_opened.set(true))
    };
    let body = match *was_opened {
        true => panel(props),
        false => html! { <div hidden=true /> },
    };
    html! {
        <details class="action-form" ontoggle={on_toggle}>
            <summary>{ tr(props.title) }</summary>
            { body }
        </details>
    }
}

#[inline(never)]
fn panel(props: &FormPanelProps) -> Html {
    html! {
        <FormPanel
            title={props.title}
            at={props.at.clone()}
            picture={props.picture.clone()}
            desk={props.desk.clone()}
            send={props.send.clone()}
            first={props.first.clone()}
        />
    }
}

#[derive(Properties, PartialEq, Clone)]
pub(crate) struct FormPanelProps {
    pub title: &'static str,
    pub at: FormAt,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
    /// Whether it is a page of its own: with its title, its line and a way out.
    #[prop_or_default]
    pub is_page: bool,
    /// Whether its fields and its button stand in one line.
    #[prop_or_default]
    pub is_line: bool,
    /// What its first field holds until somebody changes it, where that depends on what is selected.
    #[prop_or_default]
    pub first: Option<String>,
}

#[component]
pub(crate) fn FormPanel(props: &FormPanelProps) -> Html {
    let form = form(props.title);
    let values = {
        let (desk, actor, first) = (props.desk.clone(), props.at.actor.clone(), props.first.clone());
        use_state(move || {
            let desk = desk.0.borrow();
            let values = form.map(|form| form.defaults(desk.sandbox.world(), actor.as_deref()));
            let mut values = values.unwrap_or_default();
            if let Some((value, first)) = values.first_mut().zip(first) {
                *value = first;
            }
            values
        })
    };
    let offered = use_mut_ref(|| props.first.clone());
    let node = use_node_ref();
    {
        let node = node.clone();
        use_effect_with(props.is_page, move |is_page| {
            if *is_page {
                focus_first_by_keyboard(&node, "input");
            }
        });
    }
    {
        let values = values.clone();
        use_effect_with(props.first.clone(), move |first| follow(&values, &offered, first.as_ref()));
    }
    let Some(form) = form else { return html! { <div hidden=true /> } };
    let is_preview = props.is_page && form.field("Start from").is_some() && form.title == "New reader";
    let fields = form.fields.iter().enumerate().map(|(place, field)| {
        let value = values.get(place).cloned().unwrap_or_default();
        let mistake = form.mistake(place, &value).filter(|_| !value.is_empty());
        let on_change = {
            let (values, send, picture) = (values.clone(), props.send.clone(), props.picture.clone());
            Callback::from(move |text: String| {
                let mut new = (*values).clone();
                if let Some(value) = new.get_mut(place) {
                    *value = text;
                }
                if is_preview && matches!(field.label, "Start from" | "Seconds ago") {
                    send.emit(Msg::Preview(Some(position(form, &new, &picture))));
                }
                values.set(new);
            })
        };
        let is_idle = form.is_idle(place, &values);
        html! {
            <div key={field.label} hidden={is_idle}>
                { form_field(field, value, mistake, on_change, &props.picture) }
            </div>
        }
    });
    let on_submit = {
        let (send, at, values) = (props.send.clone(), props.at.clone(), (*values).clone());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            send.emit(Msg::Form(form, values.clone(), at.clone()));
        })
    };
    let stream = props.picture.stream().map(|stream| stream.name.as_str());
    let line = props.desk.0.borrow().form_line(form, &values, stream, &props.at);
    let (line, is_ready) = match line {
        Ok(line) => (line, true),
        Err(error) => (error.reason, false),
    };
    let cancel = props.is_page.then(|| {
        html! { <button type="button" onclick={props.send.reform(|_| Msg::Make(Making::Nothing))}>{ tr("Cancel") }</button> }
    });
    html! {
        <form
            ref={node}
            class={classes!("form", props.is_line.then_some("in-line"))}
            aria-label={props.is_line.then(|| tr(form.title))}
            onsubmit={on_submit}
        >
            <h3 hidden={!props.is_page}>{ tr(form.title) }</h3>
            <p class="hint" hidden={!(props.is_page && form.title == "New KCL application")}>
                { tr("Workers share the shards by leases in a DynamoDB table of the application's name.") }
            </p>
            <div class="fields">{ for fields }</div>
            { if is_preview { landings(&props.picture) } else { html! { <div hidden=true /> } } }
            <div class="form-end">
                <pre class="line" aria-label={tr("Command line")} hidden={props.is_line || !(is_ready || props.is_page)}><code>{ unbroken(&line) }</code></pre>
                <div class="actions">
                    <button type="submit" class={props.is_page.then_some("primary")}>{ tr(form.button) }</button>
                    { cancel }
                </div>
            </div>
        </form>
    }
}

/// The first field holds what is offered now, unless somebody has put something else there.
fn follow(values: &UseStateHandle<Vec<String>>, offered: &RefCell<Option<String>>, now: Option<&String>) {
    let before = offered.replace(now.cloned());
    let (Some(now), true) = (now, values.first() == before.as_ref()) else { return };
    let mut new = (**values).clone();
    if let Some(value) = new.first_mut().filter(|value| *value != now) {
        value.clone_from(now);
        values.set(new);
    }
}

/// Where a new reader would begin, as its form stands.
fn position(form: &Form, values: &[String], picture: &Picture) -> StartingPosition {
    let value =
        |label: &str| form.field(label).and_then(|place| values.get(place)).map_or("", String::as_str);
    match value("Start from") {
        "LATEST" => StartingPosition::Latest,
        "AT_TIMESTAMP" => {
            let ago: u64 = value("Seconds ago").parse().unwrap_or(0);
            let now_s = picture.view.now_ms / 1_000;
            StartingPosition::AtTimestamp(kinesis::Instant::from_seconds(now_s.saturating_sub(ago)))
        }
        _ => StartingPosition::TrimHorizon,
    }
}

/// The first record of each shard that a new reader would get.
fn landings(picture: &Picture) -> Html {
    let landings = picture.flags.iter().filter_map(|(shard, flags)| {
        let flag = flags.iter().find(|flag| flag.kind == FlagKind::Preview)?;
        let words = if flag.behind == 0 {
            tr("at the tip: waits for the next record").to_owned()
        } else {
            tr("first record: #").to_owned()
                + &thousands(flag.index)
                + ", "
                + &clock(flag.at_ms)
                + ", "
                + &count(flag.behind, "record")
                + tr(" to the tip")
        };
        Some(html! { <li key={*shard}><ShardBadge shard={*shard} />{ words }</li> })
    });
    html! {
        <div class="preview">
            <h4>{ tr("Where it would begin") }</h4>
            <ul class="landings">{ for landings }</ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_group_has_forms_and_every_form_of_its_own_place_is_in_the_stream_s() {
        let of = |title: &str| group_of(title);
        for group in GROUPS {
            assert!(forms().any(|form| of(form.title) == group), "{group}");
        }
        assert_eq!(of("Retention"), THE_STREAM);
        assert_eq!(of("Map a function"), BEHIND);
        // A title that is named in a group is that of a form.
        for title in ["New DMS task", "Change a mapping", "Ready policy", "New object", "Put many records"] {
            assert!(form(title).is_some(), "{title}");
        }
    }
}
