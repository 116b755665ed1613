import { writeFile } from 'node:fs/promises';
import { hasErrors } from '../fhir/issue.ts';
import type { AnyResource } from '../fhir/types.ts';
import { type CliContext, exit, type ReversedNetwork } from './context.ts';
import { parseJson, readInput } from './input-file.ts';
import { issueLine } from './output.ts';

export type ReverseOptions = {
  output?: string;
  at?: string;
  network?: string;
  json?: boolean;
  config?: string;
};

/** `map --reverse BUNDLE…`: the network files behind some resources, and everything those files do not explain. */
export async function reverseFiles(
  context: CliContext,
  files: readonly string[],
  wanted: ReverseOptions,
): Promise<number> {
  const { output } = context;
  const texts = await Promise.all(files.map(async (file) => resourcesOf(await readInput(file), file)));
  const at = wanted.at ?? context.today();
  const options = { config: wanted.config, at, file: files.join(', ') };
  const found = await context.reverse(texts.flat(), options);
  const networks = found.networks.filter(({ id }) => wanted.network === undefined || id === wanted.network);
  const rest = wanted.network === undefined ? found.issues : [];
  const known = found.networks.map(({ id }) => id).join(', ') || 'aucun';
  if (!networks.length) return refuse(context, `Aucun réseau à relire ; trouvés : ${known}.`);
  if (wanted.output && networks.length > 1) {
    return refuse(
      context,
      `Plusieurs réseaux (${known}) pour un fichier : choisissez par --network.`,
      exit.usage,
    );
  }
  if (wanted.json) output.json({ networks: networks.map(withoutText), issues: rest });
  else {
    for (const issue of [...networks.flatMap(({ issues }) => issues), ...rest])
      output.error(issueLine(issue));
    await write(context, networks, wanted.output);
  }
  const issues = [...networks.flatMap((one) => one.issues), ...rest];
  const complete = issues.every(({ severity }) => severity === 'information');
  return complete && !hasErrors(issues) ? exit.ok : exit.findings;
}

async function write(
  { output }: CliContext,
  networks: readonly ReversedNetwork[],
  file: string | undefined,
): Promise<void> {
  const text = networks.map((one) => one.text).join('---\n');
  if (!file) return output.line(text.trimEnd());
  await writeFile(file, text);
  output.line(`${networks[0]!.id} (${networks[0]!.kind}) dans ${file}.`);
}

function withoutText({ text: _, ...network }: ReversedNetwork): Omit<ReversedNetwork, 'text'> {
  return network;
}

function refuse({ output }: CliContext, message: string, code: number = exit.findings): number {
  output.error(message);
  return code;
}

/** Resources of a Bundle, of NDJSON, or one alone. */
function resourcesOf(text: string, file: string): AnyResource[] {
  const lines = file.endsWith('.ndjson') ? text.split('\n').filter((line) => line.trim()) : [text];
  return lines.flatMap((line) => {
    const value = parseJson(line, file);
    const { entry } = (value ?? {}) as { entry?: { resource?: unknown }[] };
    const all: unknown[] = Array.isArray(entry) ? entry.map((one) => one?.resource) : [value];
    return all.filter(isResource);
  });
}

function isResource(value: unknown): value is AnyResource {
  return typeof value === 'object' && value !== null && 'resourceType' in value;
}
