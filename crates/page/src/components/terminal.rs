//! The terminal: what was typed and clicked, what it printed, and a prompt with completion, a history and chips.

mod block;
mod chip_row;
mod history_search;

use std::collections::VecDeque;
use std::rc::Rc;

use awscli::Chip;
use yew::prelude::*;

use block::BlockView;
use chip_row::ChipRow;
use history_search::HistorySearch;

use super::icon::{Icon, SEARCH};
use crate::app::{Msg, Send};
use crate::browser::{dom, focus};
use crate::desk::{Block, SharedDesk};
use crate::language::{self, Offer};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct TerminalProps {
    pub transcript: Rc<VecDeque<Rc<Block>>>,
    pub desk: SharedDesk,
    /// Counts the lines that were laid at the prompt from elsewhere.
    pub composed: u32,
    pub send: Send,
}

/// What only the prompt knows: the place in the history, and what could complete the line.
#[derive(Default)]
pub(crate) struct Terminal {
    prompt: NodeRef,
    log: NodeRef,
    list: NodeRef,
    /// Lines back from the newest; none while a new line is typed.
    back: Option<usize>,
    /// What was typed before going back.
    draft: String,
    offers: Vec<Offer>,
    /// How many there were before the list was cut.
    offers_all: usize,
    /// The offer that Enter would take.
    marked: Option<usize>,
    is_list_open: bool,
    /// Words that the line can go on with by touch; those of an empty line until somebody asks.
    chips: Rc<Vec<Chip>>,
    is_searching: bool,
    /// What to do about the line at the prompt, which did not run.
    hint: Option<&'static str>,
    shown: u64,
}

pub(crate) enum TerminalMsg {
    Typed,
    Key(KeyboardEvent),
    Take(usize),
    /// A chip, and whether it was taken by keyboard.
    TakeChip(usize, bool),
    TakeWordBack,
    /// Opens the search in earlier lines, or closes it with a line or none.
    Search,
    Found(Option<String>),
    Send,
    Focused,
    Left,
}

const OFFERS_MAX: usize = 12;

impl Component for Terminal {
    type Message = TerminalMsg;
    type Properties = TerminalProps;

    fn create(_ctx: &Context<Terminal>) -> Terminal {
        Terminal { chips: Rc::new(first_chips()), ..Terminal::default() }
    }

    /// What did not run of what was given to the prompt goes back there.
    fn changed(&mut self, ctx: &Context<Terminal>, _old: &TerminalProps) -> bool {
        let left = ctx.props().desk.0.try_borrow_mut().ok().and_then(|mut desk| desk.left.take());
        if let Some(left) = left {
            dom::set_area_value(&self.prompt, &left.text);
            if let Some(wrong) = &left.wrong {
                dom::select_in_area(&self.prompt, wrong);
            }
            self.hint = left.wrong.map(|wrong| match wrong.is_empty() {
                true => "This line did not run: complete it, or empty it with Ctrl U.",
                false => "This line did not run: type over what is marked, or empty it with Ctrl U.",
            });
            self.look_ahead(ctx);
        }
        true
    }

    fn update(&mut self, ctx: &Context<Terminal>, msg: TerminalMsg) -> bool {
        let (line, is_typed) = (dom::area_value(&self.prompt), matches!(msg, TerminalMsg::Typed));
        match msg {
            TerminalMsg::Typed => {
                self.back = None;
                dom::fit_area(&self.prompt);
                self.offer(ctx);
                self.is_list_open = !dom::area_value(&self.prompt).trim().is_empty();
            }
            TerminalMsg::Focused => self.offer(ctx),
            TerminalMsg::Left => self.is_list_open = false,
            TerminalMsg::Take(place) => self.take(ctx, place),
            TerminalMsg::TakeChip(place, is_by_keyboard) => self.take_chip(ctx, place, is_by_keyboard),
            TerminalMsg::TakeWordBack => {
                let line = dom::area_value(&self.prompt);
                dom::set_area_value(&self.prompt, awscli::without_last_word(&line));
                self.offer(ctx);
                self.is_list_open = false;
            }
            TerminalMsg::Search => self.is_searching = true,
            TerminalMsg::Found(line) if self.is_searching => {
                self.is_searching = false;
                if let Some(line) = line {
                    self.back = None;
                    dom::set_area_value(&self.prompt, &line);
                    self.look_ahead(ctx);
                }
                focus::focus(&self.prompt);
            }
            TerminalMsg::Found(_) => {}
            TerminalMsg::Send => self.send(ctx),
            TerminalMsg::Key(event) => self.on_key(ctx, &event),
        }
        if is_typed || dom::area_value(&self.prompt) != line {
            self.hint = None;
        }
        true
    }

