// The services beside Kinesis for a real AWS CLI: each request becomes a line of the sandbox's prompt, its members as
// JSON, and what the prompt prints becomes the reply. So two prints of one answer can be compared: the real client's,
// from a reply in its service's own protocol, and the prompt's from the same line as it was typed.

import { createServer } from "node:http";
import { text } from "node:stream/consumers";

/** What stands in `X-Amz-Target`, before the operation, of the services that speak JSON. */
const targets = {
  DynamoDB_20120810: "dynamodb",
  Firehose_20150804: "firehose",
  TrentService: "kms",
  "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101": "cloudtrail",
  CloudTrail_20131101: "cloudtrail",
  AmazonDMSv20160101: "dms",
};

/** The API versions of the services that speak forms and XML. */
const versions = { "2010-05-08": "iam", "2010-08-01": "cloudwatch", "2011-06-15": "sts" };

/** Serves what a sandbox answers; returns the address and `close()`. */
export async function startNeighbours(sandbox) {
  const run = (line) => sandbox.run(line);
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (request.headers.authorization?.includes("/s3/aws4_request")) {
      response.sendDate = false;
      answerS3(sandbox, request, body, response);
      return;
    }
    const { service, operation, input, protocol } = requestOf(request, body);
    const members = service === "sts" ? "" : ` --cli-input-json ${quoted(JSON.stringify(input))}`;
    const { stdout, stderr, exitCode } = await run(`aws ${service} ${hyphenated(operation)}${members} --output json`);
    const refusal = /An error occurred \((\w+)\) when calling the \w+ operation: ([^]*)\n$/.exec(stderr);
    response.sendDate = false;
    if (exitCode === 0) {
      const answer = stdout === "" ? {} : JSON.parse(stdout);
      response.writeHead(200, { "content-type": types[protocol] });
      response.end(protocol === "xml" ? xmlAnswer(operation, answer) : JSON.stringify(answer));
    } else if (refusal) {
      const [, code, message] = refusal;
      response.writeHead(400, { "content-type": types[protocol], "x-amzn-errortype": code });
      response.end(protocol === "xml" ? xmlError(code, message) : JSON.stringify({ __type: code, message, Message: message }));
    } else {
      // The client let something through that the prompt did not: a difference, which is to be seen.
      response.writeHead(400, { "content-type": types[protocol], "x-amzn-errortype": "PromptRefused" });
      response.end(protocol === "xml" ? xmlError("PromptRefused", stderr) : JSON.stringify({ __type: "PromptRefused", message: stderr }));
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((done) => (server.closeAllConnections(), server.close(done))),
  };
}

const types = { json: "application/x-amz-json-1.1", rest: "application/json", xml: "text/xml" };

function requestOf({ method, url, headers }, body) {
  const target = headers["x-amz-target"];
  if (target) {
    const at = target.lastIndexOf(".");
    return { service: targets[target.slice(0, at)], operation: target.slice(at + 1), input: JSON.parse(body), protocol: "json" };
  }
  const { pathname, searchParams } = new URL(url, "http://localhost");
  if (pathname.startsWith("/2015-03-31/event-source-mappings")) {
    const uuid = pathname.split("/")[3];
    const operations = { "POST": "Create", "PUT": "Update", "DELETE": "Delete", "GET": uuid ? "Get" : "List" };
    const operation = `${operations[method]}EventSourceMapping${method === "GET" && !uuid ? "s" : ""}`;
    const query = Object.fromEntries(searchParams);
    return { service: "lambda", operation, input: { ...(body ? JSON.parse(body) : {}), ...(uuid ? { UUID: uuid } : {}), ...query }, protocol: "rest" };
  }
  if (method === "GET" && pathname === "/2015-03-31/functions/") {
    return { service: "lambda", operation: "ListFunctions", input: Object.fromEntries(searchParams), protocol: "rest" };
  }
  const form = new URLSearchParams(body);
  const input = {};
  for (const [name, value] of form) if (name !== "Action" && name !== "Version") put(input, name.split("."), value);
  return { service: versions[form.get("Version")], operation: form.get("Action"), input: plain(input), protocol: "xml" };
}

/** `Dimensions.member.1.Name=x` into nested members; `member` stands for a list. */
function put(into, [name, ...rest], value) {
  if (rest.length === 0) into[name] = value;
  else put((into[name] ??= {}), rest, value);
}

/** Lists out of `{ member: { 1: … } }`, and numbers and truths where the API has some. */
function plain(value, name = "") {
  if (typeof value === "string") {
    if (numbers.has(name)) return Number(value);
    return name.endsWith("Enabled") ? value === "true" : value;
  }
  if (value.member) return Object.values(value.member).map((item) => plain(item));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item, key)]));
}

