/** What a process says it has done: a line on standard output, which is whole or not there. */
export interface Deed {
  /** `restoring` is said before it is begun, and `refused` when it was not done; all others when they were acknowledged. */
  readonly type: 'wrote' | 'backed-up' | 'proved' | 'restoring' | 'restored' | 'refused' | 'rotated' | 'encrypted' | 'decrypted';
  /** Of the write, or of the backup. */
  readonly id: string;
  /** By a clock that all processes share, in microseconds. */
  readonly begun: number;
  /** As `begun`, where it is not over. */
  readonly over: number;
}

const types: readonly string[] = ['wrote', 'backed-up', 'proved', 'restoring', 'restored', 'refused', 'rotated', 'encrypted', 'decrypted'] satisfies Deed['type'][];

/** The same for all processes of this machine. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

export function lineOf({ type, id, begun, over }: Deed): string {
  return `${type} ${begun} ${over} ${id}\n`;
}

/** Null for a line that is no deed. */
export function deedIn(line: string): Deed | null {
  const [type = '', begun, over, ...id] = line.split(' ');
  return isType(type) ? { type, begun: Number(begun), over: Number(over), id: id.join(' ') } : null;
}

function isType(text: string): text is Deed['type'] {
  return types.includes(text);
}
