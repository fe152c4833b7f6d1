import type * as z from 'zod';
import { HearthlinkError } from '../shared/errors.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import type { ChatModel, ChatTurn } from './port.ts';

export interface StructuredRequest<Shape extends z.ZodType> {
  readonly model: string;
  /** The keys, the rules and an example must stand here: the model sees the shape in no other way. */
  readonly messages: readonly ChatTurn[];
  /** Keys in the alphabetical order in which they should be thought of. */
  readonly shape: Shape;
  readonly maxReplyTokens?: number;
  readonly background?: boolean;
}

/** The second time a little warmth, or the model would say the same again. */
const temperatures = [0, 0.3] as const;
const longestQuotedAnswer = 2000;
const mostIssuesTold = 5;

/**
 * Asks for JSON of a shape. An answer that is cut off, is no JSON or has another shape is asked for once more, with what was
 * wrong; then it throws `model-bad-output` with the issues as `detail`, which names keys and never quotes the answer.
 */
export async function askForShape<Shape extends z.ZodType>(
  chat: ChatModel,
  request: StructuredRequest<Shape>,
  signal: AbortSignal,
): Promise<z.output<Shape>> {
  const schema = toGrammarSchema(request.shape);
  let messages = request.messages;
  let issues: readonly string[] = [];
  for (const temperature of temperatures) {
    const answer = await collect(chat, { ...request, messages, schema, temperature }, signal);
    const read = readAnswer(answer, request.shape);
    if ('value' in read) return read.value;
    issues = read.issues;
    messages = [...request.messages, ...complaint(answer.text, issues)];
  }
  throw new HearthlinkError('model-bad-output', { model: request.model, detail: issues.join('; ') });
}

interface Answer {
  readonly text: string;
  readonly complete: boolean;
}

async function collect(
  chat: ChatModel,
  request: { model: string; messages: readonly ChatTurn[]; schema: object; temperature: number; maxReplyTokens?: number; background?: boolean },
  signal: AbortSignal,
): Promise<Answer> {
  const { model, messages, schema, temperature, maxReplyTokens, background } = request;
  const events = chat.chat(
    {
      model,
      messages,
      schema,
      temperature,
      think: false,
      ...(maxReplyTokens !== undefined && { maxReplyTokens }),
      ...(background !== undefined && { background }),
    },
    signal,
  );
  let text = '';
  let complete = false;
  for await (const event of events) {
    if (event.type === 'text') text += event.text;
    if (event.type === 'end') complete = event.reason === 'stop';
  }
  return { text, complete };
}

function readAnswer<Shape extends z.ZodType>(
  { text, complete }: Answer,
  shape: Shape,
): { readonly value: z.output<Shape> } | { readonly issues: readonly string[] } {
  if (!complete) return { issues: ['the answer was too long and was cut off'] };
  const json = parseJson(text);
  if (json === undefined) return { issues: ['the answer is not JSON'] };
  const result = shape.safeParse(json.value);
  if (result.success) return { value: result.data };
  return { issues: result.error.issues.slice(0, mostIssuesTold).map(toldIssue) };
}

/** JSON alone, or the one object in what is said around it: servers that do not constrain the answer get it so. */
function parseJson(text: string): { readonly value: unknown } | undefined {
  for (const candidate of [text, text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)]) {
    try {
      const value: unknown = JSON.parse(candidate);
      return { value };
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return undefined;
}

function toldIssue({ path, code, message }: z.core.$ZodIssue): string {
  const where = path.length === 0 ? 'the answer' : path.map(String).join('.');
  // Messages of other codes may quote what was found.
  return `${where}: ${code === 'custom' ? 'not valid' : message}`;
}

function complaint(answer: string, issues: readonly string[]): readonly ChatTurn[] {
  const list = issues.map((issue) => `- ${issue}`).join('\n');
  return [
    { role: 'assistant', content: answer === '' ? '{}' : answer.slice(0, longestQuotedAnswer) },
    { role: 'user', content: `That answer cannot be used:\n${list}\nAnswer again, with the JSON object alone.` },
  ];
}
