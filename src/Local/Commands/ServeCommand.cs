using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Core.Talks;
using WanTalk.Local.Amqp;
using WanTalk.Local.Hosting;
using WanTalk.Storage;

namespace WanTalk.Local.Commands;

/// <summary><c>serve</c>: the API on this machine; unfinished talks go on by themselves.</summary>
internal static class ServeCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port on loopback; 0 for a free one.", DefaultValueFactory = _ => 7071 };
        var queue = new Option<string?>("--queue")
        {
            Description = "A queue of an AMQP 1.0 broker that talks are taken from, too (docs/queue.md). "
                + "Default: WANTALK_QUEUE, a better place for a password.",
            HelpName = "amqp://USER:PASSWORD@HOST:PORT/QUEUE",
        };
        var replyQueues = new Option<string?>("--reply-queues")
        {
            Description = "The queues that messages may name for a reply, separated by commas. Default: WANTALK_REPLY_QUEUES.",
            HelpName = "NAMES",
        };
        var sharedLanes = new Option<bool>("--shared-lanes")
        {
            Description = "Further runners serve the lanes of the account; with --storage azure only (docs/storage.md).",
        };
        var command = new Command("serve", "Serve the API on this machine.")
        {
            port, CommonOptions.ComfyUI, CommonOptions.WorkflowNodes, CommonOptions.Home, CommonOptions.Storage, CommonOptions.Publish, queue,
            replyQueues, sharedLanes,
        };
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(() =>
        {
            var requests = CommonOptions.ReadRequests(parsed);
            var options = CommonOptions.Read(parsed) with
            {
                Queue = ReadQueue(parsed.GetValue(queue), parsed.GetValue(replyQueues), requests),
                SharesLanes = parsed.GetValue(sharedLanes),
            };
            if (options is { SharesLanes: true, Storage: StorageKind.Folder })
            {
                throw new TalkException(ErrorCode.ArgumentInvalid, "--shared-lanes is for lanes in an account. Give --storage azure with it.");
            }

            return LocalServer.RunAsync(options, requests, parsed.GetValue(port), cancellationToken);
        }));
        return command;
    }

    private static QueueOptions? ReadQueue(string? queue, string? replyQueues, RequestOptions requests) =>
        (queue ?? Environment.GetEnvironmentVariable("WANTALK_QUEUE")) is { Length: > 0 } address
            ? new QueueOptions(
                AmqpAddress.Parse(address),
                (replyQueues ?? Environment.GetEnvironmentVariable("WANTALK_REPLY_QUEUES") ?? "")
                    .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
                requests)
            : null;
}
