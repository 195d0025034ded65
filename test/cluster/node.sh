#!/bin/sh
# Becomes the first process of a node, in namespaces of its own, the network's included: gives it the mounts of a
# machine that has just started, and then is init, which runs the services.
#
#   node.sh FOLDER HOSTNAME
set -eu
folder=$1

# What is mounted in here stays in here, and pods may share it.
mount --make-rprivate /
mount --make-rshared /
mkdir -p "$folder/cgroup"
mount --rbind /sys/fs/cgroup "$folder/cgroup"
# sysfs shows the devices of the network namespace that mounts it.
mount -t sysfs sysfs /sys
mount --rbind "$folder/cgroup" /sys/fs/cgroup
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir /run/lock
for path in /etc/cni /opt/cni /var/lib/cni /var/lib/kubelet /var/lib/containerd /var/lib/kube-router /var/log/pods /var/log/containers; do
  mkdir -p "$folder/root$path" "$path"
  mount --bind "$folder/root$path" "$path"
done
mount --bind "$folder/resolv.conf" /etc/resolv.conf
touch /etc/inittab
mount --bind "$folder/inittab" /etc/inittab
# kubelet insists on what belongs to the whole machine.
for pair in vm/overcommit_memory=1 kernel/panic=10 kernel/panic_on_oops=1; do
  file=$folder/$(basename "${pair%=*}")
  echo "${pair#*=}" >"$file"
  mount --bind "$file" "/proc/sys/${pair%=*}"
done
hostname "$2"
CONSOLE=/dev/null exec busybox init
