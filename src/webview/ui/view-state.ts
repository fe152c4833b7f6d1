import * as z from 'zod/mini';
import type { VsCodeApi } from './vscode-api.ts';

/** A little state that outlives the page: VS Code keeps it while the view is hidden and across a reload of the window. */
export interface StateBox<T> {
  load(): T;
  save(state: T): void;
}

/** What an older version left, or nothing at all, becomes `fallback`. */
export function stateBox<T extends z.ZodMiniType>(api: Pick<VsCodeApi, 'getState' | 'setState'>, schema: T, fallback: z.infer<T>): StateBox<z.infer<T>> {
  return {
    load: () => {
      const kept = z.safeParse<T>(schema, api.getState());
      return kept.success ? kept.data : fallback;
    },
    save: (state) => { api.setState(state); },
  };
}
