//! Types of plain objects that cross to JavaScript, for the generated `.d.ts`, by subject.

mod account;
mod facts;
mod kcl;
mod managed;
mod programs;
mod session;
mod stream;
