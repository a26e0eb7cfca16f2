"""Streams: their life, lists, tags and settings."""

from support import ACCOUNT, QUICKLY, equal, refused


def life_of_a_stream(client):
    kinesis = client.kinesis
    kinesis.create_stream(StreamName="orders", ShardCount=2, Tags={"team": "web"})
    description = kinesis.describe_stream(StreamName="orders")["StreamDescription"]
    equal(description["StreamStatus"], "CREATING")
    equal(description["Shards"], [])
    kinesis.get_waiter("stream_exists").wait(StreamName="orders", WaiterConfig=QUICKLY)
    description = kinesis.describe_stream(StreamName="orders")["StreamDescription"]
    equal(description["StreamStatus"], "ACTIVE")
    equal(description["StreamARN"], f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/orders")
    equal(description["RetentionPeriodHours"], 24)
    equal(
        [(shard["ShardId"], shard["HashKeyRange"]) for shard in description["Shards"]],
        [
            ("shardId-000000000000", {"StartingHashKey": "0", "EndingHashKey": str(2**127 - 1)}),
            ("shardId-000000000001", {"StartingHashKey": str(2**127), "EndingHashKey": str(2**128 - 1)}),
        ],
    )
    summary = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    equal((summary["OpenShardCount"], summary["ConsumerCount"]), (2, 0))
    equal(summary["StreamCreationTimestamp"], description["StreamCreationTimestamp"])
    equal(kinesis.list_tags_for_stream(StreamName="orders")["Tags"], [{"Key": "team", "Value": "web"}])
    taken = "Stream orders under account 123456789012 already exists."
    refused("ResourceInUseException", taken, kinesis.create_stream, StreamName="orders", ShardCount=1)
    kinesis.delete_stream(StreamName="orders")
    equal(kinesis.describe_stream(StreamName="orders")["StreamDescription"]["StreamStatus"], "DELETING")
    kinesis.get_waiter("stream_not_exists").wait(StreamName="orders", WaiterConfig=QUICKLY)
    gone = "Stream orders under account 123456789012 not found."
    refused("ResourceNotFoundException", gone, kinesis.describe_stream, StreamName="orders")
    equal(kinesis.list_streams()["StreamNames"], [])


def waiters_wait(client):
    """With botocore's own ten seconds between two looks: the bridge's clock is many times as fast."""
    client.kinesis.create_stream(StreamName="orders", ShardCount=1)
    client.kinesis.get_waiter("stream_exists").wait(StreamName="orders")
    client.kinesis.delete_stream(StreamName="orders")
    client.kinesis.get_waiter("stream_not_exists").wait(StreamName="orders", WaiterConfig=QUICKLY)


def list_streams_in_pages(client):
    names = [f"stream-{number:02}" for number in range(7)]
    for name in names:
        client.active_stream(name)
    pages = list(client.kinesis.get_paginator("list_streams").paginate(PaginationConfig={"PageSize": 3}))
    equal([len(page["StreamNames"]) for page in pages], [3, 3, 1])
    equal([name for page in pages for name in page["StreamNames"]], names)
    equal([summary["StreamName"] for page in pages for summary in page["StreamSummaries"]], names)
    equal([page["HasMoreStreams"] for page in pages], [True, True, False])


def tags(client):
    kinesis = client.kinesis
    arn = client.active_stream("orders")
    kinesis.add_tags_to_stream(StreamName="orders", Tags={"b": "2", "a": "1", "c": "3"})
    kinesis.remove_tags_from_stream(StreamName="orders", TagKeys=["b"])
    kinesis.tag_resource(ResourceARN=arn, Tags={"d": "4"})
    kinesis.untag_resource(ResourceARN=arn, TagKeys=["a"])
    expected = [{"Key": "c", "Value": "3"}, {"Key": "d", "Value": "4"}]
    equal(kinesis.list_tags_for_stream(StreamName="orders")["Tags"], expected)
    equal(kinesis.list_tags_for_resource(ResourceARN=arn)["Tags"], expected)
    page = kinesis.list_tags_for_stream(StreamName="orders", Limit=1)
    equal((page["Tags"], page["HasMoreTags"]), (expected[:1], True))


def settings(client):
    kinesis = client.kinesis
    arn = client.active_stream("orders")
    kinesis.increase_stream_retention_period(StreamName="orders", RetentionPeriodHours=48)
    client.settled("orders")
    kinesis.start_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    client.settled("orders")
    kinesis.enable_enhanced_monitoring(StreamName="orders", ShardLevelMetrics=["IncomingBytes"])
    client.settled("orders")
    kinesis.update_stream_mode(StreamARN=arn, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    client.settled("orders")
    summary = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    equal(summary["RetentionPeriodHours"], 48)
    equal((summary["EncryptionType"], summary["KeyId"]), ("KMS", "alias/aws/kinesis"))
    equal(summary["EnhancedMonitoring"], [{"ShardLevelMetrics": ["IncomingBytes"]}])
    equal(summary["StreamModeDetails"], {"StreamMode": "ON_DEMAND"})
    kinesis.decrease_stream_retention_period(StreamName="orders", RetentionPeriodHours=24)
    client.settled("orders")
    kinesis.stop_stream_encryption(StreamName="orders", EncryptionType="KMS", KeyId="alias/aws/kinesis")
    client.settled("orders")
    kinesis.disable_enhanced_monitoring(StreamName="orders", ShardLevelMetrics=["ALL"])
    client.settled("orders")
    summary = kinesis.describe_stream_summary(StreamName="orders")["StreamDescriptionSummary"]
    equal((summary["RetentionPeriodHours"], summary["EncryptionType"]), (24, "NONE"))
    equal(summary["EnhancedMonitoring"], [{"ShardLevelMetrics": []}])
    equal(kinesis.describe_limits()["OnDemandStreamCount"], 1)


def newer_settings(client):
    """What came in 2025 and 2026: an on-demand stream prepared for traffic, larger records, no partition key."""
    kinesis = client.kinesis
    commitment = {"Status": "ENABLED"}
    kinesis.update_account_settings(MinimumThroughputBillingCommitment=commitment)
    account = kinesis.describe_account_settings()
    equal(account["MinimumThroughputBillingCommitment"]["Status"], "ENABLED")
    arn = client.active_stream("orders", shards=None, StreamModeDetails={"StreamMode": "ON_DEMAND"})
    answer = kinesis.update_stream_warm_throughput(StreamARN=arn, WarmThroughputMiBps=10)
    equal(answer["WarmThroughput"]["TargetMiBps"], 10)
    client.settled("orders")
    kinesis.update_max_record_size(StreamARN=arn, MaxRecordSizeInKiB=2048)
    kinesis.update_stream_record_distribution_strategy(StreamARN=arn, RecordDistributionStrategy="AUTO")
    summary = kinesis.describe_stream_summary(StreamARN=arn)["StreamDescriptionSummary"]
    equal(summary["WarmThroughput"], {"TargetMiBps": 10, "CurrentMiBps": 10})
    equal((summary["MaxRecordSizeInKiB"], summary["RecordDistributionStrategy"]), (2048, "AUTO"))
    put = kinesis.put_record(StreamARN=arn, Data=b"x" * 1536 * 1024)
    assert put["ShardId"].startswith("shardId-"), put


def rates_of_calls(client):
    """DescribeStream may be called ten times a second: botocore waits for the next one and says nothing of it."""
    limited = client.with_config(retries={"total_max_attempts": 1})
    for _ in range(10):
        limited.describe_stream(StreamName="orders")
    over = "Rate exceeded for stream orders under account 123456789012."
    # The bridge's clock goes on by a second after each refusal.
    refused("LimitExceededException", over, limited.describe_stream, StreamName="orders")
    for mode in ("legacy", "standard"):
        kinesis = client.with_config(retries={"mode": mode, "max_attempts": 3})
        answers = [kinesis.describe_stream(StreamName="orders") for _ in range(11)]
        equal([answer["ResponseMetadata"]["RetryAttempts"] for answer in answers], [0] * 10 + [1])
        kinesis.describe_limits()
