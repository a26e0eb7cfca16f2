//! How Kinesis Data Streams compares with Apache Kafka, and with the queues and topics of AWS: term by term, and where
//! the comparison breaks.
//!
//! Documented: the figures of Kinesis, in the Developer Guide. The other sides are what their own documentation says in
//! general; figures of Kafka are its defaults.

/// How far two terms mean the same.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Likeness {
    /// One can be said for the other.
    Same,
    /// Alike until the point that the note names.
    Alike,
    /// One side has nothing of the kind.
    Missing,
}

/// A term of Kinesis beside Kafka's.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct KafkaRow {
    pub kinesis: &'static str,
    pub kafka: &'static str,
    pub likeness: Likeness,
    /// Where the comparison breaks, or what the difference means for a choice.
    pub breaks: &'static str,
}

const fn row(
    kinesis: &'static str,
    kafka: &'static str,
    likeness: Likeness,
    breaks: &'static str,
) -> KafkaRow {
    KafkaRow { kinesis, kafka, likeness, breaks }
}

/// Kinesis Data Streams and Apache Kafka, as Amazon MSK runs it.
pub const KAFKA: &[KafkaRow] = &[
    row(
        "stream",
        "topic",
        Likeness::Same,
        "A topic lives on brokers that somebody runs; a stream has no servers to see.",
    ),
    row(
        "shard",
        "partition",
        Likeness::Alike,
        "A shard has a fixed capacity (1 MB/s and 1,000 records/s in, 2 MB/s out) and is paid for by the hour; a \
         partition takes what its broker can.",
    ),
    row(
        "record: partition key and data",
        "record: key, value, headers, timestamp",
        Likeness::Alike,
        "A Kinesis record has no headers; its time is the service's own time of arrival.",
    ),
    row(
        "partition key, MD5, hash key range",
        "key, murmur2, modulo the number of partitions",
        Likeness::Alike,
        "More partitions move most keys elsewhere; a split divides one range and leaves all other keys where they are.",
    ),
    row(
        "sequence number",
        "offset",
        Likeness::Alike,
        "Offsets count 0, 1, 2 …; sequence numbers are large, grow, and have gaps: one cannot count with them.",
    ),
    row(
        "shard iterator",
        "consumer position, seek",
        Likeness::Alike,
        "An iterator is a token of the service that expires after 5 minutes; a position is the consumer's own number.",
    ),
    row(
        "KCL application, lease table in DynamoDB",
        "consumer group, __consumer_offsets",
        Likeness::Alike,
        "Leases lie in a table of your account that you pay for and can throttle; Kafka keeps groups in the brokers.",
    ),
    row(
        "checkpoint",
        "committed offset",
        Likeness::Same,
        "Both are written by the consumer when it likes: what came after the last one is processed again.",
    ),
    row(
        "one worker for each shard of an application",
        "one member of a group for each partition",
        Likeness::Same,
        "Additional workers or members stand idle on both sides.",
    ),
    row(
        "consumer with enhanced fan-out",
        "–",
        Likeness::Missing,
        "Each group of Kafka reads as fast as the brokers can; in Kinesis 2 MB/s of a shard are shared, unless a \
         registered consumer has its own.",
    ),
    row(
        "split and merge",
        "adding partitions",
        Likeness::Alike,
        "Kafka never removes a partition; a stream shrinks by merging, at most to half in one call.",
    ),
    row(
        "retention: 24 hours to 365 days",
        "retention by time or size, without end, tiered storage, compaction",
        Likeness::Alike,
        "Kinesis has no compaction: it cannot keep the last value of each key.",
    ),
    row(
        "largest record: 1 MiB, up to 10 MiB since October 2025",
        "message.max.bytes: 1 MB, configurable",
        Likeness::Alike,
        "Exams count on 1 MB: messages that are larger speak for MSK.",
    ),
    row(
        "KPL: aggregation and collection",
        "producer batches: batch.size, linger.ms",
        Likeness::Alike,
        "The KPL packs several user records into one record, which readers must take apart; a batch of Kafka stays \
         invisible to them.",
    ),
    row(
        "at least once",
        "at least once; exactly once with transactions",
        Likeness::Alike,
        "Kinesis has no transactions and no idempotent producer: consumers must bear a record twice.",
    ),
    row(
        "IAM, SSE with KMS, TLS always",
        "TLS or plain text, mTLS, SASL/SCRAM, IAM; ACLs",
        Likeness::Alike,
        "Kafka's ACLs are Kafka's own; only MSK's IAM mode is ruled by policies as Kinesis is.",
    ),
    row(
        "scaling: shards, or on-demand",
        "brokers and partitions, or MSK Serverless",
        Likeness::Alike,
        "Shards are added with a call and without moving data; brokers need partitions to be moved to them.",
    ),
    row(
        "no servers",
        "brokers in your VPC",
        Likeness::Missing,
        "MSK stands in subnets and security groups; Kinesis is reached over the internet or through a VPC endpoint.",
    ),
];

