import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { hashPassword } from "../server/auth/password";
import type { Db } from "../server/database/db";
import type { NewPerson } from "./people";

/**
 * The usual way, for comparison: at each registration the CRM is called step by step inside the request; an error
 * is logged and the visitor goes on. The steps are those of the specification, one request each.
 */
export async function syncTheUsualWay(
  { webhookUrl, timeoutMs }: { webhookUrl: string; timeoutMs: number },
  { email, phone, firstName, lastName }: NewPerson,
): Promise<{ contactId: number; dealId: number } | undefined> {
  const call = async <T>(method: string, params: object): Promise<T> => {
    const response = await fetch(`${webhookUrl}${method}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(params),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = (await response.json()) as { result: T; error?: string };
    if (body.error !== undefined) throw new Error(body.error);
    return body.result;
  };
  try {
    const found = await call<{ CONTACT?: number[] }>("crm.duplicate.findbycomm", { type: "EMAIL", values: [email] });
    const contactId =
      found.CONTACT?.[0] ??
      (await call<number>("crm.contact.add", {
        fields: {
          NAME: firstName,
          LAST_NAME: lastName,
          EMAIL: [{ VALUE: email, VALUE_TYPE: "WORK" }],
          PHONE: [{ VALUE: phone, VALUE_TYPE: "WORK" }],
        },
      }));
    const product = await call<{ PRICE: string }>("crm.product.get", { id: 1777 });
    const dealId = await call<number>("crm.deal.add", {
      fields: { TITLE: firstName, CONTACT_ID: contactId, CURRENCY_ID: "USD", OPPORTUNITY: product.PRICE },
    });
    const rows = [{ PRODUCT_ID: 1777, PRICE: product.PRICE, QUANTITY: 1 }];
    await call("crm.deal.productrows.set", { id: dealId, rows });
    return { contactId, dealId };
  } catch {
    // Here an application logs the error and goes on.
    return undefined;
  }
}

/** A site that registers people the usual way: the same hashing and the same row, then the CRM, then the answer. */
export async function startUsualSite(
  db: Db,
  options: { webhookUrl: string; timeoutMs: number },
): Promise<{ site: string; close(): void }> {
  const server = createServer(async (request, response) => {
    const { firstName, lastName, email, phone, password } = Object.fromEntries(
      new URLSearchParams(await text(request)),
    ) as Record<keyof NewPerson, string>;
    const passwordHash = await hashPassword(password);
    const { id } = await db.user.create({ data: { firstName, lastName, email, phone, passwordHash } });
    const made = await syncTheUsualWay(options, { firstName, lastName, email, phone, password });
    if (made)
      await db.user.update({
        where: { id },
        data: { bitrix24ContactId: made.contactId, bitrix24DealId: made.dealId, crmState: "SYNCED" },
      });
    response.writeHead(302, { Location: "/account" }).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { site: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
