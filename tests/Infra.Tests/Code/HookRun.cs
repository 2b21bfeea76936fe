using System.Text.RegularExpressions;

namespace WanTalk.Infra.Tests.Code;

/// <summary>
/// A checkout with the hooks and a file of each kind that the images are made of, and programs in the place of az, azd and dotnet that write
/// down how they are called: no cloud is there to be deployed to.
/// </summary>
internal sealed partial class HookRun : IDisposable
{
    private const string Recorder = """
        #!/usr/bin/env bash
        printf '%s %s\n' "${0##*/}" "$*" >>"$CALLS"
        case "$*" in
          'acr run '*) (cd -- "${*: -1}" && find . -type f) >>"$CALLS.context" ;;
          'deployment sub create '*) echo "with the tag $WANTALK_IMAGE_TAG" >>"$CALLS" ;;
          *'job start '*) echo models-1 ;;
          *'execution show '*)
            looks=$(grep -c 'execution show' "$CALLS")
            if ((looks < 3)); then echo Running; else echo "$JOB_STATUS"; fi ;;
        esac
        """;

    private readonly ScratchFolder _folder = new();
    private readonly Dictionary<string, string> _environment;

    /// <summary>Makes the checkout.</summary>
    public HookRun()
    {
        Root = Path.Combine(_folder.Path, "checkout");
        Files.Copy(Path.Combine(Files.Deployed, "infra", "hooks"), Path.Combine(Root, "infra", "hooks"));
        File.Copy(Path.Combine(Files.Deployed, "Dockerfile.gpu"), Path.Combine(Root, "Dockerfile.gpu"));
        foreach (var file in ImageFiles.Append("Dockerfile.gpu.dockerignore").Append("src/GpuRunner/engine/models.json"))
        {
            Write(file, file);
        }

        var programs = Path.Combine(_folder.Path, "programs");
        foreach (var name in new[] { "az", "azd", "dotnet" })
        {
            Command.Write(() => Write(Path.Combine(programs, name), Recorder));
            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(Path.Combine(programs, name), UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }
        }

        Write(CallsFile, "");
        _environment = new()
        {
            ["PATH"] = $"{programs}:/usr/local/bin:/usr/bin:/bin",
            ["CALLS"] = CallsFile,
            ["JOB_STATUS"] = "Succeeded",
            ["WANTALK_POLL_SECONDS"] = "0",
        };
    }

    /// <summary>The checkout.</summary>
    public string Root { get; }

    /// <summary>What Dockerfile.gpu copies from the checkout, a file of each.</summary>
    public static IReadOnlyList<string> ImageFiles { get; } =
    [
        .. CopyLine().Matches(File.ReadAllText(Path.Combine(Files.Deployed, "Dockerfile.gpu")))
            .SelectMany(line => line.Groups["files"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)[..^1])
            .Select(source => Path.HasExtension(source) || source.StartsWith('.') ? source : $"{source}/any")
            .Distinct(),
    ];

    /// <summary>How the programs were called.</summary>
    public IReadOnlyList<string> Calls => File.ReadAllLines(CallsFile);

    /// <summary>The files that the registry was given.</summary>
    public IReadOnlyList<string> Context => [.. File.ReadAllLines($"{CallsFile}.context").Select(file => file[2..]).Distinct()];

    private string CallsFile => Path.Combine(_folder.Path, "calls");

    /// <summary>What azd has in its environment after the infrastructure was deployed.</summary>
    public HookRun Provisioned() => With("AZURE_RESOURCE_GROUP", "group").With("AZURE_CONTAINER_REGISTRY_NAME", "registry")
        .With("WANTALK_MODELS_JOB", "job").With("WANTALK_MODELS_PRESET", "recommended").With("AZURE_SUBSCRIPTION_ID", "subscription")
        .With("AZURE_ENV_NAME", "dev").With("AZURE_LOCATION", "swedencentral");

    /// <summary>Sets a variable.</summary>
    public HookRun With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    /// <summary>The value that a hook has given azd to keep; null when it gave none.</summary>
    public string? Kept(string name) => Calls.Where(call => call.StartsWith($"azd env set {name} ", StringComparison.Ordinal))
        .Select(call => call.Split(' ')[^1]).SingleOrDefault();

    /// <summary>Runs a hook.</summary>
    public Task<Command> RunAsync(string hook) => Command.RunAsync(
        "/bin/bash", [Path.Combine(Root, "infra", "hooks", hook)], Root, _environment, TestContext.Current.CancellationToken);

    /// <summary>Forgets what was called.</summary>
    public void Forget() => File.WriteAllText(CallsFile, "");

    /// <summary>Changes a file of the checkout.</summary>
    public void Write(string file, string text)
    {
        var path = Path.Combine(Root, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [GeneratedRegex("^COPY (?!--from)(?:--\\S+ )*(?<files>.+)$", RegexOptions.Multiline)]
    private static partial Regex CopyLine();
}
