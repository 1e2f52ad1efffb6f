//! Where things are, and how programs are started there.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::error::{Context, Error, Result};

/// The checkout, the cache, and the tools that [`crate::setup`] found or put there.
#[derive(Clone, Debug)]
pub(crate) struct Workshop {
    root: PathBuf,
    cache: PathBuf,
    /// Folders of tools, searched before `PATH`.
    tools: Vec<PathBuf>,
    /// Set when the WebAssembly standard library is built from source.
    rebuilt_std: Option<RebuiltStd>,
}

/// The second compiler that builds the WebAssembly standard library too.
#[derive(Clone, Debug)]
pub(crate) struct RebuiltStd {
    /// The folder of the `cargo` that sends WebAssembly builds to the second compiler.
    pub(crate) shim: PathBuf,
}

impl Workshop {
    /// Finds the checkout (from cargo, else from the current folder upwards) and the cache.
    pub(crate) fn find() -> Result<Self> {
        let start = match env::var_os("CARGO_MANIFEST_DIR") {
            Some(folder) => PathBuf::from(folder),
            None => env::current_dir().with(|| "the current folder".to_owned())?,
        };
        let root = start
            .ancestors()
            .find(|folder| folder.join("Trunk.toml").is_file())
            .with(|| "run this inside the checkout: no Trunk.toml was found".to_owned())?
            .to_owned();
        Ok(Self {
            root,
            cache: cache_folder()?,
            tools: Vec::new(),
            rebuilt_std: None,
        })
    }

    /// The checkout's top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The folder of a tool in the user's cache: one per version.
    pub(crate) fn tool_folder(&self, name: &str, version: &str) -> PathBuf {
        self.cache.join("tools").join(format!("{name}-{version}"))
    }

    /// A folder of the user's cache.
    pub(crate) fn cached(&self, name: &str) -> PathBuf {
        self.cache.join(name)
    }

    /// Where Trunk puts the built site.
    pub(crate) fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// Where cargo puts native builds.
    pub(crate) fn target(&self) -> PathBuf {
        match env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => self.root.join(folder),
            None => self.root.join("target"),
        }
    }

    /// Where cargo puts builds for WebAssembly.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        match self.rebuilt_std {
            Some(_) => self.target().join("wasm"),
            None => self.target(),
        }
    }

    /// A folder for logs and settings of one run.
    pub(crate) fn scratch(&self) -> Result<PathBuf> {
        let folder = self.target().join("xtask");
        fs::create_dir_all(&folder).with(|| format!("making {}", folder.display()))?;
        Ok(folder)
    }

    /// Puts a folder of tools in front of `PATH`.
    pub(crate) fn add_tools(&mut self, folder: impl Into<PathBuf>) {
        let folder = folder.into();
        if !self.tools.contains(&folder) {
            self.tools.insert(0, folder);
        }
    }

    /// Sends WebAssembly builds to a second compiler.
    pub(crate) fn rebuild_std(&mut self, how: RebuiltStd) {
        self.rebuilt_std = Some(how);
    }

    /// The program of this name on our tools' folders or on `PATH`.
    pub(crate) fn which(&self, program: &str) -> Option<PathBuf> {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = self.tools.iter().cloned().chain(env::split_paths(&path));
        program_in(folders, program)
    }

    /// A program that will run in the checkout with our tools on its `PATH`.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        self.command_with(program.as_ref(), &self.tools)
    }

    /// A program that builds for WebAssembly, itself or through cargo.
    pub(crate) fn wasm_command(&self, program: impl AsRef<OsStr>) -> Command {
        let Some(rebuilt) = &self.rebuilt_std else {
            return self.command(program);
        };
        let mut folders = vec![rebuilt.shim.clone()];
        folders.extend(self.tools.iter().cloned());
        let mut command = self.command_with(program.as_ref(), &folders);
        // Two compilers in one target folder would rebuild each other's work.
        command.env("CARGO_TARGET_DIR", self.wasm_target());
        if let Some(folder) = env::var_os("CARGO_TARGET_DIR") {
            command.env("XUEDANG_NATIVE_TARGET_DIR", folder);
        }
        command
    }

    /// Trunk, kept from asking the network for news of itself.
    pub(crate) fn trunk(&self) -> Command {
        let mut command = self.wasm_command("trunk");
        command.env("TRUNK_SKIP_VERSION_CHECK", "true");
        // Trunk refuses the customary NO_COLOR=1: it wants the word.
        if env::var_os("NO_COLOR").is_some() {
            command.env("NO_COLOR", "true");
        }
        command
    }

    fn command_with(&self, program: &OsStr, folders: &[PathBuf]) -> Command {
        let path = env::var_os("PATH").unwrap_or_default();
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        let all = folders.iter().cloned().chain(env::split_paths(&path));
        if let Ok(joined) = env::join_paths(all) {
            command.env("PATH", joined);
        }
        // What cargo told this program about itself is not true of the programs that it starts.
        for (name, _) in env::vars_os() {
            if is_about_this_program(&name) {
                command.env_remove(name);
            }
        }
        command
    }

    /// Runs a program to its end, its output going where ours goes.
    pub(crate) fn run(&self, command: &mut Command) -> Result<()> {
        let status = command.status().with(|| format!("starting {}", line(command)))?;
        if status.success() {
            Ok(())
        } else {
            Err(Error::new(format!("{} failed ({status})", line(command))))
        }
    }

    /// Runs a program in place of this one, so that what ends this ends that.
    #[cfg(unix)]
    pub(crate) fn become_program(&self, command: &mut Command) -> Result<()> {
        use std::os::unix::process::CommandExt;
        Err(command.exec()).with(|| format!("starting {}", line(command)))
    }

    /// Runs a program to its end: this system cannot put one in place of another.
    #[cfg(not(unix))]
    pub(crate) fn become_program(&self, command: &mut Command) -> Result<()> {
        self.run(command)
    }
}

