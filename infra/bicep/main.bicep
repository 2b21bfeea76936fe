// WanTalk in Azure: a resource group with all of it. `azd up` deploys it (azure.yaml).
targetScope = 'subscription'

@description('The name of this deployment, for example dev. All names of resources are made from it, the subscription and the region.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('The region. It has to have the GPU profile, with quota for it.')
param location string

@description('The kind of GPU: A100 (80 GB, every preset) or T4 (16 GB, preset fast only, whatever the preset says).')
@allowed(['A100', 'T4'])
param gpu string = 'A100'

@description('The preset whose models are fetched and have to be there, and that talks have that name none.')
@allowed(['fast', 'recommended', 'best'])
param preset string = 'recommended'

@description('The tag of the images in the registry. Without one there are no runners yet: the registry has to be there before images are.')
param imageTag string = ''

@description('How many GPUs are kept without any work. Each is paid for all the time.')
@minValue(0)
@maxValue(20)
param gpuMinReplicas int = 0

@description('How many GPUs work at most; quota limits it, too.')
@minValue(1)
@maxValue(100)
param gpuMaxReplicas int = 1

@description('How many replicas do media work at most.')
@minValue(1)
@maxValue(100)
param mediaMaxReplicas int = 4

@description('For how many seconds somebody has to speak in a speech, 0 to 60; a text, since Bicep has whole numbers only.')
param leastVoiceSeconds string = '0.1'

@description('How much media work a replica does at the same time.')
@minValue(1)
@maxValue(16)
param mediaConcurrency int = 2

@description('For how many seconds without work the last replica is kept: the next talk within that time finds the models loaded.')
@minValue(0)
@maxValue(3600)
param cooldownSeconds int = 300

@description('The limit for one window, in seconds.')
@minValue(10)
@maxValue(86400)
param windowSeconds int = 600

@description('How long a runner leaves the GPU lanes to others after trouble, in seconds.')
@minValue(0)
@maxValue(86400)
param troubleSeconds int = 300

@description('What goes to the runners\' logs.')
@allowed(['trace', 'debug', 'information', 'warning', 'error'])
param logLevel string = 'information'

@description('The address of R2\'s S3 API: https://ACCOUNT_ID.r2.cloudflarestorage.com.')
@minLength(1)
param r2EndpointUrl string

@description('The bucket of finished videos, which is there already.')
@minLength(1)
param r2BucketName string

@description('Where everybody can read the bucket; empty for signed addresses, which work for a time.')
param r2PublicUrl string = ''

@description('For how many hours a signed address works.')
@minValue(1)
@maxValue(168)
param r2SignedUrlHours int = 168

@description('The access key id of R2\'s token. Empty: what is in the vault already.')
@secure()
param r2AccessKeyId string = ''

@description('The secret of R2\'s token. Empty: what is in the vault already.')
@secure()
param r2SecretAccessKey string = ''

@description('At least 16 random bytes that ids of messages\' talks are made with, and kept. Empty: what is in the vault already.')
@secure()
param idSecret string = ''

@description('The callers\' keys: NAME=SHA256[;rate=N][;talks=N], separated by commas (wantalk key NAME makes one). Empty: what is in the vault already.')
@secure()
param apiKeys string = ''

@description('The secrets that webhooks are signed with, separated by commas: whsec_ and 24 to 64 bytes in base64. Empty: what is in the vault already.')
@secure()
param webhookSecrets string = ''

@description('For how long /runsync waits at most, in seconds; an answer has to leave Azure within 230.')
@minValue(1)
@maxValue(200)
param runSyncSeconds int = 200

@description('Whether App Service authentication with Entra is set up in front of the host, which then names the callers; without it anybody could.')
param trustEntra bool = false

@description('The queues that messages may name for the reply; they are made.')
param replyQueues string[] = []

@description('Node classes that workflows of callers\' own may use beside the usual ones.')
param workflowNodes string[] = []

@description('Hosts that inputs may come from, and webhooks go to, although they are not on the public internet.')
param privateHosts string[] = []

@description('What an hour of each kind of GPU costs, for quotes and costs: A100=1.90,T4=0.26. Empty: talks have no cost.')
param gpuPrices string = ''

@description('The currency of those prices, in three capital letters.')
@minLength(3)
@maxLength(3)
param currency string = 'USD'

@description('For how many days an ended talk is kept with its artifacts.')
@minValue(1)
@maxValue(3650)
param retentionDays int = 7

@description('The most bytes of an upload. What one request to the account may have is no more than the default.')
@minValue(1048576)
@maxValue(8589934592)
param uploadMaxBytes int = 5242880000

@description('How many uploads a caller may have within a day.')
@minValue(1)
@maxValue(10000)
param uploadsPerCaller int = 100

@description('The sites whose pages may send uploads to the account; * for any. The address of an upload says who may send, not the site.')
param uploadOrigins string[] = ['*']

@description('The ranges of addresses (CIDR) that may call the API. Empty: everybody who has a key.')
param apiAllowedRanges string[] = []

@description('Whether storage, Service Bus, vault, registry and host are reached through private endpoints only. The share always is.')
param privateNetworking bool = false

@description('The addresses of the virtual network, a /16 to /22.')
param networkPrefix string = '10.60.0.0/16'

@description('How often artifacts and the hub are stored: LRS in one data centre, ZRS in three.')
@allowed(['LRS', 'ZRS'])
param redundancy string = 'LRS'

@description('Whether a deleted vault can be brought back for 90 days by anybody, and removed by nobody. It cannot be taken back.')
param purgeProtection bool = false

@description('The size of the models\' share, in GiB. Without a throughput of its own it says how fast the share is, too.')
@minValue(100)
@maxValue(10240)
param modelsShareGiB int = 256

@description('The throughput of the share that is provisioned apart from its size, in MiB/s; 0 for the one that belongs to the size.')
@minValue(0)
@maxValue(10240)
param modelsShareMiBps int = 0

@description('How many instances the host has at most.')
@minValue(1)
@maxValue(1000)
param hostMaxInstances int = 40

@description('The memory of an instance of the host, in MB.')
@allowed([512, 2048, 4096])
param hostMemoryMB int = 2048

@description('Who is written to when an alert fires; empty for nobody: alerts are then only seen in the portal.')
param alertEmail string = ''

@description('For how many minutes work may wait before an alert fires.')
@minValue(5)
@maxValue(720)
param waitingMinutes int = 10

@description('For how many days logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('How much is logged a day at most, in GB; -1 for no limit. Behind it the logs of the day are lost, and alerts with them.')
@minValue(-1)
param logDailyCapGB int = 5

// What the code calls them: src/Storage, src/Core/Work/Lane.cs, src/Functions/Messages.
var artifactsContainer = 'wantalk'
var queuePrefix = 'wantalk-'
var lanes = { gpu: ['embed', 'sample'], media: ['media'] }
var completions = 'completions'
var talksQueue = 'talks'

var gpuProfiles = { A100: 'Consumption-GPU-NC24-A100', T4: 'Consumption-GPU-NC8as-T4' }
var effectivePreset = gpu == 'T4' ? 'fast' : preset

var secretNames = {
  idSecret: 'id-secret'
  apiKeys: 'api-keys'
  webhooks: 'webhook-secrets'
  r2KeyId: 'r2-access-key-id'
  r2Secret: 'r2-secret-access-key'
}
var zones = {
  file: 'privatelink.file.${environment().suffixes.storage}'
  blob: 'privatelink.blob.${environment().suffixes.storage}'
  queue: 'privatelink.queue.${environment().suffixes.storage}'
  table: 'privatelink.table.${environment().suffixes.storage}'
  serviceBus: 'privatelink.servicebus.windows.net'
  vault: 'privatelink.vaultcore.azure.net'
  registry: 'privatelink${environment().suffixes.acrLoginServer}'
  host: 'privatelink.azurewebsites.net'
}

var suffix = uniqueString(subscription().id, environmentName, location)
var tags = { 'azd-env-name': environmentName, application: 'wantalk' }
var modelsJobName = 'caj-models-${suffix}'

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-wantalk-${environmentName}'
  location: location
  tags: tags
}

module identities 'modules/identities.bicep' = {
  name: 'identities'
  scope: group
  params: { location: location, suffix: suffix, tags: tags }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    retentionDays: logRetentionDays
    dailyCapGB: logDailyCapGB
    alertEmail: alertEmail
  }
}

