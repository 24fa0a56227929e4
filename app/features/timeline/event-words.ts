import { auditFacts } from "~/features/audit/facts";
import { auditTexts } from "~/features/audit/texts";
import { conflictKindTexts } from "~/features/conflicts/kind-texts";
import { paymentTexts } from "~/features/payments/texts";
import { timelineTexts } from "~/features/timeline/texts";
import type { Locale } from "~/i18n/locale";
import type { ConflictKind } from "~server/conflicts/conflicts";
import type { TimelineEvent } from "~server/timeline/events";

/** What the words of an event need to know of the person. */
export interface TimelinePerson {
  /** Null: not known any more whether the person registered or the operator made the account. */
  isRegistration: boolean | null;
  /** The form's name, where there are several. */
  form: string | null;
  /** Where the first visit came from. */
  source: string | null;
  /** What consents are called, by their keys. */
  consents: Record<string, string>;
}

export interface EventWords {
  title: string;
  facts: string[];
}

/** An event in words. What has none in this version is told by its name, and never left out. */
export function eventWords(locale: Locale, event: TimelineEvent, person: TimelinePerson): EventWords {
  const m = timelineTexts[locale];
  const plain = (title: string, ...facts: (string | null | undefined)[]): EventWords => ({
    title,
    facts: facts.flatMap((fact) => fact || []),
  });
  switch (event.kind) {
    case "registered": {
      if (person.isRegistration === null) return plain(m.recorded);
      if (!person.isRegistration) return plain(m.created);
      const agreed = event.facts.consents.map((key) => person.consents[key] ?? key).join("; ");
      return plain(
        m.registered,
        person.form && m.byForm(person.form),
        person.source && m.source(person.source),
        agreed && m.consents(agreed),
      );
    }
    case "contact": {
      const { contactId, by, how } = event.facts;
      return plain(m.contact[by](contactId ?? 0), by === "linked" && how ? m.foundBy[how] : null);
    }
    case "deal": {
      const { contactId, dealId, by } = event.facts;
      return plain(m.deal[by](dealId ?? 0), contactId !== null && by !== "made" ? m.contactId(contactId) : null);
    }
    case "row":
      return plain(m.row);
    case "visit":
      return plain(m.visit);
    case "arrived":
      return plain(m.arrived);
    case "moved":
      return plain(m.moved(String(event.facts.dealId ?? "")));
    case "stage": {
      const { dealId, from, to, semantic } = event.facts;
      return plain(m.stage(dealId, from, to), semantic === "S" ? m.won : semantic === "F" ? m.lost : null);
    }
    case "payment": {
      const { isPaid, origin } = event.facts;
      const words = paymentTexts[locale];
      return plain(isPaid ? words.became.paid : words.became.unpaid, words.origins[origin] ?? origin);
    }
    case "audit": {
      const { action, details } = event.facts;
      return plain(auditTexts[locale].actions[action] ?? action, ...auditFacts(action, details, locale));
    }
    case "letter": {
      const { letter, isSent, reason } = event.facts;
      if (isSent) return plain(m.letters[letter] ?? letter);
      return plain((reason && m.messagesUnsent[reason]) || (m.lettersRefused[letter] ?? letter));
    }
    case "corrected":
      return plain(m.corrected[event.facts.state] ?? event.facts.state);
    case "conflict":
    case "settled": {
      const { conflict, portalId } = event.facts;
      const title = conflictKindTexts[locale].kinds[conflict as ConflictKind]?.title ?? conflict;
      return plain(m[event.kind](title), m.record(portalId));
    }
    case "portal": {
      const { portal, contactId, dealId } = event.facts;
      return plain(
        m.portal(portal),
        contactId === null ? null : m.contactId(contactId),
        dealId === null ? null : m.dealId(dealId),
      );
    }
    case "advertising": {
      const system = m.systems[event.facts.system] ?? event.facts.system;
      return plain(event.facts.isTakenBack ? m.takenBack(system) : m.advertising(system));
    }
    case "erasedThere":
      return plain(m.erasedThere);
  }
}
