// Fetches the models onto the share. Started by hand, or by hooks/predeploy.sh: what is there already is checked and kept.

@description('The region.')
param location string

@description('The tags of every resource.')
param tags object

@description('The name of the job.')
@maxLength(32)
param name string

@description('The environment that it runs in.')
param environmentId string

@description('The workload profile that it runs on.')
param profile string

@description('The identity that it is.')
param identityName string

@description('The host name of the registry.')
param registryServer string

@description('The image of the media runner, which has the program for models.')
param image string

@description('The preset whose models are fetched.')
param preset string

@description('The environment\'s storage to fill.')
param modelsStorage string

@description('Where it is mounted.')
param modelsPath string

@description('How long it may take, in seconds.')
param timeoutSeconds int

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

var mounts = [{ volumeName: 'models', mountPath: modelsPath }]

resource job 'Microsoft.App/jobs@2026-01-01' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'UserAssigned', userAssignedIdentities: { '${identity.id}': {} } }
  properties: {
    environmentId: environmentId
    workloadProfileName: profile
    configuration: {
      triggerType: 'Manual'
      manualTriggerConfig: { parallelism: 1, replicaCompletionCount: 1 }
      replicaTimeout: timeoutSeconds
      replicaRetryLimit: 2
      registries: [{ server: registryServer, identity: identity.id }]
    }
    template: {
      initContainers: [
        {
          // A new share belongs to root, and the image's user is another. This image's user is root.
          name: 'open-share'
          image: 'mcr.microsoft.com/azurelinux/base/core:3.0'
          command: ['/bin/chmod', '1777', modelsPath]
          resources: { cpu: json('0.25'), memory: '0.5Gi' }
          volumeMounts: mounts
        }
      ]
      containers: [
        {
          name: 'models'
          image: image
          args: ['models', 'pull', '--preset', preset, '--to', modelsPath]
          resources: { cpu: json('2'), memory: '4Gi' }
          volumeMounts: mounts
        }
      ]
      volumes: [{ name: 'models', storageType: 'NfsAzureFile', storageName: modelsStorage, mountOptions: 'nconnect=4' }]
    }
  }
}
