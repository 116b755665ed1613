/** Instants as people read them. */
import { describe, expect, it } from '@jest/globals';
import { moment } from '../../src/cli/words.ts';

describe('an instant on the screen', () => {
  it('stands in the zone of the job it belongs to, in winter and in summer, whatever zone the machine has', () => {
    expect(moment('2026-11-26T01:00:00.000Z', 'Europe/Paris')).toBe('2026-11-26 02:00:00');
    expect(moment('2026-07-26T00:00:00.000Z', 'Europe/Paris')).toBe('2026-07-26 02:00:00');
    expect(moment('2026-11-26T01:00:00.000Z', 'Indian/Reunion')).toBe('2026-11-26 05:00:00');
  });

  it('is an empty word where there is none', () => {
    expect(moment('')).toBe('');
  });
});
