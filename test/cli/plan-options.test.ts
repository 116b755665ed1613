/** Options of `plan` and `apply`, as a command line is read. */
import { expect, it } from '@jest/globals';
import { Command } from 'commander';
import { planArguments, type PlanOptions, planOptions } from '../../src/cli/plan.ts';

function read(...line: string[]): { file: string | undefined; args: object } {
  const command = planOptions(new Command('apply')).argument('[plan]');
  command.parse(line, { from: 'user' });
  return { file: command.args[0], args: planArguments(command.opts<PlanOptions>()) };
}

it.each([
  [['--adopt', 'plan.json'], { adopt: ['*'] }],
  [['--adopt-key', 'k|1', '--adopt-key', 'k|2', 'plan.json'], { adopt: ['k|1', 'k|2'] }],
  [['--release', 'n1', '--release', 'n2', 'plan.json'], { release: ['n1', 'n2'] }],
])('no option swallows the plan behind it: %j', (line, args) => {
  expect(read(...line)).toEqual({ file: 'plan.json', args });
});

it('nothing is adopted unless it is said', () => {
  expect(read('plan.json')).toEqual({ file: 'plan.json', args: {} });
});
