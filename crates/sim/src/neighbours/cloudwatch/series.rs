//! The points of one metric: minutes, which become coarser as they grow old.

use std::collections::VecDeque;
use std::sync::Arc;

use kinesis::{Duration, Instant};

use super::programs::Stat;

/// What was measured in one span of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Point {
    /// Minutes since the Unix epoch at which the span begins.
    pub(super) minute: u32,
    pub(super) count: u32,
    pub(super) sum: u64,
    pub(super) min: u64,
    pub(super) max: u64,
}

/// Minutes in a point, and how many points are kept.
///
/// Simplified: CloudWatch keeps points of a minute for 15 days, of five minutes for 63 days and of an hour for 455
/// days; here it is three hours, three days and thirty days, so that a month of many metrics stays small.
const TIERS: [(u32, usize); 3] = [(1, 180), (5, 864), (60, 720)];

/// A minute's point is seen this long after the minute is over. Assumed: AWS speaks of points "each minute"; they show
/// with about a minute's delay.
pub(super) const DELAY: Duration = Duration::from_seconds(60);

/// The points of one metric.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Series {
    /// Minutes that nobody can see yet, the present one included.
    pending: Vec<Point>,
    tiers: [Arc<VecDeque<Point>>; 3],
}

impl Point {
    fn of(minute: u32, stat: Stat) -> Point {
        let Stat { count, sum, min, max } = stat;
        Point { minute, count, sum, min, max }
    }

    pub(super) fn merge(&mut self, other: &Point) {
        self.count = self.count.saturating_add(other.count);
        self.sum = self.sum.saturating_add(other.sum);
        self.min = self.min.min(other.min);
        self.max = self.max.max(other.max);
    }
}

fn minute_of(at: Instant) -> u32 {
    u32::try_from(at.seconds() / 60).unwrap_or(u32::MAX)
}

/// The first minute whose point cannot be seen at `now`.
fn unseen_from(now: Instant) -> u32 {
    minute_of(now).saturating_sub(u32::try_from(DELAY.seconds() / 60).unwrap_or(u32::MAX))
}

impl Series {
    pub(super) fn add_one(&mut self, now: Instant, value: u64) {
        self.add(now, Stat::one(value));
    }

    pub(super) fn add(&mut self, now: Instant, stat: Stat) {
        let point = Point::of(minute_of(now), stat);
        match self.pending.last_mut() {
            Some(last) if last.minute == point.minute => last.merge(&point),
            Some(_) | None => {
                let unseen = unseen_from(now);
                let seen: Vec<Point> = self.pending.extract_if(.., |old| old.minute < unseen).collect();
                seen.iter().for_each(|old| self.keep(old));
                self.pending.push(point);
            }
        }
    }

    fn keep(&mut self, point: &Point) {
        for (tier, (minutes, points_max)) in self.tiers.iter_mut().zip(TIERS) {
            let point = Point { minute: point.minute / minutes * minutes, ..*point };
            let points = Arc::make_mut(tier);
            match points.back_mut() {
                Some(last) if last.minute == point.minute => last.merge(&point),
                Some(_) | None => points.push_back(point),
            }
            if points.len() > points_max {
                points.pop_front();
            }
        }
    }

