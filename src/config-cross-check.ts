/** What the parts of a configuration must keep to among each other; its form is the schema's. */
import { fault } from './config-faults.ts';
import type { Config } from './config.ts';
import type { Issue } from './fhir/issue.ts';
import type { SourceDocument } from './mapping/types.ts';

/** Names taken twice, servers nobody knows, settings that need another one. */
export function crossCheck(config: Config, document: SourceDocument): Issue[] {
  const issues: Issue[] = [];
  const repeated = (list: string, entries: readonly { id: string }[]): void => {
    entries.forEach((one, index) => {
      if (entries.findIndex((other) => other.id === one.id) < index) {
        issues.push(fault(document, `/${list}/${index}/id`, `« ${one.id} » est déjà pris dans ${list}.`));
      }
    });
  };
  repeated('servers', config.servers);
  repeated('clients', config.clients);
  repeated('directory/sources', config.directory.sources);
  config.clients.forEach((client, index) => {
    if (client.server && !config.servers.some((server) => server.id === client.server)) {
      issues.push(fault(document, `/clients/${index}/server`, `Serveur inconnu : « ${client.server} ».`));
    }
  });
  config.servers.forEach(({ id, ids, collect, submissions }, index) => {
    const places = config.clients.some(({ server, roles }) => server === id && roles.includes('placer'));
    if (collect && !places) {
      const message = 'collect demande un client au rôle « placer » pour ce serveur, en son nom.';
      issues.push(fault(document, `/servers/${index}/collect`, message));
    }
    if (submissions && ids === 'client') {
      const message =
        'submissions demande « ids: server » : un envoi de documents se fait par POST (ITI-65, ITI-105).';
      issues.push(fault(document, `/servers/${index}/submissions`, message));
    }
  });
  issues.push(...mailFaults(config, document));
  return issues;
}

/** One way out for messages, and nothing half-said of it. */
function mailFaults({ mssante }: Config, document: SourceDocument): Issue[] {
  if (!mssante) return [];
  const { folder, smtp } = mssante;
  if ((folder === undefined) === (smtp === undefined))
    return [fault(document, '/mssante', 'mssante demande « folder » ou « smtp », l’un des deux.')];
  const together = [['user', 'password'], ['certFile', 'keyFile']] as const; // prettier-ignore
  return together
    .filter(([one, other]) => (smtp?.[one] === undefined) !== (smtp?.[other] === undefined))
    .map(([one, other]) => fault(document, '/mssante/smtp', `« ${one} » et « ${other} » vont ensemble.`));
}
