//! The words of Kinesis, and what they are called in Kafka and in SQS, with where the likeness breaks.

use yew::prelude::*;

use super::breakable::breakable;
use crate::browser::dom::value_of;
use crate::words::tr;

/// A word, what it means, its likes in Kafka and in SQS, and where those break.
struct Entry {
    word: &'static str,
    means: &'static str,
    kafka: &'static str,
    sqs: &'static str,
    breaks: &'static str,
}

const fn entry(
    word: &'static str,
    means: &'static str,
    kafka: &'static str,
    sqs: &'static str,
    breaks: &'static str,
) -> Entry {
    Entry { word, means, kafka, sqs, breaks }
}

const ENTRIES: &[Entry] = &[
    entry(
        "Stream",
        "A named set of shards that keeps records for a while",
        "Topic",
        "Queue",
        "A queue's message is gone once it is deleted; a stream's record stays until it is too old, whoever has read it",
    ),
    entry(
        "Shard",
        "A part of the key space with budgets of its own for writing and reading",
        "Partition",
        "–",
        "A Kafka partition has no fixed budget, and its number never says a range of hashes; SQS has no parts that one could see",
    ),
    entry(
        "Record",
        "Up to 1 MB of data with a partition key",
        "Message",
        "Message",
        "SQS and SNS send a message away; a record is read where it lies, as often as one likes",
    ),
    entry(
        "Partition key",
        "Text whose MD5 decides the shard",
        "Message key (murmur2)",
        "MessageGroupId of a FIFO queue",
        "Kafka spreads keyless messages by itself; Kinesis wants a key of each record",
    ),
    entry(
        "Sequence number",
        "A record's place in its shard, given by the service",
        "Offset",
        "–",
        "Offsets count by one; sequence numbers only grow, with gaps, and compare within one shard alone",
    ),
    entry(
        "Shard iterator",
        "A place in a shard to read on from, good for five minutes",
        "Position of a consumer",
        "Receipt handle",
        "A Kafka position does not expire; a receipt handle belongs to one message",
    ),
    entry(
        "TRIM_HORIZON",
        "The oldest record that is still kept",
        "earliest",
        "–",
        "A queue has no beginning to go back to",
    ),
    entry(
        "LATEST",
        "After the newest record: only what comes now",
        "latest",
        "–",
        "A queue hands out what waits, not what comes now",
    ),
    entry(
        "Retention period",
        "How long records are kept: 24 hours to 365 days",
        "retention.ms",
        "Message retention period",
        "SQS keeps for 14 days at most and deletes what was processed; Kafka may keep by size as well, or compact",
    ),
    entry(
        "Split and merge",
        "One shard becomes two children, or two neighbours become one",
        "Adding partitions",
        "–",
        "Kafka can add partitions but not take them away, and a key may then change its partition without a parent to read first",
    ),
    entry(
        "Consumer",
        "A program registered for enhanced fan-out, with 2 MB/s of each shard for itself",
        "Consumer (pull only)",
        "–",
        "Kafka has no budget for each consumer; its quotas are for clients of a broker",
    ),
    entry(
        "GetRecords",
        "A call that reads a page of a shard",
        "poll()",
        "ReceiveMessage",
        "ReceiveMessage hides what it returns for a while; GetRecords hides nothing",
    ),
    entry(
        "KCL application",
        "Workers that share the shards of a stream by leases",
        "Consumer group",
        "Consumers of one queue",
        "Kafka's brokers assign partitions; KCL's workers take leases from a DynamoDB table by themselves",
    ),
    entry(
        "Lease",
        "A row that says which worker reads a shard",
        "Partition assignment",
        "Visibility timeout",
        "A lease is for a shard and until it is lost; a visibility timeout is for one message",
    ),
    entry(
        "Checkpoint",
        "The sequence number up to which an application is through",
        "Committed offset",
        "DeleteMessage",
        "Deleting is for each message; a checkpoint covers all before it, and nothing is removed",
    ),
    entry(
        "At least once",
        "After a crash what was not checkpointed comes again",
        "At least once",
        "At least once (standard queue)",
        "Kafka can also write and commit in one transaction; Kinesis leaves doubles to the reader",
    ),
    entry(
        "MillisBehindLatest",
        "How long ago the tip was where a reader is now",
        "Consumer lag, in messages",
        "ApproximateAgeOfOldestMessage",
        "Kafka counts messages and Kinesis time: they disagree when traffic is uneven",
    ),
    entry(
        "Provisioned mode",
        "The shards are yours to count and to pay by the hour",
        "Number of partitions",
        "–",
        "–",
    ),
    entry(
        "On-demand mode",
        "The service splits by itself as traffic grows, up to double of the last peak",
        "–",
        "SQS by nature",
        "It still refuses a hot key: one shard takes 1,000 records per second",
    ),
    entry(
        "ProvisionedThroughputExceededException",
        "A shard's budget of this second is used up; try again later",
        "Throttling by quota (delays, no error)",
        "–",
        "Kafka slows the client down; Kinesis refuses and leaves the record with the producer",
    ),
    entry(
        "Hot shard",
        "A shard that gets more than its share because of its keys",
        "Hot partition",
        "–",
        "–",
    ),
    entry(
        "DLQ",
        "Where Lambda sends a batch that cannot be processed",
        "Dead letter topic (by hand)",
        "Dead-letter queue",
        "A stream's destination gets where the batch lies, not the records themselves",
    ),
];

