// The values of a deployment, from azd's environment (`azd env set NAME VALUE`) or the shell's. WANTALK_TIER says whether it is for
// trying out (dev, the default) or for people (prod): the tier's values are here, and each can be set apart.
using './main.bicep'

var prod = readEnvironmentVariable('WANTALK_TIER', 'dev') == 'prod'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME', 'dev')
param location = readEnvironmentVariable('AZURE_LOCATION', 'swedencentral')

param gpu = readEnvironmentVariable('WANTALK_GPU', 'A100')
param preset = readEnvironmentVariable('WANTALK_PRESET', 'recommended')
param imageTag = readEnvironmentVariable('WANTALK_IMAGE_TAG', '')

param gpuMinReplicas = int(readEnvironmentVariable('WANTALK_GPU_MIN_REPLICAS', '0'))
param gpuMaxReplicas = int(readEnvironmentVariable('WANTALK_GPU_MAX_REPLICAS', prod ? '4' : '1'))
param mediaMaxReplicas = int(readEnvironmentVariable('WANTALK_MEDIA_MAX_REPLICAS', prod ? '10' : '4'))
param logLevel = readEnvironmentVariable('LOG_LEVEL', 'information')

param r2EndpointUrl = readEnvironmentVariable('R2_ENDPOINT_URL')
param r2BucketName = readEnvironmentVariable('R2_BUCKET_NAME')
param r2PublicUrl = readEnvironmentVariable('R2_PUBLIC_URL', '')
param r2AccessKeyId = readEnvironmentVariable('R2_ACCESS_KEY_ID', '')
param r2SecretAccessKey = readEnvironmentVariable('R2_SECRET_ACCESS_KEY', '')
param idSecret = readEnvironmentVariable('WANTALK_ID_SECRET', '')
param apiKeys = readEnvironmentVariable('WANTALK_API_KEYS', '')
param webhookSecrets = readEnvironmentVariable('WANTALK_WEBHOOK_SECRETS', '')
param trustEntra = bool(readEnvironmentVariable('WANTALK_TRUST_ENTRA', 'false'))

param replyQueues = filter(split(readEnvironmentVariable('WANTALK_REPLY_QUEUES', ''), ','), name => !empty(name))
param workflowNodes = filter(split(readEnvironmentVariable('WANTALK_WORKFLOW_NODES', ''), ','), name => !empty(name))
param privateHosts = filter(split(readEnvironmentVariable('WANTALK_PRIVATE_HOSTS', ''), ','), name => !empty(name))
param gpuPrices = readEnvironmentVariable('WANTALK_GPU_PRICES', '')
param currency = readEnvironmentVariable('WANTALK_CURRENCY', 'USD')
param retentionDays = int(readEnvironmentVariable('WANTALK_RETENTION_DAYS', '7'))
param uploadMaxBytes = int(readEnvironmentVariable('WANTALK_UPLOAD_MAX_BYTES', '5242880000'))
param uploadsPerCaller = int(readEnvironmentVariable('WANTALK_UPLOADS_PER_CALLER', '100'))
param uploadOrigins = filter(split(readEnvironmentVariable('WANTALK_UPLOAD_ORIGINS', '*'), ','), origin => !empty(origin))
param apiAllowedRanges = filter(split(readEnvironmentVariable('WANTALK_API_ALLOWED_RANGES', ''), ','), range => !empty(range))

param privateNetworking = bool(readEnvironmentVariable('WANTALK_PRIVATE_NETWORKING', 'false'))
param redundancy = readEnvironmentVariable('WANTALK_REDUNDANCY', prod ? 'ZRS' : 'LRS')
param purgeProtection = bool(readEnvironmentVariable('WANTALK_PURGE_PROTECTION', prod ? 'true' : 'false'))
param modelsShareMiBps = int(readEnvironmentVariable('WANTALK_MODELS_SHARE_MIBPS', '0'))
param alertEmail = readEnvironmentVariable('WANTALK_ALERT_EMAIL', '')
param logRetentionDays = int(readEnvironmentVariable('WANTALK_LOG_RETENTION_DAYS', prod ? '90' : '30'))
param logDailyCapGB = int(readEnvironmentVariable('WANTALK_LOG_DAILY_CAP_GB', prod ? '20' : '5'))
