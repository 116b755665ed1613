import { directorySourceContract } from '../../contracts/directory-source.ts';
import type { DirectorySource } from '../../../src/directory/types.ts';
import { busyClock } from '../busy-clock.ts';
import { answer, fakeApi } from './fake-api.ts';
import { openAnnuaire } from './open-annuaire.ts';
import { keysOf, population } from './population.ts';
import { ticking } from './ticking.ts';

directorySourceContract('Annuaire Santé API v2', async () => {
  const clock = busyClock();
  const records = population(700);
  const api = fakeApi(records, clock);
  const under = (source: DirectorySource): DirectorySource => ticking(source, clock);
  return {
    keys: keysOf(records),
    mostRows: 200,
    open: () => under(openAnnuaire(api, clock)),
    broken() {
      const api = fakeApi(records, clock);
      api.tamper = () => answer(403);
      return under(openAnnuaire(api, clock));
    },
    short() {
      const api = fakeApi(records, clock);
      api.tamper = (_request, bundle) => {
        bundle['total'] = Number(bundle['total']) + 1;
      };
      return under(openAnnuaire(api, clock));
    },
  };
});
