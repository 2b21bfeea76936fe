using System.CommandLine;
using WanTalk.Core.Errors;
using WanTalk.Local.Doctor;

namespace WanTalk.Local.Commands;

/// <summary><c>doctor</c>: what is there, what is missing, and how to get it.</summary>
internal static class DoctorCommand
{
    /// <summary>Describes the command.</summary>
    public static Command Create()
    {
        var command = new Command("doctor", "Tell what is there, what is missing, and how to get it.")
        {
            CommonOptions.Home, CommonOptions.Storage, CommonOptions.Publish, CommonOptions.ComfyUI,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var healthy = true;
            return await CommandRun.GuardAsync(async () =>
            {
                foreach (var check in Checks.For(CommonOptions.Read(parsed)))
                {
                    var finding = await check(cancellationToken);
                    healthy &= finding.Healthy;
                    Console.Out.WriteLine($"{(finding.Healthy ? "ok     " : "missing")} {finding.What}: {finding.Detail}");
                }
            }) is var code && code == ExitCodes.Done && !healthy ? ExitCodes.Failed : code;
        });
        return command;
    }
}
