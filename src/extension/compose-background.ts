import type { FinishedTurn } from '../agents/conversation.ts';
import { planFollowUps } from '../agents/follow-ups.ts';
import { titleHandler, titleKind } from '../agents/title-job.ts';
import { contradictionsHandler, contradictionsKind } from '../memory/contradictions.ts';
import { captureHandler, captureKind } from '../memory/capture.ts';
import { tidyingHandler, tidyingKind } from '../memory/consolidation.ts';
import { embeddingHandler, embeddingKind, enqueueEmbedding } from '../memory/embedding-job.ts';
import { Forgetting } from '../memory/forgetting.ts';
import { BackgroundJobs } from '../models/background-jobs.ts';
import type { OllamaRoom } from '../models/create-ollama.ts';
import type { DiskRoom } from '../operations/disk-room.ts';
import { HearthlinkError } from '../shared/errors.ts';
import type { Disposable } from '../shared/events.ts';
import type { Log } from '../shared/ports.ts';
import { RepeatedFailure } from '../shared/repeated-failure.ts';
import { retryPauseMs } from '../shared/retry-pauses.ts';
import type { Store } from '../store/port.ts';
import type { MachinePorts } from './machine-ports.ts';
import { deadHolders } from './window-holder.ts';

export interface BackgroundSources {
  readonly agentId: string;
  readonly holder: string;
  readonly store: Store;
  readonly models: OllamaRoom;
  readonly ports: MachinePorts;
  readonly log: Log;
  readonly room: Pick<DiskRoom, 'isLow'>;
}

export interface Background extends Disposable {
  readonly forgetting: Forgetting;
  readonly jobs: BackgroundJobs;
  /** Plans what follows a reply: facts, vectors, a title. */
  readonly afterTurn: (turn: FinishedTurn) => Promise<void>;
  /** Makes vectors of what has none; to be called when there may be another embedding model. */
  readonly embedMissing: () => Promise<void>;
}

/** Background work waits until nobody has asked a model anything for this long. */
const restMs = 1_500;
/** How often replies that their window may have left behind are looked at. */
const sweepEveryMs = 5_000;

/** What happens off the reply's path, in whichever window gets to it first. */
export function composeBackground({ agentId, holder, store, models, ports, log, room }: BackgroundSources): Background {
  const handled = { store, chat: models.chat, choice: models.choice, log, ...ports };
  const forgetting = new Forgetting({ store, holder, log, ...ports });
  const jobs = new BackgroundJobs({
    jobs: store.jobs,
    holder,
    log,
    ...ports,
    // What the jobs make can be made again, and waits for room on the disk.
    isBusy: () => room.isLow || models.queue.idleMs() < restMs,
    handlers: {
      [captureKind]: captureHandler(handled),
      [contradictionsKind]: contradictionsHandler({ ...handled, embedder: models.embedder, agentId }),
      [titleKind]: titleHandler(handled),
      [tidyingKind]: tidyingHandler({ store, log }),
      [embeddingKind]: embeddingHandler({ store, embedder: models.embedder, log, ...ports }),
    },
  });
  const embedMissing = async (): Promise<void> => {
    try {
      await enqueueEmbedding({ store, ...ports });
      jobs.start();
    } catch (error) {
      log.warn('memories could not be planned to be embedded', { code: HearthlinkError.from(error).code });
    }
  };
  forgetting.start();
  jobs.start();
  const followingOthers = store.onDidChange((change) => {
    if (change.status || (change.origin === 'other-window' && (change.jobs || change.everything))) jobs.start();
  });
  const stopSweep = sweepReplies(store, ports, log);
  return {
    forgetting,
    jobs,
    afterTurn: async (turn) => {
      await planFollowUps({ store, ...ports }, turn);
      jobs.start();
    },
    embedMissing,
    dispose: () => {
      stopSweep();
      followingOthers.dispose();
      jobs.dispose();
      forgetting.dispose();
    },
  };
}

/**
 * A reply whose window died is marked as cut off: at once when its process is gone, else when its lease has run out. Looks at first, and while
 * somebody writes: with nothing to do the store is left in peace.
 */
function sweepReplies(store: Store, { clock, timers }: MachinePorts, log: Log): () => void {
  let cancel: () => void = () => undefined;
  const failure = new RepeatedFailure(log, 'replies that were left behind could not be looked for');
  const sweep = async (): Promise<void> => {
    try {
      const writers = await store.messages.writers();
      if (writers.length > 0) {
        await store.messages.cutOffAbandoned({ at: clock.now(), deadHolders: deadHolders(writers) });
        sweepAfter(sweepEveryMs);
      }
      failure.isOver();
    } catch (error) {
      sweepAfter(Math.max(sweepEveryMs, retryPauseMs(failure.failed(error))));
    }
  };
  const sweepAfter = (milliseconds: number): void => {
    cancel();
    cancel = timers.after(milliseconds, () => void sweep());
  };
  const following = store.onDidChange((change) => {
    if (change.status || (change.origin === 'other-window' && (change.messages.length > 0 || change.everything))) sweepAfter(sweepEveryMs);
  });
  sweepAfter(0);
  return () => {
    cancel();
    following.dispose();
  };
}