    fn view(&self, ctx: &Context<Terminal>) -> Html {
        let link = ctx.link();
        let blocks = ctx.props().transcript.iter().map(|block| {
            html! { <BlockView key={block.number} block={block.clone()} /> }
        });
        let offers = self.offers.iter().enumerate().map(|(i, offer)| {
            let is_marked = self.marked == Some(i);
            // The mouse must not take the focus away from the prompt before its click arrives.
            let keep = Callback::from(|event: MouseEvent| event.prevent_default());
            html! {
                <li
                    key={i}
                    id={format!("offer-{i}")}
                    role="option"
                    aria-selected={is_marked.to_string()}
                    onmousedown={keep}
                    onclick={link.callback(move |_: MouseEvent| TerminalMsg::Take(i))}
                >
                    <code>{ &offer.label }</code>{ " " }<small>{ &offer.help }</small>
                </li>
            }
        });
        let is_open = self.is_list_open && !self.offers.is_empty();
        let line = dom::area_value(&self.prompt);
        let is_whole = !line.trim().is_empty() && self.is_whole(ctx, &line);
        let heard = if is_open { self.count_text() } else { String::new() };
        let hint = self.hint.map_or("", tr);
        html! {
            <section class="panel terminal" id="terminal" aria-labelledby="terminal-title">
                <h2 id="terminal-title" class="visually-hidden">{ tr("Terminal") }</h2>
                <div class="transcript" role="log" aria-label={tr("Transcript")} tabindex="0" ref={self.log.clone()}>
                    <p class="greeting">
                        { tr("Every click prints its command line here. Type one yourself: ") }<code>{ "aws kinesis list-streams" }</code>
                        { tr(" or ") }<code>{ "help" }</code>
                    </p>
                    <div class="blocks">{ for blocks }</div>
                </div>
                { self.view_search(ctx) }
                <form class={classes!("prompt", is_whole.then_some("whole"))} onsubmit={link.callback(|event: SubmitEvent| { event.prevent_default(); TerminalMsg::Send })}>
                    <span aria-hidden="true">{ "$" }</span>
                    <textarea
                        ref={self.prompt.clone()}
                        rows="1"
                        // A text area of many lines may be no combobox by the rules of ARIA in HTML; while its list is
                        // open it is one, since that is what screen readers tell the state of.
                        role={is_open.then_some("combobox")}
                        aria-expanded={is_open.then_some("true")}
                        aria-haspopup={is_open.then_some("listbox")}
                        aria-label={tr("Command line")}
                        aria-keyshortcuts="Control+K"
                        aria-autocomplete="list"
                        aria-controls="offers"
                        aria-activedescendant={self.marked.filter(|_| is_open).map(|i| format!("offer-{i}"))}
                        spellcheck="false"
                        autocomplete="off"
                        autocapitalize="none"
                        placeholder="aws kinesis …"
                        oninput={link.callback(|_: InputEvent| TerminalMsg::Typed)}
                        onkeydown={link.callback(TerminalMsg::Key)}
                        onfocus={link.callback(|_: FocusEvent| TerminalMsg::Focused)}
                        onblur={link.callback(|_: FocusEvent| TerminalMsg::Left)}
                    />
                    <button
                        type="button"
                        class="quiet search-key"
                        aria-label={tr("Search in earlier lines")}
                        title={tr("Search in earlier lines").to_owned() + " (Ctrl R)"}
                        onclick={link.callback(|_: MouseEvent| TerminalMsg::Search)}
                    >
                        <Icon path={SEARCH} />
                    </button>
                    <button type="submit" class="run">{ tr("Run") }</button>
                    <span role="status" class="visually-hidden">{ heard }</span>
                    <ul id="offers" class="offers" role="listbox" aria-label={tr("Completions")} hidden={!is_open} ref={self.list.clone()}>{ for offers }</ul>
                </form>
                <p class="hint line-hint" role="status" hidden={hint.is_empty()}>{ hint }</p>
                <ChipRow
                    chips={self.chips.clone()}
                    can_go_back={!line.is_empty()}
                    on_take={link.callback(|(place, is_by_keyboard)| TerminalMsg::TakeChip(place, is_by_keyboard))}
                    on_back={link.callback(|()| TerminalMsg::TakeWordBack)}
                />
            </section>
        }
    }

