//! Lines of commands to Amazon S3.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sim::S3Command;

use super::Text;

pub(super) fn render(command: &S3Command) -> String {
    match command {
        S3Command::CreateBucket { bucket } => Text::new("bucket create").place(bucket).finish(),
        S3Command::DeleteBucket { bucket } => Text::new("bucket delete").place(bucket).finish(),
        S3Command::PutObject { bucket, key, content } => {
            let (verb, text) = match std::str::from_utf8(content) {
                Ok(text) => ("object put", text.to_owned()),
                Err(_) => ("object decode", BASE64.encode(content)),
            };
            Text::new(verb).place(bucket).place(key).place(&text).finish()
        }
        S3Command::DeleteObject { bucket, key } => {
            Text::new("object delete").place(bucket).place(key).finish()
        }
    }
}
