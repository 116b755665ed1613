/** RFC 8785 text of what the population is made of, written in one go: several times as fast as by the library. */

/** What JSON writes otherwise than as it stands: escapes, and halves of surrogate pairs to be sure. */
const special = /["\\\u0000-\u001f\ud800-\udfff]/;

/** Of JSON values: members that are `undefined` are left out, as JSON leaves them out. */
export function canonicalText(value: unknown): string {
  if (typeof value === 'string') return special.test(value) ? JSON.stringify(value) : `"${value}"`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += text === '' ? canonicalText(item) : `,${canonicalText(item)}`;
    return `[${text}]`;
  }
  for (const name of inOrder(Object.keys(value))) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${canonicalText(name)}:${canonicalText(member)}`;
  }
  return `{${text}}`;
}

/** By UTF-16 code unit. Few names: putting each in its place is faster than the engine's sort. */
function inOrder(names: string[]): string[] {
  for (let next = 1; next < names.length; next += 1) {
    const name = names[next]!;
    let at = next;
    while (at > 0 && names[at - 1]! > name) {
      names[at] = names[at - 1]!;
      at -= 1;
    }
    names[at] = name;
  }
  return names;
}
