//! What the lanes show. While time runs they are drawn on every frame, and the whole picture is taken anew only once in a
//! while: in between only what lanes in sight show is taken.

use std::collections::BTreeMap;

use sim::{ShardView, StartingPosition, ViewQuery};

use super::flags::flags_of;
use super::{Flag, LANE_RECORDS, LANE_SECONDS, Scene};
use crate::desk::PageSandbox;

/// The shards that can be seen, at an instant after that of the picture.
pub(crate) struct InSight {
    now_ms: u64,
    shards: Vec<ShardView>,
    flags: BTreeMap<u32, Vec<Flag>>,
}

impl InSight {
    /// Takes these shards of the stream that the picture shows.
    pub(crate) fn take(
        sandbox: &PageSandbox,
        picture: &Scene,
        numbers: &[u32],
        application: Option<&str>,
        preview: Option<StartingPosition>,
    ) -> InSight {
        let world = sandbox.world();
        let stream = picture.stream().map_or("", |stream| &stream.name);
        let query = ViewQuery {
            records: records_of(picture.is_strip),
            seconds: LANE_SECONDS as u32,
            ..ViewQuery::default()
        };
        let shards = world.shard_views(stream, numbers, &query);
        let flags = flags_of(world, stream, &shards, application, preview);
        InSight { now_ms: world.now().millis(), shards, flags }
    }
}

/// Newest records of each shard that lanes need: at full traffic nobody looks at single ones.
pub(super) fn records_of(is_strip: bool) -> u32 {
    if is_strip { 1 } else { LANE_RECORDS }
}

/// What the lanes show now: the picture, and what is newer of the shards in sight.
#[derive(Clone, Copy)]
pub(crate) struct Lanes<'s> {
    pub picture: &'s Scene,
    in_sight: Option<&'s InSight>,
}

impl<'s> Lanes<'s> {
    pub(crate) fn new(picture: &'s Scene, in_sight: Option<&'s InSight>) -> Lanes<'s> {
        Lanes { picture, in_sight }
    }

    pub(crate) fn now_ms(self) -> u64 {
        self.in_sight.map_or(self.picture.view.now_ms, |in_sight| in_sight.now_ms)
    }

    pub(crate) fn shard(self, number: u32) -> Option<&'s ShardView> {
        let newer = self.in_sight.and_then(|it| it.shards.iter().find(|shard| shard.number == number));
        newer.or_else(|| self.picture.shard(number))
    }

    pub(crate) fn flags(self, shard: u32) -> &'s [Flag] {
        let newer = self.in_sight.and_then(|in_sight| in_sight.flags.get(&shard));
        newer.or_else(|| self.picture.flags.get(&shard)).map_or(&[], Vec::as_slice)
    }
}
