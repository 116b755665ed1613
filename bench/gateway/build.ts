import { timedNode } from './process.ts';

let built: Promise<unknown> | undefined;

/** Builds `dist/` from the sources as they are, once a run. */
export async function build(): Promise<void> {
  await (built ??= timedNode(['scripts/build.ts']));
}
