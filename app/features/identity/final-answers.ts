/** Whether an answer leaves records behind for good, so that it asks first, and for the password. */
export const isFinal = (answer: string): answer is "other" | "copy" => answer === "other" || answer === "copy";
