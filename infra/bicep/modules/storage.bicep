// The artifacts of talks, the lanes, the completions, and what the Functions host keeps: one account that knows identities only.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('How often the data is stored: LRS in one data centre, ZRS in three.')
@allowed(['LRS', 'ZRS'])
param redundancy string

@description('The container of all artifacts.')
param artifactsContainer string

@description('How the names of the queues begin.')
param queuePrefix string

@description('What follows it: the lanes and the completions.')
param queues string[]

@description('For how many days ended talks are kept. The host deletes them; what it missed is deleted a month later.')
param retentionDays int

@description('The sites whose pages may send uploads to the account; * for any. The address of an upload says who may send, not the site.')
param uploadOrigins string[]

@description('Whether the account is reached through private endpoints only.')
param isPrivate bool

@description('The workspace that hears of each change of the queues.')
param workspaceName string

@description('The container of the host\'s program.')
var programsContainer = 'programs'

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  name: 'st${suffix}'
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: redundancy == 'ZRS' ? 'Standard_ZRS' : 'Standard_LRS' }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'None' }
    supportsHttpsTrafficOnly: true
  }

  resource blobs 'blobServices' = {
    name: 'default'
    // A deleted talk is gone: it holds a person's face and voice.
    properties: {
      deleteRetentionPolicy: { enabled: false }
      containerDeleteRetentionPolicy: { enabled: false }
      isVersioningEnabled: false
      cors: {
        corsRules: empty(uploadOrigins)
          ? []
          : [
              {
                allowedOrigins: uploadOrigins
                allowedMethods: ['PUT']
                allowedHeaders: ['content-type', 'if-none-match', 'x-ms-blob-type']
                exposedHeaders: []
                maxAgeInSeconds: 3600
              }
            ]
      }
    }

    resource artifacts 'containers' = {
      name: artifactsContainer
      properties: { publicAccess: 'None' }
    }

    resource programs 'containers' = {
      name: programsContainer
      properties: { publicAccess: 'None' }
    }
  }

  resource queueService 'queueServices' = {
    name: 'default'

    // Those that the triggers put completions aside in, too, so that it is known beforehand who may see them.
    resource each 'queues' = [
      for queue in queues: {
        name: '${queuePrefix}${queue}'
      }
    ]
  }

  resource lifecycle 'managementPolicies' = {
    name: 'default'
    properties: {
      policy: {
        rules: [
          {
            name: 'forgotten-talks'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${artifactsContainer}/talks/'] }
              actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: retentionDays + 30 } } }
            }
          }
          // The host deletes them two days after they were authorised.
          {
            name: 'forgotten-uploads'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${artifactsContainer}/uploads/'] }
              actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 2 } } }
            }
          }
          // The host deletes them an hour after they were asked for.
          {
            name: 'forgotten-preflights'
            type: 'Lifecycle'
            enabled: true
            definition: {
              filters: { blobTypes: ['blockBlob'], prefixMatch: ['${artifactsContainer}/preflights/'] }
              actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 1 } } }
            }
          }
        ]
      }
    }
    dependsOn: [blobs]
  }
}

// Reads are left out: empty queues are asked all the time.
resource queueLog 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'changes'
  scope: account::queueService
  properties: {
    workspaceId: workspace.id
    logs: [
      { category: 'StorageWrite', enabled: true }
      { category: 'StorageDelete', enabled: true }
    ]
  }
}

@description('The account.')
output accountName string = account.name

@description('The account, as a resource.')
output accountId string = account.id

@description('The address of its blobs.')
output blobUrl string = account.properties.primaryEndpoints.blob

@description('The address of its queues.')
output queueUrl string = account.properties.primaryEndpoints.queue

@description('The address of its tables.')
output tableUrl string = account.properties.primaryEndpoints.table

@description('The address of the container of the host\'s program.')
output programsUrl string = '${account.properties.primaryEndpoints.blob}${programsContainer}'
