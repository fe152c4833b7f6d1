/** Names of models as the server takes them: `[host/][namespace/]model[:tag]`, in any case, with `latest` for no tag. */

export function fullName(name: string): string {
  const lower = name.trim().toLowerCase();
  return lower.slice(lower.lastIndexOf('/') + 1).includes(':') ? lower : `${lower}:latest`;
}

export function isSameModel(a: string, b: string): boolean {
  return fullName(a) === fullName(b);
}

/** True for a model that runs on someone else's machine: what is said to it would leave this one. */
export function isCloudName(name: string): boolean {
  return /[:-]cloud$/.test(name.trim().toLowerCase());
}

/** The model's family name: without host, namespace and tag. */
export function familyName(name: string): string {
  const full = fullName(name);
  return full.slice(full.lastIndexOf('/') + 1).split(':')[0] ?? '';
}
