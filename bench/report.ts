import { type BenchRow } from './rows.ts';

/**
 * Prints what was measured: a table for people, or with `--json` one array of rows. The process ends with 1 when a bar was
 * missed.
 */
export function report(title: string, rows: readonly BenchRow[]): void {
  if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else process.stdout.write(`${title}\n${table(rows)}\n`);
  if (rows.some(({ ok }) => ok === false)) process.exitCode = 1;
}

/** Says what is going on, beside the rows and not among them. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function table(rows: readonly BenchRow[]): string {
  const cells = rows.map((row) => [row.name, valueWords(row), `${row.better === 'lower' ? 'at most' : 'at least'} ${String(row.bar)}`, verdict(row)]);
  const widths = [0, 1, 2].map((column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells.map((line) => line.map((cell, column) => (column === 1 ? cell.padStart(widths[1] ?? 0) : cell.padEnd(widths[column] ?? 0))).join('  ').trimEnd()).join('\n');
}

function valueWords({ value, unit }: BenchRow): string {
  return value === null ? '-' : `${String(Number(value.toPrecision(3)))} ${unit}`;
}

function verdict({ ok, reason }: BenchRow): string {
  if (ok === null) return `not measured: ${reason ?? ''}`;
  return ok ? 'met' : 'MISSED';
}
