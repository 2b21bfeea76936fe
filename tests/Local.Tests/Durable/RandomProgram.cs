using System.Globalization;
using CsCheck;
using WanTalk.Core.Orchestration;
using WanTalk.Local.Durable;

namespace WanTalk.Local.Tests.Durable;

/// <summary>
/// A small orchestration as data. One orchestrator runs any of them, and <see cref="Model"/> says, without any runtime, what comes out.
/// </summary>
/// <param name="Kind">What to do.</param>
/// <param name="Number">A number to do it with.</param>
/// <param name="Parts">The programs inside it.</param>
internal sealed record RandomProgram(ProgramKind Kind, int Number, IReadOnlyList<RandomProgram> Parts)
{
    /// <summary>Any program, at most four levels deep.</summary>
    public static readonly Gen<RandomProgram> Any = Gen.Recursive<RandomProgram>((depth, inner) =>
    {
        var leaf = Gen.Select(Gen.OneOf(Leaves), Gen.Int[0, 99], (kind, number) => new RandomProgram(kind, number, []));
        var tree = Gen.Select(Gen.OneOf(Trees), inner.List[1, 4], (kind, parts) => new RandomProgram(kind, 0, parts));
        return depth switch
        {
            0 => tree,
            < 3 => Gen.OneOf<RandomProgram>(leaf, leaf, tree),
            _ => leaf,
        };
    });

    /// <summary>Registers the orchestrator and the activities that programs are made of.</summary>
    public static DurableRegistry Register(DurableRegistry registry) => registry
        .AddActivity<int, int>("square", async (n, cancellation) =>
        {
            if (n % 3 == 0)
                await Task.Delay(1, cancellation);
            return n * n;
        })
        .AddActivity<Guid, Guid>("echo", (id, _) => Task.FromResult(id))
        .AddActivity<int, int>("fail", (n, _) => throw new FormatException($"odd {n}"))
        .AddOrchestrator<RandomProgram, string>("program", (context, program) => RunAsync(context, program, "r"));

    /// <summary>What the program returns.</summary>
    public string Model(string path = "r") => Kind switch
    {
        ProgramKind.Activity => $"{Number * Number}",
        ProgramKind.Failing or ProgramKind.Shaky => $"fail failed: odd {Number}",
        ProgramKind.Timer => "timer",
        ProgramKind.CancelledTimer => "cancelled",
        ProgramKind.Event => $"{path}!",
        ProgramKind.Identity => "same",
        ProgramKind.Sequence => string.Join(',', Parts.Select((part, i) => part.Model($"{path}.{i}"))),
        ProgramKind.Fan => $"[{string.Join('|', Parts.Select((part, i) => part.Model($"{path}.{i}")))}]",
        _ => $"({string.Join(',', Parts.Select((part, i) => part.Model($"r.{i}")))})",
    };

    /// <summary>The events that an instance of this program waits for, and those of its children.</summary>
    public IEnumerable<(string Instance, string Event)> Events(string instance, string path = "r") => Kind switch
    {
        ProgramKind.Event => [(instance, path)],
        ProgramKind.Child => Parts.SelectMany((part, i) => part.Events(ChildId(instance, path), $"r.{i}")),
        _ => Parts.SelectMany((part, i) => part.Events(instance, $"{path}.{i}")),
    };

    private static ProgramKind[] Leaves =>
    [
        ProgramKind.Activity, ProgramKind.Activity, ProgramKind.Failing, ProgramKind.Shaky, ProgramKind.Timer, ProgramKind.CancelledTimer,
        ProgramKind.Event, ProgramKind.Identity,
    ];

    private static ProgramKind[] Trees => [ProgramKind.Sequence, ProgramKind.Sequence, ProgramKind.Fan, ProgramKind.Child];

    private static async Task<string> RunAsync(IOrchestrationContext context, RandomProgram program, string path)
    {
        var parts = program.Parts;
        switch (program.Kind)
        {
            case ProgramKind.Activity:
                return (await context.CallActivityAsync<int>("square", program.Number)).ToString(CultureInfo.InvariantCulture);
            case ProgramKind.Failing:
                return await FailureAsync(context, program.Number, retry: null);
            case ProgramKind.Shaky:
                return await FailureAsync(context, program.Number, new ActivityRetryPolicy(3, TimeSpan.Zero, 1, TimeSpan.Zero));
            case ProgramKind.Timer:
                await context.CreateTimer(TimeSpan.FromMilliseconds(program.Number % 4), CancellationToken.None);
                return "timer";
            case ProgramKind.CancelledTimer:
                return await CancelledTimerAsync(context, program.Number);
            case ProgramKind.Event:
                return await context.WaitForExternalEvent<string>(path);
            case ProgramKind.Identity:
                var id = context.NewGuid();
                return await context.CallActivityAsync<Guid>("echo", id) == id ? "same" : "different";
            case ProgramKind.Sequence:
                var results = new List<string>();
                foreach (var (part, i) in parts.Select((part, i) => (part, i)))
                    results.Add(await RunAsync(context, part, $"{path}.{i}"));
                return string.Join(',', results);
            case ProgramKind.Fan:
                return $"[{string.Join('|', await Task.WhenAll(parts.Select((part, i) => RunAsync(context, part, $"{path}.{i}"))))}]";
            default:
                var child = new RandomProgram(ProgramKind.Sequence, 0, parts);
                return $"({await context.CallSubOrchestratorAsync<string>("program", ChildId(context.InstanceId, path), child)})";
        }
    }

    private static async Task<string> FailureAsync(IOrchestrationContext context, int number, ActivityRetryPolicy? retry)
    {
        try
        {
            return $"{await context.CallActivityAsync<int>("fail", number, retry)}";
        }
        catch (OrchestrationTaskFailedException e)
        {
            return e.Message;
        }
    }

    private static async Task<string> CancelledTimerAsync(IOrchestrationContext context, int number)
    {
        using var cancellation = new CancellationTokenSource();
        var timer = context.CreateTimer(TimeSpan.FromHours(1), cancellation.Token);
        await context.CallActivityAsync<int>("square", number);
        cancellation.Cancel();
        return timer.IsCanceled ? "cancelled" : "not cancelled";
    }

    // Paths of nested children grow; ids may not.
    private static string ChildId(string instance, string path) => $"{instance}-{path}";
}

internal enum ProgramKind
{
    Activity,
    Failing,
    Shaky,
    Timer,
    CancelledTimer,
    Event,
    Identity,
    Sequence,
    Fan,
    Child,
}
