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

/** More than this are made one, so that a long journal does not stay in memory for their sake. */
const gatheredAtOnce = 1000;

/** Gathers what several calls or records changed. */
export class ChangeCollector {
  #rows: ChangedRows[] = [];

  add(rows: ChangedRows): void {
    if (this.#rows.length >= gatheredAtOnce) this.#rows = [this.changes()];
    this.#rows.push(rows);
  }

  changes(): Changes {
    return {
      sessions: this.#ids(({ sessions }) => sessions),
      messages: this.#ids(({ messages }) => messages),
      slices: this.#ids(({ slices }) => slices),
      jobs: this.#rows.some(({ jobs }) => jobs),
      agents: this.#rows.some(({ agents }) => agents),
    };
  }

  #ids(idsOf: (rows: ChangedRows) => readonly string[] | undefined): readonly string[] {
    const ids = this.#rows.flatMap((rows) => idsOf(rows) ?? []);
    return ids.length > 1 ? [...new Set(ids)] : ids;
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
