// The runners and the job that fetches their models: which image, on which profile, with which settings.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
param suffix string

@description('The tags of every resource.')
param tags object

@description('The kind of GPU.')
@allowed(['A100', 'T4'])
param gpu string

@description('The preset whose models the GPU runner has.')
param preset string

@description('The environment, its profiles, and its storage with the models.')
param environment { id: string, cpuProfile: string, gpuProfile: string, modelsToRead: string, modelsToWrite: string }

@description('The names of the identities.')
param identities { gpu: string, media: string, models: string }

@description('The host name of the registry.')
param registryServer string

@description('The tag of the images.')
param imageTag string

@description('The account of artifacts and lanes, and what it has.')
param storage { accountName: string, blobUrl: string, queueUrl: string, container: string, queuePrefix: string }

@description('The lanes of each runner.')
param lanes { gpu: string[], media: string[] }

@description('How many replicas each runner has.')
param replicas { gpuMin: int, gpuMax: int, mediaMax: int, cooldownSeconds: int }

@description('The limit for one window, in seconds.')
param windowSeconds int

@description('How long a runner leaves the GPU lanes to others after trouble, in seconds.')
param troubleSeconds int

@description('How much media work a replica does at the same time.')
param mediaConcurrency int

@description('For how many seconds somebody has to speak.')
param leastVoiceSeconds string

@description('What goes to the runners\' logs.')
param logLevel string

@description('The hosts that inputs may come from although they are not on the public internet.')
param privateHosts string[]

@description('The bucket of finished videos.')
param r2 { endpointUrl: string, bucketName: string, publicUrl: string, signedUrlHours: int }

@description('The settings that are secrets: the setting, and the address of its secret in the vault.')
param fromVault { name: string, url: string }[]

@description('The name of the job that fetches the models.')
param modelsJobName string

// One GPU and all that belongs to it: https://learn.microsoft.com/azure/container-apps/gpu-serverless-overview
var gpuSizes = {
  A100: { cpu: '24', memory: '220Gi' }
  T4: { cpu: '8', memory: '56Gi' }
}
var mediaSize = { cpu: '2', memory: '4Gi' }

var modelsPath = '/models'
var healthPort = 8081

var common = [
  { name: 'LOG_LEVEL', value: logLevel }
  { name: 'WANTALK_HEALTH_LISTEN', value: '0.0.0.0:${healthPort}' }
  { name: 'WANTALK_SHARED_LANES', value: 'true' }
  { name: 'WANTALK_STORAGE', value: 'azure' }
  { name: 'WANTALK_STORAGE_CONTAINER', value: storage.container }
  { name: 'WANTALK_STORAGE_QUEUE_PREFIX', value: storage.queuePrefix }
  { name: 'AZURE_STORAGE_ACCOUNT', value: storage.accountName }
  { name: 'AZURE_STORAGE_BLOB_URL', value: storage.blobUrl }
  { name: 'AZURE_STORAGE_QUEUE_URL', value: storage.queueUrl }
]

var gpuSettings = [
  { name: 'WANTALK_LANES', value: join(lanes.gpu, ',') }
  { name: 'WANTALK_PRESETS', value: preset }
  { name: 'WANTALK_MODELS', value: modelsPath }
  { name: 'WANTALK_WINDOW_SECONDS', value: string(windowSeconds) }
  { name: 'WANTALK_COOLDOWN_SECONDS', value: string(troubleSeconds) }
]

var mediaSettings = [
  { name: 'WANTALK_LANES', value: join(lanes.media, ',') }
  { name: 'WANTALK_MEDIA_CONCURRENCY', value: string(mediaConcurrency) }
  { name: 'WANTALK_LEAST_VOICE_SECONDS', value: leastVoiceSeconds }
  { name: 'WANTALK_PRIVATE_HOSTS', value: join(privateHosts, ',') }
  { name: 'WANTALK_PUBLISH', value: 'r2' }
  { name: 'R2_ENDPOINT_URL', value: r2.endpointUrl }
  { name: 'R2_BUCKET_NAME', value: r2.bucketName }
  { name: 'R2_PUBLIC_URL', value: r2.publicUrl }
  { name: 'R2_SIGNED_URL_HOURS', value: string(r2.signedUrlHours) }
]

module gpuRunner 'runner.bicep' = {
  name: 'gpu-runner'
  params: {
    location: location
    tags: tags
    name: 'ca-gpu-${suffix}'
    environmentId: environment.id
    profile: environment.gpuProfile
    size: gpuSizes[gpu]
    identityName: identities.gpu
    registryServer: registryServer
    image: '${registryServer}/wantalk-gpu:${imageTag}'
    settings: concat(common, gpuSettings)
    fromVault: []
    queues: map(lanes.gpu, lane => '${storage.queuePrefix}${lane}')
    accountName: storage.accountName
    minReplicas: replicas.gpuMin
    maxReplicas: replicas.gpuMax
    cooldownSeconds: replicas.cooldownSeconds
    modelsStorage: environment.modelsToRead
    modelsPath: modelsPath
    healthPort: healthPort
  }
}

module mediaRunner 'runner.bicep' = {
  name: 'media-runner'
  params: {
    location: location
    tags: tags
    name: 'ca-media-${suffix}'
    environmentId: environment.id
    profile: environment.cpuProfile
    size: mediaSize
    identityName: identities.media
    registryServer: registryServer
    image: '${registryServer}/wantalk-media:${imageTag}'
    settings: concat(common, mediaSettings)
    fromVault: fromVault
    queues: map(lanes.media, lane => '${storage.queuePrefix}${lane}')
    accountName: storage.accountName
    minReplicas: 0
    maxReplicas: replicas.mediaMax
    cooldownSeconds: replicas.cooldownSeconds
    modelsStorage: ''
    modelsPath: modelsPath
    healthPort: healthPort
  }
}

module modelsJob 'models-job.bicep' = {
  name: 'models-job'
  params: {
    location: location
    tags: tags
    name: modelsJobName
    environmentId: environment.id
    profile: environment.cpuProfile
    identityName: identities.models
    registryServer: registryServer
    image: '${registryServer}/wantalk-media:${imageTag}'
    preset: preset
    modelsStorage: environment.modelsToWrite
    modelsPath: modelsPath
    // 35 GB at 10 MB/s.
    timeoutSeconds: 3600
  }
}

@description('The apps, as resources.')
output appIds string[] = [gpuRunner.outputs.appId, mediaRunner.outputs.appId]
