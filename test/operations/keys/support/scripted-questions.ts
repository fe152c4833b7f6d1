import assert from 'node:assert/strict';
import type { KeyQuestions } from '../../../../src/operations/keys/key-questions.ts';
import { HearthlinkError, type ErrorCode } from '../../../../src/shared/errors.ts';

/** What a person answers to each question, in their order; null: they turn it away. */
export interface Answers {
  readonly newPassphrase?: readonly (string | null)[];
  /** Whether they keep the recovery key that is shown. */
  readonly keeps?: boolean;
  /** What is typed when the recovery key is asked for again; `shown`: the one that was shown. */
  readonly again?: readonly string[];
  readonly secret?: readonly string[];
  readonly remember?: boolean | null;
  readonly newKey?: boolean;
  readonly turnOff?: boolean;
  readonly startOver?: boolean;
}

/** A person who answers as scripted; a question that was not foreseen fails. */
export class ScriptedQuestions implements KeyQuestions {
  /** What was asked, in order. */
  readonly asked: string[] = [];
  /** Why answers were not taken. */
  readonly refused: ErrorCode[] = [];
  shown: string | null = null;
  readonly #answers: Answers;
  readonly #passphrases: (string | null)[];

  constructor(answers: Answers = {}) {
    this.#answers = answers;
    this.#passphrases = [...(answers.newPassphrase ?? [])];
  }

  newPassphrase() {
    this.asked.push('newPassphrase');
    const answer = this.#passphrases.shift();
    assert.notEqual(answer, undefined, 'no new passphrase was foreseen');
    return Promise.resolve(answer ?? null);
  }

  showRecoveryKey(recoveryKey: string) {
    this.asked.push('showRecoveryKey');
    this.shown = recoveryKey;
    return Promise.resolve(this.#answers.keeps ?? true);
  }

  recoveryKeyAgain(take: (typed: string) => Promise<void>) {
    this.asked.push('recoveryKeyAgain');
    return this.#type((this.#answers.again ?? ['shown']).map((typed) => (typed === 'shown' ? (this.shown ?? '') : typed)), take);
  }

  secret({ type }: { readonly type: string }, take: (typed: string) => Promise<void>) {
    this.asked.push(`secret to ${type}`);
    return this.#type(this.#answers.secret ?? [], take);
  }

  remember() {
    this.asked.push('remember');
    return Promise.resolve(this.#answers.remember ?? null);
  }

  newKey() {
    this.asked.push('newKey');
    return Promise.resolve(this.#answers.newKey ?? false);
  }

  turnOff() {
    this.asked.push('turnOff');
    return Promise.resolve(this.#answers.turnOff ?? false);
  }

  startOver() {
    this.asked.push('startOver');
    return Promise.resolve(this.#answers.startOver ?? false);
  }

  async #type(all: readonly string[], take: (typed: string) => Promise<void>): Promise<boolean> {
    for (const typed of all) {
      try {
        await take(typed);
        return true;
      } catch (error) {
        this.refused.push(HearthlinkError.from(error).code);
      }
    }
    return false;
  }
}
