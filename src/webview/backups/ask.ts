import type { BackupsProtocol } from '../../shared/protocol/backups.ts';
import type { AskOver } from '../ui/ask.ts';

export type Ask = AskOver<BackupsProtocol>;
