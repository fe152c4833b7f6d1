import { createHash } from 'node:crypto';
import { Uri, workspace } from 'vscode';

/** Scope key of the open folder: the same for every clone of a repository with that remote, else the folder's address. */
export async function workspaceIdentity(): Promise<string | null> {
  const folder = workspace.workspaceFolders?.[0];
  if (folder === undefined) return null;
  const identity = (await repositoryAddress(folder.uri)) ?? folder.uri.toString();
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}

/** The address of the remote `origin` without credentials; null where the folder is no repository. */
async function repositoryAddress(folder: Uri): Promise<string | null> {
  let config: string;
  try {
    config = new TextDecoder().decode(await workspace.fs.readFile(Uri.joinPath(folder, '.git', 'config')));
  } catch {
    return null; // no repository, or a worktree whose .git is a file: the folder's own address stands for it
  }
  const address = /\[remote "origin"\][^[]*?\n\s*url\s*=\s*(\S+)/.exec(config)?.[1];
  return address?.replace(/^(\w+:\/\/)[^@/]*@/, '$1').replace(/\.git$/, '') ?? null;
}
