/** Rows of a list as items of the network, one after the other; what concerns many rows is told once. */
import { DigestTable } from '../fhir/digest-table.ts';
import type { Issue, Position } from '../fhir/issue.ts';
import type { Row } from '../tabular/table.ts';
import { cellContent } from './list-cells.ts';
import type { ColumnPlan, FieldColumn } from './list-columns.ts';
import type { ListEntry } from './list-entry.ts';
import type { Shape } from './shape.ts';
import { slugOf } from './slug.ts';
import type { Tree } from './tree.ts';

export type RowReader = {
  /** The item of a row; undefined when the filter leaves it out, or when it says again what another row says. */
  item(row: Row): Tree | undefined;
  /** What is to be said of the whole list, after its last row. */
  end(): Issue[];
};

export function rowReader({ fields, filter, idFrom }: ColumnPlan, entry: ListEntry, item?: Shape): RowReader {
  const issues: Issue[] = [];
  const seen = new DigestTable();
  const zeros = new Map<string, { position: Position; count: number }>();
  let read = 0;
  let kept = 0;

  const leaf = (text: string, position: Position, shape: Shape | undefined, header: string): Tree => {
    const { value, zeros: added } = cellContent(text, shape);
    if (added) {
      const known = zeros.get(header) ?? { position, count: 0 };
      zeros.set(header, { ...known, count: known.count + 1 });
    }
    if (!Array.isArray(value)) return { position, value };
    return { position, value: value.map((one): Tree => ({ position, value: one })) };
  };
  const itemOf = (row: Row): Tree => {
    const tree: Tree = { position: row.position, value: new Map() };
    for (const { path, header, shape } of fields) {
      const cell = row.cells.get(header);
      if (cell) put(tree, path, leaf(cell.text, cell.position, shape, header));
    }
    for (const [field, { value, position }] of entry.values) {
      const path = field.split('/');
      if (at(tree, path)) continue;
      const text = typeof value === 'string' ? filled(value, tree) : undefined;
      if (typeof value === 'boolean') put(tree, path, { position, value });
      else if (text !== undefined) put(tree, path, leaf(text, position, shapeAt(item, path), field));
    }
    const id = idFrom && idOf(idFrom, tree);
    if (id) put(tree, ['id'], { position: row.position, value: id });
    return tree;
  };

  return {
    item: (row) => {
      read += 1;
      const passes = [...filter].every(([header, words]) =>
        words.has(slugOf(row.cells.get(header)?.text ?? '')),
      );
      if (!passes) return undefined;
      const first = seen.add(contentOf(row), row.position.line);
      if (first !== undefined) {
        const message = `Cette ligne répète la ligne ${first} : elle est ignorée. Supprimez-la.`;
        issues.push({
          severity: 'warning',
          code: 'duplicate',
          message,
          source: row.position,
          rule: 'same-row',
        });
        return undefined;
      }
      kept += 1;
      return itemOf(row);
    },
    end: () => {
      for (const [header, { position, count }] of zeros) {
        const message = `Zéro de tête rétabli dans la colonne « ${header} » (${count} fois, d’abord ici). Mettez la colonne au format Texte.`;
        issues.push({ severity: 'warning', code: 'value', message, source: position, rule: 'leading-zeros' });
      }
      if (filter.size > 0) {
        const message = `Lignes retenues par le filtre : ${kept} sur ${read}.`;
        issues.push({ severity: 'information', code: 'informational', message, source: entry.position });
      }
      return issues;
    },
  };
}

function contentOf({ cells }: Row): string {
  return [...cells].map(([header, { text }]) => `${header}\0${text}`).join('\0');
}

function put(tree: Tree, path: readonly string[], leaf: Tree): void {
  let fields = tree.value as Map<string, Tree>;
  for (const step of path.slice(0, -1)) {
    const next = fields.get(step) ?? { position: leaf.position, value: new Map<string, Tree>() };
    fields.set(step, next);
    fields = next.value as Map<string, Tree>;
  }
  fields.set(path.at(-1)!, leaf);
}

function at(tree: Tree, path: readonly string[]): Tree | undefined {
  return path.reduce<Tree | undefined>(
    (part, step) => (part?.value instanceof Map ? part.value.get(step) : undefined),
    tree,
  );
}

/** A value with `{field}` replaced; undefined when the row has no such field. */
function filled(template: string, tree: Tree): string | undefined {
  let complete = true;
  const text = template.replaceAll(/\{([a-z0-9_/]+)\}/g, (_, field: string) => {
    const value = at(tree, field.split('/'))?.value;
    if (typeof value === 'string') return value;
    complete = false;
    return '';
  });
  return complete ? text : undefined;
}

function shapeAt(item: Shape | undefined, path: readonly string[]): Shape | undefined {
  return path.reduce<Shape | undefined>((shape, step) => shape?.fields.get(step), item);
}

/** `finess-990780116`: stable as long as the number is. */
function idOf({ path, shape }: FieldColumn, tree: Tree): string | undefined {
  const value = at(tree, path)?.value;
  return typeof value === 'string' && shape?.format ? slugOf(`${shape.format}-${value}`) : undefined;
}
