//! Where a program's records come from: its schedule, its keys and its workload, as one recipe.

use std::sync::Arc;

use kinesis::{Blob, Generated, Numbers, Recipe};
use smol_str::SmolStr;

use crate::traffic::Schedule;
use crate::{KeyRecipe, Workload};

/// What a program's records look like, from one change of its settings to the next. The number of a record decides
/// everything: its key, its time and its data.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The program's number in the world.
    pub(crate) id: u32,
    pub(crate) schedule: Schedule,
    pub(crate) keys: KeyRecipe,
    pub(crate) workload: Workload,
    /// Bytes of data in each record.
    pub(crate) size: u32,
}

impl Recipe for Source {
    fn source(&self) -> u32 {
        self.id
    }

    fn partition_key(&self, number: u64) -> SmolStr {
        self.keys.key(u64::from(self.id), number)
    }

    fn has_fresh_keys(&self) -> bool {
        self.keys == KeyRecipe::Random
    }

    fn payload(&self, number: u64) -> Vec<u8> {
        self.workload.payload(self.id, number, self.schedule.due_at(number), self.size)
    }

    fn size(&self, _: u64) -> u32 {
        self.size
    }
}

impl Source {
    /// One record as it is put.
    pub(crate) fn blob(self: &Arc<Source>, number: u64) -> Blob {
        let recipe: Arc<dyn Recipe> = Arc::<Source>::clone(self);
        Blob::Generated(Generated { recipe, numbers: Numbers::One(number), size: self.size })
    }
}
