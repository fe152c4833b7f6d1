import type { Database } from 'sql.js';

import { HearthlinkError } from '../../shared/errors.ts';
import type { RandomSource } from '../../shared/ports.ts';

/** Makes version `n + 1` of version `n`, its place in `migrations`. Never changed once released; a mistake is mended by the next. */
type Migration = (database: Database, random: RandomSource) => void;

const tombstoneKeyBytes = 32;

/**
 * All tables are STRICT with an explicit primary key: implicit row numbers would change with VACUUM. Small rows that are found
 * by their key alone stand in it (WITHOUT ROWID); rows with long texts do not. Foreign keys are not declared: replicas repeat
 * statements that have been checked once, and what belongs together is removed together.
 */
function createTables(database: Database, random: RandomSource): void {
  database.exec(`
    CREATE TABLE session (
      id TEXT PRIMARY KEY NOT NULL,
      agent_id TEXT NOT NULL,
      title TEXT NOT NULL,
      title_by TEXT NOT NULL CHECK (title_by IN ('none', 'agent', 'user')),
      status TEXT NOT NULL CHECK (status IN ('active', 'paused', 'closed', 'archived', 'expired')),
      temporary INTEGER NOT NULL CHECK (temporary IN (0, 1)),
      workspace_id TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      expires_at INTEGER,
      deleted_at INTEGER,
      active_leaf_id TEXT,
      message_count INTEGER NOT NULL,
      version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX session_updated ON session (updated_at);

    CREATE TABLE message (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      session_id TEXT NOT NULL,
      parent_id TEXT,
      depth INTEGER NOT NULL,
      active INTEGER NOT NULL CHECK (active IN (0, 1)),
      role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
      origin TEXT NOT NULL CHECK (origin IN ('user', 'model', 'recall')),
      status TEXT NOT NULL CHECK (status IN ('complete', 'streaming', 'stopped', 'cut-off', 'failed')),
      text TEXT NOT NULL,
      thinking TEXT NOT NULL,
      chunks INTEGER NOT NULL,
      thinking_ms INTEGER,
      model TEXT,
      created_at INTEGER NOT NULL,
      finished_at INTEGER,
      holder TEXT,
      lease_until INTEGER,
      error TEXT,
      statistics TEXT
    ) STRICT;
    CREATE INDEX message_depth ON message (session_id, depth);
    CREATE INDEX message_lease ON message (lease_until) WHERE lease_until IS NOT NULL;

    CREATE TABLE attachment (
      row INTEGER PRIMARY KEY,
      message_id TEXT NOT NULL,
      ordinal INTEGER NOT NULL,
      id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('selection', 'file', 'problems')),
      label TEXT NOT NULL,
      uri TEXT,
      first_line INTEGER,
      last_line INTEGER,
      language TEXT,
      text TEXT NOT NULL,
      tokens INTEGER NOT NULL,
      UNIQUE (message_id, ordinal)
    ) STRICT;

    CREATE TABLE memory_use (
      message_id TEXT NOT NULL,
      rank INTEGER NOT NULL,
      slice_id TEXT NOT NULL,
      PRIMARY KEY (message_id, rank)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX memory_use_slice ON memory_use (slice_id);

    CREATE TABLE slice (
      row INTEGER PRIMARY KEY,
      id TEXT NOT NULL UNIQUE,
      kind TEXT NOT NULL CHECK (kind IN ('episodic', 'semantic', 'procedural', 'working')),
      state TEXT NOT NULL CHECK (state IN ('held', 'proposed', 'forgotten')),
      state_before TEXT CHECK (state_before IN ('held', 'proposed')),
      text TEXT,
      speaker TEXT NOT NULL,
      scope TEXT NOT NULL,
      importance REAL NOT NULL CHECK (importance BETWEEN 0 AND 1),
      confidence REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1),
      source TEXT NOT NULL CHECK (source IN ('message', 'editor', 'user')),
      session_id TEXT,
      message_id TEXT,
      quote TEXT,
      uri TEXT,
      first_line INTEGER,
      last_line INTEGER,
      created_at INTEGER NOT NULL,
      valid_from INTEGER NOT NULL,
      valid_to INTEGER,
      superseded_by TEXT,
      pinned INTEGER NOT NULL CHECK (pinned IN (0, 1)),
      recall_count INTEGER NOT NULL,
      forgotten_at INTEGER,
      undo_until INTEGER,
      forgotten_with TEXT,
      expires_at INTEGER,
      hidden INTEGER NOT NULL CHECK (hidden IN (0, 1)),
      embedded_by INTEGER,
      fingerprint TEXT,
      version INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX slice_created ON slice (created_at, kind, state, hidden);
    CREATE INDEX slice_fact_created ON slice (created_at, kind, state, hidden) WHERE kind <> 'episodic';
    CREATE INDEX slice_embedded ON slice (embedded_by);
    CREATE INDEX slice_message ON slice (message_id);
    CREATE INDEX slice_fingerprint ON slice (fingerprint) WHERE fingerprint IS NOT NULL;
    CREATE INDEX slice_turn_weighed ON slice (id, importance) WHERE kind = 'episodic' AND importance <> 0.5;
    CREATE INDEX slice_forgotten ON slice (forgotten_at) WHERE forgotten_at IS NOT NULL;

    CREATE TABLE slice_version (
      slice_id TEXT NOT NULL,
      version INTEGER NOT NULL,
      text TEXT NOT NULL,
      replaced_at INTEGER NOT NULL,
      PRIMARY KEY (slice_id, version)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE contradiction (
      slice_id TEXT NOT NULL,
      other_id TEXT NOT NULL,
      PRIMARY KEY (slice_id, other_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE tombstone (
      fingerprint TEXT PRIMARY KEY NOT NULL,
      at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE vector_model (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE
    ) STRICT;

    CREATE TABLE embedded (
      model_id INTEGER NOT NULL,
      slice_row INTEGER NOT NULL,
      PRIMARY KEY (model_id, slice_row)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE job (
      id TEXT PRIMARY KEY NOT NULL,
      kind TEXT NOT NULL,
      key TEXT,
      payload TEXT NOT NULL,
      status TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'done', 'failed', 'cancelled')),
      tries INTEGER NOT NULL,
      run_after INTEGER NOT NULL,
      holder TEXT,
      lease_until INTEGER,
      error TEXT,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_due ON job (status, run_after);

    CREATE TABLE lease (
      name TEXT PRIMARY KEY NOT NULL,
      holder TEXT NOT NULL,
      until INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE agent (
      id TEXT PRIMARY KEY NOT NULL,
      capture_mode TEXT NOT NULL CHECK (capture_mode IN ('unset', 'ask', 'automatic', 'off')),
      updated_at INTEGER NOT NULL,
      version INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE store_secret (
      name TEXT PRIMARY KEY NOT NULL,
      value BLOB NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE pending_purge (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      since INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE import (
      id TEXT PRIMARY KEY NOT NULL,
      source TEXT NOT NULL CHECK (source IN ('hearthlink', 'chatgpt', 'claude', 'mem0', 'notes')),
      name TEXT NOT NULL,
      at INTEGER NOT NULL,
      undone_at INTEGER
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE import_item (
      import_id TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('session', 'message', 'slice')),
      item_id TEXT NOT NULL,
      PRIMARY KEY (import_id, kind, item_id)
    ) STRICT, WITHOUT ROWID;
  `);
  database.run('INSERT INTO store_secret (name, value) VALUES (?, ?)', ['tombstone-key', random.bytes(tombstoneKeyBytes)]);
}

