import { seal, unseal } from "../platform/seal";
import type { Services } from "../services";

type Deps = Pick<Services, "db" | "env">;

/** Binds a sealed secret to its webhook's address. */
export const secretPurpose = (url: string): string => `webhook:${url}`;

/**
 * A webhook's secret, or undefined if the session secret that sealed it is gone. What an older session secret has sealed
 * is sealed again, so that the older session secret can be removed.
 */
export async function openSecret(
  { db, env }: Deps,
  { id, url, sealedSecret }: { id: number; url: string; sealedSecret: string },
): Promise<string | undefined> {
  const purpose = secretPurpose(url);
  const opened = unseal(env, purpose, sealedSecret);
  if (opened && !opened.isCurrent)
    await db.webhook.updateMany({
      where: { id, sealedSecret },
      data: { sealedSecret: seal(env, purpose, opened.text) },
    });
  return opened?.text;
}

/** Also for webhooks that are off or have nothing to send while the session secret is changed. */
export async function resealSecrets(deps: Deps): Promise<void> {
  const webhooks = await deps.db.webhook.findMany({ select: { id: true, url: true, sealedSecret: true } });
  for (const webhook of webhooks) await openSecret(deps, webhook);
}
