import { enPlural } from "../platform/plural";
import type { Check, CheckId } from "./check";
import { demandWords } from "./demand-words";
import { siteWords } from "./site-words";

type Facts = Check["facts"];

/** What is wrong, and what to do. */
export interface Trouble {
  what: string;
  todo: string;
}

/**
 * The words of one line of the checklist. A line with the portal's own code is explained by the queue's reasons instead
 * of `bad`.
 */
export interface CheckWords {
  title: string;
  ok: (facts: Facts) => string;
  /** Failed or worth a look. */
  bad: (facts: Facts) => Trouble;
  /** Nothing was set, or it could not be asked, where that is allowed. */
  skip?: string;
}

/** All that the checklist says in a language. */
export interface ChecklistWords {
  todo: string;
  /** Of a rejected request, which is not yet a fault. */
  untold: Trouble;
  checks: Record<CheckId, CheckWords>;
}

const oldBox = {
  what: "This portal does not support the methods that we use for contacts and deals.",
  todo: "Update the portal, if it is self-hosted.",
};
const foreignStage = (stage: string | number | undefined, funnel: string | number | undefined) =>
  funnel === undefined
    ? `The pipeline has no stage ${stage}.`
    : `Stage ${stage} belongs to another pipeline (${funnel}).`;

/** The site has one stage of paid deals, and a form may have its own. */
const paidStagePlace = " (Settings, Payment, or the form itself under Settings, Forms)";

