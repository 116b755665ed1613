/** Links beside references that only one server can show: they do not cross to another (identity.md, P-22). Pure. */

/** Elements of type Attachment; that of a DocumentReference is judged where it must be an entry. */
const attachments: ReadonlySet<string> = new Set(['valueAttachment', 'sourceAttachment']);
const uris: ReadonlySet<string> = new Set(['valueUri', 'valueUrl']);

/** `Type/id` and `Type?…`, alone or behind the base of a server. */
const atServer =
  /^(?:https?:\/\/[^?#]*\/)?([A-Z][A-Za-z]+)(?:\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/[^/]+)?|\?.*)$/;
/** What is published has an address of that form, too. */
const published =
  /^(?:[A-Za-z]+Definition|ValueSet|CodeSystem|ConceptMap|NamingSystem|Questionnaire|Measure|Library)$/;

/**
 * Calls back for each in a value, with its path below `path`: contents of attachments that are elsewhere, whatever their
 * address (nobody can tell who may read it there), and addresses of resources at a server.
 */
export function eachUnseen(value: unknown, path: string, visit: (url: string, path: string) => void): void {
  if (Array.isArray(value)) return value.forEach((one, i) => eachUnseen(one, `${path}[${i}]`, visit));
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const at = `${path}.${name}`;
    const { url } = (attachments.has(name) ? child : {}) as { url?: unknown };
    if (typeof url === 'string') visit(url, `${at}.url`);
    if (uris.has(name) && typeof child === 'string' && isAtServer(child)) visit(child, at);
    eachUnseen(child, at, visit);
  }
}

function isAtServer(uri: string): boolean {
  const type = atServer.exec(uri)?.[1];
  return type !== undefined && !published.test(type);
}
