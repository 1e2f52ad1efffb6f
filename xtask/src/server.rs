//! A static server for the built site, reachable from this machine only.

use std::fs::File;
use std::io::{self, Read};
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tiny_http::{Header, Method, Request, Response, Server, StatusCode};

use crate::error::{Context, Error, Result};

/// Browsers open up to six connections at once.
const THREADS: usize = 6;

/// Takes a port of this machine; 0 takes any free one.
///
/// # Errors
/// When the port is taken, with the option that chooses another.
pub(crate) fn bind(port: u16) -> Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => Error::new(format!(
            "port {port} is taken; choose another with --port {}",
            port.checked_add(1).unwrap_or(8080)
        )),
        _ => Error::new(format!("port {port} cannot be used: {error}")),
    })
}

/// A running server. It ends with the program.
pub(crate) struct Site {
    port: u16,
    threads: Vec<JoinHandle<()>>,
}

impl Site {
    /// The port that it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Serves until the program is stopped.
    pub(crate) fn wait(self) {
        for thread in self.threads {
            // A thread that panicked has said so; the others go on.
            let _ = thread.join();
        }
    }
}

/// Serves the files of a folder.
///
/// # Errors
/// When the folder holds no `index.html`, or the listener cannot be used.
pub(crate) fn start(folder: &Path, listener: TcpListener) -> Result<Site> {
    let root = folder
        .canonicalize()
        .with(|| format!("{} does not exist", folder.display()))?;
    if !root.join("index.html").is_file() {
        return Err(Error::new(format!("{} holds no index.html", root.display())));
    }
    let port = listener
        .local_addr()
        .with(|| "the listener's address".to_owned())?
        .port();
    let server = Server::from_listener(listener, None).with(|| "starting the server".to_owned())?;
    let server = Arc::new(server);
    let root: Arc<Path> = root.into();
    let threads = (0..THREADS)
        .map(|_| {
            let (server, root) = (Arc::clone(&server), Arc::clone(&root));
            thread::spawn(move || {
                for request in server.incoming_requests() {
                    // A browser that went away in the middle of an answer is no concern of ours.
                    let _ = answer(&root, request);
                }
            })
        })
        .collect();
    Ok(Site { port, threads })
}

fn answer(root: &Path, request: Request) -> io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        let reply = with(plain(405, "only GET and HEAD"), "Allow", "GET, HEAD");
        return request.respond(reply);
    }
    match find(root, request.url()) {
        Found::File(path) => match File::open(&path) {
            Ok(file) => request.respond(of_file(&path, file)),
            Err(_) => request.respond(plain(404, "not found")),
        },
        Found::Folder(location) => {
            let reply = with(plain(301, "the folder's page"), "Location", &location);
            request.respond(reply)
        }
        Found::Nothing => request.respond(plain(404, "not found")),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    File(PathBuf),
    /// A folder asked for without its final slash, which relative links need.
    Folder(String),
    Nothing,
}

/// The file that a request's address names, never one outside `root`.
fn find(root: &Path, url: &str) -> Found {
    let address = url.split(['?', '#']).next().unwrap_or_default();
    let Some(decoded) = percent_decode(address) else {
        return Found::Nothing;
    };
    let mut path = root.to_owned();
    for part in decoded.split('/').filter(|part| !part.is_empty()) {
        // Also refuses `..` and Trunk's working folder `.stage`.
        if part.starts_with('.') || part.contains(['\\', ':', '\0']) {
            return Found::Nothing;
        }
        path.push(part);
    }
    if path.is_dir() {
        if !decoded.ends_with('/') {
            // One leading slash: `//name` would be another host's address.
            return Found::Folder(format!("/{}/", address.trim_matches('/')));
        }
        path.push("index.html");
    }
    match path.canonicalize() {
        Ok(real) if real.starts_with(root) && real.is_file() => Found::File(real),
        _ => Found::Nothing,
    }
}

/// `None` for what is not UTF-8, or a broken escape.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let high = char::from(rest.next()?).to_digit(16)?;
            let low = char::from(rest.next()?).to_digit(16)?;
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

fn of_file(path: &Path, file: File) -> Response<File> {
    let caching = if is_hashed(path) {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    };
    // With the length in front, browsers can tell how far a download is.
    let response = Response::from_file(file).with_chunked_threshold(usize::MAX);
    let response = with(response, "Content-Type", content_type(path));
    let response = with(response, "Cache-Control", caching);
    with(response, "X-Content-Type-Options", "nosniff")
}

fn plain(status: u16, text: &str) -> Response<impl Read + use<>> {
    let response = Response::from_string(text).with_status_code(StatusCode(status));
    with(response, "Cache-Control", "no-cache")
}

