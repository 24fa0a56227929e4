/** Whether the body is JSON in UTF-8, neither packed nor in another encoding. */
export const sendsJson = ({ headers }: Request): boolean =>
  isJson(headers.get("content-type") ?? "") &&
  (headers.get("content-encoding") ?? "identity").trim().toLowerCase() === "identity";

/** Programs add parameters (`odata=verbose`) and spell the charset in several ways; other charsets are rejected. */
function isJson(contentType: string): boolean {
  const [type = "", ...parameters] = contentType.split(";").map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => /^charset\s*=/.test(parameter))?.replace(/^charset\s*=\s*|["']/g, "");
  return type === "application/json" && ["utf-8", "utf8", "us-ascii", "", undefined].includes(charset);
}
