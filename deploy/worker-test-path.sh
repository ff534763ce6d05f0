# To be sourced with the home folder in $home and Maven options in the array "maven_options": builds the worker's tests and leaves in the
# array "java" the command that runs one of their classes. They are no part of what ships.
JAVA_HOME=$("$home/sedd" --jdk)
export JAVA_HOME
(cd "$home" && mvn -B -ntp -q "${maven_options[@]}" -pl worker -am -Dspotless.check.skip=true test-compile dependency:build-classpath \
  -Dmdep.outputFile=target/test.classpath -Dmdep.includeScope=test >&2)
java=("$JAVA_HOME/bin/java" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow
  --add-modules=jdk.incubator.vector
  -cp "$home/worker/target/test-classes:$home/worker/target/classes:$(cat "$home/worker/target/test.classpath")")