/// Adds a header; one that is not ASCII, which none of ours is, would be left out.
fn with<R: Read>(response: Response<R>, name: &str, value: &str) -> Response<R> {
    match Header::from_bytes(name, value) {
        Ok(header) => response.with_header(header),
        Err(()) => response,
    }
}

/// Whether a file's name carries a hash of its content: `xuedang-3f2a90c1b7d4e6aa_bg.wasm`.
fn is_hashed(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split(['-', '_', '.']).any(|part| {
        part.len() >= 12
            && part.bytes().all(|byte| byte.is_ascii_hexdigit())
            && part.bytes().any(|byte| byte.is_ascii_digit())
    })
}

fn content_type(path: &Path) -> &'static str {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match &*extension.to_ascii_lowercase() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "txt" | "md" | "toml" => "text/plain; charset=utf-8",
        "csv" => "text/csv; charset=utf-8",
        "pdf" => "application/pdf",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;
    use std::net::TcpStream;

    use super::*;

    type Outcome = std::result::Result<(), Box<dyn std::error::Error>>;

    /// A site in a folder of its own, and a file outside that must stay secret.
    fn site(name: &str) -> std::result::Result<PathBuf, Box<dyn std::error::Error>> {
        let folder = std::env::temp_dir().join(format!("xtask-{name}-{}", std::process::id()));
        let root = folder.join("dist");
        fs::create_dir_all(root.join("lessons"))?;
        fs::create_dir_all(root.join(".stage"))?;
        fs::write(folder.join("secret"), "secret")?;
        fs::write(root.join(".stage/index.html"), "half")?;
        fs::write(root.join("index.html"), "<title>学档</title>")?;
        fs::write(root.join("lessons/index.html"), "lessons")?;
        fs::write(root.join("lessons/党章.html"), "lesson")?;
        fs::write(root.join("xuedang-3f2a90c1b7d4e6aa_bg.wasm"), [0, b'a'])?;
        Ok(root.canonicalize()?)
    }

    #[test]
    fn nothing_outside_the_site_is_found() -> Outcome {
        let root = site("traversal")?;
        for url in [
            "/../secret",
            "/lessons/../../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/..%5csecret",
            "/.stage/index.html",
            "/%00",
            "/%zz",
            "/%ff",
            "/missing",
        ] {
            assert_eq!(find(&root, url), Found::Nothing, "{url}");
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(root.join("../secret"), root.join("link"))?;
            assert_eq!(find(&root, "/link"), Found::Nothing);
        }
        assert_eq!(find(&root, "/?x=1#/a"), Found::File(root.join("index.html")));
        assert_eq!(
            find(&root, "/lessons/%E5%85%9A%E7%AB%A0.html"),
            Found::File(root.join("lessons/党章.html"))
        );
        assert_eq!(find(&root, "//lessons"), Found::Folder("/lessons/".into()));
        fs::remove_dir_all(root.join(".."))?;
        Ok(())
    }

    #[test]
    fn answers_carry_type_and_caching() -> Outcome {
        let root = site("answers")?;
        let site = start(&root, bind(0)?)?;
        let ask = |line: &str| -> std::result::Result<String, Box<dyn std::error::Error>> {
            let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, site.port()))?;
            write!(stream, "{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        let page = ask("GET /")?;
        assert!(page.starts_with("HTTP/1.1 200"), "{page}");
        assert!(page.contains("text/html") && page.contains("no-cache"), "{page}");
        assert!(page.ends_with("<title>学档</title>"), "{page}");
        let wasm = ask("HEAD /xuedang-3f2a90c1b7d4e6aa_bg.wasm")?;
        assert!(
            wasm.contains("application/wasm") && wasm.contains("immutable"),
            "{wasm}"
        );
        assert!(wasm.ends_with("\r\n\r\n"), "a body after HEAD: {wasm}");
        assert!(ask("GET /lessons")?.contains("Location: /lessons/\r\n"));
        assert!(ask("GET /nothing")?.starts_with("HTTP/1.1 404"));
        assert!(ask("POST /")?.starts_with("HTTP/1.1 405"));
        fs::remove_dir_all(root.join(".."))?;
        Ok(())
    }

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for (name, hashed) in [
            ("xuedang-3f2a90c1b7d4e6aa_bg.wasm", true),
            ("tokens-1400bc4a01792cba.css", true),
            ("lesson-dangzhang-nature-f9432828f34e.html", true),
            ("dangzhang-nature.html", false),
            ("index.html", false),
            ("icon.svg", false),
            ("facade-20260701.css", false),
        ] {
            assert_eq!(is_hashed(Path::new(name)), hashed, "{name}");
        }
    }

    #[test]
    fn a_taken_port_is_told_with_the_way_out() -> Outcome {
        let taken = bind(0)?;
        let port = taken.local_addr()?.port();
        let error = bind(port).err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("--port")));
        Ok(())
    }
}
