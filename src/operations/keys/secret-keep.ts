/** Where the system keeps secrets for a person: VS Code's SecretStorage in the product. */
export interface SecretKeep {
  /** Null when nothing is kept by this name. */
  get(name: string): Promise<string | null>;
  set(name: string, secret: string): Promise<void>;
  remove(name: string): Promise<void>;
}