const checks: Record<CheckId, CheckWords> = {
  credentials: {
    title: "Access",
    ok: ({ userId }) => `The portal accepts our key; we act as employee ${userId}.`,
    bad: () => ({ what: "The portal does not accept our key.", todo: "Check BITRIX24_WEBHOOK_URL." }),
  },
  scopes: {
    title: "Permissions",
    ok: () => "The webhook has all permissions that we need.",
    bad: ({ missing }) => ({
      what: `The webhook lacks: ${missing}.`,
      todo: "Tick these permissions in the webhook's settings on the portal.",
    }),
  },
  contacts: {
    title: "Reading contacts",
    ok: () => "Contacts can be read.",
    bad: ({ old }) =>
      old ? oldBox : { what: "Contacts cannot be read.", todo: "Give the webhook's owner that right." },
  },
  deals: {
    title: "Reading deals",
    ok: () => "Deals can be read.",
    bad: ({ old }) => (old ? oldBox : { what: "Deals cannot be read.", todo: "Give the webhook's owner that right." }),
  },
  duplicates: {
    title: "Search for duplicates",
    ok: () => "Contacts can be searched by phone and e-mail.",
    bad: () => ({
      what: "Contacts cannot be searched by phone and e-mail.",
      todo: "Give the webhook's owner the right to read contacts. Without the search a customer would get a second contact.",
    }),
  },
  rows: {
    title: "Products of deals",
    ok: () => "The products of a deal can be read.",
    bad: ({ old }) =>
      old ? oldBox : { what: "The products of a deal cannot be read.", todo: "Give the webhook's owner that right." },
    skip: "Not asked: deals cannot be read.",
  },
  writing: {
    title: "Adding and changing",
    ok: ({ admin }) =>
      admin
        ? "The webhook's owner is an administrator and can do everything."
        : "Registrations have reached the portal recently.",
    bad: ({ missing }) =>
      missing
        ? {
            what: `The portal does not support these methods: ${missing}.`,
            todo: "Update the portal, if it is self-hosted.",
          }
        : {
            what: "The webhook's owner is not an administrator, and Bitrix24 does not say whether they can add and change contacts and deals.",
            todo: "Start a test registration on the page /bitrix24-test to find out.",
          },
  },
  demands: demandWords,
  fields: {
    title: "Fields from the settings",
    ok: () => "The portal has every field that the settings fill, and accepts the values.",
    bad: ({ field }) => ({
      what: `The portal no longer accepts what the settings send: ${field}.`,
      todo: "Choose another field under Settings, Fields, or restore it on the portal.",
    }),
  },
  product: {
    title: "Product",
    ok: ({ id, priceUsd }) => `Product ${id} exists and costs ${priceUsd}\u00a0USD.`,
    bad: ({ id, priceUsd, unreadable, variations, unpriced, inactive, beforeVat }) => {
      if (unreadable)
        return {
          what: `The webhook's owner cannot see product ${id}${priceUsd === undefined ? "" : `; deals get it at ${priceUsd}\u00a0USD, the price set here`}.`,
          todo: "Create the webhook as an administrator, who can read the catalogue, or enter the price under Settings, Deal.",
        };
      if (variations)
        return {
          what: `Product ${id} has variations, and Bitrix24 sells only these.`,
          todo: "Choose one of its variations under Settings, Deal.",
        };
      if (unpriced)
        return {
          what: `Product ${id} costs ${priceUsd}\u00a0USD on the portal: deals are made without an amount.`,
          todo: "Give it a price in USD on the portal. If it is free, say so: enter the price 0 under Settings, Deal.",
        };
      if (inactive)
        return { what: `Product ${id} is switched off on the portal.`, todo: "Switch it on in the catalogue." };
      if (beforeVat)
        return {
          what: `The portal's price of product ${id}, ${priceUsd}\u00a0USD, is before VAT: managers sell at that price plus VAT, deals get it without.`,
          todo: "Enter the full price under Settings, Deal, or have the portal's price include VAT.",
        };
      return {
        what: `Product ${id} costs ${priceUsd}\u00a0USD by a price that may not be the one managers sell at.`,
        todo: "Give the base price type a price in USD, or enter the price under Settings, Deal.",
      };
    },
  },
  currency: {
    title: "Currency",
    ok: () => "The portal has US dollars among its currencies.",
    bad: () => ({
      what: "The portal does not have US dollars among its currencies.",
      todo: "Add USD to the currencies in the CRM's settings.",
    }),
  },
  funnel: {
    title: "Pipeline",
    ok: ({ id }) => `Pipeline ${id} exists.`,
    bad: ({ id }) => ({ what: `There is no pipeline ${id}.`, todo: "Choose another one under Settings, Deal." }),
  },
  stage: {
    title: "First stage",
    ok: ({ stage }) => `Stage ${stage} belongs to the pipeline.`,
    bad: ({ stage, funnel }) => ({
      what: foreignStage(stage, funnel),
      todo: "Choose a stage of the deals' own pipeline under Settings, Deal, or none: deals then start at its first stage.",
    }),
    skip: "Not set: deals begin at the pipeline's first stage.",
  },
  paidStage: {
    title: "Stage of paid deals",
    ok: ({ stage }) => `Stage ${stage} belongs to the pipeline.`,
    bad: ({ stage, funnel, later, lost }) => {
      if (lost)
        return {
          what: `Stage ${stage} is for lost deals.`,
          todo: `Choose a success stage as the stage of paid deals${paidStagePlace}.`,
        };
      if (later)
        return {
          what: `Stage ${stage} is not the pipeline's last: a deal in a later one (${later}) counts as paid as well.`,
          todo: `If later stages do not mean paid, choose another stage of paid deals${paidStagePlace}.`,
        };
      return {
        what: `${foreignStage(stage, funnel)} Paid deals stay where they are.`,
        todo: `Choose a stage of the deals' own pipeline as the stage of paid deals${paidStagePlace}.`,
      };
    },
    skip: "Not set: a payment does not move the deal.",
  },
  source: {
    title: "Source",
    ok: ({ source }) => `Source ${source} exists.`,
    bad: ({ source }) => ({
      what: `The portal has no source ${source}; it would be stored without a name.`,
      todo: "Choose another one under Settings, Deal.",
    }),
  },
  responsible: {
    title: "Responsible persons",
    ok: () => "Everyone on the list works on the portal.",
    bad: ({ missing }) => ({
      what: `Not found, or dismissed: ${missing ?? "—"}.`,
      todo: "Choose the responsible persons again under Settings, Deal. Where the portal refuses one, the next in turn gets the deal.",
    }),
    skip: "Not set: the webhook's owner is responsible for every deal.",
  },
  forms: {
    title: "Other forms",
    ok: () => "No other form names anything that the portal lacks.",
    bad: ({ names }) => ({
      what: `These forms name a product, price, pipeline, stage, source or employee that the portal does not have: ${names ?? "—"}.`,
      todo: "Open the form under Settings, Forms, and check it: the page says what is wrong.",
    }),
    skip: "Not asked: this needs the database.",
  },
  visibility: {
    title: "Contacts and deals of others",
    ok: () => "We see contacts and deals of other employees.",
    bad: ({ contacts, deals }) => ({
      what: `We see no ${contacts && deals ? "contact and no deal" : contacts ? "contact" : "deal"} of other employees. If there are any, the webhook's owner sees only their own.`,
      todo: "Let the owner read the contacts and deals of all employees: what the owner cannot see would be created a second time.",
    }),
  },
  marks: {
    title: "Other installations",
    ok: () => "Every record with our external id is known here.",
    bad: ({ elsewhere, lost, mark }) =>
      elsewhere === undefined
        ? {
            what: `The portal holds ${enPlural(Number(lost), "record", "records")} with our external id that this database does not have: it was restored from a backup, and people have registered since then.`,
            todo: "Look at these contacts and deals on the portal. Let their people register again, or import them, and remove what is left over.",
          }
        : {
            what: `The portal holds ${enPlural(Number(elsewhere), "record", "records")} of another installation under the same first part of the external id (${mark}): another database of ours, or this one before its database was replaced.`,
            todo: "If that installation is still in use, set another BITRIX24_ORIGINATOR_ID here. If it is gone, look at its records on the portal and remove or keep them by hand.",
          },
    skip: "Not compared: this needs the database.",
  },
  clock: {
    title: "Clock",
    ok: () => "Our clock and the portal's agree.",
    bad: ({ seconds }) => ({
      what: `Our clock and the portal's are ${seconds}\u00a0s apart.`,
      todo: "Switch time synchronisation on at this server.",
    }),
  },
  events: {
    title: "Events from the portal",
    ok: () => "The portal can tell us about changes; its token is set.",
    bad: ({ refused }) =>
      refused
        ? {
            what: "Events with another token arrive in the portal's name and are refused: changes there are only found at night.",
            todo: "Compare BITRIX24_EVENT_TOKEN with the token of the outbound webhook on the portal. The first event with the right one makes this line green.",
          }
        : {
            what: "The portal cannot tell us about changes: its token is not set.",
            todo: "Create an outbound webhook on the portal and set its token in BITRIX24_EVENT_TOKEN. Registrations work without it.",
          },
  },
  messages: {
    title: "Messages to responsible persons",
    ok: () => "The portal accepts messages to its employees.",
    bad: ({ missing, waits, receivers, nobody }) =>
      missing
        ? {
            what: "The portal accepts no messages: the webhook lacks the permission im.",
            todo: "Tick Chat and notifications (im) in the webhook's settings. Registrations work without it.",
          }
        : waits
          ? {
              what: `Messages are waiting: the portal answered ${waits}.`,
              todo: "They are retried for a day. Registrations work without them.",
            }
          : receivers
            ? {
                what: `Employees get no messages: ${receivers}. They have left, or are bots.`,
                todo: "Choose other responsible persons, or reassign their contacts.",
              }
            : nobody
              ? {
                  what: "A deal had no responsible person, so nobody was notified.",
                  todo: "Choose responsible persons under Settings, Deal.",
                }
              : {
                  what: "The portal refused some messages.",
                  todo: "The text under Settings, E-mails and messages, may contain something that it does not accept.",
                },
    skip: "Not asked: messages are off.",
  },
  ...siteWords,
};

/** The checklist in English, which the command writes as well. */
export const enChecklist: ChecklistWords = {
  todo: "What to do:",
  untold: {
    what: "The portal does not say, so this could not be checked.",
    todo: "Nothing needs to be done if a test registration succeeds. Otherwise create the webhook as an administrator of the portal.",
  },
  checks,
};
