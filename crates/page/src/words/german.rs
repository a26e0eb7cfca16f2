//! German: tables of texts, one for each part of the page.

mod commands;
mod course;
mod figures;
mod frame;
mod meanings;
mod programs;
mod services;
mod stage;
mod views;

/// English beside German; no text stands in two of them.
pub(super) const TABLES: [&[(&str, &str)]; 9] = [
    commands::WORDS,
    course::WORDS,
    figures::WORDS,
    frame::WORDS,
    meanings::WORDS,
    programs::WORDS,
    services::WORDS,
    stage::WORDS,
    views::WORDS,
];

/// What is counted: English, and German for one and for many.
pub(super) const NOUNS: &[(&str, &str, &str)] = &[
    ("Kinesis record", "Kinesis-Record", "Kinesis-Records"),
    ("GB-month", "GB-Monat", "GB-Monate"),
    ("answer", "Antwort", "Antworten"),
    ("call", "Aufruf", "Aufrufe"),
    ("hour", "Stunde", "Stunden"),
    ("invocation", "Aufruf", "Aufrufe"),
    ("key", "Schlüssel", "Schlüssel"),
    ("lease", "Lease", "Leases"),
    ("line", "Zeile", "Zeilen"),
    ("message", "Nachricht", "Nachrichten"),
    ("object", "Objekt", "Objekte"),
    ("open shard", "offener Shard", "offene Shards"),
    ("owner", "Besitzer", "Besitzer"),
    ("page", "Seite", "Seiten"),
    ("record", "Record", "Records"),
    ("shard", "Shard", "Shards"),
    ("unit", "Einheit", "Einheiten"),
    ("user record", "User Record", "User Records"),
    ("worker", "Worker", "Worker"),
];
