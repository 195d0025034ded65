# shellcheck shell=bash disable=SC2034
# The versions that the tests run against. The install scripts source this file and test/engines/tool.ts reads it:
# one NAME="value" a line.

# One of each minor release. kubectl embeds 5.0.1 (1.27), 5.0.4 (1.28 to 1.30), 5.4.2 (1.31), 5.5.0 (1.32), 5.6.0
# (1.33), 5.8.1 (1.36).
KUSTOMIZE_VERSIONS="5.0.1 5.1.1 5.2.1 5.3.0 5.4.2 5.5.0 5.6.0 5.7.1 5.8.1"
# The Debian suite that kubectl is taken from, in the newest version it has.
KUBECTL_SUITE="sid"
# renovate: datasource=github-releases depName=kptdev/kpt
KPT_VERSION="1.0.0-beta.59"
# renovate: datasource=github-releases depName=helm/helm
HELM_VERSION="3.22.0"
# The validator that carries the OpenAPI schemas of Kubernetes, from PyPI.
# renovate: datasource=pypi depName=kubernetes-validate
KUBERNETES_VALIDATE_VERSION="1.37.0"
# The validator of SBOMs, from PyPI.
# renovate: datasource=pypi depName=spdx-tools
SPDX_TOOLS_VERSION="0.8.5"
# The Go release that builds them where no Go of at least this version is at hand.
GO_VERSION="1.26.8"
# The newest release of the CNI plugins; Debian's are tested beside them.
# renovate: datasource=github-releases depName=containernetworking/plugins
CNI_PLUGINS_VERSION="1.9.1"
# The checks of the Pod Security Standards: the version in test/tools/pod-security/go.mod.
POD_SECURITY_VERSION="0.37.2"
# The reader of YAML of the Kubernetes libraries: the version in test/tools/yaml-reader/go.mod.
YAML_READER_VERSION="0.37.2"
# The Debian releases that stand in for the base images of the Dockerfile: the function's and the node image's.
BASE_SUITE="bookworm"
NODE_BASE_SUITE="trixie"
# The Kubernetes whose API server tests apply manifests to, and that nodes run, built from the module of this release,
# and the Debian suite that its etcd is taken from, in the newest version it has. renovate: datasource=github-releases
# depName=kubernetes/kubernetes
KUBERNETES_VERSION="1.37.2"
ETCD_SUITE="sid"
# What a whole cluster has beside them: the Debian suite that containerd is taken from, in the newest version it has,
# and CoreDNS.
CONTAINERD_SUITE="sid"
# renovate: datasource=github-releases depName=coredns/coredns
COREDNS_VERSION="1.15.0"
# The release of Flux's source-controller and kustomize-controller whose CustomResourceDefinitions are installed
# there, and of the kustomize-controller that the tests run.
FLUX_VERSION="1.9.6"
# The release of Argo CD whose CustomResourceDefinition and repo-server our manifests are held against.
# renovate: datasource=github-releases depName=argoproj/argo-cd
ARGO_CD_VERSION="3.5.0"
# The release whose server for plugins is run, and whose code asks it: the newest whose module builds by itself.
CMP_SERVER_VERSION="3.2.1"
# The source-controller that they run: the newest of its minor release whose libraries a module proxy serves.
SOURCE_CONTROLLER_VERSION="1.9.0"
# Multus, and whereabouts, which gives addresses over several nodes: the newest releases that a module proxy serves
# with all they need.
MULTUS_VERSION="4.2.2"
WHEREABOUTS_VERSION="0.9.2"
# The Debian suite that Prometheus is taken from, in the newest version it has, and the release of the Prometheus
# Operator whose CustomResourceDefinitions our objects are held against.
PROMETHEUS_SUITE="sid"
# renovate: datasource=go depName=github.com/prometheus-operator/prometheus-operator
PROMETHEUS_OPERATOR_VERSION="0.85.0"
# Primary networks: flannel, the release of the CNI plugins that its plugin is taken from, and kube-router, the newest
# release that a module proxy serves. renovate: datasource=go depName=github.com/flannel-io/flannel
FLANNEL_VERSION="0.28.10"
FLANNEL_PLUGIN_VERSION="0.9.1"
# renovate: datasource=go depName=github.com/cloudnativelabs/kube-router/v2
KUBE_ROUTER_VERSION="2.1.0"
