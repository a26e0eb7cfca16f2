//! Random sessions over everything that can be asked of the sandbox, and what must hold of each: however one gets to an
//! instant, the world there is the same to the last bit.

use kinesis::Duration;
use sim::{Command, Sandbox, SandboxOptions};

use crate::dice::Dice;

/// A step of a session.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // A handful of steps in a test.
pub enum Step {
    Give(Command),
    Wait(Duration),
}

/// Lines with choices in brackets: one of the words between `[` and `]`, separated by `|`, is taken; `«` and `»` are
/// brackets of the line itself. New verbs get their line here.
const LINES: &[&str] = &[
    "aws kinesis create-stream --stream-name [orders|clicks] --shard-count [1|2|3]",
    "aws kinesis delete-stream --stream-name [orders|clicks] --enforce-consumer-deletion",
    "aws kinesis put-record --stream-name [orders|clicks] --partition-key [a|b|c] --data [eA==|aGVsbG8=]",
    "aws kinesis put-records --stream-name orders --records Data=eA==,PartitionKey=[a|b] Data=eQ==,PartitionKey=c",
    "aws kinesis split-shard --stream-name orders --shard-to-split shardId-00000000000[0|1|2] --new-starting-hash-key [100|170141183460469231731687303715884105728]",
    "aws kinesis merge-shards --stream-name orders --shard-to-merge shardId-00000000000[0|1] --adjacent-shard-to-merge shardId-00000000000[1|2]",
    "aws kinesis update-shard-count --stream-name orders --target-shard-count [1|2|4] --scaling-type UNIFORM_SCALING",
    "aws kinesis increase-stream-retention-period --stream-name orders --retention-period-hours [25|48]",
    "aws kinesis decrease-stream-retention-period --stream-name orders --retention-period-hours [24|30]",
    "aws kinesis register-stream-consumer --stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --consumer-name [fast|other]",
    "aws kinesis get-shard-iterator --stream-name orders --shard-id shardId-000000000000 --shard-iterator-type [LATEST|TRIM_HORIZON]",
    "aws kinesis start-stream-encryption --stream-name orders --encryption-type KMS --key-id alias/[aws/kinesis|own]",
    "aws kinesis list-shards --stream-name orders",
    "aws kinesis put-record --stream-name orders --partition-key k --data eA== --profile ana",
    "sandbox producer start [web|app] --stream [orders|clicks] --rate [2|10|60] --size [20|2000] --keys [uniform:50|zipf:20|hot:80:x|random] --call [single|batch] --retry [none|immediate|backoff] --attempts [2|5]",
    "sandbox producer change [web|app] --rate [1|30]",
    "sandbox producer change web --retry [none|backoff] --keys fixed:us,eu",
    "sandbox producer stop [web|app]",
    "sandbox agent start [web-1|web-2] --stream [orders|clicks] --format [app-log|syslog|csv] --rate [3|200] --rotate-size [4000|1000000] --keep [0|3]",
    "sandbox agent change web-1 --rate [1|50] --traffic [steady|burst:5:2:10]",
    "sandbox agent log web-1 --log /var/log/other.log --format common-apache-log",
    "sandbox agent stop [web-1|web-2]",
    "sandbox agent restart [web-1|web-2]",
    "sandbox fault [crash|pause] web-1 --for [3s|20s]",
    "sandbox fault loss --percent 60 --way [calls|answers] --program web-1 --for 10s",
    "sandbox kpl start clicks-kpl --stream [orders|clicks] --rate [5|60] --size [50|900] --record-max-buffered-time [100ms|1s] --aggregation-enabled [true|false] --rate-limit [100|150] --record-ttl [2s|5s] --fail-if-throttled [true|false]",
    "sandbox kpl change clicks-kpl --rate [5|60] --keys [hot:90:x|random]",
    "sandbox kpl stop clicks-kpl",
    "sandbox reader start slow --stream orders --limit [1|50] --interval [200ms|3s]",
    "sandbox reader start [audit|tail] --stream orders --from [TRIM_HORIZON|LATEST] --interval [200ms|1s]",
    "sandbox reader start pushed --stream orders --consumer fast --from TRIM_HORIZON",
    "sandbox reader stop [audit|tail|pushed]",
    "sandbox kcl start billing --stream orders --workers [1|2|3] --failover-time-millis [2000|10000] --checkpoint [1s|5s]",
    "sandbox kcl start fleet --stream orders --version 3 --workers [1|2|3] --retrieval-mode [polling|fanout] --failover-time-millis [2000|10000] --lease-assignment-interval-millis [1000|20000] --is-graceful-lease-handoff-enabled [true|false] --cpu-micros-per-record [0|2000|20000] --processing-rate [0|20]",
    "sandbox kcl change fleet --re-balance-threshold-percentage [0|10] --graceful-lease-handoff-timeout-millis [0|5000]",
    "sandbox kcl host fleet w[1|2|3] --vcpus [1|8] --other-load-percent [0|40|90]",
    "sandbox kcl [crash|pause|resume|restart|stop] fleet w[1|2|3]",
    "sandbox kcl add-worker fleet",
    "sandbox kcl delete-table fleet",
    "sandbox fault [crash|pause|partition] fleet/w[1|2] --for [5s|150s]",
    "sandbox kcl change billing --checkpoint [2s|20s]",
    "sandbox kcl add-worker billing",
    "sandbox kcl [crash|pause|resume|restart|stop] billing w[1|2|3]",
    "sandbox kcl delete-lease billing shardId-00000000000[0|1]",
    "sandbox kcl delete-table billing",
    "sandbox kcl capacity billing --read-capacity-units [1|20] --write-capacity-units [1|20]",
    r#"sandbox policy set [ana|role/writer] write --document '{"Statement":{"Effect":"[Allow|Deny]","Action":"kinesis:Put*","Resource":"*"}}'"#,
    "sandbox policy remove [ana|role/writer] write",
    "sandbox attach [web|app|audit|billing] --role writer",
    "sandbox attach [web|clicks-kpl|web-1|fleet|slow] --subnet [internet|public|private-nat|private]",
    "sandbox endpoint set [kinesis-streams|dynamodb|monitoring]",
    "sandbox endpoint delete [kinesis-streams|dynamodb]",
    "sandbox key set alias/own --state [enabled|disabled]",
    r#"sandbox key policy alias/own --document '{"Statement":{"Effect":"[Allow|Deny]","Principal":{"AWS":"*"},"Action":"kms:*","Resource":"*"}}'"#,
    "sandbox key policy alias/own",
    "sandbox function create totals --fails-when status=poison --fails-every [0|3] --count-by customer",
    "sandbox function update totals --takes [10ms|2s]",
    "sandbox function update totals --on-error [throw|report-all|report-first] --fails-every [2|5] --concurrency [1|3] --per-record [0s|5ms]",
    "sandbox function update totals --count-by partition-key --timeout [1|60] --drops-when status=spam",
    "sandbox function delete totals",
    "sandbox mapping create totals --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --batch-size [10|50]",
    "sandbox mapping create totals --event-source-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --parallelization-factor [2|10] --bisect-batch-on-function-error [true|false] --report-batch-item-failures true --maximum-retry-attempts [0|2] --tumbling-window-in-seconds [0|30] --on-failure arn:aws:sqs:us-east-1:123456789012:failed",
    "sandbox firehose create archive --kinesis-stream-arn arn:aws:kinesis:us-east-1:123456789012:stream/orders --bucket [raw|out] --size-in-mbs 1 --interval-in-seconds [0|60] --compression-format [UNCOMPRESSED|GZIP] --append-delimiter true",
    "sandbox firehose create direct --bucket out --transform totals --backup-bucket raw",
    r#"sandbox firehose put direct '«"aGVsbG8=","eyJhIjoxfQ=="»' --call [single|batch]"#,
    "sandbox firehose delete [archive|direct]",
    "sandbox flink create sums --stream orders --key [customer|partition-key] --window [5s|1m] --checkpoint-interval [5s|1m] --parallelism [1|2] --sink clicks",
    "sandbox flink [stop|start|fail|delete] sums",
    r#"sandbox dms create move --bucket raw --stream [orders|clicks] --migration-type [full-load|cdc|full-load-and-cdc] --cdc-path s/changes --external-table-definition '{"TableCount":"1","Tables":«{"TableName":"t","TablePath":"s/t/","TableOwner":"s","TableColumns":«{"ColumnName":"id","ColumnType":"INT8"},{"ColumnName":"name","ColumnType":"STRING","ColumnLength":"20"}»,"TableColumnsTotal":"2"}»}'"#,
    "sandbox dms [stop|delete] move",
    "sandbox dms start move --type [resume-processing|reload-target]",
    "sandbox object put raw s/t/LOAD0000000[1|2].csv '1,ana'",
    "sandbox object put raw s/changes/20260101-00000000[1|2].csv 'INSERT,t,s,2,bob'",
    "sandbox object decode raw in/a.bin /wA=",
    "sandbox fault [crash|pause] [clicks-kpl|slow] --for [3s|20s]",
    "sandbox fault latency --more 2s --program [clicks-kpl|fleet/w1] --for 20s",
    "sandbox fault [crash|pause|partition] billing/w[1|2] --for [5s|30s]",
    "sandbox fault [crash|pause] [web|audit]",
    "sandbox fault slow [web|audit|billing/w1] --factor [50|3000] --for 20s",
    "sandbox fault latency --more [50ms|3s] --for 30s",
    "sandbox fault loss --percent [10|100] --way [both|calls|answers] --for [5s|40s]",
    "sandbox fault loss --percent 50 --program [web|tail|billing/w2]",
    "sandbox fault clock [web|billing/w1] --[ahead|behind] [1m|20m]",
    "sandbox fault throttle orders",
    "sandbox fault poison orders --program billing --key [a|b]",
    "sandbox fault slow-sink [audit|billing/w1] --per-record [1ms|200ms] --for 30s",
    "sandbox fault slow totals --factor [2|2000] --for [5s|30s]",
    "sandbox fault slow-sink totals --per-record [1ms|100ms] --for 20s",
    "sandbox fault poison orders --program totals",
    "sandbox fault clear",
    "sandbox fault clear --of [web|orders|billing/w1]",
    "sandbox bucket create [raw|out]",
    "sandbox bucket delete [raw|out]",
    "sandbox object put raw in/[a|b].csv '1,ana'",
    "sandbox object delete raw in/a.csv",
    "sandbox alarm put late --metric-name GetRecords.IteratorAgeMilliseconds --dimensions StreamName=orders --statistic Maximum --threshold [1|60000]",
    "sandbox alarm delete late",
    "sandbox trail data-events all",
    "sandbox identity create role/[a|b]",
    "sandbox policy set role/a own --document '{\"Statement\":{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}}'",
    "sandbox identity delete role/[a|b]",
    "sandbox answer hot-shard shardId-000000000002",
    "sandbox file write a.json '{}'",
    "sandbox file remove a.json",
];

