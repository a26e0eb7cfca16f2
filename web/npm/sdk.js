// A request handler for the AWS SDK for JavaScript whose service is a sandbox: no network, in Node and in a page.
//
//   new KinesisClient({ region, credentials, requestHandler: new SandboxRequestHandler(sandbox) })
//
// It takes what the SDK would send and gives back what the SDK would receive. Signatures are not looked at: whoever
// has the handler has the sandbox. Replies have no Date header: the sandbox's time is not the wall clock's, and a SDK
// would correct its own clock by it.

const JSON_TYPE = "application/x-amz-json-1.1";
const EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream";
const TARGET_PREFIX = "Kinesis_20131202.";

// Milliseconds between two looks for what a subscription has to hand out.
const POLL_INTERVAL_MS = 20;

export class SandboxRequestHandler {
  metadata = { handlerProtocol: "http/1.1" };

  /**
   * Options: `caller` as for `Sandbox.request`; `onTime()`, called before each request and each look at a
   * subscription, for a clock that wants to move the sandbox first; `onCall({ operation, body, status, reply })`,
   * called when a request has been answered, before its answer is handed out.
   */
  constructor(sandbox, { caller, onTime = () => {}, onCall = () => {} } = {}) {
    this.sandbox = sandbox;
    this.caller = caller;
    this.onTime = onTime;
    this.onCall = onCall;
  }

  /** Answers one request of the SDK: `{ headers, body }`, the body as text or as bytes. */
  async handle({ headers, body }, { abortSignal } = {}) {
    if (abortSignal?.aborted) throw aborted();
    const text = typeof body === "string" ? body : new TextDecoder().decode(body ?? new Uint8Array());
    const reply = this.reply(headers, text);
    const answer = reply.subscription === undefined ? encode(reply.text) : this.frames(reply.subscription, abortSignal);
    return { response: { statusCode: reply.statusCode, headers: reply.headers, body: answer } };
  }

  /**
   * The same at once and as text: `{ statusCode, headers, text }`, or in the place of the text the number of a
   * `subscription`, whose frames are still to come.
   */
  reply(headers, text) {
    const contentType = header(headers, "content-type");
    if (contentType !== undefined && !isJson(contentType)) return refused(contentType);
    const target = header(headers, "x-amz-target") ?? "";
    const operation = target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : target;
    this.onTime();
    const reply =
      operation === "SubscribeToShard"
        ? this.sandbox.subscribe(text, this.caller)
        : this.sandbox.request(target, text, this.caller);
    const { status, body, id } = reply;
    this.onCall({ operation, body: text, status, reply: body });
    if (id === undefined) return { statusCode: status, headers: headersOf(JSON_TYPE), text: body };
    return { statusCode: status, headers: headersOf(EVENT_STREAM_TYPE), subscription: id };
  }

  /** The frames of a subscription as they fall due, until it ends or nobody reads on. */
  frames(id, abortSignal) {
    const poll = () => {
      this.onTime();
      return this.sandbox.poll(id);
    };
    const close = () => this.sandbox.close(id);
    return new ReadableStream({
      async pull(controller) {
        let frames = poll();
        while (frames?.length === 0 && !abortSignal?.aborted) {
          await new Promise((done) => setTimeout(done, POLL_INTERVAL_MS));
          frames = poll();
        }
        if (frames === null) {
          controller.close();
        } else if (frames.length > 0) {
          controller.enqueue(frames);
        } else {
          close();
          controller.error(aborted());
        }
      },
      cancel: close,
    });
  }

  // What the SDK expects of a handler besides; there are no connections to set up or to close.
  destroy() {}
  updateHttpClientConfig() {}
  httpHandlerConfigs() {
    return {};
  }
}

function headersOf(contentType) {
  return { "content-type": contentType, "x-amzn-requestid": requestId(), "x-amz-id-2": extendedRequestId() };
}

/** The AWS SDKs for Java send CBOR unless they are told not to. */
function refused(contentType) {
  const message =
    `The sandbox speaks ${JSON_TYPE}, not ${contentType}. ` +
    "The AWS SDK for Java 2 speaks it with CBOR_ENABLED=false, version 1 with AWS_CBOR_DISABLE=1 in the environment.";
  // Assumed: the service knows CBOR and never refuses it, so there is nothing to copy; 415 is what HTTP has for this.
  return { statusCode: 415, headers: headersOf(JSON_TYPE), text: JSON.stringify({ __type: "SerializationException", message }) };
}

function isJson(contentType) {
  const type = contentType.split(";", 1)[0].trim().toLowerCase();
  return type === JSON_TYPE || type === "application/json";
}

function header(headers, name) {
  // Most are written so; the others are looked for.
  const written = headers[name];
  if (written !== undefined) return written;
  const found = Object.keys(headers).find((given) => given.toLowerCase() === name);
  return found === undefined ? undefined : headers[found];
}

function encode(text) {
  return new TextEncoder().encode(text);
}

function aborted() {
  return Object.assign(new Error("Request aborted"), { name: "AbortError" });
}

// Asked for in one piece: each request takes 88 bytes, and asking takes longer than using them.
const random = new Uint8Array(8_800);
let taken = random.length;

function randomBytes(count) {
  if (taken + count > random.length) {
    crypto.getRandomValues(random);
    taken = 0;
  }
  taken += count;
  return random.subarray(taken - count, taken);
}

const hexOf = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** A UUID; made by hand, because pages that were not loaded securely have no `randomUUID`. */
function requestId() {
  const bytes = randomBytes(16);
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  let hex = "";
  for (const [place, byte] of bytes.entries()) hex += (place === 4 || place === 6 || place === 8 || place === 10 ? "-" : "") + hexOf[byte];
  return hex;
}

/** As long as the service's own: 72 bytes in base64 (seen by kinesalite). */
function extendedRequestId() {
  return btoa(String.fromCharCode(...randomBytes(72)));
}
