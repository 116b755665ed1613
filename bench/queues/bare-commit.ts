/** The least that keeps a promise: `node bare-commit.ts DATABASE_URL` commits each body as one row, then answers 200. Prints its URL. */
import pg from 'pg';
import { serveBodies } from './body-server.ts';

const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 });
await pool.query('create table if not exists bench_bare (id bigserial primary key, body bytea not null)');

serveBodies((body) => pool.query('insert into bench_bare (body) values ($1)', [body]));
