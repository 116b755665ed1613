/** `map NETWORK -o FILE.ndjson` resource by resource: a list of any length takes no more memory than a short one. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { GatewayError } from '../fhir/error.ts';
import { hasErrors } from '../fhir/issue.ts';
import { type CliContext, exit, type ReadWith } from './context.ts';
import { count, issueLine } from './output.ts';

/**
 * Writes beside the file and renames at the end: a fault leaves what was there before. Undefined for a network that is
 * to be mapped as a whole.
 */
export async function mapPagedTo(
  context: CliContext,
  file: string,
  options: ReadWith & { at: string },
  output: string,
): Promise<number | undefined> {
  const beside = `${output}.partial`;
  const stream = createWriteStream(beside);
  let failed: Error | undefined;
  stream.on('error', (error) => (failed = error));
  const result = await context.mapPaged(file, options, async (resource) => {
    if (failed) throw refusal(output, failed);
    if (!stream.write(`${JSON.stringify(resource)}\n`)) await once(stream, 'drain');
  });
  stream.end();
  await once(stream, 'close');
  if (failed) throw refusal(output, failed);
  for (const issue of result?.issues ?? []) context.output.error(issueLine(issue));
  if (!result || hasErrors(result.issues)) {
    await rm(beside, { force: true });
    return result && exit.findings;
  }
  await rename(beside, output);
  context.output.line(`${count(result.resources, 'ressource')} dans ${output}.`);
  return exit.ok;
}

function refusal(file: string, cause: Error): GatewayError {
  return new GatewayError({
    category: 'invalid',
    side: 'sender',
    message: `Écriture impossible : ${file}`,
    cause,
  });
}
