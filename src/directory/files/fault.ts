import { type Category, GatewayError } from '../../fhir/error.ts';
import type { Position } from '../../fhir/issue.ts';
import { formatPosition } from '../../fhir/issue.ts';

/** What ends the reading of a directory file: `file:line:column` and a French message, never the content of the line. */
export function fileFault(
  category: Category,
  place: { file: string; line?: number; column?: number },
  message: string,
  cause?: unknown,
): GatewayError {
  const { file, line, column = 1 } = place;
  const source: Position | undefined = line === undefined ? undefined : { file, line, column };
  return new GatewayError({
    category,
    side: 'directory',
    message: `${source ? formatPosition(source) : file} : ${message}`,
    cause,
  });
}
