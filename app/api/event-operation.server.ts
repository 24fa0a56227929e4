import { apiErrorTexts } from "~/i18n/api-errors";
import { AppError, type AppErrorCode } from "~server/platform/errors";
import { restErrorBody } from "./rest-error.server";

/** The path in the OpenAPI document of which there is no procedure: the portal sends forms, and signs in by a field. */
export const eventPath = "/api/bitrix24/events";

const field = (description: string) => ({ type: "string" as const, description });

const example = {
  event: "ONCRMDEALUPDATE",
  "data[FIELDS][ID]": "9",
  "auth[application_token]": "the portal's application_token",
};

const refusal = (code: AppErrorCode) => ({ $ref: `#/components/responses/${code}` });

const noForm = restErrorBody(new AppError("UNSUPPORTED_MEDIA_TYPE", { details: { takes: "form" } }), apiErrorTexts.en);

export const eventOperation = (serverUrl: string) => ({
  operationId: "takeEvent",
  summary: "Accept a portal event",
  description:
    "For the portal's outbound webhook alone. An event is a hint that a deal or contact may have changed: what is there now is read from the portal later. Other events are passed over.",
  tags: ["bitrix24"],
  // The token in the body is the only way in.
  security: [],
  requestBody: {
    required: true,
    content: {
      "application/x-www-form-urlencoded": {
        schema: {
          type: "object" as const,
          properties: {
            event: field("Name of the event, such as ONCRMDEALUPDATE"),
            "data[FIELDS][ID]": field("Number of the deal or contact"),
            "auth[application_token]": field("As in BITRIX24_EVENT_TOKEN"),
          },
          required: ["event", "auth[application_token]"],
        },
        example,
      },
    },
  },
  responses: {
    200: {
      description: "Accepted; the comparison comes later.",
      content: {
        "application/json": { schema: { type: "object" as const, additionalProperties: false }, example: {} },
      },
    },
    400: refusal("INVALID"),
    403: refusal("FORBIDDEN"),
    413: refusal("TOO_LARGE"),
    415: {
      description: noForm.error.message,
      content: { "application/json": { schema: { $ref: "#/components/schemas/Error" }, example: noForm } },
    },
    503: refusal("BUSY"),
    default: refusal("INTERNAL"),
  },
  "x-codeSamples": [
    {
      lang: "Shell",
      label: "curl",
      source: [
        `curl ${serverUrl}${eventPath}`,
        `-d "event=${example.event}"`,
        `-d "data[FIELDS][ID]=${example["data[FIELDS][ID]"]}"`,
        `--data-urlencode "auth[application_token]=$EVENT_TOKEN"`,
      ].join(" \\\n  "),
    },
  ],
});
