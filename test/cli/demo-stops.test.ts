/** A demonstration that cannot go on says what it waited for. */
import { describe, expect, it } from '@jest/globals';
import { expectStatus } from '../../src/demo/expect.ts';
import { until } from '../../src/demo/http.ts';

describe('a demonstration that cannot go on', () => {
  it('tells what it waited for in vain', async () => {
    const never = until(async () => undefined, 'le plan de soins', 0);
    await expect(never).rejects.toMatchObject({
      name: 'GatewayError',
      message: 'La démonstration s’arrête : attendu en vain : le plan de soins.',
    });
  });

  it('tells the step, both statuses and the reason the gateway gave', () => {
    const issue = [{ details: { text: 'Aucun réseau connu.' }, expression: ['Bundle'] }];
    const reply = { status: 422, resource: { resourceType: 'OperationOutcome', issue } };
    expect(() => expectStatus(reply as never, 200, 'adressage accepté')).toThrow(
      'La démonstration s’arrête : adressage accepté : 200 attendu, 422 reçu. Bundle Aucun réseau connu.',
    );
  });
});
