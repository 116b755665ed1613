/** The structures and people of the example networks, which an emulated directory holds unless a scenario pins others. */
import known from '../../../examples/directory/known-identifiers.json' with { type: 'json' };
import { readPinned } from './population/read-pinned.ts';
import type { Pinned } from './population/types.ts';

export function knownToExamples(): Pinned {
  return readPinned(JSON.stringify(known));
}
