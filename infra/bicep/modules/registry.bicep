// The images. Premium, because only there an image can be streamed: a GPU replica starts before all of its image has arrived. Streaming is
// no property of the registry but of a repository: hooks/predeploy.sh turns it on.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('Whether the registry is reached through a private endpoint only. Images are built by machines in the network then.')
param isPrivate bool

@description('The subnet of those machines.')
param buildsSubnetId string

resource registry 'Microsoft.ContainerRegistry/registries@2025-11-01' = {
  name: 'cr${suffix}'
  location: location
  tags: tags
  sku: { name: 'Premium' }
  properties: {
    adminUserEnabled: false
    anonymousPullEnabled: false
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkRuleBypassOptions: 'AzureServices'
  }
}

resource builders 'Microsoft.ContainerRegistry/registries/agentPools@2025-03-01-preview' = if (isPrivate) {
  parent: registry
  name: 'builders'
  location: location
  tags: tags
  properties: {
    count: 1
    os: 'Linux'
    tier: 'S2'
    virtualNetworkSubnetResourceId: buildsSubnetId
  }
}

@description('The registry.')
output registryName string = registry.name

@description('The registry, as a resource.')
output registryId string = registry.id

@description('Its host name, with which names of images begin.')
output loginServer string = registry.properties.loginServer

@description('The pool of machines that build images; empty for the platform\'s own.')
output buildPool string = isPrivate ? builders.name : ''
