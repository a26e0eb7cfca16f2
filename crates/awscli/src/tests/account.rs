//! The bill, the planner, metrics, alarms and the trail as tables.

use super::session;
use crate::run;

fn lines(printed: &str) -> Vec<&str> {
    printed.lines().collect()
}

#[test]
fn the_bill_is_a_table_with_the_month_and_the_last_change() {
    let (_, printed) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 4",
        "sandbox clock advance 30s > clock",
        "sandbox producer start web --stream orders --rate 1000 --size 1024 --call batch",
        "sandbox clock advance 1h > clock",
        "sandbox cost",
    ]);
    let lines = lines(&printed);
    let find = |start: &str| lines.iter().find(|line| line.starts_with(start)).copied().unwrap_or_default();
    assert!(find("Shard hours").contains("0.015000000 per hour"), "{printed}");
    assert!(find("PUT payload units").contains("0.000000014 per unit"), "{printed}");
    assert!(find("A month (730 h)").ends_with(": 80.59"), "{printed}");
    assert!(find("orders").contains("80.59 (4 shards)"), "{printed}");
    assert!(find("Last change, of orders").contains("+ 43.80 a month"), "{printed}");
}

#[test]
fn a_plan_says_which_limit_binds() {
    let (_, printed) = session(&["sandbox plan --rate 1000 --size 3072 --consumers 4"]);
    assert_eq!(
        printed,
        "LIMIT OF A SHARD       NEED            SHARDS\n\
         write 1 MB/s           3000 KiB/s      3\n\
         write 1,000 records/s  1000 records/s  1\n\
         read 2 MB/s, shared    12000 KiB/s     6\n\n\
         6 shards: what binds is 2 MB/s of reads from a shard, shared by the classic consumers\n"
    );
}

#[test]
fn metrics_alarms_and_the_trail_are_printed() {
    let (mut sandbox, _) = session(&[
        "aws kinesis create-stream --stream-name orders --shard-count 1",
        "sandbox clock advance 30s > clock",
        "sandbox producer start web --stream orders --rate 10",
        "sandbox alarm put many --metric-name IncomingRecords --dimensions StreamName=orders --threshold 100",
        "sandbox clock advance 10m > clock",
    ]);
    let of_stream = "--dimensions StreamName=orders";
    for (line, expected) in [
        ("sandbox metrics".to_owned(), "AWS/Kinesis  IncomingRecords"),
        (format!("sandbox metric IncomingRecords {of_stream} --statistic Average --period 300"), "00:05:00"),
        ("sandbox alarms".to_owned(), "IncomingRecords Sum GreaterThanThreshold 100 for 1 of 1 x 60 s"),
        ("sandbox alarms".to_owned(), "ALARM  "),
        ("sandbox trail events --event-name CreateStream".to_owned(), "CreateStream  admin  orders"),
        ("sandbox trail events --as json".to_owned(), r#""eventSource": "kinesis.amazonaws.com""#),
    ] {
        let printed = run(&mut sandbox, &line).stdout;
        assert!(printed.contains(expected), "{line}: {printed}");
    }
}
