/** What a package must not hold, among these files: sources, maps, tests, or modules that should be bundled. */
export function strays(files: readonly string[]): string[] {
  return files.filter((file) => /\.(ts|map|vsix)$|(^|\/)(node_modules|src|test|bench|scripts|docs)\//.test(file));
}

/** What a manifest points at and these files lack. A translated text (`%key%`) is no file. */
export function missingFiles(manifest: unknown, files: readonly string[]): string[] {
  const present = new Set(files);
  const named = stringsIn(manifest).filter((text) => /^(\.\/)?(dist|media)\/[^*]+\.\w+$/.test(text));
  return [...new Set(named.map((file) => file.replace(/^\.\//, '')))].filter((file) => !present.has(file));
}

/** Every string value, at any depth. */
function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(stringsIn);
  return [];
}
