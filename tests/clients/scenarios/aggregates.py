"""Aggregated records: AWS's own module takes apart what the sandbox packs, and packs what the sandbox takes apart."""

import base64
import json

from aws_kinesis_agg.aggregator import RecordAggregator
from aws_kinesis_agg.deaggregator import deaggregate_records
from support import equal, shard_of


def aggregates_come_apart(client):
    kinesis = client.kinesis
    shards = kinesis.list_shards(StreamName="orders")["Shards"]
    count, numbers = 0, []
    for shard in shards:
        for record in all_records(kinesis, shard["ShardId"]):
            count += 1
            user_records = deaggregate_records([lambda_event(record)])
            for user_record in user_records:
                key, data = user_record["kinesis"]["partitionKey"], user_record["kinesis"]["data"]
                equal(shard_of(key, len(shards)), shard["ShardId"])
                numbers.append(json.loads(base64.b64decode(data))["n"])
            if len(user_records) > 1:
                equal(record["PartitionKey"], "a")
    return {"kinesisRecords": count, "numbers": numbers}


def aggregates_are_put(client):
    aggregator = RecordAggregator()
    for number in range(30):
        aggregator.add_user_record(f"user-{number}", f"user record {number}")
        if number % 10 == 9:
            key, explicit_hash_key, data = aggregator.clear_and_get().get_contents()
            equal(explicit_hash_key, None)
            client.kinesis.put_record(StreamName="orders", PartitionKey=key, Data=data)


def all_records(kinesis, shard_id):
    position = {"StreamName": "orders", "ShardId": shard_id, "ShardIteratorType": "TRIM_HORIZON"}
    iterator = kinesis.get_shard_iterator(**position)["ShardIterator"]
    while True:
        page = kinesis.get_records(ShardIterator=iterator)
        yield from page["Records"]
        if page["MillisBehindLatest"] == 0:
            return
        iterator = page["NextShardIterator"]


def lambda_event(record):
    """A record as a Lambda function gets it, which is what the module takes."""
    return {
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "sequenceNumber": record["SequenceNumber"],
            "approximateArrivalTimestamp": record["ApproximateArrivalTimestamp"].timestamp(),
            "partitionKey": record["PartitionKey"],
            "data": base64.b64encode(record["Data"]),
        }
    }