/// One of the lines, its choices made.
pub fn line(dice: &mut Dice) -> String {
    let mut text = String::new();
    let mut rest = dice.pick(LINES);
    while let Some((before, behind)) = rest.split_once('[') {
        let Some((choices, after)) = behind.split_once(']') else { break };
        let choices: Vec<&str> = choices.split('|').collect();
        text.push_str(before);
        text.push_str(dice.pick(&choices));
        rest = after;
    }
    (text + rest).replace('«', "[").replace('»', "]")
}

/// A session: a stream, and then up to twenty-five commands with time between them.
pub fn session(dice: &mut Dice) -> Vec<Step> {
    let first = "aws kinesis create-stream --stream-name orders --shard-count 2";
    let mut steps = vec![Step::Give(command(first)), Step::Wait(Duration::from_seconds(21))];
    for _ in 0..1 + dice.below(25) {
        let line = line(dice);
        steps.push(Step::Give(command(&line)));
        if dice.percent(60) {
            steps.push(Step::Wait(Duration::from_micros(1 + dice.below(8_000_000))));
        }
    }
    steps
}

/// # Panics
///
/// Where the line gives no command: the lines here are to be right.
fn command(line: &str) -> Command {
    let read = awscli::parse(line).unwrap_or_else(|error| panic!("{line}: {}", error.to_stderr()));
    read.command().unwrap_or_else(|| panic!("{line} gives no command"))
}

