// A private address of a service in the network, and the name that leads to it.

@description('The region.')
param location string

@description('The tags of every resource.')
param tags object

@description('The name of the endpoint.')
param name string

@description('The service: its resource id.')
param serviceId string

@description('The part of the service that is reached, for example blob.')
param groupId string

@description('The subnet that the address is drawn from.')
param subnetId string

@description('The private DNS zone of such services, in this resource group.')
param zoneName string

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2025-01-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: subnetId }
    privateLinkServiceConnections: [
      { name: groupId, properties: { privateLinkServiceId: serviceId, groupIds: [groupId] } }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}
