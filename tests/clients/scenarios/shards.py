"""Shards: split, merged, listed, and read to their end."""

from support import equal, refused


def split_and_merge(client):
    kinesis = client.kinesis
    client.active_stream("orders")
    kinesis.put_record(StreamName="orders", PartitionKey="a", Data=b"before")
    kinesis.split_shard(
        StreamName="orders", ShardToSplit="shardId-000000000000", NewStartingHashKey=str(2**127)
    )
    equal(status(kinesis), "UPDATING")
    busy = "Stream orders under account 123456789012 not ACTIVE, instead in state UPDATING"
    refused("ResourceInUseException", busy, kinesis.merge_shards, StreamName="orders",
            ShardToMerge="shardId-000000000001", AdjacentShardToMerge="shardId-000000000002")
    client.settled("orders")
    shards = kinesis.list_shards(StreamName="orders")["Shards"]
    equal([(shard["ShardId"][-1], shard.get("ParentShardId", "")[-1:]) for shard in shards],
          [("0", ""), ("1", "0"), ("2", "0")])
    equal(["EndingSequenceNumber" in shard["SequenceNumberRange"] for shard in shards], [True, False, False])
    read_to_the_end(kinesis)
    kinesis.merge_shards(
        StreamName="orders", ShardToMerge="shardId-000000000001", AdjacentShardToMerge="shardId-000000000002"
    )
    client.settled("orders")
    merged = kinesis.list_shards(StreamName="orders")["Shards"][3]
    equal((merged["ParentShardId"], merged["AdjacentParentShardId"]),
          ("shardId-000000000001", "shardId-000000000002"))
    equal(merged["HashKeyRange"], {"StartingHashKey": "0", "EndingHashKey": str(2**128 - 1)})
    latest = kinesis.list_shards(StreamName="orders", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    equal([shard["ShardId"] for shard in latest], ["shardId-000000000003"])


def read_to_the_end(kinesis):
    """The first shard is closed: its last answer names the children and no next iterator."""
    iterator = kinesis.get_shard_iterator(
        StreamName="orders", ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    data = []
    answer = {}
    while iterator:
        answer = kinesis.get_records(ShardIterator=iterator)
        data += [record["Data"] for record in answer["Records"]]
        iterator = answer.get("NextShardIterator")
    equal(data, [b"before"])
    equal([child["ShardId"] for child in answer["ChildShards"]], ["shardId-000000000001", "shardId-000000000002"])


def status(kinesis):
    return kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]["StreamStatus"]


def list_shards_in_pages(client):
    kinesis = client.kinesis
    client.active_stream("orders", shards=7)
    expected = [f"shardId-{number:012}" for number in range(7)]
    pages = list(kinesis.get_paginator("describe_stream").paginate(
        StreamName="orders", PaginationConfig={"PageSize": 3}
    ))
    lists = [page["StreamDescription"]["Shards"] for page in pages]
    equal([len(shards) for shards in lists], [3, 3, 1])
    equal([shard["ShardId"] for shards in lists for shard in shards], expected)
    # botocore names the stream again beside the token, and the service refuses that: botocore's issue 2009. So its
    # paginator is good for as many shards as one answer holds, and programs with more go from token to token.
    paginator = kinesis.get_paginator("list_shards")
    equal([shard["ShardId"] for shard in paginator.paginate(StreamName="orders").search("Shards")], expected)
    together = "NextToken and StreamName cannot be provided together."
    in_pages = paginator.paginate(StreamName="orders", PaginationConfig={"PageSize": 3})
    refused("InvalidArgumentException", together, in_pages.build_full_result)
    answer = kinesis.list_shards(StreamName="orders", MaxResults=3)
    listed = answer["Shards"]
    while "NextToken" in answer:
        answer = kinesis.list_shards(NextToken=answer["NextToken"], MaxResults=3)
        listed += answer["Shards"]
    equal([shard["ShardId"] for shard in listed], expected)


def update_shard_count(client):
    kinesis = client.kinesis
    client.active_stream("orders", shards=2)
    answer = kinesis.update_shard_count(StreamName="orders", TargetShardCount=4, ScalingType="UNIFORM_SCALING")
    equal((answer["CurrentShardCount"], answer["TargetShardCount"]), (2, 4))
    client.settled("orders")
    latest = kinesis.list_shards(StreamName="orders", ShardFilter={"Type": "AT_LATEST"})["Shards"]
    quarter = 2**126
    ranges = sorted((int(shard["HashKeyRange"]["StartingHashKey"]), int(shard["HashKeyRange"]["EndingHashKey"]))
                    for shard in latest)
    equal(ranges, [(quarter * at, quarter * (at + 1) - 1) for at in range(4)])
    try:
        once = client.with_config(retries={"total_max_attempts": 1})
        once.update_shard_count(StreamName="orders", TargetShardCount=100, ScalingType="UNIFORM_SCALING")
    except once.exceptions.LimitExceededException:
        return
    raise AssertionError("a stream was made 25 times as large in one step")
