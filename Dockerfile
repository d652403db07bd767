# One image for every part: the command says which. Nothing secret goes in; see docs/operating.md.
FROM python:3.11-slim AS build
WORKDIR /source
COPY pyproject.toml requirements.lock README.md LICENSE ./
COPY core core
COPY sandbox sandbox
COPY plugins plugins
# The lock as constraints: its versions, without what only tests want. The environment's name for
# it holds for the build's own tools too.
ENV PIP_CONSTRAINT=/source/requirements.lock PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/balie && /opt/balie/bin/pip install ".[postgresql,redis]"

FROM python:3.11-slim
# A named volume takes its owner from the folder that it covers.
RUN useradd --system --uid 10001 --create-home balie && install -d -o balie /srv/balie/media
COPY --from=build /opt/balie /opt/balie
ENV PATH=/opt/balie/bin:$PATH PYTHONUNBUFFERED=1
USER balie
WORKDIR /home/balie
EXPOSE 8000
# A stopped worker finishes the items in hand within 26 s; give it 30.
STOPSIGNAL SIGTERM
ENTRYPOINT ["balie"]
CMD ["serve", "--host", "0.0.0.0"]
