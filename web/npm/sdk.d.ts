import type { Caller, Sandbox } from "../pkg/kinesis_sandbox.js";

export interface SandboxRequestHandlerOptions {
  /** Who calls; the account's admin unless given. */
  caller?: Caller;
  /** Called before each request and each look at a subscription: the place to move the sandbox's clock. */
  onTime?: () => void;
  /** Called when a request has been answered, before its answer is handed out. */
  onCall?: (call: { operation: string; body: string; status: number; reply: string }) => void;
}

/**
 * A request handler for the AWS SDK for JavaScript whose service is a sandbox: no network, in Node and in a page.
 *
 *     new KinesisClient({ region, credentials, requestHandler: new SandboxRequestHandler(sandbox) })
 */
export class SandboxRequestHandler {
  constructor(sandbox: Sandbox, options?: SandboxRequestHandlerOptions);
  readonly metadata: { handlerProtocol: string };
  handle(request: any, options?: any): Promise<any>;
  destroy(): void;
  updateHttpClientConfig(key: any, value: any): void;
  httpHandlerConfigs(): any;
}
