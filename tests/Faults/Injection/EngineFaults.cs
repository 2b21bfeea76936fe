using System.Net.Http.Json;
using WanTalk.Faults.Houses;
using WanTalk.Faults.Plans;

namespace WanTalk.Faults.Injection;

/// <summary>The faults that the understudy commits itself when it is asked to.</summary>
internal static class EngineFaults
{
    private const string Sampler = "WanTalkWindowSampler";

    private static readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <summary>How many windows may be sampled twice for one: black frames are made again before they are told.</summary>
    public static int WindowsOf(FaultKind kind) => kind == FaultKind.EngineBlackWindow ? 1 : 0;

    /// <summary>Asks for one.</summary>
    /// <returns>False when the engine was not there.</returns>
    public static async Task<bool> ArmAsync(RunningHouse house, PlannedFault fault, CancellationToken cancellationToken)
    {
        object asked = fault.Kind switch
        {
            FaultKind.EngineException => new { kind = "exception", node = Sampler },
            FaultKind.EngineOutOfMemory => new { kind = "out_of_memory", window = fault.Choice % 3 },
            FaultKind.EngineBlackWindow => new { kind = "black_window", window = fault.Choice % 3 },
            FaultKind.EngineHang => new { kind = "hang", seconds = fault.Seconds },
            FaultKind.EngineStalledHistory => new { kind = "stalled_history", seconds = fault.Seconds },
            FaultKind.EngineSilentSockets => new { kind = "silent_sockets" },
            _ => throw new ArgumentException($"{fault.Kind} is no fault of an engine.", nameof(fault)),
        };
        try
        {
            using var answer = await _http.PostAsJsonAsync(new Uri(house.EngineAddress, "understudy/faults"), asked, cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception away) when (away is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
