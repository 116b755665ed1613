import type { Command } from 'commander';
import { type AddCommand, options } from './command.ts';
import { type EmulateOptions, type Emulating, exit, type Output } from './context.ts';
import { day, wholeNumber } from './values.ts';

/** `emulate annuaire`: the national directory, synthetic and offline, until it is asked to stop. */
export const addEmulate: AddCommand = (program, context, run) => {
  program
    .command('emulate')
    .description('émule un service national, pour essayer sans lui')
    .command('annuaire')
    .description('émule l’API FHIR v2 de l’Annuaire Santé : données inventées, hors ligne')
    .option('--port <n>', 'port (défaut : 8480)', wholeNumber(0, 65_535))
    .option('--host <adresse>', 'adresse d’écoute (défaut : 127.0.0.1)')
    .option(
      '--roles <n>',
      'situations d’exercice au premier jour (défaut : 20000)',
      wholeNumber(1, 2_000_000),
    )
    .option(
      '--seed <n>',
      'graine : la même donne le même annuaire (défaut : 1)',
      wholeNumber(0, 2_147_483_647),
    )
    .option('--scenario <fichier>', 'scénario : jours, événements, bizarreries (YAML)')
    .option(
      '--files <dossier>',
      'y écrit aussi les extractions et fichiers FINESS qui correspondent, chaque jour',
    )
    .option('--start <jour>', 'premier jour, AAAA-MM-JJ (défaut : aujourd’hui)', day)
    .option('--day-seconds <n>', 'durée d’un jour, en secondes ; 0 : sur demande', wholeNumber(0, 864_000))
    .action((_options: unknown, command: Command) =>
      run(async () => {
        const { json, config: _config, ...wanted } = options<EmulateOptions>(command);
        const stop = context.stopRequested(); // heard from now on: a stop during the start is not lost
        const emulating = await Promise.race([context.emulate(wanted), stop]);
        if (!emulating) return exit.ok;
        if (json) context.output.json(emulating.told);
        else introduce(emulating, context.output);
        await stop;
        await emulating.stop();
        return exit.ok;
      }),
    );
};

function introduce({ told }: Emulating, output: Output): void {
  const { base, key, control, seed, date, served, files } = told;
  const roles = (served['PractitionerRole'] ?? 0).toLocaleString('fr-FR');
  output.line(`Annuaire émulé : ${base}  (Ctrl-C pour arrêter)`);
  output.line(`Clé (en-tête ESANTE-API-KEY) : ${key}`);
  output.line(`${roles} situations d’exercice inventées, graine ${seed}, jour ${date}.`);
  output.line();
  output.line(`  curl -s -H 'ESANTE-API-KEY: ${key}' '${base}/PractitionerRole?_count=2'`);
  output.line(`  curl -s -X POST ${control}/day -d '{"days":1}'        # un jour passe`);
  output.line(`  curl -s ${control}/traffic                           # ce que le serveur a vu`);
  output.line();
  output.line('Pour une passerelle (passerelle.yaml ; ANNUAIRE_KEY vaut la clé) :');
  output.line();
  output.line('  directory:');
  output.line('    sources:');
  output.line(`      - { id: annuaire, kind: annuaire, base: '${base}', key: '\${env:ANNUAIRE_KEY}' }`);
  for (const file of files) output.line(`Fichier : ${file}`);
}
