import type { MethodContext, MethodTable, StoreMethod } from '../methods-contract.ts';
import type { SearchIndex } from '../search/search-index.ts';
import type { SimilarityContext } from './context.ts';
import { agentSettings, setCaptureMode } from './repositories/agent-repository.ts';
import { activateBranch } from './repositories/branches.ts';
import { memoryGraph } from './repositories/browsing-graph.ts';
import { browseSearch } from './repositories/browsing-search.ts';
import { memoryStatistics } from './repositories/browsing-statistics.ts';
import { browseCount, browsePage, browseWeeks, sliceDetail } from './repositories/browsing.ts';
import { forgetSlice, undoForget } from './repositories/forgetting.ts';
import { beginImport, listImports, undoImport } from './repositories/import-repository.ts';
import {
  cancelJob,
  claimedJob,
  claimJob,
  enqueuedJob,
  enqueueJob,
  failJob,
  getJob,
  listJobs,
  releaseJob,
  renewJob,
  retryJob,
  succeedJob,
} from './repositories/job-repository.ts';
import { acquireLease, releaseLease } from './repositories/lease-repository.ts';
import { pageOfMessages } from './repositories/message-page.ts';
import { allMessages, existingMessage, getMessage, pathOfMessages, writersOfReplies } from './repositories/message-reading.ts';
import { appendReply, cutOffAbandoned, finishReply, repliesCutOffAt, requireStartedTurn, startTurn } from './repositories/message-repository.ts';
import { type RankSignals, recallSlices } from './repositories/recall.ts';
import { blankText } from './repositories/secret-blanking.ts';
import { deleteSession, factsInSession, undoDeleteSession } from './repositories/session-deletion.ts';
import {
  createSession,
  existingSession,
  expireSessions,
  getSession,
  listSessions,
  renameSession,
  transitionSession,
} from './repositories/session-repository.ts';
import { searchSessions } from './repositories/session-search.ts';
import { acceptProposals, rejectProposals } from './repositories/proposals.ts';
import { addSlices, addSlicesAgain, similarSlices } from './repositories/slice-adding.ts';
import { bringBackSlice } from './repositories/slice-archiving.ts';
import { mergeSlices, unmergeSlice } from './repositories/slice-merging.ts';
import { editSlice, getSlices, listSlices, markContradiction, recordRecall, supersedeSlice } from './repositories/slice-repository.ts';
import { fitTogether, replaceSlices, undoReplacing } from './repositories/slice-replacing.ts';
import { existingSlice, slicesById } from './repositories/slice-rows.ts';
import { missingVectors, putVectors } from './repositories/slice-vectors.ts';
import { textHolders } from './repositories/text-holders.ts';
import { planTidying, tidied, tidy, undoTidying } from './repositories/tidying.ts';
import { exportPage } from './repositories/transfer-export.ts';
import { addImported } from './repositories/transfer-import.ts';
import { wipeForgotten } from './repositories/wiping.ts';
import type { StoreSchema } from './schema.ts';

/** What the engine runs the methods with. */
export type StoreMethodContext = MethodContext<StoreSchema, SearchIndex>;

type Method<Argument, Result> = StoreMethod<StoreMethodContext, Argument, Result>;
type Run<Argument, Result> = Method<Argument, Result>['run'];

/**
 * Every method of the port. Those that answer with a person's words answer a repeated call from the rows.
 *
 * @param rank The order of what a recall finds; it is memory's to decide.
 */
