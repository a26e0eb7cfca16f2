"""What the scenarios share: clients of one bridge, and checks that say what they saw."""

import hashlib

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
# Seconds of wall time between two looks of a waiter. The sandbox's clock moves with each call, not with these.
QUICKLY = {"Delay": 0.01, "MaxAttempts": 20}


class Client:
    """A bridge's address, and boto3's client for it as `kinesis`."""

    def __init__(self, url):
        self.url = url
        self.kinesis = self.with_config()

    def with_config(self, **options):
        return boto3.client("kinesis", endpoint_url=self.url, config=Config(**options))

    def active_stream(self, name, shards=1, **options):
        """Creates a stream and waits until it can be used; returns its ARN. On demand it has no count of shards."""
        if shards is not None:
            options["ShardCount"] = shards
        self.kinesis.create_stream(StreamName=name, **options)
        self.settled(name)
        summary = self.kinesis.describe_stream_summary(StreamName=name)
        return summary["StreamDescriptionSummary"]["StreamARN"]

    def settled(self, name):
        self.kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig=QUICKLY)


def equal(seen, expected):
    if seen != expected:
        raise AssertionError(f"saw {seen!r}\nexpected {expected!r}")


def refused(code, message, call, **parameters):
    """Checks that a call is refused with this class of exception and this message; returns the exception."""
    try:
        answer = call(**parameters)
    except ClientError as error:
        equal((error.response["Error"]["Code"], error.response["Error"]["Message"]), (code, message))
        # botocore makes a class for each exception of the model: programs catch it by that.
        equal(type(error).__name__, code if code in MODELLED else "ClientError")
        return error
    raise AssertionError(f"saw the answer {answer!r}\nexpected {code}: {message}")


MODELLED = {
    "AccessDeniedException",
    "ExpiredIteratorException",
    "ExpiredNextTokenException",
    "InvalidArgumentException",
    "LimitExceededException",
    "ProvisionedThroughputExceededException",
    "ResourceInUseException",
    "ResourceNotFoundException",
    "ValidationException",
}


def shard_of(partition_key, n_shards):
    """The shard of an evenly divided stream that a key belongs to, worked out without the sandbox."""
    hash_key = int.from_bytes(hashlib.md5(partition_key.encode()).digest(), "big")
    return f"shardId-{hash_key * n_shards >> 128:012}"
