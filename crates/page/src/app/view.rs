//! The page as a whole: its regions in reading order.

use std::rc::Rc;

use yew::prelude::*;

use super::{App, Sheet};
use crate::components::{
    Help, Inspector, NoticeBox, ResumedBanner, SheetBar, Stage, Tabs, TaskPanel, Terminal, TimeBar, TimeLine,
    TopBar,
};
use crate::lesson;
use crate::marks::MarkKind;
use crate::selection::Selection;
use crate::text::clock_ms;

impl App {
    pub(super) fn page(&self) -> Html {
        let picture = self.picture.clone();
        let send = self.send.clone();
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
        let skips = [
            ("#task", "Task"),
            ("#stage", "Stage"),
            ("#time", "Time"),
            ("#terminal", "Terminal"),
            ("#log", "Log"),
        ];
        let skips = skips.into_iter().map(|(to, name)| html! { <a key={to} href={to}>{ name }</a> });
        let task = lesson::task(&self.desk.0.borrow()).map(Rc::new);
        let transcript = Rc::new(self.desk.0.borrow().transcript.clone());
        html! {
            <div class={classes!("ks", "sheet-".to_owned() + sheet)} data-theme={self.theme.name()} onkeydown={on_key}>
                <nav class="skips" aria-label="Skip to">{ for skips }</nav>
                <TopBar
                    limits={picture.view.limits}
                    undo={picture.undo.clone().map(AttrValue::from)}
                    redo={picture.redo.clone().map(AttrValue::from)}
                    theme={self.theme}
                    is_kept={self.is_kept || !self.remembers}
                    send={send.clone()}
                />
                <div class="banners">
                    {
                        if self.resumed {
                            html! { <ResumedBanner time={clock_ms(picture.view.now_ms)} send={send.clone()} /> }
                        } else {
                            html! { <span hidden=true /> }
                        }
                    }
                    <NoticeBox notice={self.notice.clone()} send={send.clone()} />
                </div>
                <div class="upper">
                    <TaskPanel {task} picture={picture.clone()} send={send.clone()} />
                    <Stage
                        picture={picture.clone()}
                        selection={self.selection.clone()}
                        making={self.making}
                        typed={self.key.clone()}
                        show_table={self.show_table}
                        stage={self.stage.clone()}
                        send={send.clone()}
                    />
                    <Inspector
                        picture={picture.clone()}
                        selection={self.selection.clone()}
                        making={self.making}
                        typed={self.key.clone()}
                        iterators={Rc::new(self.desk.0.borrow().iterators.clone())}
                        send={send.clone()}
                    />
                </div>
                <TimeBar
                    is_playing={self.clock.is_playing}
                    speed={self.clock.speed}
                    achieved={self.clock.achieved}
                    line={Rc::new(self.time_line())}
                    is_past={picture.is_past}
                    send={send.clone()}
                />
                <SheetBar sheet={self.sheet} send={send.clone()} />
                <div class="lower">
                    <Terminal {transcript} desk={self.desk.clone()} send={send.clone()} />
                    <Tabs tab={self.tab} {picture} desk={self.desk.clone()} send={send.clone()} />
                </div>
                <footer class="foot">
                    <p>{ "A simulation, not affiliated with AWS. Nothing leaves your browser." }</p>
                </footer>
                <div class="visually-hidden" role="status" aria-live="polite">{ &self.announcement }</div>
                <Help is_shown={self.show_help} send={send} />
            </div>
        }
    }

    /// The history as the time bar draws it.
    fn time_line(&self) -> TimeLine {
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
            owners: owners.collect(),
        }
    }
}