module network 'modules/network.bicep' = {
  name: 'network'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    addressPrefix: networkPrefix
    privateZones: privateNetworking ? map(items(zones), zone => zone.value) : [zones.file]
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    redundancy: redundancy
    artifactsContainer: artifactsContainer
    queuePrefix: queuePrefix
    queues: concat(lanes.gpu, lanes.media, [completions, '${completions}-poison'])
    retentionDays: retentionDays
    uploadOrigins: uploadOrigins
    isPrivate: privateNetworking
    workspaceName: monitoring.outputs.workspaceName
  }
}

module modelsShare 'modules/models-share.bicep' = {
  name: 'models-share'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    sizeGiB: modelsShareGiB
    throughputMiBps: modelsShareMiBps
    endpointsSubnetId: network.outputs.endpointsSubnetId
    zoneName: zones.file
  }
}

module serviceBus 'modules/servicebus.bicep' = {
  name: 'service-bus'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    talksQueue: talksQueue
    replyQueues: replyQueues
    isPrivate: privateNetworking
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    purgeProtection: purgeProtection
    isPrivate: privateNetworking
    secrets: {
      '${secretNames.idSecret}': idSecret
      '${secretNames.apiKeys}': apiKeys
      '${secretNames.webhooks}': webhookSecrets
      '${secretNames.r2KeyId}': r2AccessKeyId
      '${secretNames.r2Secret}': r2SecretAccessKey
    }
    secretNames: map(items(secretNames), name => name.value)
    workspaceName: monitoring.outputs.workspaceName
  }
}

