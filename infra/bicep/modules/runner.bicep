// A runner that serves some lanes: no open port, and as many replicas as there are messages on its lanes, those in work included.

@description('The region.')
param location string

@description('The tags of every resource.')
param tags object

@description('The name of the app.')
@maxLength(32)
param name string

@description('The environment that it runs in.')
param environmentId string

@description('The workload profile that it runs on.')
param profile string

@description('What a replica has: cpu (cores, as text) and memory.')
param size { cpu: string, memory: string }

@description('The identity that it is.')
param identityName string

@description('The host name of the registry.')
param registryServer string

@description('The image.')
param image string

@description('The settings that it reads: name and value.')
param settings { name: string, value: string }[]

@description('The secrets that it reads: the setting, and the address of its secret in the vault.')
param fromVault { name: string, url: string }[]

@description('The queues that it serves.')
param queues string[]

@description('The account of the queues.')
param accountName string

@description('How many replicas there are when there is no work.')
@minValue(0)
param minReplicas int

@description('How many replicas there are at most.')
@minValue(1)
param maxReplicas int

@description('For how many seconds without work the last replica is kept.')
param cooldownSeconds int

@description('The environment\'s storage with the models; empty for a runner that needs none.')
param modelsStorage string

@description('Where the models are mounted.')
param modelsPath string

@description('The port of the runner\'s health.')
param healthPort int

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

// A secret's name here is its setting's in the platform's spelling.
var named = [for secret in fromVault: { setting: secret.name, name: toLower(replace(secret.name, '_', '-')), url: secret.url }]
var mounts = empty(modelsStorage) ? [] : [{ volumeName: 'models', mountPath: modelsPath }]

resource app 'Microsoft.App/containerApps@2026-01-01' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environmentId
    workloadProfileName: profile
    configuration: {
      activeRevisionsMode: 'Single'
      registries: [{ server: registryServer, identity: identity.id }]
      secrets: map(named, secret => { name: secret.name, keyVaultUrl: secret.url, identity: identity.id })
    }
    template: {
      // Longer ones were not honoured on GPU replicas. The runner is done in 20 s.
      terminationGracePeriodSeconds: 30
      containers: [
        {
          // One container, since only the first of a replica has the GPU: the engine is started by the runner.
          name: 'runner'
          image: image
          resources: { cpu: json(size.cpu), memory: size.memory }
          env: concat(
            settings,
            [{ name: 'AZURE_CLIENT_ID', value: identity.properties.clientId }],
            map(named, secret => { name: secret.setting, secretRef: secret.name })
          )
          volumeMounts: mounts
          probes: [
            {
              // Until the runner has looked at what it needs; models and engine take their time behind it, which readiness tells.
              type: 'Startup'
              httpGet: { path: '/health/startup', port: healthPort, scheme: 'HTTP' }
              periodSeconds: 5
              timeoutSeconds: 5
              failureThreshold: 240
            }
            {
              type: 'Liveness'
              httpGet: { path: '/health/live', port: healthPort, scheme: 'HTTP' }
              periodSeconds: 15
              timeoutSeconds: 10
              failureThreshold: 8
            }
            {
              type: 'Readiness'
              httpGet: { path: '/health/ready', port: healthPort, scheme: 'HTTP' }
              periodSeconds: 10
              timeoutSeconds: 5
              failureThreshold: 3
            }
          ]
        }
      ]
      volumes: empty(modelsStorage)
        ? []
        : [
            {
              name: 'models'
              storageType: 'NfsAzureFile'
              storageName: modelsStorage
              // Several connections: one alone does not carry what the share gives.
              mountOptions: 'nconnect=4'
            }
          ]
      scale: {
        minReplicas: minReplicas
        maxReplicas: maxReplicas
        pollingInterval: 30
        cooldownPeriod: cooldownSeconds
        rules: map(queues, queue => {
          name: queue
          custom: {
            // The built-in kind of rule has no queueLengthStrategy; without it busy replicas would not count, and be taken away.
            type: 'azure-queue'
            metadata: { accountName: accountName, queueName: queue, queueLength: '1', queueLengthStrategy: 'all' }
            identity: identity.id
          }
        })
      }
    }
  }
}

@description('The app, as a resource.')
output appId string = app.id
