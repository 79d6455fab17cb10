# shogo on a bare Debian 12, made with the same scripts that a person runs.
#   docker build -t shogo .
#   docker run --rm shogo                                   judges the reference reader (ci/conform)
#   docker run --rm -v "$PWD/out:/shogo/out" shogo          the same; the report stays in ./out (writable by id 1000)
#   docker run --rm shogo ci/test                           all tests
FROM debian:12

WORKDIR /shogo
# Only what the setup reads, so that a change of the code does not install everything again.
COPY ci/setup ci/lib.sh ci/packages.txt ci/
COPY python/requirements.txt python/
RUN ci/setup && rm -rf /var/lib/apt/lists/* build

# The bench needs no privileges: its pcscd is its own.
RUN useradd --create-home --uid 1000 shogo && chown shogo:shogo /shogo
USER shogo
COPY --chown=shogo:shogo . .
RUN ci/build release
CMD ["ci/conform"]
