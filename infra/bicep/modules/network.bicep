// The virtual network that the models' share is mounted through, and, with private networking, everything else is reached through.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('The addresses of the network, a /16 to /22.')
param addressPrefix string

@description('The names of the private DNS zones of what is reached through private endpoints.')
param privateZones string[]

// Half of a /22 for the replicas, whose addresses the environment draws from it, and smaller ones for the rest.
var subnets = {
  apps: cidrSubnet(addressPrefix, 23, 0)
  host: cidrSubnet(addressPrefix, 26, 8)
  endpoints: cidrSubnet(addressPrefix, 26, 9)
  builds: cidrSubnet(addressPrefix, 26, 10)
}

// The subnets are part of the network: as resources of their own they would be taken away each time the network is deployed again.
resource network 'Microsoft.Network/virtualNetworks@2025-01-01' = {
  name: 'vnet-${suffix}'
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: 'apps'
        properties: {
          addressPrefix: subnets.apps
          delegations: [{ name: 'container-apps', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        // Flex Consumption asks for a subnet of its own with the same delegation.
        name: 'host'
        properties: {
          addressPrefix: subnets.host
          delegations: [{ name: 'functions', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      { name: 'endpoints', properties: { addressPrefix: subnets.endpoints, defaultOutboundAccess: false } }
      { name: 'builds', properties: { addressPrefix: subnets.builds } }
    ]
  }

  resource apps 'subnets' existing = { name: 'apps' }
  resource host 'subnets' existing = { name: 'host' }
  resource endpoints 'subnets' existing = { name: 'endpoints' }
  resource builds 'subnets' existing = { name: 'builds' }
}

resource zones 'Microsoft.Network/privateDnsZones@2024-06-01' = [
  for zone in privateZones: {
    name: zone
    location: 'global'
    tags: tags
  }
]

resource links 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = [
  for (zone, at) in privateZones: {
    parent: zones[at]
    name: network.name
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
]

@description('The subnet of the container apps.')
output appsSubnetId string = network::apps.id

@description('The subnet of the Functions host.')
output hostSubnetId string = network::host.id

@description('The subnet of private endpoints.')
output endpointsSubnetId string = network::endpoints.id

@description('The subnet of the machines that build images.')
output buildsSubnetId string = network::builds.id
