# The image of web server, worker and beat; docker-compose.yml says which of them a container is.
FROM python:3.11-slim-bookworm

RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app
# The user of the image has no home, and fontconfig looks through every font again where it cannot keep what it found.
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 XDG_CACHE_HOME=/tmp/cache
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes --no-deps -r requirements.lock
COPY . .
# Translations and static files belong to the image; the key is used for nothing else than this one command.
RUN python script/compile_messages.py \
    && DEPLOYMENT=production SECRET_KEY=only-while-building VAR_DIR=/tmp/build python manage.py collectstatic --noinput

RUN useradd --uid 10001 --no-create-home credpoints && install -d -o credpoints /data
USER credpoints
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "credpoints.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--no-control-socket"]
