import type { SessionHitView, SessionView } from '../../shared/protocol/chat-views.ts';
import { groupWords } from '../ui/time-words.ts';

/** A chat in the list; `hit` says where the words that are searched for stand in it. */
export interface SessionRow {
  readonly session: SessionView;
  readonly hit: SessionHitView | null;
}

export interface SessionGroup {
  readonly title: string;
  readonly rows: readonly SessionRow[];
}

/** Newest first, under headings that say when: Today, Yesterday, Earlier this month, October, December 2025. */
export function groupByTime(rows: readonly SessionRow[], now: number): SessionGroup[] {
  const groups = new Map<string, SessionRow[]>();
  for (const row of rows.toSorted((a, b) => b.session.updatedAt - a.session.updatedAt)) {
    const title = groupWords(row.session.updatedAt, now);
    groups.set(title, [...(groups.get(title) ?? []), row]);
  }
  return [...groups].map(([title, grouped]) => ({ title, rows: grouped }));
}

/** One row for each chat that was found, with its first hit in the text, or none when only its title fits. */
export function rowsOfHits(hits: readonly SessionHitView[]): SessionRow[] {
  const rows = new Map<string, SessionRow>();
  for (const hit of hits) {
    const known = rows.get(hit.session.id);
    if (known === undefined || (known.hit?.messageId === null && hit.messageId !== null)) rows.set(hit.session.id, { session: hit.session, hit });
  }
  return [...rows.values()];
}

/** A snippet cut into what stands before the match, the match, and what stands after it. */
export function cutAtMatch({ snippet, matchStart, matchEnd }: SessionHitView): readonly [string, string, string] {
  const start = Math.min(Math.max(0, matchStart), snippet.length);
  const end = Math.min(Math.max(start, matchEnd), snippet.length);
  return [snippet.slice(0, start), snippet.slice(start, end), snippet.slice(end)];
}
