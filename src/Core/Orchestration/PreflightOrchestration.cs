using WanTalk.Core.Errors;
using WanTalk.Core.Stages;

namespace WanTalk.Core.Orchestration;

/// <summary>Has inputs looked at by a runner before there is a talk. What it finds is an artifact; it ends by itself where no runner is.</summary>
public static class PreflightOrchestration
{
    /// <summary>The registered name.</summary>
    public const string Name = "PreflightOrchestrator";

    // No talk's id has a dash, so that nobody takes one for a talk.
    private const string Prefix = "preflight-";

    /// <summary>The id of the instance that carries a preflight.</summary>
    /// <param name="preflight">The preflight's id.</param>
    public static string InstanceOf(string preflight) => $"{Prefix}{preflight}";

    /// <summary>The preflight that an instance carries.</summary>
    /// <param name="instance">The instance's id.</param>
    public static string PreflightOf(string instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return instance[Prefix.Length..];
    }

    /// <summary>Has them looked at.</summary>
    /// <returns>True; one that ends otherwise fails with a <see cref="TalkException"/>, whose text carries the code.</returns>
    public static async Task<bool> RunAsync(IOrchestrationContext context, TalkInput input)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(input);
        await new StageCalls(context, input.Talk, input.Rules).DoAsync(Stage.Preflight);
        return true;
    }
}
