import { z } from "zod";
import { userCrmStates, userSorts } from "../users/filter";
import { findUsers } from "../users/find-users";
import { readProcedure } from "./init";
import { user } from "./schemas";

/** Lists of people, page by page, for programs. */

const day = z.iso.date().optional();

const conditions = {
  paid: z.boolean().optional(),
  confirmed: z.boolean().optional().meta({ description: "Whether the e-mail is confirmed" }),
  crm: z.enum(userCrmStates).optional(),
  source: z.string().max(255).optional().meta({ description: "Source of the first touch; (none): without one" }),
  form: z.string().min(1).max(40).optional().meta({
    description: "The end of the address of the form by which they registered; (first): the main form, or another way",
  }),
  from: day.meta({ description: "First day of registering, in the installation's time zone" }),
  to: day.meta({ description: "Last day of registering" }),
  sort: z.enum(userSorts).optional().meta({
    description: "newest if left out; paid: last paid first, not together with from, to or paid=false",
  }),
  limit: z.int().min(1).max(200).optional().meta({ description: "People on a page, 50 if left out" }),
  cursor: z.string().optional().meta({ description: "next of the page before; left out for the first page" }),
};

const page = z
  .object({
    users: z.array(user),
    next: z.string().nullable().meta({ description: "Cursor of the next page; null after the last" }),
    complete: z.boolean().meta({
      description: "false: the words are too short for the search index, and only the newest people were searched",
    }),
  })
  .meta({ id: "UserPage" });

export const listUsers = readProcedure
  .meta({
    openapi: {
      method: "GET",
      path: "/api/users",
      summary: "People, page by page",
      description:
        "Everyone who meets all conditions. Pages stay consistent while people register: no one is skipped or repeated. A token is not told of people who have withdrawn the consent to the processing.",
      tags: ["users"],
      errorResponses: {},
    },
  })
  .input(z.strictObject(conditions))
  .output(page)
  .query(({ ctx, input }) => findUsers(ctx.services, { actor: ctx.actor, ...input }));

export const searchUsers = readProcedure
  .meta({
    openapi: {
      method: "GET",
      path: "/api/users/search",
      summary: "Find people by words",
      description: "Like the list, but only people in whom every word occurs.",
      tags: ["users"],
      errorResponses: {},
    },
  })
  .input(
    z.strictObject({
      q: z.string().min(1).max(100).meta({
        description:
          "Up to eight words, each of them a part of the name, company, e-mail, phone or an answer; or a user's number as #7",
      }),
      ...conditions,
    }),
  )
  .output(page)
  .query(({ ctx, input }) => findUsers(ctx.services, { actor: ctx.actor, ...input }));
