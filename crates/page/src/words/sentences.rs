//! Sentences that are put together elsewhere, in German: what happened, why, and what stands in words beside the picture.
//!
//! A pattern has `{}` where a name, a number or another sentence stands; those are translated in their turn. Among the
//! patterns that fit a text, the one with most letters of its own is the right one.

/// A text in German, as far as there is a pattern for it.
pub(super) fn in_german(text: &str) -> String {
    let found = SENTENCES.iter().filter_map(|(english, german)| {
        let own = english.len() - 2 * english.matches("{}").count();
        Some((own, pieces(english, text)?, german))
    });
    let Some((_, pieces, german)) = found.max_by_key(|(own, ..)| *own) else {
        return super::in_german_or_none(text).map_or_else(|| text.to_owned(), str::to_owned);
    };
    let mut pieces = pieces.into_iter();
    let mut words = String::with_capacity(text.len() + 16);
    for (i, part) in german.split("{}").enumerate() {
        if i > 0 {
            words += &in_german(pieces.next().unwrap_or_default());
        }
        words += part;
    }
    words
}

/// What stands in a text where a pattern has `{}`; nothing where the text is another one.
fn pieces<'a>(pattern: &str, text: &'a str) -> Option<Vec<&'a str>> {
    let mut parts = pattern.split("{}");
    let mut rest = text.strip_prefix(parts.next()?)?;
    let mut found = Vec::new();
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty().then_some(found);
    }
    while let Some(part) = parts.next() {
        let end = match parts.peek() {
            // The last part ends the text.
            None => rest.len().checked_sub(part.len()).filter(|end| rest.get(*end..) == Some(part))?,
            Some(_) => rest.find(part)?,
        };
        let piece = rest.get(..end)?;
        if piece.is_empty() {
            return None;
        }
        found.push(piece);
        rest = rest.get(end + part.len()..)?;
    }
    Some(found)
}

