"""Registered consumers."""

from support import equal, refused


def life_of_a_consumer(client):
    kinesis = client.kinesis
    arn = client.active_stream("orders")
    names = [f"app-{number}" for number in range(5)]
    registered = [
        kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"] for name in names
    ]
    equal([consumer["ConsumerName"] for consumer in registered], names)
    assert registered[0]["ConsumerARN"].startswith(f"{arn}/consumer/app-0:"), registered[0]
    until_active(kinesis, registered[4]["ConsumerARN"])
    pages = list(
        kinesis.get_paginator("list_stream_consumers").paginate(StreamARN=arn, PaginationConfig={"PageSize": 2})
    )
    equal([[consumer["ConsumerName"] for consumer in page["Consumers"]] for page in pages],
          [names[:2], names[2:4], names[4:]])
    summary = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    equal(summary["ConsumerCount"], 5)
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="app-0")
    gone = "Consumer app-0, account 123456789012 not found."
    while True:
        try:
            kinesis.describe_stream_consumer(StreamARN=arn, ConsumerName="app-0")
        except kinesis.exceptions.ResourceNotFoundException:
            break
    refused("ResourceNotFoundException", gone, kinesis.describe_stream_consumer, StreamARN=arn, ConsumerName="app-0")


def until_active(kinesis, consumer_arn):
    status = ""
    while status != "ACTIVE":
        description = kinesis.describe_stream_consumer(ConsumerARN=consumer_arn)["ConsumerDescription"]
        status = description["ConsumerStatus"]


def subscribed(client):
    """Records that are there and records that come, pushed until five minutes are over; then on from there."""
    kinesis = client.kinesis
    arn = client.active_stream("orders")
    consumer_arn = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="app")["Consumer"]["ConsumerARN"]
    until_active(kinesis, consumer_arn)

    def put(data):
        kinesis.put_record(StreamName="orders", PartitionKey="a", Data=data)

    put(b"one")
    put(b"two")
    subscription = subscribe(kinesis, consumer_arn, {"Type": "TRIM_HORIZON"})
    events = [next(subscription)]
    put(b"live")
    events += subscription
    equal([record["Data"] for event in events for record in event["Records"]], [b"one", b"two", b"live"])
    assert all(event["MillisBehindLatest"] >= 0 for event in events), events
    put(b"after")
    position = {"Type": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": events[-1]["ContinuationSequenceNumber"]}
    again = [record["Data"] for event in subscribe(kinesis, consumer_arn, position) for record in event["Records"]]
    equal(again, [b"after"])


def subscribe(kinesis, consumer_arn, position):
    """The events of a subscription, until it ends."""
    answer = kinesis.subscribe_to_shard(
        ConsumerARN=consumer_arn, ShardId="shardId-000000000000", StartingPosition=position
    )
    equal(answer["ResponseMetadata"]["HTTPHeaders"]["content-type"], "application/vnd.amazon.eventstream")
    for event in answer["EventStream"]:
        yield event["SubscribeToShardEvent"]


def subscribed_twice(client):
    kinesis = client.kinesis
    arn = client.active_stream("orders")
    consumer_arn = kinesis.register_stream_consumer(StreamARN=arn, ConsumerName="app")["Consumer"]["ConsumerARN"]
    until_active(kinesis, consumer_arn)
    parameters = {
        "ConsumerARN": consumer_arn,
        "ShardId": "shardId-000000000000",
        "StartingPosition": {"Type": "LATEST"},
    }
    first = kinesis.subscribe_to_shard(**parameters)
    other = "Another active subscription exists for this consumer: 123456789012:orders:shardId-000000000000:app"
    refused("ResourceInUseException", other, kinesis.subscribe_to_shard, **parameters)
    first["EventStream"].close()
