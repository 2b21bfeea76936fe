// Where logs, metrics and traces go, and who hears of alerts. Nothing is written with a key.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
@minLength(6)
param suffix string

@description('The tags of every resource.')
param tags object

@description('For how many days logs are kept.')
param retentionDays int

@description('How much is logged a day at most, in GB; -1 for no limit. Behind it the logs of the day are lost, and alerts with them.')
param dailyCapGB int

@description('Who is written to when an alert fires; empty for nobody: alerts are then only seen in the portal.')
param alertEmail string

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' = {
  name: 'log-${suffix}'
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGB }
    features: { disableLocalAuth: true }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: 'appi-${suffix}'
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(alertEmail)) {
  name: 'ag-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'wantalk'
    enabled: true
    emailReceivers: [{ name: 'people', emailAddress: alertEmail, useCommonAlertSchema: true }]
  }
}

@description('The workspace of all logs.')
output workspaceName string = workspace.name

@description('The Application Insights component.')
output insightsName string = insights.name

@description('Who hears of alerts: the ids of action groups.')
output actionGroupIds string[] = empty(alertEmail) ? [] : [people.id]
