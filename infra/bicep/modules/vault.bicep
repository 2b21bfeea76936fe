// The secrets that WanTalk cannot do without: those of R2, which knows keys only, the one that ids are made with, and the hashes of callers' keys.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('Whether a deleted vault can be brought back for 90 days by anybody, and removed by nobody. It cannot be taken back.')
param purgeProtection bool

@description('Whether the vault is reached through a private endpoint only.')
param isPrivate bool

@description('The secrets by name. One that is empty stays what it is in the vault.')
@secure()
param secrets object

@description('The names of all secrets.')
param secretNames string[]

@description('The workspace that hears who read a secret.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource vault 'Microsoft.KeyVault/vaults@2025-05-01' = {
  name: 'kv-${suffix}'
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: purgeProtection ? 90 : 7
    // False is refused: it is either said, or not.
    enablePurgeProtection: purgeProtection ? true : null
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    networkAcls: { defaultAction: isPrivate ? 'Deny' : 'Allow', bypass: 'AzureServices' }
  }

  resource each 'secrets' = [
    for name in secretNames: if (!empty(secrets[name])) {
      name: name
      properties: { value: secrets[name] }
    }
  ]
}

resource log 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'audit'
  scope: vault
  properties: {
    workspaceId: workspace.id
    logs: [{ categoryGroup: 'audit', enabled: true }]
  }
}

@description('The vault.')
output vaultName string = vault.name

@description('The vault, as a resource.')
output vaultId string = vault.id

@description('The address that names of secrets follow.')
output secretsUrl string = '${vault.properties.vaultUri}secrets/'
