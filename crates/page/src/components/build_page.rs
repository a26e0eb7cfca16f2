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

/// Something that can be set up: its name, what it does, and its lines. `STREAM` and `ARN` stand for the stream that is
/// shown; a line that makes what is there already is left out.
struct Piece {
    group: &'static str,
    name: &'static str,
    does: &'static str,
    lines: Lines,
}

/// What a piece brings to the learner: a form where there is one, else lines to the prompt.
#[derive(Clone, Copy)]
enum Lines {
    Form(Making),
    Typed(&'static str),
}

const BEFORE: &str = "Before the stream";
const STREAM: &str = "The stream";
const BEHIND: &str = "Behind the stream";
const AROUND: &str = "Around it";
const GROUPS: [&str; 4] = [BEFORE, STREAM, BEHIND, AROUND];

macro_rules! pieces {
    ($( $group:ident $name:literal $does:literal $lines:expr; )*) => {
        const PIECES: &[Piece] = &[ $( Piece { group: $group, name: $name, does: $does, lines: $lines }, )* ];
    };
}

use Lines::{Form, Typed};

pieces! {
    BEFORE "Producer" "A program that puts records with the AWS SDK, with retries or without"
        Form(Making::Producer);
    BEFORE "KPL producer" "The Kinesis Producer Library: packs user records into one Kinesis record, and gathers for 100 ms"
        Typed("sandbox kpl start packed --stream STREAM --rate 500 --size 100");
    BEFORE "Kinesis Agent" "A server with the log of a web server, and the agent that sends its lines"
        Typed("sandbox agent start web-1 --stream STREAM --format common-apache-log --rate 20");
    BEFORE "Ordered producer" "One record of a key at a time, so that retries keep the order"
        Typed("sandbox producer start ordered --stream STREAM --rate 20 --ordering per-key --retry backoff");
    BEFORE "Bursts" "Traffic that comes in bursts, as users do"
        Typed("sandbox producer start bursts --stream STREAM --rate 200 --traffic burst:10:5:60");
    BEFORE "Web activity" "Events of a web shop, with sessions as keys"
        Typed("sandbox producer start shop --stream STREAM --rate 50 --workload web-activity");
    BEFORE "DMS task" "Rows of a table become records: a file in S3, and the task that reads it"
        Typed("sandbox bucket create tables\nsandbox object put tables shop/orders/LOAD001.csv '1,ana,20'\nsandbox dms create move --bucket tables --stream STREAM --external-table-definition '{\"TableCount\":\"1\",\"Tables\":[{\"TableName\":\"orders\",\"TablePath\":\"shop/orders/\",\"TableOwner\":\"shop\",\"TableColumns\":[{\"ColumnName\":\"id\",\"ColumnType\":\"INT32\",\"ColumnNullable\":\"false\",\"ColumnIsPk\":\"true\"},{\"ColumnName\":\"who\",\"ColumnType\":\"STRING\"},{\"ColumnName\":\"amount\",\"ColumnType\":\"INT32\"}]}]}'");
    STREAM "New stream" "Provisioned shards, or on demand"
        Form(Making::Stream);
    STREAM "Split a shard" "Two children take the place of one shard"
        Typed("aws kinesis split-shard --stream-name STREAM --shard-to-split shardId-000000000000 --new-starting-hash-key 85070591730234615865843651857942052864");
    STREAM "Double the shards" "Rounds of splits, by the service"
        Typed("aws kinesis update-shard-count --stream-name STREAM --target-shard-count 4 --scaling-type UNIFORM_SCALING");
    STREAM "On-demand mode" "The service scales by itself"
        Typed("aws kinesis update-stream-mode --stream-arn ARN --stream-mode-details StreamMode=ON_DEMAND");
    STREAM "Keep for a week" "A longer retention period"
        Typed("aws kinesis increase-stream-retention-period --stream-name STREAM --retention-period-hours 168");
    STREAM "Encrypt" "New records are encrypted with a KMS key"
        Typed("aws kinesis start-stream-encryption --stream-name STREAM --encryption-type KMS --key-id alias/aws/kinesis");
    STREAM "Shard-level metrics" "Points of each shard in CloudWatch, which cost"
        Typed("aws kinesis enable-enhanced-monitoring --stream-name STREAM --shard-level-metrics ALL");
    BEHIND "Reader" "A program that polls GetRecords, out of a limit that all pollers of a shard share"
        Form(Making::Reader);
    BEHIND "Fan-out consumer" "Registered, with 2 MB/s of each shard for itself; ACTIVE after some seconds"
        Typed("aws kinesis register-stream-consumer --stream-arn ARN --consumer-name fraud");
    BEHIND "Fan-out reader" "A program that subscribes as the consumer fraud and is pushed to"
        Typed("sandbox reader start fraud --stream STREAM --consumer fraud");
    BEHIND "KCL application" "Workers that share the shards by leases in DynamoDB"
        Form(Making::Application);
    BEHIND "KCL by fan-out" "A KCL application that is pushed to, with its own 2 MB/s of each shard"
        Typed("sandbox kcl start fast --stream STREAM --workers 1 --retrieval-mode fanout");
    BEHIND "Lambda function" "A function, and the event source mapping that invokes it with batches of records"
        Typed("sandbox function create agg --count-by partition-key\nsandbox mapping create agg --event-source-arn ARN --from LATEST --batch-size 100");
    BEHIND "Lambda with a failure queue" "A batch that fails is tried twice and cut in two; then an SQS queue is told, and the shard goes on"
        Typed("sandbox function create careful --count-by partition-key\nsandbox mapping create careful --event-source-arn ARN --from LATEST --bisect-batch-on-function-error true --maximum-retry-attempts 2 --on-failure arn:aws:sqs:us-east-1:123456789012:failures");
    BEHIND "Data Firehose to S3" "Gathers records by size or time, and writes them as objects to a bucket"
        Typed("sandbox bucket create archive\nsandbox firehose create to-s3 --kinesis-stream-arn ARN --bucket archive --interval-in-seconds 60");
    BEHIND "Flink application" "Counts by key in windows, with watermarks and checkpoints"
        Typed("sandbox flink create totals --stream STREAM --window 1m");
    AROUND "S3 bucket" "A place for what is written out"
        Typed("sandbox bucket create archive");
    AROUND "Firehose without a stream" "Programs put records to Firehose directly: nobody else can read or replay them"
        Typed("sandbox bucket create archive\nsandbox firehose create direct --bucket archive --interval-in-seconds 60");
    AROUND "CloudTrail data events" "Who put and read records, for each call, which costs"
        Typed("sandbox trail data-events all");
    AROUND "Alarm" "CloudWatch watches for refused writes, a minute at a time"
        Typed("aws cloudwatch put-metric-alarm --alarm-name refused --namespace AWS/Kinesis --metric-name WriteProvisionedThroughputExceeded --dimensions Name=StreamName,Value=STREAM --statistic Sum --period 60 --evaluation-periods 1 --threshold 0 --comparison-operator GreaterThanThreshold");
    AROUND "Role with a policy" "A role in IAM that may do what a producer does, and nothing else"
        Typed("sandbox identity create role/writer\nsandbox policy set role/writer own --document \"$(sandbox policy show producer --stream STREAM)\"");
    AROUND "VPC endpoint" "A way to Kinesis for programs in a private subnet"
        Typed("sandbox endpoint set kinesis-streams");
    AROUND "Capacity of a lease table" "Provisioned units in DynamoDB, which a KCL application can use up"
        Typed("sandbox kcl capacity billing-app --read-capacity-units 5 --write-capacity-units 1");
    AROUND "KMS key out of use" "What was encrypted with it cannot be read"
        Typed("sandbox key set alias/aws/kinesis --state disabled");
}

#[component]
pub(crate) fn BuildPage(props: &BuildProps) -> Html {
    let picture = &props.picture;
    let groups = GROUPS.into_iter().map(|group| {
        let pieces = PIECES.iter().filter(|piece| piece.group == group).map(|piece| {
            let (lines, picture) = (piece.lines, picture.clone());
            let on_click = props.send.reform(move |_: MouseEvent| match lines {
                Form(making) => Msg::Make(making),
                Typed(lines) => Msg::Compose(fill_in(lines, &picture)),
            });
            html! {
                <li key={piece.name}>
                    <button type="button" class="piece" onclick={on_click}>
                        <b>{ tr(piece.name) }</b><small>{ tr(piece.does) }</small>
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

/// The lines for the stream that is shown, without those that make what is there already.
fn fill_in(lines: &str, picture: &Picture) -> String {
    let (stream, arn) = match picture.stream() {
        Some(stream) => (stream.name.as_str(), stream.arn.as_str()),
        None => ("clicks", "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"),
    };
    let view = &picture.view;
    let is_there = |line: &str| {
        let made = |verb: &str, has: &dyn Fn(&str) -> bool| {
            let rest = line.strip_prefix(verb);
            rest.and_then(|rest| rest.split(' ').next()).is_some_and(has)
        };
        made("sandbox bucket create ", &|name| view.buckets.iter().any(|bucket| bucket.name == name))
            || made("sandbox function create ", &|name| view.functions.iter().any(|it| it.name == name))
    };
    let wanted: Vec<&str> = lines.lines().filter(|line| !is_there(line)).collect();
    // Where all of it is there already, the line shows what made it.
    let lines = if wanted.is_empty() { lines.to_owned() } else { wanted.join("\n") };
    lines.replace("STREAM", stream).replace("ARN", arn)
}

#[cfg(test)]
mod tests {
    use awscli::Shell;
    use sim::SandboxOptions;

    use super::*;
    use crate::desk::first_world;

    #[test]
    fn every_piece_of_the_palette_can_be_set_up() {
        // What some pieces stand on.
        let before = |name: &str| match name {
            "Fan-out reader" => {
                "aws kinesis register-stream-consumer --stream-arn ARN --consumer-name fraud\nsleep 12"
            }
            "Capacity of a lease table" => "sandbox kcl start billing-app --stream STREAM\nsleep 12",
            _ => "",
        };
        for piece in PIECES {
            let Typed(lines) = piece.lines else { continue };
            let (mut shell, mut sandbox) = (Shell::default(), first_world(SandboxOptions::default()));
            for line in before(piece.name).lines().chain(lines.lines()) {
                let line = line
                    .replace("STREAM", "clicks")
                    .replace("ARN", "arn:aws:kinesis:us-east-1:123456789012:stream/clicks");
                let output = crate::language::run(&mut shell, &mut sandbox, &line, &mut |_| {});
                assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
            }
        }
    }
}
