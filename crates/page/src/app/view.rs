//! The page as a whole: its regions in reading order.

use yew::prelude::*;

use super::{App, Layout, Msg, NoticePart, PROMPT, Sheet};

use crate::components::{
    CourseView, Help, Inspector, Leases, NoticeBox, ResumedBanner, SheetBar, Stage, Tabs, TaskPanel,
    Terminal, TimeBar, TimeLine, TopBar, Worlds,
};
use crate::embedding::{Controls, Shown};
use crate::marks::MarkKind;
use crate::selection::Selection;
use crate::text::clock_ms;
use crate::words::{Language, speak, tr};

impl App {
    pub(super) fn page(&self) -> Html {
        speak(Language::of(self.language));
        let turns = &self.turns;
        let picture = &turns.bars;
        let send = self.send.clone();
        let notice_in = |part: NoticePart| self.notice.clone().filter(|notice| notice.at.part == part);
        let sheet = match self.sheet {
            Sheet::Task => "task",
            Sheet::Do => "do",
            Sheet::Terminal => "terminal",
            Sheet::Log => "log",
        };
        let on_key = send.clone();
        let on_key = Callback::from(move |event: KeyboardEvent| {
            if let Some(msg) = App::key_down(&event) {
                on_key.emit(msg);
            }
        });
        let has_input = self.clock.has_input.clone();
        let on_input = Callback::from(move |_: InputEvent| has_input.set(true));
        let has_input = self.clock.has_input.clone();
        let on_click = Callback::from(move |event: MouseEvent| {
            has_input.set(true);
            crate::browser::dom::close_other_menu(&event);
            crate::browser::focus::note_control(&event);
        });
        let skips = [
            ("#task", "Task", Some(Sheet::Task)),
            ("#stage", "Stage", None),
            ("#time", "Time", None),
            (PROMPT, "Terminal", Some(Sheet::Terminal)),
            ("#log", "Log", Some(Sheet::Log)),
        ];
        let skips = skips.into_iter().map(|(to, name, sheet)| {
            let on_click = send.reform(move |event: MouseEvent| {
                event.prevent_default();
                Msg::GoTo(to, sheet)
            });
            html! { <a key={name} href={to} onclick={on_click}>{ tr(name) }</a> }
        });
        let task = &turns.task;
        // An element that shows a part of the page has what its embedder chose; each missing part leaves one hidden
        // element in its place.
        let is_whole = self.shown == Shown::All;
        let has_forms = self.controls == Controls::All;
        let or_nothing = |is_wanted: bool, part: &dyn Fn() -> Html| match is_wanted {
            true => part(),
            false => html! { <span hidden=true /> },
        };
        let skips = or_nothing(is_whole, &|| {
            html! {
                <nav class="skips" aria-label={tr("Skip to")}>{ for skips.clone() }</nav>
            }
        });
        let top_bar = or_nothing(is_whole, &|| {
            html! {
                <TopBar
                    limits={picture.view.limits}
                    cost={picture.cost.clone()}
                    undo={picture.undo.clone().map(AttrValue::from)}
                    redo={picture.redo.clone().map(AttrValue::from)}
                    theme={self.theme}
                    is_damaged={self.is_damaged}
                    layout={self.layout}
                    language={self.language}
                    is_kept={self.is_kept || !self.remembers}
                    makes_links={self.makes_links}
                    send={send.clone()}
                />
            }
        });
        let task = or_nothing(is_whole || task.is_some(), &|| {
            html! {
                <TaskPanel task={task.clone()} broken={self.broken.clone()} picture={turns.inspector.clone()} printout={self.printout.clone()} send={send.clone()} />
            }
        });
        let stage = match self.shown {
            Shown::All | Shown::Stage | Shown::Table => html! {
                <Stage
                    picture={turns.stage.clone()}
                    seldom={turns.seldom.clone()}
                    words={turns.words.clone()}
                    rows={turns.rows.clone()}
                    other={self.fork.as_ref().map(|fork| fork.picture.clone())}
                    selection={self.selection.clone()}
                    making={self.making}
                    notice={notice_in(NoticePart::Stage)}
                    failed={self.notice.as_ref().and_then(|notice| Some((notice.at.shard?, notice.title.clone().into())))}
                    typed={self.key.clone()}
                    shape={self.shape}
                    stage={self.stage.clone()}
                    desk={self.desk.clone()}
                    send={send.clone()}
                />
            },
            Shown::Lease => html! {
                <main class="panel"><Leases picture={turns.stage.clone()} line={turns.line.clone()} send={send.clone()} /></main>
            },
        };
        let worlds = match &self.fork {
            None => html! { <section class="worlds-head" hidden=true /> },
            Some(fork) => html! {
                <Worlds differences={self.differences()} at={clock_ms(fork.at.millis())} send={send.clone()} />
            },
        };
        let inspector = or_nothing(is_whole && has_forms, &|| {
            html! {
                <Inspector
                    picture={turns.inspector.clone()}
                    selection={self.selection.clone()}
                    making={self.making}
                    notice={notice_in(NoticePart::Inspector)}
                    typed={self.key.clone()}
                    iterators={turns.iterators.clone()}
                    desk={self.desk.clone()}
                    send={send.clone()}
                />
            }
        });
        let time = or_nothing(self.controls != Controls::None, &|| {
            html! {
                <TimeBar
                    is_playing={self.clock.is_playing}
                    speed={self.clock.speed}
                    achieved={self.clock.achieved}
                    line={turns.line.clone()}
                    jumps_to={self.jumps_to}
                    is_past={picture.is_past}
                    has_steps_only={self.controls == Controls::Step}
                    send={send.clone()}
                />
            }
        });
        let sheet_bar =
            or_nothing(is_whole, &|| html! { <SheetBar sheet={self.sheet} send={send.clone()} /> });
        let terminal = or_nothing(self.controls.has_terminal(), &|| {
            html! {
                <Terminal
                    transcript={turns.transcript.clone()}
                    desk={self.desk.clone()}
                    composed={self.composed}
                    send={send.clone()}
                />
            }
        });
        let tabs = or_nothing(is_whole, &|| {
            html! {
                <Tabs
                    tab={self.tab}
                    is_large={self.layout == Layout::Code}
                    picture={turns.tabs.clone()}
                    desk={self.desk.clone()}
                    line={turns.tabs_line.clone()}
                    transcript={turns.transcript.clone()}
                    send={send.clone()}
                />
            }
        });
        html! {
            <div
                key={self.language}
                class={classes!("ks", "sheet-".to_owned() + sheet, self.layout.class(), (!is_whole).then_some("part"), (!has_forms).then_some("no-forms"))}
                part="sandbox"
                lang={self.language}
                data-theme={self.theme.name()}
                onkeydown={on_key}
                onclick={on_click}
                oninput={on_input}
            >
                { skips }
                { top_bar }
                <div class="banners">
                    {
                        if self.resumed {
                            html! { <ResumedBanner time={clock_ms(picture.view.now_ms)} send={send.clone()} /> }
                        } else {
                            html! { <span hidden=true /> }
                        }
                    }
                    <NoticeBox notice={notice_in(NoticePart::Page)} send={send.clone()} />
                </div>
                { worlds }
                <div class={classes!("upper", self.fork.is_some().then_some("two-worlds"))}>{ task }{ stage }{ inspector }</div>
                { time }
                { sheet_bar }
                <div class="lower">{ terminal }{ tabs }</div>
                <footer class="foot">
                    <p>{ tr("A simulation, not affiliated with AWS. Nothing leaves your browser.") }</p>
                </footer>
                <div class="visually-hidden" role="status" aria-live="polite">{ &self.announcement }</div>
                <CourseView is_shown={self.show_course} makes_links={self.makes_links} send={send.clone()} />
                <Help is_shown={self.show_help} send={send} />
            </div>
        }
    }

