//! System packages on Debian and Ubuntu.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::workshop::{Workshop, long_step, output};

/// The package manager; its lists are renewed once, before the first installation.
#[derive(Debug, Default)]
pub(crate) struct Apt {
    renewed: bool,
}

impl Apt {
    /// Installs packages without questions.
    ///
    /// # Errors
    /// When there is no apt, no right to use it, or a package cannot be had.
    pub(crate) fn install(&mut self, workshop: &Workshop, what: &str, packages: &[&str]) -> Result<()> {
        self.renew(workshop)?;
        let mut command = privileged(workshop)?;
        command.args(["install", "-y", "--no-install-recommends"]);
        command.args(packages);
        let log = workshop.cached("log").join("apt-install.log");
        let what = format!("installing {what}: {}", packages.join(" "));
        long_step(&what, Duration::from_secs(1800), &log, &mut command)
    }

    /// The names of the packages that match a pattern.
    ///
    /// # Errors
    /// When there is no apt or no right to use it.
    pub(crate) fn names(&mut self, workshop: &Workshop, pattern: &str) -> Result<Vec<String>> {
        self.renew(workshop)?;
        let mut search = workshop.command("apt-cache");
        search.args(["search", "--names-only", pattern]);
        let found = output(&mut search).unwrap_or_default();
        let first_words = found.lines().filter_map(|line| line.split(' ').next());
        Ok(first_words.map(str::to_owned).collect())
    }

    fn renew(&mut self, workshop: &Workshop) -> Result<()> {
        if self.renewed {
            return Ok(());
        }
        let mut command = privileged(workshop)?;
        command.arg("update");
        let log = workshop.cached("log").join("apt-update.log");
        let what = "renewing the list of system packages (about 10 s)";
        long_step(what, Duration::from_secs(600), &log, &mut command)?;
        self.renewed = true;
        Ok(())
    }
}

/// `apt-get`, as root or through a sudo that asks nothing.
fn privileged(workshop: &Workshop) -> Result<Command> {
    if workshop.which("apt-get").is_none() {
        return Err(Error::new("this machine has no apt-get"));
    }
    let is_root = output(workshop.command("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if is_root {
        let mut command = workshop.command("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Ok(command);
    }
    let sudo_asks = workshop.which("sudo").is_none()
        || !workshop
            .command("sudo")
            .args(["-n", "true"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success());
    if sudo_asks {
        return Err(Error::new("installing system packages needs root"));
    }
    let mut command = workshop.command("sudo");
    command.args(["-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    Ok(command)
}
