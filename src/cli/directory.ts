import type { Command } from 'commander';
import { addDirectoryFind } from './directory-find.ts';
import { addDirectoryFindings } from './directory-findings.ts';
import { addDirectoryMatch } from './directory-match.ts';
import { addDirectoryNearest } from './directory-nearest.ts';
import type { AddCommand } from './command.ts';

/** `directory find|show|match|findings|tolerate|nearest`: questions to the held directory. */
export const addDirectory: AddCommand = (program, context, run) => {
  const directory: Command = program
    .command('directory')
    .description('annuaire tenu : chercher, rapprocher, trouver au plus près');
  addDirectoryFind(directory, context, run);
  addDirectoryMatch(directory, context, run);
  addDirectoryFindings(directory, context, run);
  addDirectoryNearest(directory, context, run);
};
