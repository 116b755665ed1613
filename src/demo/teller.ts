/** Tells the story to a person, one line a step with the time it took; silent for programs. */
import type { Output } from '../cli/context.ts';
import type { Summary } from './summary.ts';

export type Teller = {
  title(text: string): void;
  step(text: string): void;
  summary(summary: Summary): void;
  /** Where to look while the gateway keeps serving. */
  where(address: string, configFile: string): void;
};

/** A teller on standard output; with `json` the steps go to standard error as progress. */
export function createTeller(output: Output, json: boolean): Teller {
  const line = (text: string): void => (json ? output.progress(text) : output.line(text));
  let last = performance.now();
  return {
    title: (text) => line(`\n${text}\n`),
    step(text) {
      const now = performance.now();
      line(`${`${Math.round(now - last)} ms`.padStart(9)}  ${text}`);
      last = now;
    },
    summary({ networks, resources, applied, synthesis, drift, durationMs }) {
      line('');
      line(
        `Relu chez les hôpitaux : ${networks} réseaux, ${resources} ressources (${applied} en tout), ` +
          `synthèse identique chez ${synthesis.deliveries}, ${drift.afterRepair} écart restant. ` +
          `${(durationMs / 1000).toFixed(1)} s.`,
      );
    },
    where(address, configFile) {
      line('');
      line('À voir, dans un autre terminal :');
      line(`  curl ${address}/fhir/metadata`);
      line(`  npx passerelle referral list --config ${configFile}`);
      line(`  npx passerelle reconcile --config ${configFile}`);
      line('');
      line('En service jusqu’à Ctrl-C.');
    },
  };
}
