import type { CliContext } from '../../src/cli/context.ts';
import { runCommandLine } from '../../src/cli/program.ts';

/** Runs a command line with a gateway behind it that only has these operations; what it printed, line by line. */
export async function runWith(
  operations: object,
  args: readonly string[],
): Promise<{ code: number; out: string }> {
  const lines: string[] = [];
  const line = (text = ''): void => void lines.push(text);
  const context = {
    loadConfig: () => ({}),
    connect: async () => ({ operations, where: 'here', close: async () => undefined }),
    output: {
      line,
      json: (value: unknown) => line(JSON.stringify(value)),
      ...{ note: line, progress: line, error: line },
    },
  } as unknown as CliContext;
  const code = await runCommandLine([...args], context, '0.0.0');
  return { code, out: lines.join('\n') };
}
