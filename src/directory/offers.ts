import professions from '../../mappings/directory/professions.json' with { type: 'json' };
import type { Repositories } from '../store/store.ts';

/** Keeps what roles are found by in step with what a run wrote, in its transaction. */
export async function refreshOffers(
  { directoryOffers }: Pick<Repositories, 'directoryOffers'>,
  of: { run: number; source: string },
  firstLoad = false,
): Promise<void> {
  await directoryOffers.refresh(of, professions.systems, firstLoad);
}
