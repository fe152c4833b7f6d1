// Runs before every script of the project, and therefore in plain JavaScript that any Node can read.
// The package "node" puts Node 24 first on the path of npm scripts. When its install script was skipped, scripts
// silently run on the machine's own Node, which has neither type stripping nor node:sqlite: say so at once.
const needed = 24;
const major = Number(process.versions.node.split('.')[0]);

if (major < needed) {
  process.stderr.write(
    `Hearthlink's scripts need Node ${needed}; this is ${process.versions.node} (${process.execPath}).\n` +
      'The development dependency "node" brings the right one, for npm scripts only:\n' +
      '  - run scripts through npm ("npm run build", "npm exec -- node ..."), not directly;\n' +
      '  - install with install scripts on: "npm ci", without --ignore-scripts.\n',
  );
  process.exit(1);
}
