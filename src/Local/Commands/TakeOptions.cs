using System.CommandLine;
using WanTalk.Core.Takes;

namespace WanTalk.Local.Commands;

/// <summary>The options about takes.</summary>
internal sealed class TakeOptions
{
    /// <summary><c>--continuity</c>.</summary>
    public Option<string?> Continuity { get; } = new("--continuity")
    {
        Description = $"Give {string.Join(" or ", TakeRules.Choices)}: takes are cut at silences and sampled side by side, and the picture goes back "
            + "to the portrait at each cut. Default continuous.",
        HelpName = "VALUE",
    };

    /// <summary><c>--take-seconds</c>.</summary>
    public Option<double?> Seconds { get; } = new("--take-seconds")
    {
        Description = $"How long a take should be, {TakeLimits.MinSeconds} to {TakeLimits.MaxSeconds}. Default {TakeLimits.DefaultSeconds}.",
        HelpName = "SECONDS",
    };

    /// <summary>Adds them to a command.</summary>
    public void AddTo(Command command)
    {
        command.Options.Add(Continuity);
        command.Options.Add(Seconds);
    }
}
