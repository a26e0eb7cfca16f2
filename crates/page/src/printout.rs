//! What a lab sheet shows besides the task: the world as it stands, and a code that leads to the exercise.

use std::rc::Rc;

use qrcodegen::{QrCode, QrCodeEcc};

use crate::scene::Picture;

/// A lab sheet as it was asked for.
#[derive(Clone, PartialEq)]
pub(crate) struct Printout {
    /// The exercise's id.
    pub id: &'static str,
    pub picture: Picture,
    /// None where the host makes no links, and for an exercise that is not of the course.
    pub code: Option<Result<Code, NoCode>>,
}

/// An address with its QR code.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Code {
    pub address: Rc<str>,
    /// Modules in a row, without the quiet zone.
    pub size: i32,
    /// The dark modules, as the path of an SVG.
    pub path: Rc<str>,
}

/// Why there is no code.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum NoCode {
    /// The page was opened from a file.
    File,
    /// The page's address is good on this computer only.
    Loopback,
}

impl Code {
    /// The code of an exercise on the page at `address`, whatever that has behind it by now.
    pub(crate) fn of(address: &str, exercise: &str) -> Result<Code, NoCode> {
        let page = address.split(['#', '?']).next().unwrap_or_default();
        let Some((_, rest)) = page.split_once("://").filter(|(scheme, _)| scheme.starts_with("http")) else {
            return Err(NoCode::File);
        };
        let host = rest.split('/').next().unwrap_or_default();
        let is_near = ["localhost", "127.", "[::1]", "0.0.0.0"].iter().any(|near| host.starts_with(near));
        if is_near { Err(NoCode::Loopback) } else { Code::encode(&[page, "#exercise=", exercise].concat()) }
    }

    /// The middle level of correction: paper gets creases, and the code stays small.
    fn encode(address: &str) -> Result<Code, NoCode> {
        // What is too long for a code is no address that anybody else knows.
        let code = QrCode::encode_text(address, QrCodeEcc::Medium).map_err(|_| NoCode::File)?;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                for part in ["M", &x.to_string(), " ", &y.to_string(), "h1v1h-1z"] {
                    path.push_str(part);
                }
            }
        }
        Ok(Code { address: address.into(), size: code.size(), path: path.into() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a reader that somebody else wrote finds in the path, drawn with four dots a module and a quiet zone.
    fn read_back(code: &Code) -> String {
        const DOTS: usize = 4;
        const QUIET: usize = 4;
        let dark: std::collections::BTreeSet<(usize, usize)> = code
            .path
            .split_terminator("h1v1h-1z")
            .map(|place| {
                let (x, y) = place.strip_prefix('M').unwrap().split_once(' ').unwrap();
                (x.parse().unwrap(), y.parse().unwrap())
            })
            .collect();
        let side = (code.size as usize + 2 * QUIET) * DOTS;
        let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| {
            let module = |dot: usize| (dot / DOTS).checked_sub(QUIET);
            let is_dark = module(x).zip(module(y)).is_some_and(|place| dark.contains(&place));
            if is_dark { 0 } else { 255 }
        });
        let found = image.detect_grids();
        assert_eq!(found.len(), 1);
        found[0].decode().unwrap().1
    }

    #[test]
    fn a_code_says_the_address_of_the_exercise() {
        let address = "https://example.org/learn/kinesis/index.html?theme=dark#s1.abc";
        let code = Code::of(address, "E10.4").unwrap();
        assert_eq!(&*code.address, "https://example.org/learn/kinesis/index.html#exercise=E10.4");
        assert_eq!(read_back(&code), &*code.address);
        let long = format!("https://example.org/{}/", "a-rather-long-folder/".repeat(20));
        let code = Code::of(&long, "C1").unwrap();
        assert_eq!(read_back(&code), &*code.address);
    }

    #[test]
    fn what_nobody_else_can_open_gets_no_code() {
        for (address, why) in [
            ("file:///kinesis-sandbox.html", NoCode::File),
            ("about:blank", NoCode::File),
            ("http://localhost:8080/", NoCode::Loopback),
            ("http://127.0.0.1:4000/some/sub/path/", NoCode::Loopback),
            ("http://[::1]/", NoCode::Loopback),
        ] {
            assert_eq!(Code::of(address, "E1.1"), Err(why), "{address}");
        }
    }
}
