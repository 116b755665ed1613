/** Quirks as a scenario writes them, with days or instants, as the emulator draws them. */
import type { QuirkSetting } from '../quirks/draws.ts';
import { spanOf, type When } from './when.ts';

export type WrittenQuirk = Omit<QuirkSetting, 'from' | 'to'> & { from?: When; to?: When };

/** `wrong` names the end that does not exist or comes before the other. */
export function quirkSettingsOf(
  written: WrittenQuirk,
  start: string,
): { settings: QuirkSetting[]; wrong?: 'from' | 'to' } {
  const { from, to, ...rest } = written;
  const first = from === undefined ? undefined : spanOf(from, start);
  const last = to === undefined ? undefined : spanOf(to, start);
  if (from !== undefined && !first) return { settings: [], wrong: 'from' };
  if (to !== undefined && !last) return { settings: [], wrong: 'to' };
  if (first && last && last.to <= first.from) return { settings: [], wrong: 'to' };
  return {
    settings: [{ ...rest, ...(first ? { from: first.from } : {}), ...(last ? { to: last.to } : {}) }],
  };
}
