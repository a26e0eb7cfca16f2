//! Dots that fly over the stage, from the card of a program by the key space to the end of a lane.
//!
//! They stand in a layer of their own, which the virtual DOM leaves empty.

use js_sys::{Array, Function, Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{DomRect, Element};
use yew::NodeRef;

// The bindings that there are count these as not yet settled.
#[wasm_bindgen]
extern "C" {
    type Movable;
    #[wasm_bindgen(method)]
    fn animate(this: &Movable, keyframes: &Array, milliseconds: f64) -> Motion;

    type Motion;
    #[wasm_bindgen(method, setter)]
    fn set_onfinish(this: &Motion, callback: &Function);
}

pub(crate) struct Flight {
    pub shard: u32,
    /// The record that lands; none of that number where it was refused.
    pub first_index: u64,
    /// Where its key lies on the key space, in parts of 2^32.
    pub place: u32,
    /// Name of the program.
    pub from: String,
    pub is_refused: bool,
}

/// Milliseconds.
const LASTS: f64 = 380.0;
/// Width of the lane's end where the tip stands, and half of a dot, in CSS pixels.
const TIP: f64 = 22.0;
const HALF: f64 = 5.0;

/// Lets the flights begin; tells whether any did. `landed` is called once, when the last of them ends.
pub(crate) fn fly(stage: &NodeRef, flights: &[Flight], landed: impl FnOnce() + 'static) -> bool {
    let Some(stage) = stage.cast::<Element>() else { return false };
    let Some(layer) = find(&stage, ".flights") else { return false };
    // What is left of the last flights is over.
    while let Some(dot) = layer.first_element_child() {
        dot.remove();
    }
    let mut last = None;
    for flight in flights {
        last = begin(&stage, &layer, flight).or(last);
    }
    let Some(last) = last else { return false };
    let layer_of = layer.clone();
    let end = Closure::once_into_js(move || {
        while let Some(dot) = layer_of.first_element_child() {
            dot.remove();
        }
        landed();
    });
    last.set_onfinish(end.unchecked_ref());
    true
}

fn find(below: &Element, selector: &str) -> Option<Element> {
    below.query_selector(selector).ok().flatten()
}

fn begin(stage: &Element, layer: &Element, flight: &Flight) -> Option<Motion> {
    let ground = layer.get_bounding_client_rect();
    let lane = find(stage, &("canvas[data-shard=\"".to_owned() + &flight.shard.to_string() + "\"]"))?;
    let row = lane.closest("li").ok()??.get_bounding_client_rect();
    let lane = lane.get_bounding_client_rect();
    let middle = |it: &DomRect| (it.left() + it.width() / 2.0, it.top() + it.height() / 2.0);
    let from = middle(
        &card_of(stage, &flight.from).or_else(|| find(stage, ".nodes.before h3"))?.get_bounding_client_rect(),
    );
    let bar =
        find(stage, ".key-space").map(|bar| bar.get_bounding_client_rect()).filter(|bar| bar.width() > 0.0);
    let over = match &bar {
        Some(bar) => {
            let y = bar.top() + bar.height() * f64::from(flight.place) / f64::from(u32::MAX);
            (bar.left() + bar.width() * 0.6, y)
        }
        None => (row.left(), lane.top() + lane.height() / 2.0),
    };
    let gate = (lane.left() - 2.0 * HALF, lane.top() + lane.height() / 2.0);
    let tip = (lane.right() - TIP, lane.top() + lane.height() / 2.0);
    let stops: &[((f64, f64), f64)] = match flight.is_refused {
        false => &[(from, 0.0), (over, 0.45), (gate, 0.7), (tip, 1.0)],
        // It comes as far as the limit, and goes back to who sent it.
        true => &[(from, 0.0), (over, 0.35), (gate, 0.55), (over, 0.75), (from, 1.0)],
    };
    let frames = Array::new();
    for ((x, y), at) in stops {
        let frame = Object::new();
        // Whole pixels: formatting fractions costs the first load kilobytes.
        let (x, y) = ((x - ground.left() - HALF) as i32, (y - ground.top() - HALF) as i32);
        let to = "translate(".to_owned() + &x.to_string() + "px," + &y.to_string() + "px)";
        Reflect::set(&frame, &"transform".into(), &to.into()).ok()?;
        Reflect::set(&frame, &"opacity".into(), &1.into()).ok()?;
        Reflect::set(&frame, &"offset".into(), &(*at).into()).ok()?;
        Reflect::set(&frame, &"easing".into(), &"ease-in-out".into()).ok()?;
        frames.push(&frame);
    }
    let dot = web_sys::window()?.document()?.create_element("i").ok()?;
    dot.set_class_name(if flight.is_refused { "flight refused" } else { "flight" });
    layer.append_child(&dot).ok()?;
    Some(dot.unchecked_ref::<Movable>().animate(&frames, LASTS))
}

/// The card of a program among the producers.
fn card_of(stage: &Element, name: &str) -> Option<Element> {
    let names = stage.query_selector_all(".nodes.before .node-name").ok()?;
    (0..names.length())
        .filter_map(|i| names.get(i)?.dyn_into::<Element>().ok())
        .find(|it| it.text_content().as_deref() == Some(name))
}
