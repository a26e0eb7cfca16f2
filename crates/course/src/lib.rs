//! The course: lesson files, the check language and progress.
