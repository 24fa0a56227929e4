# The image carries the build alone: no package manager's tree, no sources, no embedded database.
FROM node:22-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY . .
RUN npm run build

# The stand-in for a Bitrix24 portal, for trying out: docker compose --profile trial up
FROM build AS portal
USER node
EXPOSE 3024
ENTRYPOINT ["node", "--import", "tsx", "tools/portal.ts"]
CMD ["--host=0.0.0.0"]

FROM node:22-bookworm-slim AS site
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /src/build ./build
COPY --from=build /src/package.json ./
COPY --from=build /src/tools/launch.js ./tools/
USER node
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself and no shell, so that a signal to stop reaches the site.
CMD ["node", "build/server/index.js"]
