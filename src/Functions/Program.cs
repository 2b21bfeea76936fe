using Azure.Core.Serialization;
using Azure.Identity;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using WanTalk.Api.Events;
using WanTalk.Api.Health;
using WanTalk.Api.Routes;
using WanTalk.Core.Errors;
using WanTalk.Core.Intake;
using WanTalk.Core.Json;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Owners;
using WanTalk.Core.Quotes;
using WanTalk.Core.Stages;
using WanTalk.Core.Uploads;
using WanTalk.Core.Webhooks;
using WanTalk.Functions.Hosting;
using WanTalk.Functions.Messages;
using WanTalk.Functions.Retention;
using WanTalk.Storage;
using WanTalk.Storage.Fetching;
using WanTalk.Storage.Webhooks;
using WanTalk.Telemetry;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();

var measuring = TelemetrySettings.Read(Environment.GetEnvironmentVariable);
using var telemetry = TelemetryExport.Start(measuring, TelemetryService.FunctionsWorker);
var settings = HostSettings.Read(Environment.GetEnvironmentVariable);
var storage = StorageAdapters.OpenAzure(Environment.GetEnvironmentVariable, TimeProvider.System);
var fetching = FetchOptions.FromEnvironment(Environment.GetEnvironmentVariable);
var broker = ServiceBusOf(builder.Configuration);
builder.Services
    .AddLogging(logging => telemetry.AddTo(logging.Redacted()))
    .Configure<WorkerOptions>(worker =>
    {
        worker.Serializer = new JsonObjectSerializer(CoreJson.Options);
        if (measuring.IsOn)
        {
            // The worker sends what it measures itself; without this Azure's host would send its logs a second time.
            worker.Capabilities["WorkerOpenTelemetryEnabled"] = bool.TrueString;
        }
    })
    .AddSingleton(TimeProvider.System)
    .AddSingleton(settings.Messages)
    .AddSingleton(settings.Requests)
    .AddSingleton(settings.Callers)
    .AddSingleton(settings.Retention)
    .AddSingleton(settings.Webhooks)
    .AddSingleton(settings.Uploads)
    .AddSingleton(settings.RunPod)
    .AddSingleton(settings.Prices)
    .AddSingleton(new EventOptions { MostSeconds = HostSettings.MostAnswerSeconds })
    .AddSingleton(new WaitRules())
    .AddSingleton(storage.Artifacts)
    .AddSingleton(storage.Queues)
    .AddSingleton(storage.Records)
    .AddSingleton(storage.Uploads!)
    .AddSingleton<UploadRetention>()
    .AddSingleton<TalkIndex>()
    .AddSingleton<GpuHistory>()
    .AddSingleton<ISpeechLength, HeaderSpeechLength>()
    .AddSingleton<IReplySender>(new ServiceBusReplies(broker))
    .AddSingleton<HostActivities>()
    .AddSingleton<NotifyActivities>()
    .AddSingleton<WebhookActivities>()
    .AddSingleton<IWebhookSender>(new WebhookSender(new WebhookSenderOptions { PrivateHosts = fetching.PrivateHosts }, TimeProvider.System))
    .AddSingleton<TalkServices>()
    .AddSingleton<RetentionSweep>()
    .AddReadiness([.. StorageChecks.Of(storage.Artifacts, storage.Records, storage.Queues), BrokerCheck.Of(broker)])
    .AddApi();
builder.Build().Run();

// The trigger reads the same settings: a connection string, or the name of a namespace that this app's identity may use.
static ServiceBusClient ServiceBusOf(IConfiguration configuration) =>
    configuration[$"{TalkQueue.Connection}:fullyQualifiedNamespace"] is { Length: > 0 } name
        ? new ServiceBusClient(name, new DefaultAzureCredential())
        : new ServiceBusClient(configuration[TalkQueue.Connection] ?? throw new TalkException(ErrorCode.ArgumentInvalid,
            $"{TalkQueue.Connection}__fullyQualifiedNamespace is missing. Give the namespace of the queue '{TalkQueue.Name}'."));
