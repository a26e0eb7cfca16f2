//! The only code that touches a browser, and the face towards JavaScript.

mod account_api;
pub(crate) mod animation_frame;
pub(crate) mod dom;
pub(crate) mod files;
pub(crate) mod flights;
pub(crate) mod focus;
mod heat_painter;
pub(crate) mod js_api;
pub(crate) mod js_types;
mod lane;
pub(crate) mod lane_painter;
pub(crate) mod lists;
pub(crate) mod mounted;
mod painter_colours;
pub(crate) mod panic_screen;
pub(crate) mod parts;
pub(crate) mod storage;
pub(crate) mod wall_clock;
