// Worlds that a document can name, as the lines that make them. Each is a plain story with a first thing to look at.

export const scenarios = Object.freeze({
  "two-shards": [
    "aws kinesis create-stream --stream-name orders --shard-count 2",
    "sandbox clock advance 30s",
    "aws kinesis put-record --stream-name orders --partition-key user-1 --data aGVsbG8=",
    "aws kinesis put-record --stream-name orders --partition-key user-2 --data aGVsbG8=",
  ],
  "hot-shard": [
    "aws kinesis create-stream --stream-name geo --shard-count 2",
    "sandbox clock advance 30s",
    "sandbox producer start web --stream geo --rate 1500 --keys fixed:us,eu,ap",
    "sandbox clock advance 10s",
  ],
  replay: [
    "aws kinesis create-stream --stream-name clicks --shard-count 1",
    "sandbox clock advance 30s",
    "sandbox producer start web --stream clicks --rate 20",
    "sandbox reader start live --stream clicks --from LATEST",
    "sandbox clock advance 30s",
    "sandbox reader start again --stream clicks --from TRIM_HORIZON",
    "sandbox clock advance 5s",
  ],
  "kcl-fail-over": [
    "aws kinesis create-stream --stream-name orders --shard-count 4",
    "sandbox clock advance 30s",
    "sandbox producer start web --stream orders --rate 100",
    "sandbox kcl start billing --stream orders --workers 2",
    "sandbox clock advance 60s",
    "sandbox kcl crash billing w2",
    "sandbox clock advance 30s",
  ],
});
