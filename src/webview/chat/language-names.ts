/** Names of languages as people write them, by what stands after the fence. */
const names: Readonly<Record<string, string>> = {
  bash: 'Bash', sh: 'Shell', shell: 'Shell', zsh: 'Shell', console: 'Shell', powershell: 'PowerShell', ps1: 'PowerShell',
  c: 'C', h: 'C', cpp: 'C++', 'c++': 'C++', cc: 'C++', hpp: 'C++', cs: 'C#', csharp: 'C#', 'c#': 'C#',
  css: 'CSS', scss: 'SCSS', less: 'Less', diff: 'Diff', patch: 'Diff', dockerfile: 'Dockerfile', docker: 'Dockerfile',
  go: 'Go', golang: 'Go', html: 'HTML', xml: 'XML', svg: 'SVG', ini: 'INI', toml: 'TOML', java: 'Java',
  js: 'JavaScript', jsx: 'JavaScript', javascript: 'JavaScript', mjs: 'JavaScript', cjs: 'JavaScript',
  json: 'JSON', jsonc: 'JSON', kotlin: 'Kotlin', kt: 'Kotlin', lua: 'Lua', makefile: 'Makefile', make: 'Makefile',
  markdown: 'Markdown', md: 'Markdown', php: 'PHP', python: 'Python', py: 'Python', r: 'R', ruby: 'Ruby', rb: 'Ruby',
  rust: 'Rust', rs: 'Rust', sql: 'SQL', swift: 'Swift', ts: 'TypeScript', tsx: 'TypeScript', typescript: 'TypeScript',
  yaml: 'YAML', yml: 'YAML', text: '', txt: '', plaintext: '',
};

/** The name for a reader; a language that is not known is called what the reply calls it. */
export function languageName(language: string): string {
  const key = language.toLowerCase();
  return Object.hasOwn(names, key) ? (names[key] ?? '') : language;
}
