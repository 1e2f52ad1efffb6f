//! Rust's standard library for WebAssembly.
//!
//! 1. The toolchain has it: nothing to do.
//! 2. `rustup target add` fetches it.
//! 3. Where that is out of reach, Debian's second Rust (`rustc-web`) builds it from source. A
//!    small `cargo` on the `PATH` of such builds sends them there, and everything else to the
//!    ordinary cargo.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::apt::Apt;
use crate::error::{Context, Error, Result};
use crate::workshop::{RebuiltStd, Workshop, long_step, output, program_in};

const TARGET: &str = "wasm32-unknown-unknown";

/// Where Debian keeps its programs.
const SYSTEM: &str = "/usr/bin";

/// The oldest system compiler that builds this workspace (its `rust-version`).
const OLDEST: (u32, u32) = (1, 88);

pub(super) fn provide(workshop: &mut Workshop, apt: &mut Apt) -> Result<()> {
    let rebuild = env::var_os("XUEDANG_WASM").is_some_and(|how| how == "rebuild");
    if !rebuild && is_installed(workshop) {
        return Ok(());
    }
    if let Some(compiler) = SecondCompiler::find(workshop) {
        return compiler.use_it(workshop);
    }
    let reason = if rebuild {
        "XUEDANG_WASM=rebuild".to_owned()
    } else {
        match add_target(workshop) {
            Ok(()) if is_installed(workshop) => return Ok(()),
            Ok(()) => "rustup added the target to another toolchain".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    install_second_compiler(workshop, apt)
        .and_then(|()| {
            SecondCompiler::find(workshop).with(|| "the packages hold no usable compiler".to_owned())
        })
        .with(|| {
            format!(
                "Rust's {TARGET} target is missing; run `rustup target add {TARGET}` \
                 where the network allows it ({reason})"
            )
        })?
        .use_it(workshop)
}

/// Whether the toolchain in use here, rustup's or not, has the target's standard library.
fn is_installed(workshop: &Workshop) -> bool {
    let mut rustc = workshop.command("rustc");
    rustc.args(["--print", "target-libdir", "--target", TARGET]);
    let Some(folder) = output(&mut rustc) else {
        return false;
    };
    fs::read_dir(folder.trim()).is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    })
}

fn add_target(workshop: &Workshop) -> Result<()> {
    if workshop.which("rustup").is_none() {
        return Err(Error::new("there is no rustup"));
    }
    let mut command = workshop.command("rustup");
    command.args(["target", "add", TARGET]);
    let log = workshop.cached("log").join("rustup.log");
    let what = format!("adding Rust's {TARGET} target (about 10 s)");
    long_step(&what, Duration::from_secs(300), &log, &mut command)
}

fn install_second_compiler(workshop: &Workshop, apt: &mut Apt) -> Result<()> {
    // The linker's version is in its package's name; the newest fits the newest compiler.
    let linkers = apt.names(workshop, "^lld-[0-9]+$")?;
    let linker = linkers
        .into_iter()
        .max_by_key(|name| numbered(name, "lld-"))
        .with(|| "there is no lld package".to_owned())?;
    let packages = ["rustc-web", "cargo-web", "rust-web-src", &linker];
    let what = "a second Rust that builds the standard library for WebAssembly (about 20 s)";
    apt.install(workshop, what, &packages)
}

/// The system's own Rust with its standard library's source and a linker for WebAssembly.
struct SecondCompiler {
    linker: String,
}

impl SecondCompiler {
    fn find(workshop: &Workshop) -> Option<Self> {
        let system = || [PathBuf::from(SYSTEM)];
        let rustc = program_in(system(), "rustc")?;
        program_in(system(), "cargo")?;
        let about = output(workshop.command(&rustc).arg("-vV"))?;
        if release(&about)? < OLDEST {
            return None;
        }
        let sysroot = output(workshop.command(&rustc).args(["--print", "sysroot"]))?;
        let source = Path::new(sysroot.trim()).join("lib/rustlib/src/rust/library/std");
        // The linker must read what the compiler's LLVM writes.
        let llvm = field(&about, "LLVM version: ")?.split('.').next()?;
        let llvm: u32 = llvm.parse().ok()?;
        let names = fs::read_dir(SYSTEM).ok()?.filter_map(|file| {
            let name = file.ok()?.file_name().into_string().ok()?;
            numbered(&name, "wasm-ld-").map(|version| (version, name))
        });
        let (_, linker) = names.filter(|(version, _)| *version >= llvm).max()?;
        source.is_dir().then_some(Self { linker })
    }

