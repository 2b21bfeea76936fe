// What can be said of Dockerfile.gpu without building it. Each check gives the sentences of what is wrong; none means that it holds.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const { DockerfileParser } = createRequire(join(process.env.WANTALK_IMAGE_TOOLS, 'package.json'))('dockerfile-ast')

/** The images that are delivered; the other stages are steps on the way. */
const targets = ['gpu', 'media', 'box']

/** Reads a Dockerfile into its stages, in order: name, base, instructions. */
export function stagesOf(text) {
  const stages = [{ name: '', base: null, instructions: [] }]
  for (const one of DockerfileParser.parse(text).getInstructions()) {
    const kind = one.getInstruction()
    const words = one.getArguments().map(word => word.getValue())
    if (kind === 'FROM') {
      stages.push({ name: words[2] ?? '', base: words[0], instructions: [] })
    } else {
      const flags = (one.getFlags?.() ?? []).map(flag => [flag.getName(), flag.getValue()])
      stages.at(-1).instructions.push({ kind, words, flags, text: one.getRawArgumentsContent?.() ?? words.join(' ') })
    }
  }
  return stages
}

/** The instructions of a target with those of the stages that it grew from, first to last. */
function historyOf(stages, name) {
  const stage = stages.find(one => one.name === name)
  return stage ? [...historyOf(stages, stage.base), ...stage.instructions] : []
}

const lastOf = (history, kind) => history.filter(one => one.kind === kind).at(-1)

function execForm(instruction) {
  try {
    const words = JSON.parse(instruction.words.join(' '))
    return Array.isArray(words) ? words : null
  } catch {
    return null
  }
}

/** Every target is there. */
export function targetsExist({ stages }) {
  return targets.filter(name => !stages.some(stage => stage.name === name)).map(name => `there is no target ${name}`)
}

/** Base images are named by tag and digest, and the digest is what scripts/lock writes, or nothing. */
export function basesArePinnable({ stages }) {
  const named = stages.map(stage => stage.name)
  const own = Object.fromEntries(stages[0].instructions.filter(one => one.kind === 'ARG').map(one => one.words[0].split(/=(.*)/s)))
  const problems = stages.slice(1).filter(stage => !named.includes(stage.base)).flatMap(stage => {
    const match = /^\$\{(\w+)_IMAGE\}\$\{\1_DIGEST:\+@\$\1_DIGEST\}$/.exec(stage.base)
    return match && `${match[1]}_IMAGE` in own && `${match[1]}_DIGEST` in own ? [] : [`${stage.base} takes no digest`]
  })
  for (const [name, value] of Object.entries(own)) {
    if (name.endsWith('_DIGEST') && value && !/^sha256:[0-9a-f]{64}$/.test(value)) problems.push(`${name} is no digest: ${value}`)
    if (name.endsWith('_IMAGE') && !/:[\w.-]*\d|:[a-z]+-slim$/.test(value)) problems.push(`${name} has no tag with a version: ${value}`)
  }
  return problems
}

/** Every base image is among those whose digests are asked for. */
export function digestsAreAskedFor({ stages }) {
  const locks = stages.find(stage => stage.name === 'image-locks')
  const asked = locks?.instructions.filter(one => one.kind === 'RUN').map(one => one.text).join(' ') ?? ''
  return stages[0].instructions.map(one => one.words[0].split('=')[0]).filter(name => name.endsWith('_IMAGE'))
    .filter(name => !asked.includes(`$${name}=$${name.replace(/_IMAGE$/, '_DIGEST')}`)).map(name => `the digest of ${name} is not asked for`)
}

/** What a stage needs is built first. A stage that does something begins with a refusal of what is not locked. */
export function nothingRunsBeforeTheLocks({ stages }) {
  const guarded = name => {
    const stage = stages.find(one => one.name === name)
    if (!stage || name === 'image-locks') return name === 'image-locks'
    if (guarded(stage.base)) return true
    const first = stage.instructions.find(one => one.kind === 'RUN')
    return !first || first.flags.some(([, value]) => /from=(image|engine)-locks/.test(value ?? ''))
  }
  return stages.slice(1).filter(stage => !guarded(stage.name)).map(stage => `${stage.name} runs commands before the locks are looked at`)
}

/** The locks that are not images' are looked at for what has Python or models in it. */
export function engineLocksAreLookedAt({ stages }) {
  const asked = stages.find(stage => stage.name === 'engine-locks')?.instructions.map(one => one.text).join(' ') ?? ''
  const problems = ['requirements torch.lock engine.lock', 'models models.json'].filter(one => !asked.includes(`require-locks.sh ${one}`))
    .map(one => `engine-locks does not ask for ${one}`)
  for (const one of stages.flatMap(stage => stage.instructions).filter(one => /pip install|models pull/.test(one.text))) {
    if (!one.flags.some(([, value]) => value?.includes('from=engine-locks'))) problems.push(`without the locks: ${one.text.slice(0, 60)}`)
    if (/pip install/.test(one.text) && !/--require-hashes/.test(one.text)) problems.push(`without hashes: ${one.text.slice(0, 60)}`)
  }
  return problems
}

