//! The entries.

use super::NotesEntry;

macro_rules! notes {
    ($( $section:literal $title:literal $text:literal [$($id:literal),*] $today:literal )*) => {
        pub(super) static NOTES: &[NotesEntry] = &[ $( NotesEntry {
            section: $section, title: $title, text: $text, shown_by: &[$($id),*], today: $today,
        } ),* ];
    };
}

notes! {
    "N1" "Real-time stream" "Logs, metrics and web activity arrive all the time and are wanted within a second." ["E1.2", "Q61"] ""
    "N2" "Kinesis Data Streams" "Serverless and much like Kafka: a stream is a topic, the service runs the machines." ["E1.1", "Q60"] "Kafka clients need Amazon MSK; the two speak different protocols."
    "N2" "Retention" "1 to 365 days; 24 hours unless you change it." ["E1.6", "Q36", "Q37", "P12"] "Seven days were the most until 2020."
    "N2" "Immutable, with replay" "A record never changes; each reader may begin again where it likes." ["E1.3", "E1.4", "E1.5", "E6.7", "C5", "Q53"] ""
    "N3" "Shards decide the throughput" "1,000 records and 1 MB per second in, 2 MB per second out, for each shard." ["E2.3", "E2.4", "E2.5", "Q6", "Q7"] "Exactly 1 MiB and 2 MiB. A shard of an on-demand stream has the same limits."
    "N3" "Order within a shard" "Each shard is ordered; a stream of several shards is not." ["E2.2", "E8.3", "Q15", "Q16", "Q22"] ""
    "N3" "Ranges of hash keys" "Shards divide the ring of 2^128 hash keys among them; splits and merges redraw it." ["E2.1", "E8.1", "Q23", "Q24", "P8"] ""
    "N4" "Record" "A blob, a partition key, and the sequence number that the service gives." ["E1.2", "E10.1", "Q18"] ""
    "N4" "Largest record" "1 MB of data." ["E3.9", "Q13"] "Since October 2025 a stream can be set to take up to 10 MiB."
    "N4" "Same key, same shard" "The MD5 of the key decides, or ExplicitHashKey." ["E3.1", "E3.2", "Q14", "P1"] ""
    "N5" "Hot shard" "Few or uneven keys fill one shard while others idle." ["E3.3", "E3.4", "E3.8", "C1", "Q2", "Q5", "P2"] ""
    "N5" "ProvisionedThroughputExceeded" "What is over the limit of its shard in its second is refused." ["E3.4", "E3.7", "Q65b"] ""
    "N5" "Retry with exponential backoff" "Cures a burst, not a steady overload." ["E3.5", "E3.6"] ""
    "N5" "Scale the shards" "More capacity, but never more than one shard for a key." ["E3.7", "E8.1", "Q3"] ""
    "N6" "Producer with the AWS SDK" "PutRecord and PutRecords; the program looks after refusals itself." ["E4.1", "E4.2", "Q1", "Q63", "P10"] ""
    "N6" "Kinesis Producer Library" "Collects, packs and retries." ["E4.4", "E4.5", "Q4", "Q63"] "It aggregates and batches; compression is the work of the caller."
    "N6" "Kinesis Agent" "A Java program that watches log files." ["E4.6", "Q62"] ""
    "N7" "Classic fan-out" "Readers poll, and share 2 MB per second and five calls per second of each shard." ["E5.1", "E5.2", "E5.3", "E5.4", "C3", "C4", "Q28", "P3"] ""
    "N8" "Enhanced fan-out" "Registered consumers are pushed to over HTTP/2, with 2 MB per second per shard for each." ["E5.8", "E5.6", "E5.7", "Q26", "Q27"] "20 consumers a stream, 50 with On-demand Advantage; the notes say 5."
    "N9" "KCL 1 and 2" "Version 1 polls; version 2 can use enhanced fan-out too." ["E6.8", "E6.2", "Q30"] "KCL 3 balances by the workers' load; version 1 is out of support."
    "N9" "Progress in DynamoDB" "A lease table with the name of the application." ["E6.1", "E6.4", "E6.7", "Q31", "C7", "Q34", "P7"] "KCL 3.0 to 3.4 have two more tables; since 3.5 all is in one again."
    "N9" "IAM role" "Kinesis, DynamoDB and CloudWatch." ["E6.6", "Q35"] ""
    "N9" "One consumer per shard" "One worker of an application per shard; a worker may have several." ["E6.3", "Q29", "Q32", "P5"] ""
    "N9" "Fail-over" "A lease that is not renewed is taken, and its work since the checkpoint done again." ["E6.4", "E6.5", "E6.9", "C2", "Q33", "P6"] ""
    "N10" "Lambda, both modes" "Polls the stream, or is pushed to as a registered consumer." ["E7.5", "Q42", "Q45"] ""
    "N10" "Batch size and batch window" "Whichever is reached first closes a batch." ["E7.3", "E7.1", "E7.2", "E7.4", "C3", "C6", "Q41", "Q38", "Q39", "Q40", "Q43", "Q44", "P9"] ""
    "N11" "Firehose" "Buffers and delivers, without code." ["E7.6", "Q52", "Q54", "Q55", "Q56", "Q57"] "It is called Amazon Data Firehose now."
    "N11" "Analytics" "Windows and joins over a stream." ["E7.7", "Q58", "Q59"] "The SQL service is gone; Managed Service for Apache Flink takes its place."
    "N12" "Provisioned capacity" "You choose the shards and pay for each by the hour: 0.015 $." ["E8.2", "E8.4", "E8.7", "C8", "Q9", "Q12", "Q25"] ""
    "N12" "On-demand capacity" "4 MB and 4,000 records per second at first, growing with the last peaks." ["E8.6", "E8.5", "Q8", "Q10", "Q11", "P11"] "The ceiling is 200 MB per second, up to 10 GB in some Regions; there is a third mode, On-demand Advantage."
    "N13" "IAM policies" "Actions and streams by name." ["E9.1", "Q35", "Q50"] "Since November 2023 a stream can have a resource policy."
    "N13" "Encryption" "In flight by HTTPS, at rest with KMS." ["E9.2", "Q46", "Q47", "Q48"] ""
    "N13" "CloudTrail" "Who called what." ["E9.4", "Q51"] "Puts and gets are recorded where data events are switched on."
    "N13" "VPC endpoint" "An interface endpoint keeps traffic in the network." ["E9.3", "Q49"] ""
    "N14" "S3 to Kinesis by DMS" "Full load and ongoing changes become records." ["E9.5", "Q64"] ""
    "N15" "The commands" "Create, list, describe, put, iterate, get, delete." ["E1.1", "E10.4"] ""
    "N15" "Four kinds of iterators" "LATEST, TRIM_HORIZON, AT_TIMESTAMP, AFTER_SEQUENCE_NUMBER." ["E10.2", "E10.3", "E5.5", "Q18b", "P4"] "There is a fifth: AT_SEQUENCE_NUMBER."
}
