using System.Net;

namespace WanTalk.ComfyUI.Files;

/// <summary>
/// The server keeps what a node showed and never looks whether the files that it names are still on its disk. So they are looked for
/// before a prompt that took results from the cache counts as done; what was made just now needs no looking for.
/// </summary>
internal static class CachedFiles
{
    private const int AtOnce = 4;

    /// <summary>The outcome as it is, or as a failure that names the files that are gone.</summary>
    public static async Task<PromptOutcome> CheckAsync(ComfyClient client, PromptOutcome outcome, CancellationToken cancellationToken)
    {
        if (!outcome.Succeeded)
            return outcome;
        var named = outcome.CachedNodes.SelectMany(node => outcome.Files(node).Select(file => (Node: node, File: file))).ToArray();
        var isMissing = new bool[named.Length];
        await Parallel.ForAsync(
            0,
            named.Length,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (index, stop) => isMissing[index] = !await IsThereAsync(client, named[index].File, stop));
        var missing = named.Where((_, index) => isMissing[index]).ToArray();
        if (missing.Length == 0)
            return outcome;
        var first = missing[0];
        var more = missing.Length > 1 ? $" (and {missing.Length - 1} more)" : "";
        var text = $"The engine took the result of node {first.Node} from its cache, but the file {first.File.Path} that it names is gone{more}.";
        return PromptOutcome.Failed(outcome.PromptId, new PromptFailure(PromptFailureKind.OutputMissing, text)
        {
            NodeId = first.Node,
            MissingFiles = [.. missing.Select(each => each.File)],
        });
    }

    /// <summary>A file that the server refuses to show, because of its name, is as good as none.</summary>
    private static async Task<bool> IsThereAsync(ComfyClient client, OutputFile file, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ExistsAsync(file, cancellationToken);
        }
        catch (ComfyException error) when (error.Status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden)
        {
            return false;
        }
    }
}