/** What is copied exists: in the checkout, or in a stage before. */
export function copiedFilesExist({ stages, root }) {
  return stages.flatMap((stage, at) => stage.instructions.filter(one => one.kind === 'COPY').flatMap(one => {
    const from = one.flags.find(([name]) => name === 'from')?.[1]
    if (from) return stages.slice(0, at).some(before => before.name === from) ? [] : [`${stage.name} copies from ${from}, no stage before it`]
    return one.words.slice(0, -1).filter(file => !existsSync(join(root, file))).map(file => `${file} does not exist`)
  }))
}

/** What is copied is what the builder gets. */
export function copiedFilesAreSent({ stages, ignore }) {
  const sent = ignore.split('\n').filter(line => line.startsWith('!')).map(line => line.slice(1))
  return stages.flatMap(stage => stage.instructions.filter(one => one.kind === 'COPY' && !one.flags.some(([name]) => name === 'from')))
    .flatMap(one => one.words.slice(0, -1)).filter(file => !sent.some(part => file === part || file.startsWith(`${part}/`)))
    .map(file => `${file} is not sent to the builder`)
}

/** No target runs as root. */
export function nobodyIsRoot({ stages }) {
  return targets.filter(name => !/^[1-9]\d*(:[1-9]\d*)?$/.test(lastOf(historyOf(stages, name), 'USER')?.words[0] ?? '0'))
    .map(name => `${name} runs as root, or as somebody whom a platform cannot tell from root`)
}

/** Every target starts with an init that forwards signals, which runs a script that is in the image. */
export function entryPointsHaveAnInit({ stages }) {
  return targets.flatMap(name => {
    const history = historyOf(stages, name)
    const words = execForm(lastOf(history, 'ENTRYPOINT') ?? { words: [] })
    if (!words) return [`${name} has no entry point in exec form`]
    const problems = words[0] === '/usr/bin/tini' && words[1] === '--' ? [] : [`${name} has no init: ${words.join(' ')}`]
    if (!history.some(one => one.kind === 'RUN' && /apt-get install[^&]* tini( |$)/.test(one.text))) problems.push(`${name} has no tini`)
    return [...problems, ...missingScript(name, history, words[2])]
  })
}

/** Every target has a health check, whose script is in the image. */
export function healthIsChecked({ stages }) {
  return targets.flatMap(name => {
    const history = historyOf(stages, name)
    const check = lastOf(history, 'HEALTHCHECK')
    const words = check && execForm({ words: check.words.slice(1) })
    return words ? missingScript(name, history, words[0]) : [`${name} has no health check in exec form`]
  })
}

function missingScript(name, history, path) {
  const copied = history.filter(one => one.kind === 'COPY' && !one.flags.some(([flag]) => flag === 'from'))
    .flatMap(one => one.words.slice(0, -1).map(file => one.words.at(-1) + file.split('/').at(-1)))
  return copied.includes(path) ? [] : [`${name} has no ${path}`]
}

/** Nothing that looks like a secret is in a layer. */
export function nothingIsSecret({ stages }) {
  return stages.flatMap(stage => stage.instructions).filter(one => one.kind === 'ARG' || one.kind === 'ENV')
    .flatMap(one => one.words.map(word => word.split('=')[0]))
    .filter(name => /SECRET|TOKEN|PASSWORD|PASSWD|CREDENTIAL|CONNECTION_STRING|ACCESS_KEY|API_KEY|PRIVATE_KEY/i.test(name))
    .map(name => `${name} would be in a layer`)
}

/** Models are downloaded before requests come, and found where ComfyUI looks. */
export function engineIsOffline({ stages }) {
  const env = historyOf(stages, 'gpu').filter(one => one.kind === 'ENV').flatMap(one => one.words).join('\n')
  return ['HF_HUB_OFFLINE=1', 'HF_HOME=/models/', 'TORCH_HOME=/models/', 'WANTALK_MODELS=/models'].filter(part => !env.includes(part))
    .map(part => `gpu has no ${part}`)
}

/** Rare changes come first: a new runner is no reason to fetch anything again. */
export function layersGrowOlderDownwards({ stages }) {
  const history = historyOf(stages, 'gpu')
  const marks = [
    'apt-get', 'cuda-12.4', 'torch.lock', 'engine.lock', '/opt/ComfyUI /opt/ComfyUI', '/models /models', 'custom_nodes/wantalk', '/out/runner',
  ]
  const order = marks.map(mark => [mark, history.findIndex(one => ['RUN', 'COPY'].includes(one.kind) && one.words.join(' ').includes(mark))])
  return order.flatMap(([mark, at], index) => at < 0 ? [`no layer has ${mark}`]
    : index > 0 && at < order[index - 1][1] ? [`${mark} comes before ${order[index - 1][0]}`] : [])
}

/** Every setting of ours that an image sets is one that something reads. */
export function settingsAreRead({ stages, sources }) {
  const set = stages.flatMap(stage => stage.instructions).filter(one => one.kind === 'ENV').flatMap(one => one.words.map(word => word.split('=')[0]))
  return [...new Set(set)]
    .filter(name => /^(WANTALK|COMFYUI)_/.test(name) && !sources.includes(`"${name}"`) && !sources.includes(`{${name}:`))
    .map(name => `nothing reads ${name}`)
}

/** The Dockerfile and what the checks need of its surroundings. */
export function read(root, sources) {
  const text = readFileSync(join(root, 'Dockerfile.gpu'), 'utf8')
  return { text, root, sources, stages: stagesOf(text), ignore: readFileSync(join(root, 'Dockerfile.gpu.dockerignore'), 'utf8') }
}
