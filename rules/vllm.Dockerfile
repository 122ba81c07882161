# One vLLM commit, built from its source over the image of its human commit.
#
# The context: source/ (the commit's tree, patched), files/ (rules/vllm) and environment.
# Arguments are called BUILD_ because an ENV of the base hides an ARG of the same name, and
# CUDA images set CUDA_VERSION, for one.  The base's own ENV, ENTRYPOINT and the like stay
# as they are: but for vLLM, the image is its base.
ARG BASE
FROM ${BASE}

# The base may start in a folder where another vLLM would be imported from.
WORKDIR /

ARG BUILD_CUDA=
RUN --mount=type=bind,source=files,target=/mnt/files \
    --mount=type=cache,id=stampmill-vllm-packages,sharing=locked,target=/mnt/packages \
    sh /mnt/files/toolkit.sh /opt/stampmill /usr/local /mnt/packages

COPY source /opt/vllm_baseline

ARG BUILD_BENCHMARKS=
ARG BUILD_PYAIRPORTS=https://github.com/NICTA/pyairports/archive/9699eae8c6b03c97239018dea92e01daa8594936.tar.gz
RUN --mount=type=bind,source=files,target=/mnt/files \
    sh /mnt/files/prepare.sh /opt/vllm_baseline /opt/stampmill

# How the native code comes about: the name of a script.
ARG BUILD_NATIVE=compile
ARG BUILD_ARCH_LIST=
ARG BUILD_COMMIT=
ARG BUILD_VERSION=
ARG SOURCE_DATE_EPOCH=0
RUN --mount=type=bind,source=files,target=/mnt/files \
    --mount=type=bind,source=environment,target=/mnt/environment \
    --mount=type=secret,id=settings,target=/mnt/settings \
    --mount=type=cache,id=stampmill-vllm-ccache,target=/mnt/ccache \
    sh "/mnt/files/$BUILD_NATIVE.sh" /opt/vllm_baseline /opt/stampmill /mnt/ccache \
        /mnt/environment /mnt/settings

COPY files/check.sh /opt/stampmill/check.sh
RUN sh /opt/stampmill/check.sh
