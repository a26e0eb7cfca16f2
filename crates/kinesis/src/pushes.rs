//! Enhanced fan-out at work: subscriptions push what is new, each within a budget of its own, until they end.

use std::ops::ControlFlow;

use crate::operations::children;
use crate::service::Deadline;
use crate::subscription::{Live, Place};
use crate::{
    Duration, Fact, Instant, Push, Quota, Records, Service, Shard, Stream, StreamName, SubscribeToShardEvent,
    Subscription, SubscriptionEnd,
};

/// The records that one event can bring.
struct Batch {
    count: u32,
    bytes: u64,
    /// Index of the first record after the event.
    next: u64,
    last_arrival: Option<Instant>,
    /// Whether more records would have come if the budget had let them.
    is_budget_used_up: bool,
}

impl Service {
    fn push_delay(&self) -> Duration {
        Duration::from_millis(self.limits.push_delay_millis)
    }

    fn subscription_mut(&mut self, place: &Place) -> Option<&mut Subscription> {
        let consumer = self.streams.get_mut(&place.stream)?.consumers.get_mut(&*place.consumer)?;
        consumer.subscriptions.get_mut(&place.shard)
    }

    /// Begins a subscription at a place; one that is live there ends. Returns its number.
    pub(crate) fn subscribe(&mut self, place: &Place, next: u64, now: Instant, facts: &mut Vec<Fact>) -> u64 {
        self.end_subscription(place, SubscriptionEnd::TakenOver, facts);
        let number = self.next_subscription();
        let expires = now + Duration::from_seconds(self.limits.subscription_seconds);
        let due = now + self.push_delay();
        let rate = self.limits.consumer_read_bytes;
        let consumer =
            self.streams.get_mut(&place.stream).and_then(|s| s.consumers.get_mut(&*place.consumer));
        if let Some(consumer) = consumer {
            let subscription = consumer.subscriptions.or_insert_with(place.shard, || Subscription {
                shard: place.shard,
                number,
                started: now,
                bytes: Quota::new(rate, rate, now),
                live: None,
            });
            subscription.number = number;
            subscription.started = now;
            subscription.live = Some(Live { next, expires, due });
            self.deadlines.insert((due, Deadline::Push(place.clone())));
        }
        number
    }

    /// Ends the subscription that is live at a place, where one is.
    pub(crate) fn end_subscription(&mut self, place: &Place, end: SubscriptionEnd, facts: &mut Vec<Fact>) {
        let Some(subscription) = self.subscription_mut(place) else { return };
        let number = subscription.number;
        if let Some(live) = subscription.live.take() {
            self.deadlines.remove(&(live.due, Deadline::Push(place.clone())));
            facts.push(end.fact(place.clone(), number));
        }
    }

    /// Ends what is live of one consumer of a stream, or of all of them.
    pub(crate) fn end_subscriptions(
        &mut self,
        stream: &StreamName,
        consumer: Option<&str>,
        end: SubscriptionEnd,
        facts: &mut Vec<Fact>,
    ) {
        for place in self.places(stream, consumer) {
            self.end_subscription(&place, end, facts);
        }
    }

    fn places(&self, stream: &StreamName, consumer: Option<&str>) -> Vec<Place> {
        let consumers = self.streams.get(stream).into_iter().flat_map(|stream| stream.consumers.values());
        consumers
            .filter(|known| consumer.is_none_or(|name| *known.name == *name))
            .flat_map(|known| {
                known.subscriptions.keys().map(|shard| Place {
                    stream: stream.clone(),
                    shard: *shard,
                    consumer: known.name.clone(),
                })
            })
            .collect()
    }

    /// The client of a subscription goes away; `false` where it had ended before.
    pub fn close_subscription(&mut self, number: u64, facts: &mut Vec<Fact>) -> bool {
        let streams: Vec<StreamName> = self.streams.keys().cloned().collect();
        let place = streams.iter().flat_map(|stream| self.places(stream, None)).find(|place| {
            let consumer = self.streams.get(&place.stream).and_then(|s| s.consumers.get(&*place.consumer));
            consumer
                .and_then(|consumer| consumer.subscriptions.get(&place.shard))
                .is_some_and(|known| known.number == number && known.is_live())
        });
        if let Some(place) = &place {
            self.end_subscription(place, SubscriptionEnd::Closed, facts);
        }
        place.is_some()
    }

    /// After records were stored, or shards closed: subscriptions that were waiting for that push soon.
    pub(crate) fn wake_subscribers(&mut self, name: &StreamName, now: Instant) {
        let soon = now + self.push_delay();
        let Some(Stream { shards, consumers, .. }) = self.streams.get_mut(name) else { return };
        for consumer in consumers.values_mut() {
            for subscription in consumer.subscriptions.values_mut() {
                let Some(live) = subscription.live.as_mut().filter(|live| live.due > soon) else { continue };
                let has_news = shards
                    .get(subscription.shard.0 as usize)
                    .is_some_and(|shard| !shard.is_open() || live.next <= shard.log.last_index());
                if has_news {
                    let place = Place {
                        stream: name.clone(),
                        shard: subscription.shard,
                        consumer: consumer.name.clone(),
                    };
                    self.deadlines.remove(&(live.due, Deadline::Push(place.clone())));
                    live.due = soon.min(live.expires);
                    self.deadlines.insert((live.due, Deadline::Push(place)));
                }
            }
        }
    }

