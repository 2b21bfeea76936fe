using System.Diagnostics;
using System.Text;
using WanTalk.Bench.Reports;
using WanTalk.Core.Intake;
using WanTalk.Core.Orchestration;
using WanTalk.Core.Talks;
using WanTalk.Storage;

namespace WanTalk.Bench.Lanes;

/// <summary>How many messages become talks in a second: the request is checked and stored, and the orchestration is started on the disk.</summary>
internal static class IntakeBenchmark
{
    private const int Talks = 400;
    private const int AtOnce = 8;

    /// <summary>What is measured.</summary>
    public const string About = "400 messages become talks, eight at once: checked, stored, their orchestrations started; SQLite and a folder, and Azurite";

    /// <summary>Tells the talks a second with each adapter, and their ratio.</summary>
    public static async Task RunAsync(Report report, CancellationToken cancellationToken)
    {
        var folder = await MeasureAsync(report, StorageKind.Folder, cancellationToken);
        var azure = await MeasureAsync(report, StorageKind.Azure, cancellationToken);
        report.Tell("Azurite's to the folder's", azure / folder, "ratio");
    }

    private static async Task<double> MeasureAsync(Report report, StorageKind kind, CancellationToken cancellationToken)
    {
        await using var rig = await LaneRig.StartAsync(kind, [new InstantStage(secondsPerWindow: 300)], gpus: 1, cancellationToken);
        var handler = new TalkMessageHandler(
            new TalkIntake(rig.Storage.Artifacts, rig.Orchestrations, new WaitRules()),
            new MessageIntakeOptions { IdSecret = "a secret of the benchmark"u8.ToArray() },
            new RequestOptions(),
            TimeProvider.System);
        await AcceptAsync(handler, "warm", 20, cancellationToken);
        var begun = Stopwatch.GetTimestamp();
        await AcceptAsync(handler, "m", Talks, cancellationToken);
        var rate = Talks / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        report.Tell($"{StorageKinds.NameOf(kind)}: talks accepted a second", rate, "1/s");
        return rate;
    }

    private static Task AcceptAsync(TalkMessageHandler handler, string name, int talks, CancellationToken cancellationToken) => Parallel.ForAsync(
        0,
        talks,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (i, stop) =>
        {
            var body = Encoding.UTF8.GetBytes($$"""{"image_url": "https://example.com/{{i}}.png", "audio_url": "https://example.com/{{i}}.wav"}""");
            var verdict = await handler.HandleAsync(new TalkMessage("talks", $"{name}-{i}", body, null, null), stop);
            if (verdict.Action != MessageAction.Complete)
            {
                throw new InvalidOperationException($"A message was not accepted: {verdict.Error}");
            }
        });
}
