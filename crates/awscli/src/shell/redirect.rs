//! Output into files and input out of them.

use std::sync::Arc;

use sim::Observer;

use super::execute::{Flow, Printed, Session};
use super::syntax::{BOTH_STREAMS, Part, Redirect, RedirectKind};
use super::tools::{self, Input};

impl<O: Observer> Session<'_, '_, O> {
    pub(super) fn part(&mut self, part: &Part, input: &mut Input, out: &mut Printed) -> Flow {
        if part.redirects.is_empty() {
            return self.command(&part.command, input, out);
        }
        let mut own_input = None;
        let routes = match self.routes(&part.redirects, &mut own_input) {
            Ok(routes) => routes,
            Err(problem) => {
                out.stderr.push_str(&std::mem::take(&mut self.aside));
                out.stderr.push_str(&problem);
                self.status = 1;
                return Flow::Next;
            }
        };
        let mut printed = Printed::default();
        let flow = self.command(&part.command, own_input.as_mut().unwrap_or(input), &mut printed);
        for (route, text) in routes.into_iter().zip([printed.stdout, printed.stderr.into_bytes()]) {
            match route {
                Route::Out => out.stdout.extend(text),
                Route::Err => out.stderr.push_str(&String::from_utf8_lossy(&text)),
                Route::Nowhere => {}
                Route::File(path) => {
                    let mut content = self.home.file(&path).map_or_else(Vec::new, |content| content.to_vec());
                    content.extend(text);
                    self.write(&path, content, out);
                }
            }
        }
        flow
    }

    fn write(&mut self, path: &str, content: Vec<u8>, out: &mut Printed) {
        if let Err(refusal) = self.home.write_file(path, Some(Arc::from(content))) {
            out.stderr.push_str(&format!("sandbox: {path}: {}\n", refusal.reason()));
            self.status = 1;
        }
    }

    /// Where the output and the errors go.
    fn routes(
        &mut self,
        redirects: &[Redirect],
        own_input: &mut Option<Input>,
    ) -> Result<[Route; 2], String> {
        let mut routes = [Route::Out, Route::Err];
        for redirect in redirects {
            let target = self.text(&redirect.target.pieces);
            let path = tools::path(&target);
            match redirect.kind {
                RedirectKind::Text => {
                    // A here-string ends with a newline, a here-document has its own.
                    let newline = if target.ends_with('\n') || target.is_empty() { "" } else { "\n" };
                    *own_input = Some(Input::new(format!("{target}{newline}").into_bytes()));
                }
                RedirectKind::Read if target == "/dev/null" => *own_input = Some(Input::default()),
                RedirectKind::Read => match self.home.file(&path) {
                    Some(content) => *own_input = Some(Input::new(content.to_vec())),
                    None => return Err(format!("{target}: No such file or directory\n")),
                },
                RedirectKind::Same => {
                    let same = routes[usize::from(target == "2")].clone();
                    routes[usize::from(redirect.stream == 2)] = same;
                }
                RedirectKind::Write | RedirectKind::Append => {
                    let route = match target.as_str() {
                        "/dev/null" => Route::Nowhere,
                        "/dev/stderr" => Route::Err,
                        "/dev/stdout" => Route::Out,
                        _ if path.is_empty() => return Err(format!("{target}: No such file or directory\n")),
                        _ => {
                            let is_new = self.home.file(&path).is_none();
                            if redirect.kind == RedirectKind::Write || is_new {
                                let refused = self.home.write_file(&path, Some(Arc::from(Vec::new())));
                                refused
                                    .map_err(|refusal| format!("sandbox: {path}: {}\n", refusal.reason()))?;
                            }
                            Route::File(path.clone())
                        }
                    };
                    for (place, own) in routes.iter_mut().enumerate() {
                        if redirect.stream == BOTH_STREAMS || usize::from(redirect.stream) == place + 1 {
                            *own = route.clone();
                        }
                    }
                }
            }
        }
        Ok(routes)
    }
}

/// Where an output goes.
#[derive(Clone)]
enum Route {
    Out,
    Err,
    Nowhere,
    File(String),
}
