//! The study notes' hands-on section, typed as it is printed there with the placeholders filled in: continued lines,
//! comments and all.

use sim::{Sandbox, SandboxOptions};

use crate::{commands, run};

const NOTES: &str = r#"
aws kinesis create-stream \
    --stream-name orders \
    --shard-count 2

aws kinesis wait stream-exists --stream-name orders

aws kinesis list-streams

aws kinesis describe-stream \
    --stream-name orders

aws kinesis put-record \
    --stream-name orders \
    --partition-key user-1 \
    --data aGVsbG8=

aws kinesis put-records \
    --stream-name orders \
    --records '[{"Data":"d29ybGQ=","PartitionKey":"user-1"}, {"Data":"YWdhaW4=","PartitionKey":"user-1"}]'

aws kinesis get-shard-iterator \
    --stream-name orders \
    --shard-id shardId-000000000001 \
    --shard-iterator-type TRIM_HORIZON
    
# LATEST                : Most recent data.                         <<<<
# TRIM_HORIZON          : Oldest data.
# AT_TIMESTAMP          : Specific time.
# AFTER_SEQUENCE_NUMBER : After a sequence number.

aws kinesis get-records \
    --shard-iterator <shard_iterator>
        
aws kinesis delete-stream \
    --stream-name orders
"#;

#[test]
fn the_notes_work_as_they_are_printed() {
    let mut sandbox = Sandbox::new(SandboxOptions::default());
    let mut iterator = String::new();
    let mut printed = Vec::new();
    for line in commands(&NOTES.replace("<shard_iterator>", "SHARD_ITERATOR")) {
        let output = run(&mut sandbox, &line.replace("SHARD_ITERATOR", &iterator));
        assert_eq!((output.exit_code, output.stderr.as_str()), (0, ""), "{line}");
        if let Ok(answer) = serde_json::from_str::<serde_json::Value>(&output.stdout)
            && let Some(token) = answer["ShardIterator"].as_str()
        {
            iterator = token.to_owned();
        }
        printed.push(output.stdout);
    }
    assert_eq!(printed.len(), 9);
    assert!(printed[2].contains("\"orders\""));
    assert!(printed[4].contains("\"ShardId\": \"shardId-000000000001\""));
    assert!(printed[5].contains("\"FailedRecordCount\": 0"));
    let records: serde_json::Value = serde_json::from_str(&printed[7]).unwrap();
    let data: Vec<&str> =
        records["Records"].as_array().unwrap().iter().map(|r| r["Data"].as_str().unwrap()).collect();
    assert_eq!(data, ["aGVsbG8=", "d29ybGQ=", "YWdhaW4="]);
    assert_eq!(printed[8], "");
}
