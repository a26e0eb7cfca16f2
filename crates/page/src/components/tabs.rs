//! Beside the terminal: the log, the charts, the lease table, the services around.

use std::collections::VecDeque;
use std::rc::Rc;

use yew::prelude::*;

use super::build_page::BuildPage;
use super::cost::CostPage;
use super::glossary::Glossary;
use super::leases::Leases;
use super::ledger::Ledger;
use super::limits::LimitsPage;
use super::log::Log;
use super::metrics::Metrics;
use super::neighbours::Neighbours;
use super::requests::Requests;
use super::time_bar::TimeLine;
use crate::app::{Msg, Send, Tab};
use crate::desk::{Block, SharedDesk};
use crate::scene::Picture;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct TabsProps {
    pub tab: Tab,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub line: Rc<TimeLine>,
    pub transcript: Rc<VecDeque<Rc<Block>>>,
    pub send: Send,
}

#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let names = Tab::ALL;
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
                { tr(name) }
            </button>
        }
    });
    let content = match props.tab {
        Tab::Log => html! {
            <Log picture={props.picture.clone()} desk={props.desk.clone()} send={props.send.clone()} />
        },
        Tab::Requests => {
            // The desk is only busy while a message is handled, and then nothing is rendered.
            let desk = props.desk.0.try_borrow();
            let region = desk.map_or_else(|_| String::new(), |desk| desk.sandbox.options().region.clone());
            html! {
                <Requests picture={props.picture.clone()} transcript={props.transcript.clone()} {region} send={props.send.clone()} />
            }
        }
        Tab::Build => html! { <BuildPage picture={props.picture.clone()} send={props.send.clone()} /> },
        Tab::Cost => html! {
            <CostPage picture={props.picture.clone()} desk={props.desk.clone()} send={props.send.clone()} />
        },
        Tab::Ledger => html! { <Ledger picture={props.picture.clone()} send={props.send.clone()} /> },
        Tab::Limits => html! { <LimitsPage profile={props.picture.view.limits} send={props.send.clone()} /> },
        Tab::Glossary => html! { <Glossary /> },
        Tab::Metrics => {
            html! { <Metrics picture={props.picture.clone()} desk={props.desk.clone()} send={props.send.clone()} /> }
        }
        Tab::Neighbours => html! { <Neighbours picture={props.picture.clone()} desk={props.desk.clone()} /> },
        Tab::Leases => {
            html! { <Leases picture={props.picture.clone()} line={props.line.clone()} send={props.send.clone()} /> }
        }
    };
    html! {
        <section class="panel tabs" id="log" aria-label={tr("What happened, and what it means")}>
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
