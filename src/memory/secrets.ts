/**
 * Finds what should not be remembered: keys, tokens, passwords, card numbers. Only what is recognisable by its own form, or
 * stands after a word that names it, counts: hashes, ids and ordinary long words do not.
 */

export interface Secret {
  /** UTF-16 offsets of the secret itself, without the words that name it. */
  readonly start: number;
  readonly end: number;
  readonly kind: SecretKind;
}

export type SecretKind = 'key' | 'token' | 'password' | 'card';

interface SecretForm {
  readonly kind: SecretKind;
  /** Global, with indices. The group `secret` is the secret; without one it is the whole match. */
  readonly pattern: RegExp;
  readonly accepts?: (secret: string) => boolean;
}

const namesOfSecrets = String.raw`(?:pass(?:word|wd|phrase|wort)|pwd|kennwort|contrase[ñn]a|senha|mot de passe|secret|api[ _-]?key|access[ _-]?key|secret[ _-]?key|auth[ _-]?token|access[ _-]?token|client[ _-]?secret|account[ _-]?key|token)`;

const forms: readonly SecretForm[] = [
  { kind: 'key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/dg },
  // Issuers mark their keys, so that they can be recognised like this.
  { kind: 'key', pattern: /(?<![\w-])(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w)/dg },
  { kind: 'key', pattern: /(?<![\w-])AIza[\w-]{35}(?![\w-])/dg },
  { kind: 'key', pattern: /(?<![\w-])sk-[\w-]{20,}/dg, accepts: looksRandom },
  { kind: 'key', pattern: /(?<![\w-])[sr]k_(?:live|test)_[A-Za-z0-9]{16,}/dg },
  { kind: 'key', pattern: /(?<![\w-])SG\.[\w-]{20,}\.[\w-]{20,}/dg },
  { kind: 'token', pattern: /(?<![\w-])gh[pousr]_[A-Za-z0-9]{30,}/dg },
  { kind: 'token', pattern: /(?<![\w-])github_pat_\w{22,}/dg },
  { kind: 'token', pattern: /(?<![\w-])glpat-[\w-]{20,}/dg },
  { kind: 'token', pattern: /(?<![\w-])(?:xox[abeoprs]|xapp)-[\w-]{10,}/dg, accepts: looksRandom },
  { kind: 'token', pattern: /(?<![\w-])npm_[A-Za-z0-9]{36}/dg },
  { kind: 'token', pattern: /(?<![\w-])pypi-[\w-]{50,}/dg },
  { kind: 'token', pattern: /(?<![\w-])hf_[A-Za-z0-9]{30,}/dg },
  { kind: 'token', pattern: /(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{8,}/dg },
  { kind: 'token', pattern: /\b(?:Bearer|Basic)\s+(?<secret>[\w+/.~-]{16,}={0,2})/dgi, accepts: looksRandom },
  // scheme://user:password@host
  { kind: 'password', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,80}:(?<secret>[^\s@/]{3,200})@(?=[\w[])/dgi, accepts: isNoPlaceholder },
  // Quoted, after a name: password = "correct horse"
  {
    kind: 'password',
    pattern: new RegExp(String.raw`${namesOfSecrets}["'\`]?\s*(?:=>|:=|=|:)\s*(?<quote>["'\`])(?<secret>[^\r\n"'\`]{6,200})\k<quote>`, 'dgi'),
    accepts: (secret) => isNoPlaceholder(secret) && (hasDigit(secret) || !/^\w+$/.test(secret)),
  },
  // Bare, after a name: PASSWORD=abc123def
  {
    kind: 'password',
    pattern: new RegExp(String.raw`${namesOfSecrets}["'\`]?\s*(?:=>|:=|=|:)\s*(?<secret>[^\s"'\`,;(){}[\]<>]{8,200})(?![(])`, 'dgi'),
    accepts: (secret) => isNoPlaceholder(secret) && looksRandom(secret),
  },
  // Said: my password is hunter2!
  {
    kind: 'password',
    pattern: new RegExp(String.raw`\b${namesOfSecrets}\s+(?:is|ist|lautet|est|es|é)\s*:?\s*["'“„«]?(?<secret>[^\s"'”“»]{6,200})`, 'dgi'),
    accepts: (secret) => isNoPlaceholder(secret) && hasDigit(secret),
  },
  // A number that opens a phone or a card.
  { kind: 'password', pattern: /(?<![\p{L}\p{N}])(?:pin|code secret)(?:[ -]?(?:code|nummer|number))?\s*(?:is|ist|lautet|est|es|é|è|=|:)\s*(?<secret>\d{4,8})(?!\d)/dgiu },
  { kind: 'card', pattern: /(?<![\d.,-])(?<secret>[2-6]\d{3}(?:\d{9,15}|[ -]\d{4}[ -]\d{4}[ -]\d{1,7}|[ -]\d{6}[ -]\d{4,5}))(?![\d-])/dg, accepts: isCardNumber },
];

/** What looks like a secret in `text`, in order, not overlapping. */
export function findSecrets(text: string): readonly Secret[] {
  const found: Secret[] = [];
  for (const { kind, pattern, accepts } of forms) {
    for (const match of text.matchAll(pattern)) {
      const [start, end] = match.indices?.groups?.['secret'] ?? match.indices?.[0] ?? [0, 0];
      // What ends a sentence is not part of it; an exclamation mark may be.
      const secret = text.slice(start, end).replace(/[.,;:?)]+$/, '');
      if (accepts === undefined || accepts(secret)) found.push({ start, end: start + secret.length, kind });
    }
  }
  return withoutOverlaps(found);
}

/** `text` with a dot for each character of what looks like a secret: of the same length, so that offsets stay what they were. */
export function maskSecrets(text: string): string {
  let masked = '';
  let last = 0;
  for (const { start, end } of findSecrets(text)) {
    masked += text.slice(last, start) + mask.repeat(end - start);
    last = end;
  }
  return masked + text.slice(last);
}

const mask = '•';

/** The longer of two that overlap takes in the other. */
function withoutOverlaps(secrets: readonly Secret[]): readonly Secret[] {
  const merged: Secret[] = [];
  for (const secret of secrets.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = merged.at(-1);
    if (last === undefined || secret.start >= last.end) merged.push(secret);
    else merged[merged.length - 1] = { ...last, end: Math.max(last.end, secret.end) };
  }
  return merged;
}

const placeholder =
  /^(?:[x*•.#_-]{3,}|<.*>?|\$\{?.*|%.*%?|\{\{.*|\[.*|(?:your|my|the|some|new|old|test|example|sample|dummy|fake)[-_ ].*|.*(?:change[-_ ]?me|example|placeholder|redacted|•).*|pass(?:word|wd)?|secret|token|null|undefined|none|true|false|string|process\.env.*|os\.environ.*|env\..*)$/i;

function isNoPlaceholder(secret: string): boolean {
  return !placeholder.test(secret);
}

/** Letters and digits together, as no word has them and few names do. */
function looksRandom(secret: string): boolean {
  return hasDigit(secret) && /[A-Za-z]/.test(secret) && !/^[\w$]+(?:\.[A-Za-z_$][\w$]*)+$/.test(secret);
}

function hasDigit(secret: string): boolean {
  return /\d/.test(secret);
}

/** Prefixes and lengths of the networks, and the check digit (ISO/IEC 7812-1, Luhn). */
function isCardNumber(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  const known =
    /^4(?:\d{12}|\d{15}|\d{18})$/.test(digits) ||
    /^(?:5[1-5]|2[2-7])\d{14}$/.test(digits) ||
    /^3[47]\d{13}$/.test(digits) ||
    /^3(?:0[0-5]|[68]\d)\d{11}$/.test(digits) ||
    /^35\d{14}$/.test(digits) ||
    /^6(?:011|5\d\d|4[4-9]\d|2\d\d)\d{12,15}$/.test(digits);
  return known && hasLuhnDigit(digits);
}

function hasLuhnDigit(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const namedSecret = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:${namesOfSecrets}|pin|パスワード|暗証番号|密码)\s*(?:is|was|ist|war|lautet|est|es|é|è|=|:|は|是)`, 'iu');

/** Whether a text says what a password or key is, also where it looks like any other word. */
export function namesSecret(text: string): boolean {
  return namedSecret.test(text);
}
