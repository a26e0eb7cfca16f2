//! Help for the sandbox's own lines, and that each verb has some.

use expect_test::expect;

use super::*;

#[test]
fn help_is_made_of_the_tables() {
    check(
        &["help"],
        expect![[r#"
              aws kinesis …    calls Kinesis as the AWS CLI does; see: help kinesis
              aws …            other services, as far as streams meet them; see: help aws
              sandbox …        producers, readers, KCL applications, the clock, undo; see: help sandbox
              sleep 30         lets 30 seconds of virtual time pass
              for, if, |, > …  a shell with variables, files and small programs; see: help shell
              clear            empties the terminal
              help …           explains a command

            Try:
              aws kinesis create-stream --stream-name orders --shard-count 2
        "#]],
    );
    check(
        &["aws kinesis help"],
        expect![[r#"
            aws kinesis COMMAND [OPTIONS]

              add-tags-to-stream                          Adds tags to a stream, or gives present ones new values.
              create-stream                               Creates a stream: CREATING at once, ACTIVE after a while.
              decrease-stream-retention-period            Keeps records for a shorter time, 24 hours at least.
              delete-resource-policy                      Takes the policy of a stream or consumer away.
              delete-stream                               Deletes a stream with all its records.
              deregister-stream-consumer                  Takes a registered consumer away.
              describe-account-settings                   Shows whether the account has On-demand Advantage.
              describe-limits                             Shows how many shards the account has and may have.
              describe-stream                             Shows a stream and its shards.
              describe-stream-consumer                    Shows a registered consumer.
              describe-stream-summary                     Shows a stream without its shards.
              disable-enhanced-monitoring                 Keeps fewer metrics shard by shard.
              enable-enhanced-monitoring                  Keeps metrics shard by shard; AWS charges for them.
              get-records                                 Reads records of one shard, from an iterator on. Nothing is taken out of it.
              get-resource-policy                         Shows the policy of a stream or consumer; {} where there is none.
              get-shard-iterator                          Gets a place in a shard to read from; it expires after five minutes.
              increase-stream-retention-period            Keeps records for a longer time, 8760 hours at most.
              list-shards                                 Lists the shards of a stream.
              list-stream-consumers                       Lists the registered consumers of a stream.
              list-streams                                Lists the streams.
              list-tags-for-resource                      Lists the tags of what the ARN names.
              list-tags-for-stream                        Lists the tags of a stream.
              merge-shards                                Makes one shard of two neighbours.
              put-record                                  Puts one record; its partition key decides the shard.
              put-records                                 Puts up to 500 records, each of which is stored or refused by itself.
              put-resource-policy                         Lets other accounts, users or roles use a stream or consumer.
              register-stream-consumer                    Registers a consumer that reads by enhanced fan-out.
              remove-tags-from-stream                     Takes tags away from a stream.
              split-shard                                 Makes two shards of one.
              start-stream-encryption                     Encrypts new records at rest with a KMS key.
              stop-stream-encryption                      Encrypts new records no more; older ones stay as they are.
              tag-resource                                Adds tags to what the ARN names.
              untag-resource                              Takes tags away from what the ARN names.
              update-account-settings                     Commits the account to a minimum throughput (On-demand Advantage), for 24 hours at least.
              update-max-record-size                      Changes how large one record may be, 1 to 10 MiB.
              update-shard-count                          Changes the number of shards, to even ones; at most doubled, at least halved.
              update-stream-mode                          Changes between PROVISIONED and ON_DEMAND, twice in 24 hours.
              update-stream-record-distribution-strategy  Lets keys or the service decide on the shard of a record, in an on-demand stream.
              update-stream-warm-throughput               Scales an on-demand stream before the traffic comes; needs On-demand Advantage.
              wait                                        Waits until a stream is there, or is gone.

            More on one: help put-record

            Options of every command:
              --region             The AWS Region; the sandbox has one.
              --output             How the answer is printed: json, text, table, yaml, yaml-stream or off.
              --query              Picks parts of the answer: JMESPath, as Records[].Data.
              --cli-binary-format  base64 (the default): --data is base64. raw-in-base64-out: --data is the text itself.
              --no-paginate        Only the first page of the answer.
              --debug              Shows the request and the reply as they are on the wire.
        "#]],
    );
    check(
        &["aws kinesis put-record help"],
        expect![[r#"
            Puts one record; its partition key decides the shard.

              aws kinesis put-record --data BASE64 --partition-key TEXT [OPTIONS]

              --stream-name TEXT                   The stream's name.
              --data BASE64                        The data, as base64; with --cli-binary-format raw-in-base64-out the text itself.
              --partition-key TEXT                 Its MD5 decides the shard.
              --explicit-hash-key TEXT             A hash key instead of the partition key's MD5.
              --sequence-number-for-ordering TEXT  The last sequence number of the same key: the new one will be greater.
              --stream-arn TEXT                    The stream's ARN, instead of its name.
              --dry-run                            Asks whether the call would succeed, and does nothing.
              --no-dry-run                         Says no, as without it.
              --cli-input-json JSON                All members at once, as JSON; what is typed besides wins.
              --generate-cli-skeleton              Prints that JSON with nothing in it, and calls nothing.

            Example:
              aws kinesis put-record --stream-name orders --partition-key user-1 --data hello --cli-binary-format raw-in-base64-out
        "#]],
    );
    check(
        &["help wait"],
        expect![[r#"
        aws kinesis wait WAITER --stream-name STREAM

        Asks every 10 seconds, at most 18 times.

          stream-exists      Until DescribeStream says ACTIVE.
          stream-not-exists  Until there is no such stream.
    "#]],
    );
    check(
        &["sandbox"],
        expect![[r#"
              sandbox producer start     Starts a program that puts records with the AWS SDK.
              sandbox producer change    Gives a running producer new settings.
              sandbox producer stop      Stops a producer.
              sandbox kpl start          Starts a program that puts records with the Kinesis Producer Library; rate and size are of user records.
              sandbox kpl change         Lets a program with the KPL write something else. The library's own settings stay while it runs.
              sandbox kpl stop           Stops a program with the KPL: it makes no more user records and puts what is in the library.
              sandbox agent start        Starts a server on which a program writes a log and the Kinesis Agent sends it.
              sandbox agent change       Gives the agent another configuration and restarts it, or lets a log grow faster or slower.
              sandbox agent log          Lets a program of the server write one more log.
              sandbox agent stop         Stops the agent; the logs are written on.
              sandbox agent restart      Starts the agent again, also after a crash: it goes on from its checkpoints.
              sandbox reader start       Starts a program that polls GetRecords with the AWS SDK, or is pushed to.
              sandbox reader stop        Stops a reader.
              sandbox kcl start          Starts a KCL application: its lease table and its first workers.
              sandbox kcl change         Gives an application new settings, as a deployment does; a position is used for shards without a lease only.
              sandbox kcl add-worker     Adds one worker.
              sandbox kcl crash          Kills a worker's process: its leases stay in its name until they expire.
              sandbox kcl pause          Lets a worker stand still, as a long garbage collection does.
              sandbox kcl resume         Ends a worker's pause.
              sandbox kcl restart        Starts a crashed or stopped worker again.
              sandbox kcl stop           Shuts a worker down: it writes its progress and gives its leases back.
              sandbox kcl host           Gives a worker of KCL 3 a larger or smaller host, or a busy neighbour on it: the leader goes by its CPU.
              sandbox kcl delete-lease   Deletes an item of the lease table by hand, as one should not.
              sandbox kcl delete-table   Deletes the lease table, checkpoints and all.
              sandbox kcl capacity       Gives the lease table provisioned capacity, or makes it on demand.
              sandbox policy set         Gives a user or role (role/NAME) an identity policy; then --profile NAME calls as that user.
              sandbox policy remove      Takes an identity policy away.
              sandbox policy show        Prints a policy with the least that a kind of program needs.
              sandbox identity create    Makes a user or role (role/NAME) that has no policy yet.
              sandbox identity delete    Deletes a user or role that has no policies any more.
              sandbox attach             Lets a running program call as a role from now on, or as the admin again.
              sandbox key policy         Gives a KMS key a policy: without a statement for the account, policies of users and roles count for nothing.
              sandbox key set            Says what KMS answers for a key from now on.
              sandbox function create    Declares a Lambda function: what it does instead of its code.
              sandbox function update    Declares a Lambda function anew; what is not given is as by default.
              sandbox function delete    Deletes a Lambda function; its event source mappings stay.
              sandbox mapping create     Makes an event source mapping: Lambda invokes the function with a stream's records.
              sandbox mapping update     Gives an event source mapping new settings.
              sandbox mapping delete     Deletes an event source mapping.
              sandbox firehose create    Makes a Data Firehose stream that delivers a stream's records to S3.
              sandbox firehose put       Puts records, given as a JSON list of base64, to a Firehose stream without a source.
              sandbox firehose delete    Deletes a Data Firehose stream; what it has buffered is lost.
              sandbox flink create       Starts an application of Managed Service for Apache Flink: counts or sums by key in windows.
              sandbox flink stop         Stops a Flink application with a snapshot.
              sandbox flink start        Starts a stopped Flink application from its snapshot.
              sandbox flink fail         Lets a task of a Flink application die: it begins again from its last checkpoint.
              sandbox flink delete       Deletes a Flink application.
              sandbox dms create         Starts a DMS task: files of rows in S3 become records on a stream.
              sandbox dms stop           Stops a DMS task.
              sandbox dms start          Starts a stopped DMS task again.
              sandbox dms delete         Deletes a DMS task.
              sandbox fault crash        Lets a program die.
              sandbox fault pause        Lets a program stand still, as a long garbage collection does.
              sandbox fault slow         Lets a program or function take longer for each thing that it handles.
              sandbox fault latency      Lets messages between programs and services take longer.
              sandbox fault loss         Lets messages between programs and services get lost.
              sandbox fault partition    Cuts a KCL worker off from its lease table; the stream it still reaches.
              sandbox fault clock        Makes a program's clock wrong.
              sandbox fault throttle     Throttles the next call to a shard, once.
              sandbox fault poison       Puts a record at which an application or a function throws an exception.
              sandbox fault slow-sink    Lets what a program or function writes its results to take long.
              sandbox fault clear        Ends faults.
              sandbox bucket create      Makes an S3 bucket.
              sandbox bucket delete      Deletes an empty S3 bucket.
              sandbox object put         Writes an S3 object.
              sandbox object decode      Writes an S3 object of bytes, given as base64.
              sandbox object delete      Deletes an S3 object.
              sandbox endpoint set       Gives the VPC an endpoint for a service, with private DNS names.
              sandbox endpoint delete    Takes the VPC's endpoint for a service away.
              sandbox cost               Prints what the streams cost so far and by the month, and what the last change added.
              sandbox plan               Says how many shards a stream needs, and which limit asks for them.
              sandbox metrics            Prints the metrics that CloudWatch has points of.
              sandbox metric             Prints the points of a metric.
              sandbox alarm put          Puts an alarm on a metric.
              sandbox alarm delete       Takes an alarm away.
              sandbox alarms             Prints the alarms and their states.
              sandbox trail events       Prints who called what: CloudTrail's management events.
              sandbox trail data-events  Says which calls of the data plane CloudTrail records.
              sandbox clock advance      Lets virtual time pass.
              sandbox clock step         Lets virtual time pass until the next thing happens.
              sandbox clock play         Lets the clock run.
              sandbox clock pause        Stops the clock.
              sandbox clock speed        Virtual seconds per real second, 1/10x to 10000x.
              sandbox undo               Goes back to before the last line that changed something.
              sandbox redo               Takes the last undo back.
              sandbox seek               Goes to a time of this session, or to so long after its beginning.
              sandbox fork make          Makes a second world that is as this one is now; both go on by the same clock.
              sandbox fork switch        Goes over to the other world: what is typed now is done there.
              sandbox fork difference    Says what happened otherwise in the two worlds, and which figures differ.
              sandbox fork drop          Lets the other world go.
              sandbox save               Prints the session: each command with its time.
              sandbox facts              Prints what happened, each fact with its number.
              sandbox why                Says what led to a fact, down to a command.
              sandbox export             Prints what stands in the account for the real AWS: a script, or a template.
              sandbox answer             Answers a question of an exercise.
              sandbox file write         Writes a file, as echo … > file does.
              sandbox file decode        Writes a file of bytes, given as base64.
              sandbox file remove        Removes a file, as rm does.
              sandbox help               Explains the sandbox's verbs.

            More on one: help sandbox producer start
        "#]],
    );
    check(
        &["sandbox kcl help"],
        expect![[r#"
              sandbox kcl start         Starts a KCL application: its lease table and its first workers.
              sandbox kcl change        Gives an application new settings, as a deployment does; a position is used for shards without a lease only.
              sandbox kcl add-worker    Adds one worker.
              sandbox kcl crash         Kills a worker's process: its leases stay in its name until they expire.
              sandbox kcl pause         Lets a worker stand still, as a long garbage collection does.
              sandbox kcl resume        Ends a worker's pause.
              sandbox kcl restart       Starts a crashed or stopped worker again.
              sandbox kcl stop          Shuts a worker down: it writes its progress and gives its leases back.
              sandbox kcl host          Gives a worker of KCL 3 a larger or smaller host, or a busy neighbour on it: the leader goes by its CPU.
              sandbox kcl delete-lease  Deletes an item of the lease table by hand, as one should not.
              sandbox kcl delete-table  Deletes the lease table, checkpoints and all.
              sandbox kcl capacity      Gives the lease table provisioned capacity, or makes it on demand.

            More on one: help sandbox producer start
        "#]],
    );
    check(
        &["help producer start"],
        expect![[r#"
            Starts a program that puts records with the AWS SDK.

              sandbox producer start NAME --stream STREAM [--rate RECORDS] [--traffic SHAPE] [--workload KIND] [--size BYTES] [--keys RECIPE] [--call KIND] [--retry POLICY] [--attempts COUNT] [--concurrency CALLS] [--request-timeout TIME] [--ordering KIND] [--role ROLE] [--subnet SUBNET]

              --stream STREAM         The stream's name.
              --rate RECORDS          Records per second; 100 by default.
              --traffic SHAPE         The rate over time: steady (the default), burst:10:5:60 (10 times for 5 of 60 s), ramp:2000:600 (to 2000/s in 600 s) or daily.
              --workload KIND         What stands in the records: plain (the default), app-log, cloudwatch-metrics or web-activity.
              --size BYTES            Bytes of data in each record; 200 by default, 300 to 450 of a workload.
              --keys RECIPE           Partition keys: uniform:1000 (the default), random, zipf:1000, fixed:us,eu,ap, hot:90:celebrity or composite:fixed:us,eu,ap+uniform:1000 (keys joined by #).
              --call KIND             single: PutRecord for each (the default); batch: PutRecords.
              --retry POLICY          After a failure: none (the default), immediate, backoff (exponential, with full jitter), or the SDK's own modes standard and legacy, which do not reach into a PutRecords answer.
              --attempts COUNT        How often a record is sent at most; 5 by default, 3 in mode standard.
              --concurrency CALLS     Calls under way at most; records queue behind them. No bound by default.
              --request-timeout TIME  When a call without an answer counts as failed; 30s by default.
              --ordering KIND         none (the default), or per-key: one record of a key at a time, with SequenceNumberForOrdering.
              --role ROLE             The role that its AWS calls are made as; the account's admin by default.
              --subnet SUBNET         Where it stands: internet (the default), public, private-nat, or private, which has no way out.

            Example:
              sandbox producer start web --stream orders --rate 500 --keys zipf:1000 --call batch
        "#]],
    );
    check(
        &["help nonsense"],
        expect![[r#"
            There is no help on "nonsense".

              aws kinesis …    calls Kinesis as the AWS CLI does; see: help kinesis
              aws …            other services, as far as streams meet them; see: help aws
              sandbox …        producers, readers, KCL applications, the clock, undo; see: help sandbox
              sleep 30         lets 30 seconds of virtual time pass
              for, if, |, > …  a shell with variables, files and small programs; see: help shell
              clear            empties the terminal
              help …           explains a command

            Try:
              aws kinesis create-stream --stream-name orders --shard-count 2
        "#]],
    );
    assert_eq!(session(&["help put-record"]).1, session(&["help aws kinesis put-record"]).1);
    assert_eq!(session(&["sandbox help"]).1, session(&["sandbox"]).1);
    assert_eq!(session(&["sandbox producer start help"]).1, session(&["help producer start"]).1);
}

#[test]
fn every_operation_member_and_verb_is_explained_and_its_example_works() {
    for operation in crate::aws::commands() {
        for member in awsjson::members(operation).iter().filter(|member| member.is_simulated) {
            assert!(!crate::help::member_help(member.name).is_empty(), "{}", member.name);
        }
        let example = crate::help::example(operation);
        assert_eq!(
            crate::parse(example).map(|line| line.command().map(|c| crate::render(&c)).is_some()),
            Ok(true),
            "{example}"
        );
    }
    for verb in crate::verbs::VERBS {
        assert!(crate::parse(verb.example).is_ok(), "{}", verb.example);
    }
}