const SENTENCES: &[(&str, &str)] = &[
    // How many.
    ("1 record", "1 Datensatz"),
    ("{} records", "{} Datensätze"),
    ("{} bytes", "{} Bytes"),
    ("{} hours", "{} Stunden"),
    ("1 hour", "1 Stunde"),
    ("once", "einmal"),
    ("{} times", "{}-mal"),
    ("1 open shard", "1 offener Shard"),
    ("{} open shards", "{} offene Shards"),
    // Who.
    ("command {}", "Kommando {}"),
    ("schedule", "Zeitplan"),
    ("everybody", "alle"),
    ("nobody", "niemand"),
    ("the admin", "Administrator"),
    ("role {}", "Rolle {}"),
    ("the internet", "dem Internet"),
    ("a public subnet", "einem öffentlichen Subnetz"),
    ("a private subnet with a NAT gateway", "einem privaten Subnetz mit NAT-Gateway"),
    ("a private subnet without a route out", "einem privaten Subnetz ohne Weg nach draußen"),
    // Streams and shards.
    ("{} is {}", "{} ist {}"),
    ("{} is gone", "{} ist fort"),
    ("{} is gone, and its records with it", "{} ist fort und seine Datensätze mit ihm"),
    ("{} keeps records for {}", "{} bewahrt Datensätze {} auf"),
    ("{} has other tags", "{} hat andere Tags"),
    ("{} has another capacity mode", "{} hat einen anderen Kapazitätsmodus"),
    (
        "{} has another encryption; records keep the one they were written with",
        "{} ist anders verschlüsselt; Datensätze behalten die Verschlüsselung, mit der sie geschrieben wurden",
    ),
    ("{} has other shard-level metrics", "{} hat andere Metriken je Shard"),
    ("{} has another maximum record size", "{} hat eine andere Höchstgröße für Datensätze"),
    ("{} has another policy", "{} hat eine andere Policy"),
    ("{} has another record distribution strategy", "{} verteilt Datensätze auf andere Art"),
    ("{}: consumer {} is {}", "{}: Consumer {} ist {}"),
    ("{}: consumer {} is gone", "{}: Consumer {} ist fort"),
    ("{}: {} takes records", "{}: {} nimmt Datensätze an"),
    ("{}: {} takes records, a child of {}", "{}: {} nimmt Datensätze an, ein Kind von {}"),
    ("{}: {} takes records, the child of {} and {}", "{}: {} nimmt Datensätze an, das Kind von {} und {}"),
    (
        "{}: {} is closed; its records stay readable",
        "{}: {} ist geschlossen; seine Datensätze bleiben lesbar",
    ),
    (
        "{}: {} is gone, its last record is past the retention period",
        "{}: {} ist fort, sein letzter Datensatz ist älter als die Aufbewahrungsfrist",
    ),
    ("{}: {} stored {} ({})", "{}: {} speicherte {} ({})"),
    ("{}: {} refused {}: {}", "{}: {} wies {} ab: {}"),
    ("1,000 records per second are used up", "1.000 Datensätze je Sekunde sind aufgebraucht"),
    ("1 MB per second is used up", "1 MB je Sekunde ist aufgebraucht"),
    ("{}: {} iterator on {}, at record {}", "{}: Iterator {} auf {}, bei Datensatz {}"),
    ("{}: {} gave {}, {} ms behind", "{}: {} gab {} heraus, {} ms zurück"),
    ("{}: {} refused a read: {}", "{}: {} wies ein Lesen ab: {}"),
    ("5 GetRecords calls per second are used up", "5 GetRecords-Aufrufe je Sekunde sind aufgebraucht"),
    ("2 MB per second are used up", "2 MB je Sekunde sind aufgebraucht"),
    (
        "5 GetShardIterator calls per second are used up",
        "5 GetShardIterator-Aufrufe je Sekunde sind aufgebraucht",
    ),
    ("{}: {} subscribed to {}, {} at record {}", "{}: {} abonnierte {}, {} bei Datensatz {}"),
    ("{}: {} pushed {} to {}, {} ms behind", "{}: {} sandte {} an {}, {} ms zurück"),
    ("{}: subscription of {} to {} ended: {}", "{}: das Abonnement von {} auf {} endete: {}"),
    ("its five minutes are over", "seine fünf Minuten sind um"),
    ("the closed shard is read to its end", "der geschlossene Shard ist zu Ende gelesen"),
    ("the client closed the connection", "der Client schloss die Verbindung"),
    ("the same consumer subscribed again", "derselbe Consumer abonnierte von neuem"),
    ("the consumer is being deregistered", "der Consumer wird abgemeldet"),
    ("the stream is being deleted", "der Stream wird gelöscht"),
    ("the shard is gone", "der Shard ist fort"),
    ("{}: a reader came to the end of the closed {}", "{}: ein Leser kam ans Ende des geschlossenen {}"),
    // Calls and programs.
    ("{}: 200 OK, {} refused", "{}: 200 OK, {} abgewiesen"),
    ("{} started", "{} begann"),
    ("{} stopped", "{} hielt an"),
    ("{} has new settings", "{} hat neue Einstellungen"),
    ("{} will send {} again", "{} sendet {} noch einmal"),
    (
        "{} has read a log file to its end and goes on with {}",
        "{} hat eine Logdatei zu Ende gelesen und macht mit {} weiter",
    ),
    ("{} writes {}", "{} schreibt {}"),
    ("{} left {} out that do not match logFormat", "{} ließ {} aus, die logFormat nicht entsprechen"),
    ("{} cut {} to 1 MiB", "{} kürzte {} auf 1 MiB"),
    (
        "{} got no answer in {}: it does not know whether 1 record is stored",
        "{} bekam {} lang keine Antwort: ob 1 Datensatz gespeichert ist, weiß es nicht",
    ),
    (
        "{} got no answer in {}: it does not know whether {} are stored",
        "{} bekam {} lang keine Antwort: ob {} gespeichert sind, weiß es nicht",
    ),
    ("{} knows {}", "{} kennt {}"),
    (
        "{} put {} for {} and found them on {}: they are put again",
        "{} schrieb {} für {} und fand sie auf {}: sie werden noch einmal geschrieben",
    ),
    (
        "{} put {} another time: what was put before is in the stream, too",
        "{} schrieb {} ein weiteres Mal: was vorher geschrieben wurde, steht auch im Stream",
    ),
    ("{} lost {} (first key {}): {}", "{} verlor {} (erster Schlüssel {}): {}"),
    ("refused, and not tried again", "abgewiesen und nicht noch einmal versucht"),
    ("refused at every attempt", "bei jedem Versuch abgewiesen"),
    ("the retry queue was full", "die Warteschlange der Wiederholungen war voll"),
    ("the producer was stopped", "der Produzent wurde angehalten"),
    (
        "not answered in time, and not tried again",
        "nicht rechtzeitig beantwortet und nicht noch einmal versucht",
    ),
    (
        "refused inside a PutRecords answer, which the SDK does not try again",
        "innerhalb einer PutRecords-Antwort abgewiesen: das wiederholt das SDK nicht",
    ),
    ("older than RecordTtl (Expired)", "älter als RecordTtl (Expired)"),
    ("refused, and FailIfThrottled is on", "abgewiesen, und FailIfThrottled ist an"),
    (
        "their file was deleted, or renamed to what filePattern does not match, before the agent had read it",
        "ihre Datei wurde gelöscht oder passte nach dem Umbenennen nicht mehr zu filePattern, ehe der Agent sie gelesen hatte",
    ),
    (
        "not sent when the agent ended, and before its checkpoint",
        "nicht gesendet, als der Agent endete, und vor seinem Checkpoint",
    ),
    (
        "written while the agent was not running: without a checkpoint it begins at END_OF_FILE",
        "geschrieben, während der Agent nicht lief: ohne Checkpoint beginnt er bei END_OF_FILE",
    ),
    ("the SDK's retry quota was used up", "das Kontingent des SDK für Wiederholungen war aufgebraucht"),
    (
        "the producer crashed before it learnt what became of them",
        "der Produzent stürzte ab, ehe er erfuhr, was aus ihnen wurde",
    ),
    ("{} processed {} of {}", "{} verarbeitete {} von {}"),
    (
        "{} processed {} of {}, {} of them not for the first time",
        "{} verarbeitete {} von {}, davon {} nicht zum ersten Mal",
    ),
    ("{} cannot go on: {}", "{} kann nicht weiter: {}"),
    // The KCL.
    ("lease table {} appeared in DynamoDB", "Lease-Tabelle {} erschien in DynamoDB"),
    ("table {} appeared in DynamoDB", "Tabelle {} erschien in DynamoDB"),
    ("{}: lease {} created", "{}: Lease {} angelegt"),
    ("{}: {} took {}, counter {}", "{}: {} nahm {}, Zähler {}"),
    ("{}: {} took {} from {}, counter {}", "{}: {} nahm {} von {}, Zähler {}"),
    (
        "{}: {} wrote {} too late (ConditionalCheckFailedException)",
        "{}: {} schrieb {} zu spät (ConditionalCheckFailedException)",
    ),
    ("{}: {} lost {}", "{}: {} verlor {}"),
    ("{}: {} gave {} back", "{}: {} gab {} zurück"),
    ("{}: lease {} deleted, its shard is done", "{}: Lease {} gelöscht, der Shard ist fertig verarbeitet"),
    ("{}: somebody deleted lease {} by hand", "{}: jemand löschte die Lease {} von Hand"),
    (
        "{}: {} is the leader from now on and assigns the leases",
        "{}: {} führt von jetzt an und teilt die Leases zu",
    ),
    ("{}: {} is the leader no more", "{}: {} führt nicht mehr"),
    ("{}: the leader {} assigned {} to {}", "{}: {} teilte als Führender {} an {} zu"),
    ("{}: the leader {} assigned {} from {} to {}", "{}: {} teilte als Führender {} von {} an {} zu"),
    (
        "{}: the leader {} asks {} to hand {} over to {}",
        "{}: {} bittet als Führender {}, {} an {} zu übergeben",
    ),
    (
        "{}: {} handed {} over to {}, with its batch unfinished, because its time was up",
        "{}: {} übergab {} an {} mitten in einem Stapel, weil die Zeit um war",
    ),
    (
        "{}: {} handed {} over to {}, with its progress written",
        "{}: {} übergab {} an {} und hatte den Fortschritt festgehalten",
    ),
    ("leaseCounter {} → {}: nobody owned it", "leaseCounter {} → {}: niemand besaß sie"),
    ("leaseCounter {} → {}: taken from {}", "leaseCounter {} → {}: genommen von {}"),
    (
        "ConditionalCheckFailedException: the counter was not the expected one",
        "ConditionalCheckFailedException: der Zähler war nicht der erwartete",
    ),
    ("lost: another worker's counter stands there", "verloren: dort steht der Zähler eines anderen Workers"),
    ("given back", "zurückgegeben"),
    (
        "{} runs on a host with {} vCPUs, of which others use {} %",
        "{} läuft auf einem Host mit {} vCPUs, von denen andere {} % brauchen",
    ),
    (
        "{} called processRecords of {} {} with no records",
        "{} rief processRecords von {} {} ohne Datensätze auf",
    ),
    ("somebody deleted the lease table {}", "jemand löschte die Lease-Tabelle {}"),
    ("lease table {} is on demand", "die Lease-Tabelle {} ist on-demand"),
    (
        "lease table {} has {} read and {} write units a second",
        "die Lease-Tabelle {} hat {} Lese- und {} Schreibeinheiten je Sekunde",
    ),
    (
        "lease table {} refused {}: ProvisionedThroughputExceededException",
        "die Lease-Tabelle {} wies {} ab: ProvisionedThroughputExceededException",
    ),
    (
        "{}: {} cannot checkpoint {}, it does not hold the lease (ShutdownException)",
        "{}: {} kann für {} keinen Checkpoint setzen, es hält die Lease nicht (ShutdownException)",
    ),
    ("{} went past {} of {} unprocessed", "{} überging {} von {} unverarbeitet"),
    (
        "{} threw {} aggregated records of {} away: they hold user records of other shards",
        "{} verwarf {} aggregierte Datensätze von {}: sie enthalten Nutzerdatensätze anderer Shards",
    ),
    ("{}: {} checkpointed {} at {}", "{}: {} setzte für {} den Checkpoint {}"),
    ("{} crashed", "{} stürzte ab"),
    ("{} stands still", "{} steht still"),
    ("{} goes on", "{} macht weiter"),
    ("{} started again", "{} begann von neuem"),
    (
        "{} threw an exception at a record of {}: KCL goes on behind the batch, and {} of it are never processed",
        "{} warf bei einem Datensatz von {} eine Ausnahme: die KCL macht hinter dem Stapel weiter, und {} daraus werden nie verarbeitet",
    ),
    // The account.
    ("{} has another policy {}, or none", "{} hat eine andere Policy {} oder keine"),
    ("{} calls as {}, from {}", "{} ruft als {} auf, aus {}"),
    ("key {} is {}", "Schlüssel {} ist {}"),
    ("key {} has another policy", "Schlüssel {} hat eine andere Policy"),
    ("alarm {} is watched", "Alarm {} wird beobachtet"),
    ("alarm {} is gone", "Alarm {} ist fort"),
    ("alarm {} is {}", "Alarm {} ist {}"),
    ("the VPC has an endpoint for {}", "die VPC hat einen Endpunkt für {}"),
    ("the VPC has no endpoint for {} any more", "die VPC hat keinen Endpunkt mehr für {}"),
    ("{} is there, without any policy", "{} ist da, ohne eine Policy"),
    (
        "{}: connection to {} timed out: no route leads there",
        "{}: die Verbindung zu {} kam nicht zustande: kein Weg führt dorthin",
    ),
    ("CloudTrail's data events are {}", "Datenereignisse von CloudTrail sind {}"),
    // Faults.
    ("fault {} begins: {}", "Störung {} beginnt: {}"),
    ("fault {} is over: {}", "Störung {} ist vorüber: {}"),
    ("fault {} is cleared: {}", "Störung {} ist aufgehoben: {}"),
    ("fault {} has happened: {}", "Störung {} ist geschehen: {}"),
    ("{} crashes", "{} stürzt ab"),
    ("{} is {} times slower", "{} ist {}-mal langsamer"),
    ("messages of {} take {} longer", "Nachrichten von {} brauchen {} länger"),
    ("{} % of the {} of {} get lost", "{} % der {} von {} gehen verloren"),
    ("calls and answers", "Aufrufe und Antworten"),
    ("calls", "Aufrufe"),
    ("answers", "Antworten"),
    ("{} cannot reach its lease table", "{} erreicht seine Lease-Tabelle nicht"),
    ("the clock of {} is {} ahead", "die Uhr von {} geht {} vor"),
    ("the clock of {} is {} behind", "die Uhr von {} geht {} nach"),
    ("{}: the next call to {} is throttled", "{}: der nächste Aufruf an {} wird gedrosselt"),
    ("its first open shard", "seinen ersten offenen Shard"),
    (
        "{} gets a record that {} cannot process, key {}",
        "{} bekommt einen Datensatz, den {} nicht verarbeiten kann, Schlüssel {}",
    ),
    ("what {} writes to takes {} for each record", "wohin {} schreibt, dauert es {} je Datensatz"),
    ("{}: {} got lost", "{}: {} ging verloren"),
    ("the answer to {}", "die Antwort auf {}"),
    ("a call to its lease table", "ein Aufruf an seine Lease-Tabelle"),
    (
        "{}: AWS refused a signature by a clock that is more than five minutes wrong; the SDK corrects it and tries again",
        "{}: AWS wies eine Signatur ab, weil die Uhr mehr als fünf Minuten falsch geht; das SDK berichtigt das und versucht es noch einmal",
    ),
    ("answer {}: {}", "Antwort {}: {}"),
    // Services around.
    ("bucket {} exists", "Bucket {} ist da"),
    ("bucket {} is gone", "Bucket {} ist fort"),
    ("s3://{} was written ({})", "s3://{} wurde geschrieben ({})"),
    ("s3://{} was deleted", "s3://{} wurde gelöscht"),
    ("Firehose stream {} is {}", "Firehose-Stream {} ist {}"),
    (
        "{} delivered {} records ({}), the oldest after {} ms",
        "{} lieferte {} Datensätze aus ({}), den ältesten nach {} ms",
    ),
    (
        "{} delivered {} failed records as errors ({}), the oldest after {} ms",
        "{} lieferte {} gescheiterte Datensätze als Fehler aus ({}), den ältesten nach {} ms",
    ),
    ("{} could not deliver ({}), again at {}", "{} konnte nicht ausliefern ({}), wieder um {}"),
    (
        "{} gave {} up: the stream's retention is over",
        "{} gab {} auf: die Aufbewahrungsfrist des Streams ist um",
    ),
    ("Flink application {} is {}", "Flink-Anwendung {} ist {}"),
    (
        "Flink application {} restarts from its last checkpoint",
        "Flink-Anwendung {} beginnt neu beim letzten Checkpoint",
    ),
    ("{} made a checkpoint after {}", "{} setzte nach {} einen Checkpoint"),
    (
        "{} dropped a late record of {}, event time {}",
        "{} verwarf einen verspäteten Datensatz von {}, Ereigniszeit {}",
    ),
    (
        "{}: the watermark closed windows with {} results",
        "{}: das Watermark schloss Fenster mit {} Ergebnissen",
    ),
    ("replication task {} is {}", "Replikationsaufgabe {} ist {}"),
    ("{}: the full load is done, {} rows", "{}: der volle Ladevorgang ist fertig, {} Zeilen"),
    ("a message arrived at {}", "eine Nachricht kam an bei {}"),
    ("function {} exists", "Funktion {} ist da"),
    ("function {} behaves in another way", "Funktion {} verhält sich anders"),
    ("function {} is gone", "Funktion {} ist fort"),
    ("event source mapping of {} is {}", "Event Source Mapping von {} ist {}"),
    (
        "{} succeeded with {} of {} after {} ms (IteratorAge {} ms)",
        "{} gelang mit {} von {} nach {} ms (IteratorAge {} ms)",
    ),
    (
        "{} reported failed records with {} of {} after {} ms (IteratorAge {} ms)",
        "{} meldete gescheiterte Datensätze bei {} von {} nach {} ms (IteratorAge {} ms)",
    ),
    (
        "{} threw with {} of {} after {} ms (IteratorAge {} ms)",
        "{} warf eine Ausnahme bei {} von {} nach {} ms (IteratorAge {} ms)",
    ),
    (
        "{} timed out with {} of {} after {} ms (IteratorAge {} ms)",
        "{} brauchte zu lang mit {} von {}: {} ms (IteratorAge {} ms)",
    ),
    (
        "{} was throttled with {} of {} after {} ms (IteratorAge {} ms)",
        "{} wurde gedrosselt mit {} von {} nach {} ms (IteratorAge {} ms)",
    ),
    (
        "{} found no function with {} of {} after {} ms (IteratorAge {} ms)",
        "{} fand keine Funktion für {} von {} nach {} ms (IteratorAge {} ms)",
    ),
    (
        "{}: {} of {} will be tried again at {} (retry {})",
        "{}: {} von {} werden um {} noch einmal versucht (Wiederholung {})",
    ),
    (
        "{}: a failed batch of {} was cut into {} and {}",
        "{}: ein gescheiterter Stapel von {} wurde in {} und {} geteilt",
    ),
    ("{} gave up {} of {}: {}, and nobody is told", "{} gab {} von {} auf: {}, und niemand erfährt davon"),
    ("{} gave up {} of {}: {}, {} is told", "{} gab {} von {} auf: {}, {} erfährt davon"),
    // Why.
    ("facts in between that are not kept any more", "dazwischen Ereignisse, die nicht mehr aufgehoben sind"),
    ("the service's own timetable", "der eigene Zeitplan des Dienstes"),
    ("a command asked for it", "ein Kommando es wollte"),
    (
        "the program goes on with the answer that it got",
        "das Programm mit der Antwort weitermacht, die es bekam",
    ),
    (
        "a call is answered once the service has done its work",
        "ein Aufruf beantwortet wird, sobald der Dienst fertig ist",
    ),
    (
        "a shard takes 1,000 records per second, whoever puts them",
        "ein Shard 1.000 Datensätze je Sekunde nimmt, von wem auch immer",
    ),
    ("a shard takes 1 MB per second, whoever puts it", "ein Shard 1 MB je Sekunde nimmt, von wem auch immer"),
    (
        "a shard answers 5 GetRecords calls per second, for all readers together",
        "ein Shard 5 GetRecords-Aufrufe je Sekunde beantwortet, für alle Leser zusammen",
    ),
    (
        "a shard gives 2 MB per second, to all polling readers together",
        "ein Shard 2 MB je Sekunde gibt, allen abfragenden Lesern zusammen",
    ),
    (
        "a shard answers 5 GetShardIterator calls per second",
        "ein Shard 5 GetShardIterator-Aufrufe je Sekunde beantwortet",
    ),
    (
        "the service works on a change by itself until it is through",
        "der Dienst von selbst an einer Änderung arbeitet, bis sie fertig ist",
    ),
    (
        "its last record became older than the retention period",
        "sein letzter Datensatz älter wurde als die Aufbewahrungsfrist",
    ),
    (
        "the service pushes to a subscription what arrives in its shard",
        "der Dienst an ein Abonnement sendet, was in dessen Shard ankommt",
    ),
    (
        "a subscription lasts five minutes at most, and ends with what it hangs on",
        "ein Abonnement höchstens fünf Minuten dauert und mit dem endet, woran es hängt",
    ),
    ("the retry policy says to try again", "die Einstellung zu Wiederholungen es so will"),
    ("nobody tries again", "niemand es noch einmal versucht"),
    ("nobody owned the lease", "niemandem die Lease gehörte"),
    (
        "the function failed or the records are too old: the mapping's settings say whether the batch is tried again, cut in two or given up",
        "die Funktion scheiterte oder die Datensätze zu alt sind: die Einstellungen des Mappings sagen, ob der Stapel noch einmal versucht, geteilt oder aufgegeben wird",
    ),
    (
        "the owner did not renew: the lease's counter was the same for longer than failoverTimeMillis",
        "der Besitzer nicht erneuerte: der Zähler der Lease stand länger still als failoverTimeMillis",
    ),
    (
        "a worker with fewer leases than its share takes one from the worker with the most",
        "ein Worker mit weniger Leases als seinem Anteil dem mit den meisten eine nimmt",
    ),
    (
        "a lease is written on condition of its counter, and another worker had changed that",
        "eine Lease nur bei gleichem Zähler geschrieben wird und ein anderer Worker ihn geändert hatte",
    ),
    (
        "the worker could not renew the lease for failoverTimeMillis by its own clock: others may have it",
        "der Worker die Lease nach eigener Uhr failoverTimeMillis lang nicht erneuern konnte: andere mögen sie haben",
    ),
    (
        "only the worker that holds a shard's lease may checkpoint",
        "nur der Worker einen Checkpoint setzen darf, der die Lease des Shards hält",
    ),
    (
        "the lease table's provisioned units of this second are used up",
        "die bereitgestellten Einheiten der Lease-Tabelle für diese Sekunde aufgebraucht sind",
    ),
    (
        "an aggregate with a user record whose hash key lies outside of the lease's range is thrown away whole",
        "ein Aggregat mit einem Nutzerdatensatz, dessen Hash-Key außerhalb des Bereichs der Lease liegt, ganz verworfen wird",
    ),
    (
        "the position from which the shard was read lies behind these records",
        "die Stelle, von der an der Shard gelesen wurde, hinter diesen Datensätzen liegt",
    ),
    ("a fault makes it so while it is on", "eine Störung es so macht, solange sie an ist"),
    ("the fault was to last so long", "die Störung so lange dauern sollte"),
    (
        "no answer came in time, and the program gave up waiting",
        "keine Antwort rechtzeitig kam und das Programm nicht länger wartete",
    ),
    (
        "a worker's load is further from the average than reBalanceThresholdPercentage: the leader moves some of it to the worker with the least",
        "die Last eines Workers weiter vom Mittel entfernt ist als reBalanceThresholdPercentage: der Führende gibt etwas davon dem mit der geringsten",
    ),
    ("nobody held the leader's lock", "niemand die Sperre des Führenden hielt"),
    (
        "the leader's lock had the same recordVersionNumber for longer than its lease duration of 120 s",
        "die Sperre des Führenden länger als ihre Dauer von 120 s dieselbe recordVersionNumber hatte",
    ),
    (
        "the lease stood in the worker's name when it looked into the table's index",
        "die Lease auf den Namen des Workers lautete, als er in den Index der Tabelle sah",
    ),
    (
        "the leader asked for it: whoever has the lease comes to the end of its batch and writes its progress first",
        "der Führende darum bat: wer die Lease hat, beendet erst seinen Stapel und hält seinen Fortschritt fest",
    ),
    (
        "the batch took longer than gracefulLeaseHandoffTimeoutMillis: the lease goes over all the same",
        "der Stapel länger dauerte als gracefulLeaseHandoffTimeoutMillis: die Lease geht trotzdem über",
    ),
    (
        "the leader could not read its tables three times in a row",
        "der Führende seine Tabellen dreimal hintereinander nicht lesen konnte",
    ),
    (
        "the shard is processed to its end, and its children are begun",
        "der Shard zu Ende verarbeitet ist und seine Kinder begonnen sind",
    ),
    ("{} makes {} records per second", "{} je Sekunde {} Datensätze macht"),
    (
        "{} makes {} user records per second and packs them",
        "{} je Sekunde {} Nutzerdatensätze macht und packt",
    ),
    ("the Kinesis Agent on {} tails its logs", "der Kinesis Agent auf {} die Logs verfolgt"),
    ("{} reads on by itself", "{} von selbst weiterliest"),
    (
        "{} renews and takes leases, reads and checkpoints by itself",
        "{} von selbst Leases erneuert und nimmt, liest und Checkpoints setzt",
    ),
    ("the service behind {} works by itself", "der Dienst hinter {} von selbst arbeitet"),
    // Notices.
    (
        "Records in the stream: {}, unchanged. Other readers: unchanged.",
        "Datensätze im Stream: {}, unverändert. Andere Leser: unverändert.",
    ),
    ("{}. Your world is as it was.", "{}. Ihre Welt ist, wie sie war."),
    (
        "{}. It is put aside: Session has it as a file.",
        "{}. Sie ist beiseitegelegt: unter „Sitzung“ gibt es sie als Datei.",
    ),
    (
        "It lives under the {} limits from its first instant on.",
        "Sie lebt vom ersten Augenblick an unter den Grenzen von „{}“.",
    ),
    // The stage in words.
    ("Stream {}, {}, {}, {}, kept for {}.", "Stream {}, {}, {}, {}, aufbewahrt für {}."),
    ("active", "aktiv"),
    ("creating", "wird angelegt"),
    ("updating", "wird geändert"),
    ("deleting", "wird gelöscht"),
    ("Next event at {}.", "Nächstes Ereignis um {}."),
    ("Nothing is going to happen by itself.", "Von selbst wird nichts geschehen."),
    ("record {}, key {}, {}, arrived {}", "Datensatz {}, Schlüssel {}, {}, angekommen {}"),
    ("{} of the key space, {}", "{} des Schlüsselraums, {}"),
    (
        "closed: it can be read, but takes no records, {}",
        "geschlossen: lesbar, nimmt aber keine Datensätze an, {}",
    ),
    ("record limit of this second used up, {}", "Datensatzgrenze dieser Sekunde aufgebraucht, {}"),
    ("byte limit of this second used up, {}", "Bytegrenze dieser Sekunde aufgebraucht, {}"),
    ("{} refused so far, {}", "bisher {} abgewiesen, {}"),
    ("1 record.", "1 Datensatz."),
    ("{} records.", "{} Datensätze."),
    ("{}: at the tip", "{}: an der Spitze"),
    ("{}: at the tip, {}", "{}: an der Spitze, {}"),
    ("{}: {} and {} behind", "{}: {} und {} zurück"),
    ("{} and {} behind", "{} und {} zurück"),
    ("{}: {} and {} behind, {}", "{}: {} und {} zurück, {}"),
    ("{}: {}, lease of {}, counter {}", "{}: {}, Lease von {}, Zähler {}"),
    ("lease of {}, counter {}", "Lease von {}, Zähler {}"),
    ("lease of {}, counter {}, {}", "Lease von {}, Zähler {}, {}"),
    ("{} again after a crash", "{} nach einem Absturz nochmals"),
    ("{} again after a crash, {}", "{} nach einem Absturz nochmals, {}"),
    ("{} still thinks it owns it", "{} glaubt noch, sie zu besitzen"),
    ("at the tip", "an der Spitze"),
    ("read to its end", "zu Ende gelesen"),
    ("waits for its parents", "wartet auf seine Eltern"),
    ("expired {} ago", "abgelaufen vor {}"),
    ("written {} ago", "geschrieben vor {}"),
    ("renews in {}", "erneuert in {}"),
    ("not subscribed", "nicht abonniert"),
    ("Shard {}: {}", "Shard {}: {}"),
    ("{} {} before the tip", "{} {} vor der Spitze"),
    ("{}; {}", "{}; {}"),
];

