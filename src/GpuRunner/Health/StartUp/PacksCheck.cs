namespace WanTalk.GpuRunner.Health.StartUp;

/// <summary>
/// Looks whether ComfyUI's node packs are there, at the commits that WanTalk was tested with where a folder tells its commit: by a file
/// <c>.wantalk-commit</c>, or as a Git work tree.
/// </summary>
/// <param name="options">The runner's settings.</param>
/// <param name="pins">The packs.</param>
internal sealed class PacksCheck(RunnerOptions options, EnginePins pins) : StartUpCheck
{
    /// <summary>Where a folder without Git tells its commit.</summary>
    public const string CommitFile = ".wantalk-commit";

    /// <inheritdoc/>
    protected override Task<IReadOnlyList<string>> LookAsync(CancellationToken cancellationToken)
    {
        var engine = options.Engine.Folder!;
        return Task.FromResult<IReadOnlyList<string>>(
        [
            .. Look(pins.Engine, engine),
            .. pins.Packs.SelectMany(pack => Look(pack, Path.Combine(engine, "custom_nodes", pack.Name))),
        ]);
    }

    private static IEnumerable<string> Look(EnginePins.Pin pin, string folder)
    {
        if (!Directory.Exists(folder))
        {
            yield return $"{pin.Name} is missing: there is no {folder}. Install it at {pin.Commit}.";
        }
        else if (CommitOf(folder) is { } commit && commit != pin.Commit)
        {
            yield return $"{pin.Name} is at {commit}, but WanTalk was tested with {pin.Commit}. Install that one.";
        }
    }

    /// <summary>The commit of a folder; null when it does not tell.</summary>
    private static string? CommitOf(string folder)
    {
        var marker = Path.Combine(folder, CommitFile);
        if (File.Exists(marker))
        {
            return File.ReadAllText(marker).Trim();
        }

        var head = Path.Combine(folder, ".git", "HEAD");
        if (!File.Exists(head))
        {
            return null;
        }

        const string Reference = "ref: ";
        var text = File.ReadAllText(head).Trim();
        if (!text.StartsWith(Reference, StringComparison.Ordinal))
        {
            return text;
        }

        var branch = Path.Combine(folder, ".git", text[Reference.Length..]);
        return File.Exists(branch) ? File.ReadAllText(branch).Trim() : null;
    }
}
