using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using WanTalk.Core.Errors;
using WanTalk.Core.Json;
using WanTalk.GpuRunner.Processes;

namespace WanTalk.GpuRunner.Models;

/// <summary><c>models (list|verify|pull|lock)</c>: what the engine's models are, and whether they are there; docs/models.md.</summary>
internal static class ModelsCommand
{
    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows <c>models</c>.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        var root = new RootCommand("The engine's models.") { List(), Verify(), Pull(), Lock() };
        try
        {
            return await CommandLine.InvokeAsync(root, arguments);
        }
        catch (TalkException failure)
        {
            await Console.Error.WriteLineAsync(failure.Error.ToString());
            return ExitCodes.Of(failure.Error.Code);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(new TalkError(ErrorCode.Cancelled, "It was cancelled; what came is kept.").ToString());
            return ExitCodes.Cancelled;
        }
    }

    private static Command List()
    {
        var command = new Command("list", "Tell which models presets need.") { ModelsOptions.Preset, ModelsOptions.Manifest, ModelsOptions.Json };
        command.SetAction(parsed =>
        {
            var models = ModelManifest.Read(ModelsOptions.ManifestPath(parsed)).For(ModelsOptions.Presets(parsed));
            if (parsed.GetValue(ModelsOptions.Json))
            {
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Models = models }, CoreJson.Readable));
                return;
            }

            foreach (var model in models)
            {
                var size = model.KnownSize is { } bytes ? $"{(model.Size is null ? "about " : "")}{ByteText.Of(bytes)}" : "size unknown";
                Console.Out.WriteLine($"{model.Id}: {model.LocalPath}, {size}, {model.License}{(model.IsLocked ? "" : ", not locked")}");
            }
        });
        return command;
    }

    private static Command Verify()
    {
        var sizes = new Option<bool>("--sizes-only") { Description = "Do not compute hashes." };
        var command = new Command("verify", "Compare the files with the manifest.")
        {
            ModelsOptions.Preset, ModelsOptions.To, ModelsOptions.Manifest, ModelsOptions.AllowUnlocked, sizes, ModelsOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var folder = ModelsOptions.Folder(parsed);
            var findings = new List<ModelFinding>();
            foreach (var model in ModelManifest.Read(ModelsOptions.ManifestPath(parsed)).For(ModelsOptions.Presets(parsed)))
            {
                var finding = parsed.GetValue(sizes)
                    ? ModelVerifier.Glance(model, folder)
                    : await ModelVerifier.VerifyAsync(model, folder, cancellationToken);
                findings.Add(finding);
                if (!parsed.GetValue(ModelsOptions.Json))
                {
                    Console.Out.WriteLine(Describe(finding));
                }
            }

            if (parsed.GetValue(ModelsOptions.Json))
            {
                var told = findings.Select(finding => new { finding.Model.Id, Path = finding.Model.PathIn(folder), finding.State, finding.Detail });
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Models = told }, CoreJson.Readable));
            }

            return findings.All(finding => finding.State == ModelState.Good
                || (finding.State == ModelState.Unlocked && parsed.GetValue(ModelsOptions.AllowUnlocked))) ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static Command Pull()
    {
        var command = new Command("pull", "Download what is missing or damaged; goes on where an earlier pull ended.")
        {
            ModelsOptions.Preset, ModelsOptions.To, ModelsOptions.Manifest, ModelsOptions.BaseUrl, ModelsOptions.Parallel,
            ModelsOptions.AllowUnlocked, ModelsOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var manifest = ModelManifest.Read(ModelsOptions.ManifestPath(parsed));
            var (folder, options) = (ModelsOptions.Folder(parsed), ModelsOptions.Download(parsed));
            using var downloader = new ModelDownloader(ModelsOptions.Source(parsed, manifest), options, TimeProvider.System);
            IReadOnlyList<ModelEntry> downloaded;
            await using (var display = Display())
            {
                downloaded = await new ModelPull(downloader, options, display, TimeProvider.System)
                    .RunAsync(manifest.For(ModelsOptions.Presets(parsed)), folder, cancellationToken);
            }

            if (parsed.GetValue(ModelsOptions.Json))
            {
                var told = downloaded.Select(model => new { model.Id, Path = model.PathIn(folder) });
                Console.Out.WriteLine(JsonSerializer.Serialize(new { Downloaded = told }, CoreJson.Readable));
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Lock()
    {
        var refresh = new Option<bool>("--refresh") { Description = "Ask for everything anew, and write down what has changed." };
        var command = new Command("lock", "Fill commits, sizes and hashes into the manifest; needs a connection.")
        {
            ModelsOptions.Manifest, ModelsOptions.BaseUrl, refresh,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = ModelsOptions.ManifestPath(parsed);
            var manifest = ModelManifest.Read(path);
            var (source, options) = (ModelsOptions.Source(parsed, manifest), new DownloadOptions());
            using var downloader = new ModelDownloader(source, options, TimeProvider.System);
            await using var display = Display();
            using var locker = new ModelLocker(source, downloader, options, display);
            var models = manifest.Models.ToList();
            for (var at = 0; at < models.Count; at++)
            {
                if (ModelLocker.IsWhole(models[at]) && !parsed.GetValue(refresh))
                {
                    continue;
                }

                models[at] = await locker.LockAsync(models[at], parsed.GetValue(refresh), cancellationToken);
                // After each: a lock that is interrupted goes on behind what it knows.
                (manifest with { Models = models }).Write(path);
                display.Done(models[at]);
            }

            return ExitCodes.Done;
        });
        return command;
    }

    private static string Describe(ModelFinding finding) => finding.State switch
    {
        ModelState.Good => $"{finding.Model.Id}: good",
        ModelState.Unlocked => $"{finding.Model.Id}: is there, but the manifest does not say what it should be",
        ModelState.Missing => new TalkError(ErrorCode.ModelMissing, finding.Detail).ToString(),
        _ => new TalkError(ErrorCode.ModelDamaged, finding.Detail).ToString(),
    };

    private static IPullDisplay Display()
    {
        if (Console.IsErrorRedirected)
        {
            return new PlainPullDisplay(Console.Error);
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Interactive ? new BarPullDisplay(console) : new PlainPullDisplay(Console.Error);
    }
}
