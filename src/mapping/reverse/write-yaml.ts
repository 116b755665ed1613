/** A record as the text of a network file, laid out as people write it: short items on one line, parts set apart. */
import { Document, isCollection, isMap, isScalar, visit } from 'yaml';
import type { YAMLMap } from 'yaml';
import type { JsonObject } from '../../fhir/types.ts';

/** Longest item that stands on one line, in characters of its values. */
const oneLine = 220;

/** `comments` stand at the top, a line each. */
export function recordYaml(record: JsonObject, comments: readonly string[] = []): string {
  const document = new Document(record);
  if (comments.length) document.commentBefore = comments.map((line) => ` ${line}`.trimEnd()).join('\n');
  visit(document, {
    Seq: (_key, list) => {
      const items: readonly unknown[] = list.items;
      if (items.every((item) => isScalar(item))) list.flow = widthOf(items) <= oneLine;
      else if (items.every((item) => isMap(item) && isShort(item))) {
        for (const item of items) (item as YAMLMap).flow = true;
      }
    },
  });
  if (isMap(document.contents)) {
    for (const { key, value } of document.contents.items) {
      if (isCollection(value) && isScalar(key)) key.spaceBefore = true;
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true, singleQuote: true });
}

/** A list looks the same from its first to its last item: all on one line each, or none. */
function isShort({ items }: YAMLMap): boolean {
  const scalars = items.flatMap(({ key, value }) => [key, value]);
  return scalars.every((one) => isScalar(one)) && widthOf(scalars) <= oneLine;
}

function widthOf(scalars: readonly unknown[]): number {
  return scalars.reduce<number>((sum, one) => sum + 3 + (isScalar(one) ? String(one.value).length : 0), 0);
}
