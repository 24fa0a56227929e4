import type { CheckWords } from "./check-words";

const spare = (fields: string | number) =>
  `The portal has mandatory fields that registrations do not fill in: ${fields}. Registrations arrive all the same: the portal requires these fields of its employees only.`;
const some = (fields: string | number) => `The portal requires fields that only some registrations fill in: ${fields}.`;

/** Of the portal's mandatory fields. */
export const demandWords: CheckWords = {
  title: "Mandatory fields",
  ok: () => "The portal requires no field that registrations leave empty.",
  bad: ({ fields, spared, sometimes }) => ({
    what: fields
      ? `The portal requires fields that registrations do not fill in: ${fields}.`
      : [spared && spare(spared), sometimes && some(sometimes)].filter(Boolean).join(" "),
    todo:
      spared && !sometimes
        ? "Nothing has to be done. Before you make the portal check mandatory fields for programs too, fill them in under Settings, Fields."
        : "Make them optional on the portal: CRM settings, fields and the view of the card.",
  }),
};
