import type { Clock } from '../../shared/ports.ts';
import type { Store } from '../../store/port.ts';
import type { TransferRepository } from '../../store/transfer-port.ts';
import type { Audit, AuditAction, AuditEvent } from './audit.ts';

/** A list that is scrolled, or searched as one types, is one look. */
const oneLookMs = 60_000;

/**
 * The same store, which notes what is looked at and changed once it is done. Reading in order to show a reply, and background work
 * that changes nothing a person would miss, are not noted.
 */
export function auditedStore<Audited extends Store>(store: Audited, audit: Audit, clock: Clock): Audited {
  const noted = noting(audit);
  const looked = lookingNoted(audit, clock);
  return {
    ...store,
    ...auditedTexts(store, noted),
    ...auditedMemories(store, noted, looked),
    agents: { ...store.agents, setCaptureMode: noted((argument) => store.agents.setCaptureMode(argument), () => ({ action: 'settings.changed', what: 'captureMode' })) },
    backup: { ...store.backup, scratchRestore: noted((argument) => store.backup.scratchRestore(argument), () => ({ action: 'backup.restored' })) },
    recall: looked((argument) => store.recall(argument), 'memory.searched'),
    purge: noted((argument) => store.purge(argument), () => ({ action: 'memory.wiped', what: 'purge' })),
    continueAfterDamage: noted((argument) => store.continueAfterDamage(argument), () => ({ action: 'store.went-on-after-damage' })),
  };
}

/** For what is brought in from a backup, as one import, and taken out again. */
export function auditedBringing(transfer: TransferRepository, audit: Audit): TransferRepository {
  const noted = noting(audit);
  return {
    ...transfer,
    begin: noted((argument) => transfer.begin(argument), ({ id }) => ({ action: 'memory.brought-back', what: 'from-backup', ids: [id] })),
    undo: noted((argument) => transfer.undo(argument), ({ id }) => ({ action: 'memory.import-undone', ids: [id] })),
  };
}

type Method<Argument, Result> = (argument: Argument) => Promise<Result>;
type Noted = <Argument, Result>(run: Method<Argument, Result>, describe: (argument: Argument, result: Result) => AuditEvent | null) => Method<Argument, Result>;
type Looked = <Argument, Result>(run: Method<Argument, Result>, action: AuditAction) => Method<Argument, Result>;

function noting(audit: Audit): Noted {
  return (run, describe) => async (argument) => {
    const result = await run(argument);
    const event = describe(argument, result);
    if (event !== null) audit.note(event);
    return result;
  };
}

function lookingNoted(audit: Audit, clock: Clock): Looked {
  const lastLook = new Map<AuditAction, number>();
  return (run, action) => async (argument) => {
    const result = await run(argument);
    const now = clock.now();
    if (now - (lastLook.get(action) ?? Number.NEGATIVE_INFINITY) >= oneLookMs) {
      lastLook.set(action, now);
      audit.note({ action });
    }
    return result;
  };
}

/** Chats and what is said in them. */
function auditedTexts({ sessions, messages }: Store, noted: Noted): Pick<Store, 'sessions' | 'messages'> {
  return {
    sessions: {
      ...sessions,
      delete: noted((argument) => sessions.delete(argument), ({ id }) => ({ action: 'chat.deleted', ids: [id] })),
      undoDelete: noted((argument) => sessions.undoDelete(argument), ({ id }) => ({ action: 'chat.brought-back', ids: [id] })),
      expire: noted((argument) => sessions.expire(argument), (_, count) => (count === 0 ? null : { action: 'chat.deleted', what: 'expired', count })),
    },
    messages: {
      ...messages,
      startTurn: noted((argument) => messages.startTurn(argument), ({ user }) => (user === null ? null : { action: 'memory.added', what: 'said', ids: [user.id] })),
      finishReply: noted((argument) => messages.finishReply(argument), ({ memoriesUsed }) => (memoriesUsed.length === 0 ? null : { action: 'memory.used', ids: memoriesUsed })),
      all: noted((argument) => messages.all(argument), (sessionId) => ({ action: 'chat.exported', ids: [sessionId] })),
      blankText: noted((argument) => messages.blankText(argument), ({ messageId }) => ({ action: 'chat.blanked', ids: [messageId] })),
    },
  };
}

