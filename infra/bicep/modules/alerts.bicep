// What people have to hear of. Metrics where there is one, and the logs where there is none: a Storage queue has no metric of its own.

@description('The region.')
param location string

@description('What the names of this deployment end with.')
param suffix string

@description('The tags of every resource.')
param tags object

@description('The workspace of all logs.')
param workspaceName string

@description('The Application Insights component.')
param insightsName string

@description('The Service Bus namespace.')
param namespaceName string

@description('Who hears of alerts: the ids of action groups.')
param actionGroupIds string[]

@description('The account of the queues.')
param accountName string

@description('The lanes, by their whole names.')
param lanes string[]

@description('For how many minutes work may wait.')
param waitingMinutes int

@description('The runners\' apps, as resources.')
param appIds string[]

resource workspace 'Microsoft.OperationalInsights/workspaces@2025-07-01' existing = {
  name: workspaceName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

resource namespace 'Microsoft.ServiceBus/namespaces@2026-01-01' existing = {
  name: namespaceName
}

var toPeople = map(actionGroupIds, id => { actionGroupId: id })

var queueChanges = '''
StorageQueueLogs
| where TimeGenerated > ago(1d) and AccountName == '{0}' and toint(StatusCode) < 300
| extend parts = split(tostring(parse_url(Uri).Path), '/')
| extend queue = tostring(parts[1]), message = tostring(parts[3])
'''

// A message is put, renewed by its address while a runner holds it, and deleted by its address. Of all that were put in a day, as many are
// taken as were deleted or lately renewed; since messages are taken in order, the first one behind these has waited longest.
var waitingWork = '''
| where queue in ({1})
| summarize
    put = make_list_if(TimeGenerated, OperationName == 'PutMessage'),
    done = make_set_if(message, OperationName == 'DeleteMessage'),
    held = make_set_if(message, OperationName == 'UpdateMessage' and TimeGenerated > ago(10m))
    by queue
| extend put = array_sort_asc(put), taken = array_length(set_union(done, held))
| where array_length(put) > taken
| extend oldest = todatetime(put[taken])
| where oldest < ago({2}m)
| project queue, oldest
'''

var logAlerts = [
  {
    name: 'work-waits'
    severity: 1
    description: 'Work has waited for over ${waitingMinutes} minutes: no GPU is to be had, or replicas do not get ready, which is billed.'
    query: format('${queueChanges}${waitingWork}', accountName, join(map(lanes, lane => '\'${lane}\''), ', '), string(waitingMinutes))
    dimension: 'queue'
    threshold: 0
  }
  {
    name: 'poison'
    severity: 1
    description: 'The host has put a message aside that it failed on again and again.'
    query: format(
      '${queueChanges}| where queue endswith \'-poison\' and OperationName == \'PutMessage\' and TimeGenerated > ago(15m)',
      accountName
    )
    dimension: 'queue'
    threshold: 0
  }
  {
    name: 'runner-failures'
    severity: 2
    description: 'Runners have logged errors: work that failed for no reason of its own, or an engine that cannot be started.'
    query: '''
ContainerAppConsoleLogs
| where TimeGenerated > ago(15m) and ContainerName == 'runner' and (Log has 'fail:' or Log has 'crit:')
'''
    dimension: 'ContainerAppName'
    threshold: 3
  }
  {
    name: 'replicas-fail'
    severity: 2
    description: 'Replicas do not start, or are not counted right: the image, a secret, the share, the program or a scale rule fails.'
    query: '''
ContainerAppSystemLogs
| where TimeGenerated > ago(15m)
| where Type =~ 'Warning' or Reason matches regex 'Fail|Crash|BackOff'
| where Reason !in ('ReplicaUnhealthy', 'ProbeFailed')
'''
    dimension: 'ContainerAppName'
    threshold: 5
  }
]

resource onLogs 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for alert in logAlerts: {
    name: '${alert.name}-${suffix}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: alert.name
      description: alert.description
      severity: alert.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: 'P1D'
      overrideQueryTimeRange: 'P1D'
      autoMitigate: true
      // The tables are there once something was logged.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: alert.query
            timeAggregation: 'Count'
            dimensions: [{ name: alert.dimension, operator: 'Include', values: ['*'] }]
            operator: 'GreaterThan'
            threshold: alert.threshold
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      actions: { actionGroups: actionGroupIds }
    }
  }
]

resource deadLetters 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'dead-letters-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'A message was put aside, with the reason in its properties.'
    severity: 2
    enabled: true
    scopes: [namespace.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'dead-letters'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'Microsoft.ServiceBus/namespaces'
          metricName: 'DeadletteredMessages'
          dimensions: [{ name: 'EntityName', operator: 'Include', values: ['*'] }]
          timeAggregation: 'Maximum'
          operator: 'GreaterThan'
          threshold: 0
        }
      ]
    }
    autoMitigate: true
    actions: toPeople
  }
}

resource hostFailures 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: 'host-failures-${suffix}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Functions of the host have failed: requests, triggers, activities.'
    severity: 2
    enabled: true
    scopes: [insights.id]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          name: 'failed-requests'
          criterionType: 'StaticThresholdCriterion'
          metricNamespace: 'microsoft.insights/components'
          metricName: 'requests/failed'
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 5
        }
      ]
    }
    autoMitigate: true
    actions: toPeople
  }
}

resource restarts 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for id in appIds: {
    name: 'restarts-${last(split(id, '/'))}-${suffix}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Replicas of a runner are started again and again.'
      severity: 2
      enabled: true
      scopes: [id]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            name: 'restarts'
            criterionType: 'StaticThresholdCriterion'
            metricNamespace: 'Microsoft.App/containerApps'
            metricName: 'RestartCount'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: 2
          }
        ]
      }
      autoMitigate: true
      actions: toPeople
    }
  }
]
