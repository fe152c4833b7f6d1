import { firstSequenceOf, readHead } from './audit-folder.ts';
import { auditLines, type AuditLine } from './audit-reading.ts';
import { chainStart, hashOfLine, type ChainEnd } from './audit-record.ts';

/** What is wrong with a chain, and where: `file` and `line` of the first line at which it shows. */
export interface AuditProblem {
  /**
   * `changed`: a line is not as it was written; `missing`: lines were removed, or stand in another order; `noted`: a window saw,
   * when it went on, that the end had been altered; `no-head`: the note of where the chain ends is gone, so lines at the end may be
   */
  readonly type: 'changed' | 'missing' | 'noted' | 'no-head';
  readonly file: string;
  readonly line: number;
}

export interface AuditVerdict {
  readonly lines: number;
  /** Lines that were let go because the record had become too long. */
  readonly shortenedBy: number;
  readonly problems: readonly AuditProblem[];
}

/** Goes along the chain from line to line. Finds every line that was changed, removed, added or put elsewhere. */
export async function verifyAuditLog(folder: string): Promise<AuditVerdict> {
  const head = await readHead(folder);
  const walk = new ChainWalk(head);
  for await (const line of auditLines(folder)) walk.step(line);
  return walk.verdict();
}

class ChainWalk {
  readonly #head: ChainEnd | null;
  readonly #problems: AuditProblem[] = [];
  #end: ChainEnd | null = null;
  #last = { file: '', number: 0 };
  #lines = 0;
  #shortenedBy = 0;
  #firstSequence = 1;
  #firstPlace: Pick<AuditLine, 'file' | 'number'> = { file: '', number: 0 };
  #headSeen = false;

  constructor(head: ChainEnd | null) {
    this.#head = head;
  }

  step(line: AuditLine): void {
    const { file, number, text, record } = line;
    this.#lines++;
    const before = this.#end ?? this.#start(line);
    if (record === null) this.#report('changed', line);
    else if (record.sequence !== before.sequence + 1) this.#report('missing', line);
    else if (record.previous !== before.hash) this.#report('changed', this.#last.number === 0 ? line : this.#last);
    if (record?.action === 'record.altered') this.#report('noted', line);
    if (record?.action === 'record.shortened') this.#shortenedBy = Math.max(this.#shortenedBy, record.count ?? 0);
    this.#end = { sequence: record?.sequence ?? before.sequence + 1, hash: hashOfLine(text) };
    this.#last = { file, number };
    if (this.#end.sequence === this.#head?.sequence) {
      this.#headSeen = true;
      if (this.#end.hash !== this.#head.hash) this.#report('changed', line);
    }
  }

  verdict(): AuditVerdict {
    if (this.#firstSequence > this.#shortenedBy + 1) this.#report('missing', this.#firstPlace);
    if (this.#head === null) {
      if (this.#lines > 0) this.#report('no-head', this.#last);
    } else if (!this.#headSeen && this.#head.sequence > 0) {
      this.#report('missing', this.#last);
    }
    return { lines: this.#lines, shortenedBy: this.#shortenedBy, problems: this.#problems };
  }

  /** The first line of all may follow others that were let go; whether they were is known at the end. */
  #start({ file, number, record }: AuditLine): ChainEnd {
    this.#firstPlace = { file, number };
    this.#firstSequence = record?.sequence ?? firstSequenceOf(file) ?? 1;
    if (this.#firstSequence === 1) return chainStart;
    return { sequence: this.#firstSequence - 1, hash: record?.previous ?? '' };
  }

  /** Once for a line: what is wrong with one line is seen from both sides. */
  #report(type: AuditProblem['type'], { file, number }: Pick<AuditLine, 'file' | 'number'>): void {
    const isKnown = this.#problems.some((known) => known.file === file && known.line === number && known.type === type);
    if (!isKnown) this.#problems.push({ type, file, line: number });
  }
}
