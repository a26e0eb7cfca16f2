//! The limits in force, and where the exam, the study notes and AWS today say different things.

use kinesis::{Limits, LimitsProfile};
use yew::prelude::*;

use crate::app::{Msg, Send};
use crate::browser::dom::value_of;
use crate::text::{bytes, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct LimitsPageProps {
    /// Name of the profile in force.
    pub profile: AttrValue,
    pub send: Send,
}

#[component]
pub(crate) fn LimitsPage(props: &LimitsPageProps) -> Html {
    let only_different = use_state(|| true);
    let words = use_state(String::new);
    let wanted = use_state(|| None::<LimitsProfile>);
    let table = use_memo((), |()| Limits::table());
    let find = words.trim().to_lowercase();
    let rows = table.iter().filter(|limit| {
        let differs = limit.exam != limit.aws_today || limit.exam != limit.study_notes;
        let is_found = find.is_empty()
            || limit.name.replace('_', " ").contains(&find)
            || limit.meaning.to_lowercase().contains(&find);
        is_found && (differs || !*only_different || !find.is_empty())
    });
    let rows = rows.map(|limit| {
        let say = |number: u64| say(number, limit.unit);
        let cell = |name: &str, number: u64| {
            let differs = number != limit.exam;
            html! { <td class={classes!("figure", (props.profile == name).then_some("in-force"), differs.then_some("differs"))}>{ say(number) }</td> }
        };
        html! {
            <tr key={limit.name}>
                <th scope="row">{ tr(limit.meaning) }<small>{ tr(limit.source) }</small></th>
                { cell("study-notes", limit.study_notes) }
                { cell("exam", limit.exam) }
                { cell("aws-today", limit.aws_today) }
            </tr>
        }
    });
    let rows: Vec<Html> = rows.collect();
    let profiles = [
        (LimitsProfile::StudyNotes, "Notes"),
        (LimitsProfile::Exam, "Exam"),
        (LimitsProfile::AwsToday, "AWS today"),
    ];
    let buttons = profiles.into_iter().map(|(profile, name)| {
        let is_in_force = props.profile == profile.name();
        let on_click = {
            let wanted = wanted.clone();
            Callback::from(move |_: MouseEvent| wanted.set(Some(profile).filter(|_| !is_in_force)))
        };
        html! {
            <button type="button" key={name} aria-pressed={is_in_force.to_string()} onclick={on_click}>{ tr(name) }</button>
        }
    });
    let switch = match *wanted {
        None => html! { <p class="hint" hidden=true /> },
        Some(profile) => {
            let start = {
                let (send, wanted) = (props.send.clone(), wanted.clone());
                Callback::from(move |_: MouseEvent| {
                    wanted.set(None);
                    send.emit(Msg::StartUnder(profile));
                })
            };
            html! {
                <div class="switch" role="status">
                    <p>{ tr("A world keeps the limits that it began with. Switching begins a new world; save this one first if you need it.") }</p>
                    <button type="button" class="primary" onclick={start}>{ tr("Begin a new world under") }{ " " }{ profile.name() }</button>
                </div>
            }
        }
    };
    let on_find = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| words.set(value_of(&event)))
    };
    let on_all = {
        let only_different = only_different.clone();
        Callback::from(move |_: MouseEvent| only_different.set(!*only_different))
    };
    html! {
        <div class="limits-page">
            <div class="filter">
                <span>{ tr("In force") }</span>
                <span class="segments" role="group" aria-label={tr("Limits in force")}>{ for buttons }</span>
                <button type="button" aria-pressed={only_different.to_string()} onclick={on_all}>{ tr("Only where they differ") }</button>
                <input type="text" aria-label={tr("Find a limit")} placeholder={tr("Find a limit")} value={(*words).clone()} oninput={on_find} />
            </div>
            { switch }
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Limits")}>
                <table class="limits-table">
                    <thead>
                        <tr><th>{ tr("Limit") }</th><th class="figure">{ tr("Notes") }</th><th class="figure">{ tr("Exam") }</th><th class="figure">{ tr("AWS today") }</th></tr>
                    </thead>
                    <tbody>{ for rows.clone() }</tbody>
                </table>
            </div>
            <p class="hint" hidden={!rows.is_empty()}>{ tr("No limit of that name.") }</p>
        </div>
    }
}

fn say(number: u64, unit: &'static str) -> String {
    match unit {
        "bytes" => bytes(number),
        "bytes/s" => bytes(number) + "/s",
        unit => thousands(number) + " " + tr(unit),
    }
}
