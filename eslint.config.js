// What the compiler cannot say: which room may import which, where the world outside may be touched, and strict types.
import { builtinModules } from 'node:module';
import path from 'node:path';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { roomImports } from './scripts/room-imports.ts';

/** Each room, and the rooms it may import besides itself. Two composition roots see everything; the webviews see `shared`. */
const layers = ['shared', 'store', 'models', 'memory', ['agents', 'documents', 'coach'], 'operations'];
const rooms = new Map();
for (const layer of layers) {
  const below = [...rooms.keys()];
  for (const room of [layer].flat()) rooms.set(room, below);
}
const capabilityRooms = [...rooms.keys()];
rooms.set('extension', capabilityRooms);
rooms.set('worker', capabilityRooms);
rooms.set('webview', ['shared']);

const nodeBuiltins = { regex: `^(node:.*|${builtinModules.join('|')})$`, message: 'This room also runs in a browser: no Node modules.' };
const networkModules = ['http', 'https', 'http2', 'net', 'tls', 'dgram'].flatMap((name) => [name, `node:${name}`]);
const networkGlobals = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'];
const chanceMessage = 'Ids and randomness come through src/shared/ports.ts.';
const clockMessage = 'Time comes through the Clock of src/shared/ports.ts.';
const chance = ['randomUUID', 'randomBytes', 'randomInt', 'randomFillSync', 'getRandomValues'];

const noVscode = { name: 'vscode', message: 'Only src/extension talks to VS Code.' };
const networkMessage = 'Only src/models talks to the network.';
const noNetwork = [...networkModules, 'undici', 'ollama'].map((name) => ({ name, message: networkMessage }));
const noNetworkGlobals = networkGlobals.map((name) => ({ name, message: networkMessage }));
const noChance = ['crypto', 'node:crypto'].map((name) => ({ name, importNames: chance, message: chanceMessage }));
const noToolkit = {
  regex: '^(@vscode/webview-ui-toolkit|@microsoft/fast-)',
  message: 'Only src/webview/ui knows the component library; import its parts from there.',
};

/** The import rules of one room. Several can match one file and the last wins whole, so each room gets its own complete set. */
function packageRules(room) {
  const runsInBrowser = room === 'shared' || room === 'webview';
  return {
    'no-restricted-imports': ['error', {
      paths: [
        ...(room === 'extension' ? [] : [noVscode]),
        ...(room === 'models' ? [] : noNetwork),
        ...(capabilityRooms.includes(room) && !runsInBrowser ? noChance : []),
      ],
      patterns: [noToolkit, ...(runsInBrowser ? [nodeBuiltins] : [])],
    }],
  };
}

const clockAndChance = [
  { object: 'Date', property: 'now', message: clockMessage },
  { object: 'Math', property: 'random', message: 'Randomness comes through src/shared/ports.ts.' },
  ...chance.map((property) => ({ object: 'crypto', property, message: chanceMessage })),
];

const shapeOfModules = [
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that defines it.' },
  { selector: 'ExportNamedDeclaration[source]', message: 'No barrels: import from the file that defines it.' },
];
const clockReading = { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: clockMessage };

export default defineConfig(
  globalIgnores(['dist/', '**/node_modules/', '.cache/', 'coverage/']),
  {
    files: ['**/*.{ts,js,mjs}'],
    plugins: { '@typescript-eslint': tseslint.plugin, 'hearthlink': { rules: { 'room-imports': roomImports } } },
    languageOptions: { parser: tseslint.parser },
    rules: {
      'eqeqeq': 'error',
      'max-lines': ['warn', 350],
      'no-console': 'error',
      'no-dupe-keys': 'error',
      'no-empty': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-restricted-syntax': ['error', ...shapeOfModules],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unsafe-type-assertion': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    rules: {
      'hearthlink/room-imports': ['error', { source: path.join(import.meta.dirname, 'src'), rooms: Object.fromEntries(rooms) }],
    },
  },
  [...rooms.keys()].map((room) => ({ files: [`src/${room}/**/*.ts`], rules: packageRules(room) })),
  {
    files: ['src/webview/ui/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: [noVscode, ...noNetwork], patterns: [nodeBuiltins] }] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/models/**'],
    rules: { 'no-restricted-globals': ['error', ...noNetworkGlobals] },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/extension/**', 'src/worker/**', 'src/webview/*/main.ts'],
    rules: {
      'no-restricted-properties': ['error', ...clockAndChance],
      'no-restricted-syntax': ['error', ...shapeOfModules, clockReading],
    },
  },
  {
    // Stands in for a package's own barrel, and can only be one.
    files: ['src/webview/ui/fast-foundation*.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    // ESLint and mocha read a default export.
    files: ['eslint.config.js', 'test/support/mocha/counting-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['bench/**'],
    rules: { 'no-console': 'off' },
  },
  {
    // The peers' types are installed in the benchmarks' own package, if at all.
    files: ['bench/**/*.ts'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
  },
);
