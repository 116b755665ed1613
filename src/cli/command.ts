/** What one command's file needs to add itself to the program. */
import type { Command } from 'commander';
import type { CliContext } from './context.ts';

/** Wraps an action; what it answers is the exit code. */
export type Run = (action: () => Promise<number>) => Promise<void>;

/** Adds a command to the program. */
export type AddCommand = (program: Command, context: CliContext, run: Run) => void;

/** The options of a command and of those above it. */
export function options<T>(command: Command): T & { config?: string; json?: boolean } {
  return command.optsWithGlobals();
}
