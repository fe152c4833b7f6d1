/** Who speaks. Agents are data: the composition root reads the prompt's text and lists them. */
export interface Persona {
  /** Stands in the store with each session; never changes. */
  readonly id: string;
  readonly name: string;
  /** The system message, byte for byte the same in every turn: it is the start of the stable prefix. */
  readonly prompt: string;
}

/** Alden from the text of `personas/alden.md`. */
export function alden(prompt: string): Persona {
  return { id: 'alden', name: 'Alden', prompt: prompt.trim() };
}