/// The first of `folders` that has an executable of this name, with that name.
pub(crate) fn program_in(folders: impl IntoIterator<Item = PathBuf>, program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    folders
        .into_iter()
        .map(|folder| folder.join(&name))
        .find(|path| is_executable(path))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

fn is_about_this_program(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with("CARGO_PKG_")
        || name.starts_with("CARGO_MANIFEST_")
        || matches!(
            &*name,
            "CARGO" | "CARGO_BIN_NAME" | "CARGO_CRATE_NAME" | "LD_LIBRARY_PATH"
        )
}

fn cache_folder() -> Result<PathBuf> {
    if let Some(folder) = env::var_os("XUEDANG_CACHE") {
        return Ok(PathBuf::from(folder));
    }
    let base = match env::var_os("XDG_CACHE_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => env::home_dir()
            .with(|| "no home folder: set XUEDANG_CACHE".to_owned())?
            .join(".cache"),
    };
    Ok(base.join("xuedang"))
}

/// What a program printed, if it ended well.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Runs a long step quietly: one line when it begins, the seconds when it is done,
/// and the end of its output if it fails. The whole output stays in `log`.
///
/// # Errors
/// When the program cannot start, fails, or outlasts `limit`.
pub(crate) fn long_step(what: &str, limit: Duration, log: &Path, command: &mut Command) -> Result<()> {
    println!("{what} …");
    let started = Instant::now();
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder).with(|| format!("making {}", folder.display()))?;
    }
    let open = || File::create(log).with(|| format!("writing {}", log.display()));
    let file = open()?;
    let second = file.try_clone().with(|| format!("writing {}", log.display()))?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(second)
        .spawn()
        .with(|| format!("starting {}", line(command)))?;
    let status = loop {
        if let Some(status) = child.try_wait().with(|| line(command))? {
            break status;
        }
        if started.elapsed() > limit {
            // Ending it may fail only because it has just ended by itself.
            let _ = child.kill();
            let _ = child.wait();
            return Err(Error::new(format!(
                "{} took longer than {} s; its output is in {}",
                line(command),
                limit.as_secs(),
                log.display()
            )));
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    if status.success() {
        println!("  done in {:.0} s", started.elapsed().as_secs_f64());
        return Ok(());
    }
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    let tail = lines.get(lines.len().saturating_sub(12)..);
    Err(Error::new(format!(
        "{} failed ({status}):\n{}",
        line(command),
        tail.unwrap_or_default().join("\n")
    )))
}

/// A command as a person would type it.
pub(crate) fn line(command: &Command) -> String {
    let mut words: Vec<OsString> = vec![command.get_program().to_owned()];
    words.extend(command.get_args().map(OsStr::to_owned));
    let words: Vec<String> = words
        .iter()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    words.join(" ")
}