#[cfg(test)]
mod tests {
    use awscli::Shell;
    use sim::{SandboxOptions, fact_view};

    use super::*;
    use crate::desk::first_world;

    #[test]
    fn a_sentence_is_translated_with_the_sentences_in_it() {
        for (english, german) in [
            ("clicks is ACTIVE", "clicks ist ACTIVE"),
            (
                "clicks: shardId-000000000001 refused 412 records: 1,000 records per second are used up",
                "clicks: shardId-000000000001 wies 412 Datensätze ab: 1.000 Datensätze je Sekunde sind aufgebraucht",
            ),
            (
                "web lost 1 record (first key us): refused, and not tried again",
                "web verlor 1 Datensatz (erster Schlüssel us): abgewiesen und nicht noch einmal versucht",
            ),
            ("command 3", "Kommando 3"),
            ("PutRecord: OK", "PutRecord: OK"),
            (
                "billing: at the tip, lease of w1, counter 41, w2 still thinks it owns it",
                "billing: an der Spitze, Lease von w1, Zähler 41, w2 glaubt noch, sie zu besitzen",
            ),
            (
                "50 – 100 % of the key space, record limit of this second used up, 3 refused so far, 7 records.",
                "50 – 100 % des Schlüsselraums, Datensatzgrenze dieser Sekunde aufgebraucht, bisher 3 abgewiesen, 7 Datensätze.",
            ),
        ] {
            assert_eq!(in_german(english), german);
        }
    }

