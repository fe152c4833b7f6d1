import type { MemoryProtocol } from '../../shared/protocol/memory.ts';
import type { AskOver } from '../ui/ask.ts';

export type Ask = AskOver<MemoryProtocol>;
