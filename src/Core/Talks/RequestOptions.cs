using System.Text.Json;
using WanTalk.Core.Errors;
using WanTalk.Core.Sampling;
using WanTalk.Core.Workflows;

namespace WanTalk.Core.Talks;

/// <summary>What an operator decides about requests, in whatever way they come.</summary>
public sealed record RequestOptions
{
    /// <summary>The variable with <see cref="AlsoAllowedNodes"/>, separated by commas.</summary>
    public const string WorkflowNodesVariable = "WANTALK_WORKFLOW_NODES";

    /// <summary>The variable with <see cref="DefaultPreset"/>.</summary>
    public const string DefaultPresetVariable = "WANTALK_DEFAULT_PRESET";

    /// <summary>Node classes that workflows of callers' own may use beside the list (<see cref="AllowedNodes"/>). Default none.</summary>
    public IReadOnlyCollection<string> AlsoAllowedNodes { get; init; } = [];

    /// <summary>The preset of a talk that names none: one whose models the runners have. Default recommended.</summary>
    public SamplingPreset DefaultPreset { get; init; } = SamplingPreset.Recommended;

    /// <summary>Reads the settings.</summary>
    /// <param name="variable">Gives the value of an environment variable.</param>
    /// <exception cref="TalkException">A variable is wrong, which it names.</exception>
    public static RequestOptions FromEnvironment(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new RequestOptions
        {
            AlsoAllowedNodes = NodesIn(variable(WorkflowNodesVariable)),
            DefaultPreset = variable(DefaultPresetVariable) is { Length: > 0 } name ? PresetOf(name) : SamplingPreset.Recommended,
        };
    }

    /// <summary>The names of node classes in a list that is separated by commas.</summary>
    public static IReadOnlyCollection<string> NodesIn(string? list) =>
        (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>A draft under these options.</summary>
    public TalkDraft Of(TalkDraft draft)
    {
        ArgumentNullException.ThrowIfNull(draft);
        return draft with { AlsoAllowedNodes = AlsoAllowedNodes, DefaultPreset = DefaultPreset };
    }

    private static SamplingPreset PresetOf(string name)
    {
        var names = Enum.GetValues<SamplingPreset>().ToDictionary(preset => JsonNamingPolicy.SnakeCaseLower.ConvertName(preset.ToString()));
        return names.TryGetValue(name, out var preset)
            ? preset
            : throw new TalkException(ErrorCode.ArgumentInvalid, $"{DefaultPresetVariable} is '{name}'. Give one of {string.Join(", ", names.Keys)}.");
    }
}
