import { HearthlinkError } from '../../../shared/errors.ts';
import type { SessionStatus } from '../../records.ts';

/** Where a session may go from each status. `expired` is the end, and open to temporary sessions alone. */
const allowed: Readonly<Record<SessionStatus, readonly SessionStatus[]>> = {
  active: ['paused', 'closed', 'expired'],
  paused: ['active', 'closed', 'expired'],
  closed: ['active', 'archived', 'expired'],
  archived: ['closed', 'expired'],
  expired: [],
};

/** @throws HearthlinkError `invalid-transition` with `from` and `to`. */
export function checkTransition(session: { readonly status: SessionStatus; readonly temporary: boolean }, to: SessionStatus): void {
  const possible = allowed[session.status].includes(to) && (to !== 'expired' || session.temporary);
  if (!possible) throw new HearthlinkError('invalid-transition', { from: session.status, to });
}
