import { accept, acceptAll, acceptEdited, alwaysAccept, askAgain, listProposed, reject, undoReject, type Proposal, type ReviewParts } from '../../memory/review.ts';
import { maskSecrets } from '../../memory/secrets.ts';
import type { ProposalView } from '../../shared/protocol/memory-views.ts';
import { memorySnapshot, placeOf, type MemoryParts, type Part } from './memory-parts.ts';
import { sliceRow, type Place } from './slice-views.ts';

/** The queue of what was noted and waits for a yes or no. */
export function reviewHandlers(parts: MemoryParts): Part<'proposals' | 'accept' | 'acceptAll' | 'acceptEdited' | 'reject' | 'undoReject' | 'setAlwaysAccept'> {
  const review: ReviewParts = { ...parts, wipeAfter: (time) => { parts.forgetting.wipeAfter(time); } };
  return {
    proposals: async (page) => {
      const { proposals, total } = await listProposed(review, page);
      const place = placeOf(parts);
      return { proposals: proposals.map((proposal) => proposalView(proposal, place)), total };
    },
    accept: async ({ ids }) => {
      await accept(review, ids);
      return {};
    },
    acceptAll: async () => ({ count: (await acceptAll(review)).length }),
    acceptEdited: async ({ id, version, text }) => {
      await acceptEdited(review, id, { version, text });
      return {};
    },
    reject: async ({ ids }) => {
      await reject(review, ids);
      return {};
    },
    undoReject: async ({ id }) => {
      await undoReject(review, id);
      return {};
    },
    setAlwaysAccept: async ({ always }) => {
      await (always ? alwaysAccept : askAgain)(review, parts.agent.id);
      return memorySnapshot(parts);
    },
  };
}

function proposalView({ slice, closeTo, doesNotFit }: Proposal, place: Place): ProposalView {
  const { provenance } = slice;
  return {
    slice: sliceRow(slice, place),
    quote: provenance.type === 'message' && provenance.quote !== null ? maskSecrets(provenance.quote) : null,
    saidAt: slice.validFrom,
    closeTo: closeTo === null ? null : sliceRow(closeTo, place),
    doesNotFit: doesNotFit.map((other) => sliceRow(other, place)),
  };
}