module registry 'modules/registry.bicep' = {
  name: 'registry'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    isPrivate: privateNetworking
    buildsSubnetId: network.outputs.buildsSubnetId
  }
}

module containers 'modules/environment.bicep' = {
  name: 'container-apps'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    gpuProfileType: gpuProfiles[gpu]
    subnetId: network.outputs.appsSubnetId
    modelsServer: modelsShare.outputs.server
    modelsPath: modelsShare.outputs.path
    workspaceName: monitoring.outputs.workspaceName
  }
}

module roles 'modules/roles.bicep' = {
  name: 'roles'
  scope: group
  params: {
    identities: {
      host: identities.outputs.hostName
      gpu: identities.outputs.gpuName
      media: identities.outputs.mediaName
      models: identities.outputs.modelsName
    }
    accountName: storage.outputs.accountName
    artifactsContainer: artifactsContainer
    lanes: {
      gpu: map(lanes.gpu, lane => '${queuePrefix}${lane}')
      media: map(lanes.media, lane => '${queuePrefix}${lane}')
    }
    completionsQueue: '${queuePrefix}${completions}'
    namespaceName: serviceBus.outputs.namespaceName
    talksQueue: talksQueue
    replyQueues: replyQueues
    vaultName: vault.outputs.vaultName
    secretNames: {
      host: concat([secretNames.idSecret, secretNames.webhooks], trustEntra ? [] : [secretNames.apiKeys])
      media: [secretNames.r2KeyId, secretNames.r2Secret]
    }
    registryName: registry.outputs.registryName
    insightsName: monitoring.outputs.insightsName
  }
}

module host 'modules/host.bicep' = {
  name: 'host'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    serviceName: 'host'
    identityName: identities.outputs.hostName
    insightsName: monitoring.outputs.insightsName
    storage: {
      blobUrl: storage.outputs.blobUrl
      queueUrl: storage.outputs.queueUrl
      tableUrl: storage.outputs.tableUrl
    }
    programsUrl: storage.outputs.programsUrl
    serviceBusHostName: serviceBus.outputs.hostName
    settings: {
      AZURE_STORAGE_ACCOUNT: storage.outputs.accountName
      AZURE_STORAGE_BLOB_URL: storage.outputs.blobUrl
      AZURE_STORAGE_QUEUE_URL: storage.outputs.queueUrl
      WANTALK_STORAGE_CONTAINER: artifactsContainer
      WANTALK_STORAGE_QUEUE_PREFIX: queuePrefix
      WANTALK_COMPLETIONS_QUEUE: '${queuePrefix}${completions}'
      WANTALK_REPLY_QUEUES: join(replyQueues, ',')
      WANTALK_RETENTION_DAYS: string(retentionDays)
      WANTALK_UPLOAD_MAX_BYTES: string(uploadMaxBytes)
      WANTALK_UPLOADS_PER_CALLER: string(uploadsPerCaller)
      WANTALK_GPU_PRICES: gpuPrices
      WANTALK_CURRENCY: currency
      WANTALK_WORKFLOW_NODES: join(workflowNodes, ',')
      WANTALK_DEFAULT_PRESET: effectivePreset
      WANTALK_TRUST_ENTRA: string(trustEntra)
      WANTALK_RUNSYNC_SECONDS: string(runSyncSeconds)
      WANTALK_PRIVATE_HOSTS: join(privateHosts, ',')
    }
    fromVault: union(
      {
        WANTALK_ID_SECRET: '${vault.outputs.secretsUrl}${secretNames.idSecret}'
        WANTALK_WEBHOOK_SECRETS: '${vault.outputs.secretsUrl}${secretNames.webhooks}'
      },
      trustEntra ? {} : { WANTALK_API_KEYS: '${vault.outputs.secretsUrl}${secretNames.apiKeys}' }
    )
    allowedRanges: apiAllowedRanges
    maxInstances: hostMaxInstances
    instanceMemoryMB: hostMemoryMB
    isPrivate: privateNetworking
    subnetId: network.outputs.hostSubnetId
  }
  dependsOn: [roles]
}

