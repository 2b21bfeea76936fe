using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Injection;

/// <summary>The faults that the understudy commits itself when it is asked to.</summary>
internal static class EngineFaults
{
    private const string Sampler = "WanTalkWindowSampler";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>How many windows may be sampled twice for one: black frames are made again before they are told.</summary>
    public static int WindowsOf(FaultKind kind) => kind == FaultKind.EngineBlackWindow ? 1 : 0;

    /// <summary>Whether it waits for a window, which may be much later, and ends a talk or costs a window then.</summary>
    public static bool StaysArmed(FaultKind kind) => kind is FaultKind.EngineException or FaultKind.EngineOutOfMemory or FaultKind.EngineBlackWindow;

    /// <summary>Waits until the engine has no such fault any more: it has struck, or its process has ended.</summary>
    public static async Task UntilStruckAsync(RunningHouse house, PlannedFault fault, CancellationToken cancellationToken)
    {
        var asked = JsonSerializer.SerializeToNode(Asked(fault))!;
        while (await ArmedAsync(house, cancellationToken) is not { } armed
            || armed.Any(one => asked.AsObject().All(wish => JsonNode.DeepEquals(one![wish.Key], wish.Value))))
        {
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Asks for one.</summary>
    /// <returns>False when the engine was not there.</returns>
    public static async Task<bool> ArmAsync(RunningHouse house, PlannedFault fault, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _http.PostAsJsonAsync(AddressOf(house), Asked(fault), cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (IsAway(away, cancellationToken))
        {
            return false;
        }
    }

    /// <returns>Null when the engine was not there.</returns>
    private static async Task<JsonArray?> ArmedAsync(RunningHouse house, CancellationToken cancellationToken)
    {
        try
        {
            return (await _http.GetFromJsonAsync<JsonObject>(AddressOf(house), cancellationToken))!["faults"]!.AsArray();
        }
        catch (Exception away) when (IsAway(away, cancellationToken))
        {
            return null;
        }
    }

    private static object Asked(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.EngineException => new { kind = "exception", node = Sampler },
        FaultKind.EngineOutOfMemory => new { kind = "out_of_memory", window = fault.Choice % 3 },
        FaultKind.EngineBlackWindow => new { kind = "black_window", window = fault.Choice % 3 },
        FaultKind.EngineHang => new { kind = "hang", seconds = fault.Seconds },
        FaultKind.EngineStalledHistory => new { kind = "stalled_history", seconds = fault.Seconds },
        FaultKind.EngineSilentSockets => new { kind = "silent_sockets" },
        _ => throw new ArgumentException($"{fault.Kind} is no fault of an engine.", nameof(fault)),
    };

    private static Uri AddressOf(RunningHouse house) => new(house.EngineAddress, "understudy/faults");

    private static bool IsAway(Exception failure, CancellationToken cancellationToken) =>
        failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested;
}
