// What a scenario of the AWS SDK for JavaScript has at hand, in Node and in a page alike.

export class World {
  /** Called with `{ operation, status, error }` after each call; a scenario may set it. */
  afterCall = () => {};

  /** `sdk` is the SDK's module, `options` are what its client needs here, `advance(ms)` lets virtual time pass. */
  constructor(sdk, options, advance) {
    this.sdk = sdk;
    this.options = options;
    this.advance = advance;
    this.kinesis = this.client();
  }

  client(options = {}) {
    const credentials = { accessKeyId: "AKIAIOSFODNN7EXAMPLE", secretAccessKey: "wJalrXUtnFEMI" };
    return new this.sdk.KinesisClient({ region: "us-east-1", credentials, ...this.options, ...options });
  }

  /** Calls an operation. */
  send(operation, input = {}, client = this.kinesis) {
    return client.send(new this.sdk[`${operation}Command`](input));
  }

  /** The exception of a call that is to be refused. */
  async refusal(operation, input, client = this.kinesis) {
    try {
      await this.send(operation, input, client);
    } catch (error) {
      return error;
    }
    throw new Error(`${operation} was accepted`);
  }

  /** The stream "orders", ready for use. */
  async createStream(ShardCount = 1) {
    await this.send("CreateStream", { StreamName: "orders", ShardCount });
    this.advance(60_000);
  }

  /** The records of one answer, read from a position in a shard of "orders". A shard allows five reads a second. */
  async read(ShardId, position) {
    this.advance(1_000);
    const { ShardIterator } = await this.send("GetShardIterator", { StreamName: "orders", ShardId, ...position });
    return (await this.send("GetRecords", { ShardIterator })).Records;
  }
}

/** Compares plain values. Of its own, because a page has no assertions. */
export function equal(seen, expected) {
  const [seenText, expectedText] = [seen, expected].map((value) => JSON.stringify(value));
  if (seenText !== expectedText) throw new Error(`saw ${seenText}\nexpected ${expectedText}`);
}
