// Private addresses of everything but the models' share, which has its own: what private networking adds.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
param suffix string

@description('The tags of every resource.')
param tags object

@description('The subnet of private endpoints.')
param subnetId string

@description('The services: a name, the resource, the part of it that is reached, and the private DNS zone of such services.')
param services { name: string, id: string, groupId: string, zone: string }[]

module endpoints 'private-endpoint.bicep' = [
  for service in services: {
    name: 'endpoint-${service.name}'
    params: {
      location: location
      tags: tags
      name: 'pe-${service.name}-${suffix}'
      serviceId: service.id
      groupId: service.groupId
      subnetId: subnetId
      zoneName: service.zone
    }
  }
]
