//! Beside the terminal: the log, the charts, the lease table, the services around.

use std::collections::VecDeque;
use std::rc::Rc;

use yew::prelude::*;

use super::build_page::BuildPage;
use super::cost::CostPage;
use super::glossary::Glossary;
use super::icon::{GROW, Icon, SHRINK};
use super::leases::Leases;
use super::ledger::Ledger;
use super::limits::LimitsPage;
use super::log::Log;
use super::metrics::Metrics;
use super::neighbours::Neighbours;
use super::requests::Requests;
use super::time_bar::TimeLine;
use crate::app::{Layout, Msg, Send, Tab};
use crate::browser::dom::value_of;
use crate::browser::parts::use_whole;
use crate::desk::{Block, SharedDesk};
use crate::scene::Picture;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct TabsProps {
    pub tab: Tab,
    /// Whether terminal and tabs have most of the page's room.
    pub is_large: bool,
    pub picture: Picture,
    pub desk: SharedDesk,
    pub line: Rc<TimeLine>,
    pub transcript: Rc<VecDeque<Rc<Block>>>,
    pub send: Send,
}

#[component]
pub(crate) fn Tabs(props: &TabsProps) -> Html {
    let is_whole = use_whole();
    let all: Vec<Tab> = Tab::all().collect();
    let place = all.iter().position(|tab| *tab == props.tab).unwrap_or(0);
    let on_key = {
        let (send, all) = (props.send.clone(), all.clone());
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowLeft" => (place + all.len() - 1) % all.len(),
                "ArrowRight" => (place + 1) % all.len(),
                _ => return,
            };
            event.prevent_default();
            send.emit(Msg::ShowTab(all[to]));
            crate::browser::focus::focus_nth_sibling(&event, to as u32);
        })
    };
    let begins_group = |tab: Tab| Tab::GROUPS.iter().skip(1).any(|(_, tabs)| tabs.first() == Some(&tab));
    let buttons = all.into_iter().map(|tab| {
        let (name, is_shown) = (tab.name(), tab == props.tab);
        html! {
            <button
                type="button"
                role="tab"
                key={name}
                class={begins_group(tab).then_some("begins-group")}
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
    // Where ten tabs do not find room they are one list.
    let groups = Tab::GROUPS.into_iter().map(|(group, tabs)| {
        let options = tabs.iter().map(|tab| {
            let (name, is_shown) = (tab.name(), *tab == props.tab);
            html! { <option key={name} value={name} selected={is_shown}>{ tr(name) }</option> }
        });
        html! { <optgroup key={group} label={tr(group)}>{ for options }</optgroup> }
    });
    let on_choose = props.send.reform(|event: Event| {
        let name = value_of(&event);
        Msg::ShowTab(Tab::all().find(|tab| tab.name() == name).unwrap_or_default())
    });
    let (size, path) = if props.is_large { ("Smaller", SHRINK) } else { ("Larger", GROW) };
    let layout = if props.is_large { Layout::Learn } else { Layout::Code };
    let content = match props.tab {
        _ if !is_whole => html! { <div class="log" /> },
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
        Tab::Neighbours => {
            html! { <Neighbours picture={props.picture.clone()} desk={props.desk.clone()} send={props.send.clone()} /> }
        }
        Tab::Leases => {
            html! { <Leases picture={props.picture.clone()} line={props.line.clone()} send={props.send.clone()} /> }
        }
    };
    html! {
        <section class="panel tabs" id="log" aria-label={tr("What happened, and what it means")}>
            <div class="tabs-head">
                <div class="tab-list" role="tablist" onkeydown={on_key}>{ for buttons }</div>
                <select class="tab-select" aria-label={tr("Show a view")} onchange={on_choose}>{ for groups }</select>
                <button
                    type="button"
                    class="tool resize"
                    aria-label={tr(size)}
                    title={tr(size)}
                    onclick={props.send.reform(move |_| Msg::SetLayout(layout))}
                >
                    <Icon {path} />
                </button>
            </div>
            <div
                class="tab-panel"
                id="tab-panel"
                role="tabpanel"
                tabindex="0"
                aria-labelledby={"tab-".to_owned() + props.tab.name()}
            >
                { content }
            </div>
        </section>
    }
}
