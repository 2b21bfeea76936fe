using System.CommandLine;
using WanTalk.Local.Hosting;

namespace WanTalk.Local.Commands;

/// <summary><c>serve</c>: the API on this machine; unfinished talks go on by themselves.</summary>
internal static class ServeCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var port = new Option<int>("--port") { Description = "The port on loopback; 0 for a free one.", DefaultValueFactory = _ => 7071 };
        var command = new Command("serve", "Serve the API on this machine.")
        {
            port, CommonOptions.ComfyUI, CommonOptions.WorkflowNodes, CommonOptions.Home, CommonOptions.Storage, CommonOptions.Publish,
        };
        command.SetAction((parsed, cancellationToken) => CommandRun.GuardAsync(
            () => LocalServer.RunAsync(CommonOptions.Read(parsed), CommonOptions.ReadWorkflows(parsed), parsed.GetValue(port), cancellationToken)));
        return command;
    }
}