    fn use_it(&self, workshop: &mut Workshop) -> Result<()> {
        let ordinary = workshop
            .which("cargo")
            .with(|| "there is no cargo on PATH".to_owned())?;
        let shim = workshop.cached("shim");
        let script = self.script(&ordinary);
        let file = shim.join("cargo");
        if fs::read_to_string(&file).ok().as_deref() != Some(&script) {
            fs::create_dir_all(&shim).with(|| format!("making {}", shim.display()))?;
            write_program(&file, &script)?;
        }
        workshop.rebuild_std(RebuiltStd { shim });
        Ok(())
    }

    /// The `cargo` that tells WebAssembly builds from the others.
    fn script(&self, ordinary: &Path) -> String {
        format!(
            r#"#!/bin/sh
# Written by `cargo xtask`. WebAssembly builds go to the system's Rust, which builds the standard
# library from source; everything else goes to the ordinary cargo.
case " $* " in
*{TARGET}*)
    unset RUSTUP_TOOLCHAIN CARGO RUSTC RUSTDOC LD_LIBRARY_PATH
    export RUSTC_BOOTSTRAP=1
    export CARGO_UNSTABLE_BUILD_STD=std,panic_abort
    export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER={linker}
    PATH="{SYSTEM}:$PATH" exec {SYSTEM}/cargo "$@"
    ;;
esac
# Trunk asks `cargo metadata` where the WebAssembly build will be: the one call that keeps its folder.
if [ "$1" != metadata ]; then
    if [ -n "$XUEDANG_NATIVE_TARGET_DIR" ]; then
        export CARGO_TARGET_DIR="$XUEDANG_NATIVE_TARGET_DIR"
    else
        unset CARGO_TARGET_DIR
    fi
fi
exec "{ordinary}" "$@"
"#,
            linker = self.linker,
            ordinary = ordinary.display(),
        )
    }
}

/// Writes a script that can be run, whole or not at all.
pub(super) fn write_program(file: &Path, script: &str) -> Result<()> {
    let partial = file.with_extension(format!("partial-{}", std::process::id()));
    fs::write(&partial, script).with(|| format!("writing {}", partial.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(&partial, fs::Permissions::from_mode(0o755))
            .with(|| format!("making {} executable", partial.display()))?;
    }
    fs::rename(&partial, file).with(|| format!("writing {}", file.display()))
}

/// `22` of `wasm-ld-22` for the prefix `wasm-ld-`.
fn numbered(name: &str, prefix: &str) -> Option<u32> {
    name.strip_prefix(prefix)?.parse().ok()
}

/// Major and minor of a compiler's `release: 1.96.0`.
fn release(about: &str) -> Option<(u32, u32)> {
    let mut numbers = field(about, "release: ")?.split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor = numbers.next()?.parse().ok()?;
    Some((major, minor))
}

fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.strip_prefix(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = "rustc 1.96.0 (abc)\nbinary: rustc\nrelease: 1.96.0\nLLVM version: 22.1.8";

    #[test]
    fn a_compiler_tells_its_release() {
        assert_eq!(release(ABOUT), Some((1, 96)));
        assert!(release(ABOUT) >= Some(OLDEST));
        assert_eq!(release("nonsense"), None);
    }

    #[test]
    fn linkers_are_told_by_their_number() {
        assert_eq!(numbered("wasm-ld-22", "wasm-ld-"), Some(22));
        assert_eq!(numbered("wasm-ld", "wasm-ld-"), None);
        assert_eq!(numbered("lld-x", "lld-"), None);
    }
}
