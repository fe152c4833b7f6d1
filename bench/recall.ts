/**
 * How much of what answers a question is recalled: `npm run bench:recall -- --locomo FILE [--vectors FILE] [--facts]`, with
 * `--json` for rows. docs/benchmarks.md tells where the files come from.
 */
import { parseArgs } from 'node:util';
import { type Conversation, readConversations, readVectors, type Vectors } from './recall-data.ts';
import { type Answer, latencyOf, type Scores, scoresOf, wordCounts } from './recall-scores.ts';
import { fillStore, type Keys } from './recall-store.ts';
import { report, say } from './report.ts';
import { benchRow, type BenchRow, missingRow } from './rows.ts';

const bench = 'bench:recall';
const categoryNames = ['', '1 several sessions', '2 time', '3 open', '4 one turn', '5 adversarial'];

/** A row, which of the scores it is, and what it needs. */
interface Measured {
  readonly row: string;
  readonly score: keyof Scores;
  readonly vectors: boolean;
  readonly facts: boolean;
  readonly pooled: boolean;
}

const plain = { vectors: false, facts: false, pooled: false };
const withVectors = { ...plain, vectors: true };
const withFacts = { ...plain, facts: true };
const withBoth = { ...plain, vectors: true, facts: true };

const measured: readonly Measured[] = [
  { row: 'turn-recall@5', score: 'recallAt5', ...plain },
  { row: 'turn-recall@10', score: 'recallAt10', ...plain },
  { row: 'turn-recall@50', score: 'recallAt50', ...plain },
  { row: 'mrr', score: 'mrr', ...plain },
  { row: 'session-hit@1', score: 'sessionHitAt1', ...plain },
  { row: 'session-hit@5', score: 'sessionHitAt5', ...plain },
  { row: 'evidence-in-1000-tokens', score: 'evidenceIn1000Tokens', ...plain },
  { row: 'pooled-turn-recall@10', score: 'recallAt10', ...plain, pooled: true },
  { row: 'vectors-turn-recall@5', score: 'recallAt5', ...withVectors },
  { row: 'vectors-turn-recall@10', score: 'recallAt10', ...withVectors },
  { row: 'vectors-evidence-in-1000-tokens', score: 'evidenceIn1000Tokens', ...withVectors },
  { row: 'vectors-pooled-turn-recall@10', score: 'recallAt10', ...withVectors, pooled: true },
  { row: 'facts-turn-recall@10', score: 'recallAt10', ...withFacts },
  { row: 'facts-vectors-turn-recall@5', score: 'recallAt5', ...withBoth },
  { row: 'facts-vectors-turn-recall@10', score: 'recallAt10', ...withBoth },
];

const { values: given } = parseArgs({
  options: { locomo: { type: 'string' }, vectors: { type: 'string' }, facts: { type: 'boolean' }, json: { type: 'boolean' } },
});
report('Recall', given.locomo === undefined ? measured.map(({ row }) => missingRow(bench, row, '%', 'needs --locomo FILE')) : await measure(given.locomo));

async function measure(file: string): Promise<BenchRow[]> {
  const conversations = readConversations(file);
  const vectors = given.vectors === undefined ? null : readVectors(given.vectors);
  const count = (of: (conversation: Conversation) => number): number => conversations.reduce((sum, conversation) => sum + of(conversation), 0);
  say(`${count(({ questions }) => questions.length)} questions; ${count(({ unusable }) => unusable)} more have no well-formed evidence and are left out.`);
  const wordsOf = wordCounts(conversations);
  const known = new Map<string, Scores>();
  const rows: BenchRow[] = [];
  for (const need of measured) {
    const missing = whatIsMissing(need, vectors);
    if (missing !== null) {
      rows.push(missingRow(bench, need.row, '%', missing));
      continue;
    }
    const name = nameOf(need);
    let scores = known.get(name);
    if (scores === undefined) {
      const answers = await answersOf(conversations, need, vectors);
      scores = scoresOf(answers, wordsOf);
      known.set(name, scores);
      say(table(name, answers, wordsOf));
    }
    rows.push(benchRow(bench, need.row, scores[need.score], '%'));
  }
  return rows;
}

function whatIsMissing(need: Measured, vectors: Vectors | null): string | null {
  if (need.vectors && vectors === null) return 'needs --vectors FILE';
  return need.facts && given.facts !== true ? 'needs --facts' : null;
}

function nameOf({ vectors, facts, pooled }: Measured): string {
  const keys = ['words', ...(facts ? ['facts'] : []), ...(vectors ? ['vectors'] : [])].join(' + ');
  return pooled ? `${keys}, all conversations in one store` : keys;
}

async function answersOf(conversations: readonly Conversation[], need: Measured, vectors: Vectors | null): Promise<Answer[]> {
  const keys: Keys = { vectors: need.vectors ? vectors : null, facts: need.facts };
  const stores = need.pooled ? [conversations] : conversations.map((conversation) => [conversation]);
  const answers: Answer[] = [];
  for (const stored of stores) {
    const store = await fillStore(stored, keys);
    for (const question of stored.flatMap(({ questions }) => questions)) answers.push({ question, ...(await store.ask(question)) });
    store.close();
  }
  return answers;
}

/** By category; the last line is of all. */
function table(name: string, answers: readonly Answer[], wordsOf: (turn: string) => number): string {
  const { p50, p95 } = latencyOf(answers);
  const byCategory = [...Map.groupBy(answers, ({ question }) => question.category)].toSorted(([a], [b]) => a - b);
  const lines = [
    ...byCategory.map(([category, some]) => line(categoryNames[category] ?? String(category), scoresOf(some, wordsOf))),
    line('all', scoresOf(answers, wordsOf)),
  ];
  const head = ['', 'questions', 'R@5', 'R@10', 'R@50', 'MRR', 'session@1', 'session@5', '1,000 tokens'];
  return `\n${name} (search p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms)\n${[head, ...lines].map(aligned).join('\n')}`;
}

function line(label: string, { questions, ...shares }: Scores): string[] {
  const { recallAt5, recallAt10, recallAt50, mrr, sessionHitAt1, sessionHitAt5, evidenceIn1000Tokens } = shares;
  const cells = [recallAt5, recallAt10, recallAt50, mrr, sessionHitAt1, sessionHitAt5, evidenceIn1000Tokens];
  return [label, String(questions), ...cells.map((cell) => cell.toFixed(1))];
}

function aligned([label = '', ...cells]: readonly string[]): string {
  return label.padEnd(18) + cells.map((cell) => cell.padStart(13)).join('');
}
