using CliWrap;
using CliWrap.Buffered;
using WanTalk.Core.Errors;
using WanTalk.GpuRunner.Engine;
using WanTalk.Local.Hosting;
using WanTalk.Storage;

namespace WanTalk.Local.Doctor;

/// <summary>What a check found.</summary>
/// <param name="What">What was looked for.</param>
/// <param name="Healthy">Whether it is there.</param>
/// <param name="Detail">Its version or place, or how to get it.</param>
internal sealed record Finding(string What, bool Healthy, string Detail);

/// <summary>The checks of <c>doctor</c>; each looks for one thing and cannot fail for another.</summary>
internal static class Checks
{
    private const long EnoughBytes = 2L << 30;

    /// <summary>The checks for a way of running talks.</summary>
    public static IEnumerable<Func<CancellationToken, Task<Finding>>> For(LocalOptions options)
    {
        yield return token => ProgramAsync("dotnet", ["--version"], "Install the .NET 10 SDK.", token);
        yield return token => ProgramAsync("ffmpeg", ["-version"], "Install it: apt-get install ffmpeg", token);
        yield return token => ProgramAsync("ffprobe", ["-version"], "Install it: apt-get install ffmpeg", token);
        yield return _ => Task.FromResult(Room("GpuRunner", "runner"));
        yield return _ => Task.FromResult(DiskOf(options.Home));
        if (options.Storage == StorageKind.Azure)
        {
            yield return token => CloudAsync("storage: azure", StorageAdapters.CheckAzureAsync, token);
        }

        if (options.Publish == PublishKind.R2)
        {
            yield return token => CloudAsync("publish: r2", StorageAdapters.CheckR2Async, token);
        }

        if (options.ComfyUI is { } url)
        {
            yield return token => EngineAsync(url, token);
        }
        else
        {
            foreach (var finding in Installed() ?? [Room("Understudy", "engine: understudy (a preview, not WanVideo)")])
            {
                yield return _ => Task.FromResult(finding);
            }
        }
    }

    /// <summary>The ComfyUI that the environment names; null when it names none.</summary>
    private static IReadOnlyList<Finding>? Installed()
    {
        const string What = "engine: the ComfyUI of COMFYUI_PATH";
        try
        {
            return ComfyUIFolder.Find(Environment.GetEnvironmentVariable) is { } found
                ?
                [
                    new Finding(What, true, $"{found.Folder}, run by {found.Python}"),
                    new Finding("node pack", found.HasNodePack, found.HasNodePack
                        ? found.NodePack
                        : $"{found.NodePack} has no WanTalk node pack; copy src/GpuRunner/engine/custom_nodes/wantalk there"),
                ]
                : null;
        }
        catch (TalkException wrong)
        {
            return [new Finding(What, false, wrong.Error.Message)];
        }
    }

    private static async Task<Finding> ProgramAsync(string program, string[] arguments, string cure, CancellationToken cancellationToken)
    {
        try
        {
            var result = await Cli.Wrap(program).WithArguments(arguments).ExecuteBufferedAsync(cancellationToken);
            return new Finding(program, true, result.StandardOutput.Split('\n')[0].Trim());
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return new Finding(program, false, cure);
        }
    }

    private static Finding Room(string room, string what)
    {
        try
        {
            return new Finding(what, true, Programs.CommandOf(room)[1]);
        }
        catch (TalkException missing)
        {
            return new Finding(what, false, missing.Error.Message);
        }
    }

    private static Finding DiskOf(string home)
    {
        var folder = Path.GetFullPath(home);
        while (!Directory.Exists(folder))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        var free = new DriveInfo(folder).AvailableFreeSpace;
        return new Finding("disk", free >= EnoughBytes, free >= EnoughBytes
            ? $"{free >> 20} MiB free for {home}"
            : $"{free >> 20} MiB free for {home}; free {EnoughBytes >> 20} MiB, or give another --home");
    }

    private static async Task<Finding> CloudAsync(
        string what, Func<Func<string, string?>, TimeProvider, CancellationToken, Task<Uri>> check, CancellationToken cancellationToken)
    {
        try
        {
            return new Finding(what, true, (await check(Environment.GetEnvironmentVariable, TimeProvider.System, cancellationToken)).ToString());
        }
        catch (TalkException wrong)
        {
            return new Finding(what, false, wrong.Error.Message);
        }
    }

    private static async Task<Finding> EngineAsync(Uri url, CancellationToken cancellationToken)
    {
        var problems = await EngineExamination.ExamineAsync(url, TimeProvider.System, cancellationToken);
        return new Finding("engine", problems.Count == 0, problems.Count == 0 ? url.ToString() : $"{url} is not ready. {string.Join(' ', problems)}");
    }
}
