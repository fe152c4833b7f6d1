import type { SessionHit } from '../../session-port.ts';
import type { StoreContext, StoreDatabase } from '../context.ts';
import { inLists } from '../id-lists.ts';
import { contains, literally } from '../text-matching.ts';
import type { SessionRow } from '../schema.ts';
import { toSession } from './session-repository.ts';

/** More words than this do not make a search narrower. */
const maxWords = 8;
/** Characters shown on either side of a match. */
const snippetMargin = 60;

/**
 * Chats in which all words of `text` stand in the title or in one message, as parts of words too, in any case. Titles first,
 * then messages, each newest first.
 */
export async function searchSessions(
  { db }: StoreContext,
  query: { readonly text: string; readonly limit: number },
): Promise<readonly SessionHit[]> {
  const phrase = query.text.trim();
  // The longest word is the rarest, as a rule: most texts are done with after that one.
  const words = phrase.split(/\s+/u).slice(0, maxWords).toSorted((a, b) => b.length - a.length);
  if (phrase === '' || query.limit <= 0) return [];
  const titles = await titleHits(db, words, phrase, query.limit);
  if (titles.length >= query.limit) return titles;
  return [...titles, ...(await messageHits(db, words, phrase, query.limit - titles.length))];
}

async function titleHits(db: StoreDatabase, words: readonly string[], phrase: string, limit: number): Promise<SessionHit[]> {
  const rows = await db
    .selectFrom('session')
    .selectAll()
    .where('deleted_at', 'is', null)
    .where('status', '!=', 'expired')
    .where((is) => is.and(words.map((word) => is.or(caseVariants(word).map((variant) => contains(is, 'session.title', variant))))))
    .orderBy('updated_at', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => ({ session: toSession(row), messageId: null, ...snippetOf(row.title, phrase, words), onActiveBranch: true }));
}

async function messageHits(db: StoreDatabase, words: readonly string[], phrase: string, limit: number): Promise<SessionHit[]> {
  const rows = await db
    .selectFrom('message')
    .innerJoin('session', 'session.id', 'message.session_id')
    .select(['message.id', 'message.session_id', 'message.text', 'message.active'])
    .where('session.deleted_at', 'is', null)
    .where('session.status', '!=', 'expired')
    .where((is) => is.and(words.map((word) => is.or(caseVariants(word).map((variant) => contains(is, 'message.text', variant))))))
    .orderBy('message.row', 'desc')
    .limit(limit)
    .execute();
  const sessions = await sessionsById(
    db,
    rows.map((row) => row.session_id),
  );
  return rows.flatMap((row) => {
    const session = sessions.get(row.session_id);
    if (session === undefined) return [];
    return [{ session: toSession(session), messageId: row.id, ...snippetOf(row.text, phrase, words), onActiveBranch: row.active === 1 }];
  });
}

async function sessionsById(db: StoreDatabase, ids: readonly string[]): Promise<Map<string, SessionRow>> {
  const rows = await inLists([...new Set(ids)], (list) => db.selectFrom('session').selectAll().where('id', 'in', list).execute());
  return new Map(rows.map((row) => [row.id, row]));
}

/** LIKE folds the case of ASCII letters alone; for the others the usual ways to write a word are looked for. */
function caseVariants(word: string): string[] {
  const lower = word.toLowerCase();
  const upper = word.toUpperCase();
  const [first = ''] = lower;
  const capitalised = first.toUpperCase() + lower.slice(first.length);
  const isAscii = !/[^ -~]/.test(word);
  return isAscii ? [word] : [...new Set([word, lower, upper, capitalised])];
}

/** The words around the match, and where it stands in them: the whole phrase where it is there, else its longest word. */
function snippetOf(text: string, phrase: string, words: readonly string[]): Pick<SessionHit, 'snippet' | 'match'> {
  const place = [phrase, ...words].map((part) => placeOf(text, part)).find((found) => found !== null) ?? { start: 0, end: 0 };
  const from = edge(text, place.start - snippetMargin, 1);
  const to = edge(text, place.end + snippetMargin, -1);
  const before = from > 0 ? '…' : '';
  const after = to < text.length ? '…' : '';
  const shift = before.length - from;
  return { snippet: before + text.slice(from, to) + after, match: { start: place.start + shift, end: place.end + shift } };
}

function placeOf(text: string, part: string): { start: number; end: number } | null {
  const match = new RegExp(literally(part), 'iu').exec(text);
  return match === null ? null : { start: match.index, end: match.index + match[0].length };
}

/** An offset inside the text that does not cut a surrogate pair, moved by `direction` where it would. */
function edge(text: string, offset: number, direction: 1 | -1): number {
  const inside = Math.min(Math.max(offset, 0), text.length);
  const isCut = /[\uDC00-\uDFFF]/.test(text.charAt(inside)) && /[\uD800-\uDBFF]/.test(text.charAt(inside - 1));
  return isCut ? inside + direction : inside;
}
