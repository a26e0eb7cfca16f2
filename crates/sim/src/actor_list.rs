//! The actors of a world.

use crate::ActorId;
use crate::actor::Actor;

/// Actors by their ids, which are their places: an id is never given again, and an actor that has ended stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct ActorList(Vec<Actor>);

impl ActorList {
    /// The id that the next actor gets.
    pub(crate) fn next_id(&self) -> ActorId {
        ActorId(self.0.len() as u32)
    }

    pub(crate) fn push(&mut self, actor: Actor) -> ActorId {
        let id = self.next_id();
        self.0.push(actor);
        id
    }

    pub(crate) fn get(&self, id: ActorId) -> Option<&Actor> {
        self.0.get(id.0 as usize)
    }

    pub(crate) fn get_mut(&mut self, id: ActorId) -> Option<&mut Actor> {
        self.0.get_mut(id.0 as usize)
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = (ActorId, &Actor)> {
        let ids = 0..self.0.len() as u32;
        ids.map(ActorId).zip(&self.0)
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (ActorId, &mut Actor)> {
        (0..).map(ActorId).zip(&mut self.0)
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Actor> {
        self.0.iter()
    }

    pub(crate) fn values_mut(&mut self) -> impl Iterator<Item = &mut Actor> {
        self.0.iter_mut()
    }
}
