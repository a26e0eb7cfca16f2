//! The worked sums of the fact sheet (730 hours), and single lines.

use super::*;

fn size(mode: StreamMode, shards: u64, consumers: u64) -> Size {
    Size { mode, is_advantage: false, shards, consumers, retention_hours: 24 }
}

fn total(size: Size, traffic: Traffic) -> String {
    let lines = month(size, traffic).into_iter().map(|(line, used)| line.amount(used));
    dollars(lines.sum::<u128>() as i128, 2)
}

/// 1,000 records of 1 KB each second.
const LOAD: Traffic = Traffic {
    records: 60_000,
    units: 60_000,
    rounded_bytes: 60_000 * 1_024,
    bytes: 60_000 * 1_024,
    bytes_out: 60_000 * 1_024,
    bytes_pushed: 0,
};

#[test]
fn four_shards_with_a_thousand_records_a_second_cost_80_dollars_59() {
    assert_eq!(total(size(StreamMode::Provisioned, 4, 0), LOAD), "80.59");
}

#[test]
fn the_same_load_on_demand_costs_about_330_dollars() {
    assert_eq!(total(size(StreamMode::OnDemand, 4, 0), LOAD), "329.95");
}

#[test]
fn an_idle_stream_costs_10_95_provisioned_and_29_20_on_demand() {
    assert_eq!(total(size(StreamMode::Provisioned, 1, 0), Traffic::default()), "10.95");
    assert_eq!(total(size(StreamMode::OnDemand, 4, 0), Traffic::default()), "29.20");
}

#[test]
fn two_consumers_of_four_shards_cost_87_60_and_their_data() {
    let idle = total(size(StreamMode::Provisioned, 4, 0), Traffic::default());
    assert_eq!(idle, "43.80");
    let two = size(StreamMode::Provisioned, 4, 2);
    assert_eq!(total(two, Traffic::default()), "131.40", "43.80 and 87.60");
    let pushed = Traffic { bytes_pushed: 2 * 60_000 * 1_024, ..Traffic::default() };
    assert_eq!(total(two, pushed), "196.56", "and 2 x 2,506 GiB at 0.013");
}

#[test]
fn a_payload_unit_is_25_kilobytes_or_a_part_of_them() {
    let units = |size: usize| written(&Blob::from("x".repeat(size).as_str())).units;
    assert_eq!([units(5 << 10), units(25 << 10), units(45 << 10), units(1 << 20)], [1, 1, 2, 41]);
    assert_eq!(units(0), 1);
}

#[test]
fn a_week_of_retention_is_paid_by_the_shard_and_more_by_the_gigabyte() {
    let week = Size { retention_hours: 168, ..size(StreamMode::Provisioned, 2, 0) };
    // 2 x 730 x (0.015 + 0.020).
    assert_eq!(total(week, Traffic::default()), "51.10");
    let start = Instant::from_seconds(1_767_225_600);
    let mut meter = Meter::new(Size { retention_hours: 8_760, ..week }, start);
    meter.count(start, Traffic { bytes: 100 << 30, ..Traffic::default() });
    // A week is in the price of the shards; then 100 GB lie there for 730 hours.
    meter.advance(start + kinesis::Duration::from_hours(168));
    assert_eq!(meter.used[PriceLine::LongTermRetention as usize], 0);
    meter.advance(start + kinesis::Duration::from_hours(168 + 730));
    let used = meter.used[PriceLine::LongTermRetention as usize];
    assert_eq!(PriceLine::LongTermRetention.amount(used), 2_300_000_000);
}

#[test]
fn retention_that_is_lowered_later_does_not_change_what_was_paid() {
    let start = Instant::from_seconds(1_767_225_600);
    let day = kinesis::Duration::from_hours(24);
    let mut meter = Meter::new(Size { retention_hours: 72, ..size(StreamMode::OnDemand, 4, 0) }, start);
    meter.count(start, Traffic { bytes: 1 << 30, ..Traffic::default() });
    meter.advance(start + day.times(2));
    let paid = meter.used[PriceLine::OnDemandRetention as usize];
    assert_eq!(paid, u128::from(day.micros()) << 30);
    meter.size.retention_hours = 24;
    meter.advance(start + day.times(3));
    assert_eq!(meter.used[PriceLine::OnDemandRetention as usize], paid);
}
