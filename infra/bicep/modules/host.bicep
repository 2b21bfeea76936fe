// The Functions host on Flex Consumption. It reaches everything as its identity.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
param suffix string

@description('The tags of every resource.')
param tags object

@description('The name by which azd knows this service.')
param serviceName string

@description('The identity that it is.')
param identityName string

@description('The Application Insights component of its telemetry.')
param insightsName string

@description('The addresses of the account of the durable hub, the lanes and the artifacts.')
param storage { blobUrl: string, queueUrl: string, tableUrl: string }

@description('The container of the program.')
param programsUrl string

@description('The host name of the Service Bus namespace.')
param serviceBusHostName string

@description('The settings that WanTalk reads.')
param settings object

@description('The settings that WanTalk reads from the vault: the address of the secret for each.')
param fromVault object

@description('The ranges of addresses (CIDR) that may call the API; empty for all: it wants a key of each caller.')
param allowedRanges string[]

@description('How many instances there are at most.')
param maxInstances int

@description('The memory of an instance, in MB.')
@allowed([512, 2048, 4096])
param instanceMemoryMB int

@description('Whether the host is reached through a private endpoint only, and reaches the rest through the network.')
param isPrivate bool

@description('The subnet of the host, delegated to Microsoft.App/environments; used with private networking.')
param subnetId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource plan 'Microsoft.Web/serverfarms@2025-03-01' = {
  name: 'plan-${suffix}'
  location: location
  tags: tags
  kind: 'functionapp'
  sku: { name: 'FC1', tier: 'FlexConsumption' }
  properties: { reserved: true }
}

resource host 'Microsoft.Web/sites@2025-03-01' = {
  name: 'func-${suffix}'
  location: location
  tags: union(tags, { 'azd-service-name': serviceName })
  kind: 'functionapp,linux'
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    clientAffinityEnabled: false
    keyVaultReferenceIdentity: identity.id
    publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'
    virtualNetworkSubnetId: isPrivate ? subnetId : null
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
      ipSecurityRestrictionsDefaultAction: empty(allowedRanges) ? 'Allow' : 'Deny'
      ipSecurityRestrictions: [
        for (range, at) in allowedRanges: { name: 'allowed-${at}', action: 'Allow', ipAddress: range, priority: 100 + at }
      ]
      // Programs come this way, from whoever has the right to deploy.
      scmIpSecurityRestrictionsUseMain: false
      scmIpSecurityRestrictionsDefaultAction: 'Allow'
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: programsUrl
          authentication: { type: 'UserAssignedIdentity', userAssignedIdentityResourceId: identity.id }
        }
      }
      runtime: { name: 'dotnet-isolated', version: '10.0' }
      scaleAndConcurrency: {
        maximumInstanceCount: maxInstances
        instanceMemoryMB: instanceMemoryMB
        // Orchestrations are never behind a cold start.
        alwaysReady: [{ name: 'durable', instanceCount: 1 }]
      }
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      {
        APPLICATIONINSIGHTS_CONNECTION_STRING: insights.properties.ConnectionString
        APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
        AZURE_CLIENT_ID: identity.properties.clientId
        // The root is the page's, and not that of Functions.
        AzureWebJobsDisableHomepage: 'true'
        AzureWebJobsStorage__blobServiceUri: storage.blobUrl
        AzureWebJobsStorage__queueServiceUri: storage.queueUrl
        AzureWebJobsStorage__tableServiceUri: storage.tableUrl
        AzureWebJobsStorage__credential: 'managedidentity'
        AzureWebJobsStorage__clientId: identity.properties.clientId
        ServiceBus__fullyQualifiedNamespace: serviceBusHostName
        ServiceBus__credential: 'managedidentity'
        ServiceBus__clientId: identity.properties.clientId
        WanTalkStorage__queueServiceUri: storage.queueUrl
        WanTalkStorage__credential: 'managedidentity'
        WanTalkStorage__clientId: identity.properties.clientId
      },
      settings,
      mapValues(fromVault, url => '@Microsoft.KeyVault(SecretUri=${url})')
    )
  }

  // Programs are deployed by people and pipelines with identities, not with the passwords of a publishing profile.
  resource noFtpPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScmPasswords 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

@description('The app.')
output hostName string = host.name

@description('The app, as a resource.')
output hostId string = host.id

@description('The address of the API.')
output apiUrl string = 'https://${host.properties.defaultHostName}'
