import { readFileSync } from 'node:fs';
import * as z from 'zod';

/** The conversations of LoCoMo (Maharana et al., ACL 2024), as far as recall is measured with them. Nothing of them is kept here. */

export interface Conversation {
  readonly id: string;
  readonly sessions: readonly Session[];
  readonly facts: readonly Fact[];
  readonly questions: readonly Question[];
  /** Questions whose evidence names no turn, or one that is not there. */
  readonly unusable: number;
}

export interface Session {
  readonly number: number;
  /** Milliseconds, its wall clock taken as UTC. */
  readonly at: number;
  readonly turns: readonly Turn[];
}

export interface Turn {
  /** `<conversation>/D<session>:<turn>` */
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
}

export interface Fact {
  readonly id: string;
  readonly speaker: string;
  readonly text: string;
  /** The turn it was taken from. */
  readonly turnId: string;
  readonly sessionNumber: number;
}

export interface Question {
  readonly id: string;
  readonly text: string;
  /** 1 several sessions, 2 time, 3 open, 4 one turn, 5 adversarial. */
  readonly category: number;
  readonly evidence: ReadonlySet<string>;
}

const turnShape = z.object({ speaker: z.string(), dia_id: z.string(), text: z.string(), blip_caption: z.string().optional() });
const factShape = z.tuple([z.string(), z.union([z.string(), z.array(z.string())])]);
const conversationShape = z.object({
  sample_id: z.string(),
  conversation: z.record(z.string(), z.unknown()),
  observation: z.record(z.string(), z.record(z.string(), z.array(factShape))).default({}),
  qa: z.array(z.object({ question: z.string(), category: z.number(), evidence: z.array(z.string()) })),
});

/** @throws when the file is not there or no LoCoMo */
export function readConversations(file: string): readonly Conversation[] {
  return z.array(conversationShape).parse(JSON.parse(readFileSync(file, 'utf8'))).map(conversationOf);
}

function conversationOf(raw: z.infer<typeof conversationShape>): Conversation {
  const id = raw.sample_id;
  const sessions = sessionsOf(id, raw.conversation);
  const turnIds = new Set(sessions.flatMap(({ turns }) => turns.map((turn) => turn.id)));
  const asked = raw.qa.map(({ question, category, evidence }, i): Question => {
    return { id: `${id}/q${i}`, text: question, category, evidence: new Set(evidence.map((turn) => `${id}/${turn}`)) };
  });
  const questions = asked.filter(({ evidence }) => evidence.size > 0 && [...evidence].every((turn) => turnIds.has(turn)));
  return { id, sessions, facts: factsOf(id, raw.observation, turnIds), questions, unusable: asked.length - questions.length };
}

function sessionsOf(id: string, raw: Readonly<Record<string, unknown>>): Session[] {
  return sortedNumbers(Object.keys(raw), /^session_(\d+)$/).map((number) => ({
    number,
    at: timeOf(z.string().parse(raw[`session_${number}_date_time`])),
    turns: z.array(turnShape).parse(raw[`session_${number}`]).map(({ speaker, dia_id, text, blip_caption: caption }): Turn => {
      return { id: `${id}/${dia_id}`, speaker, text: caption === undefined ? text : `${text} [image: ${caption}]` };
    }),
  }));
}

/** Numbered by session, then speaker, then place in the file, as the vectors' ids have them. */
function factsOf(id: string, raw: z.infer<typeof conversationShape>['observation'], turnIds: ReadonlySet<string>): Fact[] {
  const all = sortedNumbers(Object.keys(raw), /^session_(\d+)_observation$/).flatMap((sessionNumber) =>
    Object.entries(raw[`session_${sessionNumber}_observation`] ?? {}).flatMap(([speaker, facts]) =>
      facts.map(([text, source]) => ({ sessionNumber, speaker, text, turnId: `${id}/${[source].flat()[0] ?? ''}` })),
    ),
  );
  return all.map((fact, i) => ({ ...fact, id: `${id}/f${i}` })).filter(({ turnId }) => turnIds.has(turnId));
}

function sortedNumbers(keys: readonly string[], pattern: RegExp): number[] {
  return keys.flatMap((key) => pattern.exec(key)?.[1] ?? []).map(Number).toSorted((a, b) => a - b);
}

/** `1:30 pm on 2 April, 2021` */
function timeOf(text: string): number {
  const [clock = '', date = ''] = text.split(' on ');
  const at = Date.parse(`${date} ${clock} UTC`);
  if (Number.isNaN(at)) throw new Error(`No date: ${text}`);
  return at;
}

export interface Vectors {
  readonly model: string;
  readonly byId: ReadonlyMap<string, Float32Array>;
}

const vectorsHead = z.object({ model: z.string(), dimension: z.int().min(1), ids: z.array(z.string()) });

/** A line of JSON with `model`, `dimension` and `ids`, then the vectors in that order as float32, little endian. */
export function readVectors(file: string): Vectors {
  const bytes = readFileSync(file);
  const end = bytes.indexOf('\n');
  const { model, dimension, ids } = vectorsHead.parse(JSON.parse(bytes.toString('utf8', 0, end)));
  const values = new Float32Array(Uint8Array.from(bytes.subarray(end + 1)).buffer);
  if (values.length !== ids.length * dimension) throw new Error(`${file} holds ${values.length} numbers for ${ids.length} vectors of ${dimension}.`);
  return { model, byId: new Map(ids.map((id, i) => [id, values.slice(i * dimension, (i + 1) * dimension)])) };
}