    /// Pushes what is due at a place, or ends its subscription. The deadline was taken off before.
    pub(crate) fn push(&mut self, place: &Place, now: Instant, facts: &mut Vec<Fact>) {
        let (count_max, delay) = (self.limits.get_records_count, self.push_delay());
        let empty_event = Duration::from_seconds(self.limits.empty_event_seconds);
        let Some(stream) = self.streams.get_mut(&place.stream) else { return };
        let horizon = stream.trim_horizon(now);
        let Some(shard) = stream.shards.get(place.shard.0 as usize) else { return };
        let Some(consumer) = stream.consumers.get_mut(&*place.consumer) else { return };
        let Some(subscription) = consumer.subscriptions.get_mut(&place.shard) else { return };
        let number = subscription.number;
        let Some(live) = &mut subscription.live else { return };
        let early_end = if live.expires <= now {
            Some(SubscriptionEnd::Expired)
        } else if shard.is_expired() {
            Some(SubscriptionEnd::ShardExpired)
        } else {
            None
        };
        if let Some(end) = early_end {
            return self.end_subscription(place, end, facts);
        }

        let first = live.next.max(shard.first_retained(horizon)).min(shard.log.last_index() + 1);
        let batch = Batch::of(shard, first, count_max, &subscription.bytes, now);
        subscription.bytes.spend(batch.bytes, now);
        let is_shard_end = !shard.is_open() && batch.next > shard.log.last_index();
        let is_caught_up = batch.next > shard.log.last_index();
        live.next = batch.next;
        if batch.count > 0 || is_caught_up {
            facts.push(Fact::EventPushed {
                stream: place.stream.clone(),
                consumer: place.consumer.clone(),
                shard: place.shard,
                subscription: number,
                first,
                count: batch.count,
                bytes: batch.bytes,
                next: batch.next,
                millis_behind: batch.millis_behind(shard, now),
                is_shard_end,
            });
        }
        if is_shard_end {
            return self.end_subscription(place, SubscriptionEnd::ShardEnd, facts);
        }
        let due = if is_caught_up {
            now + empty_event
        } else if batch.is_budget_used_up {
            Instant::from_seconds(now.seconds() + 1)
        } else {
            now + delay
        };
        live.due = due.min(live.expires);
        self.deadlines.insert((live.due, Deadline::Push(place.clone())));
    }

    /// What a fact pushed over its connection, its records read from where they lie; `at` is when it happened.
    /// `None` for facts of another kind, for ends that the client is not told, and where the records are not kept
    /// any more.
    pub fn pushed(&self, fact: &Fact, at: Instant) -> Option<Push> {
        if let Fact::EventPushed { stream, shard, first, count, next, millis_behind, is_shard_end, .. } = fact
        {
            let stream = self.streams.get(stream)?;
            let shard = stream.shard(*shard)?;
            let records = Records::of(shard, *first, *count as usize);
            let is_complete = records.len() == *count as usize
                && records.first_number().is_none_or(|number| number.index == *first);
            return is_complete.then(|| {
                Push::Event(SubscribeToShardEvent {
                    records,
                    // Assumed: the number of the last record that was passed, as of now: not smaller than that
                    // record's own and smaller than that of every record to come.
                    continuation_sequence_number: (!is_shard_end)
                        .then(|| shard.sequence_number(next.saturating_sub(1), at)),
                    millis_behind_latest: *millis_behind,
                    child_shards: is_shard_end.then(|| children(stream, shard.id)),
                })
            });
        }
        if let Fact::SubscriptionEnded { stream, consumer, shard, end, .. } = fact {
            let place = Place { stream: stream.clone(), shard: *shard, consumer: consumer.clone() };
            return end.exception(&place, &self.account).map(Push::Exception);
        }
        None
    }
}

impl Batch {
    fn of(shard: &Shard, first: u64, count_max: u64, budget: &Quota, now: Instant) -> Batch {
        let left = budget.level(now);
        let mut batch =
            Batch { count: 0, bytes: 0, next: first, last_arrival: None, is_budget_used_up: false };
        let _ = shard.log.measure_from(first).try_for_each(|stored| {
            let bytes = batch.bytes + stored.bytes;
            // A record that is larger than the whole budget goes alone, and the next ones wait for longer.
            let is_alone = batch.count == 0 && left == budget.capacity();
            if !is_alone && i64::try_from(bytes).is_ok_and(|bytes| bytes > left) {
                batch.is_budget_used_up = true;
                return ControlFlow::Break(());
            }
            // Assumed: an event brings as many records as a GetRecords answer, if its bytes are there.
            if u64::from(batch.count) >= count_max {
                return ControlFlow::Break(());
            }
            batch.count += 1;
            batch.bytes = bytes;
            batch.next = stored.index + 1;
            batch.last_arrival = Some(stored.arrival);
            ControlFlow::Continue(())
        });
        batch
    }

    /// As GetRecords counts it: zero only where nothing is left to read.
    fn millis_behind(&self, shard: &Shard, now: Instant) -> u64 {
        match self.last_arrival {
            Some(arrival) if self.next <= shard.log.last_index() => now.since(arrival).millis().max(1),
            _ => 0,
        }
    }
}
