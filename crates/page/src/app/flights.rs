//! Records on their way from the program that put them to their shard: what the picture shows by motion.

use kinesis::{Fact as ServiceFact, hash_key_of, ring_share};
use sim::{Fact, fact_view};
use yew::prelude::*;

use super::{App, Msg};
use crate::browser::dom;
use crate::browser::flights::{Flight, fly};

/// Of a run of records the first ones fly; more would only be texture.
const FLIGHTS_MAX: usize = 3;
/// Facts that are looked through for them.
const FACTS_MAX: usize = 200;
/// Above this speed, in tenths of real time, only where things end is shown.
const SPEED_MAX: u64 = 10;

impl App {
    /// Lets fly what was put since the page was last drawn.
    pub(super) fn show_flights(&mut self, ctx: &Context<App>) {
        let Some(since) = self.not_flown_since() else { return };
        self.launch(ctx, since);
    }

    /// Since which fact none has flown that may fly now.
    fn not_flown_since(&mut self) -> Option<u64> {
        let desk = self.desk.0.borrow();
        let world = desk.sandbox.world();
        let seen = std::mem::replace(&mut self.flown, world.fact_count());
        let is_fast = self.clock.is_playing && self.clock.speed.tenths() > SPEED_MAX;
        if self.picture.is_strip || self.picture.heat.is_some() || is_fast || self.fork.is_some() {
            return None;
        }
        // While time stands, only what the last command or step did has happened just now.
        let since = if self.clock.is_playing { seen } else { seen.max(desk.fresh_since) };
        Some(since).filter(|since| *since < world.fact_count())
    }

    // The first picture has nothing that flies, and is made without this.
    #[inline(never)]
    fn launch(&mut self, ctx: &Context<App>, since: u64) {
        let flights = self.flights_since(since);
        if flights.is_empty() || dom::wants_less_motion() {
            return;
        }
        let link = ctx.link().clone();
        let landed = fly(&self.stage, &flights, move || link.send_message(Msg::Landed));
        if landed {
            for flight in &flights {
                self.painter.hold(flight.shard, flight.first_index);
            }
        }
    }

    fn flights_since(&self, since: u64) -> Vec<Flight> {
        let desk = self.desk.0.borrow();
        let world = desk.sandbox.world();
        let Some(stream) = world.service().stream(&self.stream) else { return Vec::new() };
        let flights = world.facts_since(since).take(FACTS_MAX).filter_map(|stamped| {
            let (shard, first_index, is_refused) = match &stamped.fact {
                Fact::Service(ServiceFact::RecordsAppended { stream, shard, first_index, .. })
                    if **stream == *self.stream =>
                {
                    (*shard, *first_index, false)
                }
                Fact::Service(ServiceFact::WriteThrottled { stream, shard, .. })
                    if **stream == *self.stream =>
                {
                    (*shard, u64::MAX, true)
                }
                _ => return None,
            };
            let shard = stream.shard(shard)?;
            let place = match shard.log.read_from(first_index).next() {
                Some(record) => hash_key_of(record.partition_key()),
                None => {
                    let range = shard.hash_key_range;
                    let (start, end) = (range.starting_hash_key, range.ending_hash_key);
                    start + (end - start) / 2
                }
            };
            Some(Flight {
                shard: shard.id.0,
                first_index,
                place: ring_share(place),
                from: fact_view(world, stamped).cause,
                is_refused,
            })
        });
        flights.take(FLIGHTS_MAX).collect()
    }

    /// Something has landed: its token shows now.
    pub(super) fn landed(&mut self) {
        self.painter.release();
        self.painter.paint(&self.picture, &self.selection);
    }
}
