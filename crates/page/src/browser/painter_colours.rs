//! The theme's colours and patterns as a canvas takes them.

use wasm_bindgen::JsCast;
use web_sys::{CanvasPattern, CanvasRenderingContext2d, HtmlCanvasElement};

use crate::letters::STYLES;

pub(super) struct Colours {
    pub text: String,
    pub muted: String,
    pub line: String,
    pub replay: String,
    pub focus: String,
    pub panel: String,
    pub lane: String,
    pub closed: String,
    pub throttle: String,
    pub link: String,
    pub font: String,
    pub fills: Vec<String>,
    pub labels: Vec<String>,
    pub patterns: Vec<Option<CanvasPattern>>,
    pub hatch: Option<CanvasPattern>,
}

impl Colours {
    /// Reads the theme's tokens where the canvas stands. A token may be a pair for the two themes, which only the
    /// browser resolves: it is asked for the colour that the canvas itself would have.
    pub(super) fn read(canvas: &HtmlCanvasElement, context: &CanvasRenderingContext2d) -> Option<Colours> {
        let own = canvas.style();
        let style = web_sys::window()?.get_computed_style(canvas).ok()??;
        let get = |name: &str| {
            // What a style sheet has not, a canvas takes as black.
            let _ = own.set_property("color", &("var(".to_owned() + name + ")"));
            style.get_property_value("color").unwrap_or_default()
        };
        let numbered = |name: &str| -> Vec<String> {
            (0..STYLES).map(|i| get(&(name.to_owned() + &i.to_string()))).collect()
        };
        let panel = get("--ks-raised");
        let throttle = get("--ks-throttle");
        let fills = numbered("--ks-s");
        let patterns = fills
            .iter()
            .enumerate()
            .map(|(i, fill)| pattern(context, fill, &panel, PATTERNS.get(i).copied().unwrap_or(&[])))
            .collect();
        let hatch = pattern(context, &throttle, &panel, PATTERNS[1]);
        let colours = Colours {
            text: get("--ks-text"),
            muted: get("--ks-muted"),
            line: get("--ks-line"),
            replay: get("--ks-replay"),
            focus: get("--ks-focus"),
            lane: get("--ks-lane"),
            closed: get("--ks-closed"),
            link: get("--ks-link"),
            font: "11px ".to_owned() + &style.get_property_value("font-family").unwrap_or_default(),
            labels: numbered("--ks-l"),
            panel,
            throttle,
            fills,
            patterns,
            hatch,
        };
        let _ = own.remove_property("color");
        Some(colours)
    }
}

/// Lines of each pattern within a tile of eight pixels: solid, diagonal, dots, bars, cross-hatch, vertical.
const PATTERNS: [&[[f64; 4]]; STYLES as usize] = [
    &[],
    &[[-2.0, 2.0, 2.0, -2.0], [-2.0, 10.0, 10.0, -2.0], [6.0, 10.0, 10.0, 6.0]],
    &[[1.0, 2.0, 3.0, 2.0], [5.0, 6.0, 7.0, 6.0]],
    &[[0.0, 2.0, 8.0, 2.0], [0.0, 6.0, 8.0, 6.0]],
    &[[0.0, 0.0, 8.0, 8.0], [0.0, 8.0, 8.0, 0.0]],
    &[[2.0, 0.0, 2.0, 8.0], [6.0, 0.0, 6.0, 8.0]],
];

fn pattern(
    context: &CanvasRenderingContext2d,
    fill: &str,
    gap: &str,
    lines: &[[f64; 4]],
) -> Option<CanvasPattern> {
    let document = web_sys::window()?.document()?;
    let tile: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    tile.set_width(8);
    tile.set_height(8);
    let on: CanvasRenderingContext2d = tile.get_context("2d").ok()??.dyn_into().ok()?;
    on.set_fill_style_str(fill);
    on.fill_rect(0.0, 0.0, 8.0, 8.0);
    on.set_stroke_style_str(gap);
    on.set_global_alpha(0.55);
    on.set_line_width(1.6);
    on.begin_path();
    for [x1, y1, x2, y2] in lines {
        on.move_to(*x1, *y1);
        on.line_to(*x2, *y2);
    }
    on.stroke();
    context.create_pattern_with_html_canvas_element(&tile, "repeat").ok()?
}
