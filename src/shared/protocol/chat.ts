import * as z from 'zod/mini';
import { errorDataSchema, type Protocol } from './channel.ts';
import {
  attachmentViewSchema,
  capturedViewSchema,
  connectionViewSchema,
  leftBehindSchema,
  memoryViewSchema,
  messageViewSchema,
  modelViewSchema,
  pullViewSchema,
  sessionHitViewSchema,
  sessionViewSchema,
  snapshotSchema,
  unsavedViewSchema,
} from './chat-views.ts';

const nothing = z.object({});
const byId = z.object({ id: z.string() });

/**
 * What the chat view and the extension say to each other. The view says `ready`, gets a snapshot, then events by id. The
 * extension owns all state; the view owns the draft, the scroll position and which folds are open.
 */
export const chatProtocol = {
  methods: {
    ready: { parameters: nothing, result: snapshotSchema },
    /** Messages before `beforeId`, oldest first. */
    older: {
      parameters: z.object({ beforeId: z.string() }),
      result: z.object({ messages: z.array(messageViewSchema), hasMore: z.boolean() }),
    },
    /** `editOf`: the user message that this one replaces as a branch. Answers once the message is stored. */
    send: { parameters: z.object({ text: z.string(), editOf: z.nullable(z.string()) }), result: nothing },
    stop: { parameters: nothing, result: nothing },
    /** Answers the same question again; both answers are kept. */
    answerAgain: { parameters: z.object({ messageId: z.string(), model: z.nullable(z.string()) }), result: nothing },
    /** Shows another sibling: its branch becomes the active one. A new snapshot follows. */
    showBranch: { parameters: z.object({ messageId: z.string() }), result: nothing },
    remember: { parameters: z.object({ messageId: z.string(), text: z.nullable(z.string()) }), result: z.object({ memory: memoryViewSchema }) },
    blankSecret: { parameters: z.object({ messageId: z.string(), start: z.number(), end: z.number() }), result: nothing },

    newChat: { parameters: z.object({ private: z.boolean(), temporary: z.boolean() }), result: nothing },
    endPrivate: { parameters: nothing, result: nothing },
    /** Newest first; those in the archive only when `archived`. */
    listSessions: { parameters: z.object({ archived: z.boolean() }), result: z.object({ sessions: z.array(sessionViewSchema) }) },
    searchSessions: { parameters: z.object({ text: z.string() }), result: z.object({ hits: z.array(sessionHitViewSchema) }) },
    openSession: { parameters: z.object({ id: z.string(), messageId: z.nullable(z.string()) }), result: nothing },
    renameSession: { parameters: z.object({ id: z.string(), title: z.string() }), result: z.object({ session: sessionViewSchema }) },
    /** Pauses, closes, archives or takes up a chat again, through whichever states lie between. */
    changeSessionStatus: {
      parameters: z.object({ id: z.string(), to: z.enum(['active', 'paused', 'closed', 'archived']) }),
      result: z.object({ session: sessionViewSchema }),
    },
    /** Answers how many facts were learned in the chat; they are forgotten too when `alsoFacts`. */
    deleteSession: { parameters: z.object({ id: z.string(), alsoFacts: z.boolean() }), result: z.object({ facts: z.number() }) },
    undoDeleteSession: { parameters: byId, result: nothing },
    exportSession: { parameters: z.object({ id: z.string() }), result: nothing },

    editMemory: { parameters: z.object({ id: z.string(), text: z.string() }), result: z.object({ memory: memoryViewSchema }) },
    forgetMemory: { parameters: byId, result: z.object({ memory: memoryViewSchema }) },
    undoForgetMemory: { parameters: byId, result: z.object({ memory: memoryViewSchema }) },
    openSource: { parameters: byId, result: nothing },
    /** Opens the memory browser with what comes close to the question of a reply. */
    lookFurther: { parameters: z.object({ messageId: z.string() }), result: nothing },
    /** Answers a proposed fact; `mode` is sent when the user also chose how from now on. */
    decideCaptured: {
      parameters: z.object({ sliceId: z.string(), remember: z.boolean(), mode: z.nullable(z.enum(['ask', 'automatic', 'off'])) }),
      result: nothing,
    },
    undoCaptured: { parameters: z.object({ sliceId: z.string() }), result: nothing },

    /** Opens the native picker of what can be attached. */
    attach: { parameters: nothing, result: nothing },
    /** Attaches what is selected in the editor, without a picker. */
    attachSelection: { parameters: nothing, result: nothing },
    detach: { parameters: byId, result: nothing },

    listModels: { parameters: nothing, result: z.object({ models: z.array(modelViewSchema) }) },
    chooseModel: { parameters: z.object({ name: z.string() }), result: nothing },
    /** `model` null: asks for a name in a native input. */
    pullModel: { parameters: z.object({ model: z.nullable(z.string()) }), result: nothing },
    cancelPull: { parameters: nothing, result: nothing },
    /** Asks the server again, at once. */
    probe: { parameters: nothing, result: nothing },
    startOllama: { parameters: nothing, result: nothing },

    copy: { parameters: z.object({ text: z.string() }), result: nothing },
    insertAtCursor: { parameters: z.object({ text: z.string() }), result: nothing },
    openLink: { parameters: z.object({ href: z.string() }), result: nothing },
    openDataFolder: { parameters: nothing, result: nothing },
    openLog: { parameters: nothing, result: nothing },
    continueAfterDamage: { parameters: nothing, result: nothing },
    reloadWindow: { parameters: nothing, result: nothing },
    /** Writes what is not saved yet into a file of the user's choosing. */
    exportUnsaved: { parameters: nothing, result: nothing },
    /** Offers it to the disk now. */
    saveAgain: { parameters: nothing, result: nothing },
    /** Shows the backups, to go back to one of them. */
    openBackups: { parameters: nothing, result: nothing },
    unlock: { parameters: nothing, result: nothing },
  },
  events: {
    /** Replaces everything: another chat was opened, a branch was switched, or too much changed to tell in parts. */
    snapshot: snapshotSchema,
    /** New or changed messages of the open chat, in order. A message whose parent is not shown is appended. */
    messages: z.object({ messages: z.array(messageViewSchema), total: z.number() }),
    /** Text added to a streaming reply; `length` is the text's length before it, so that a gap is noticed. */
    delta: z.object({ messageId: z.string(), text: z.string(), thinking: z.string(), length: z.number() }),
    /** The reply has not begun; since when and why. */
    waiting: z.object({
      messageId: z.string(),
      phase: z.enum(['queued', 'loading', 'reading']),
      model: z.string(),
      seconds: z.number(),
      lastLoadSeconds: z.nullable(z.number()),
    }),
    session: z.object({ session: z.nullable(sessionViewSchema) }),
    /** The list of chats changed somewhere; ask again if it is shown. */
    sessionsChanged: nothing,
    connection: z.object({ connection: connectionViewSchema }),
    pull: z.object({ pull: z.nullable(pullViewSchema) }),
    attachments: z.object({ attachments: z.array(attachmentViewSchema) }),
    context: z.object({ usedTokens: z.number(), sizeTokens: z.number() }),
    memory: z.object({ memory: memoryViewSchema }),
    captured: z.object({ messageId: z.string(), captured: z.array(capturedViewSchema) }),
    captureMode: z.object({ mode: z.enum(['unset', 'ask', 'automatic', 'off']) }),
    editor: z.object({ editor: z.nullable(z.object({ label: z.string() })) }),
    store: z.object({
      state: z.enum(['starting', 'ready', 'read-only', 'damaged', 'newer-schema', 'locked', 'stopped']),
      error: z.nullable(errorDataSchema),
      damagedFiles: z.array(z.string()),
      leftBehind: leftBehindSchema,
      unsaved: z.optional(unsavedViewSchema),
    }),
    /** A command was run: put the focus into the composer, or show the list of chats, or put words into the composer. */
    focusComposer: nothing,
    showSessions: nothing,
    showModels: nothing,
    draft: z.object({ text: z.string() }),
    /** Brings a message of the open chat into sight; sent after the snapshot of a chat that was opened for it. */
    reveal: z.object({ messageId: z.string() }),
    /** Something that belongs to no message went wrong. */
    notice: z.object({ error: errorDataSchema }),
  },
} satisfies Protocol;

export type ChatProtocol = typeof chatProtocol;
