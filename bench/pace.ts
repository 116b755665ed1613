/** How often a second something is done, by processor time: what others do on the machine meanwhile does not count. */

/** Does `round` (which does `count` things) again and again for some milliseconds; answers things a second of processor. */
export async function paceOf(round: () => unknown, count: number, milliseconds: number): Promise<number> {
  let rounds = 0;
  const start = process.cpuUsage();
  let spent = 0;
  while (spent < milliseconds * 1000) {
    const result = round();
    if (result instanceof Promise) await result;
    rounds += 1;
    const { user, system } = process.cpuUsage(start);
    spent = user + system;
  }
  return (rounds * count * 1e6) / spent;
}