    #[test]
    fn each_pattern_has_as_many_places_in_german_as_in_english() {
        for (english, german) in SENTENCES {
            assert_eq!(english.matches("{}").count(), german.matches("{}").count(), "{english}");
        }
    }

    #[test]
    fn what_happens_in_a_busy_world_is_told_in_german() {
        let (mut shell, mut sandbox) = (Shell::default(), first_world(SandboxOptions::default()));
        let arn = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks";
        let lines = [
            "sandbox producer start web --stream clicks --rate 1500 --keys hot:100:celebrity --retry backoff",
            "sandbox producer start mobile --stream clicks --rate 10 --keys fixed:celebrity",
            "sleep 2",
            "sandbox producer change web --rate 5",
            "sandbox kpl start packed --stream clicks --rate 20 --size 40",
            "sandbox reader start audit --stream clicks --from TRIM_HORIZON",
            "sandbox kcl start billing --stream clicks --workers 2",
            "sandbox bucket create archive",
            "sandbox function create agg --count-by partition-key",
            "sandbox mapping create agg --event-source-arn ARN --from LATEST --batch-size 100",
            "sandbox firehose create to-s3 --kinesis-stream-arn ARN --bucket archive --interval-in-seconds 15",
            "sandbox flink create totals --stream clicks --window 10s",
            "aws kinesis register-stream-consumer --stream-arn ARN --consumer-name fraud",
            "sleep 20",
            "sandbox reader start fraud --stream clicks --consumer fraud",
            "aws kinesis split-shard --stream-name clicks --shard-to-split shardId-000000000001 --new-starting-hash-key 255211775190703847597530955573826158592",
            "sleep 40",
            "sandbox kcl pause billing w1",
            "sandbox fault loss --percent 30 --way answers --program web --for 10s",
            "sandbox fault clock mobile --behind 10m --for 10s",
            "sleep 40",
            "aws kinesis increase-stream-retention-period --stream-name clicks --retention-period-hours 48",
            "sandbox producer stop mobile",
            "sleep 20",
        ];
        for line in lines {
            let output =
                crate::language::run(&mut shell, &mut sandbox, &line.replace("ARN", arn), &mut |_| {});
            assert_eq!(output.exit_code, 0, "{line}: {}", output.stderr);
        }
        let world = sandbox.world();
        let mut told = 0;
        for stamped in world.facts_since(0) {
            let fact = fact_view(world, stamped);
            // What the wire says is the same in every language.
            if fact.kind == "CallAnswered" {
                continue;
            }
            told += 1;
            assert_ne!(in_german(&fact.text), fact.text);
            assert!(fact.because.is_empty() || in_german(&fact.because) != fact.because, "{}", fact.because);
        }
        assert!(told > 500, "{told} sentences");
    }
}
