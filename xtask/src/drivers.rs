//! The programs through which tests drive real browsers.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::error::{Context, Error, Result};
use crate::workshop::Workshop;

/// How long a driver may take to listen. Seconds are usual on a loaded machine.
const START: Duration = Duration::from_secs(30);

/// A running driver, which is ended, with its browsers, when this is dropped.
pub(crate) struct Driver {
    kind: Kind,
    child: Child,
    port: u16,
    log: PathBuf,
}

/// Which browser a driver drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// chromedriver.
    Chromium,
    /// geckodriver.
    Firefox,
}

impl Driver {
    /// Starts a driver on a free port and waits until it listens.
    ///
    /// # Errors
    /// When it is missing, ends, or does not listen in time.
    pub(crate) fn start(workshop: &Workshop, kind: Kind, scratch: &Path) -> Result<Self> {
        let name = kind.program();
        let log = scratch.join(format!("{name}.log"));
        let file = File::create(&log).with(|| format!("writing {}", log.display()))?;
        let second = file.try_clone().with(|| format!("writing {}", log.display()))?;
        let program = workshop.which(name).with(|| format!("{name} is not on PATH"))?;
        let port = free_port()?;
        let mut command = workshop.command(program);
        match kind {
            Kind::Chromium => command.arg(format!("--port={port}")),
            // Its own second port would otherwise be the same for every geckodriver.
            Kind::Firefox => command.args(["--port", &port.to_string(), "--websocket-port", "0"]),
        };
        let child = command
            .stdin(Stdio::null())
            .stdout(file)
            .stderr(second)
            .spawn()
            .with(|| format!("starting {name}"))?;
        let mut driver = Self {
            kind,
            child,
            port,
            log,
        };
        driver.wait_until_listening()?;
        Ok(driver)
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Where its output goes; Firefox's console goes there too.
    pub(crate) fn log(&self) -> &Path {
        &self.log
    }

    fn wait_until_listening(&mut self) -> Result<()> {
        let started = Instant::now();
        let name = self.kind.program();
        while started.elapsed() < START {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                let said = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(Error::new(format!("{name} ended at once ({status}): {said}")));
            }
            thread::sleep(Duration::from_millis(50));
        }
        Err(Error::new(format!(
            "{name} did not listen on port {} within {} s",
            self.port,
            START.as_secs()
        )))
    }

    /// Asks the driver to end itself and its browsers.
    fn ask_to_end(&self) -> std::io::Result<()> {
        match self.kind {
            Kind::Chromium => {
                let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port))?;
                stream.set_read_timeout(Some(Duration::from_secs(5)))?;
                write!(
                    stream,
                    "GET /shutdown HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n\r\n",
                    self.port
                )?;
                stream.read_to_end(&mut Vec::new()).map(drop)
            }
            // On this signal geckodriver takes its browser with it.
            Kind::Firefox => Command::new("kill")
                .args(["-TERM", &self.child.id().to_string()])
                .status()
                .map(drop),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Whatever fails here, the kill below ends the driver itself.
        let _ = self.ask_to_end();
        let asked = Instant::now();
        while asked.elapsed() < Duration::from_secs(5) {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Kind {
    /// The driver's program.
    pub(crate) fn program(self) -> &'static str {
        match self {
            Self::Chromium => "chromedriver",
            Self::Firefox => "geckodriver",
        }
    }
}

/// A port that nobody listens on at this moment.
fn free_port() -> Result<u16> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .and_then(|listener| listener.local_addr())
        .map(|address| address.port())
        .with(|| "looking for a free port".to_owned())
}
