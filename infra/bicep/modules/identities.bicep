// Who the parts of WanTalk are: an identity each, so that each gets no more rights than it needs (roles.bicep).

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

resource host 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-host-${suffix}'
  location: location
  tags: tags
}

resource gpu 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-gpu-${suffix}'
  location: location
  tags: tags
}

resource media 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-media-${suffix}'
  location: location
  tags: tags
}

resource models 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-models-${suffix}'
  location: location
  tags: tags
}

@description('The Functions host.')
output hostName string = host.name

@description('The runner on the GPU lanes.')
output gpuName string = gpu.name

@description('The runner on the media lane.')
output mediaName string = media.name

@description('The job that fetches the models.')
output modelsName string = models.name
