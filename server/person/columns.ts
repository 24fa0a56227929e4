import { eachPersonField } from "./fields";

/** A person's columns, as Prisma selects them. Apart from the fields, since the sign-up page loads those. */
export const personColumns = { ...eachPersonField(() => true as const), phoneExtension: true } as const;
