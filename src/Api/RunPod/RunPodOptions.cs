using System.Globalization;
using WanTalk.Core.Errors;

namespace WanTalk.Api.RunPod;

/// <summary>How RunPod's contract is answered.</summary>
public sealed record RunPodOptions
{
    /// <summary>The variable with <see cref="MostWaitSeconds"/>.</summary>
    public const string MostWaitVariable = "WANTALK_RUNSYNC_SECONDS";

    private const int LongestWait = 300;

    /// <summary>The longest that <c>/runsync</c> waits, in seconds, whatever a caller asks. Default 300; 1 to 300.</summary>
    public int MostWaitSeconds { get; init; } = LongestWait;

    /// <summary>Reads the environment.</summary>
    /// <param name="variable">Gives a variable's value.</param>
    /// <param name="most">What the host's own front end allows, in seconds; also the default.</param>
    /// <exception cref="TalkException">The variable is wrong.</exception>
    public static RunPodOptions FromEnvironment(Func<string, string?> variable, int most = LongestWait)
    {
        ArgumentNullException.ThrowIfNull(variable);
        if (variable(MostWaitVariable) is not { Length: > 0 } text)
        {
            return new RunPodOptions { MostWaitSeconds = most };
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 1 && seconds <= most
            ? new RunPodOptions { MostWaitSeconds = seconds }
            : throw new TalkException(ErrorCode.ArgumentInvalid, $"{MostWaitVariable} is '{text}'. Give 1 to {most} seconds.");
    }
}
