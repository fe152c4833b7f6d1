import type { ScriptedModel } from './scripted-model.ts';
import { pause, until } from './waiting.ts';

export interface RunnerLimits {
  /** Models in memory at once; the one that was used longest ago goes first. */
  readonly maxLoaded: number;
  /** Requests that may wait for a load; more are refused. Requests to a loaded model wait without limit. */
  readonly maxQueue: number;
}

/** The right to use a model; `loadMs` is 0 when it was in memory already. */
export interface Turn {
  readonly loadMs: number;
  release(): void;
}

export interface LoadedModel {
  readonly model: ScriptedModel;
  readonly contextSize: number;
  /** Milliseconds since 1970; null for never. */
  readonly expiresAt: number | null;
}

interface Runner extends LoadedModel {
  contextSize: number;
  expiresAt: number | null;
  keepAliveMs: number;
  unloadTimer: NodeJS.Timeout | undefined;
}

const defaultContextSize = 4096;
const defaultKeepAliveMs = 300_000;

/**
 * Who may use which model when: one request at a time per model, the others wait in order; a model is loaded on first use
 * and again when the context size changes, and leaves memory after its keep-alive time.
 */
export class ModelRunners {
  readonly #limits: RunnerLimits;
  /** In the order of last use. */
  readonly #loaded = new Map<string, Runner>();
  readonly #lines = new Map<string, { busy: boolean; readonly waiting: (() => void)[] }>();
  #waitingForLoad = 0;
  #loadsHeldUntil: Promise<unknown> | undefined;

  constructor(limits: RunnerLimits) {
    this.#limits = limits;
  }

  /** No load finishes before this settles. */
  holdLoads(held: Promise<unknown>): void {
    this.#loadsHeldUntil = held;
  }

  loaded(): readonly LoadedModel[] {
    return [...this.#loaded.values()].reverse();
  }

  /** Answers `busy` when too many wait for a load, `gone` when the client left before its turn. */
  async take(
    model: ScriptedModel,
    wish: { readonly contextSize: number | undefined; readonly keepAlive: string | number | undefined },
    left: AbortSignal,
  ): Promise<Turn | 'busy' | 'gone'> {
    const contextSize = Math.min(wish.contextSize ?? defaultContextSize, model.contextLength);
    const needsLoad = this.#loaded.get(model.name)?.contextSize !== contextSize;
    if (needsLoad && this.#waitingForLoad >= this.#limits.maxQueue) return 'busy';
    if (needsLoad) this.#waitingForLoad++;
    try {
      if (!(await this.#enter(model.name, left))) return 'gone';
      const loadMs = await this.#load(model, contextSize, left);
      if (left.aborted) {
        this.#leave(model.name);
        return 'gone';
      }
      return {
        loadMs,
        release: () => {
          this.#keepAlive(model.name, wish.keepAlive);
          this.#leave(model.name);
        },
      };
    } finally {
      if (needsLoad) this.#waitingForLoad--;
    }
  }

  unload(name: string): void {
    clearTimeout(this.#loaded.get(name)?.unloadTimer);
    this.#loaded.delete(name);
  }

  unloadAll(): void {
    for (const name of [...this.#loaded.keys()]) this.unload(name);
  }

  async #enter(name: string, left: AbortSignal): Promise<boolean> {
    const line = this.#lines.get(name) ?? { busy: false, waiting: [] };
    this.#lines.set(name, line);
    while (line.busy && !left.aborted) {
      await new Promise<void>((resolve) => {
        line.waiting.push(resolve);
        left.addEventListener('abort', () => {
          const index = line.waiting.indexOf(resolve);
          if (index >= 0) line.waiting.splice(index, 1);
          resolve();
        }, { once: true });
      });
    }
    if (left.aborted) return false;
    line.busy = true;
    return true;
  }

  #leave(name: string): void {
    const line = this.#lines.get(name);
    if (line === undefined) return;
    line.busy = false;
    line.waiting.shift()?.();
  }

  async #load(model: ScriptedModel, contextSize: number, left: AbortSignal): Promise<number> {
    const present = this.#loaded.get(model.name);
    if (present?.contextSize === contextSize) {
      this.#loaded.delete(model.name);
      this.#loaded.set(model.name, present);
      return 0;
    }
    this.unload(model.name);
    await pause(model.loadMs ?? 0, left);
    await until(this.#loadsHeldUntil, left);
    if (left.aborted) return 0;
    this.#makeRoom();
    this.#loaded.set(model.name, {
      model,
      contextSize,
      keepAliveMs: defaultKeepAliveMs,
      expiresAt: Date.now() + defaultKeepAliveMs,
      unloadTimer: undefined,
    });
    return Math.max(1, model.loadMs ?? 0);
  }

  #makeRoom(): void {
    for (const name of this.#loaded.keys()) {
      if (this.#loaded.size < this.#limits.maxLoaded) return;
      if (this.#lines.get(name)?.busy !== true) this.unload(name);
    }
  }

  #keepAlive(name: string, wish: string | number | undefined): void {
    const runner = this.#loaded.get(name);
    if (runner === undefined) return;
    if (wish !== undefined) runner.keepAliveMs = keepAliveMs(wish);
    clearTimeout(runner.unloadTimer);
    runner.expiresAt = runner.keepAliveMs === Infinity ? null : Date.now() + runner.keepAliveMs;
    if (runner.keepAliveMs === 0) this.unload(name);
    else if (runner.keepAliveMs !== Infinity) {
      runner.unloadTimer = setTimeout(() => {
        this.unload(name);
      }, Math.min(runner.keepAliveMs, 2 ** 31 - 1)).unref();
    }
  }
}

/** `5m`, `30s`, `1h30m`, `200ms`, or a number of seconds; below zero is for ever. */
function keepAliveMs(wish: string | number): number {
  const seconds = Number(wish);
  if (!Number.isNaN(seconds)) return seconds < 0 ? Infinity : seconds * 1000;
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  let total = 0;
  for (const [, amount = '0', unit = ''] of String(wish).matchAll(/([\d.]+)(ms|s|m|h)/g)) total += Number(amount) * (units[unit] ?? 0);
  return String(wish).startsWith('-') ? Infinity : total;
}
