//! What a learner sets around the streams: alarms and what the trail records.

use crate::neighbours::cloudtrail::DataEvents;
use crate::neighbours::cloudwatch::AlarmSpec;

/// A change of what watches an account; looking needs no command.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum AccountCommand {
    PutAlarm(AlarmSpec),
    DeleteAlarm {
        name: String,
    },
    /// Which calls of the data plane CloudTrail records from now on.
    SetDataEvents(DataEvents),
}
