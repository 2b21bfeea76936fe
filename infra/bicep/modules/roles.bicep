// Who may do what, all of it here: each identity the least that its work takes, on the smallest thing that it works with.

@description('The names of the identities.')
param identities { host: string, gpu: string, media: string, models: string }

@description('The account of artifacts, lanes and the durable hub.')
param accountName string

@description('The container of all artifacts.')
param artifactsContainer string

@description('The queues that each runner serves, by their whole names.')
param lanes { gpu: string[], media: string[] }

@description('The queue of completions, by its whole name.')
param completionsQueue string

@description('The Service Bus namespace.')
param namespaceName string

@description('The queue of talks.')
param talksQueue string

@description('The queues of replies.')
param replyQueues string[]

@description('The vault.')
param vaultName string

@description('The names of the secrets that the host and the media runner read.')
param secretNames { host: string[], media: string[] }

@description('The registry.')
param registryName string

@description('The Application Insights component.')
param insightsName string

// https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
var roles = {
  blobDataOwner: 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  blobDataContributor: 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
  queueDataContributor: '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
  queueMessageSender: 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'
  tableDataContributor: '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  serviceBusReceiver: '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
  serviceBusSender: '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
  secretsUser: '4633458b-17de-408a-b874-0445c86b69e6'
  pullImages: '7f951dda-4ed3-4680-a7ca-43fe172d538d'
  metricsPublisher: '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.host
}

resource gpu 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.gpu
}

resource media 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.media
}

resource models 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identities.models
}

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' existing = {
  name: accountName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource artifacts 'containers' existing = {
      name: artifactsContainer
    }
  }

  resource queueService 'queueServices' existing = {
    name: 'default'
  }
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName

  resource talks 'queues' existing = {
    name: talksQueue
  }
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' existing = {
  name: vaultName
}

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' existing = {
  name: registryName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The host keeps its own leases, programs, hub and timers in the account, in containers, queues and tables that it makes.
var hostAccountRoles = [roles.blobDataOwner, roles.queueDataContributor, roles.tableDataContributor]

resource hostOnAccount 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostAccountRoles: {
    name: guid(account.id, host.name, role)
    scope: account
    properties: {
      principalId: host.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
    }
  }
]

// Runners see nothing of the account but artifacts, their lanes and the completions, of which they can add some only.
resource gpuOnArtifacts 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::artifacts.id, gpu.name, roles.blobDataContributor)
  scope: account::blobs::artifacts
  properties: {
    principalId: gpu.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
  }
}

resource mediaOnArtifacts 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account::blobs::artifacts.id, media.name, roles.blobDataContributor)
  scope: account::blobs::artifacts
  properties: {
    principalId: media.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.blobDataContributor)
  }
}

// The scaler, which is the app's identity too, reads the length of the lanes.
var queueRoles = [
  ...map(lanes.gpu, queue => { queue: queue, identity: 'gpu', role: roles.queueDataContributor })
  ...map(lanes.media, queue => { queue: queue, identity: 'media', role: roles.queueDataContributor })
  { queue: completionsQueue, identity: 'gpu', role: roles.queueMessageSender }
  { queue: completionsQueue, identity: 'media', role: roles.queueMessageSender }
]

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2026-06-01' existing = [
  for each in queueRoles: {
    parent: account::queueService
    name: each.queue
  }
]

resource runnersOnQueues 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (each, at) in queueRoles: {
    name: guid(account.id, each.queue, identities[each.identity], each.role)
    scope: queues[at]
    properties: {
      principalId: each.identity == 'gpu' ? gpu.properties.principalId : media.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', each.role)
    }
  }
]

resource hostOnTalks 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(namespace::talks.id, host.name, roles.serviceBusReceiver)
  scope: namespace::talks
  properties: {
    principalId: host.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusReceiver)
  }
}

resource replies 'Microsoft.ServiceBus/namespaces/queues@2026-01-01' existing = [
  for queue in replyQueues: {
    parent: namespace
    name: queue
  }
]

resource hostOnReplies 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (queue, at) in replyQueues: {
    name: guid(namespace.id, queue, host.name, roles.serviceBusSender)
    scope: replies[at]
    properties: {
      principalId: host.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.serviceBusSender)
    }
  }
]

resource hostSecrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = [
  for name in secretNames.host: {
    parent: vault
    name: name
  }
]

resource hostOnSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, at) in secretNames.host: {
    name: guid(vault.id, name, host.name, roles.secretsUser)
    scope: hostSecrets[at]
    properties: {
      principalId: host.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
    }
  }
]

resource mediaSecrets 'Microsoft.KeyVault/vaults/secrets@2025-05-01' existing = [
  for name in secretNames.media: {
    parent: vault
    name: name
  }
]

resource mediaOnSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, at) in secretNames.media: {
    name: guid(vault.id, name, media.name, roles.secretsUser)
    scope: mediaSecrets[at]
    properties: {
      principalId: media.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.secretsUser)
    }
  }
]

resource gpuOnRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, gpu.name, roles.pullImages)
  scope: registry
  properties: {
    principalId: gpu.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.pullImages)
  }
}

resource mediaOnRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, media.name, roles.pullImages)
  scope: registry
  properties: {
    principalId: media.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.pullImages)
  }
}

resource modelsOnRegistry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(registry.id, models.name, roles.pullImages)
  scope: registry
  properties: {
    principalId: models.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.pullImages)
  }
}

resource hostOnInsights 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(insights.id, host.name, roles.metricsPublisher)
  scope: insights
  properties: {
    principalId: host.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles.metricsPublisher)
  }
}
