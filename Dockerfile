# Build: the same commands a developer runs in a clean folder. The published manifest names no Node and no development
# parts, so pruning by it leaves what runs.
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY . .
RUN node scripts/manifest.ts publish && npm prune --omit=dev --ignore-scripts

# Run: the bundle, its data and runtime packages; no compiler, no sources, not root.
FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /opt/passerelle
COPY --from=build /build/package.json /build/LICENSE ./
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/bin ./bin
COPY --from=build /build/dist ./dist
COPY --from=build /build/mappings ./mappings
COPY --from=build /build/profiles/schemas.json ./profiles/
COPY --from=build /build/schemas ./schemas
COPY --from=build /build/examples ./examples
RUN mkdir -p /var/lib/passerelle && chown node:node /var/lib/passerelle
USER node
WORKDIR /var/lib/passerelle
EXPOSE 8470
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8470/health/ready').then(r=>process.exit(r.ok?0:1),()=>process.exit(1))"]
ENTRYPOINT ["node", "/opt/passerelle/bin/passerelle.cjs"]
CMD ["serve", "--config", "/etc/passerelle/passerelle.yaml"]
