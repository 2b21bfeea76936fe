using System.Text.Json;
using System.Text.Json.Nodes;

namespace WanTalk.Understudy.Faults;

/// <summary>Reads a fault as it is asked for: {"kind": "slow_node", "node": "LoadImage", "seconds": 2, "count": 1}.</summary>
internal static class FaultJson
{
    private const double MaxSeconds = 3600;

    /// <summary>The name of a kind in JSON: snake_case.</summary>
    public static string NameOf(FaultKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <summary>Reads a fault; or says in one line what is wrong with it.</summary>
    public static (Fault? Fault, string? Complaint) Read(JsonNode? asked)
    {
        if (asked is not JsonObject members)
            return (null, "A fault is an object with a kind.");
        try
        {
            var kinds = Enum.GetValues<FaultKind>();
            var index = Array.FindIndex(kinds, kind => NameOf(kind) == (string?)members["kind"]);
            if (index < 0)
                return (null, $"kind must be one of {string.Join(", ", kinds.Select(NameOf))}.");
            var unlimited = kinds[index] == FaultKind.Hang ? int.MaxValue : 1;
            var plain = new Fault(kinds[index]);
            var fault = plain with
            {
                Node = (string?)members["node"],
                Window = (int?)members["window"],
                Seconds = (double?)members["seconds"] ?? 0,
                Looks = (int?)members["looks"] ?? 0,
                Type = (string?)members["type"] ?? plain.Type,
                Message = (string?)members["message"] ?? plain.Message,
                Count = (int?)members["count"] ?? unlimited,
            };
            return Complaint(fault) is { } complaint ? (null, complaint) : (fault, null);
        }
        catch (Exception error) when (error is InvalidOperationException or FormatException or OverflowException)
        {
            return (null, "node, type and message are texts; window, looks and count whole numbers; seconds a number.");
        }
    }

    private static string? Complaint(Fault fault) => fault switch
    {
        { Seconds: < 0 or > MaxSeconds or double.NaN } => $"seconds must be 0 to {MaxSeconds}.",
        { Count: < 1 } => "count must be at least 1.",
        { Looks: < 0 } => "looks must not be negative.",
        { Window: not null, Kind: not (FaultKind.OutOfMemory or FaultKind.Crash or FaultKind.SlowWindow or FaultKind.BlackWindow or FaultKind.NanWindow) } =>
            "Only out_of_memory, crash, slow_window, black_window and nan_window know windows.",
        { Kind: FaultKind.SlowNode or FaultKind.SlowWindow, Seconds: 0 } => "What is slow needs seconds.",
        { Kind: FaultKind.StalledHistory, Seconds: 0, Looks: 0 } => "A stalled history needs seconds or looks.",
        _ => null,
    };
}
