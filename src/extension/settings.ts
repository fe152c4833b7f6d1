import { workspace } from 'vscode';
import type { TidySettings } from '../memory/consolidation.ts';

/** The settings as the rooms need them, read anew on each use. What is out of range falls back to the default. */
export interface Settings {
  readonly endpoint: string;
  readonly chatModel: string;
  readonly embeddingModel: string;
  readonly contextSize: number;
  readonly replyLength: number;
  readonly keepAlive: string;
  readonly thinking: boolean;
  readonly silenceSeconds: number;
  readonly memoryBudget: number;
  readonly temporaryChatDays: number;
  readonly tidying: TidySettings;
  readonly showTokensPerSecond: boolean;
  readonly backupChangesHours: number;
  readonly backupFullDays: number;
  readonly backupKeepAllDays: number;
  readonly backupKeepDailyDays: number;
  readonly backupKeepWeeklyDays: number;
  /** An absolute path; empty: none. */
  readonly backupSecondFolder: string;
  /** 0: never by itself. */
  readonly lockAfterMinutes: number;
}

export function readSettings(): Settings {
  const configuration = workspace.getConfiguration('hearthlink');
  const text = (name: string, otherwise: string): string => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : otherwise;
  };
  const whole = (name: string, otherwise: number, least: number, most: number): number => {
    const value = configuration.get<unknown>(name);
    return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most ? value : otherwise;
  };
  return {
    endpoint: text('endpoint', 'http://127.0.0.1:11434'),
    chatModel: text('chatModel', ''),
    embeddingModel: text('embeddingModel', ''),
    contextSize: whole('contextSize', 8192, 1024, 262144),
    replyLength: whole('replyLength', 1024, 64, 32768),
    keepAlive: text('keepAlive', '15m'),
    thinking: configuration.get<unknown>('thinking') === true,
    silenceSeconds: whole('silenceSeconds', 120, 10, 3600),
    memoryBudget: whole('memoryBudget', 1000, 0, 3000),
    temporaryChatDays: whole('temporaryChatDays', 7, 1, 90),
    tidying: {
      likeness: whole('tidyLikeness', 70, 50, 100),
      unusedDays: whole('tidyUnusedDays', 180, 30, 3650),
      importanceAtMost: whole('tidyImportance', 30, 0, 100),
      keepExpiredDays: whole('tidyKeepExpiredDays', 7, 0, 365),
    },
    backupChangesHours: whole('backupChangesHours', 6, 1, 24),
    backupFullDays: whole('backupFullDays', 1, 1, 7),
    backupKeepAllDays: whole('backupKeepAllDays', 7, 1, 90),
    backupKeepDailyDays: whole('backupKeepDailyDays', 30, 1, 365),
    backupKeepWeeklyDays: whole('backupKeepWeeklyDays', 90, 7, 3650),
    backupSecondFolder: text('backupSecondFolder', ''),
    lockAfterMinutes: whole('lockAfterMinutes', 60, 0, 1440),
    showTokensPerSecond: configuration.get<unknown>('showTokensPerSecond') === true,
  };
}

/** Those that hold the absolute path of a folder; package.json cannot say so. */
export const folderSettings: readonly string[] = ['hearthlink.backupSecondFolder'];

/** What a person has set for all windows, by name. */
export function chosenSettings(): Readonly<Record<string, unknown>> {
  const configuration = workspace.getConfiguration('hearthlink');
  const chosen = Object.keys(configuration).flatMap((name): [string, unknown][] => {
    const value: unknown = configuration.inspect(name)?.globalValue;
    return value === undefined ? [] : [[`hearthlink.${name}`, value]];
  });
  return Object.fromEntries(chosen);
}

/** The host of an endpoint that is not this machine; null for loopback or for what is no address. */
export function remoteHostOf(endpoint: string): string | null {
  const host = URL.canParse(endpoint) ? new URL(endpoint).hostname : '';
  const loopback = host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
  return host === '' || loopback ? null : host;
}
