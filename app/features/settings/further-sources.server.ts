import { processingKind } from "~server/consents/kinds";
import { askedKinds } from "~server/consents/shown";
import { siteQuestions } from "~server/forms/questions";
import { sourcesOfConsent } from "~server/platform/field-map";
import type { Services } from "~server/services";

/** Answers, and what is known of consents beside that to the processing. */
export const furtherSources = ({ consents, forms }: Pick<Services, "consents" | "forms">): string[] => [
  ...[...siteQuestions(forms.all()).keys()].map((key) => `answer.${key}`),
  ...askedKinds(consents)
    .filter(({ key }) => key !== processingKind)
    .flatMap(({ key }) => sourcesOfConsent(key)),
];
