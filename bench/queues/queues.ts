/** The peers, each with the settings its own documentation gives for throughput. They are installed with the development packages. */

export type Queue = { add(body: string): Promise<void> };
type Start = (databaseUrl: string, forward: (body: string) => Promise<void>) => Promise<Queue>;

type Graphile = {
  run: (options: object) => Promise<{ addJob: (name: string, payload: object) => Promise<unknown> }>;
};
type Boss = {
  PgBoss: new (options: object) => {
    on(event: 'error', heard: (error: Error) => void): void;
    start(): Promise<unknown>;
    createQueue(name: string): Promise<unknown>;
    work(
      name: string,
      options: object,
      handler: (jobs: { data: { body: string } }[]) => Promise<void>,
    ): Promise<unknown>;
    send(name: string, data: object): Promise<unknown>;
  };
};

/** As many at once as the gateway sends to one server. */
const atOnce = 4;

/** Not a literal for the compiler: a checkout without the peers is still checked as a whole. */
const load = async (name: string): Promise<unknown> => import(name) as Promise<unknown>;

/** By package name. */
export const queues: Readonly<Record<string, Start>> = {
  async 'graphile-worker'(databaseUrl, forward) {
    const { run } = (await load('graphile-worker')) as Graphile;
    const runner = await run({
      ...{ connectionString: databaseUrl, concurrency: atOnce, noHandleSignals: true, pollInterval: 1_000 },
      taskList: { forward: (payload: unknown) => forward((payload as { body: string }).body) },
    });
    return { add: async (body) => void (await runner.addJob('forward', { body })) };
  },

  async 'pg-boss'(databaseUrl, forward) {
    const { PgBoss } = (await load('pg-boss')) as Boss;
    const boss = new PgBoss({ connectionString: databaseUrl });
    boss.on('error', (error) => console.error(error.message));
    await boss.start();
    await boss.createQueue('forward');
    for (let n = 0; n < atOnce; n += 1)
      await boss.work('forward', { pollingIntervalSeconds: 0.5, batchSize: 16 }, async (jobs) => {
        await Promise.all(jobs.map(({ data }) => forward(data.body)));
      });
    return { add: async (body) => void (await boss.send('forward', { body })) };
  },
};

/** Is it installed? */
export async function isInstalled(name: string): Promise<boolean> {
  return load(name).then(
    () => true,
    () => false,
  );
}
