using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using WanTalk.Api.Routes;
using WanTalk.Core.Orchestration;

namespace WanTalk.Functions.Tests;

/// <summary>The Azure host has what Core and the API name, under the right names and with the right types.</summary>
public sealed class HostSurfaceSpecs
{
    private static IReadOnlyList<HostFunction> Functions => CompiledHost.Instance.Functions;

    [Fact]
    public void The_host_compiles_without_a_warning() =>
        Assert.True(CompiledHost.Instance.Problems.Count == 0, string.Join("\n", CompiledHost.Instance.Problems));

    [Fact]
    public void Every_orchestrator_that_Core_names_is_there_and_no_other()
    {
        var found = Functions.Where(function => function.ParameterWith("OrchestrationTriggerAttribute") is not null).ToList();

        Assert.Equal(Names(TaskSignature.Orchestrators), found.Select(function => function.Name).Order(StringComparer.Ordinal));
        foreach (var (name, _, output) in TaskSignature.Orchestrators)
        {
            var function = found.Single(function => function.Name == name);
            Assert.Equal(typeof(Task<>).MakeGenericType(output), function.Method.ReturnType);
            Assert.Equal("TaskOrchestrationContext", Assert.Single(function.Method.GetParameters()).ParameterType.Name);
        }
    }

    [Fact]
    public void Every_activity_that_Core_names_is_there_with_its_types_and_no_other()
    {
        var found = Functions.Where(function => function.ParameterWith("ActivityTriggerAttribute") is not null).ToList();

        Assert.Equal(Names(TaskSignature.Activities), found.Select(function => function.Name).Order(StringComparer.Ordinal));
        foreach (var (name, input, output) in TaskSignature.Activities)
        {
            var function = found.Single(function => function.Name == name);
            Assert.Equal(input, function.ParameterWith("ActivityTriggerAttribute")!.ParameterType);
            Assert.Equal(typeof(Task<>).MakeGenericType(output), function.Method.ReturnType);
            Assert.Contains(function.Method.GetParameters(), parameter => parameter.ParameterType == typeof(CancellationToken));
        }
    }

    [Fact]
    public void Every_route_of_the_API_has_a_function_and_every_such_function_a_route()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Services.AddApi();
        using var server = builder.Build();
        var routes = from endpoint in server.MapApi().DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
                     from method in endpoint.Metadata.GetRequiredMetadata<IHttpMethodMetadata>().HttpMethods
                     select $"{method} {endpoint.RoutePattern.RawText!.TrimStart('/')}";
        var functions = from function in Functions
                        where function.ParameterWith("HttpTriggerAttribute") is not null
                        from method in (List<object?>)function.TriggerArgument("HttpTriggerAttribute", 1)!
                        select $"{((string)method!).ToUpperInvariant()} {function.TriggerArgument("HttpTriggerAttribute", "Route")}";

        Assert.Equal(routes.Order(StringComparer.Ordinal), functions.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_route_is_anonymous_to_the_platform_and_has_a_parameter_for_each_of_its_values()
    {
        var routes = Functions.Where(function => function.ParameterWith("HttpTriggerAttribute") is not null).ToList();
        Assert.NotEmpty(routes);
        foreach (var function in routes)
        {
            Assert.Equal(0, function.TriggerArgument("HttpTriggerAttribute", 0));
            var template = (string)function.TriggerArgument("HttpTriggerAttribute", "Route")!;
            var values = RoutePatternFactory.Parse(template).Parameters.Where(value => !value.IsOptional).Select(value => value.Name);
            Assert.Equal(values, function.Method.GetParameters().Where(parameter => parameter.ParameterType == typeof(string)).Select(parameter => parameter.Name!));
        }
    }

    [Fact]
    public void Completions_and_talks_have_their_triggers()
    {
        var completed = Functions.Single(function => function.Name == "StageCompleted");
        Assert.Equal("%WANTALK_COMPLETIONS_QUEUE%", completed.TriggerArgument("QueueTriggerAttribute", 0));
        Assert.Equal(typeof(string), completed.ParameterWith("QueueTriggerAttribute")!.ParameterType);

        var talks = Functions.Single(function => function.Name == "TalkQueue");
        Assert.Equal(("talks", false), (talks.TriggerArgument("ServiceBusTriggerAttribute", 0), talks.TriggerArgument("ServiceBusTriggerAttribute", "AutoCompleteMessages")));
        Assert.Contains(Functions, function => function.ParameterWith("TimerTriggerAttribute") is not null);
    }

    [Fact]
    public void The_hosts_settings_are_those_that_the_code_counts_on()
    {
        var extensions = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "host.json")))!["extensions"]!;

        Assert.Equal("", (string?)extensions["http"]!["routePrefix"]);
        Assert.Equal("base64", (string?)extensions["queues"]!["messageEncoding"]);
        Assert.False((bool)extensions["serviceBus"]!["autoCompleteMessages"]!);
        Assert.Equal(TalkOrchestration.Version, (string?)extensions["durableTask"]!["defaultVersion"]);
        Assert.Equal("CurrentOrOlder", (string?)extensions["durableTask"]!["versionMatchStrategy"]);
        Assert.Equal("Reject", (string?)extensions["durableTask"]!["versionFailureStrategy"]);
    }

    private static IEnumerable<string> Names(IEnumerable<TaskSignature> signatures) =>
        signatures.Select(signature => signature.Name).Order(StringComparer.Ordinal);
}