    fn rendered(&mut self, ctx: &Context<Terminal>, _is_first: bool) {
        let newest = ctx.props().transcript.back().map_or(0, |block| block.number);
        if newest != self.shown {
            self.shown = newest;
            dom::scroll_to_end(&self.log);
        }
        if self.marked.is_some() && self.is_list_open {
            dom::show_selected(&self.list);
        }
    }
}

impl Terminal {
    fn offer(&mut self, ctx: &Context<Terminal>) {
        let line = dom::area_value(&self.prompt);
        self.marked = None;
        self.offers = match ctx.props().desk.0.try_borrow() {
            Ok(desk) => {
                language::complete(&line, dom::caret(&self.prompt), desk.sandbox.world(), &desk.iterators)
            }
            Err(_) => Vec::new(),
        };
        self.offers_all = self.offers.len();
        self.offers.truncate(OFFERS_MAX);
        self.look_ahead(ctx);
    }

    /// How many completions there are, for who hears the list rather than sees it.
    fn count_text(&self) -> String {
        let (shown, all) = (self.offers.len() as u64, self.offers_all as u64);
        match all {
            1 => tr("1 completion").to_owned(),
            _ if shown < all => shown.to_string() + tr(" of ") + &all.to_string() + tr(" completions"),
            _ => all.to_string() + tr(" completions"),
        }
    }

    /// Finds the chips anew.
    fn look_ahead(&mut self, ctx: &Context<Terminal>) {
        let line = dom::area_value(&self.prompt);
        if let Ok(desk) = ctx.props().desk.0.try_borrow() {
            self.chips = Rc::new(language::next_tokens(&line, desk.sandbox.world(), &desk.iterators));
        }
    }

    /// Takes a chip. The focus stays where it is, so that no keyboard opens on a touch screen; by keyboard it goes to
    /// the prompt, as the chips are other ones now.
    fn take_chip(&mut self, ctx: &Context<Terminal>, place: usize, is_by_keyboard: bool) {
        let Some(chip) = self.chips.get(place) else { return };
        dom::set_area_value(&self.prompt, &chip.line);
        if is_by_keyboard {
            focus::focus(&self.prompt);
        }
        self.offer(ctx);
        self.is_list_open = false;
    }

    fn view_search(&self, ctx: &Context<Terminal>) -> Html {
        if !self.is_searching {
            return html! { <span hidden=true /> };
        }
        let lines = ctx.props().desk.0.try_borrow().map_or_else(|_| Vec::new(), |desk| desk.typed.clone());
        html! { <HistorySearch {lines} on_done={ctx.link().callback(TerminalMsg::Found)} /> }
    }

    fn take(&mut self, ctx: &Context<Terminal>, place: usize) {
        let Some(offer) = self.offers.get(place) else { return };
        let line = dom::area_value(&self.prompt);
        let mut new = line.get(..offer.replace.start).unwrap_or(&line).to_owned();
        new.push_str(&offer.text);
        let rest = line.get(offer.replace.end..).unwrap_or_default();
        if !rest.starts_with(' ') {
            new.push(' ');
        }
        let caret = new.len();
        new.push_str(rest);
        dom::set_area_value(&self.prompt, &new);
        dom::select_in_area(&self.prompt, &(caret..caret));
        self.offer(ctx);
    }

    fn send(&mut self, ctx: &Context<Terminal>) {
        let text = dom::area_value(&self.prompt);
        if text.trim().is_empty() {
            return;
        }
        dom::set_area_value(&self.prompt, "");
        self.back = None;
        self.is_list_open = false;
        self.offers.clear();
        self.chips = Rc::new(first_chips());
        ctx.props().send.emit(Msg::Lines(text));
    }

