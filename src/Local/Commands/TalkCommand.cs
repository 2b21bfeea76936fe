using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Local.Delivery;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Commands;

/// <summary><c>talk PORTRAIT SPEECH</c>: the main job.</summary>
internal static class TalkCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var portrait = new Argument<string>("portrait") { Description = "A JPEG or PNG picture of a face." };
        var speech = new Argument<string>("speech") { Description = "A recording: WAV, MP3, FLAC, or what else ffmpeg reads." };
        var width = new Option<int?>("--width") { Description = "Pixels in a row, 128 to 1536; made a multiple of 16. Default 640." };
        var height = new Option<int?>("--height") { Description = "Rows, 128 to 1536; made a multiple of 16. Default 640." };
        var seed = new Option<long?>("--seed") { Description = "1 to 2^53-1; the same seed gives the same video. Drawn when 0 or absent." };
        var prompt = new Option<string?>("--prompt") { Description = "What the picture shows; has little effect on the lips." };
        var negativePrompt = new Option<string?>("--negative-prompt") { Description = "What the picture should not show. Default: the graph's." };
        var audioStart = new Option<double?>("--audio-start") { Description = "The second of the speech to begin with, cut to the sample. Default 0." };
        var audioEnd = new Option<double?>("--audio-end") { Description = "The second of the speech to end before. Default: its end." };
        var numFrames = new Option<int?>("--num-frames") { Description = "The most frames, at 25 a second: it only shortens. Default: all of the speech." };
        var stream = new Option<bool>("--stream") { Description = "Also make an HLS playlist and its segments, window by window, in the talk's folder hls." };
        var takes = new TakeOptions();
        var sampling = new SamplingOptions();
        var workflow = new Option<string?>("--workflow") { Description = "A ComfyUI workflow of your own, in API format: it makes the video in one prompt." };
        var command = new Command("talk", "Make a talking video of a portrait and a speech.")
        {
            portrait, speech, CommonOptions.Out, width, height, seed, prompt, negativePrompt, audioStart, audioEnd, numFrames, stream, CommonOptions.ComfyUI,
            CommonOptions.Home, CommonOptions.Storage, CommonOptions.Publish, CommonOptions.Json,
        };
        takes.AddTo(command);
        sampling.AddTo(command);
        command.Options.Add(workflow);
        command.Options.Add(CommonOptions.WorkflowNodes);
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(async () =>
        {
            var target = VideoDelivery.ResolveTarget(parsed.GetValue(CommonOptions.Out), parsed.GetValue(speech)!);
            await using var inputs = InputFiles.Open(parsed.GetValue(portrait)!, parsed.GetValue(speech)!);
            var graph = parsed.GetValue(workflow) is { } file ? await InputFiles.ReadWorkflowAsync(file, cancellationToken) : null;
            var draft = new TalkDraft
            {
                Portrait = inputs.PortraitFacts,
                Speech = inputs.SpeechFacts,
                Width = parsed.GetValue(width),
                Height = parsed.GetValue(height),
                Seed = parsed.GetValue(seed),
                Prompt = parsed.GetValue(prompt),
                NegativePrompt = parsed.GetValue(negativePrompt),
                AudioStart = parsed.GetValue(audioStart),
                AudioEnd = parsed.GetValue(audioEnd),
                NumFrames = parsed.GetValue(numFrames),
                Continuity = parsed.GetValue(takes.Continuity),
                TakeSeconds = parsed.GetValue(takes.Seconds),
                Stream = parsed.GetValue(stream),
                Sampling = sampling.Read(parsed),
                Workflow = graph,
            };
            var request = TalkIntake.Check(CommonOptions.ReadRequests(parsed).Of(draft), TimeProvider.System, out var problems);
            if (request is null)
            {
                throw new RefusedException(problems);
            }

            await RunAsync(CommonOptions.Read(parsed) with { OnlyTalk = request.Id }, request, inputs, graph, target,
                parsed.GetValue(CommonOptions.Json), cancellationToken);
        }));
        return command;
    }

    private static async Task RunAsync(
        LocalOptions options, TalkRequest request, InputFiles inputs, string? workflow, string target, bool json,
        CancellationToken cancellationToken)
    {
        using var telemetry = CommandRun.Telemetry();
        using var logging = CommandRun.QuietLogging(telemetry);
        await using var host = await LocalHost.StartAsync(options, logging, cancellationToken);
        await host.Intake.AcceptAsync(request, inputs.Portrait, inputs.Speech, workflow, cancellationToken);
        await Console.Error.WriteLineAsync(request.Id);
        try
        {
            await new TalkFollower(host, json).FollowAsync(request.Id, target, cancellationToken);
        }
        catch (TalkException failure) when (ErrorCatalog.KindOf(failure.Error.Code) == ErrorKind.Input)
        {
            await host.Control.DeleteAsync(request.Id, CancellationToken.None);
            throw;
        }
    }
}
