"""Plays scenarios with boto3: a line of JSON in, {"name", "url"}, a line of JSON out, {"result"} or {"error"}."""

import json
import sys
import traceback

import aggregates
import consumers
import records
import shards
import streams
from support import Client

SCENARIOS = {
    name: function
    for module in (streams, records, shards, consumers, aggregates)
    for name, function in vars(module).items()
    if callable(function) and getattr(function, "__module__", "") == module.__name__
}


def play(request):
    try:
        return {"result": SCENARIOS[request["name"]](Client(request["url"]))}
    except Exception:  # Whatever goes wrong is for the test's report.
        return {"error": traceback.format_exc()}


for line in sys.stdin:
    print(json.dumps(play(json.loads(line))), flush=True)
