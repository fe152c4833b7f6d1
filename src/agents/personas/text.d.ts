/** Prompts are read as text: by the bundler's loader in the product, from the file in tests. */
declare module '*.md' {
  const text: string;
  export { text as default };
}