module runners 'modules/runners.bicep' = if (!empty(imageTag)) {
  name: 'runners'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    gpu: gpu
    preset: effectivePreset
    environment: {
      id: containers.outputs.environmentId
      cpuProfile: containers.outputs.cpuProfile
      gpuProfile: containers.outputs.gpuProfile
      modelsToRead: containers.outputs.modelsToRead
      modelsToWrite: containers.outputs.modelsToWrite
    }
    identities: {
      gpu: identities.outputs.gpuName
      media: identities.outputs.mediaName
      models: identities.outputs.modelsName
    }
    registryServer: registry.outputs.loginServer
    imageTag: imageTag
    storage: {
      accountName: storage.outputs.accountName
      blobUrl: storage.outputs.blobUrl
      queueUrl: storage.outputs.queueUrl
      container: artifactsContainer
      queuePrefix: queuePrefix
    }
    lanes: lanes
    replicas: {
      gpuMin: gpuMinReplicas
      gpuMax: gpuMaxReplicas
      mediaMax: mediaMaxReplicas
      cooldownSeconds: cooldownSeconds
    }
    windowSeconds: windowSeconds
    troubleSeconds: troubleSeconds
    mediaConcurrency: mediaConcurrency
    leastVoiceSeconds: leastVoiceSeconds
    logLevel: logLevel
    privateHosts: privateHosts
    r2: {
      endpointUrl: r2EndpointUrl
      bucketName: r2BucketName
      publicUrl: r2PublicUrl
      signedUrlHours: r2SignedUrlHours
    }
    fromVault: [
      { name: 'R2_ACCESS_KEY_ID', url: '${vault.outputs.secretsUrl}${secretNames.r2KeyId}' }
      { name: 'R2_SECRET_ACCESS_KEY', url: '${vault.outputs.secretsUrl}${secretNames.r2Secret}' }
    ]
    modelsJobName: modelsJobName
  }
  dependsOn: [roles]
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    workspaceName: monitoring.outputs.workspaceName
    insightsName: monitoring.outputs.insightsName
    namespaceName: serviceBus.outputs.namespaceName
    actionGroupIds: monitoring.outputs.actionGroupIds
    accountName: storage.outputs.accountName
    lanes: map(concat(lanes.gpu, lanes.media), lane => '${queuePrefix}${lane}')
    waitingMinutes: waitingMinutes
    appIds: runners.?outputs.appIds ?? []
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetworking) {
  name: 'private-endpoints'
  scope: group
  params: {
    location: location
    suffix: suffix
    tags: tags
    subnetId: network.outputs.endpointsSubnetId
    services: [
      { name: 'blob', id: storage.outputs.accountId, groupId: 'blob', zone: zones.blob }
      { name: 'queue', id: storage.outputs.accountId, groupId: 'queue', zone: zones.queue }
      { name: 'table', id: storage.outputs.accountId, groupId: 'table', zone: zones.table }
      { name: 'servicebus', id: serviceBus.outputs.namespaceId, groupId: 'namespace', zone: zones.serviceBus }
      { name: 'vault', id: vault.outputs.vaultId, groupId: 'vault', zone: zones.vault }
      { name: 'registry', id: registry.outputs.registryId, groupId: 'registry', zone: zones.registry }
      { name: 'host', id: host.outputs.hostId, groupId: 'sites', zone: zones.host }
    ]
  }
}

@description('The resource group.')
output AZURE_RESOURCE_GROUP string = group.name

@description('The host name of the registry.')
output AZURE_CONTAINER_REGISTRY_ENDPOINT string = registry.outputs.loginServer

@description('The registry.')
output AZURE_CONTAINER_REGISTRY_NAME string = registry.outputs.registryName

@description('The machines that build images; empty for the platform\'s own.')
output WANTALK_BUILD_POOL string = registry.outputs.buildPool

@description('The job that fetches the models; it is there with the runners.')
output WANTALK_MODELS_JOB string = modelsJobName

@description('The preset whose models the job fetches.')
output WANTALK_MODELS_PRESET string = effectivePreset

@description('The address of the API.')
output WANTALK_API_URL string = host.outputs.apiUrl

@description('The Service Bus namespace of the queue of talks.')
output WANTALK_SERVICE_BUS string = serviceBus.outputs.hostName
