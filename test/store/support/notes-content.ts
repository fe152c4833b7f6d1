import { Kysely } from 'kysely';
import * as z from 'zod';
import type { IndexedDocument } from '../../../src/store/effects.ts';
import type { AnyMethod } from '../../../src/store/engine/batch-run.ts';
import type { EngineContent, ForgottenHere, MethodContext, SearchKeeping } from '../../../src/store/methods-contract.ts';
import { forbidNondeterminism } from '../../../src/store/sql/determinism.ts';
import { SqlJsDialect } from '../../../src/store/sql/dialect.ts';
import { StatementCache } from '../../../src/store/sql/statement-cache.ts';

/** A small content to test the engine with: notes in rows, and an index of their texts beside the rows. */
export interface NotesSchema {
  note: { id: string; text: string; version: number };
}

export type NotesSearch = Map<string, string>;
export type NotesContext = MethodContext<NotesSchema, NotesSearch>;
export type NotesMethod = AnyMethod<NotesSchema, NotesSearch>;

/** As the engine takes methods: the argument's type is between caller and method. */
function method<Argument, Result>(definition: {
  kind: 'read' | 'write';
  run(context: NotesContext, argument: Argument): Promise<Result>;
  answerAgain?(context: NotesContext, argument: Argument): Promise<Result>;
}): NotesMethod {
  return definition;
}

/** Writes a note, or the next version of it. Answers the version. */
export const putNote = method({
  kind: 'write',
  async run(context, note: { id: string; text: string }): Promise<number> {
    const existing = await context.db.selectFrom('note').select('version').where('id', '=', note.id).executeTakeFirst();
    const version = (existing?.version ?? 0) + 1;
    await context.db.replaceInto('note').values({ ...note, version }).execute();
    context.emit({ type: 'put-document', document: noteDocument(note) });
    context.changed({ slices: [note.id] });
    return version;
  },
});

/** Writes a note and answers with its words. */
export const echoNote = method({
  kind: 'write',
  async run(context, note: { id: string; text: string }): Promise<string> {
    await context.db.replaceInto('note').values({ ...note, version: 1 }).execute();
    return note.text;
  },
});

/** Refused by a constraint when the id is taken. */
export const insertNote = method({
  kind: 'write',
  async run(context, note: { id: string; text: string }): Promise<void> {
    await context.db.insertInto('note').values({ ...note, version: 1 }).execute();
  },
});

/** Adds one to a counter that every window shares; the classic lost update. */
export const increment = method({
  kind: 'write',
  async run(context, id: string): Promise<number> {
    const row = await context.db.selectFrom('note').select('version').where('id', '=', id).executeTakeFirst();
    const version = (row?.version ?? 0) + 1;
    await context.db.replaceInto('note').values({ id, text: 'counter', version }).execute();
    return version;
  },
});

/** Leaves a note of its own, once, and counts in a counter that every window shares. */
export const doOnce = method({
  kind: 'write',
  async run(context, id: string): Promise<void> {
    await context.db.insertInto('note').values({ id, text: `done ${id}`, version: 1 }).execute();
    await increment.run(context, counterId);
    context.emit({ type: 'put-document', document: noteDocument({ id, text: `done ${id}` }) });
    context.changed({ slices: [id] });
  },
});

export const counterId = 'counter';

/** The text of a note that stays forgotten when an older content is restored. */
export const forgottenText = 'forgotten for good';

/** The text of a note with which a store cannot be migrated. */
export const failsToMigrate = 'fails to migrate';

export const deleteNote = method({
  kind: 'write',
  async run(context, id: string): Promise<void> {
    await context.db.deleteFrom('note').where('id', '=', id).execute();
    context.emit({ type: 'remove-document', id });
  },
});

/** Looks before it writes, and finds nothing to do. */
export const touchNothing = method({
  kind: 'write',
  async run(context): Promise<number> {
    return (await context.db.selectFrom('note').select('id').execute()).length;
  },
});

export const getNote = method({
  kind: 'read',
  async run(context, id: string): Promise<{ text: string; version: number } | null> {
    return (await context.db.selectFrom('note').select(['text', 'version']).where('id', '=', id).executeTakeFirst()) ?? null;
  },
});

/** Every note as `id:version`, in the order of their ids. */
export const listNotes = method({
  kind: 'read',
  run: async (context) => (await context.db.selectFrom('note').selectAll().orderBy('id').execute()).map(({ id, version }) => `${id}:${version}`),
});

/** What `listNotes` answered, by id. */
export function versionsById(answer: unknown): Map<string, number> {
  return new Map(z.array(z.string()).parse(answer).map((line) => {
    const [id = '', version] = line.split(':');
    return [id, Number(version)];
  }));
}

