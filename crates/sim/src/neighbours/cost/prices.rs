//! What Kinesis Data Streams costs in us-east-1, line by line.

/// A line of the bill.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum PriceLine {
    ShardHours,
    PutPayloadUnits,
    ExtendedRetention,
    LongTermRetention,
    LongTermRetrieval,
    ConsumerShardHours,
    EnhancedFanOut,
    StreamHours,
    OnDemandIn,
    OnDemandOut,
    OnDemandFanOut,
    OnDemandRetention,
    AdvantageIn,
    AdvantageOut,
    AdvantageFanOut,
    AdvantageRetention,
    /// What On-demand Advantage asks for at least, as far as the traffic stays below it.
    AdvantageFloorIn,
    AdvantageFloorOut,
}

/// What a line counts, as it is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Unit {
    /// Microseconds; the price is for an hour.
    Time,
    /// Pieces; the price is for one.
    Piece,
    /// Bytes; the price is for a GB.
    Data,
    /// Bytes times microseconds; the price is for a GB for a month.
    Storage,
}

/// Hours of a month, as AWS's pricing calculator counts them.
pub const MONTH_HOURS: u64 = 730;
const MICROS_PER_HOUR: u128 = 3_600_000_000;
/// Assumed: a GB is 2^30 bytes, as a public analyser of Kinesis bills has it; AWS does not say.
const GB: u128 = 1 << 30;

impl PriceLine {
    pub const ALL: [PriceLine; 18] = [
        PriceLine::ShardHours,
        PriceLine::PutPayloadUnits,
        PriceLine::ExtendedRetention,
        PriceLine::LongTermRetention,
        PriceLine::LongTermRetrieval,
        PriceLine::ConsumerShardHours,
        PriceLine::EnhancedFanOut,
        PriceLine::StreamHours,
        PriceLine::OnDemandIn,
        PriceLine::OnDemandOut,
        PriceLine::OnDemandFanOut,
        PriceLine::OnDemandRetention,
        PriceLine::AdvantageIn,
        PriceLine::AdvantageOut,
        PriceLine::AdvantageFanOut,
        PriceLine::AdvantageRetention,
        PriceLine::AdvantageFloorIn,
        PriceLine::AdvantageFloorOut,
    ];

