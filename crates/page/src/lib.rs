//! The page: Yew components and the only code that touches a browser.
//!
//! `App` owns the world and the one place where it changes; components get values and send messages; whatever talks
//! to the browser stands in `browser`. The JavaScript face of the core is `browser::js_api`, that of the page here.

mod app;
mod browser;
mod causes;
mod components;
mod desk;
mod embedding;
mod heat;
mod key_bands;
mod language;
mod learner;
mod lesson;
mod letters;
mod marks;
mod printout;
mod scene;
mod sdk;
mod selection;
mod speed;
mod spread;
mod text;
mod words;

pub use browser::js_api::{JsSandbox, commands};
pub use browser::mounted::{MountedSandbox, mount};
pub use browser::parts::{begin_in_parts, rest_has_come};
