//! Many shards at one look: one cell for each open shard in the order of the key space, and groups of neighbours.

use sim::World;

use crate::spread::OpenRange;

/// One open shard in the heat map.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Cell {
    pub shard: u32,
    /// Stored and refused in the last whole second.
    pub records: u64,
    pub refused: u64,
    /// Used of the tighter one of its two write budgets in that second, in thousandths.
    pub used: u16,
}

/// Neighbours on the key space, counted together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Group {
    /// Places of the first and the last shard among the open ones.
    pub first: usize,
    pub last: usize,
    pub records: u64,
    pub refused: u64,
    /// Used of the busiest shard, in thousandths, and that shard.
    pub used_most: u16,
    pub busiest: u32,
}

#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(crate) struct HeatMap {
    pub made_ms: u64,
    pub cells: Vec<Cell>,
    pub groups: Vec<Group>,
    pub records: u64,
    pub refused: u64,
}

/// Groups that the cells are counted in.
const GROUPS: usize = 16;

impl HeatMap {
    pub(crate) fn of(world: &World, stream: &str, ranges: &[OpenRange]) -> HeatMap {
        let Some(stream) = world.service().stream(stream) else { return HeatMap::default() };
        let second = world.now().seconds().saturating_sub(1);
        let cells: Vec<Cell> = ranges
            .iter()
            .map(|range| {
                let id = kinesis::ShardId(range.shard);
                let counts = world.shard_second(&stream.name, id, second).unwrap_or_default();
                let limits =
                    stream.shard(id).map(|it| (it.write_records.capacity(), it.write_bytes.capacity()));
                let (records_max, bytes_max) = limits.unwrap_or((1, 1));
                let used =
                    |part: u64, whole: i64| (part * 1_000 / whole.max(1).unsigned_abs()).min(1_000) as u16;
                Cell {
                    shard: range.shard,
                    records: counts.records,
                    refused: counts.refused_by_records + counts.refused_by_bytes,
                    used: used(counts.records, records_max).max(used(counts.bytes, bytes_max)),
                }
            })
            .collect();
        let size = cells.len().div_ceil(GROUPS).max(1);
        let groups = cells.chunks(size).enumerate().map(|(i, cells)| {
            let busiest =
                cells.iter().max_by_key(|cell| (cell.used, cell.refused)).copied().unwrap_or_default();
            Group {
                first: i * size,
                last: i * size + cells.len() - 1,
                records: cells.iter().map(|cell| cell.records).sum(),
                refused: cells.iter().map(|cell| cell.refused).sum(),
                used_most: busiest.used,
                busiest: busiest.shard,
            }
        });
        HeatMap {
            made_ms: world.now().millis(),
            groups: groups.collect(),
            records: cells.iter().map(|cell| cell.records).sum(),
            refused: cells.iter().map(|cell| cell.refused).sum(),
            cells,
        }
    }

    /// How many cells stand in a row of the map.
    pub(crate) fn columns(&self) -> usize {
        match self.cells.len() {
            0..=256 => 32,
            257..=1_024 => 64,
            1_025..=4_096 => 100,
            _ => 160,
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.cells.len().div_ceil(self.columns()).max(1)
    }
}
