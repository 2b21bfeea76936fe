// What src/Functions uses of the isolated worker (Microsoft.Azure.Functions.Worker 2.52 and its extensions), as declarations only.
#pragma warning disable CS9113, CS1591
#nullable enable

namespace Microsoft.Azure.Functions.Worker
{
    [System.AttributeUsage(System.AttributeTargets.Method)]
    public class FunctionAttribute(string name) : System.Attribute
    {
        public string Name { get; } = name;
    }

    public class WorkerOptions
    {
        public global::Azure.Core.Serialization.ObjectSerializer? Serializer { get; set; }

        public System.Collections.Generic.IDictionary<string, string> Capabilities { get; } = new System.Collections.Generic.Dictionary<string, string>();
    }

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class OrchestrationTriggerAttribute : System.Attribute;

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class ActivityTriggerAttribute : System.Attribute;

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class DurableClientAttribute : System.Attribute;

    public enum AuthorizationLevel
    {
        Anonymous,
        User,
        Function,
        System,
        Admin,
    }

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class HttpTriggerAttribute(AuthorizationLevel authLevel, params string[] methods) : System.Attribute
    {
        public AuthorizationLevel AuthLevel { get; } = authLevel;

        public string[]? Methods { get; } = methods;

        public string? Route { get; set; }
    }

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class QueueTriggerAttribute(string queueName) : System.Attribute
    {
        public string QueueName { get; } = queueName;

        public string? Connection { get; set; }
    }

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class TimerTriggerAttribute(string schedule) : System.Attribute
    {
        public string Schedule { get; } = schedule;
    }

    public class TimerInfo;

    [System.AttributeUsage(System.AttributeTargets.Parameter)]
    public sealed class ServiceBusTriggerAttribute(string queueName) : System.Attribute
    {
        public string? QueueName { get; } = queueName;

        public string? Connection { get; set; }

        public bool AutoCompleteMessages { get; set; }
    }

    public class ServiceBusMessageActions
    {
        protected ServiceBusMessageActions() => throw null!;

        public virtual System.Threading.Tasks.Task CompleteMessageAsync(
            global::Azure.Messaging.ServiceBus.ServiceBusReceivedMessage message, System.Threading.CancellationToken cancellationToken = default) => throw null!;

        public virtual System.Threading.Tasks.Task AbandonMessageAsync(
            global::Azure.Messaging.ServiceBus.ServiceBusReceivedMessage message,
            System.Collections.Generic.IDictionary<string, object>? propertiesToModify = null,
            System.Threading.CancellationToken cancellationToken = default) => throw null!;

        public virtual System.Threading.Tasks.Task DeadLetterMessageAsync(
            global::Azure.Messaging.ServiceBus.ServiceBusReceivedMessage message,
            System.Collections.Generic.Dictionary<string, object>? propertiesToModify = null,
            string? deadLetterReason = null,
            string? deadLetterErrorDescription = null,
            System.Threading.CancellationToken cancellationToken = default) => throw null!;
    }
}

namespace Microsoft.Azure.Functions.Worker.Builder
{
    public class FunctionsApplication
    {
        public static FunctionsApplicationBuilder CreateBuilder(string[] args) => throw null!;
    }

    public class FunctionsApplicationBuilder
    {
        internal FunctionsApplicationBuilder()
        {
        }

        public Microsoft.Extensions.Configuration.ConfigurationManager Configuration => throw null!;

        public Microsoft.Extensions.DependencyInjection.IServiceCollection Services => throw null!;

        public Microsoft.Extensions.Hosting.IHost Build() => throw null!;
    }

    public static class FunctionsApplicationBuilderAspNetCoreExtensions
    {
        public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder) => throw null!;
    }
}
