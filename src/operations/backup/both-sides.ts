import type { BackupRepository, ScratchQuestion } from '../../store/backup-port.ts';
import type { MethodArgument, MethodResult } from '../../store/methods-contract.ts';
import type { Store } from '../../store/port.ts';
import type { Session, Slice } from '../../store/records.ts';

/** What is asked of the store while a backup is looked into. */
export type StoreBeside = Pick<Store, 'sessions' | 'messages' | 'slices' | 'browsing' | 'transfer'>;

/** Asks a backup that was put together what may be asked of the store. */
export type AskInside = <Name extends ScratchQuestion>(method: Name, argument: MethodArgument<Name>) => Promise<MethodResult<Name>>;

export function askScratch(backup: Pick<BackupRepository, 'scratchAsk'>, scratch: string): AskInside {
  return (method, argument) => backup.scratchAsk({ scratch, method, argument });
}

/** Memories that stand for themselves. What was said word for word goes with its chat. */
export const factKinds = ['semantic', 'procedural', 'working'] as const satisfies readonly Slice['kind'][];

const chatsAtOnce = 500;
/** Of memories, one answer that is quick to hand over. */
export const memoriesAtOnce = 200;

/** Every chat, newest first. Temporary ones are not meant to be kept, and are left out. */
export async function everyChat(list: (page: { readonly limit: number; readonly before?: number; readonly includeArchived: boolean }) => Promise<readonly Session[]>): Promise<readonly Session[]> {
  const found = new Map<string, Session>();
  for (let before: number | undefined; ;) {
    const page = await list({ limit: chatsAtOnce, includeArchived: true, ...(before === undefined ? {} : { before }) });
    for (const session of page) found.set(session.id, session);
    const last = page.at(-1)?.updatedAt;
    if (last === undefined || page.length < chatsAtOnce) break;
    // Several may have the time at which a page ends; one that has nothing else would never end.
    before = last + 1 === before ? last : last + 1;
  }
  return [...found.values()].filter(({ temporary }) => !temporary);
}

/** Every memory that stands for itself, newest first, page by page. */
export async function* everyFact(page: StoreBeside['browsing']['page']): AsyncGenerator<readonly Slice[]> {
  for (let offset = 0; ; offset += memoriesAtOnce) {
    const slices = await page({ filter: { kinds: factKinds }, limit: memoriesAtOnce, offset });
    if (slices.length > 0) yield slices;
    if (slices.length < memoriesAtOnce) return;
  }
}
