using System.CommandLine;
using WanTalk.Core.Artifacts;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Local.Delivery;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Commands;

/// <summary><c>resume ID</c>: goes on where a talk was, whatever stopped it.</summary>
internal static class ResumeCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var id = new Argument<string>("id") { Description = "The talk's id: the first line that 'talk' printed." };
        var command = new Command("resume", "Go on with a talk that was interrupted, failed or cancelled, and deliver its video.")
        {
            id, CommonOptions.Out, CommonOptions.ComfyUI, CommonOptions.Home, CommonOptions.Storage, CommonOptions.Publish, CommonOptions.Json,
        };
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(async () =>
        {
            var talk = parsed.GetValue(id)!;
            var options = CommonOptions.Read(parsed) with { OnlyTalk = talk };
            if (!TalkId.IsValid(talk) || !Directory.Exists(options.Home))
            {
                throw new TalkException(ErrorCode.TalkNotFound, $"There is no talk '{talk}' in {options.Home}. Give its --home.");
            }

            using var telemetry = CommandRun.Telemetry();
            using var logging = CommandRun.QuietLogging(telemetry);
            await using var host = await LocalHost.StartAsync(options, logging, cancellationToken);
            var request = await host.Store.TryReadJsonAsync<TalkRequest>(new TalkPaths(talk).Request, cancellationToken)
                ?? throw new TalkException(ErrorCode.TalkNotFound, $"There is no talk '{talk}' in {options.Home}. Give its --home.");
            var target = VideoDelivery.ResolveTarget(parsed.GetValue(CommonOptions.Out), request.SpeechName);
            await host.Control.RetryAsync(talk, cancellationToken);
            await Console.Error.WriteLineAsync(talk);
            await new TalkFollower(host, parsed.GetValue(CommonOptions.Json)).FollowAsync(talk, target, cancellationToken);
        }));
        return command;
    }
}
