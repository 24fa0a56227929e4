import type { Bench } from "./bench";
import { startDistantPortal } from "./distant-portal";
import { type BenchLine, inMs, quantile } from "./line";
import { startProduct, stopProduct } from "./product";
import { Visitor } from "./visitor";

const events = 500;
const repeats = 5;
const token = "a-token-of-the-portal";

/** What a portal sends when a whole list of deals is changed there: hundreds of events at the same moment. */
export async function benchEvents(bench: Bench): Promise<BenchLine[]> {
  const database = await bench.createDatabase();
  const portal = await startDistantPortal({ limits: { bucket: 0 } });
  await portal.fail({ kind: "hang" });
  await database.pool.query(
    `insert into "User" (email, "firstName", phone, "crmState", "crmSyncedAt", "bitrix24DealId")
     select 'person' || n || '@example.com', 'Имя', '+7999' || (1000000 + n), 'SYNCED', now(), n
     from generate_series(1, $1::int) as n`,
    [events * (repeats + 1)],
  );
  const server = await startProduct({
    role: "all",
    databaseUrl: database.url,
    webhookUrl: portal.webhookUrl,
    env: { BITRIX24_EVENT_TOKEN: token },
  });
  const visitor = new Visitor(server.site);
  const p99s: number[] = [];
  // The first lot opens connections and compiles.
  for (let repeat = 0; repeat <= repeats; repeat++) {
    const times = await Promise.all(
      Array.from({ length: events }, async (_, index) => {
        const started = performance.now();
        const body = `event=ONCRMDEALUPDATE&data[FIELDS][ID]=${repeat * events + index + 1}&auth[application_token]=${token}`;
        const status = await visitor.sendEvent(body);
        if (status !== 200) throw new Error(`the event was answered with ${status}`);
        return performance.now() - started;
      }),
    );
    if (repeat > 0) p99s.push(quantile(times, 0.99));
  }
  const { rows } = await database.pool.query(`select 1 from pgboss.job where name = 'crm-payment'`);
  visitor.leave();
  await stopProduct(server);
  portal.close();
  await database.drop();
  const p99 = quantile(p99s, 0.5);
  return [
    {
      name: `${events} events of the portal at once: p99 of the answer (median of ${repeats})`,
      value: `${inMs(p99)}; ${rows.length} of ${events * (repeats + 1)} enqueued`,
      must: "≤ 1,000 ms, all enqueued",
      ok: p99 <= 1_000 && rows.length === events * (repeats + 1),
    },
  ];
}
