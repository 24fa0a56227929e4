import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createRequestHandler } from "@remix-run/express";
import type { LoaderFunctionArgs, ServerBuild } from "@remix-run/node";
import express, { type RequestHandler } from "express";
import { afterAll, beforeAll, expect, test } from "vitest";
import { remixBuild } from "../test/remix-build";
import { createHttpServer } from "./http-server";
import { createGroupedHandler, routeGroups } from "./route-groups";

const paths = {
  home: undefined,
  register: "register",
  form: "register/:form",
  embedded: "embed/:form?",
  people: "admin/users",
  person: "admin/users/:id",
  portal: "admin/portal",
  own: "account/data.json",
  styles: "site.css",
  area: "area",
  anything: "*",
};

function makeBuild(): ServerBuild {
  const answers = (id: string) => ({
    loader: ({ params }: LoaderFunctionArgs) => new Response(`${id} ${JSON.stringify(params)}`),
  });
  const routes = {
    root: { id: "root", path: "", module: { default: () => null } },
    ...Object.fromEntries(
      Object.entries(paths).map(([id, path]) => [
        id,
        { id, path, index: !path, parentId: "root", module: answers(id) },
      ]),
    ),
    inside: { id: "inside", path: "inside/:part", parentId: "area", module: answers("inside") },
    front: { id: "front", index: true, parentId: "area", module: answers("front") },
  };
  return remixBuild({
    routes,
    entry: { module: { default: () => new Response("page", { status: 404 }), handleError: () => {} } },
  });
}

const stops: (() => void)[] = [];
afterAll(() => {
  for (const stop of stops) stop();
});

async function serve(handler: RequestHandler): Promise<(path: string) => Promise<string>> {
  const server = createHttpServer(express().all("*", handler)).listen(0, "127.0.0.1");
  stops.push(() => void server.close().closeAllConnections());
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return async (path) => {
    // Unlike fetch it sends the path as it is.
    const [answer] = (await once(get({ port, path }), "response")) as [IncomingMessage];
    return `${answer.statusCode} ${await text(answer)}`;
  };
}

let grouped: (path: string) => Promise<string>;
let whole: (path: string) => Promise<string>;
beforeAll(async () => {
  const options = { mode: "production", getLoadContext: () => ({}) as never };
  grouped = await serve(createGroupedHandler(makeBuild(), options));
  whole = await serve(createRequestHandler({ build: makeBuild(), ...options }));
});

test.each([
  ["/register", "200 register {}"],
  ["/register/", "200 register {}"],
  ["/REGISTER", "200 register {}"],
  ["/%72egister", "200 register {}"],
  ["/register/autumn", '200 form {"form":"autumn"}'],
  ["/embed", "200 embedded {}"],
  ["/embed/autumn", '200 embedded {"form":"autumn"}'],
  ["/admin/users", "200 people {}"],
  ["/admin/users/7", '200 person {"id":"7"}'],
  ["/admin/nowhere", '200 anything {"*":"admin/nowhere"}'],
  ["/nowhere", '200 anything {"*":"nowhere"}'],
  ["/", "200 home {}"],
  ["/account/data.json", "200 own {}"],
  ["/site.css", "200 styles {}"],
  ["/area/inside/7", '200 inside {"part":"7"}'],
  ["/area?index", "200 front {}"],
  ["/Area/", "200 front {}"],
  ["/admin/users/portal", '200 person {"id":"portal"}'],
  ["/admin/portal", "200 portal {}"],
  ["/register/../admin/users", "200 people {}"],
  ["/register/%2e%2e/admin/users", "200 people {}"],
  ["/./admin/users", "200 people {}"],
  ["/constructor", '200 anything {"*":"constructor"}'],
])("%s is answered by the same route as among all routes", async (path, answer) => {
  expect(await grouped(path)).toBe(answer);
  expect(await whole(path)).toBe(answer);
});

test("a request is compared with the routes that spell out its path", () => {
  const groupFor = routeGroups(makeBuild().routes);
  const idsFor = (path: string) => [...(groupFor(path) ?? [])].sort();
  for (const path of ["/register", "/register/", "/Register", "/register.data"])
    expect(idsFor(path)).toEqual(["register", "root"]);
  expect(idsFor("/admin/users")).toEqual(["people", "root"]);
  expect(idsFor("/area")).toEqual(["area", "front", "root"]);
});

test("where no route does, with those of its first segment, and with those that fit any", () => {
  const groupFor = routeGroups(makeBuild().routes);
  const idsFor = (path: string) => [...(groupFor(path) ?? [])].sort();
  expect(idsFor("/register/autumn")).toEqual(["anything", "form", "home", "register", "root"]);
  expect(idsFor("/embed")).toEqual(["anything", "embedded", "home", "root"]);
  expect(idsFor("/area/inside/7")).toEqual(["anything", "area", "front", "home", "inside", "root"]);
  expect(groupFor("/register/../admin/users")).toBeUndefined();
  expect(groupFor("/nowhere")).toBeUndefined();
});