    /// One point for each period of so many minutes between the two instants in which something was measured, as it
    /// can be seen at `now`. What is too old for the period to be told exactly is left out.
    pub(super) fn points(&self, now: Instant, from: Instant, to: Instant, period: u32) -> Vec<Point> {
        let period = period.max(1);
        let (from, to) = (minute_of(from), minute_of(to));
        let mut points: Vec<Point> = Vec::new();
        // The finest points that there are for each period: those of a tier from where the finer one begins.
        let usable = |minutes: u32| period.is_multiple_of(minutes);
        let mut taken_until = 0;
        for place in (0..TIERS.len()).rev() {
            if !usable(TIERS[place].0) {
                continue;
            }
            // A finer tier takes over at the first period that it knows from its beginning.
            let finer = (0..place).rev().find(|finer| usable(TIERS[*finer].0));
            let until = finer.and_then(|finer| {
                let first = self.tiers[finer].front()?.minute;
                let is_whole = self.tiers[finer].len() < TIERS[finer].1;
                Some(if is_whole { 0 } else { first.next_multiple_of(period) })
            });
            let until = until.unwrap_or(u32::MAX);
            for point in self.tiers[place].iter().filter(|p| p.minute >= taken_until && p.minute < until) {
                add_to(&mut points, point, period);
            }
            taken_until = taken_until.max(until);
        }
        let unseen = unseen_from(now);
        for point in self.pending.iter().filter(|point| point.minute < unseen) {
            add_to(&mut points, point, period);
        }
        points.retain(|point| point.minute >= from && point.minute < to);
        points
    }

    pub(super) fn last_minute(&self) -> u32 {
        let kept = self.tiers[0].back();
        self.pending.last().or(kept).map_or(0, |point| point.minute)
    }

    pub(super) fn point_count(&self) -> usize {
        self.pending.len() + self.tiers.iter().map(|tier| tier.len()).sum::<usize>()
    }
}

fn add_to(points: &mut Vec<Point>, point: &Point, period: u32) {
    let point = Point { minute: point.minute / period * period, ..*point };
    match points.last_mut() {
        Some(last) if last.minute == point.minute => last.merge(&point),
        Some(_) | None => points.push(point),
    }
}

/// Points that one metric may have.
pub(super) const POINTS_MAX: usize = TIERS[0].1 + TIERS[1].1 + TIERS[2].1 + 3;

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant::from_seconds(1_767_225_600);

    fn at(seconds: u64) -> Instant {
        START + Duration::from_seconds(seconds)
    }

    fn sums(series: &Series, now: u64, from: u64, to: u64, period: u32) -> Vec<(u64, u64)> {
        let points = series.points(at(now), at(from), at(to), period);
        points.iter().map(|p| (u64::from(p.minute) * 60 - START.seconds(), p.sum)).collect()
    }

    #[test]
    fn a_minute_is_seen_one_minute_after_it_is_over() {
        let mut series = Series::default();
        series.add_one(at(10), 3);
        series.add_one(at(50), 4);
        assert_eq!(sums(&series, 119, 0, 3_600, 1), []);
        assert_eq!(sums(&series, 120, 0, 3_600, 1), [(0, 7)]);
    }

    #[test]
    fn a_period_adds_up_its_minutes() {
        let mut series = Series::default();
        for minute in 0..10 {
            series.add_one(at(minute * 60), 1);
            series.add_one(at(minute * 60 + 30), 5);
        }
        assert_eq!(sums(&series, 900, 0, 600, 5), [(0, 30), (300, 30)]);
        let points = series.points(at(900), at(0), at(600), 5);
        assert_eq!((points[0].min, points[0].max, points[0].count), (1, 5, 10));
    }

    #[test]
    fn a_month_stays_within_its_bound_and_loses_no_sum() {
        let mut series = Series::default();
        let minutes = 29 * 24 * 60;
        for minute in 0..minutes {
            series.add_one(at(minute * 60), 2);
        }
        assert!(series.point_count() <= POINTS_MAX, "{}", series.point_count());
        let end = minutes * 60 + 120;
        let hours = sums(&series, end, 0, end, 60);
        assert_eq!(hours.len(), 29 * 24);
        assert_eq!(hours.iter().map(|(_, sum)| sum).sum::<u64>(), minutes * 2);
        // Minutes of long ago cannot be told apart any more; the last three hours can.
        assert_eq!(sums(&series, end, 0, end, 1).len(), 182, "and the two newest");
        assert!(sums(&series, end, end - 3_600, end, 1).iter().all(|(_, sum)| *sum == 2));
    }
}
