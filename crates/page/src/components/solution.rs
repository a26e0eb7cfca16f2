//! The reference solution: line by line before an exercise is solved, beside the learner's own way afterwards; and what
//! comes then.

use std::rc::Rc;

use course::{Blank, lines_of, of_last_answers};
use yew::prelude::*;

use super::breakable::unbroken;
use super::cost::money;
use crate::app::{Broken, Msg, Send};
use crate::browser::dom::value_of;
use crate::text::{clock_ms, thousands};
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct SolutionStepsProps {
    pub solution: &'static str,
    pub send: Send,
}

/// Hints that stand before the solution.
const HINTS: u8 = 3;

/// The solution, one line at a time: each is shown when it is asked for, and run when that is wanted.
#[component]
pub(crate) fn SolutionSteps(props: &SolutionStepsProps) -> Html {
    let shown = use_state(|| 0usize);
    let count = lines_of(props.solution).count();
    let lines = lines_of(props.solution).take(*shown).enumerate().map(|(i, line)| {
        let run = props.send.reform(move |_: MouseEvent| Msg::SolutionLine(line.text));
        let note = match (line.must_fail, line.is_optional) {
            (true, _) => "is refused, and that is the point",
            (false, true) => "can be left out",
            (false, false) => "",
        };
        html! {
            <li key={i}>
                <pre class="line"><code>{ unbroken(line.text) }</code></pre>
                <small hidden={note.is_empty()}>{ tr(note) }</small>
                <button type="button" onclick={run}>{ tr("Run line ") }{ i + 1 }</button>
            </li>
        }
    });
    let next = {
        let shown = shown.clone();
        Callback::from(move |_: MouseEvent| shown.set(*shown + 1))
    };
    let is_whole = *shown >= count;
    html! {
        <details class="hint-box solution" ontoggle={props.send.reform(|_: Event| Msg::HintOpened(HINTS + 1))}>
            <summary>{ tr("Solution, line by line") }</summary>
            <ol class="solution-lines">{ for lines }</ol>
            <button type="button" hidden={is_whole} onclick={next}>
                { tr(if *shown == 0 { "Show the first line" } else { "Show the next line" }) }
                { " (" }{ *shown + 1 }{ tr(" of ") }{ count }{ ")" }
            </button>
            <p class="hint" hidden={!is_whole}>{ tr("That was the last line.") }</p>
            { of_answers(props.solution) }
        </details>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ComparisonProps {
    pub id: &'static str,
    pub solution: &'static str,
    pub mine: course::Effort,
}

/// The learner's way beside the reference, which is run to know what it takes.
#[component]
pub(crate) fn Comparison(props: &ComparisonProps) -> Html {
    let par = use_state(|| None::<course::Effort>);
    let on_open = {
        let (par, id) = (par.clone(), props.id);
        Callback::from(move |_: Event| {
            if par.is_none() {
                par.set(course::lesson(id).and_then(|lesson| course::par(lesson).ok()));
            }
        })
    };
    let mine = props.mine;
    let reference = (*par).unwrap_or_default();
    let rows = [
        ("Calls to Kinesis", mine.calls, reference.calls),
        ("Changes", mine.changes, reference.changes),
        ("Virtual seconds", mine.seconds, reference.seconds),
        ("Records lost", mine.lost, reference.lost),
        ("Refusals", mine.refused, reference.refused),
    ];
    let rows = rows.into_iter().map(|(name, mine, par)| (name, thousands(mine), thousands(par)));
    let rows = rows.chain([("Cost", money(mine.cost), money(reference.cost))]);
    html! {
        <details class="comparison" ontoggle={on_open}>
            <summary>{ tr("Compare with the reference") }</summary>
            <div hidden={par.is_none()}>{ side_by_side("You", "Reference", rows) }</div>
            <pre class="line"><code>{ unbroken(props.solution) }</code></pre>
            { of_answers(props.solution) }
        </details>
    }
}

/// Numbers of two kinds beside one another. Where the panel is narrow each row's name stands above its numbers; the roles
/// stay those of a table all the same.
pub(super) fn side_by_side(
    left: &'static str,
    right: &'static str,
    rows: impl Iterator<Item = (&'static str, String, String)>,
) -> Html {
    let rows = rows.map(|(name, one, other)| {
        html! {
            <tr key={name} role="row">
                <th role="rowheader" scope="row">{ tr(name) }</th>
                <td role="cell">{ one }</td>
                <td role="cell">{ other }</td>
            </tr>
        }
    });
    html! {
        <table class="side-by-side" role="table">
            <thead role="rowgroup">
                <tr role="row">
                    <td role="cell" />
                    <th role="columnheader" scope="col">{ tr(left) }</th>
                    <th role="columnheader" scope="col">{ tr(right) }</th>
                </tr>
            </thead>
            <tbody role="rowgroup">{ for rows }</tbody>
        </table>
    }
}

/// Says what `$ShardIterator` and its like stand for, where a solution has one.
fn of_answers(solution: &str) -> Html {
    let is_there = !of_last_answers(solution).is_empty();
    html! {
        <p class="hint" hidden={!is_there}>
            { tr("Here the page fills in what the last answer said:") }{ " " }
            <code>{ of_last_answers(solution).join(", ") }</code>
            { ". " }{ tr("Who types these lines copies it from there, or keeps it in a variable.") }
        </p>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct ExplainBackProps {
    pub blanks: Rc<[Blank]>,
    /// The language of the sentences: BCP 47 tag.
    pub lang: &'static str,
}

/// Sentences about the learner's own world, with a gap in each.
#[component]
pub(crate) fn ExplainBack(props: &ExplainBackProps) -> Html {
    let filled = use_state(|| vec![None::<usize>; props.blanks.len()]);
    let sentences = props.blanks.iter().enumerate().map(|(i, blank)| {
        let chosen = filled.get(i).copied().flatten();
        let on_change = {
            let filled = filled.clone();
            Callback::from(move |event: Event| {
                let mut new = (*filled).clone();
                if let Some(place) = new.get_mut(i) {
                    *place = value_of(&event).parse().ok();
                }
                filled.set(new);
            })
        };
        let options = blank.options.iter().enumerate().map(|(place, option)| {
            let is_chosen = chosen == Some(place);
            html! { <option key={place} value={place.to_string()} selected={is_chosen}>{ option }</option> }
        });
        let name = [&blank.before, "…", &blank.after].concat();
        let (class, word) = match chosen {
            None => ("", ""),
            Some(place) if place == blank.right => ("met", "Right"),
            Some(_) => ("open", "Not so"),
        };
        html! {
            <li key={i} {class}>
                { &blank.before }
                <select aria-label={name} onchange={on_change}>
                    <option value="" selected={chosen.is_none()}>{ "…" }</option>
                    { for options }
                </select>
                { &blank.after }
                <b role="status">{ tr(word) }</b>
            </li>
        }
    });
    html! {
        <details class="hint-box">
            <summary>{ tr("Explain it back") }</summary>
            <p class="hint">{ tr("What happened in your own world? Fill the gaps.") }</p>
            <ol class="explain" lang={props.lang}>{ for sentences }</ol>
        </details>
    }
}

#[derive(Properties, PartialEq)]
pub(crate) struct BrokenAgainProps {
    pub broken: Option<Rc<Broken>>,
    pub send: Send,
}

/// Free play in a world in which something goes wrong that nobody named.
#[component]
pub(crate) fn BrokenAgain(props: &BrokenAgainProps) -> Html {
    let Some(broken) = &props.broken else { return html! { <div hidden=true /> } };
    let id = broken.id;
    html! {
        <div class="broken-again">
            <h2 id="task-title">{ tr("Something is broken again") }</h2>
            <p>
                { tr("It began at ") }{ clock_ms(broken.at_ms) }
                { tr(" in the world that you have just put right. Let time run, and look: lanes, log, metrics and leases tell what it is. Then put it right.") }
            </p>
            <details key={broken.round} class="hint-box">
                <summary>{ tr("What is it?") }</summary>
                <p>{ &broken.what }{ "." }</p>
            </details>
            <div class="actions">
                <button type="button" class="primary" onclick={props.send.reform(|_| Msg::Play(true))}>{ tr("Let time run") }</button>
                <button type="button" onclick={props.send.reform(|_| Msg::BreakAgain)}>{ tr("Break something else") }</button>
                <button type="button" onclick={props.send.reform(move |_| Msg::StartLesson(Some(id.to_owned())))}>
                    { tr("Back to ") }{ id }
                </button>
            </div>
        </div>
    }
}
