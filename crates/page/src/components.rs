//! What stands on the page: function components with plain props; messages go up.

mod banner;
mod fields;
mod help;
mod icon;
mod inspector;
mod key_microscope;
mod key_recipe;
mod key_space;
mod leases;
mod log;
mod metrics;
mod nodes;
mod shard_badge;
mod shard_row;
mod stage;
mod stage_table;
mod start_forms;
mod stream_form;
mod tabs;
mod task_panel;
mod terminal;
mod time_bar;
mod top_bar;
mod traffic;
mod tube;
mod workers;

pub(crate) use banner::{NoticeBox, ResumedBanner};
pub(crate) use help::Help;
pub(crate) use inspector::Inspector;
pub(crate) use leases::Leases;
pub(crate) use stage::Stage;
pub(crate) use tabs::Tabs;
pub(crate) use task_panel::TaskPanel;
pub(crate) use terminal::Terminal;
pub(crate) use time_bar::{TimeBar, TimeLine};
pub(crate) use top_bar::{SheetBar, TopBar};
