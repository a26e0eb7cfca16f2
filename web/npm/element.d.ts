/** The element `<kinesis-sandbox>`; importing this defines it. Its attributes are listed in custom-elements.json. */
export class KinesisSandboxElement extends HTMLElement {
  /** Loads and shows the sandbox; resolves when it can be used. */
  start(): Promise<void>;
  /** Begins the world of the attributes again. */
  reset(): Promise<void>;
  /** One line as typed at the prompt. Throws before the sandbox has started. */
  run(line: string): { stdout: string; stderr: string; exitCode: number };
  play(): void;
  pause(): void;
  /** To an instant, in milliseconds of virtual time since the Unix epoch. */
  seek(ms: number): void;
  /** The session up to now. */
  save(): string;
}

declare global {
  interface HTMLElementTagNameMap {
    "kinesis-sandbox": KinesisSandboxElement;
  }
}
