// The share with the models, which GPU replicas mount. NFS knows neither keys nor TLS: it is reached through the network only.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('How much is provisioned, in GiB. Without a throughput of its own it says how fast the share is, too.')
param sizeGiB int

@description('The throughput that is provisioned apart from the size, in MiB/s; 0 for the one that belongs to the size.')
param throughputMiBps int

@description('The subnet of private endpoints.')
param endpointsSubnetId string

@description('The private DNS zone of file shares.')
param zoneName string

var apart = throughputMiBps > 0

// Large files are read in large pieces: the operations a second that belong to any share are enough.
var operationsPerSecond = 3000

resource account 'Microsoft.Storage/storageAccounts@2026-06-01' = {
  // Another kind of share cannot be made of one that is there, so it is another account.
  name: 'st${apart ? 'v' : 'm'}${suffix}'
  location: location
  tags: tags
  kind: 'FileStorage'
  sku: { name: apart ? 'PremiumV2_LRS' : 'Premium_LRS' }
  properties: {
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
    publicNetworkAccess: 'Disabled'
    networkAcls: { defaultAction: 'Deny', bypass: 'None' }
    // Container Apps mount NFS without TLS, which this would refuse.
    supportsHttpsTrafficOnly: false
  }

  resource files 'fileServices' = {
    name: 'default'

    resource share 'shares' = {
      name: 'models'
      properties: {
        enabledProtocols: 'NFS'
        // The job's first container hands the folder to the user that the second one runs as.
        rootSquash: 'NoRootSquash'
        shareQuota: sizeGiB
        ...(apart ? { provisionedBandwidthMibps: throughputMiBps, provisionedIops: operationsPerSecond } : {})
      }
    }
  }
}

module endpoint 'private-endpoint.bicep' = {
  name: 'models-endpoint'
  params: {
    location: location
    tags: tags
    name: 'pe-models-${suffix}'
    serviceId: account.id
    groupId: 'file'
    subnetId: endpointsSubnetId
    zoneName: zoneName
  }
}

@description('The server, as it is mounted.')
output server string = '${account.name}.file.${environment().suffixes.storage}'

@description('The share, as it is mounted.')
output path string = '/${account.name}/${account::files::share.name}'
