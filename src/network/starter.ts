/** A starter file of a kind: commented, in French, clean for `check` but for what it says is to be filled in. */
import type { Kind } from './kind.ts';
import { type Sample, starterTree } from './starter-tree.ts';
import type { Shape } from './shape.ts';

const width = 110;

/**
 * The YAML text. `schema`: path or address of the kind's JSON Schema, for editors; `day`: the date written where one is
 * asked (`YYYY-MM-DD`). A field that starts with `#` is left out until somebody takes the `#` away.
 */
export function starterFile(
  kind: Pick<Kind, 'title' | 'shape' | 'rules'>,
  { schema, day }: { schema: string; day: string },
): string {
  const told = new Set<string>();
  const tree = starterTree(kind.shape, kind.rules, day);
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '#',
    ...prose(`${kind.title}.`),
    ...prose(
      'Remplacez ce qui est à compléter. Un champ précédé de # est facultatif : enlevez le # pour l’employer.',
    ),
    ...prose('Un élément par ligne ; pour un départ, ajoutez « fin: AAAA-MM-JJ » plutôt que d’effacer.'),
    ...prose('Vérifier : passerelle check CE-FICHIER'),
    '',
    ...tree.parts.flatMap((field) => [...(field.shape.type === 'text' ? [] : ['']), ...written(field, told)]),
  ];
  return `${lines.join('\n')}\n`;
}

/** The lines of a field: what it is, then the field; all of it behind `#` when it is left out. */
function written(sample: Sample, told: Set<string>, whole = false): string[] {
  if (sample.self)
    return [...explained(sample, told), ...prose(`${sample.name}: id d’un autre élément de la liste`)];
  const lines = [...explained(sample, told), ...fieldLines(sample, told, whole || !sample.active)];
  if (sample.active || whole) return lines;
  return lines.map((line) => (isProse(line) ? line : `#${line}`));
}

function fieldLines({ name, shape, text, parts }: Sample, told: Set<string>, whole: boolean): string[] {
  if (text !== undefined) return [`${name}: ${scalar(text, shape)}`];
  if (shape.type === 'fields') return [`${name}:`, ...indented(partLines(parts, told, whole), '  ')];
  if (shape.item?.type !== 'fields') {
    return [`${name}: [${parts.map((part) => scalar(part.text ?? '', part.shape)).join(', ')}]`];
  }
  const inFile = shape.inFile ? prose(`Ou une liste tenue dans un tableur : - fichier: ${name}.csv`) : [];
  return [
    `${name}:`,
    ...indented([...inFile, ...parts.flatMap((item) => itemLines(item, told, whole))], '  '),
  ];
}

/** The first field of an item stands on the line of its dash, with what is said of it above. */
function itemLines(item: Sample, told: Set<string>, whole: boolean): string[] {
  const [first, ...rest] = [...item.parts].sort((a, b) => Number(b.active) - Number(a.active));
  if (!first) return ['- {}'];
  const lines = partLines([first], told, whole);
  const at = lines.findIndex((line) => !isProse(line));
  const above = lines.slice(0, at);
  const after = indented([...lines.slice(at + 1), ...partLines(rest, told, whole)], '  ');
  return [...above, `- ${lines[at]!}`, ...after];
}

/** Inside something that is left out as a whole, nothing is left out once more. */
function partLines(parts: readonly Sample[], told: Set<string>, whole: boolean): string[] {
  return parts.flatMap((part) => written(part, told, whole));
}

/** What a field is and the words it takes; the same sentence is not said twice. */
function explained({ shape }: Sample, told: Set<string>): string[] {
  const words = shape.words ?? shape.item?.words;
  const choice = words && words.length > 1 ? `Au choix : ${words.join(', ')}.` : '';
  const text = [shape.description, choice].filter(Boolean).join(' ');
  if (text === '' || told.has(text)) return [];
  told.add(text);
  return prose(text);
}

function prose(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`# ${word}`);
  }
  return lines;
}

function isProse(line: string): boolean {
  return /^\s*# /.test(line);
}

function indented(lines: readonly string[], by: string): string[] {
  return lines.map((line) => `${by}${line}`);
}

/** Only words stand bare; digits would be read as texts all the same, and editors expect quotes around them. */
function scalar(text: string, shape: Shape): string {
  if (
    shape.type === 'boolean' ||
    (/^[\p{L}][\p{L}\d -]*$/u.test(text) && !/^(true|false|null|yes|no)$/i.test(text))
  )
    return text;
  return `'${text.replaceAll("'", "''")}'`;
}