/// What stands beside the words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Lens {
    None,
    Kafka,
    Sqs,
}

#[component]
pub(crate) fn Glossary() -> Html {
    let lens = use_state(|| Lens::None);
    let words = use_state(String::new);
    let find = words.trim().to_lowercase();
    let shown = ENTRIES.iter().filter(|entry| {
        find.is_empty()
            || [entry.word, entry.means, entry.kafka, entry.sqs]
                .iter()
                .any(|text| tr(text).to_lowercase().contains(&find))
    });
    let rows: Vec<Html> = shown
        .map(|entry| {
            let like = match *lens {
                Lens::None => "",
                Lens::Kafka => entry.kafka,
                Lens::Sqs => entry.sqs,
            };
            html! {
                <tr key={entry.word}>
                    <th scope="row">{ breakable(tr(entry.word)) }</th>
                    <td>{ tr(entry.means) }</td>
                    <td hidden={*lens == Lens::None}><b>{ like }</b><small hidden={entry.breaks == "–"}>{ tr("Breaks: ") }{ tr(entry.breaks) }</small></td>
                </tr>
            }
        })
        .collect();
    let lenses = [(Lens::None, "Kinesis"), (Lens::Kafka, "Kafka"), (Lens::Sqs, "SQS")];
    let buttons = lenses.into_iter().map(|(one, name)| {
        let on_click = {
            let lens = lens.clone();
            Callback::from(move |_: MouseEvent| lens.set(one))
        };
        html! { <button type="button" key={name} aria-pressed={(*lens == one).to_string()} onclick={on_click}>{ name }</button> }
    });
    let on_find = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| words.set(value_of(&event)))
    };
    let name = match *lens {
        Lens::None => "",
        Lens::Kafka => "In Kafka",
        Lens::Sqs => "In SQS",
    };
    html! {
        <div class="glossary">
            <div class="filter">
                <span>{ tr("Seen from") }</span>
                <span class="segments" role="group" aria-label={tr("Seen from")}>{ for buttons }</span>
                <input type="text" aria-label={tr("Find a word")} placeholder={tr("Find a word")} value={(*words).clone()} oninput={on_find} />
            </div>
            <div class="table-box" tabindex="0" role="region" aria-label={tr("Glossary")}>
                <table>
                    <thead><tr><th>{ tr("Word") }</th><th>{ tr("Means") }</th><th hidden={*lens == Lens::None}>{ tr(name) }</th></tr></thead>
                    <tbody>{ for rows.clone() }</tbody>
                </table>
            </div>
            <p class="hint" hidden={!rows.is_empty()}>{ tr("No such word here.") }</p>
        </div>
    }
}
