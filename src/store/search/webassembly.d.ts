/** What the vector kernel uses of WebAssembly; the whole of it is typed in the DOM library alone, which this room may not see. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]?: string;
  }
  const Module: new (bytes: Uint8Array) => Module;

  interface Memory {
    readonly buffer: ArrayBuffer;
    /** Adds pages of 65,536 bytes in place. `buffer` is another object afterwards. Throws when there is no room. */
    grow(pages: number): number;
  }
  const Memory: new (size: { readonly initial: number }) => Memory;

  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  const Instance: new (module: Module, imports: Readonly<Record<string, Readonly<Record<string, Memory>>>>) => Instance;

  /** Whether the bytes are a module that this engine can run. */
  function validate(bytes: Uint8Array): boolean;
}
