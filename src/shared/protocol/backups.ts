import * as z from 'zod/mini';
import { accountSchema, heldAlongSchema, heldMessageSchema, heldPageSchema, heldQuerySchema, keepingSchema, lookedIntoSchema, thingKindSchema } from './backups-contents.ts';
import { encryptionActionSchema } from './backups-encryption.ts';
import { activitySchema, backupsSnapshotSchema, restoreOutcomeSchema, restorePreviewSchema, restoreTargetSchema } from './backups-views.ts';
import type { Protocol } from './channel.ts';

const nothing = z.object({});
const byId = z.object({ id: z.string() });
const target = z.object({ target: restoreTargetSchema });

/**
 * What the backups view and the extension say to each other. The view says `ready` and is told of everything else; how far
 * something is comes as `activity`, and a new `snapshot` when it is over.
 */
export const backupsProtocol = {
  methods: {
    ready: { parameters: nothing, result: backupsSnapshotSchema },
    /** `made` is false when nothing had changed. */
    backUp: { parameters: nothing, result: z.object({ made: z.boolean() }) },
    prove: { parameters: byId, result: nothing },
    stop: { parameters: nothing, result: nothing },
    remove: { parameters: byId, result: nothing },
    /** Deletes those that may hold what was forgotten, once there is a proved one without it. */
    removeForgotten: { parameters: nothing, result: nothing },
    /** What going back there would bring and take. Changes nothing. */
    preview: { parameters: target, result: restorePreviewSchema },
    /** The view has had the word typed. */
    restore: { parameters: z.object({ target: restoreTargetSchema, keep: keepingSchema }), result: restoreOutcomeSchema },
    /** Opens a backup or a moment to be looked into; one at a time. Changes nothing. */
    lookInto: { parameters: target, result: lookedIntoSchema },
    heldPage: { parameters: heldQuerySchema, result: heldPageSchema },
    /** The end of a chat as the backup has it. */
    heldMessages: { parameters: byId, result: z.object({ messages: z.array(heldMessageSchema), hasMore: z.boolean() }) },
    /** Brings one thing back. `undo` names the way to take it away again. */
    bringBack: { parameters: z.object({ kind: thingKindSchema, id: z.string() }), result: z.object({ undo: z.string() }) },
    undoBringBack: { parameters: z.object({ undo: z.string() }), result: nothing },
    closeInside: { parameters: nothing, result: nothing },
    /** What it holds along with chats and memories, and how its settings differ from those of now. */
    heldAlong: { parameters: target, result: heldAlongSchema },
    /** Asks which settings are set to what they were, and sets them. Answers how they differ then. */
    takeSettings: { parameters: target, result: heldAlongSchema },
    /** Asks where to, and copies it there. */
    saveAccount: { parameters: z.object({ target: restoreTargetSchema, account: accountSchema }), result: nothing },
    /** Everything else about it is asked in VS Code's own boxes. */
    encryption: { parameters: z.object({ action: encryptionActionSchema }), result: nothing },
    chooseSecondFolder: { parameters: nothing, result: nothing },
    openFolder: { parameters: z.object({ isSecond: z.boolean() }), result: nothing },
    openSettings: { parameters: nothing, result: nothing },
  },
  events: {
    snapshot: backupsSnapshotSchema,
    activity: activitySchema,
    /** The keys are locked: whatever was read from a backup leaves the view. */
    locked: nothing,
    /** Settings are others now. */
    settingsChanged: nothing,
    /** A command was run: open the restore dialogue. */
    showRestore: nothing,
  },
} satisfies Protocol;

export type BackupsProtocol = typeof backupsProtocol;
