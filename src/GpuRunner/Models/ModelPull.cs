using WanTalk.Core.Errors;

namespace WanTalk.GpuRunner.Models;

/// <summary>Brings a models folder to what the manifest says: downloads what is missing or damaged, several files at a time.</summary>
internal sealed class ModelPull(ModelDownloader downloader, DownloadOptions options, IPullDisplay display, TimeProvider time)
{
    /// <summary>Pulls models.</summary>
    /// <param name="models">Which.</param>
    /// <param name="folder">The models folder.</param>
    /// <param name="cancellationToken">Stops; what came is kept for the next time.</param>
    /// <returns>The files that were downloaded.</returns>
    /// <exception cref="TalkException">
    /// One cannot be told from a damaged one, does not fit on the disk, could not be had, or came wrong. The others are finished first.
    /// </exception>
    public async Task<IReadOnlyList<ModelEntry>> RunAsync(IReadOnlyList<ModelEntry> models, string folder, CancellationToken cancellationToken)
    {
        if (!options.AllowUnlocked && models.Where(model => !model.IsLocked).Select(model => model.Id).ToList() is { Count: > 0 } unlocked)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid,
                $"The manifest has no size or SHA-256 for {string.Join(", ", unlocked)}. "
                + "Fill it in with 'models lock' on a machine with a connection, or give --allow-unlocked to trust the server.");
        }

        try
        {
            using var held = await FolderLock.TakeAsync(folder, display.Waits, time, cancellationToken);
            var verified = VerifiedFiles.Read(folder);
            var wanted = await FindWantedAsync(models, folder, verified, cancellationToken);
            CheckSpace(wanted, folder);
            await DownloadAsync(wanted, folder, verified, cancellationToken);
            return wanted;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new TalkException(ErrorCode.ArgumentInvalid, $"The models folder {folder} cannot be used: {failure.Message}", failure);
        }
    }

    private async Task<IReadOnlyList<ModelEntry>> FindWantedAsync(
        IReadOnlyList<ModelEntry> models, string folder, VerifiedFiles verified, CancellationToken cancellationToken)
    {
        var wanted = new List<ModelEntry>();
        foreach (var model in models)
        {
            if (model.IsLocked && verified.Has(model, folder))
            {
                display.IsThere(model);
                continue;
            }

            var finding = await ModelVerifier.VerifyAsync(model, folder, cancellationToken);
            if (finding.State is ModelState.Missing or ModelState.Damaged)
            {
                display.Wants(finding);
                wanted.Add(model);
            }
            else
            {
                verified.Note(model, folder);
                display.IsThere(model);
            }
        }

        verified.Write();
        return wanted;
    }

    private void CheckSpace(IReadOnlyList<ModelEntry> wanted, string folder)
    {
        var needed = wanted.Sum(model =>
        {
            var part = new FileInfo(PartFile.PathOf(model.PathIn(folder)));
            return Math.Max(0, (model.KnownSize ?? 0) - (part.Exists ? part.Length : 0));
        });
        var free = new DriveInfo(folder).AvailableFreeSpace;
        if (needed > 0 && needed + options.Spare > free)
        {
            throw new TalkException(ErrorCode.DiskFull,
                $"The models need {ByteText.Of(needed)} more, but {folder} has {ByteText.Of(free)} free. "
                + "Make room, or give another folder with --to.");
        }
    }

    private async Task DownloadAsync(
        IReadOnlyList<ModelEntry> wanted, string folder, VerifiedFiles verified, CancellationToken cancellationToken)
    {
        var failures = new List<TalkException>();
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(wanted, parallel, async (model, stopped) =>
        {
            try
            {
                await downloader.DownloadAsync(model, model.PathIn(folder), bytes => display.Came(model, bytes), stopped);
                lock (failures)
                {
                    verified.Note(model, folder);
                    verified.Write();
                }

                display.Done(model);
            }
            catch (TalkException failure)
            {
                display.Failed(model, failure.Error);
                lock (failures)
                {
                    failures.Add(failure);
                }
            }
        });
        if (failures.Count > 0)
        {
            throw failures[0];
        }
    }
}
