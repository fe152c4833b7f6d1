import * as z from 'zod';
import type { HeldSettings } from './held-along.ts';

/** Where a setting leads out of what Hearthlink has in its own folder: somebody should look before it is set to what a file says. */
export type LeadsTo = 'address' | 'folder';

/** A setting of this release, as its package.json describes it. */
export interface KnownSetting {
  readonly name: string;
  readonly default: unknown;
  readonly leadsTo: LeadsTo | null;
  readonly accepts: (value: unknown) => boolean;
}

/** A setting that was another then. Undefined: nobody had chosen one, so that it was the default. */
export interface SettingThen extends KnownSetting {
  readonly then: unknown;
  readonly now: unknown;
}

export interface SettingsThen {
  readonly differing: readonly SettingThen[];
  /** Names of what stands in the backup and cannot be set: no setting of this release, or not with such a value. */
  readonly leftOut: readonly string[];
}

const property = z.object({
  type: z.enum(['string', 'boolean', 'integer', 'number']),
  default: z.unknown(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
});

type Property = z.infer<typeof property>;

/** The part of an extension's package.json that describes its settings. */
const packageSchema = z.object({ contributes: z.object({ configuration: z.array(z.object({ properties: z.record(z.string(), property) })) }) });

const longestText = 1_000;

/**
 * @param packageJson of the extension
 * @param folders names of settings that hold an absolute path
 * @param isFolder whether a text is one here
 */
export function knownSettings(packageJson: unknown, folders: readonly string[], isFolder: (text: string) => boolean): readonly KnownSetting[] {
  const { contributes } = packageSchema.parse(packageJson);
  return contributes.configuration.flatMap(({ properties }) =>
    Object.entries(properties).map(([name, described]): KnownSetting => {
      const leadsTo = described.format === 'uri' ? 'address' : folders.includes(name) ? 'folder' : null;
      const fits = schemaOf(described);
      const leads = (value: unknown): boolean => leadsTo === null || value === described.default || (typeof value === 'string' && (leadsTo === 'address' ? isWebAddress(value) : isFolder(value)));
      return { name, default: described.default, leadsTo, accepts: (value) => fits.safeParse(value).success && leads(value) };
    }),
  );
}

/** What a backup would change, of the settings that this release knows. */
export function settingsThen(held: HeldSettings, now: Readonly<Record<string, unknown>>, known: readonly KnownSetting[]): SettingsThen {
  if (held.type !== 'held') return { differing: [], leftOut: [] };
  const { values } = held;
  const names = new Set(known.map(({ name }) => name));
  const unknown = [...values.keys()].filter((name) => !names.has(name));
  const invalid = known.filter(({ name, accepts }) => values.has(name) && !accepts(values.get(name)));
  const differing = known
    .filter((setting) => !invalid.includes(setting))
    .map((setting): SettingThen => ({ ...setting, then: values.get(setting.name), now: now[setting.name] }))
    .filter((setting) => (setting.then ?? setting.default) !== (setting.now ?? setting.default));
  return { differing, leftOut: [...invalid.map(({ name }) => name), ...unknown] };
}

function schemaOf({ type, minimum, maximum, pattern }: Property): z.ZodType {
  switch (type) {
    case 'boolean':
      return z.boolean();
    case 'string':
      return z.string().max(longestText).regex(/^\P{C}*$/u).regex(new RegExp(pattern ?? '', 'u'));
    case 'integer':
    case 'number': {
      const whole = type === 'integer' ? z.int() : z.number();
      return whole.min(minimum ?? Number.MIN_SAFE_INTEGER).max(maximum ?? Number.MAX_SAFE_INTEGER);
    }
  }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

const longestTitle = 60;

/**
 * A setting by the words that VS Code makes of its name, `Context size` of `hearthlink.contextSize`. A name that is none of ours comes from
 * a file that anybody may have written: it is shown as letters that mean nothing to whoever shows them.
 */
export function settingTitle(name: string): string {
  const own = /^hearthlink\.([a-z]{1,60})$/i.exec(name)?.[1];
  if (own === undefined) return name.slice(0, longestTitle).replaceAll(/[^\w.-]/g, '?');
  const words = own.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