export const searchNotes = method({
  kind: 'read',
  run: (context, text: string) => Promise.resolve([...context.search].filter(([, found]) => found.includes(text)).map(([id]) => id).sort()),
});

export const writingRead = method({
  kind: 'read',
  async run(context): Promise<void> {
    await context.db.deleteFrom('note').execute();
  },
});

function noteDocument(note: { id: string; text: string }): IndexedDocument {
  return { ...note, group: 'notes', order: 0, speaker: 'user', at: 0, kind: 'semantic', factOf: null, scope: 'shared', visible: true };
}

const entries = z.array(z.tuple([z.string(), z.string()]));

function parsed(bytes: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(bytes ?? []).toString());
  } catch {
    return null;
  }
}

const search: SearchKeeping<NotesSearch> = {
  apply(map, effects) {
    for (const effect of effects) {
      if (effect.type === 'put-document') map.set(effect.document.id, effect.document.text);
      if (effect.type === 'remove-document') map.delete(effect.id);
    }
  },
  save: (map) => [
    { name: 'index.bin', bytes: Buffer.from(JSON.stringify([...map])) },
    // Stands for what cannot be made again.
    { name: 'vectors-00000000000000aa.bin', bytes: Buffer.from('none') },
  ],
  async load(files, _storeId, documents) {
    const saved = entries.safeParse(parsed(files.find(({ name }) => name === 'index.bin')?.bytes));
    if (saved.success) return new Map(saved.data);
    return new Map((await documents()).map(({ id, text }) => [id, text]));
  },
};

/** @param schemaVersion 2 adds a column, so that migrations have something to do */
export function notesContent(schemaVersion = 1): EngineContent<NotesSchema, NotesSearch> {
  return {
    schemaVersion,
    migrate(database, fromVersion) {
      if (fromVersion < 1) database.run('CREATE TABLE note (id TEXT PRIMARY KEY, text TEXT NOT NULL, version INTEGER NOT NULL) STRICT, WITHOUT ROWID');
      const [failing] = database.exec(`SELECT 1 FROM note WHERE text = '${failsToMigrate}'`);
      if (failing !== undefined) throw new Error('a note that does not fit');
      if (fromVersion < 2 && schemaVersion >= 2) database.run(`ALTER TABLE note ADD COLUMN colour TEXT NOT NULL DEFAULT 'none'`);
    },
    summary: (database) => ({
      tables: { note: Number(database.exec('SELECT count(*) FROM note')[0]?.values[0]?.[0]) },
      newest: { session: null, message: null, slice: null, job: null },
    }),
    passingTables: new Set(),
    guard: forbidNondeterminism,
    connect: (database, write) => new Kysely({ dialect: new SqlJsDialect({ statements: new StatementCache(database), write }) }),
    search,
    housekeeping: {
      allDocuments: {
        kind: 'read',
        run: async (context) => (await context.db.selectFrom('note').selectAll().execute()).map(noteDocument),
      },
      status: {
        kind: 'read',
        run: async (context) => {
          const notes = await context.db.selectFrom('note').select('id').execute();
          return { counts: { sessions: 0, messages: 0, slices: notes.length }, purgeDue: false };
        },
      },
      lastPurge: { kind: 'read', run: () => Promise.resolve(null) },
      // Notes have none; each is named all the same.
      dropAllVectors: {
        kind: 'write',
        async run(context): Promise<void> {
          const notes = await context.db.selectFrom('note').select('id').orderBy('id').execute();
          for (const { id } of notes) context.emit({ type: 'remove-vectors', id });
        },
      },
      // A note that says so stands for one that was forgotten under its id.
      forgotten: {
        kind: 'read',
        async run(context): Promise<ForgottenHere> {
          const notes = await context.db.selectFrom('note').select('id').where('text', '=', forgottenText).orderBy('id').execute();
          return { key: new Uint8Array(), fingerprints: [], sliceIds: notes.map(({ id }) => id), messages: [] };
        },
      },
      forgetAgain: {
        kind: 'write',
        async run(context, { forgotten }): Promise<number> {
          const ids = [...forgotten.sliceIds];
          const again = await context.db.updateTable('note').set({ text: forgottenText }).where('id', 'in', ids).where('text', '!=', forgottenText).returning('id').execute();
          for (const { id } of again) context.emit({ type: 'put-document', document: noteDocument({ id, text: forgottenText }) });
          return again.length;
        },
      },
      wipe: {
        kind: 'write',
        async run(context): Promise<void> {
          const wiped = await context.db.deleteFrom('note').where('id', 'like', 'forgotten%').returning('id').execute();
          for (const { id } of wiped) context.emit({ type: 'remove-document', id });
        },
      },
    },
  };
}
