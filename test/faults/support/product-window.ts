import { createRequire } from 'node:module';
import initSqlJs, { type Database } from 'sql.js';
import * as z from 'zod';
import { rank } from '../../../src/memory/ranking.ts';
import { createIdSource } from '../../../src/shared/ids.ts';
import { silentLog, type RandomSource } from '../../../src/shared/ports.ts';
import type { AnyMethod } from '../../../src/store/engine/batch-run.ts';
import { Backups } from '../../../src/store/engine/backups.ts';
import type { EngineSetup } from '../../../src/store/engine/engine-setup.ts';
import { StoreEngine } from '../../../src/store/engine/store-engine.ts';
import { noLock } from '../../../src/store/engine/window-lock.ts';
import { nodeStoreFiles } from '../../../src/store/files/node-store-files.ts';
import { searchKeeping } from '../../../src/store/search-keeping.ts';
import type { SearchIndex } from '../../../src/store/search/search-index.ts';
import { createStoreContent } from '../../../src/store/sql/content.ts';
import type { StoreSchema } from '../../../src/store/sql/schema.ts';
import { HandClock } from '../../support/seeded-ports.ts';
import { wallClock } from '../torture/wall-clock.ts';

const wasm = createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm');
const sqlJs = await initSqlJs({ locateFile: () => wasm });
const vectorModel = 'embeddingmodel';
const recalled = z.object({ hits: z.array(z.object({ slice: z.object({ text: z.string() }) })) });
const titles = z.array(z.object({ title: z.string() }));

export const systemRandom: RandomSource = { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) };
const ids = createIdSource(wallClock, systemRandom);

export type ProductSetup = EngineSetup<StoreSchema, SearchIndex>;
type ProductMethod = AnyMethod<StoreSchema, SearchIndex>;

/** What the product keeps, as one window's engine takes it. */
export const productContent = createStoreContent({ search: searchKeeping, rank, random: systemRandom });

/** One window on the product's store in a real folder, in this thread: what takes a worker half a second takes this one a few milliseconds. */
export class ProductWindow {
  readonly engine: StoreEngine<StoreSchema, SearchIndex>;
  readonly backups: Backups<StoreSchema, SearchIndex>;
  readonly #databases = new Set<Database>();

  constructor(folder: string, changed: Partial<ProductSetup> = {}) {
    const idle = new HandClock();
    const setup: ProductSetup = {
      content: productContent,
      files: nodeStoreFiles(folder),
      openDatabase: (bytes) => this.#kept(new sqlJs.Database(bytes)),
      lock: noLock,
      clock: wallClock,
      timers: idle,
      random: systemRandom,
      log: silentLog,
      soon: (run) => void setImmediate(run),
      ...changed,
    };
    this.engine = new StoreEngine(setup);
    this.backups = new Backups({ engine: this.engine, setup, methods: productContent.methods });
  }

  /** Begins a chat: one record in the journal. With the same ids it is the same call again. */
  async addChat(title: string, { callId, chatId } = { callId: ids.next(), chatId: ids.next() }): Promise<void> {
    const argument = { id: chatId, agentId: 'alden', title, temporary: false, workspaceId: null, expiresAt: null, at: wallClock.now() };
    await this.engine.call({ id: callId, method: productContent.methods['sessions.create'], argument });
  }

  /** Remembers these texts, each with a vector of its own. */
  async addMemories(texts: readonly string[]): Promise<void> {
    const { methods } = productContent;
    const memories = texts.map((text) => ({
      id: ids.next(), kind: 'semantic', state: 'held', text, speaker: 'user', scope: { type: 'shared' }, importance: 0.5, confidence: 1,
      provenance: { type: 'user' }, validFrom: 1, expiresAt: null, at: wallClock.now(),
    }));
    await this.#call(methods['slices.add'], memories);
    const vectors = memories.map(({ id }, i) => ({ id, version: 1, vector: Float32Array.of(i, 1, 0, 0) }));
    await this.#call(methods['slices.putVectors'], { model: vectorModel, vectors, at: wallClock.now() });
  }

  /** What is remembered that is near a vector, best first. */
  async recallByVector(): Promise<string[]> {
    const { hits } = recalled.parse(await this.#call(productContent.methods.recall, {
      text: 'greenhouse', vector: { model: vectorModel, values: Float32Array.of(0, 1, 0, 0) }, agentId: 'alden', workspaceId: null, sessionId: null,
      excludeMessageIds: [], limit: 5, tokenBudget: 1000, charactersPerToken: 4, at: wallClock.now(),
    }));
    return hits.map(({ slice }) => slice.text);
  }

  /** Titles of all chats, in alphabetical order. */
  async chats(): Promise<string[]> {
    const found = await this.#call(productContent.methods['sessions.list'], { limit: 1000 });
    return titles.parse(found).map(({ title }) => title).sort();
  }

  /** Gives everything back, whatever state the store is in. */
  async close(): Promise<void> {
    this.backups.close();
    await this.engine.close();
    for (const database of this.#databases) database.close();
    this.#databases.clear();
  }

  #call(method: ProductMethod, argument: unknown): Promise<unknown> {
    return this.engine.call({ id: ids.next(), method, argument });
  }

  /** All databases of one instance of SQLite share 2 GB, so each is given back. */
  #kept(database: Database): Database {
    const close = database.close.bind(database);
    this.#databases.add(database);
    database.close = () => {
      this.#databases.delete(database);
      close();
    };
    return database;
  }
}
