import type { Request, RequestHandler } from "express";
import { maxAnswer } from "../forms/answers";
import type { Form, Forms } from "../forms/forms";
import { everyQuestionOf } from "../forms/questions";
import { maxImportBytes } from "../import/import-limits";
import { AppError } from "../platform/errors";
import { maxPictureUpload } from "../platform/picture-limits";
import { refuse, tooLarge } from "./reply";
import { decoded } from "./secret-paths";

/** Larger than any form or call of ours, but for those below. */
export const maxBodyBytes = 64 * 1024;
/** Where files are uploaded; these routes authenticate before they read the body. */
const uploadRoutes = [
  { path: "/admin/import", most: maxImportBytes },
  { path: "/admin/settings/logo", most: maxPictureUpload },
];
/** As a form and as Remix's data request. */
const uploads = new Map(
  uploadRoutes.flatMap(({ path, most }) => [path, `${path}.data`].map((each) => [each, most + maxBodyBytes] as const)),
);

/**
 * Pages with many words in two languages: a whole form with fifty questions, a consent's text, all letters. Their routes
 * authenticate first as well, but for a browser with a signature of ours whose session has ended: its form is read once more,
 * to be kept.
 */
const editor = /^\/admin\/settings\/(?:forms\/\d{1,10}|consents\/[a-z0-9]{1,20}|letters)$/;
const maxEditorBytes = 1024 * 1024;

/** Where a form's answers are sent. */
const registrations = /^\/(?:(?:register|embed)(?:\/[^/]*)?|api\/(?:registrations|trpc\/createregistration))$/;

/**
 * As routes are written: Remix takes them in capitals, with slashes at the end, with encoded letters, and with the ending
 * of its data requests.
 */
const plainPath = (path: string): string =>
  path
    .replace(/\.data$/, "")
    .split("/")
    .map((segment) => decoded(segment).replaceAll("/", "%2f").toLowerCase())
    .join("/")
    .replace(/(?<=[^/])\/+$/, "");

/** Whether files are uploaded there, in whatever way the address is written: a body may be large there. */
export const takesUpload = (path: string): boolean => uploadRoutes.some((route) => route.path === plainPath(path));

/** A character of three bytes, written as %E2%82%AC or as JSON's escape for one of two units. */
const bytesOfCharacter = 9;

/**
 * A stranger's body is read into memory before the attempt is counted, and options of a question may be thousands: more
 * than a form of any size is answered with in practice.
 */
const maxAnswerBytes = 2 * 1024 * 1024;

/**
 * What the answers of the largest form may take beside everything else, where each is as long as its question allows; at
 * most `maxAnswerBytes`.
 */
function answerBytes(forms: readonly Pick<Form, "definition">[]): number {
  const sizes = forms.map(({ definition }) =>
    everyQuestionOf(definition)
      .flatMap(({ kind, options }) => (kind === "choices" ? options.map(() => maxAnswer.choices) : maxAnswer[kind]))
      .reduce((sum, size) => sum + size * bytesOfCharacter, 0),
  );
  return Math.min(maxAnswerBytes, Math.max(0, ...sizes));
}

/** Uploads are only taken as our own pages write their address. */
function limitFor(path: string, forms: () => readonly Pick<Form, "definition">[]): number {
  const plain = plainPath(path);
  return (
    uploads.get(path) ??
    (editor.test(plain) ? maxEditorBytes : maxBodyBytes + (registrations.test(plain) ? answerBytes(forms()) : 0))
  );
}

/**
 * Remix reads a body of any size into memory, so Content-Length is checked before; if it is missing, as with streams of
 * .NET, Java and Go, the bytes are counted while they are read.
 */
export const bodyLimit =
  ({ forms }: { forms: Pick<Forms, "all"> }): RequestHandler =>
  (req, res, next) => {
    // Bytes that arrived while static files were looked up wait in the stream.
    const size = Math.max(Number(req.get("content-length") ?? 0), req.readableLength);
    const isStreamed = req.get("transfer-encoding") !== undefined;
    // No limit is below this one: most requests need not know theirs.
    if (size <= maxBodyBytes && !isStreamed) return next();
    const limit = limitFor(req.path, () => forms.all());
    if (size > limit) return refuse(req, res, 413, tooLarge(limit));
    if (isStreamed)
      countBody(req, limit, () => {
        if (!res.headersSent) refuse(req, res, 413, tooLarge(limit));
      });
    next();
  };

/**
 * Passes on the bytes up to the limit and drops the rest. The reader gets an error: it would take a truncated body for
 * a complete one. Implemented by overriding `push`, since a listener would start the stream too early.
 */
function countBody(req: Request, limit: number, onTooLarge: () => void): void {
  const push = req.push.bind(req);
  let size = req.readableLength;
  // A body that is not read yet has no error listener.
  req.on("error", () => {});
  req.push = (chunk: Uint8Array | null, encoding) => {
    const wasOver = size > limit;
    size += chunk?.length ?? 0;
    if (size <= limit) return push(chunk, encoding);
    if (!wasOver) {
      onTooLarge();
      req.emit("error", new AppError("TOO_LARGE"));
    }
    return true;
  };
}

/** For handlers that read the body: the request may have been answered while an earlier handler waited. */
export const unlessAnswered: RequestHandler = (_req, res, next) => {
  if (!res.headersSent) next();
};
