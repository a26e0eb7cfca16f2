//! Beside the terminal: the log, the charts, the lease table, the services around.

use yew::prelude::*;

use super::leases::Leases;
use super::log::Log;
use super::metrics::Metrics;
use super::neighbours::Neighbours;
use crate::app::{Msg, Send, Tab};
use crate::desk::SharedDesk;
use crate::scene::Picture;

#[derive(Properties, PartialEq)]
pub(crate) struct TabsProps {
    pub tab: Tab,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub send: Send,
}

#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let names = [
        (Tab::Log, "Log"),
        (Tab::Metrics, "Metrics"),
        (Tab::Leases, "Leases"),
        (Tab::Neighbours, "Services"),
    ];
    let place = names.iter().position(|(tab, _)| *tab == props.tab).unwrap_or(0);
    let on_key = {
        let send = props.send.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => (place + names.len() - 1) % names.len(),
                "ArrowRight" => (place + 1) % names.len(),
                _ => return,
            };
            event.prevent_default();
            send.emit(Msg::ShowTab(names[to].0));
            crate::browser::dom::focus_nth_sibling(&event, to as u32);
        })
    };
    let buttons = names.into_iter().map(|(tab, name)| {
        let is_shown = tab == props.tab;
        html! {
            <button
                type="button"
                role="tab"
                key={name}
                id={"tab-".to_owned() + name}
                aria-selected={is_shown.to_string()}
                aria-controls="tab-panel"
                tabindex={if is_shown { "0" } else { "-1" }}
                onclick={props.send.reform(move |_| Msg::ShowTab(tab))}
            >
                { name }
            </button>
        }
    });
    let content = match props.tab {
        Tab::Log => html! { <Log picture={props.picture.clone()} desk={props.desk.clone()} /> },
        Tab::Metrics => html! { <Metrics picture={props.picture.clone()} send={props.send.clone()} /> },
        Tab::Neighbours => html! { <Neighbours picture={props.picture.clone()} desk={props.desk.clone()} /> },
        Tab::Leases => html! { <Leases picture={props.picture.clone()} send={props.send.clone()} /> },
    };
    html! {
        <section class="panel tabs" id="log" aria-label="Log, metrics, leases and services">
            <div class="tab-list" role="tablist" onkeydown={on_key}>{ for buttons }</div>
            <div
                class="tab-panel"
                id="tab-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby={"tab-".to_owned() + names[place].1}
            >
                { content }
            </div>
        </section>
    }
}
