import { expect, it } from '@jest/globals';
import { actsAs } from '../../src/referral/acts-as.ts';

const own = { placerClient: 'chu' };
const foreign = { placerClient: 'ville' };

it.each([
  ['a placer, whatever it asks for', ['placer'] as const, foreign, 'placer'],
  ['a fulfiller, whatever it asks for', ['fulfiller'] as const, own, 'fulfiller'],
  ['the placer of what it placed, being both', ['placer', 'fulfiller'] as const, own, 'placer'],
  ['the fulfiller of what others placed, being both', ['placer', 'fulfiller'] as const, foreign, 'fulfiller'],
])('a client changes a Task as %s', (_name, roles, referral, side) => {
  expect(actsAs({ client: 'chu', roles: [...roles] }, referral)).toBe(side);
});
