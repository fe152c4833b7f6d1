// Bundles everything that ships into dist/, copies what is not code, and fails when a bundle outgrows its gate.
//   node esbuild.mjs [--dev] [--tests] [--watch]
//     --dev    readable, with source maps, and no gates
//     --tests  also the tests that run inside an extension host
//     --watch  dev, again on every change
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import esbuild from 'esbuild';
import { KB, describeGate, firstLoadBytes, isOver } from './scripts/bundle-sizes.ts';
import { codiconSheet, subsetIcons } from './scripts/icon-subset.ts';
import { lateToolkit } from './scripts/late-toolkit.ts';
import { narrowFastFoundation } from './scripts/narrow-fast-foundation.ts';
import { narrowSnowball } from './scripts/narrow-snowball.ts';
import { bundledPackages, thirdPartyNotices } from './scripts/third-party-notices.ts';

const root = import.meta.dirname;
const { values: flags } = parseArgs({
  options: { dev: { type: 'boolean' }, tests: { type: 'boolean' }, watch: { type: 'boolean' } },
});
const dev = flags.dev === true || flags.watch === true;

const activationLimit = 200 * KB;
const firstLoadLimit = 300 * KB;

/** A part that is heavy and not always needed: `import('./name.lazy.ts')` in host code loads dist/name.cjs. */
const lazyFile = /([^/\\]+)\.lazy\.ts$/;

/**
 * CommonJS bundles cannot be split, so every `*.lazy.ts` is a bundle of its own, required on first use. It holds its
 * own copies of the modules it shares with others: values may cross, `instanceof` may not.
 */
const lazyParts = {
  name: 'lazy-parts',
  setup({ onResolve }) {
    onResolve({ filter: lazyFile }, ({ path: file, kind, resolveDir }) => {
      if (kind === 'entry-point') return undefined;
      if (kind !== 'dynamic-import') return { errors: [{ text: `Load ${file} with import(), or it is not lazy.` }] };
      if (!existsSync(path.join(resolveDir, file))) return undefined; // esbuild then says that it is not there
      return { path: `./${lazyFile.exec(file)[1]}.cjs`, external: true };
    });
  },
};

const host = {
  platform: 'node',
  target: 'node22',
  format: 'cjs',
  outExtension: { '.js': '.cjs' },
  external: ['vscode'],
  loader: { '.md': 'text' }, // prompts are pages of their own
  // A kept import() would pass VS Code's hook for "vscode" by; as a require call it does not.
  supported: { 'dynamic-import': false },
  logOverride: { 'empty-import-meta': 'error' },
};
const browser = {
  platform: 'browser',
  target: 'es2023',
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: '[name]',
  loader: { '.ttf': 'file' },
};

const webviewNames = globSync('src/webview/*/main.ts', { cwd: root }).map((file) => path.basename(path.dirname(file))).sort();
const webviewEntries = Object.fromEntries(webviewNames.map((name) => [name, `src/webview/${name}/main.ts`]));

/** Every bundle: what it is made of, by the name it has in `outdir`, and how. */
const bundles = [
  {
    title: 'extension',
    outdir: 'dist',
    entries: { extension: 'src/extension/extension.ts' },
    options: { ...host, plugins: [lazyParts] },
  },
  {
    title: 'lazy parts',
    outdir: 'dist',
    entries: byName('src/**/*.lazy.ts', lazyFile),
    options: { ...host, plugins: [lazyParts] },
  },
  {
    title: 'workers',
    outdir: 'dist',
    entries: byName('src/worker/*-worker.ts', /([^/\\]+)\.ts$/),
    options: { ...host, plugins: [lazyParts, narrowSnowball] },
  },
  {
    title: 'webviews',
    outdir: 'dist/webview',
    entries: webviewNames.length > 0 ? { ...webviewEntries, codicon: codiconSheet } : {},
    options: { ...browser, plugins: [narrowFastFoundation, lateToolkit, subsetIcons] },
  },
];
if (flags.tests === true) {
  bundles.push({
    title: 'extension tests',
    outdir: 'dist/test/extension',
    entries: byName('test/extension/{index.ts,**/*.test.ts}', /test[/\\]extension[/\\](.+)\.ts$/),
    options: { ...host, external: ['vscode', 'mocha'], sourcemap: 'inline', minify: false },
  });
}

