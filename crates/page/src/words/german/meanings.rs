//! German for what things mean: the glossary, the limits, starting positions and figures that stand by a name.

/// English beside German, in the order of the bytes of the English.
pub(super) const WORDS: &[(&str, &str)] = &[
    (" for ", " noch "),
    ("1 MB/s of writes to a shard", "1 MB/s Schreiben in einen Shard"),
    ("1,000 records/s of writes to a shard", "1.000 Records/s Schreiben in einen Shard"),
    (
        "2 MB/s of reads from a shard, shared by the classic consumers",
        "2 MB/s Lesen aus einem Shard, von den klassischen Consumern geteilt",
    ),
    (
        "A Kafka partition has no fixed budget, and its number never says a range of hashes; SQS has no parts that one could see",
        "Eine Kafka-Partition hat kein festes Budget, und ihre Nummer nennt nie einen Bereich von Hashes; SQS hat keine sichtbaren Teile",
    ),
    (
        "A Kafka position does not expire; a receipt handle belongs to one message",
        "Eine Position in Kafka läuft nicht ab; ein Receipt-Handle gehört zu einer Nachricht",
    ),
    ("A call that reads a page of a shard", "Ein Aufruf, der eine Seite eines Shards liest"),
    (
        "A lease is for a shard and until it is lost; a visibility timeout is for one message",
        "Eine Lease gilt für einen Shard, bis sie verloren geht; ein Visibility-Timeout gilt für eine Nachricht",
    ),
    (
        "A named set of shards that keeps records for a while",
        "Eine benannte Menge von Shards, die Records eine Weile aufbewahrt",
    ),
    (
        "A part of the key space with budgets of its own for writing and reading",
        "Ein Teil des Schlüsselraums mit eigenen Budgets für Schreiben und Lesen",
    ),
    (
        "A place in a shard to read on from, good for five minutes",
        "Eine Stelle in einem Shard, von der man weiterliest, fünf Minuten gültig",
    ),
    (
        "A program registered for enhanced fan-out, with 2 MB/s of each shard for itself",
        "Ein für Enhanced Fan-Out angemeldetes Programm, mit 2 MB/s jedes Shards für sich allein",
    ),
    (
        "A queue hands out what waits, not what comes now",
        "Eine Queue gibt heraus, was wartet, nicht was jetzt kommt",
    ),
    ("A queue has no beginning to go back to", "Eine Queue hat keinen Anfang, zu dem man zurückkann"),
    (
        "A queue's message is gone once it is deleted; a stream's record stays until it is too old, whoever has read it",
        "Die Nachricht einer Queue ist fort, sobald sie gelöscht ist; der Record eines Streams bleibt, bis er zu alt ist, wer ihn auch gelesen hat",
    ),
    (
        "A record's place in its shard, given by the service",
        "Die Stelle eines Records in seinem Shard, vom Dienst vergeben",
    ),
    ("A row that says which worker reads a shard", "Eine Zeile, die sagt, welcher Worker einen Shard liest"),
    (
        "A shard that gets more than its share because of its keys",
        "Ein Shard, der seiner Schlüssel wegen mehr als seinen Anteil bekommt",
    ),
    (
        "A shard's budget of this second is used up; try again later",
        "Das Budget eines Shards für diese Sekunde ist aufgebraucht; später noch einmal versuchen",
    ),
    (
        "A stream's destination gets where the batch lies, not the records themselves",
        "Das Ziel bei einem Stream erfährt, wo der Batch liegt, nicht die Records selbst",
    ),
    (
        "After a crash what was not checkpointed comes again",
        "Nach einem Absturz kommt noch einmal, was noch keinen Checkpoint hatte",
    ),
    ("After the newest record: only what comes now", "Nach dem neuesten Record: nur was jetzt kommt"),
    ("Assumed", "Angenommen"),
    (
        "Bytes (data and keys) that one shard takes per second on average.",
        "Bytes (Daten und Schlüssel), die ein Shard im Mittel je Sekunde annimmt.",
    ),
    ("Bytes in one GetRecords answer.", "Bytes in einer Antwort von GetRecords."),
    (
        "Bytes of data and keys in one PutRecords call.",
        "Bytes von Daten und Schlüsseln in einem Aufruf von PutRecords.",
    ),
    ("Bytes of data and partition key in one record.", "Bytes von Daten und Partition Key in einem Record."),
    (
        "Bytes of data in one record, whatever a stream allows.",
        "Bytes von Daten in einem Record, was immer ein Stream erlaubt.",
    ),
    (
        "Bytes of record data, really sent, that the sandbox stores. Ours, not AWS's.",
        "Bytes wirklich gesendeter Daten, die die Sandbox speichert. Unsere Grenze, nicht die von AWS.",
    ),
    (
        "Bytes per second that all GetRecords readers of one shard share.",
        "Bytes je Sekunde, die sich alle GetRecords-Reader eines Shards teilen.",
    ),
    (
        "Bytes per second that one shard pushes to one consumer, whatever others read.",
        "Bytes je Sekunde, die ein Shard einem Consumer schickt, was immer andere lesen.",
    ),
    ("Bytes that one shard takes in a burst.", "Bytes, die ein Shard auf einmal annimmt."),
    ("Calls for one stream in a second.", "Aufrufe für einen Stream in einer Sekunde."),
    ("Calls of an account in a second.", "Aufrufe eines Kontos in einer Sekunde."),
    (
        "Consumers of one stream that may be CREATING at once.",
        "Consumer eines Streams, die zugleich CREATING sein dürfen.",
    ),
    ("CreateStream in the API Reference", "CreateStream in der API-Referenz"),
    ("CreateStream in the API Reference: 1 MiB/s", "CreateStream in der API-Referenz: 1 MiB/s"),
    (
        "Data in the API Reference, before and since October 2025",
        "Data in der API-Referenz, vor und seit Oktober 2025",
    ),
    (
        "Deleting is for each message; a checkpoint covers all before it, and nothing is removed",
        "Gelöscht wird jede Nachricht einzeln; ein Checkpoint gilt für alles davor, und nichts wird entfernt",
    ),
    (
        "Developer guide, enhanced fan-out consumers: about 70 ms; Assumed share",
        "Entwicklerhandbuch, Consumer mit Enhanced Fan-Out: etwa 70 ms; Anteil angenommen",
    ),
    (
        "GetRecords calls per second that all readers of one shard share.",
        "GetRecords-Aufrufe je Sekunde, die sich alle Reader eines Shards teilen.",
    ),
    ("GetRecords in the API Reference", "GetRecords in der API-Referenz"),
    (
        "GetShardIterator and ListShards in the API Reference",
        "GetShardIterator und ListShards in der API-Referenz",
    ),
    ("GetShardIterator calls per second and shard.", "GetShardIterator-Aufrufe je Sekunde und Shard."),
    ("GetShardIterator in the API Reference", "GetShardIterator in der API-Referenz"),
    ("Held back by RateLimit", "Von RateLimit zurückgehalten"),
    ("How long CreateStream takes until ACTIVE.", "Wie lange CreateStream bis ACTIVE braucht."),
    (
        "How long DeleteStream takes until the stream is gone.",
        "Wie lange DeleteStream braucht, bis der Stream fort ist.",
    ),
    (
        "How long SplitShard, MergeShards and each round of UpdateShardCount take until ACTIVE.",
        "Wie lange SplitShard, MergeShards und jede Runde von UpdateShardCount bis ACTIVE brauchen.",
    ),
    (
        "How long StartStreamEncryption and StopStreamEncryption take until ACTIVE.",
        "Wie lange StartStreamEncryption und StopStreamEncryption bis ACTIVE brauchen.",
    ),
    ("How long UpdateStreamMode takes until ACTIVE.", "Wie lange UpdateStreamMode bis ACTIVE braucht."),
    (
        "How long a commitment to a minimum throughput (On-demand Advantage) lasts at least.",
        "Wie lange eine Zusage eines Mindestdurchsatzes (On-demand Advantage) mindestens dauert.",
    ),
    ("How long a consumer is CREATING, and DELETING.", "Wie lange ein Consumer CREATING ist, und DELETING."),
    (
        "How long a new record lies before it is pushed: with the way to the consumer it is the documented 70 ms.",
        "Wie lange ein neuer Record liegt, bevor er geschickt wird: mit dem Weg zum Consumer sind es die dokumentierten 70 ms.",
    ),
    (
        "How long a subscription of SubscribeToShard lasts.",
        "Wie lange ein Abonnement von SubscribeToShard dauert.",
    ),
    (
        "How long after a successful SubscribeToShard call a second one is refused; from then on it takes over.",
        "Wie lange nach einem gelungenen SubscribeToShard ein zweites abgewiesen wird; danach löst es das erste ab.",
    ),
    (
        "How long ago the tip was where a reader is now",
        "Wie lange es her ist, dass die Spitze dort war, wo ein Reader jetzt ist",
    ),
    (
        "How long an iterator or a page token may wait to be used.",
        "Wie lange ein Iterator oder ein Seiten-Token auf Gebrauch warten darf.",
    ),
    (
        "How long records are kept: 24 hours to 365 days",
        "Wie lange Records aufbewahrt werden: 24 Stunden bis 365 Tage",
    ),
    (
        "How often a subscription without new records brings an empty event.",
        "Wie oft ein Abonnement ohne neue Records ein leeres Ereignis bringt.",
    ),
    ("In the shards' buffers", "In den Puffern der Shards"),
    ("Increase- and DecreaseStreamRetentionPeriod", "Increase- und DecreaseStreamRetentionPeriod"),
    (
        "It still refuses a hot key: one shard takes 1,000 records per second",
        "Einen heißen Schlüssel weist er trotzdem ab: ein Shard nimmt 1.000 Records je Sekunde",
    ),
    (
        "Kafka can add partitions but not take them away, and a key may then change its partition without a parent to read first",
        "Kafka kann Partitionen hinzufügen, aber nicht wegnehmen, und ein Schlüssel kann dabei die Partition wechseln, ohne dass es Eltern gäbe, die man zuerst liest",
    ),
    (
        "Kafka can also write and commit in one transaction; Kinesis leaves doubles to the reader",
        "Kafka kann auch in einer Transaktion schreiben und bestätigen; Kinesis überlässt Doppeltes dem Reader",
    ),
    (
        "Kafka counts messages and Kinesis time: they disagree when traffic is uneven",
        "Kafka zählt Nachrichten und Kinesis Zeit: bei ungleichem Verkehr sagen sie Verschiedenes",
    ),
    (
        "Kafka has no budget for each consumer; its quotas are for clients of a broker",
        "Kafka hat kein Budget je Consumer; seine Quotas gelten für Clients eines Brokers",
    ),
    (
        "Kafka slows the client down; Kinesis refuses and leaves the record with the producer",
        "Kafka bremst den Client; Kinesis weist ab und lässt den Record beim Producer",
    ),
    (
        "Kafka spreads keyless messages by itself; Kinesis wants a key of each record",
        "Kafka verteilt Nachrichten ohne Schlüssel von selbst; Kinesis verlangt von jedem Record einen Schlüssel",
    ),
    (
        "Kafka's brokers assign partitions; KCL's workers take leases from a DynamoDB table by themselves",
        "In Kafka teilen die Broker Partitionen zu; die Worker der KCL nehmen sich Leases selbst aus einer DynamoDB-Tabelle",
    ),
    ("Kinesis quotas page", "Seite der Kinesis-Quotas"),
    ("Kinesis quotas page of 2022 and of today", "Seite der Kinesis-Quotas von 2022 und von heute"),
    (
        "Kinesis quotas page of 2022; API Reference since October 2025",
        "Seite der Kinesis-Quotas von 2022; API-Referenz seit Oktober 2025",
    ),
    (
        "Kinesis quotas page; since October 2025 of a stream that says nothing else",
        "Seite der Kinesis-Quotas; seit Oktober 2025 für einen Stream, der nichts anderes sagt",
    ),
    ("Longest retention period: 365 days.", "Längste Aufbewahrungsfrist: 365 Tage."),
    ("Mapping of ", "Mapping von "),
    ("New program with the KPL", "Neues Programm mit der KPL"),
    ("New server with the Kinesis Agent", "Neuer Server mit dem Kinesis Agent"),
    (
        "Offsets count by one; sequence numbers only grow, with gaps, and compare within one shard alone",
        "Offsets zählen in Einerschritten; Sequenznummern wachsen nur, mit Lücken, und lassen sich nur innerhalb eines Shards vergleichen",
    ),
    ("On the wrong shard", "Auf dem falschen Shard"),
    ("On-demand streams of an account.", "On-Demand-Streams eines Kontos."),
    (
        "One shard becomes two children, or two neighbours become one",
        "Ein Shard wird zu zwei Kindern, oder zwei Nachbarn werden einer",
    ),
    ("Open shards of an account in us-east-1.", "Offene Shards eines Kontos in us-east-1."),
    (
        "Open shards of one stream, as far as UpdateShardCount goes.",
        "Offene Shards eines Streams, so weit UpdateShardCount geht.",
    ),
    (
        "PutRecord in the API Reference since October 2025; Assumed depth",
        "PutRecord in der API-Referenz seit Oktober 2025; Tiefe angenommen",
    ),
    ("PutRecords in the API Reference", "PutRecords in der API-Referenz"),
    (
        "ReceiveMessage hides what it returns for a while; GetRecords hides nothing",
        "ReceiveMessage verbirgt eine Weile, was es liefert; GetRecords verbirgt nichts",
    ),
    ("Records in one GetRecords answer.", "Records in einer Antwort von GetRecords."),
    ("Records in one PutRecords call.", "Records in einem Aufruf von PutRecords."),
    ("Records that one shard takes per second.", "Records, die ein Shard je Sekunde annimmt."),
    ("RegisterStreamConsumer in the API Reference", "RegisterStreamConsumer in der API-Referenz"),
    (
        "RegisterStreamConsumer in the API Reference: 2 MiB/s",
        "RegisterStreamConsumer in der API-Referenz: 2 MiB/s",
    ),
    (
        "RegisterStreamConsumer in the API Reference; study notes with the limit of 2018",
        "RegisterStreamConsumer in der API-Referenz; Notizen mit dem Grenzwert von 2018",
    ),
    (
        "Registered consumers of one on-demand stream of an account with On-demand Advantage.",
        "Angemeldete Consumer eines On-Demand-Streams in einem Konto mit On-demand Advantage.",
    ),
    ("Registered consumers of one stream.", "Angemeldete Consumer eines Streams."),
    ("Role of a program", "Rolle eines Programms"),
    (
        "SQS and SNS send a message away; a record is read where it lies, as often as one likes",
        "SQS und SNS schicken eine Nachricht fort; ein Record wird gelesen, wo er liegt, so oft man will",
    ),
    (
        "SQS keeps for 14 days at most and deletes what was processed; Kafka may keep by size as well, or compact",
        "SQS bewahrt höchstens 14 Tage auf und löscht, was verarbeitet ist; Kafka kann auch nach Größe aufbewahren oder verdichten",
    ),
    (
        "Shards of an on-demand stream at its beginning: 4 MB/s.",
        "Shards eines On-Demand-Streams an seinem Anfang: 4 MB/s.",
    ),
    (
        "Shards that an on-demand stream grows to: 200 MB/s until 2024, 10 GB/s in us-east-1 today.",
        "Shards, bis zu denen ein On-Demand-Stream wächst: 200 MB/s bis 2024, heute 10 GB/s in us-east-1.",
    ),
    (
        "Shortest retention period, which a new stream has.",
        "Kürzeste Aufbewahrungsfrist, die ein neuer Stream hat.",
    ),
    ("Split and merge", "Teilen und Verschmelzen"),
    (
        "StartStreamEncryption calls for one stream in 24 hours, and as many of StopStreamEncryption.",
        "StartStreamEncryption-Aufrufe für einen Stream in 24 Stunden, und ebenso viele von StopStreamEncryption.",
    ),
    ("StartStreamEncryption in the API Reference", "StartStreamEncryption in der API-Referenz"),
    ("Streams that may be CREATING at once.", "Streams, die zugleich CREATING sein dürfen."),
    ("SubscribeToShard in the API Reference", "SubscribeToShard in der API-Referenz"),
    ("Tags of one resource.", "Tags einer Ressource."),
    ("Text whose MD5 decides the shard", "Text, dessen MD5 den Shard bestimmt"),
    (
        "The first record that arrived at a time or later",
        "Der erste Record, der zu einer Zeit oder später ankam",
    ),
    ("The oldest record that is still kept", "Der älteste Record, der noch aufbewahrt ist"),
    (
        "The sequence number up to which an application is through",
        "Die Sequenznummer, bis zu der eine Anwendung fertig ist",
    ),
    (
        "The service splits by itself as traffic grows, up to double of the last peak",
        "Der Dienst teilt von selbst, wenn der Verkehr wächst, bis zum Doppelten der letzten Spitze",
    ),
    (
        "The shards are yours to count and to pay by the hour",
        "Die Zahl der Shards bestimmst du selbst und zahlst sie je Stunde",
    ),
    ("Up to 1 MB of data with a partition key", "Bis zu 1 MB Daten mit einem Partition Key"),
    ("UpdateAccountSettings in the API Reference", "UpdateAccountSettings in der API-Referenz"),
    (
        "UpdateShardCount calls for one stream in 24 hours.",
        "UpdateShardCount-Aufrufe für einen Stream in 24 Stunden.",
    ),
    ("UpdateShardCount in the API Reference", "UpdateShardCount in der API-Referenz"),
    (
        "UpdateStreamMode calls for one stream in 24 hours.",
        "UpdateStreamMode-Aufrufe für einen Stream in 24 Stunden.",
    ),
    ("UpdateStreamMode in the API Reference", "UpdateStreamMode in der API-Referenz"),
    ("Waiting for a call", "Wartet auf einen Aufruf"),
    (
        "Where Lambda sends a batch that cannot be processed",
        "Wohin Lambda einen Batch schickt, der sich nicht verarbeiten lässt",
    ),
    (
        "Workers that share the shards of a stream by leases",
        "Worker, die sich die Shards eines Streams über Leases teilen",
    ),
    ("calls/24 h", "Aufrufe/24 h"),
    ("calls/s", "Aufrufe/s"),
    ("consumers", "Consumer"),
    ("hours", "Stunden"),
    ("kinesalite's runs against AWS; Assumed", "Läufe von kinesalite gegen AWS; angenommen"),
    ("milliseconds", "Millisekunden"),
    ("records", "Records"),
    ("seconds", "Sekunden"),
    ("shards", "Shards"),
    ("streams", "Streams"),
    ("tags", "Tags"),
];
