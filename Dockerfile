# The demo, trained and served: the built-in sample is read and learnt while the image is built.
#
#     docker build -t askwiki .
#     docker run --rm -p 7860:7860 -e ASKWIKI_TOKEN=choose-one-of-8-letters askwiki
#
# Then open http://localhost:7860 and give the token.
FROM python:3.11-slim

WORKDIR /askwiki
COPY requirements.lock requirements-extras.lock ./
# torch's own index has it without CUDA: a fifth of the size.
RUN pip install --no-cache-dir --extra-index-url https://download.pytorch.org/whl/cpu \
      --requirement requirements.lock \
 && pip install --no-cache-dir --constraint requirements-extras.lock starlette uvicorn anyio

COPY . .
RUN useradd --create-home askwiki && chown -R askwiki /askwiki
USER askwiki
RUN python -m pipeline.fetch --source sample --cache cache/demo \
 && python train.py --cache cache/demo --out runs/demo

EXPOSE 7860
CMD ["sh", "-c", "exec python generate.py --run runs/demo --serve --host 0.0.0.0 --token \"${ASKWIKI_TOKEN:?set ASKWIKI_TOKEN to a token of 8 letters or more}\""]