    /// The history as the time bar draws it.
    pub(super) fn time_line(&self) -> TimeLine {
        let desk = self.desk.0.borrow();
        let (from, to) = desk.sandbox.span();
        let (from_ms, to_ms) = (from.millis(), to.millis());
        let span = to_ms.saturating_sub(from_ms).max(1);
        let place = |at: u64| (at.saturating_sub(from_ms).saturating_mul(1_000) / span).min(1_000) as u16;
        let places = |times: &mut dyn Iterator<Item = u64>| {
            let mut places: Vec<u16> = times.filter(|at| (from_ms..=to_ms).contains(at)).map(place).collect();
            places.sort_unstable();
            places.dedup();
            places
        };
        let application = match &self.selection {
            Selection::Application(name) => Some(name.clone()),
            _ => self.picture.view.applications.first().map(|application| application.name.clone()),
        };
        let leases = self.picture.view.applications.iter().find(|it| Some(&it.name) == application.as_ref());
        let writes = application.iter().flat_map(|name| desk.marks.writes(name, desk.sandbox.now().millis()));
        let writes = writes.take(12).cloned().collect();
        let owners = leases.into_iter().flat_map(|application| {
            application.leases.iter().take(8).filter_map(|lease| {
                let owners = desk.marks.owners(&application.name, &lease.lease_key)?;
                let ends = owners.keys().skip(1).copied().chain([to_ms]);
                let stretches = owners.iter().zip(ends).map(|((at, owner), end)| {
                    let from = place(*at);
                    (from, place(end).saturating_sub(from).max(1), owner.clone().unwrap_or_default())
                });
                Some((crate::letters::letter(lease.shard), stretches.collect()))
            })
        });
        TimeLine {
            from_ms,
            to_ms,
            now_ms: desk.sandbox.now().millis(),
            commands: places(&mut desk.sandbox.entries().iter().map(|entry| entry.at.millis())),
            throttles: places(&mut desk.marks.of_kind(MarkKind::Throttle)),
            leases: places(&mut desk.marks.of_kind(MarkKind::Lease)),
            bookmarks: places(&mut desk.marks.of_kind(MarkKind::Bookmark)),
            is_bookmarked: desk.marks.of_kind(MarkKind::Bookmark).any(|at| at == desk.sandbox.now().millis()),
            writes,
            owners: owners.collect(),
        }
    }
}
