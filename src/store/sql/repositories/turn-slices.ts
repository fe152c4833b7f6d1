import type { IndexedDocument } from '../../effects.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import type { MessageRow, NewMessageRow, NewSliceRow, SessionRow } from '../schema.ts';

/** The slice of a turn is named after its message, so that it can be found and made again without looking. */
export function turnSliceId(messageId: string): string {
  return `m-${messageId}`;
}

/** Of a turn that nobody has said to be more or less; the index `slice_turn_weighed` holds those that differ. */
export const turnImportance = 0.5;

/** What is remembered of what an agent said while no model spoke would be memories of memories. */
function isRecallableTurn(message: Pick<MessageRow, 'origin' | 'text'>): boolean {
  return message.origin !== 'recall' && message.text.trim() !== '';
}

/**
 * Makes messages of one session recallable: a slice for each, whose text stays in the message, and its document. A reply that
 * was cut off and then went on has its slice already, which keeps what has happened to it since.
 */
export async function addTurnSlices(context: StoreContext, session: SessionRow, messages: readonly NewMessageRow[]): Promise<void> {
  const turns = messages.filter(isRecallableTurn);
  if (turns.length === 0) return;
  const added = await context.db
    .insertInto('slice')
    .values(turns.map((message) => turnSlice(session, message)))
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .execute();
  const existing = added.length === turns.length ? [] : await heldSlices(context.db, turns);
  const recallable = new Set([...added, ...existing].map((slice) => slice.id));
  for (const message of turns) {
    const visible = message.active === 1 && session.status !== 'expired' && recallable.has(turnSliceId(message.id));
    context.emit({ type: 'put-document', document: turnDocument(session, message, visible) });
  }
  context.changed({ slices: turns.map((message) => turnSliceId(message.id)) });
}

function heldSlices(db: StoreDatabase, messages: readonly NewMessageRow[]): Promise<{ id: string }[]> {
  const ids = messages.map((message) => turnSliceId(message.id));
  return db.selectFrom('slice').select('id').where('id', 'in', ids).where('state', '=', 'held').where('superseded_by', 'is', null).where('archived_at', 'is', null).execute();
}

/** @param visible Whether recall may see it: on the active branch, and neither forgotten nor hidden. */
function turnDocument(
  session: Pick<SessionRow, 'agent_id'>,
  message: Pick<MessageRow, 'id' | 'session_id' | 'depth' | 'role' | 'text' | 'created_at'>,
  visible: boolean,
): IndexedDocument {
  return {
    id: turnSliceId(message.id),
    group: message.session_id,
    order: message.depth,
    text: message.text,
    speaker: speakerOf(session, message),
    at: message.created_at,
    kind: 'episodic',
    factOf: null,
    scope: turnScope(session),
    visible,
  };
}

/** What is said to an agent is that agent's to remember, in every workspace. */
function turnScope(session: Pick<SessionRow, 'agent_id'>): string {
  return `agent:${session.agent_id}`;
}

function speakerOf(session: Pick<SessionRow, 'agent_id'>, message: Pick<MessageRow, 'role'>): string {
  return message.role === 'user' ? 'user' : session.agent_id;
}

function turnSlice(session: SessionRow, message: NewMessageRow): NewSliceRow {
  return {
    id: turnSliceId(message.id),
    kind: 'episodic',
    state: 'held',
    state_before: null,
    text: null,
    speaker: speakerOf(session, message),
    scope: turnScope(session),
    importance: turnImportance,
    confidence: 1,
    source: 'message',
    session_id: message.session_id,
    message_id: message.id,
    quote: null,
    uri: null,
    first_line: null,
    last_line: null,
    created_at: message.created_at,
    valid_from: message.created_at,
    valid_to: null,
    superseded_by: null,
    pinned: 0,
    recall_count: 0,
    forgotten_at: null,
    undo_until: null,
    forgotten_with: null,
    expires_at: null,
    hidden: session.status === 'expired' ? 1 : 0,
    embedded_by: null,
    fingerprint: null,
    archived_at: null,
    rejected: 0,
    version: 1,
  };
}