const numbers = new Set(["Period", "EvaluationPeriods", "DatapointsToAlarm"]);

function xmlAnswer(operation, answer) {
  const result = Object.keys(answer).length === 0 ? "" : `<${operation}Result>${xml(answer)}</${operation}Result>`;
  return `<${operation}Response>${result}<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${operation}Response>`;
}

function xml(value, name) {
  // IAM's documents are texts in which everything is escaped.
  if (name?.endsWith("PolicyDocument")) return encodeURIComponent(JSON.stringify(value));
  if (Array.isArray(value)) return value.map((item) => `<member>${xml(item)}</member>`).join("");
  if (value !== null && typeof value === "object") {
    return Object.entries(value).map(([key, item]) => `<${key}>${xml(item, key)}</${key}>`).join("");
  }
  return escaped(String(value));
}

/**
 * Amazon S3 by its own protocol. What is changed is a line of the prompt, which takes its time; what is looked at comes
 * from the picture, and the last request of a line of the client takes that time.
 */
function answerS3(sandbox, { method, url }, body, response) {
  const { pathname, searchParams } = new URL(url, "http://localhost");
  const [, bucket, ...rest] = decodeURIComponent(pathname).split("/");
  const key = rest.join("/");
  const place = quoted(`s3://${bucket}${key === "" ? "" : `/${key}`}`);
  const iso = (ms) => new Date(ms).toISOString();
  const send = (status, headers = {}, content = "") => {
    response.writeHead(status, headers);
    response.end(method === "HEAD" ? undefined : content);
  };
  const refuse = (stderr, status) => {
    const [, code, message] = /An error occurred \((\w+)\) when calling the \w+ operation: ([^]*)\n$/.exec(stderr);
    send(status, { "content-type": "text/xml" }, `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`);
  };
  const { buckets } = sandbox.view();
  const found = buckets.find(({ name }) => name === bucket);
  const object = found?.objects.find((one) => one.key === key);
  if (method === "PUT" || method === "DELETE") {
    const verb = method === "PUT" ? "mb" : key === "" ? "rb" : "rm";
    const line = method === "PUT" && key !== "" ? `printf %s ${quoted(body)} | aws s3 cp - ${place}` : `aws s3 ${verb} ${place}`;
    const { exitCode, stderr } = sandbox.run(line);
    if (exitCode !== 0) refuse(stderr, 400);
    else send(method === "PUT" ? 200 : 204);
  } else if (key !== "") {
    if (method === "GET" || !object) sandbox.advance(call_ms);
    if (!object) return send(404);
    const { stdout } = sandbox.fork().run(`aws s3 cp ${place} -`);
    send(200, { "content-length": Buffer.byteLength(stdout), "last-modified": new Date(object.writtenMs).toUTCString(), etag: '"1"' }, stdout);
  } else {
    sandbox.advance(call_ms);
    if (bucket !== "" && !found) {
      return refuse("An error occurred (NoSuchBucket) when calling the ListObjectsV2 operation: The specified bucket does not exist\n", 404);
    }
    const type = { "content-type": "text/xml" };
    if (bucket === "") {
      const all = buckets.map(({ name, createdMs }) => `<Bucket><Name>${name}</Name><CreationDate>${iso(createdMs)}</CreationDate></Bucket>`);
      return send(200, type, `<ListAllMyBucketsResult><Buckets>${all.join("")}</Buckets></ListAllMyBucketsResult>`);
    }
    send(200, type, listing(found.objects, searchParams.get("prefix") ?? "", searchParams.get("delimiter") ?? ""));
  }

  function listing(objects, prefix, delimiter) {
    const folders = new Set();
    let contents = "";
    for (const { key, size, writtenMs } of objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
      if (!key.startsWith(prefix)) continue;
      const end = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) folders.add(key.slice(0, end + 1));
      else contents += `<Contents><Key>${escaped(key)}</Key><Size>${size}</Size><LastModified>${iso(writtenMs)}</LastModified></Contents>`;
    }
    const prefixes = [...folders].map((folder) => `<CommonPrefixes><Prefix>${escaped(folder)}</Prefix></CommonPrefixes>`);
    return `<ListBucketResult><IsTruncated>false</IsTruncated>${contents}${prefixes.join("")}</ListBucketResult>`;
  }
}

// The virtual time that a line of the AWS CLI takes at the prompt.
const call_ms = 500;

function xmlError(code, message) {
  return `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>${escaped(message)}</Message></Error><RequestId>1</RequestId></ErrorResponse>`;
}

const escaped = (text) => text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c]);

const hyphenated = (name) => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();

const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;
