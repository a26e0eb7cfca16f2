//! `cargo xtask serve`: builds the page, serves it on this machine only, and rebuilds it when a source changes.

use std::collections::BTreeMap;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::project;
use crate::site::{Mode, build_site};
use crate::toolchain::WasmToolchain;

/// The ports that are tried, in order, when none is asked for.
const PORTS: std::ops::Range<u16> = 8080..8100;

/// How often the sources are looked at. Polling sees changes on every kind of file system, also on those that
/// send no notices.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Builds and serves until the process is ended. It has a folder of its own, so that it and a release build
/// in `dist/` leave each other alone.
pub(crate) fn serve(port: Option<u16>) -> Result<()> {
    let site = project::output_dir().join("serve");
    let server = listen(port)?;
    let toolchain = WasmToolchain::find()?;
    let mut built = Sources::look();
    build(&toolchain, &site);
    println!("\nThe sandbox is at http://{}/ (end with Ctrl-C)", server.server_addr());
    thread::spawn({
        let site = site.clone();
        move || {
            for request in server.incoming_requests() {
                // A browser that has gone away is no concern of ours.
                let _ = answer(&site, request);
            }
        }
    });
    loop {
        thread::sleep(LOOK_EVERY);
        let now = Sources::look();
        if now != built {
            built = now;
            build(&toolchain, &site);
        }
    }
}

/// Builds the site, or says what is wrong and leaves the last good one in its place.
fn build(toolchain: &WasmToolchain, site: &Path) {
    let start = Instant::now();
    match build_site(toolchain, Mode::Debug, site) {
        Ok(()) => println!("Built in {:.1} s", start.elapsed().as_secs_f64()),
        Err(error) if site.exists() => {
            eprintln!("error: {error:#}\nThe last page that could be built stays.")
        }
        Err(error) => eprintln!("error: {error:#}\nThere is no page to show until this is mended."),
    }
}

fn listen(port: Option<u16>) -> Result<Server> {
    let at = |port: u16| Server::http(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match port {
        Some(port) => at(port).map_err(|error| anyhow!("cannot listen on port {port}: {error}")),
        None => PORTS.clone().find_map(|port| at(port).ok()).ok_or_else(|| {
            anyhow!(
                "the ports from {} to {} are all taken: name a free one with --port",
                PORTS.start,
                PORTS.end - 1
            )
        }),
    }
}

fn answer(site: &Path, request: Request) -> Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return Ok(request.respond(Response::empty(405))?);
    }
    let Some((file, bytes)) = find(site, request.url()) else {
        return Ok(request.respond(Response::from_string("There is no such file.").with_status_code(404))?);
    };
    let mut response = Response::from_data(bytes).with_chunked_threshold(usize::MAX);
    let mut set = |name: &str, value: &str| {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    };
    set("Content-Type", mime_type(&file));
    set("Cache-Control", "no-store");
    set("X-Content-Type-Options", "nosniff");
    if let Some(policy) = policy(site) {
        set("Content-Security-Policy", &policy);
    }
    Ok(request.respond(response)?)
}

/// The file of the site that an address names, if there is one.
fn find(site: &Path, url: &str) -> Option<(PathBuf, Vec<u8>)> {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let mut file = site.to_owned();
    for name in path.split('/').filter(|name| !name.is_empty()) {
        // Names of our files need no escapes, and nothing above or beside the site is anybody's business.
        if name.starts_with('.') || name.contains(['\\', '%', ':']) {
            return None;
        }
        file.push(name);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    let bytes = fs::read(&file).ok()?;
    Some((file, bytes))
}

/// The policy that the page states for itself, to be sent as a header too: one text, in `index.html`.
fn policy(site: &Path) -> Option<String> {
    let page = fs::read_to_string(site.join("index.html")).ok()?;
    let (_, rest) = page.split_once("http-equiv=\"Content-Security-Policy\" content=\"")?;
    rest.split_once('"').map(|(policy, _)| policy.to_owned())
}

fn mime_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("wasm") => "application/wasm",
        Some("ts" | "md" | "txt" | "jsonl") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// When each file that the page is made of was last written.
#[derive(PartialEq, Eq)]
struct Sources(BTreeMap<PathBuf, SystemTime>);

impl Sources {
    fn look() -> Self {
        let mut times = BTreeMap::new();
        let mut open: Vec<PathBuf> = ["Cargo.toml", "Cargo.lock", "index.html", "crates", "web"]
            .map(|name| project::root().join(name))
            .into();
        while let Some(path) = open.pop() {
            // A file that goes away while we look is simply not there.
            let Ok(metadata) = fs::metadata(&path) else { continue };
            if metadata.is_file() {
                times.extend(metadata.modified().ok().map(|time| (path, time)));
                continue;
            }
            let entries = fs::read_dir(&path).into_iter().flatten().flatten();
            open.extend(
                entries
                    .filter(|entry| !is_ignored(&entry.file_name().to_string_lossy()))
                    .map(|entry| entry.path()),
            );
        }
        Self(times)
    }
}

/// Hidden files are editors' and tools' own.
fn is_ignored(name: &str) -> bool {
    name.starts_with('.') || name.ends_with('~') || name == "node_modules"
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::find;

    #[test]
    fn only_files_of_the_site_are_served() {
        let folder = crate::project::output_dir().join("xtask-tests/serve");
        let site = folder.join("site");
        fs::create_dir_all(site.join("pkg")).unwrap();
        fs::write(site.join("index.html"), "page").unwrap();
        fs::write(site.join("pkg/a.js"), "code").unwrap();
        fs::write(folder.join("secret"), "secret").unwrap();

        let text = |url: &str| find(&site, url).map(|(_, bytes)| String::from_utf8(bytes).unwrap());
        assert_eq!(text("/").as_deref(), Some("page"));
        assert_eq!(text("/?speed=1#x").as_deref(), Some("page"));
        assert_eq!(text("/pkg/a.js").as_deref(), Some("code"));
        assert_eq!(text("//pkg//a.js").as_deref(), Some("code"));
        for outside in
            ["/../secret", "/pkg/../../secret", "/%2e%2e/secret", "/..\\secret", "/pkg", "/nothing"]
        {
            assert_eq!(text(outside), None, "{outside}");
        }
    }
}
