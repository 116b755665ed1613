import { directorySourceContract } from '../../contracts/directory-source.ts';
import { keysOf, population } from '../annuaire/population.ts';
import { failure, fakeServer, openMcsd } from './fake-server.ts';

directorySourceContract('mCSD Update Client', async () => {
  const records = population(60).filter(({ resourceType }) => resourceType !== 'Device');
  const server = fakeServer(records);
  return {
    keys: keysOf(records),
    mostRows: 20,
    open: () => openMcsd(server),
    broken() {
      const dead = fakeServer(records);
      return openMcsd({ ...dead, call: () => Promise.reject(failure('unavailable')) });
    },
    short() {
      const less = fakeServer(records);
      less.tamper = (path, body) => {
        if (/(^|\/)Practitioner\?/.test(path)) body['total'] = Number(body['total']) + 1;
      };
      return openMcsd(less);
    },
  };
});