/** What tidying and reviewing leave behind: slices out of recall, which were merged into which, proposals that were refused. */
function addTidying(database: Database): void {
  database.exec(`
    ALTER TABLE slice ADD COLUMN archived_at INTEGER;
    ALTER TABLE slice ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0 CHECK (rejected IN (0, 1));
    CREATE INDEX slice_archived ON slice (archived_at) WHERE archived_at IS NOT NULL;

    CREATE TABLE slice_merge (
      merged_id TEXT PRIMARY KEY NOT NULL,
      kept_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      kept_importance REAL NOT NULL,
      kept_pinned INTEGER NOT NULL CHECK (kept_pinned IN (0, 1))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX slice_merge_kept ON slice_merge (kept_id);
    CREATE INDEX slice_merge_at ON slice_merge (at);
  `);
}

/** When the files were last written anew without what was forgotten: backups that are older may hold it. */
function addLastPurge(database: Database): void {
  database.exec(`
    CREATE TABLE last_purge (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      at INTEGER NOT NULL
    ) STRICT;
  `);
}

const migrations: readonly Migration[] = [createTables, addTidying, addLastPurge];

/** The version that the repositories of this release read and write. */
export const schemaVersion = migrations.length;

/**
 * Brings a database from an older version (0: empty) to `schemaVersion`, and notes it in `user_version`. Runs on a copy that
 * becomes a generation of its own, not through the journal, which is why it may use `random`.
 *
 * @throws HearthlinkError `store-newer-schema` with `found` and `known` when the database is newer than this release.
 */
export function migrate(database: Database, fromVersion: number, random: RandomSource): void {
  if (fromVersion > schemaVersion) throw new HearthlinkError('store-newer-schema', { found: fromVersion, known: schemaVersion });
  for (const migration of migrations.slice(fromVersion)) migration(database, random);
  database.exec(`PRAGMA user_version = ${String(schemaVersion)}`);
}
