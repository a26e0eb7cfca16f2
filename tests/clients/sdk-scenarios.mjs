// What programs do with the AWS SDK for JavaScript. The same scenarios run in Node over HTTP/2 and inside a page.

import { equal } from "./sdk-world.mjs";

const account = "under account 123456789012";
const StreamName = "orders";
const StreamARN = "arn:aws:kinesis:us-east-1:123456789012:stream/orders";
const shard = (number) => `shardId-${String(number).padStart(12, "0")}`;
const middle = String(2n ** 127n);
// Half of what a shard accepts in a second, with a key of one letter.
const halfMib = new Uint8Array(512 * 1024 - 1).fill(120);
// Seconds of wall time between two looks of a waiter; the virtual clock goes on with each call.
const quickly = { minDelay: 0.01, maxDelay: 0.01, maxWaitTime: 20 };

export const scenarios = {
  async "a stream is created, waited for, described, deleted and waited for again"(world) {
    const { sdk, kinesis: client } = world;
    world.afterCall = () => world.advance(5_000);
    await world.send("CreateStream", { StreamName, ShardCount: 2 });
    const describe = async () => (await world.send("DescribeStream", { StreamName })).StreamDescription;
    equal((await describe()).StreamStatus, "CREATING");
    equal((await sdk.waitUntilStreamExists({ client, ...quickly }, { StreamName })).state, "SUCCESS");
    const description = await describe();
    equal([description.StreamStatus, description.StreamARN], ["ACTIVE", StreamARN]);
    equal(description.StreamCreationTimestamp.toISOString(), "2026-01-01T00:00:00.000Z");
    equal(
      description.Shards.map(({ ShardId, HashKeyRange: range }) => [ShardId, range.StartingHashKey, range.EndingHashKey]),
      [
        [shard(0), "0", String(2n ** 127n - 1n)],
        [shard(1), middle, String(2n ** 128n - 1n)],
      ],
    );
    await world.send("DeleteStream", { StreamName });
    equal((await sdk.waitUntilStreamNotExists({ client, ...quickly }, { StreamName })).state, "SUCCESS");
    equal((await world.send("ListStreams")).StreamNames, []);
  },

  async "bytes come back as they were put, from the shard that MD5 names"(world) {
    await world.createStream(3);
    // Reckoned with Python's MD5: three times the hash, divided by 2 to the 128.
    const shards = { "user-1": 2, "user-2": 0, "user-3": 0, "Zoë": 2 };
    for (const [PartitionKey, number] of Object.entries(shards)) {
      const Data = new Uint8Array([0xe9, 0x00, 0xff, ...new TextEncoder().encode(PartitionKey)]);
      const put = await world.send("PutRecord", { StreamName, PartitionKey, Data });
      equal(put.ShardId, shard(number));
      const [record] = await world.read(put.ShardId, {
        ShardIteratorType: "AT_SEQUENCE_NUMBER",
        StartingSequenceNumber: put.SequenceNumber,
      });
      equal([[...record.Data], record.PartitionKey], [[...Data], PartitionKey]);
      equal(record.SequenceNumber, put.SequenceNumber);
    }
  },

  async "each kind of iterator begins where it should"(world) {
    await world.createStream();
    const numbers = [];
    for (const text of ["one", "two", "three"]) {
      const Data = new TextEncoder().encode(text);
      numbers.push((await world.send("PutRecord", { StreamName, PartitionKey: "a", Data })).SequenceNumber);
      world.advance(1_000);
    }
    const texts = async (ShardIteratorType, position) => {
      const records = await world.read(shard(0), { ShardIteratorType, ...position });
      return records.map(({ Data }) => new TextDecoder().decode(Data)).join(" ");
    };
    equal(await texts("TRIM_HORIZON"), "one two three");
    equal(await texts("LATEST"), "");
    const [, StartingSequenceNumber] = numbers;
    equal(await texts("AT_SEQUENCE_NUMBER", { StartingSequenceNumber }), "two three");
    equal(await texts("AFTER_SEQUENCE_NUMBER", { StartingSequenceNumber }), "three");
    const arrivals = (await world.read(shard(0), { ShardIteratorType: "TRIM_HORIZON" })).map(
      (record) => record.ApproximateArrivalTimestamp,
    );
    equal(arrivals[2] - arrivals[0], 2_000);
    equal(await texts("AT_TIMESTAMP", { Timestamp: arrivals[2] }), "three");
  },

  async "an iterator is good for five minutes"(world) {
    await world.createStream();
    const first = await world.send("GetShardIterator", { StreamName, ShardId: shard(0), ShardIteratorType: "LATEST" });
    world.advance(300_000);
    const { NextShardIterator } = await world.send("GetRecords", { ShardIterator: first.ShardIterator });
    world.advance(300_001);
    const error = await world.refusal("GetRecords", { ShardIterator: NextShardIterator });
    equal(error instanceof world.sdk.ExpiredIteratorException || error.name, true);
  },

  async "one record of a batch is refused and goes through a second later"(world) {
    await world.createStream();
    const batch = ["a", "b", "c"].map((PartitionKey) => ({ PartitionKey, Data: halfMib }));
    const put = await world.send("PutRecords", { StreamName, Records: batch });
    equal(put.FailedRecordCount, 1);
    equal(put.Records.map(({ ErrorCode }) => ErrorCode ?? ""), ["", "", "ProvisionedThroughputExceededException"]);
    equal(put.Records[2].ErrorMessage, `Rate exceeded for shard ${shard(0)} in stream orders ${account}.`);
    world.advance(1_000);
    const refused = batch.filter((_, index) => put.Records[index].ErrorCode);
    const { FailedRecordCount } = await world.send("PutRecords", { StreamName, Records: refused });
    equal([refused.length, FailedRecordCount], [1, 0]);
  },

  async "a throttled call is tried again by the SDK itself and succeeds"(world) {
    await world.createStream();
    await world.send("PutRecords", {
      StreamName,
      Records: ["a", "b"].map((PartitionKey) => ({ PartitionKey, Data: halfMib })),
    });
    const record = { StreamName, PartitionKey: "a", Data: new Uint8Array(1) };
    const error = await world.refusal("PutRecord", record, world.client({ maxAttempts: 1 }));
    equal(error instanceof world.sdk.ProvisionedThroughputExceededException || error.name, true);
    equal(error.message, `Rate exceeded for shard ${shard(0)} in stream orders ${account}.`);
    world.afterCall = (call) => call.error && world.advance(1_000);
    const { $metadata } = await world.send("PutRecord", record);
    equal([$metadata.attempts, $metadata.httpStatusCode], [2, 200]);
  },

  async "a call of the control plane over its rate is tried again too"(world) {
    await world.createStream();
    const describe = (client) => world.send("DescribeStream", { StreamName }, client);
    for (let n = 0; n < 10; n += 1) equal((await describe()).$metadata.attempts, 1);
    const error = await world.refusal("DescribeStream", { StreamName }, world.client({ maxAttempts: 1 }));
    equal([error.name, error.message], ["LimitExceededException", `Rate exceeded for stream orders ${account}.`]);
    world.afterCall = (call) => call.error && world.advance(1_000);
    equal((await describe()).$metadata.attempts, 2);
  },

  async "paginators find everything once"(world) {
    const { sdk, kinesis: client } = world;
    const names = Array.from({ length: 7 }, (_, index) => `orders-${index}`);
    for (const name of names) {
      await world.send("CreateStream", { StreamName: name, ShardCount: 1 });
      world.advance(60_000);
    }
    const streams = [];
    for await (const page of sdk.paginateListStreams({ client, pageSize: 3 }, {})) streams.push(page.StreamNames);
    equal(streams, [names.slice(0, 3), names.slice(3, 6), names.slice(6)]);
    const stream = { StreamARN: `${StreamARN}-0` };
    for (const ConsumerName of ["a", "b", "c"]) {
      await world.send("RegisterStreamConsumer", { ...stream, ConsumerName });
      world.advance(60_000);
    }
    const consumers = [];
    for await (const page of sdk.paginateListStreamConsumers({ client, pageSize: 2 }, stream)) {
      consumers.push(page.Consumers.map(({ ConsumerName, ConsumerStatus }) => `${ConsumerName} ${ConsumerStatus}`));
    }
    equal(consumers, [["a ACTIVE", "b ACTIVE"], ["c ACTIVE"]]);
    await world.send("DeregisterStreamConsumer", { ...stream, ConsumerName: "a" });
    world.advance(60_000);
    const gone = await world.refusal("DescribeStreamConsumer", { ...stream, ConsumerName: "a" });
    equal(gone.message, "Consumer a, account 123456789012 not found.");
  },

  async "a split, a merge and an update of the shard count show parents and children"(world) {
    await world.createStream();
    await world.send("SplitShard", { StreamName, ShardToSplit: shard(0), NewStartingHashKey: middle });
    const merge = { StreamName, ShardToMerge: shard(1), AdjacentShardToMerge: shard(2) };
    const busy = await world.refusal("MergeShards", merge);
    equal(busy.message, `Stream orders ${account} not ACTIVE, instead in state UPDATING`);
    world.advance(60_000);
    const start = { StreamName, ShardId: shard(0), ShardIteratorType: "TRIM_HORIZON" };
    const { ShardIterator } = await world.send("GetShardIterator", start);
    const end = await world.send("GetRecords", { ShardIterator });
    equal([end.NextShardIterator ?? "none", end.ChildShards.map(({ ShardId }) => ShardId)], ["none", [shard(1), shard(2)]]);
    await world.send("MergeShards", merge);
    world.advance(60_000);
    const scaling = { StreamName, TargetShardCount: 2, ScalingType: "UNIFORM_SCALING" };
    const { CurrentShardCount, TargetShardCount } = await world.send("UpdateShardCount", scaling);
    equal([CurrentShardCount, TargetShardCount], [1, 2]);
    world.advance(300_000);
    let page = await world.send("ListShards", { StreamName, MaxResults: 3 });
    const shards = page.Shards;
    while (page.NextToken) {
      page = await world.send("ListShards", { NextToken: page.NextToken, MaxResults: 3 });
      shards.push(...page.Shards);
    }
    const parents = ({ ParentShardId, AdjacentParentShardId }) => [ParentShardId ?? "", AdjacentParentShardId ?? ""];
    equal(shards.slice(0, 4).map(parents), [["", ""], [shard(0), ""], [shard(0), ""], [shard(1), shard(2)]]);
    const open = shards.filter(({ SequenceNumberRange }) => !SequenceNumberRange.EndingSequenceNumber);
    equal(open.map(({ HashKeyRange }) => HashKeyRange.StartingHashKey).sort(), ["0", middle]);
  },

  async "records are pushed to a subscribed consumer until its shard ends"(world) {
    await world.createStream();
    const { Consumer } = await world.send("RegisterStreamConsumer", { StreamARN, ConsumerName: "app" });
    world.advance(60_000);
    const put = (text) =>
      world.send("PutRecord", { StreamName, PartitionKey: "a", Data: new TextEncoder().encode(text) });
    await put("before");
    const subscription = { ConsumerARN: Consumer.ConsumerARN, ShardId: shard(0), StartingPosition: { Type: "TRIM_HORIZON" } };
    const { EventStream } = await world.send("SubscribeToShard", subscription);
    const second = await world.refusal("SubscribeToShard", subscription);
    equal(second.message, "Another active subscription exists for this consumer: 123456789012:orders:shardId-000000000000:app");
    equal(second instanceof world.sdk.ResourceInUseException, true);
    const events = EventStream[Symbol.asyncIterator]();
    // The next event that says something, for which virtual time goes on; nothing at the end.
    const next = async () => {
      for (;;) {
        let isHere = false;
        const event = events.next().finally(() => (isHere = true));
        while (!isHere) {
          world.advance(100);
          await new Promise((done) => setTimeout(done, 5));
        }
        const { SubscribeToShardEvent: pushed } = (await event).value ?? {};
        if (!pushed || pushed.Records.length > 0 || pushed.ChildShards) return pushed;
      }
    };
    const texts = ({ Records }) => Records.map(({ Data }) => new TextDecoder().decode(Data));
    equal(texts(await next()), ["before"]);
    const { SequenceNumber } = await put("live");
    const live = await next();
    equal([texts(live), live.ContinuationSequenceNumber], [["live"], SequenceNumber]);
    await world.send("SplitShard", { StreamName, ShardToSplit: shard(0), NewStartingHashKey: middle });
    world.advance(60_000);
    const last = await next();
    equal([last.ContinuationSequenceNumber ?? "none", last.ChildShards.map(({ ShardId }) => ShardId)], [
      "none",
      [shard(1), shard(2)],
    ]);
    equal((await next()) ?? "the end", "the end");
  },

  async "tags and settings are changed and read back"(world) {
    await world.createStream();
    world.afterCall = () => world.advance(60_000);
    const key = { EncryptionType: "KMS", KeyId: "alias/aws/kinesis" };
    await world.send("AddTagsToStream", { StreamName, Tags: { team: "web" } });
    const { Tags } = await world.send("ListTagsForResource", { ResourceARN: StreamARN });
    equal(Tags, [{ Key: "team", Value: "web" }]);
    await world.send("IncreaseStreamRetentionPeriod", { StreamName, RetentionPeriodHours: 48 });
    await world.send("StartStreamEncryption", { StreamName, ...key });
    await world.send("UpdateStreamMode", { StreamARN, StreamModeDetails: { StreamMode: "ON_DEMAND" } });
    const { StreamDescriptionSummary: summary } = await world.send("DescribeStreamSummary", { StreamName });
    equal([summary.RetentionPeriodHours, summary.StreamModeDetails.StreamMode], [48, "ON_DEMAND"]);
    equal({ EncryptionType: summary.EncryptionType, KeyId: summary.KeyId }, key);
  },

  async "refusals arrive as the exception class and the message of the service"(world) {
    await world.createStream();
    for (const [operation, input, exception, message] of [
      ["DescribeStream", { StreamName: "nope" }, "ResourceNotFoundException", `Stream nope ${account} not found.`],
      ["CreateStream", { StreamName }, "ResourceInUseException", `Stream orders ${account} already exists.`],
      [
        "DecreaseStreamRetentionPeriod",
        { StreamName, RetentionPeriodHours: 1 },
        "InvalidArgumentException",
        "Minimum allowed retention period is 24 hours. Requested retention period (1 hours) is too short.",
      ],
      [
        "PutRecord",
        { StreamName, PartitionKey: "x".repeat(257), Data: new Uint8Array() },
        "ValidationException",
        `1 validation error detected: Value '${"x".repeat(257)}' at 'partitionKey' failed to satisfy constraint: ` +
          "Member must have length less than or equal to 256",
      ],
    ]) {
      const error = await world.refusal(operation, input);
      equal([error.name, error.message], [exception, message]);
      equal(error instanceof world.sdk[exception], true);
      equal([error.$fault, error.$metadata.httpStatusCode, error.$metadata.attempts], ["client", 400, 1]);
    }
  },
};
