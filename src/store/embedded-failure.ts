/** What PostgreSQL said when it would not start, as one sentence with a way out. */
import { GatewayError } from '../fhir/error.ts';

const causes: readonly [RegExp, string][] = [
  [/no space left|ENOSPC|quota exceeded|EDQUOT/i, 'le disque est plein : libérez de la place'],
  [
    /address already in use|could not create any TCP\/IP sockets/i,
    'son port est pris par un autre programme : relancez',
  ],
  [
    /cannot open shared object|library not loaded/i,
    'une bibliothèque de PostgreSQL manque : réinstallez les dépendances (npm ci)',
  ],
  [
    /look up effective user/i,
    'le compte qui lance la passerelle n’a pas de nom sur cette machine (/etc/passwd) et unshare n’y est pas permis : lancez-la sous un compte nommé',
  ],
  [
    /incompatible with server|initialized by PostgreSQL version/i,
    'les données viennent d’une autre version majeure de PostgreSQL : revenez à la version précédente de la passerelle et exportez-les',
  ],
  [
    /read-only file system|EROFS/i,
    'le dossier est en lecture seule : choisissez un autre dossier (clé « folder »)',
  ],
  [
    /root execution|run as root|Command failed: setpriv/i,
    'il refuse le compte root, et ni unshare ni setpriv ne permettent d’en changer ici : lancez la passerelle sous un autre compte',
  ],
  [
    /permission denied|EACCES|EPERM|wrong ownership|invalid permissions/i,
    'les droits sur le dossier ne suffisent pas : il doit appartenir au compte qui lance la passerelle',
  ],
  [/invalid locale|locale .*(not|could)/i, 'la locale « C » est refusée par le système'],
  [
    /shared memory|cannot allocate memory|ENOMEM/i,
    'la mémoire (ou la mémoire partagée du conteneur) ne suffit pas',
  ],
  [
    /lock file .* already exists|shared memory block .* still in use|another postmaster/i,
    'un autre PostgreSQL tient encore ce dossier : arrêtez-le, puis relancez',
  ],
];

/** French failure of the embedded server; `said` is its log or standard error, which holds no data of ours. */
export function embeddedFailure(folder: string, said: string, cause?: unknown): GatewayError {
  const known = causes.find(([pattern]) => pattern.test(said))?.[1];
  const why = known ?? 'voir le journal postgres.log de ce dossier';
  return new GatewayError({
    category: 'unavailable',
    side: 'gateway',
    retryable: false,
    message: `PostgreSQL embarqué ne démarre pas dans ${folder} : ${why}.`,
    cause: cause ?? new Error(said.slice(-2000)),
  });
}

/** Does a later attempt help? True while the remains of a killed server are still going away. */
export function isLeavingBehind(said: string): boolean {
  return /lock file .* already exists|shared memory block .* still in use/i.test(said);
}
