//! What can be set up around a stream: each as a line of the command line that one can look at, change and run.

use yew::prelude::*;

use super::troubles::Troubles;
use crate::app::{Msg, Send};
use crate::scene::Picture;
use crate::selection::Making;
use crate::words::tr;

#[derive(Properties, PartialEq)]
pub(crate) struct BuildProps {
    pub picture: Picture,
    pub send: Send,
}

/// Something that can be set up: its name, what it does, and its line; `STREAM` stands for the stream that is shown.
struct Piece {
    group: &'static str,
    name: &'static str,
    does: &'static str,
    line: &'static str,
}

const fn piece(group: &'static str, name: &'static str, does: &'static str, line: &'static str) -> Piece {
    Piece { group, name, does, line }
}

const GROUPS: [&str; 4] = ["Before the stream", "The stream", "Behind the stream", "Around it"];

/// The lines of forms are filled in by the form.
const PIECES: &[Piece] = &[
    piece(
        "Before the stream",
        "Producer",
        "A program that puts records, with retries or without",
        "producer",
    ),
    piece(
        "Before the stream",
        "Ordered producer",
        "One record of a key at a time, so that retries keep the order",
        "sandbox producer start ordered --stream STREAM --rate 20 --ordering per-key --retry backoff",
    ),
    piece(
        "Before the stream",
        "Bursts",
        "Traffic that comes in bursts, as users do",
        "sandbox producer start bursts --stream STREAM --rate 200 --traffic burst:10:5:60",
    ),
    piece(
        "Before the stream",
        "Web activity",
        "Events of a web shop, with sessions as keys",
        "sandbox producer start shop --stream STREAM --rate 50 --workload web-activity",
    ),
    piece(
        "The stream",
        "Split a shard",
        "Two children take the place of one shard",
        "aws kinesis split-shard --stream-name STREAM --shard-to-split shardId-000000000000 --new-starting-hash-key 85070591730234615865843651857942052864",
    ),
    piece(
        "The stream",
        "Double the shards",
        "Rounds of splits, by the service",
        "aws kinesis update-shard-count --stream-name STREAM --target-shard-count 4 --scaling-type UNIFORM_SCALING",
    ),
    piece(
        "The stream",
        "On-demand mode",
        "The service scales by itself",
        "aws kinesis update-stream-mode --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/STREAM --stream-mode-details StreamMode=ON_DEMAND",
    ),
    piece(
        "The stream",
        "Keep for a week",
        "A longer retention period",
        "aws kinesis increase-stream-retention-period --stream-name STREAM --retention-period-hours 168",
    ),
    piece(
        "The stream",
        "Encrypt",
        "New records are encrypted with a KMS key",
        "aws kinesis start-stream-encryption --stream-name STREAM --encryption-type KMS --key-id alias/aws/kinesis",
    ),
    piece(
        "The stream",
        "Shard-level metrics",
        "Points of each shard in CloudWatch, which cost",
        "aws kinesis enable-enhanced-monitoring --stream-name STREAM --shard-level-metrics ALL",
    ),
    piece("Behind the stream", "Reader", "A program that polls GetRecords", "reader"),
    piece(
        "Behind the stream",
        "Fan-out consumer",
        "Registered, with 2 MB/s of each shard for itself",
        "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/STREAM --consumer-name fraud",
    ),
    piece(
        "Behind the stream",
        "Fan-out reader",
        "A program that subscribes as the consumer",
        "sandbox reader start fraud --stream STREAM --consumer fraud",
    ),
    piece("Behind the stream", "KCL application", "Workers that share the shards by leases", "application"),
    piece("Around it", "S3 bucket", "A place for what is written out", "sandbox bucket create archive"),
    piece(
        "Around it",
        "KMS key out of use",
        "What was encrypted with it cannot be read",
        "sandbox key set alias/aws/kinesis --state disabled",
    ),
];

#[component]
pub(crate) fn BuildPage(props: &BuildProps) -> Html {
    let stream = props.picture.stream().map_or_else(|| "clicks".to_owned(), |stream| stream.name.clone());
    let groups = GROUPS.into_iter().map(|group| {
        let pieces = PIECES.iter().filter(|piece| piece.group == group).map(|piece| {
            let msg = compose(piece.line, &stream);
            let send = props.send.clone();
            let on_click = Callback::from(move |_: MouseEvent| send.emit(msg()));
            html! {
                <li key={piece.name}>
                    <button type="button" class="piece" onclick={on_click}>
                        <b>{ piece.name }</b><small>{ piece.does }</small>
                    </button>
                </li>
            }
        });
        html! {
            <section key={group} class="pieces" aria-label={tr(group)}>
                <h3>{ tr(group) }</h3>
                <ul>{ for pieces }</ul>
            </section>
        }
    });
    html! {
        <div class="build-page">
            <p class="hint">{ tr("Each of these is a command line: it comes to the prompt, to look at, to change and to run.") }</p>
            <div class="piece-groups">{ for groups }</div>
            <Troubles picture={props.picture.clone()} send={props.send.clone()} />
        </div>
    }
}

/// The form where there is one, else the line to the prompt.
fn compose(line: &'static str, stream: &str) -> impl Fn() -> Msg + 'static {
    let text = line.replace("STREAM", stream);
    move || match line {
        "producer" => Msg::Make(Making::Producer),
        "reader" => Msg::Make(Making::Reader),
        "application" => Msg::Make(Making::Application),
        _ => Msg::Compose(text.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_palette_can_be_read() {
        let forms = ["producer", "reader", "application"];
        for line in PIECES.iter().map(|piece| piece.line).filter(|line| !forms.contains(line)) {
            let line = line.replace("STREAM", "clicks");
            let read = awscli::parse(&line);
            assert!(read.is_ok(), "{line}: {read:?}");
        }
    }
}
