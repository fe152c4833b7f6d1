import type { BackupsSnapshot } from '../../../src/shared/protocol/backups-views.ts';
import { setStage, StageHost } from '../stage/stage-host.ts';
import { preview, scenes, stageTime } from './sample-backups.ts';

/** Plays the extension's part for the backups view in a plain page. */
export class FakeBackupsHost extends StageHost {
  readonly #snapshot: BackupsSnapshot;

  constructor(snapshot: BackupsSnapshot) {
    super();
    this.#snapshot = snapshot;
  }

  protected override answer(method: string): unknown {
    switch (method) {
      case 'ready':
        return this.#snapshot;
      case 'backUp':
        return { made: false };
      case 'preview':
        return preview;
      case 'restore':
        return { comparisons: [{ kind: 'memories', count: 1_239 }], hasSafety: true, keptForgotten: 0 };
      default:
        return {};
    }
  }
}

setStage({ name: 'backupsStage', time: stageTime, scenes, host: (scene) => new FakeBackupsHost(scene) });
