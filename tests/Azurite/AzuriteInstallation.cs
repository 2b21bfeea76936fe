using System.Diagnostics;
using System.Security.Cryptography;

namespace WanTalk.Azurite;

/// <summary>
/// Azurite as npm installs it by its lock file, once for all test runs of this build: in <c>artifacts/azurite</c>, and anew when the lock
/// file has changed. An OS lock lets one test process do it at a time.
/// </summary>
internal static class AzuriteInstallation
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Installs it when it is missing.</summary>
    /// <returns>Its folder.</returns>
    internal static async Task<string> EnsureAsync(CancellationToken cancellationToken)
    {
        var source = new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "azurite"));

        // This program lies in artifacts/bin/{project}/{configuration}.
        var folder = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "azurite"));
        var stamp = Path.Combine(folder, "installed");
        var wanted = await FingerprintAsync(source, cancellationToken);
        await using var alone = await LockAsync($"{folder}.lock", cancellationToken);
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp, cancellationToken) == wanted)
        {
            return folder;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        Directory.CreateDirectory(folder);
        foreach (var file in source.EnumerateFiles())
        {
            file.CopyTo(Path.Combine(folder, file.Name));
        }

        await InstallAsync(folder, cancellationToken);
        await File.WriteAllTextAsync(stamp, wanted, cancellationToken);
        return folder;
    }

    private static async Task<string> FingerprintAsync(DirectoryInfo source, CancellationToken cancellationToken)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in source.EnumerateFiles().OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            all.AppendData(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
        }

        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException)
            {
                // Another test process is installing it.
                await Task.Delay(_pause, cancellationToken);
            }
        }
    }

    private static async Task InstallAsync(string folder, CancellationToken cancellationToken)
    {
        // Azurite asks for a newer node than it needs, which npm remarks on.
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
        {
            WorkingDirectory = folder,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var npm = Process.Start(start)!;
        try
        {
            var said = npm.StandardOutput.ReadToEndAsync(cancellationToken);
            var complaint = npm.StandardError.ReadToEndAsync(cancellationToken);
            await npm.WaitForExitAsync(cancellationToken);
            if (npm.ExitCode != 0)
            {
                throw new InvalidOperationException($"npm could not install Azurite: {await complaint}{await said}");
            }
        }
        finally
        {
            if (!npm.HasExited)
            {
                npm.Kill(entireProcessTree: true);
            }
        }
    }
}
