// Runs the checks, and then each spoiling of Dockerfile.gpu that one of them has to notice. One line for each.
//
//   node checks.mjs ROOT
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import * as dockerfileChecks from './dockerfile.mjs'
import * as surroundingChecks from './surroundings.mjs'

const root = process.argv[2]
const { read, stagesOf, ...ofDockerfile } = dockerfileChecks

/** All code that may read a setting. */
const sources = readdirSync(join(root, 'src'), { recursive: true }).filter(file => file.endsWith('.cs')).map(file => join(root, 'src', file))
  .concat(readdirSync(join(root, 'docker')).filter(file => file.endsWith('.sh')).map(file => join(root, 'docker', file)))
  .map(file => readFileSync(file, 'utf8')).join('\n')
const dockerfile = read(root, sources)

const report = (name, problems) => console.log(problems.length === 0 ? `passed ${name}` : `FAILED ${name}: ${problems.join('; ')}`)
const guarded = check => {
  try {
    return check()
  } catch (fault) {
    return [fault.message]
  }
}

for (const [name, check] of Object.entries(ofDockerfile)) report(name, guarded(() => check(dockerfile)))
for (const [name, check] of Object.entries(surroundingChecks)) report(name, guarded(() => check({ root, sources, dockerfile })))

const spoilings = [
  ['nobodyIsRoot', /USER 1000:1000\n$/, 'USER root\n'],
  ['nobodyIsRoot', /USER 1000:1000\n(?=\n# --- gpu)/, ''],
  ['entryPointsHaveAnInit', /ENTRYPOINT \[.*entrypoint\.sh"\]/, 'ENTRYPOINT /opt/wantalk/entrypoint.sh'],
  ['entryPointsHaveAnInit', /"\/usr\/bin\/tini", "--", (?="\/opt\/wantalk\/serve)/, ''],
  ['healthIsChecked', /docker\/health\.sh \/opt/, '/opt'],
  ['nothingIsSecret', 'ARG MODELS=none', 'ARG MODELS=none\nARG HF_TOKEN'],
  ['nothingIsSecret', 'DOTNET_NOLOGO=1', 'R2_SECRET_ACCESS_KEY=x DOTNET_NOLOGO=1'],
  ['copiedFilesExist', 'docker/serve.sh', 'docker/serves.sh'],
  ['copiedFilesAreSent', 'COPY docker/serve.sh', 'COPY README.md'],
  ['basesArePinnable', /DEBIAN_DIGEST=\n/, 'DEBIAN_DIGEST=sha256:0123\n'],
  ['basesArePinnable', '${CUDA_IMAGE}${CUDA_DIGEST:+@$CUDA_DIGEST}', 'nvidia/cuda'],
  ['basesArePinnable', 'debian:bookworm-slim', 'debian:latest'],
  ['digestsAreAskedFor', '"$CUDA_IMAGE=$CUDA_DIGEST"', ''],
  ['nothingRunsBeforeTheLocks', '--mount=type=bind,from=image-locks,source=/locks,target=/run/locks test', 'test'],
  ['engineLocksAreLookedAt', '--require-hashes ', ''],
  ['layersGrowOlderDownwards', 'COPY --from=cuda', 'COPY --from=build /out/runner /opt/wantalk/runner\nCOPY --from=cuda'],
  ['settingsAreRead', 'WANTALK_LANES=', 'WANTALK_LANE='],
  ['engineIsOffline', 'HF_HUB_OFFLINE=1', 'HF_HUB_OFFLINE=0'],
]
for (const [name, from, to] of spoilings) {
  const text = dockerfile.text.replace(from, () => to)
  const before = guarded(() => ofDockerfile[name](dockerfile))
  const after = guarded(() => ofDockerfile[name]({ ...dockerfile, text, stages: stagesOf(text) }))
  const noticed = after.some(problem => !before.includes(problem))
  report(`${name} notices ${String(to || from).trim().split('\n')[0]}`, noticed ? [] : ['it does not'])
}
