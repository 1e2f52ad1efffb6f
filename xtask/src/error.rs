//! One error: a sentence for the developer who reads it.

use std::fmt;

/// What went wrong, said in one sentence.
#[derive(Debug)]
pub(crate) struct Error(String);

/// The result of anything that can go wrong here.
pub(crate) type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error that says `message`.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Says what was being done when something else failed.
pub(crate) trait Context<T> {
    /// Puts `what` in front of the cause.
    fn with(self, what: impl FnOnce() -> String) -> Result<T>;
}

impl<T, E: fmt::Display> Context<T> for std::result::Result<T, E> {
    fn with(self, what: impl FnOnce() -> String) -> Result<T> {
        self.map_err(|cause| Error(format!("{}: {cause}", what())))
    }
}

impl<T> Context<T> for Option<T> {
    fn with(self, what: impl FnOnce() -> String) -> Result<T> {
        self.ok_or_else(|| Error(what()))
    }
}

impl std::error::Error for Error {}
