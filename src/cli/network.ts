import type { AddCommand } from './command.ts';
import { addNetworkDraw } from './network-draw.ts';
import { addNetworkExport } from './network-export.ts';
import { addNetworkDiff } from './network-diff.ts';
import { addNetworkInit } from './network-init.ts';

/** Each in its own file, `network-<name>.ts`. */
const subcommands: readonly AddCommand[] = [addNetworkInit, addNetworkExport, addNetworkDraw, addNetworkDiff];

/** `network …`: what is done with network files themselves. */
export const addNetwork: AddCommand = (program, context, run) => {
  const network = program.command('network').description('fichiers de réseau');
  for (const add of subcommands) add(network, context, run);
};
