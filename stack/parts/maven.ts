import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../processes/run.ts';
import type { Way } from './part.ts';

export interface MavenArtifact {
  groupId: string;
  artifactId: string;
  version: string;
  mainClass: string;
}

const pom = ({ groupId, artifactId, version }: MavenArtifact): string => `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>cairn</groupId><artifactId>${artifactId}-copy</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>${groupId}</groupId><artifactId>${artifactId}</artifactId><version>${version}</version></dependency>
  </dependencies>
</project>
`;

/** Small heap and quick start: tests bring one server up per file. */
const wrapper = (mainClass: string): string => `#!/bin/sh
dir=$(dirname "$0")
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp "$dir/lib/*" ${mainClass} "$@"
`;

/** Copies a Java program and its libraries from Maven into the part's folder, behind an executable of the given name. */
export const mavenProgram = (artifact: MavenArtifact, executable: string): Way => ({
  how: 'copied with Maven',
  needs: ['mvn', 'java'],
  async run(dir, { signal, detail }) {
    const project = join(dir, 'project');
    await mkdir(project);
    await writeFile(join(project, 'pom.xml'), pom(artifact));
    await run('mvn', ['-B', '-ntp', 'dependency:copy-dependencies', `-DoutputDirectory=${join(dir, 'lib')}`], {
      cwd: project,
      env: { HOME: homedir() },
      onLine: detail,
      signal,
    });
    await rm(project, { recursive: true });
    await writeFile(join(dir, executable), wrapper(artifact.mainClass));
    await chmod(join(dir, executable), 0o755);
  },
});
