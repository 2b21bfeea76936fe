// Where containers run: the GPU profile, the CPU profile, and the models' share mounted twice, once to read and once to fill.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
param suffix string

@description('The tags of every resource.')
param tags object

@description('The platform\'s name of the GPU profile.')
@allowed(['Consumption-GPU-NC24-A100', 'Consumption-GPU-NC8as-T4'])
param gpuProfileType string

@description('The subnet of the replicas, delegated to Microsoft.App/environments.')
param subnetId string

@description('The server of the models\' share.')
param modelsServer string

@description('The path of the models\' share.')
param modelsPath string

@description('The workspace of the logs.')
param workspaceName string

var profiles = { cpu: 'Consumption', gpu: 'gpu' }

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource apps 'Microsoft.App/managedEnvironments@2026-01-01' = {
  name: 'cae-${suffix}'
  location: location
  tags: tags
  properties: {
    // To diagnostic settings below, since the other way to a workspace takes its key.
    appLogsConfiguration: { destination: 'azure-monitor' }
    vnetConfiguration: { infrastructureSubnetId: subnetId, internal: true }
    publicNetworkAccess: 'Disabled'
    workloadProfiles: [
      { name: profiles.cpu, workloadProfileType: profiles.cpu }
      { name: profiles.gpu, workloadProfileType: gpuProfileType }
    ]
    zoneRedundant: false
  }

  resource modelsToRead 'storages' = {
    name: 'models-read'
    properties: { nfsAzureFile: { server: modelsServer, shareName: modelsPath, accessMode: 'ReadOnly' } }
  }

  resource modelsToWrite 'storages' = {
    name: 'models-write'
    properties: { nfsAzureFile: { server: modelsServer, shareName: modelsPath, accessMode: 'ReadWrite' } }
  }
}

resource logs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'logs'
  scope: apps
  properties: {
    workspaceId: workspace.id
    logs: [
      { category: 'ContainerAppConsoleLogs', enabled: true }
      { category: 'ContainerAppSystemLogs', enabled: true }
    ]
  }
}

@description('The environment.')
output environmentId string = apps.id

@description('The profile without a GPU.')
output cpuProfile string = profiles.cpu

@description('The profile with a GPU.')
output gpuProfile string = profiles.gpu

@description('The models\' share, to be mounted for reading.')
output modelsToRead string = apps::modelsToRead.name

@description('The models\' share, to be mounted for writing.')
output modelsToWrite string = apps::modelsToWrite.name
