import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import * as z from 'zod';

const manifestSchema = z.object({
  contributes: z.object({ commands: z.array(z.object({ command: z.string() })).nonempty() }),
});

function hearthlink(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension<unknown>('hearthlink.hearthlink');
  assert.ok(extension, 'Hearthlink is not installed');
  return extension;
}

describe('Hearthlink in an extension host', () => {
  it('activates', async () => {
    await hearthlink().activate();
    assert.equal(hearthlink().isActive, true);
  });

  it('registers every command that the manifest declares', async () => {
    await hearthlink().activate();
    const declared = manifestSchema.parse(hearthlink().packageJSON).contributes.commands;
    const registered = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(declared.map(({ command }) => command).filter((command) => !registered.has(command)), []);
  });
});
