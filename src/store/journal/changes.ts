import type { ChangedRows } from '../methods-contract.ts';
import type { ByteReader } from './byte-reader.ts';
import type { ByteWriter } from './byte-writer.ts';

/** Rows changed by one or more records, without repetition. */
export interface Changes {
  readonly sessions: readonly string[];
  readonly messages: readonly string[];
  readonly slices: readonly string[];
  readonly jobs: boolean;
  readonly agents: boolean;
}

/** Gathers what several calls or records changed. */
export class ChangeCollector {
  readonly #sessions = new Set<string>();
  readonly #messages = new Set<string>();
  readonly #slices = new Set<string>();
  #jobs = false;
  #agents = false;

  add(rows: ChangedRows): void {
    for (const id of rows.sessions ?? []) this.#sessions.add(id);
    for (const id of rows.messages ?? []) this.#messages.add(id);
    for (const id of rows.slices ?? []) this.#slices.add(id);
    this.#jobs ||= rows.jobs ?? false;
    this.#agents ||= rows.agents ?? false;
  }

  get isEmpty(): boolean {
    return this.#sessions.size + this.#messages.size + this.#slices.size === 0 && !this.#jobs && !this.#agents;
  }

  changes(): Changes {
    return {
      sessions: [...this.#sessions],
      messages: [...this.#messages],
      slices: [...this.#slices],
      jobs: this.#jobs,
      agents: this.#agents,
    };
  }
}

export function encodeChanges(writer: ByteWriter, changes: Changes): void {
  for (const ids of [changes.sessions, changes.messages, changes.slices]) writer.list(ids, (id) => { writer.text(id); });
  writer.flag(changes.jobs);
  writer.flag(changes.agents);
}

export function decodeChanges(reader: ByteReader): Changes {
  const ids = () => reader.list(() => reader.text());
  return { sessions: ids(), messages: ids(), slices: ids(), jobs: reader.flag(), agents: reader.flag() };
}
