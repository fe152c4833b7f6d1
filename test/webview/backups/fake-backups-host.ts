import type { BackupsSnapshot } from '../../../src/shared/protocol/backups-views.ts';
import { setStage, StageHost, type Parameters } from '../stage/stage-host.ts';
import { along, heldChats, heldMemories, heldMessages, outcome, preview, scenes, stageTime } from './sample-backups.ts';

const pageLength = 8;

/** Plays the extension's part for the backups view in a plain page. */
export class FakeBackupsHost extends StageHost {
  readonly #snapshot: BackupsSnapshot;

  constructor(snapshot: BackupsSnapshot) {
    super();
    this.#snapshot = snapshot;
  }

  protected override answer(method: string, parameters: Parameters): unknown {
    switch (method) {
      case 'ready':
        return this.#snapshot;
      case 'backUp':
        return { made: false };
      case 'preview':
        return preview;
      case 'restore':
        return outcome;
      case 'lookInto':
        return { at: preview.at, isProved: true, memories: 1_239, chats: 205 };
      case 'heldPage':
        return this.#page(parameters);
      case 'heldMessages':
        return { messages: heldMessages, hasMore: true };
      case 'heldAlong':
        return along;
      case 'takeSettings':
        return { ...along, settings: { ...along.settings, differing: [], leftOut: [] } };
      case 'bringBack':
        return { undo: `undo-${String(parameters['id'])}` };
      default:
        return {};
    }
  }

  #page({ kind, text, onlyLost, from }: Parameters): unknown {
    const words = String(text).toLowerCase();
    const held = (kind === 'chat' ? heldChats : heldMemories).filter((thing) => thing.words.toLowerCase().includes(words) && (onlyLost !== true || thing.state !== 'here'));
    const start = Number(from);
    return { things: held.slice(start, start + pageLength), next: start + pageLength < held.length ? start + pageLength : null };
  }
}

setStage({ name: 'backupsStage', time: stageTime, scenes, host: (scene) => new FakeBackupsHost(scene) });
