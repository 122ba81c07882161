# One vLLM commit, built from its source over the image of its human commit.
#
# The context: source/ (the commit's tree, patched), files/ (rules/vllm) and environment.
# Arguments are called BUILD_ because an ENV of the base hides an ARG of the same name, and
# CUDA images set CUDA_VERSION, for one.  The base's own ENV, ENTRYPOINT and the like stay
# as they are: but for vLLM, the image is its base.
ARG BASE

# What holds the objects, if they are not compiled: the base, as it is before anything is
# removed from it, or another image of the fleet.
ARG BUILD_OBJECTS=${BASE}
FROM ${BUILD_OBJECTS} AS objects

FROM ${BASE}

# The base may start in a folder where another vLLM would be imported from.
WORKDIR /

ARG BUILD_CUDA=
RUN --mount=type=bind,source=files,target=/mnt/files \
    --mount=type=cache,id=stampmill-vllm-packages,sharing=locked,target=/mnt/packages \
    sh /mnt/files/toolkit.sh /opt/stampmill /usr/local /mnt/packages

RUN --mount=type=bind,source=files,target=/mnt/files \
    sh /mnt/files/human.sh /opt/vllm_baseline /opt/stampmill

COPY source /opt/vllm_baseline
COPY files/check.sh /opt/stampmill/check.sh

ARG BUILD_BENCHMARKS=
ARG BUILD_PYAIRPORTS=https://github.com/NICTA/pyairports/archive/9699eae8c6b03c97239018dea92e01daa8594936.tar.gz
RUN --mount=type=bind,source=files,target=/mnt/files \
    sh /mnt/files/prepare.sh /opt/vllm_baseline /opt/stampmill

# How the native code comes about: the name of a script.
ARG BUILD_NATIVE=compile
ARG BUILD_ARCH_LIST=
ARG BUILD_COMMIT=
ARG BUILD_HUMAN=
ARG BUILD_VERSION=
ARG BUILD_WHEEL=
ARG BUILD_WHEEL_DIGEST=
ARG SOURCE_DATE_EPOCH=0
RUN --mount=type=bind,source=files,target=/mnt/files \
    --mount=type=bind,source=environment,target=/mnt/environment \
    --mount=type=bind,from=objects,target=/mnt/objects \
    --mount=type=secret,id=settings,target=/mnt/settings \
    --mount=type=cache,id=stampmill-vllm-ccache,target=/mnt/ccache \
    --mount=type=cache,id=stampmill-vllm-sources,target=/mnt/sources \
    sh "/mnt/files/$BUILD_NATIVE.sh" /opt/vllm_baseline /opt/stampmill /mnt

RUN sh /opt/stampmill/check.sh
