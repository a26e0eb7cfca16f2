"""Records: written, refused, tried again, and read from every kind of position."""

from botocore.exceptions import ClientError, ParamValidationError
from support import equal, refused, shard_of

LATIN = b"caf\xe9 \x00\xff"
# The key counts with the data: this and a key of one letter take half of what a shard accepts in a second.
HALF_MIB_WITH_KEY = b"x" * (512 * 1024 - 1)


def read(kinesis, shard_id="shardId-000000000000", **position):
    iterator = kinesis.get_shard_iterator(StreamName="orders", ShardId=shard_id, **position)["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)


def put_and_read(client):
    kinesis = client.kinesis
    client.active_stream("orders", shards=3)
    for key in ["user-1", "user-2", "user-3", "Zoë", "x" * 256]:
        put = kinesis.put_record(StreamName="orders", PartitionKey=key, Data=LATIN + key.encode())
        equal(put["ShardId"], shard_of(key, 3))
        answer = read(
            kinesis,
            put["ShardId"],
            ShardIteratorType="AT_SEQUENCE_NUMBER",
            StartingSequenceNumber=put["SequenceNumber"],
        )
        record = answer["Records"][0]
        equal((record["Data"], record["PartitionKey"]), (LATIN + key.encode(), key))
        equal(record["SequenceNumber"], put["SequenceNumber"])
    batch = [{"Data": b"%d" % number, "PartitionKey": f"key-{number}"} for number in range(500)]
    put = kinesis.put_records(StreamName="orders", Records=batch)
    equal(put["FailedRecordCount"], 0)
    equal([entry["ShardId"] for entry in put["Records"]], [shard_of(entry["PartitionKey"], 3) for entry in batch])
    explicit = kinesis.put_record(StreamName="orders", PartitionKey="a", ExplicitHashKey="0", Data=b"")
    equal(explicit["ShardId"], "shardId-000000000000")


def positions(client):
    kinesis = client.kinesis
    client.active_stream("orders")
    latest = kinesis.get_shard_iterator(
        StreamName="orders", ShardId="shardId-000000000000", ShardIteratorType="LATEST"
    )["ShardIterator"]
    numbers = [
        kinesis.put_record(StreamName="orders", PartitionKey="a", Data=data)["SequenceNumber"]
        for data in (b"one", b"two", b"three")
    ]
    equal(numbers, sorted(numbers, key=int))

    def seen(answer):
        return [record["Data"] for record in answer["Records"]]

    answer = read(kinesis, ShardIteratorType="TRIM_HORIZON")
    equal(seen(answer), [b"one", b"two", b"three"])
    equal(answer["MillisBehindLatest"], 0)
    arrivals = [record["ApproximateArrivalTimestamp"] for record in answer["Records"]]
    equal(arrivals, sorted(arrivals))
    equal(seen(kinesis.get_records(ShardIterator=latest)), [b"one", b"two", b"three"])
    equal(seen(kinesis.get_records(ShardIterator=answer["NextShardIterator"])), [])
    for kind, expected in [("AT_SEQUENCE_NUMBER", [b"two", b"three"]), ("AFTER_SEQUENCE_NUMBER", [b"three"])]:
        equal(seen(read(kinesis, ShardIteratorType=kind, StartingSequenceNumber=numbers[1])), expected)
    equal(seen(read(kinesis, ShardIteratorType="AT_TIMESTAMP", Timestamp=arrivals[2])), [b"three"])
    first = kinesis.get_shard_iterator(
        StreamName="orders", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    equal(seen(kinesis.get_records(ShardIterator=first, Limit=2)), [b"one", b"two"])


def part_of_a_batch_is_refused(client):
    """Three records of half a MiB in one second: a shard takes two. What was refused goes through a second later."""
    kinesis = client.kinesis
    client.active_stream("orders")
    batch = [{"Data": HALF_MIB_WITH_KEY, "PartitionKey": key} for key in ("a", "b", "c")]
    put = kinesis.put_records(StreamName="orders", Records=batch)
    equal(put["FailedRecordCount"], 1)
    equal(
        [("SequenceNumber" in entry, entry.get("ErrorCode")) for entry in put["Records"]],
        [(True, None), (True, None), (False, "ProvisionedThroughputExceededException")],
    )
    equal(
        put["Records"][2]["ErrorMessage"],
        "Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.",
    )
    refused_entries = [entry for entry, answer in zip(batch, put["Records"]) if "ErrorCode" in answer]
    again = kinesis.put_records(StreamName="orders", Records=refused_entries)
    equal((again["FailedRecordCount"], len(again["Records"])), (0, 1))


def throttled_put_is_tried_again(client):
    """botocore itself tries a throttled call again, in each of its modes."""
    n_attempts = []
    client.active_stream("orders")
    for mode in ("legacy", "standard", "adaptive"):
        kinesis = client.with_config(retries={"mode": mode, "max_attempts": 3})
        filler = [{"Data": HALF_MIB_WITH_KEY, "PartitionKey": "a"}] * 2
        equal(kinesis.put_records(StreamName="orders", Records=filler)["FailedRecordCount"], 0)
        put = kinesis.put_record(StreamName="orders", PartitionKey="a", Data=b"again")
        n_attempts.append(put["ResponseMetadata"]["RetryAttempts"])
        # The second that let the retry through has room for what follows: the next round starts in a new one.
        refused_for_rate(client)
    equal(n_attempts, [1, 1, 1])


def refused_for_rate(client):
    """Fills the present second; the bridge's clock moves on at the refusal."""
    once = client.with_config(retries={"total_max_attempts": 1})
    while True:
        try:
            once.put_record(StreamName="orders", PartitionKey="a", Data=HALF_MIB_WITH_KEY)
        except ClientError as error:
            equal(type(error).__name__, "ProvisionedThroughputExceededException")
            return error


def throttled_put_without_retries(client):
    client.active_stream("orders")
    error = refused_for_rate(client)
    equal(
        error.response["Error"]["Message"],
        "Rate exceeded for shard shardId-000000000000 in stream orders under account 123456789012.",
    )
    equal(error.response["ResponseMetadata"]["HTTPStatusCode"], 400)


def an_old_iterator_has_expired(client):
    kinesis = client.kinesis
    client.active_stream("orders")
    iterator = kinesis.get_shard_iterator(
        StreamName="orders", ShardId="shardId-000000000000", ShardIteratorType="LATEST"
    )["ShardIterator"]
    # The bridge's clock goes on by more than five minutes after this call.
    kinesis.describe_limits()
    try:
        kinesis.get_records(ShardIterator=iterator)
    except kinesis.exceptions.ExpiredIteratorException as error:
        assert error.response["Error"]["Message"].startswith("Iterator expired. The iterator was created at time ")
        return
    raise AssertionError("the iterator is still good")


def wrong_requests(client):
    kinesis = client.kinesis
    client.active_stream("orders")
    account = "under account 123456789012"
    refused("ResourceNotFoundException", f"Stream nope {account} not found.", kinesis.put_record,
            StreamName="nope", PartitionKey="a", Data=b"")
    refused("ResourceNotFoundException",
            f"Shard shardId-000000000009 in stream orders {account} does not exist",
            kinesis.get_shard_iterator,
            StreamName="orders", ShardId="shardId-000000000009", ShardIteratorType="LATEST")
    refused("InvalidArgumentException", "Invalid ShardIterator.", kinesis.get_records, ShardIterator="A" * 200)
    refused("InvalidArgumentException",
            "Minimum allowed retention period is 24 hours. Requested retention period (1 hours) is too short.",
            kinesis.decrease_stream_retention_period, StreamName="orders", RetentionPeriodHours=1)
    # botocore leaves patterns, enums and the longest lengths to the service.
    error = refused_validation(kinesis.get_shard_iterator,
                               StreamName="orders", ShardId="shardId-000000000000", ShardIteratorType="NEVER")
    assert error.startswith("1 validation error detected: Value 'NEVER' at 'shardIteratorType' "), error
    error = refused_validation(kinesis.put_record, StreamName="orders", PartitionKey="x" * 257, Data=b"")
    assert error.endswith("Member must have length less than or equal to 256"), error
    try:
        kinesis.put_record(StreamName="orders", PartitionKey="a")
    except ParamValidationError as error:
        assert 'Missing required parameter in input: "Data"' in str(error), error
    else:
        raise AssertionError("botocore sent a request without data")


def refused_validation(call, **parameters):
    try:
        call(**parameters)
    except ClientError as error:
        equal(error.response["Error"]["Code"], "ValidationException")
        return error.response["Error"]["Message"]
    raise AssertionError("it was accepted")