    /// What stands on the bill.
    pub const fn name(self) -> &'static str {
        match self {
            PriceLine::ShardHours => "Shard hours",
            PriceLine::PutPayloadUnits => "PUT payload units",
            PriceLine::ExtendedRetention => "Extended retention (to 7 days)",
            PriceLine::LongTermRetention => "Long-term retention (from 7 days)",
            PriceLine::LongTermRetrieval => "Long-term retrieval",
            PriceLine::ConsumerShardHours => "Enhanced fan-out: consumer-shard hours",
            PriceLine::EnhancedFanOut => "Enhanced fan-out: data retrieved",
            PriceLine::StreamHours => "On-demand: stream hours",
            PriceLine::OnDemandIn => "On-demand: data in",
            PriceLine::OnDemandOut => "On-demand: data out",
            PriceLine::OnDemandFanOut => "On-demand: enhanced fan-out",
            PriceLine::OnDemandRetention => "On-demand: retention from 24 hours",
            PriceLine::AdvantageIn => "On-demand Advantage: data in",
            PriceLine::AdvantageOut => "On-demand Advantage: data out",
            PriceLine::AdvantageFanOut => "On-demand Advantage: enhanced fan-out",
            PriceLine::AdvantageRetention => "On-demand Advantage: retention from 24 hours",
            PriceLine::AdvantageFloorIn => "On-demand Advantage: 25 MiB/s in at least",
            PriceLine::AdvantageFloorOut => "On-demand Advantage: 25 MiB/s out at least",
        }
    }

    /// Price in billionths of a dollar.
    ///
    /// Documented: AWS's price list for us-east-1 as public cost tools quote it; those of On-demand Advantage by
    /// AWS's announcement of 60, 68 and 77 % below the standard ones.
    pub const fn nano_dollars(self) -> u64 {
        match self {
            PriceLine::ShardHours | PriceLine::ConsumerShardHours => 15_000_000,
            PriceLine::PutPayloadUnits => 14,
            PriceLine::ExtendedRetention => 20_000_000,
            PriceLine::LongTermRetention => 23_000_000,
            PriceLine::LongTermRetrieval => 21_000_000,
            PriceLine::EnhancedFanOut => 13_000_000,
            PriceLine::StreamHours => 40_000_000,
            PriceLine::OnDemandIn => 80_000_000,
            PriceLine::OnDemandOut => 40_000_000,
            PriceLine::OnDemandFanOut => 50_000_000,
            PriceLine::OnDemandRetention => 100_000_000,
            PriceLine::AdvantageIn | PriceLine::AdvantageFloorIn => 32_000_000,
            PriceLine::AdvantageOut | PriceLine::AdvantageFanOut | PriceLine::AdvantageFloorOut => 16_000_000,
            PriceLine::AdvantageRetention => 23_000_000,
        }
    }

    pub(super) const fn unit(self) -> Unit {
        match self {
            PriceLine::ShardHours
            | PriceLine::ExtendedRetention
            | PriceLine::ConsumerShardHours
            | PriceLine::StreamHours => Unit::Time,
            PriceLine::PutPayloadUnits => Unit::Piece,
            PriceLine::LongTermRetention | PriceLine::OnDemandRetention | PriceLine::AdvantageRetention => {
                Unit::Storage
            }
            PriceLine::LongTermRetrieval
            | PriceLine::EnhancedFanOut
            | PriceLine::OnDemandIn
            | PriceLine::OnDemandOut
            | PriceLine::OnDemandFanOut
            | PriceLine::AdvantageIn
            | PriceLine::AdvantageOut
            | PriceLine::AdvantageFanOut
            | PriceLine::AdvantageFloorIn
            | PriceLine::AdvantageFloorOut => Unit::Data,
        }
    }

    /// What the price is for: `hour`, `unit`, `GB`, `GB-month`.
    pub const fn unit_name(self) -> &'static str {
        match self.unit() {
            Unit::Time => "hour",
            Unit::Piece => "unit",
            Unit::Data => "GB",
            Unit::Storage => "GB-month",
        }
    }

    pub(super) const fn divisor(self) -> u128 {
        match self.unit() {
            Unit::Time => MICROS_PER_HOUR,
            Unit::Piece => 1,
            Unit::Data => GB,
            Unit::Storage => GB * MICROS_PER_HOUR * MONTH_HOURS as u128,
        }
    }

    /// Billionths of a dollar for so much, as the line counts it.
    pub(super) fn amount(self, used: u128) -> u128 {
        used * u128::from(self.nano_dollars()) / self.divisor()
    }
}

/// Billionths of a dollar as dollars with this many decimals, rounded to the nearest: `10.95`.
pub fn dollars(nano_dollars: i128, decimals: u32) -> String {
    let scale = 10_i128.pow(9_u32.saturating_sub(decimals));
    let rounded = (nano_dollars.abs() + scale / 2) / scale;
    let unit = 10_i128.pow(decimals.min(9));
    let sign = if nano_dollars < 0 && rounded > 0 { "-" } else { "" };
    match decimals {
        0 => format!("{sign}{rounded}"),
        _ => format!("{sign}{}.{:0width$}", rounded / unit, rounded % unit, width = decimals.min(9) as usize),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_rounded_to_the_nearest() {
        assert_eq!(dollars(10_950_000_000, 2), "10.95");
        assert_eq!(dollars(14, 2), "0.00");
        assert_eq!(dollars(14, 9), "0.000000014");
        assert_eq!(dollars(-5_000_000, 2), "-0.01");
        assert_eq!(dollars(-1, 2), "0.00");
        assert_eq!(dollars(80_592_000_000, 0), "81");
    }
}
