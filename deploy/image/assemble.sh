#!/usr/bin/env bash
# Puts SEDD into a folder that runs by itself: libraries, a Java runtime trimmed by jlink, the launcher, the demo.
#   deploy/image/assemble.sh FOLDER            the Dockerfile does just this, then copies FOLDER into the image
#   SEDD_MAVEN_OPTIONS="-Pcuda-11.6" deploy/image/assemble.sh FOLDER
#   SEDD_NO_BUILD=1 deploy/image/assemble.sh FOLDER        from what is built already
# FOLDER must not exist, or be empty.
set -euo pipefail
home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd)
target=${1:?"usage: deploy/image/assemble.sh FOLDER"}
if [ -e "$target" ] && [ -n "$(ls -A "$target")" ]; then
  echo "assemble: $target is not empty: name a new folder" >&2
  exit 2
fi
jdk=$(SEDD_NO_BUILD=1 "$home/sedd" --jdk)
if [ -z "${SEDD_NO_BUILD:-}" ]; then
  # shellcheck disable=SC2086 # several options
  (cd "$home" && JAVA_HOME="$jdk" mvn -B -q -ntp -DskipTests ${SEDD_MAVEN_OPTIONS:-} package)
fi
jar=$(ls "$home"/deploy/target/sedd-deploy-*.jar 2>/dev/null | grep -v -e -sources -e -javadoc || true)
if [ -z "$jar" ]; then
  echo "assemble: deploy/target has no sedd-deploy jar: run without SEDD_NO_BUILD" >&2
  exit 1
fi

mkdir -p "$target/deploy/image"
cp -r "$home/deploy/target/lib" "$target/lib"
cp "$jar" "$target/lib/"
cp "$home/sedd" "$target/sedd"
cp "$home/deploy/image/healthcheck" "$target/healthcheck"
cp "$home/deploy/worker.yaml" "$target/deploy/"
cp "$home/deploy/image/worker.yaml" "$target/deploy/image/"
cp -r "$home/deploy/demo" "$target/deploy/demo"
cp "$home/LICENSE" "$target/"

# java.se and not a list of its parts: which of them Kafka's login modules, the AWS SDK and ND4J load by name is theirs to change.
# Beside it: vectors, ND4J's and Netty's unsafe memory, zip file systems, Kerberos, and what an operator looks into a JVM with.
"$jdk/bin/jlink" --output "$target/jre" --strip-debug --no-header-files --no-man-pages --compress zip-6 --add-modules \
java.se,jdk.incubator.vector,jdk.unsupported,jdk.zipfs,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.crypto.cryptoki,jdk.management,jdk.management.agent,jdk.jfr,jdk.jcmd