export function createMethods(rank: RankSignals): MethodTable<StoreMethodContext> {
  return {
    'sessions.create': write(createSession, ({ db }, { id }) => existingSession(db, id)),
    'sessions.get': read(getSession),
    'sessions.list': read(listSessions),
    'sessions.rename': write(renameSession, ({ db }, { id }) => existingSession(db, id)),
    'sessions.transition': write(transitionSession, ({ db }, { id }) => existingSession(db, id)),
    'sessions.activate': write(activateBranch, ({ db }, { id }) => existingSession(db, id)),
    'sessions.delete': write(deleteSession, factsInSession),
    'sessions.undoDelete': write(undoDeleteSession, ({ db }, { id }) => existingSession(db, id)),
    'sessions.search': read(searchSessions),
    'sessions.expire': write(expireSessions),

    'messages.startTurn': write(startTurn, requireStartedTurn),
    'messages.appendReply': write(appendReply),
    'messages.finishReply': write(finishReply, ({ db }, { messageId }) => existingMessage(db, messageId)),
    'messages.get': read(getMessage),
    'messages.page': read(pageOfMessages),
    'messages.path': read(pathOfMessages),
    'messages.all': read(allMessages),
    'messages.writers': read(writersOfReplies),
    'messages.cutOffAbandoned': write(cutOffAbandoned, repliesCutOffAt),
    'messages.blankText': write(blankText, ({ db }, { messageId }) => existingMessage(db, messageId)),

    'slices.add': write(
      (context, slices) => addSlices(similarityContext(context), slices),
      (context, slices) => addSlicesAgain(similarityContext(context), slices),
    ),
    'slices.get': read(getSlices),
    'slices.list': read(listSlices),
    'slices.edit': write(editSlice, ({ db }, { id }) => existingSlice(db, id)),
    'slices.forget': write(forgetSlice, ({ db }, { id }) => existingSlice(db, id)),
    'slices.undoForget': write(undoForget, ({ db }, { id }) => existingSlice(db, id)),
    'slices.wipeForgotten': write(wipeForgotten),
    'slices.accept': write(acceptProposals, ({ db }, { ids }) => slicesById(db, ids)),
    'slices.reject': write(rejectProposals, ({ db }, { ids }) => slicesById(db, ids)),
    'slices.similar': read((context, query) => similarSlices(similarityContext(context), query)),
    'slices.merge': write(mergeSlices, ({ db }, { keepId }) => existingSlice(db, keepId)),
    'slices.unmerge': write(unmergeSlice, ({ db }, { id }) => existingSlice(db, id)),
    'slices.bringBack': write(bringBackSlice, ({ db }, { id }) => existingSlice(db, id)),
    'slices.planTidying': read(planTidying),
    'slices.tidy': write(tidy),
    'slices.tidied': read(tidied),
    'slices.undoTidying': write(undoTidying),
    'slices.replace': write(
      (context, change) => replaceSlices(similarityContext(context), change),
      (context, { by }) => addSlicesAgain(similarityContext(context), by),
    ),
    'slices.undoReplace': write(undoReplacing),
    'slices.fitTogether': write(fitTogether),
    'slices.markContradiction': write(markContradiction),
    'slices.supersede': write(supersedeSlice),
    'slices.textHolders': read(textHolders),
    'slices.missingVectors': read(missingVectors),
    'slices.putVectors': write(putVectors),
    'slices.recordRecall': write(recordRecall),

    'browsing.page': read(browsePage),
    'browsing.count': read(browseCount),
    'browsing.search': read((context, query) => browseSearch(context, query, rank)),
    'browsing.detail': read(sliceDetail),
    'browsing.weeks': read(browseWeeks),
    'browsing.statistics': read(memoryStatistics),
    'browsing.graph': read(memoryGraph),

    'jobs.enqueue': write(enqueueJob, enqueuedJob),
    'jobs.claim': write(claimJob, claimedJob),
    'jobs.renew': write(renewJob),
    'jobs.succeed': write(succeedJob),
    'jobs.fail': write(failJob),
    'jobs.release': write(releaseJob),
    'jobs.cancel': write(cancelJob),
    'jobs.retry': write(retryJob, (context, { id }) => getJob(context, id)),
    'jobs.list': read(listJobs),

    'leases.acquire': write(acquireLease),
    'leases.release': write(releaseLease),

    'agents.settings': read(agentSettings),
    'agents.setCaptureMode': write(setCaptureMode),

    'transfer.exportPage': read(exportPage),
    'transfer.begin': write(beginImport),
    'transfer.add': write(addImported),
    'transfer.list': read(listImports),
    'transfer.undo': write(undoImport),

    recall: read((context, query) => recallSlices(context, query, rank)),
  };
}

function read<Argument, Result>(run: Run<Argument, Result>): Method<Argument, Result> {
  return { kind: 'read', run };
}

function write<Argument, Result>(run: Run<Argument, Result>, answerAgain?: Run<Argument, Result>): Method<Argument, Result> {
  return { kind: 'write', run, ...(answerAgain === undefined ? {} : { answerAgain }) };
}

/** The index is asked for when it is needed and not before: a window that has not searched yet has not loaded it. */
function similarityContext(context: StoreMethodContext): SimilarityContext {
  return {
    db: context.db,
    emit: (effect) => {
      context.emit(effect);
    },
    changed: (rows) => {
      context.changed(rows);
    },
    similarSlices: (text, scope, limit) => context.search.search(text, limit, { scopes: [scope], includeHidden: true }).map((hit) => hit.id),
  };
}