function auditedMemories({ slices, browsing, transfer }: Store, noted: Noted, looked: Looked): Pick<Store, 'slices' | 'browsing' | 'transfer'> {
  const changed = <Argument>(what: string, idsOf: (argument: Argument) => readonly string[]) => (argument: Argument): AuditEvent =>
    ({ action: 'memory.changed', what, ids: idsOf(argument) });
  const nothingElse = ({ id }: { readonly id: string }): readonly string[] => [id];
  return {
    slices: {
      ...slices,
      add: noted((argument) => slices.add(argument), (_, added) => {
        const ids = added.flatMap((one) => (one.outcome === 'added' ? [one.slice.id] : []));
        return ids.length === 0 ? null : { action: 'memory.added', ids };
      }),
      edit: noted((argument) => slices.edit(argument), changed('edited', nothingElse)),
      forget: noted((argument) => slices.forget(argument), ({ id }) => ({ action: 'memory.forgotten', ids: [id] })),
      undoForget: noted((argument) => slices.undoForget(argument), ({ id }) => ({ action: 'memory.brought-back', ids: [id] })),
      wipeForgotten: noted((argument) => slices.wipeForgotten(argument), (_, count) => (count === 0 ? null : { action: 'memory.wiped', count })),
      accept: noted((argument) => slices.accept(argument), changed('accepted', ({ ids }) => ids)),
      reject: noted((argument) => slices.reject(argument), ({ ids }) => ({ action: 'memory.forgotten', what: 'rejected', ids })),
      merge: noted((argument) => slices.merge(argument), changed('merged', ({ keepId, mergedIds }) => [keepId, ...mergedIds])),
      unmerge: noted((argument) => slices.unmerge(argument), changed('unmerged', nothingElse)),
      bringBack: noted((argument) => slices.bringBack(argument), ({ id }) => ({ action: 'memory.brought-back', ids: [id] })),
      tidy: noted((argument) => slices.tidy(argument), () => ({ action: 'memory.changed', what: 'tidied' })),
      undoTidying: noted((argument) => slices.undoTidying(argument), () => ({ action: 'memory.changed', what: 'untidied' })),
      replace: noted((argument) => slices.replace(argument), changed('replaced', ({ slices: replaced }) => replaced.map(({ id }) => id))),
      undoReplace: noted((argument) => slices.undoReplace(argument), ({ ids }) => ({ action: 'memory.brought-back', ids })),
      fitTogether: noted((argument) => slices.fitTogether(argument), changed('fit-together', ({ a, b }) => [a, b])),
      supersede: noted((argument) => slices.supersede(argument), changed('superseded', ({ id, by }) => [id, by])),
    },
    browsing: {
      ...browsing,
      page: looked((argument) => browsing.page(argument), 'memory.viewed'),
      search: looked((argument) => browsing.search(argument), 'memory.searched'),
      detail: noted((argument) => browsing.detail(argument), ({ id }) => ({ action: 'memory.viewed', ids: [id] })),
      graph: looked((argument) => browsing.graph(argument), 'memory.viewed'),
    },
    transfer: {
      ...transfer,
      // A page is asked for after the one before it; the first one of the memories stands for all. Of one thing, it is read to be kept here.
      exportPage: noted((argument) => transfer.exportPage(argument), ({ part, after, only }) => (part === 'memory' && after === null && only === undefined ? { action: 'memory.exported' } : null)),
      begin: noted((argument) => transfer.begin(argument), ({ id }) => ({ action: 'memory.imported', ids: [id] })),
      undo: noted((argument) => transfer.undo(argument), ({ id }) => ({ action: 'memory.import-undone', ids: [id] })),
    },
  };
}