/** The files a pattern finds, by the name that the expression's first group takes from each path. */
function byName(pattern, name) {
  const entries = {};
  for (const file of globSync(pattern, { cwd: root }).sort()) {
    const key = name.exec(file)[1].replaceAll('\\', '/');
    if (key in entries) throw new Error(`${entries[key]} and ${file} would both be built as ${key}.`);
    entries[key] = file;
  }
  return entries;
}

function build({ title, outdir, entries, options }, mode) {
  const present = Object.entries(entries).filter(([, file]) => existsSync(path.join(root, file)));
  if (present.length === 0) {
    process.stdout.write(`Nothing to build yet: ${title}.\n`);
    return undefined;
  }
  return esbuild[mode]({
    absWorkingDir: root,
    entryPoints: present.map(([out, file]) => ({ in: file, out })),
    outdir,
    bundle: true,
    metafile: true,
    minify: !dev,
    sourcemap: dev ? 'linked' : false,
    legalComments: 'none', // the notices file carries what licences ask for
    logLevel: flags.watch === true ? 'info' : 'warning',
    ...options,
  });
}

/** WebAssembly is read as a file at run time: sql.js's own, and whatever lies beside our sources. */
const copied = ['node_modules/sql.js/dist/sql-wasm.wasm', ...globSync('src/**/*.wasm', { cwd: root })];

function copyAssets() {
  for (const file of copied) copyFileSync(path.join(root, file), path.join(root, 'dist', path.basename(file)));
}

/** Parts and chunks of earlier builds would be packaged. Done last, so that a failed build leaves the one before whole. */
function removeStale(metafiles) {
  const made = new Set(metafiles.flatMap(({ outputs }) => Object.keys(outputs)).map((file) => path.normalize(file)));
  const kept = new Set(copied.map((file) => path.join('dist', path.basename(file))));
  for (const file of globSync('dist/{*.cjs,*.cjs.map,*.wasm,webview/**/*.*}', { cwd: root })) {
    if (!made.has(path.normalize(file)) && !kept.has(path.normalize(file))) rmSync(path.join(root, file));
  }
}

function writeNotices(metafiles) {
  const unbundled = ['node_modules/@vscode/codicons', 'node_modules/sql.js'];
  const folders = [...new Set([...bundledPackages(metafiles), ...unbundled])].sort();
  writeFileSync(path.join(root, 'dist/third-party-notices.txt'), thirdPartyNotices(root, folders));
}

function sizeGates(outputsOf) {
  const gates = [];
  const activation = outputsOf('extension')?.outputs['dist/extension.cjs'];
  if (activation !== undefined) {
    gates.push({ name: 'activation (extension.cjs)', bytes: activation.bytes, limit: activationLimit });
  }
  const views = outputsOf('webviews');
  for (const name of webviewNames) {
    const bytes = firstLoadBytes(views, `dist/webview/${name}.js`) + firstLoadBytes(views, 'dist/webview/codicon.css');
    gates.push({ name: `first load of webview ${name}`, bytes, limit: firstLoadLimit });
  }
  return gates;
}

async function buildAll() {
  const metafiles = new Map();
  for (const bundle of bundles) {
    const result = await build(bundle, 'build');
    if (result !== undefined) metafiles.set(bundle.title, result.metafile);
  }
  removeStale([...metafiles.values()]);
  writeNotices([...metafiles.values()]);
  if (dev) return;
  const gates = sizeGates((title) => metafiles.get(title));
  if (gates.length > 0) process.stdout.write(`Sizes:\n${gates.map(describeGate).join('\n')}\n`);
  if (gates.some(isOver)) process.exitCode = 1;
}

async function watchAll() {
  for (const bundle of bundles) await (await build(bundle, 'context'))?.watch();
  process.stdout.write('Watching for changes.\n');
}

mkdirSync(path.join(root, 'dist'), { recursive: true });
copyAssets();
try {
  await (flags.watch === true ? watchAll() : buildAll());
} catch (error) {
  if (!(error instanceof Error && 'errors' in error)) throw error;
  process.exitCode = 1; // esbuild has said what is wrong, and where
}
