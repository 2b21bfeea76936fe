// What is around the images: the pins, the compose file, the engine's folders of models.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createRequire } from 'node:module'

const YAML = createRequire(join(process.env.WANTALK_IMAGE_TOOLS, 'package.json'))('yaml')

const json = (root, file) => JSON.parse(readFileSync(join(root, file), 'utf8'))
const lines = (root, file) => readFileSync(join(root, file), 'utf8').split('\n')

/** ComfyUI and the packs are pinned by whole commits of repositories that are read over TLS. */
export function packsArePinned({ root }) {
  const { engine, packs } = json(root, 'src/GpuRunner/engine/packs.json')
  return [engine, ...packs].flatMap(one => [
    ...(/^[0-9a-f]{40}$/.test(one.commit) ? [] : [`${one.name} has no whole commit`]),
    ...(/^https:\/\/[\w.-]+\/[\w.-]+\/[\w.-]+$/.test(one.repository) ? [] : [`${one.name} has no repository`]),
    ...(/^[\w.-]+$/.test(one.name) ? [] : [`'${one.name}' is no folder's name`]),
  ])
}

/** PyTorch is one version for one CUDA everywhere. */
export function torchIsOneVersion({ root, dockerfile }) {
  const { torch } = json(root, 'src/GpuRunner/engine/packs.json')
  const short = torch.cuda.replace('.', '')
  const input = lines(root, 'docker/requirements/torch.in')
  const problems = input.includes(`torch==${torch.version}+cu${short}`) ? [] : [`torch.in has no torch ${torch.version} for CUDA ${torch.cuda}`]
  if (!input.filter(line => line.includes('==')).every(line => line.endsWith(`+cu${short}`))) problems.push('torch.in mixes CUDAs')
  if (!dockerfile.text.includes(`nvidia/cuda:${torch.cuda}.`)) problems.push(`the image's CUDA is not ${torch.cuda}`)
  if (!readFileSync(join(root, 'scripts/lock'), 'utf8').includes(`/whl/cu${short}`)) problems.push(`scripts/lock asks another index than cu${short}`)
  return problems
}

/** ComfyUI finds the folders that the manifest of models has. */
export function modelFoldersAreFound({ root }) {
  const { wantalk } = YAML.parse(readFileSync(join(root, 'docker/extra_model_paths.yaml'), 'utf8'))
  const known = Object.entries(wantalk).filter(([name]) => name !== 'base_path').flatMap(([, folders]) => folders.trim().split('\n'))
  const problems = wantalk.base_path === '/models' ? [] : ['the models are not in /models']
  const needed = ['transformers', 'torch', 'huggingface', ...known]
  const manifest = join(root, 'src/GpuRunner/engine/models.json')
  const folders = existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).models.map(model => model.folder.split('/')[0]) : []
  return [...problems, ...[...new Set(folders)].filter(folder => !needed.includes(folder)).map(folder => `nobody looks for models in ${folder}`)]
}

const compose = root => YAML.parse(readFileSync(join(root, 'docker-compose.yml'), 'utf8'), { merge: true })

/** The compose file builds what is there, mounts what it declares, and gives the box its GPU. */
export function composeNamesWhatExists({ root, dockerfile }) {
  const { services, volumes } = compose(root)
  const problems = Object.entries(services).flatMap(([name, { build, volumes: mounts }]) => [
    ...(existsSync(join(root, build.context, build.dockerfile)) ? [] : [`${name}: ${build.dockerfile} does not exist`]),
    ...(dockerfile.stages.some(stage => stage.name === build.target) ? [] : [`${name}: there is no target ${build.target}`]),
    ...(mounts ?? []).map(mount => mount.split(':')[0]).filter(volume => !(volume in volumes)).map(volume => `${name}: ${volume} is not declared`),
  ])
  const devices = services.box.deploy?.resources?.reservations?.devices ?? []
  if (!devices.some(device => device.driver === 'nvidia' && device.capabilities?.includes('gpu'))) problems.push('box has no GPU')
  if (!(services.box.volumes ?? []).some(mount => mount.endsWith(':/models:ro'))) problems.push('box can write its models')
  if (!(services.box.volumes ?? []).some(mount => mount.endsWith(':/var/lib/wantalk'))) problems.push('box forgets its talks')
  return problems
}

/** The box's health is asked where its host listens, to which the relay leads. */
export function boxHealthIsToldByTheHost({ root, dockerfile }) {
  const port = /serve --port (\d+)/.exec(readFileSync(join(root, 'docker/serve.sh'), 'utf8'))?.[1]
  const box = dockerfile.stages.find(stage => stage.name === 'box')
  const told = box.instructions.filter(one => one.kind === 'ENV').flatMap(one => one.words).find(word => word.startsWith('WANTALK_HEALTH_LISTEN='))
  return told === `WANTALK_HEALTH_LISTEN=127.0.0.1:${port}` ? [] : [`box asks ${told} and serves at ${port}`]
}

/** A server without keys is for this machine only, and has no more rights than it needs. */
export function composeKeepsToItself({ root }) {
  return Object.entries(compose(root).services).flatMap(([name, service]) => [
    ...(service.ports ?? []).filter(port => !String(port).startsWith('127.0.0.1:')).map(port => `${name}: ${port} is open to others`),
    ...(service.network_mode === 'host' || service.privileged ? [`${name} is not contained`] : []),
    ...(service.security_opt?.includes('no-new-privileges:true') ? [] : [`${name} can gain privileges`]),
    ...(service.cap_drop?.includes('ALL') ? [] : [`${name} has more capabilities than it needs`]),
  ])
}

/** Secrets come from .env, which is neither committed nor sent to the builder. */
export function composeHasNoSecrets({ root, dockerfile }) {
  const problems = Object.entries(compose(root).services).flatMap(([name, { environment }]) => Object.entries(environment ?? {})
    .filter(([key, value]) => /SECRET|KEY|TOKEN|PASSWORD/.test(key) && value !== `\${${key}:-}`).map(([key]) => `${name}: ${key} is written down`))
  if (!lines(root, '.gitignore').includes('.env')) problems.push('.env could be committed')
  if (dockerfile.ignore.includes('!.env')) problems.push('.env is sent to the builder')
  return problems
}

/** Every setting that the compose file hands on is one that something reads, and the template names nothing else. */
export function composeSettingsAreRead({ root, sources }) {
  const text = readFileSync(join(root, 'docker-compose.yml'), 'utf8')
  const set = Object.values(compose(root).services).flatMap(({ environment }) => Object.keys(environment ?? {}))
  const unread = [...new Set(set)].filter(name => !sources.includes(`"${name}"`)).map(name => `nothing reads ${name}`)
  const unknown = lines(root, 'docker/settings.env').map(line => /^(?:# )?([A-Z][A-Z0-9_]+)=/.exec(line)?.[1])
    .filter(name => name && name !== 'COMPOSE_PROFILES' && !text.includes(`\${${name}:-`)).map(name => `settings.env: ${name} does nothing`)
  return [...unread, ...unknown]
}
