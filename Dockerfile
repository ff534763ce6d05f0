# docker build -t sedd .                                                        CPU
# docker build -t sedd:cuda --build-arg BASE=nvidia/cuda:11.6.2-runtime-ubuntu20.04 \
#   --build-arg MAVEN_OPTIONS=-Pcuda-11.6 .                                     NVIDIA cards of 3.7 to 8.6, by ND4J
# docker run --rm sedd demo                                                     everything at once, on a broker of its own
# docker run -v DIR:/checkpoints -v CORPUS:/corpus:ro sedd train --config /corpus/train.yaml
# docker run -v DIR:/checkpoints:ro -e SEDD_KAFKA_BOOTSTRAP_SERVERS=broker:9092 sedd
ARG BUILDER=eclipse-temurin:25-jdk-noble
ARG BASE=ubuntu:24.04

FROM ${BUILDER} AS build
RUN apt-get update && apt-get install -y --no-install-recommends maven && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY . .
ARG MAVEN_OPTIONS=""
RUN --mount=type=cache,target=/root/.m2 SEDD_MAVEN_OPTIONS="${MAVEN_OPTIONS}" deploy/image/assemble.sh /opt/sedd

FROM ${BASE}
# by number, so that Kubernetes can see that it is not root
RUN mkdir /checkpoints && chown 10001:10001 /checkpoints
COPY --from=build /opt/sedd /opt/sedd
USER 10001:10001
# JavaCPP unpacks ND4J's and oneDNN's libraries below it; nothing else is written
ENV HOME=/tmp
WORKDIR /opt/sedd
EXPOSE 8080
HEALTHCHECK --start-period=60s --interval=10s --timeout=6s CMD ["/opt/sedd/healthcheck"]
ENTRYPOINT ["/opt/sedd/sedd"]
CMD ["worker", "--config", "/opt/sedd/deploy/image/worker.yaml"]