/// A question, with what Kinesis Data Streams, SQS and SNS answer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueRow {
    pub question: &'static str,
    pub kinesis: &'static str,
    pub sqs: &'static str,
    pub sns: &'static str,
}

/// Kinesis Data Streams, SQS and SNS.
pub const QUEUES: &[QueueRow] = &[
    QueueRow {
        question: "How do consumers get the data?",
        kinesis: "They pull from a log, or are pushed to by enhanced fan-out",
        sqs: "They pull from a queue",
        sns: "It is pushed to subscribers",
    },
    QueueRow {
        question: "What happens after reading?",
        kinesis: "Records stay until the retention period is over",
        sqs: "The consumer deletes the message",
        sns: "Nothing is stored",
    },
    QueueRow {
        question: "How many consumers get one message?",
        kinesis: "Many, independent of each other",
        sqs: "One of those that compete",
        sns: "Every subscriber, up to 12.5 million",
    },
    QueueRow {
        question: "Is there an order?",
        kinesis: "In each shard, by partition key",
        sqs: "In FIFO queues only, by message group",
        sns: "In FIFO topics only",
    },
    QueueRow {
        question: "Can it be read again?",
        kinesis: "Yes, from any point within the retention period",
        sqs: "No; a dead-letter queue can be moved back",
        sns: "No; FIFO topics can archive",
    },
    QueueRow {
        question: "Who plans the capacity?",
        kinesis: "You, in shards, or nobody in on-demand mode",
        sqs: "Nobody",
        sns: "Nobody",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    fn are_unique<'a>(terms: impl Iterator<Item = &'a str>) -> bool {
        let mut terms: Vec<&str> = terms.collect();
        terms.sort_unstable();
        terms.windows(2).all(|pair| pair[0] != pair[1])
    }

    #[test]
    fn every_row_has_both_sides_and_says_where_it_breaks() {
        for row in KAFKA {
            assert!(!row.kinesis.is_empty() && !row.kafka.is_empty(), "{row:?}");
            assert!(row.breaks.ends_with('.') && row.breaks.len() > 20, "{row:?}");
            assert_eq!(
                row.kafka == "–" || row.kinesis == "no servers",
                row.likeness == Likeness::Missing,
                "{row:?}"
            );
        }
        for row in QUEUES {
            assert!(row.question.ends_with('?'), "{row:?}");
            assert!([row.kinesis, row.sqs, row.sns].iter().all(|side| !side.is_empty()), "{row:?}");
        }
    }

    #[test]
    fn no_term_stands_there_twice() {
        assert!(are_unique(KAFKA.iter().map(|row| row.kinesis)));
        assert!(are_unique(KAFKA.iter().map(|row| row.kafka)));
        assert!(are_unique(QUEUES.iter().map(|row| row.question)));
    }

    /// The terms that a comparison of the two is asked for.
    #[test]
    fn the_common_terms_are_all_there() {
        for term in
            ["topic", "partition", "offset", "consumer group", "committed offset", "retention", "ACLs"]
        {
            assert!(KAFKA.iter().any(|row| row.kafka.contains(term)), "{term}");
        }
        assert_eq!((KAFKA.len(), QUEUES.len()), (18, 6));
    }
}