/// Plays a session; time comes in frames, each with a budget of events.
fn play_on(sandbox: &mut Sandbox, steps: &[Step], frame: Option<(Duration, u64)>) {
    for step in steps {
        match step {
            // A refused command is part of the session too.
            Step::Give(command) => drop(sandbox.submit(command.clone())),
            Step::Wait(span) => {
                let mut left = *span;
                while left > Duration::ZERO {
                    let (most, budget) = frame.map_or((left, None), |(frame, events)| (frame, Some(events)));
                    let part = left.min(most);
                    let mut rest = part;
                    while rest > Duration::ZERO {
                        rest = sandbox.advance(rest, budget);
                    }
                    left = Duration::from_micros(left.micros() - part.micros());
                }
            }
        }
    }
}

fn play(seed: u64, steps: &[Step], frame: Option<(Duration, u64)>) -> Sandbox {
    let mut sandbox = Sandbox::new(SandboxOptions { seed, ..SandboxOptions::default() });
    play_on(&mut sandbox, steps, frame);
    sandbox
}

/// The world in which the session of a seed ends.
pub fn played(seed: u64) -> Sandbox {
    let steps = session(&mut Dice::new(seed));
    play(seed, &steps, None)
}

/// Plays the session of a seed in every way there is and compares; returns the events that it had.
///
/// # Panics
///
/// Where two ways to one instant lead to different worlds, naming the seed.
pub fn check(seed: u64) -> u64 {
    let mut dice = Dice::new(seed);
    let steps = session(&mut dice);
    let whole = play(seed, &steps, None);
    let (now, digest) = (whole.now(), whole.digest());

    let frame = Duration::from_micros(1_000 + dice.below(2_000_000));
    let chopped = play(seed, &steps, Some((frame, 1 + dice.below(60))));
    assert_eq!((chopped.now(), chopped.digest()), (now, digest), "seed {seed}: frames of {frame:?}");
    assert_eq!(whole.difference(&chopped), None, "seed {seed}: frames of {frame:?}");

    let text = whole.save().unwrap_or_else(|refusal| panic!("seed {seed}: {refusal}"));
    let (loaded, notice) = Sandbox::load(&text, ()).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
    assert_eq!((notice, loaded.now(), loaded.digest()), (None, now, digest), "seed {seed}: saved and opened");

    let mut travelled = whole.fork();
    let (from, end) = travelled.span();
    for _ in 0..3 {
        let to = from + Duration::from_micros(dice.below(end.since(from).micros() + 1));
        let way = |sandbox: &mut Sandbox, to| sandbox.seek(to).map(|()| sandbox.digest());
        let there = way(&mut travelled, to);
        assert!(there.is_ok(), "seed {seed}: {to}");
        assert_eq!(there, way(&mut chopped.fork(), to), "seed {seed}: two ways to {to}");
    }
    assert!(travelled.seek(end).is_ok(), "seed {seed}");
    assert_eq!(travelled.digest(), digest, "seed {seed}: there and back");

    let mut undone = whole.fork();
    let mut count = 0;
    while count < 3 && undone.undo() {
        count += 1;
    }
    for _ in 0..count {
        assert!(undone.redo(), "seed {seed}: what was undone can be done again");
    }
    if count > 0 {
        assert_eq!((undone.now(), undone.digest()), (now, digest), "seed {seed}: {count} undone and redone");
    }

    // A second world from the middle on, which only lives on: as one that nobody asked for anything.
    let middle = dice.below(steps.len() as u64) as usize;
    let (before, after) = steps.split_at(middle);
    let mut here = play(seed, before, None);
    here.begin_fork();
    play_on(&mut here, after, None);
    let mut alone = play(seed, before, None);
    let waits: Vec<Step> = after.iter().filter(|step| matches!(step, Step::Wait(_))).cloned().collect();
    play_on(&mut alone, &waits, Some((frame, 40)));
    assert!(here.switch_worlds(), "seed {seed}: to the other world at step {middle}");
    assert_eq!(here.difference(&alone), None, "seed {seed}: the other world from step {middle} on");
    assert!(here.switch_worlds(), "seed {seed}: and back");
    assert_eq!((here.now(), here.digest()), (now, digest), "seed {seed}: two worlds side by side");

    let more = session(&mut dice);
    let mut here = whole.fork();
    play_on(&mut here, &more, None);
    let mut there = chopped;
    play_on(&mut there, &more, Some((frame, 25)));
    assert_eq!(here.difference(&there), None, "seed {seed}: a fork goes the same way");
    here.world().steps()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_command_whatever_is_chosen() {
        let mut dice = Dice::new(1);
        for _ in 0..2_000 {
            command(&line(&mut dice));
        }
    }
}