    fn on_key(&mut self, ctx: &Context<Terminal>, event: &KeyboardEvent) {
        // While a character is being composed, keys belong to the input method.
        if event.is_composing() {
            return;
        }
        let is_open = self.is_list_open && !self.offers.is_empty();
        let key = event.key();
        match key.as_str() {
            "Enter" if event.shift_key() => {}
            // As in a shell the line goes on: behind a backslash, in a quote, in a loop.
            "Enter" if self.marked.filter(|_| is_open).is_none() && self.goes_on() => {
                self.is_list_open = false;
            }
            "Enter" => {
                event.prevent_default();
                match self.marked.filter(|_| is_open) {
                    Some(place) => self.take(ctx, place),
                    None => self.send(ctx),
                }
            }
            " " if event.ctrl_key() => {
                event.prevent_default();
                self.offer(ctx);
                self.is_list_open = true;
                self.marked = (!self.offers.is_empty()).then_some(0);
            }
            "ArrowRight" if is_open && dom::caret_is_at_end(&self.prompt) => {
                event.prevent_default();
                self.take(ctx, self.marked.unwrap_or(0));
            }
            "ArrowDown" if is_open => {
                event.prevent_default();
                let last = self.offers.len() - 1;
                self.marked = Some(self.marked.map_or(0, |place| (place + 1).min(last)));
            }
            // Up from the first one it goes back to the line.
            "ArrowUp" if is_open && self.marked.is_some() => {
                event.prevent_default();
                self.marked = self.marked.and_then(|place| place.checked_sub(1));
            }
            "ArrowUp" | "ArrowDown" if !dom::area_value(&self.prompt).contains('\n') => {
                event.prevent_default();
                self.go_through_history(ctx, key == "ArrowUp");
            }
            "Escape" if is_open => {
                event.prevent_default();
                self.is_list_open = false;
                self.marked = None;
            }
            "Escape" => focus::focus(&self.log),
            "r" if event.ctrl_key() => {
                event.prevent_default();
                self.is_list_open = false;
                self.is_searching = true;
            }
            "u" if event.ctrl_key() => {
                event.prevent_default();
                dom::set_area_value(&self.prompt, "");
                self.offer(ctx);
                self.is_list_open = false;
            }
            "l" if event.ctrl_key() => {
                event.prevent_default();
                ctx.props().send.emit(Msg::Lines("clear".to_owned()));
            }
            _ => {}
        }
    }

    fn is_whole(&self, ctx: &Context<Terminal>, line: &str) -> bool {
        let desk = ctx.props().desk.0.try_borrow();
        desk.is_ok_and(|desk| awscli::is_whole(line, desk.sandbox.world()))
    }

    /// Whether what is typed up to the caret at its end is no whole line yet.
    fn goes_on(&self) -> bool {
        dom::caret_is_at_end(&self.prompt) && language::is_unfinished(&dom::area_value(&self.prompt))
    }

    fn go_through_history(&mut self, ctx: &Context<Terminal>, is_back: bool) {
        let Ok(desk) = ctx.props().desk.0.try_borrow() else { return };
        let typed = &desk.typed;
        let place = match (self.back, is_back) {
            (None, true) => {
                self.draft = dom::area_value(&self.prompt);
                Some(0)
            }
            (None, false) => return,
            (Some(place), true) => Some((place + 1).min(typed.len().saturating_sub(1))),
            (Some(place), false) => place.checked_sub(1),
        };
        let line = place.and_then(|place| typed.iter().rev().nth(place));
        if place.is_some() && line.is_none() {
            return;
        }
        self.back = place;
        dom::set_area_value(&self.prompt, line.unwrap_or(&self.draft));
        self.is_list_open = false;
        drop(desk);
        self.look_ahead(ctx);
    }
}

/// The chips of an empty line, known without asking the language: it loads after the first picture.
fn first_chips() -> Vec<Chip> {
    let chip = |word: &str, help: &str| Chip {
        label: word.to_owned(),
        help: help.to_owned(),
        line: word.to_owned() + " ",
    };
    vec![
        chip("aws", "calls Kinesis"),
        chip("sandbox", "producers, readers, faults, the clock"),
        chip("help", ""),
    ]
}
