import type { ChatProtocol } from '../../shared/protocol/chat.ts';
import type { AskOver } from '../ui/ask.ts';

export type Ask = AskOver<ChatProtocol>;
