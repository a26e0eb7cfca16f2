//! The world: virtual clock, event queue, dice, actors, lease tables and history.
