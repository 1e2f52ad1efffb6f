//! `cargo xtask check`: comparisons with other people's programs, too slow or too far away for
//! every run of `test`.

mod banks;

use crate::error::{Error, Result};
use crate::workshop::Workshop;

/// A check and its name.
type Check = (&'static str, fn(&Workshop) -> Result<()>);

/// The checks by name.
const CHECKS: [Check; 2] = [("gift", banks::gift), ("xlsx", banks::xlsx)];

/// Runs the checks of these names, all of them when there are none.
///
/// # Errors
/// When a name is not a check's, or a check fails.
pub(crate) fn run(workshop: &Workshop, names: &[String]) -> Result<()> {
    for name in names {
        if CHECKS.iter().all(|(known, _)| known != name) {
            let all = CHECKS.map(|(known, _)| known).join(" ");
            return Err(Error::new(format!(
                "there is no check `{name}`; the checks are {all}"
            )));
        }
    }
    for (name, check) in CHECKS {
        if names.is_empty() || names.iter().any(|chosen| chosen == name) {
            check(workshop)?;
        }
    }
    Ok(())
}
