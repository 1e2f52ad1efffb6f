//! Packages of npm that tests compare with, each in exactly one version and in a folder of its own
//! in the user's cache. None of them is shipped.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use super::apt::Apt;
use crate::error::{Context, Result};
use crate::workshop::{Workshop, long_step};

/// A package in its version.
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) version: &'static str,
}

/// The FSRS that ours is compared with.
pub(crate) const TS_FSRS: Package = Package {
    name: "ts-fsrs",
    version: "5.4.2",
};

/// The suite `eddsa-jcs-2022`, by people who wrote its specification.
const SUITE: Package = Package {
    name: "@digitalbazaar/eddsa-jcs-2022-cryptosuite",
    version: "1.0.0",
};

/// What it is used with.
const BESIDE_SUITE: [Package; 3] = [
    Package {
        name: "@digitalbazaar/data-integrity",
        version: "2.5.0",
    },
    Package {
        name: "@digitalbazaar/ed25519-multikey",
        version: "1.3.1",
    },
    Package {
        name: "@digitalbazaar/vc",
        version: "7.3.0",
    },
];

/// The folder in whose `node_modules` these are.
///
/// # Errors
/// As of [`Package::provide`].
pub(crate) fn digitalbazaar(workshop: &Workshop) -> Result<PathBuf> {
    let suite = SUITE.provide_with(workshop, &BESIDE_SUITE)?;
    Ok(suite.join("../../.."))
}

impl Package {
    /// The package's folder, fetched when it is not there.
    ///
    /// # Errors
    /// When npm is missing or cannot fetch it.
    pub(crate) fn provide(&self, workshop: &Workshop) -> Result<PathBuf> {
        self.provide_with(workshop, &[])
    }

    /// The same, with others beside it that are used together with it.
    ///
    /// # Errors
    /// As of [`Self::provide`].
    pub(crate) fn provide_with(&self, workshop: &Workshop, others: &[Self]) -> Result<PathBuf> {
        let folder = workshop.tool_folder(&self.name.replace('/', "-"), self.version);
        let all = || std::iter::once(self).chain(others);
        let place = |package: &Self| folder.join("node_modules").join(package.name);
        let package = place(self);
        // npm writes this file once everything else is in place.
        if folder.join("package-lock.json").is_file() && all().all(|package| place(package).is_dir()) {
            return Ok(package);
        }
        for (program, name) in [("node", "nodejs"), ("npm", "npm")] {
            if workshop.which(program).is_none() {
                let what = format!("{program}, for {} (about a minute)", self.name);
                Apt::default().install(workshop, &what, &[name])?;
            }
        }
        fs::create_dir_all(&folder).with(|| format!("making {}", folder.display()))?;
        let dependencies: Vec<String> = all()
            .map(|package| format!(r#""{}":"{}""#, package.name, package.version))
            .collect();
        let manifest = format!(
            r#"{{"private":true,"dependencies":{{{}}}}}"#,
            dependencies.join(",")
        );
        let file = folder.join("package.json");
        fs::write(&file, manifest).with(|| format!("writing {}", file.display()))?;
        let mut npm = workshop.command("npm");
        npm.args(["install", "--no-audit", "--no-fund", "--ignore-scripts"]);
        npm.arg("--loglevel=error").current_dir(&folder);
        let log = workshop
            .cached("log")
            .join(format!("{}.log", self.name.replace('/', "-")));
        let what = format!("fetching {} {} from npm", self.name, self.version);
        long_step(&what, Duration::from_secs(600), &log, &mut npm)?;
        Ok(package)
    }
}
