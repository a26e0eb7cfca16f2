// The clock of a bridge: virtual time is wall time times a factor.

export class WallClock {
  #sandbox;
  #factor;
  #wallTime;
  // Wall time, in milliseconds, up to which the sandbox has been moved.
  #settled;
  // The sandbox takes whole milliseconds; what is left over is kept.
  #rest = 0;

  /** With `factor` 0 the clock stands still, and only `advance` moves it. `wallTime()` is in milliseconds. */
  constructor(sandbox, factor, wallTime = () => performance.now()) {
    this.#sandbox = sandbox;
    this.#wallTime = wallTime;
    this.#settled = wallTime();
    this.factor = factor;
  }

  /** Virtual milliseconds in one of wall time. */
  get factor() {
    return this.#factor;
  }

  set factor(factor) {
    if (!Number.isFinite(factor) || factor < 0) throw new Error(`a clock's factor is at least 0, not ${factor}`);
    if (this.#factor !== undefined) this.settle();
    this.#factor = factor;
  }

  /** Lets the virtual time pass that the wall time since the last call stands for. */
  settle() {
    const now = this.#wallTime();
    const due = (now - this.#settled) * this.#factor + this.#rest;
    this.#settled = now;
    const whole = Math.floor(due);
    this.#rest = due - whole;
    if (whole > 0) this.#sandbox.advance(whole);
  }

  /** The present instant of virtual time, in milliseconds since the Unix epoch. */
  get nowMs() {
    return this.#sandbox.nowMs();
  }

  /** Lets `ms` virtual milliseconds pass at once. */
  advance(ms) {
    this.settle();
    this.#sandbox.advance(ms);
  }
}
