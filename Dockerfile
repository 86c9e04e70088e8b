# SPDX-License-Identifier: Apache-2.0
# docker build -t hientruong .                    the program alone, nothing else in it
# docker build -t hientruong:tools --target tools .   with pg_dump and pg_restore, for backup and restore

FROM node:20.19-bookworm-slim AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY web/ ./
RUN npm run build

FROM golang:1.26.8-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=web /src/web/dist ./web/dist
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /out/hientruong ./cmd/hientruong
# A new volume takes the owner of the folder that it is mounted over.
RUN mkdir -p /out/data

FROM postgres:15.18-bookworm AS tools
COPY --from=build /out/hientruong /usr/local/bin/hientruong
COPY --from=build --chown=65532:65532 /out/data /var/lib/hientruong
USER 65532:65532
ENV HIENTRUONG_DATA=/var/lib/hientruong
WORKDIR /var/lib/hientruong
ENTRYPOINT ["/usr/local/bin/hientruong"]
CMD ["--help"]

FROM scratch AS program
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/hientruong /hientruong
COPY --from=build /src/packs /packs
COPY --from=build --chown=65532:65532 /out/data /var/lib/hientruong
COPY --from=build --chown=65532:65532 /out/data /tmp
USER 65532:65532
ENV HIENTRUONG_DATA=/var/lib/hientruong HIENTRUONG_LISTEN=0.0.0.0:8080
EXPOSE 8080
VOLUME /var/lib/hientruong
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["/hientruong", "health"]
ENTRYPOINT ["/hientruong"]
CMD ["serve"]
