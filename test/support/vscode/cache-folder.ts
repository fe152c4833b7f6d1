import { homedir } from 'node:os';
import path from 'node:path';

/** Where downloads are kept that outlive a clone: outside the project, shared by all of a person's clones. */
export function cacheFolder(): string {
  return process.env['HEARTHLINK_CACHE'] ?? path.join(userCache(), 'hearthlink');
}

function userCache(): string {
  const home = homedir();
  switch (process.platform) {
    case 'win32':
      return process.env['LOCALAPPDATA'] ?? path.join(home, 'AppData', 'Local');
    case 'darwin':
      return path.join(home, 'Library', 'Caches');
    default:
      return process.env['XDG_CACHE_HOME'] ?? path.join(home, '.cache');
  }
}
