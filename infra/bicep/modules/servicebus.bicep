// Where talks are asked for by message, and where their ends are told.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('The queue of talks.')
param talksQueue string

@description('The queues that messages may name for the reply.')
param replyQueues string[]

@description('Whether the namespace is reached through a private endpoint only, which takes the Premium tier.')
param isPrivate bool

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' = {
  name: 'sb-${suffix}'
  location: location
  tags: tags
  sku: isPrivate ? { name: 'Premium', tier: 'Premium', capacity: 1 } : { name: 'Standard', tier: 'Standard' }
  properties: {
    disableLocalAuth: true
    minimumTlsVersion: '1.2'
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
  }

  resource talks 'queues' = {
    name: talksQueue
    properties: {
      // A message that comes twice within a day never reaches the host; later, and with any body, the host knows it by its id.
      requiresDuplicateDetection: true
      duplicateDetectionHistoryTimeWindow: 'P1D'
      lockDuration: 'PT5M'
      maxDeliveryCount: 10
      deadLetteringOnMessageExpiration: true
      defaultMessageTimeToLive: 'P14D'
    }
  }

  resource replies 'queues' = [
    for queue in replyQueues: {
      name: queue
      properties: {
        // A reply is sent again under the same message id when it is not known whether it arrived.
        requiresDuplicateDetection: true
        duplicateDetectionHistoryTimeWindow: 'P1D'
        deadLetteringOnMessageExpiration: true
        defaultMessageTimeToLive: 'P14D'
      }
    }
  ]
}

@description('The namespace.')
output namespaceName string = namespace.name

@description('The namespace, as a resource.')
output namespaceId string = namespace.id

@description('Its host name.')
output hostName string = split(split(namespace.properties.serviceBusEndpoint, '://')[1], ':')[0]
