/** One question to a gateway, in this process or beside it, and the connection closed whatever happens. */
import type { Operations } from '../operations.ts';
import type { CliContext } from './context.ts';

/** Connects as the configuration says, asks, closes. */
export async function ask<T>(
  context: CliContext,
  configFile: string | undefined,
  question: (operations: Operations) => Promise<T>,
): Promise<T> {
  const config = context.loadConfig(configFile);
  const connection = await context.connect(config);
  if (connection.where === 'beside')
    context.output.note('(réponse de la passerelle en service sur ce dossier)');
  try {
    return await question(connection.operations);
  } finally {
    await connection.close();
  }
}
