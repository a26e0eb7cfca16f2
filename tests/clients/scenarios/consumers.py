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
    status = ""
    while status != "ACTIVE":
        status = kinesis.describe_stream_consumer(ConsumerARN=registered[4]["ConsumerARN"])[
            "ConsumerDescription"
        ]["ConsumerStatus"]
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
