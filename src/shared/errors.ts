/**
 * Every way in which Hearthlink can fail that a person may meet. The text is made where it is shown, from the code and the
 * parameters, so that it can be translated; `detail` in the parameters holds a server's or system's own words.
 */
export const errorCodes = [
  // store
  'store-read-only',
  'store-full',
  'store-not-known-saved',
  'store-damaged',
  'store-newer-schema',
  'store-not-migrated',
  'store-locked',
  'store-stopped',
  'store-timeout',
  'conflict',
  'not-found',
  'invalid-transition',
  'invalid-input',
  'forgotten-before',
  'secret-not-kept',
  // models
  'model-not-running',
  'model-wrong-server',
  'model-missing',
  'model-unsupported',
  'model-context-overflow',
  'model-busy',
  'model-load-failed',
  'model-crashed',
  'model-stream-cut',
  'model-silent',
  'model-bad-output',
  'model-server-error',
  'model-circuit-open',
  'model-none-chosen',
  'cancelled',
  // host and views
  'view-timeout',
  'view-bad-message',
  'attachment-unreadable',
  // files that come in
  'import-unreadable',
  'import-too-large',
  'import-empty',
  // backups and their keys
  'archive-damaged',
  'archive-newer',
  'archive-locked',
  'archive-wrong-key',
  'archive-refused',
  'backup-busy',
  'backup-incomplete',
  'keys-damaged',
  'passphrase-weak',
  'recovery-key-mistyped',
  'vault-locked',
  'vault-refused',
  'vault-closed',
  'internal',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

export type ErrorParameters = Readonly<Record<string, string | number>>;

/** What crosses threads and frames instead of an Error. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;
}

/** Marks our errors in every bundle: each bundle has its own copy of the class, so `instanceof` would not know the others'. */
const brand = Symbol.for('hearthlink.error');

/** The one error class of Hearthlink: a code, its parameters, and the error that caused it. */
export class HearthlinkError extends Error {
  readonly [brand] = true;
  readonly code: ErrorCode;
  readonly parameters: ErrorParameters;

  constructor(code: ErrorCode, parameters: ErrorParameters = {}, cause?: unknown) {
    super(describe(code, parameters), cause === undefined ? undefined : { cause });
    this.name = 'HearthlinkError';
    this.code = code;
    this.parameters = parameters;
  }

  static is(error: unknown, ...codes: readonly ErrorCode[]): error is HearthlinkError {
    return isOurs(error) && (codes.length === 0 || codes.includes(error.code));
  }

  /** Any thrown value as a HearthlinkError; what is none of ours becomes `internal` with the original as cause. */
  static from(error: unknown): HearthlinkError {
    if (isOurs(error)) return error;
    const detail = error instanceof Error ? error.message : String(error);
    return new HearthlinkError('internal', { detail }, error);
  }

  toData(): ErrorData {
    return { code: this.code, parameters: this.parameters };
  }

  static fromData(data: ErrorData): HearthlinkError {
    return new HearthlinkError(data.code, data.parameters);
  }
}

function isOurs(error: unknown): error is HearthlinkError {
  return error instanceof Error && brand in error;
}

/** For logs: the code and short parameters, never a person's words. */
function describe(code: ErrorCode, parameters: ErrorParameters): string {
  const fields = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
  return fields.length === 0 ? code : `${code} (${fields.join(', ')})`;
}
