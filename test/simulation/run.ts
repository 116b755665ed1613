/**
 * Plays histories and judges them.
 *   node test/simulation/run.ts [--of delivery|reading] [--from 1] [--seeds 1000] [--crashes N] [--sources FOLDER] [--json]
 *     --of           the delivery core, or a directory that is read
 *     --crashes N    kills at every call of calm histories, until N crash points were met
 *     --sources      the modules under test, laid out as src/ (default: src/)
 *     --until-wrong  ends at the first fault
 * Exit 1 when anything was wrong; each fault is told with the options that repeat it.
 */
import { parseArgs } from 'node:util';
import { loadCore } from './core.ts';
import { judge, type Judged, playCrashes, playSeeds } from './play.ts';
import { playReading } from './reading.ts';

const { values } = parseArgs({
  options: {
    of: { type: 'string', default: 'delivery' },
    from: { type: 'string', default: '1' },
    seeds: { type: 'string', default: '0' },
    crashes: { type: 'string', default: '0' },
    sources: { type: 'string' },
    'until-wrong': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});

const core = await loadCore(values.sources);
const counts = { histories: 0, crashPoints: 0, kills: 0, calls: 0, wrong: 0 };
const from = Number(values.from);
for await (const judged of both()) {
  counts.histories += 1;
  counts.crashPoints += judged.options.crash ? 1 : 0;
  counts.kills += judged.drawn.kills;
  counts.calls += judged.calls;
  if (judged.faults.length === 0) continue;
  counts.wrong += 1;
  console.log(JSON.stringify({ options: judged.options, drawn: judged.drawn, faults: judged.faults }));
  if (values['until-wrong']) break;
}
console.log(JSON.stringify(counts));
process.exitCode = counts.wrong > 0 ? 1 : 0;

async function* both(): AsyncGenerator<Judged> {
  const play = values.of === 'reading' ? playReading : judge;
  yield* playSeeds(core, from, Number(values.seeds), play);
  yield* playCrashes(core, from, Number(values.crashes), play);
}
