import type { LogOutputChannel } from 'vscode';
import type { Log, LogFields } from '../shared/ports.ts';

/** Writes to the log channel `Hearthlink`; the level is the reader's choice there. */
export function logTo(channel: LogOutputChannel): Log {
  return {
    debug: (message, fields) => {
      channel.debug(line(message, fields));
    },
    info: (message, fields) => {
      channel.info(line(message, fields));
    },
    warn: (message, fields) => {
      channel.warn(line(message, fields));
    },
    error: (message, fields) => {
      channel.error(line(message, fields));
    },
  };
}

function line(message: string, fields: LogFields = {}): string {
  const parts = Object.entries(fields).filter(([, value]) => value !== undefined);
  return [message, ...parts.map(([name, value]) => `${name}=${String(value)}`)].join(' ');
}
